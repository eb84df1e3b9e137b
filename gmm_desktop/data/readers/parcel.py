"""What a reader in a process of its own hands back: arrays as bytes, and the rest as JSON. Nothing is pickled."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gmm_desktop.data.readers.raw_columns import RawColumn, Unpacked
from gmm_desktop.data.readers.text_cells import TextCells

_TYPES = re.compile(r"[<>|=][biufMm]\d+(\[\d*\w+\])?\Z")


@dataclass(frozen=True, eq=False)
class Parcel:
    """Attributes:
    head: whatever JSON can hold; arrays are named in it by their number.
    bodies: the arrays' bytes.
    """

    head: dict[str, Any]
    bodies: list[memoryview]


class Packing:
    """Collects the arrays of a parcel."""

    def __init__(self) -> None:
        self.bodies: list[memoryview] = []

    def array(self, array: NDArray[Any] | None) -> Any:
        """What stands for an array in the head."""
        if array is None:
            return None
        array = np.ascontiguousarray(array)
        flat: Any = array.reshape(-1).view(np.uint8) if array.size else b""
        self.bodies.append(memoryview(flat))
        return [len(self.bodies) - 1, array.dtype.str, list(array.shape)]

    def texts(self, cells: TextCells | None) -> Any:
        """What stands for cells of text in the head."""
        if cells is None:
            return None
        self.bodies.append(memoryview(cells.blob))
        return {
            "blob": len(self.bodies) - 1,
            "offsets": self.array(cells.offsets),
            "codes": self.array(cells.codes),
        }


def array_in(parcel: Parcel, word: Any) -> NDArray[Any]:
    """The array that a word of the head stands for, read-only."""
    number, kind, shape = word
    if not _TYPES.match(kind):
        raise ValueError(f"no such type: {kind}")
    array: NDArray[Any] = np.frombuffer(parcel.bodies[number], np.dtype(kind)).reshape(shape)
    array.setflags(write=False)
    return array


def texts_in(parcel: Parcel, word: Any) -> TextCells:
    """The cells of text that a word of the head stands for."""
    codes = None if word["codes"] is None else array_in(parcel, word["codes"])
    return TextCells(bytes(parcel.bodies[word["blob"]]), array_in(parcel, word["offsets"]), codes)


def pack_columns(unpacked: Unpacked) -> Parcel:
    """A parcel of typed columns."""
    packing = Packing()
    columns = []
    for raw in unpacked.columns:
        text = isinstance(raw.data, TextCells)
        columns.append(
            {
                "name": raw.name,
                "unit": raw.unit,
                "fill": raw.fill,
                "texts" if text else "array": packing.texts(raw.data)
                if isinstance(raw.data, TextCells)
                else packing.array(raw.data),
                "missing": packing.array(raw.missing),
                "text": packing.texts(raw.text),
            }
        )
    head = {"columns": columns, "parts": unpacked.parts, "part": unpacked.part, "said": unpacked.said}
    return Parcel(json.loads(json.dumps(head)), packing.bodies)


def unpack_columns(parcel: Parcel) -> Unpacked:
    """The typed columns of a parcel."""
    columns = tuple(
        RawColumn(
            word["name"],
            texts_in(parcel, word["texts"]) if "texts" in word else array_in(parcel, word["array"]),
            None if word["missing"] is None else array_in(parcel, word["missing"]),
            word["unit"],
            None if word["text"] is None else texts_in(parcel, word["text"]),
            word["fill"],
        )
        for word in parcel.head["columns"]
    )
    head = parcel.head
    return Unpacked(columns, tuple(head["parts"]), head["part"], tuple(head["said"]))
