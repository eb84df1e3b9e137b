"""Which of the arrays in a file is meant, and the columns of one."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gmm_desktop.data.readers.raw_columns import RawColumn
from gmm_desktop.data.readers.text_cells import TextCells, text_cells
from gmm_desktop.data.table import DataError, listed, quoted

_WORDS = {
    "b": "truth values",
    "c": "complex numbers",
    "U": "text",
    "S": "text",
    "M": "dates",
    "m": "durations",
    "O": "Python objects",
    "V": "raw bytes",
}
_MOST_COLUMNS = 20_000


@dataclass(frozen=True)
class Shape:
    """What a file says of one of its arrays."""

    lengths: tuple[int, ...]
    dtype: np.dtype[Any]

    @property
    def rows(self) -> int:
        """How many rows it would have as a table."""
        return self.lengths[0] if self.lengths else 0

    @property
    def width(self) -> int:
        """How many columns it would have as a table."""
        fields = self.dtype.names
        one = sum(max(1, math.prod(self.dtype[name].shape)) for name in fields) if fields is not None else 1
        return one * (self.lengths[1] if len(self.lengths) > 1 else 1)

    @property
    def is_table(self) -> bool:
        """Whether it holds numbers in rows, perhaps among others."""
        if len(self.lengths) not in (1, 2) or 0 in self.lengths or self.width > _MOST_COLUMNS:
            return False
        if self.dtype.names is not None:
            return len(self.lengths) == 1 and any(_is_number(self.dtype[name].base) for name in self.dtype.names)
        return _is_number(self.dtype) or self.dtype.kind in "M"

    @property
    def is_column(self) -> bool:
        """Whether it can stand beside others as a column of a table."""
        return len(self.lengths) == 1 and self.lengths[0] > 0 and (_is_number(self.dtype) or self.dtype.kind in "bMUS")

    @property
    def numbers(self) -> int:
        """How many bytes it takes as 64-bit numbers, at least; and not less than it has itself."""
        return math.prod(max(length, 0) for length in self.lengths) * max(
            self.dtype.itemsize, 8 * (len(self.dtype.names) if self.dtype.names else 1)
        )


def _is_number(dtype: np.dtype[Any]) -> bool:
    return dtype.kind in "iufm"


def kind_in_words(dtype: np.dtype[Any]) -> str:
    """ "complex numbers", "text"..."""
    return _WORDS.get(dtype.kind, f"values of the type {dtype.name}")


def choices(shapes: Mapping[str, Shape]) -> dict[str, tuple[str, ...]]:
    """The tables that could be made of a file's arrays: a name for each, and its arrays.

    A part of its own are columns of one length, the most that there are. The likeliest comes first: an array of rows
    and columns or of records, then columns, then a single column.
    """
    lengths = Counter(shape.rows for shape in shapes.values() if shape.is_column)
    together: dict[str, tuple[str, ...]] = {}
    if lengths:
        length, count = max(lengths.items(), key=lambda pair: (pair[1], pair[0]))
        names = tuple(name for name, shape in shapes.items() if shape.is_column and shape.rows == length)
        if count > 1 and any(_is_number(shapes[name].dtype) for name in names):
            together[f"{count} arrays of {length} rows as columns"] = names
    alone = {name: (name,) for name, shape in shapes.items() if shape.is_table}
    wide = {name: part for name, part in alone.items() if shapes[name].width > 1}
    return {**wide, **together, **alone}


def choose(shapes: Mapping[str, Shape], part: str | None, file: str) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """The part that is wanted, its arrays, and all parts (none where there is no choice).

    Raises:
        DataError: there is no such part, or none that holds numbers in rows.
    """
    parts = choices(shapes)
    if not parts:
        raise DataError(f"{quoted(file)} holds no array of numbers in one or two dimensions{_instead(shapes)}.")
    wanted = next(iter(parts)) if part is None else part
    if wanted not in parts:
        raise DataError(f"{quoted(file)} has no array {quoted(wanted)} to fit; choose among {listed(list(parts))}.")
    return wanted, parts[wanted], tuple(parts) if len(parts) > 1 else ()


def _instead(shapes: Mapping[str, Shape]) -> str:
    if not shapes:
        return "; choose a file that holds one"
    name, shape = next(iter(shapes.items()))
    if 0 in shape.lengths:
        return f", but {quoted(name)} without any; save one that has rows"
    if len(shape.lengths) not in (1, 2):
        return f", but {quoted(name)} of {len(shape.lengths)} dimensions; save one of rows and columns"
    return f", but {quoted(name)} of {kind_in_words(shape.dtype)}; save numbers (float64)"


def columns_of_array(
    array: NDArray[Any], name: str = "", names: Sequence[str] = (), unit: str = ""
) -> tuple[list[RawColumn], list[str]]:
    """The columns of one or two dimensions, or of the fields of records.

    Args:
        array: numbers, dates, truth values, text or records.
        name: of a single column, "" for the usual one.
        names: of several columns, where they are known.
        unit: of the numbers, or "".

    Returns:
        The columns, and the names of those that cannot be one.
    """
    if array.dtype.names is not None:
        columns, left = [], []
        for field in array.dtype.names:
            inner = array[field].reshape(len(array), -1) if array[field].ndim > 1 else array[field]
            label = [f"{field} {i + 1}" for i in range(inner.shape[1])] if inner.ndim == 2 else ()
            if inner.dtype.kind in "biufmMUS" and inner.size:
                columns += columns_of_array(inner, field, label)[0]
            else:
                left.append(field)
        return columns, left
    if array.ndim == 1:
        return [RawColumn(name, _data(array), unit=unit)], []
    known = names if len(names) == array.shape[1] else [""] * array.shape[1]
    return [RawColumn(known[i], _data(array[:, i]), unit=unit) for i in range(array.shape[1])], []


def _data(array: NDArray[Any]) -> NDArray[Any] | TextCells:
    if array.dtype.kind not in "US":
        return array
    decode: Callable[[Any], str] = str if array.dtype.kind == "U" else _decoded
    return text_cells(decode(text) for text in array.tolist())


def _decoded(text: bytes) -> str:
    return text.decode(errors="replace")


def said_of_left(left: Sequence[str]) -> list[str]:
    """What is said of columns that are no columns of numbers, dates, truth values or text."""
    return [f"{listed(left)} left out: neither numbers nor text in a single column."] if left else []
