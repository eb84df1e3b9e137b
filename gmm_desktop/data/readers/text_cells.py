"""Cells as text, made when they are asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

_ROWS = 4096


class _Cells(Sequence[str]):
    """A sequence that is made in runs of some thousand cells."""

    def __len__(self) -> int:
        raise NotImplementedError

    def run(self, first: int, last: int) -> list[str]:
        """The cells first, first + 1 ... last - 1."""
        raise NotImplementedError

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> list[str]: ...
    def __getitem__(self, index: int | slice) -> str | list[str]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        row = index + len(self) if index < 0 else index
        if not 0 <= row < len(self):
            raise IndexError(index)
        return self.run(row, row + 1)[0]

    def __iter__(self) -> Iterator[str]:
        for first in range(0, len(self), _ROWS):
            yield from self.run(first, min(first + _ROWS, len(self)))


@dataclass(frozen=True, eq=False)
class TextCells(_Cells):
    """Cells of text as bytes, without an object for each of them.

    Attributes:
        blob: the different texts, one after another, in UTF-8.
        offsets: (texts + 1,) where each begins and the last ends.
        codes: (rows,) the number of each row's text, or None where each row has its own.
    """

    blob: bytes
    offsets: NDArray[np.int64]
    codes: NDArray[np.uint32] | None = None

    def __len__(self) -> int:
        return len(self.offsets) - 1 if self.codes is None else len(self.codes)

    def text(self, code: int) -> str:
        """One of the different texts."""
        return self.blob[self.offsets[code] : self.offsets[code + 1]].decode(errors="replace")

    def run(self, first: int, last: int) -> list[str]:
        codes = range(first, last) if self.codes is None else self.codes[first:last].tolist()
        return [self.text(code) for code in codes]

    def some(self, first: int, last: int) -> TextCells:
        """The rows first, first + 1 ... last - 1."""
        if self.codes is not None:
            return TextCells(self.blob, self.offsets, self.codes[first:last])
        return TextCells(self.blob, self.offsets[first : last + 1])


def text_cells(texts: Iterable[str], codes: NDArray[np.uint32] | None = None) -> TextCells:
    """Cells, or the different texts of them where ``codes`` tells which row has which."""
    encoded = [text.encode(errors="replace") for text in texts]
    offsets = np.zeros(len(encoded) + 1, np.int64)
    np.cumsum([len(text) for text in encoded], out=offsets[1:])
    return TextCells(b"".join(encoded), offsets, codes)


@dataclass(frozen=True, eq=False)
class WrittenCells(_Cells):
    """Cells written from an array.

    Attributes:
        array: (rows,).
        write: makes the text of one of the array's elements as Python has it.
        missing: (rows,) which cells are empty, or None.
    """

    array: NDArray[Any]
    write: Callable[[Any], str]
    missing: NDArray[np.bool_] | None = None

    def __len__(self) -> int:
        return len(self.array)

    def run(self, first: int, last: int) -> list[str]:
        texts = [self.write(value) for value in self.array[first:last].tolist()]
        if self.missing is not None:
            for row in np.flatnonzero(self.missing[first:last]):
                texts[row] = ""
        return texts


@dataclass(frozen=True, eq=False)
class DateCells(_Cells):
    """Dates in the form of ISO 8601, empty where there is none."""

    array: NDArray[np.datetime64]

    def __len__(self) -> int:
        return len(self.array)

    def run(self, first: int, last: int) -> list[str]:
        return ["" if text == "NaT" else text for text in np.datetime_as_string(self.array[first:last]).tolist()]


def write_number(value: float) -> str:
    """A number as Python writes it; a missing one is empty."""
    return "" if value != value else repr(value)


def rows_of(columns: Sequence[Sequence[str]]) -> Iterator[Sequence[str]]:
    """The cells of columns, row by row."""
    return map(list, zip(*columns, strict=True))
