"""Arrays that numpy saved."""

from __future__ import annotations

import io
import math
from collections.abc import Iterator
from functools import partial

import numpy as np
from numpy.typing import NDArray

from gmm_desktop.data.readers.source import Source
from gmm_desktop.data.table import (
    LARGEST_EXACT_INTEGER,
    Column,
    DataError,
    ReadOptions,
    Table,
    Tell,
    column_of_text,
    quoted,
    say_nothing,
)

MAGIC = b"\x93NUMPY"
_SAVE_AGAIN = "save it with numpy.save and copy it once more"


def read_numpy(source: Source, options: ReadOptions, tell: Tell = say_nothing) -> Table:
    """An array of numbers in one or two dimensions: a column, or rows by columns. Nothing is ever unpickled.

    Raises:
        DataError: it is no such array, or shorter than it says.
    """
    array, rest = _array(source)
    name = quoted(source.name)
    if array.ndim not in (1, 2):
        raise DataError(
            f"{name} holds an array of {array.ndim} dimensions; save one of rows and columns, or one column."
        )
    table = array[:, np.newaxis] if array.ndim == 1 else array
    rows, width = table.shape
    if rows == 0 or width == 0:
        raise DataError(f"{name} holds an array without numbers; save one that has rows.")
    values = table.astype(np.float64)
    messages = []
    if table.dtype.kind in "iu" and np.abs(values).max() >= LARGEST_EXACT_INTEGER:
        messages.append(f"Integers larger than {LARGEST_EXACT_INTEGER} were rounded to about 16 digits.")
    if rest:
        messages.append("The file holds more than one array; the first was read.")
    values.setflags(write=False)
    make_rows = partial(_text_rows, values)
    columns = tuple(
        Column(f"column {i + 1}", values[:, i], partial(column_of_text, make_rows, i)) for i in range(width)
    )
    return Table(columns, rows, source.name, tuple(messages), source.sha256, make_rows)


def _array(source: Source) -> tuple[NDArray[np.number], int]:
    """The array, and how many bytes follow it.

    The header is checked against the size of the file before anything is allocated.
    """
    name = quoted(source.name)
    stream = io.BytesIO(source.content)
    try:
        version = np.lib.format.read_magic(stream)
        read_header = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        shape, fortran_order, dtype = read_header(stream)
    except Exception as error:  # numpy raises whatever its parser of Python literals raises
        raise DataError(f"{name} is not a numpy array; {_SAVE_AGAIN}.") from error
    if dtype.hasobject:
        raise DataError(f"{name} holds Python objects, which are not opened because they can do harm; save numbers.")
    if dtype.names is not None or dtype.subdtype is not None:
        raise DataError(f"{name} is a structured array; save its fields as the columns of a plain array of numbers.")
    if dtype.kind not in "iuf" or dtype.itemsize > 8:
        raise DataError(f"{name} holds {_kind(dtype)}; save it as an array of numbers (float64).")
    size, offset = math.prod(shape), stream.tell()
    available = len(source.content) - offset
    if any(length < 0 for length in shape) or size * dtype.itemsize > available:
        raise DataError(
            f"{name} is cut off: it says that it holds {size * dtype.itemsize:,} bytes of numbers, but "
            f"{available:,} are there; {_SAVE_AGAIN}."
        )
    flat = np.frombuffer(source.content, dtype=dtype, count=size, offset=offset)
    array = flat.reshape(shape[::-1]).T if fortran_order else flat.reshape(shape)
    return array, available - size * dtype.itemsize


def _kind(dtype: np.dtype[np.generic]) -> str:
    words = {
        "b": "truth values",
        "c": "complex numbers",
        "U": "text",
        "S": "text",
        "M": "dates",
        "m": "durations",
    }
    return words.get(dtype.kind, f"values of the type {dtype.name}")


def _text_rows(values: NDArray[np.float64]) -> Iterator[list[str]]:
    for row in values:
        yield ["" if number != number else repr(number) for number in row.tolist()]
