"""Arrays that numpy saved: one in an .npy file, several in an .npz archive. Nothing is ever unpickled."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gmm_desktop.data.readers.archive import Entry, entries, pieces, unpacked
from gmm_desktop.data.readers.arrays import Shape, choose, columns_of_array, kind_in_words, said_of_left
from gmm_desktop.data.readers.limits import check, largest_numbers
from gmm_desktop.data.readers.raw_columns import RawColumn, Unpacked, table_of
from gmm_desktop.data.readers.source import Source
from gmm_desktop.data.table import DataError, ReadOptions, Table, Tell, listed, quoted, say_nothing

MAGIC = b"\x93NUMPY"
_SAVE_AGAIN = "save it with numpy.save and copy it once more"


@dataclass(frozen=True)
class _Header:
    shape: Shape
    fortran_order: bool
    offset: int


def read_numpy(source: Source, options: ReadOptions, tell: Tell = say_nothing) -> Table:
    """An array of numbers in one or two dimensions, or of records: a column, or rows by columns.

    Raises:
        DataError: it is no such array, or shorter than it says.
    """
    tell(0.0)
    name = quoted(source.name)
    header = _header(source.content, name)
    _check_kind(header.shape, name)
    size = len(source.content) - header.offset
    array = _array(source.content, header, name)
    columns, left = columns_of_array(array)
    said = said_of_left(left)
    if size > array.nbytes:
        said.append("The file holds more than one array; the first was read.")
    return table_of(source, Unpacked(tuple(columns), said=tuple(said)), options)


def read_npz(source: Source, options: ReadOptions, tell: Tell = say_nothing) -> Table:
    """One array of an archive, or those of one dimension and one length as columns.

    Raises:
        GivenUpError: ``tell`` raised it.
        DataError: the archive is damaged or forged, or holds no such array.
    """
    found = {entry.name.removesuffix(".npy"): entry for entry in entries(source.content, source.name)}
    headers, objects = {}, []
    for array, entry in found.items():
        beginning = next(pieces(source.content, entry, source.name), b"") if entry.name.endswith(".npy") else b""
        if beginning.startswith(MAGIC):
            header = _header(beginning, f"{quoted(array)} in {quoted(source.name)}")
            headers[array] = header
            if header.shape.dtype.hasobject:
                objects.append(array)
    shapes = {array: header.shape for array, header in headers.items() if array not in objects}
    if objects and not shapes:
        raise _objects(quoted(source.name))
    part, arrays, parts = choose(shapes, options.part, source.name)
    limit = largest_numbers(len(source.content))
    check(sum(shapes[array].numbers for array in arrays), limit, source.name)
    columns: list[RawColumn] = []
    left: list[str] = []
    for done, array in enumerate(arrays):
        tell(done / len(arrays))
        more, strange = _columns_in(source, found[array], headers[array], array, limit)
        columns, left = columns + more, left + strange
    said = [f"{quoted(part)} was read; the file holds {listed(parts)}."] if parts and options.part is None else []
    said += said_of_left(left)
    if objects:
        said.append(f"{listed(objects)} not opened: Python objects can do harm.")
    return table_of(source, Unpacked(tuple(columns), parts, part, tuple(said)), options)


def _columns_in(
    source: Source, entry: Entry, header: _Header, array: str, limit: int
) -> tuple[list[RawColumn], list[str]]:
    content = unpacked(source.content, entry, source.name, limit)
    return columns_of_array(_array(content, header, f"{quoted(entry.name)} in {quoted(source.name)}"), array)


def _header(content: bytes, name: str) -> _Header:
    stream = io.BytesIO(content)
    try:
        version = np.lib.format.read_magic(stream)
        read_header = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        shape, fortran_order, dtype = read_header(stream)
        return _Header(Shape(tuple(int(length) for length in shape), dtype), fortran_order, stream.tell())
    except Exception as error:  # numpy raises whatever its parser of Python literals raises
        raise DataError(f"{name} is not a numpy array; {_SAVE_AGAIN}.") from error


def _check_kind(shape: Shape, name: str) -> None:
    dtype = shape.dtype
    if dtype.hasobject:
        raise _objects(name)
    if len(shape.lengths) not in (1, 2):
        raise DataError(
            f"{name} holds an array of {len(shape.lengths)} dimensions; save one of rows and columns, or one column."
        )
    if 0 in shape.lengths:
        raise DataError(f"{name} holds an array without numbers; save one that has rows.")
    if shape.is_table or any(length < 0 for length in shape.lengths):
        return
    if dtype.names is not None:
        raise DataError(f"{name} is a structured array without numbers in a single row of records; save numbers.")
    if dtype.kind in "iufm":
        raise DataError(f"{name} has {shape.width} columns, more than can be opened; save some of them.")
    raise DataError(f"{name} holds {kind_in_words(dtype)}; save it as an array of numbers (float64).")


def _objects(name: str) -> DataError:
    return DataError(f"{name} holds Python objects, which are not opened because they can do harm; save numbers.")


def _array(content: bytes, header: _Header, name: str) -> NDArray[Any]:
    """The array, over the bytes themselves; checked against their number before anything is allocated."""
    shape, available = header.shape, len(content) - header.offset
    size = 1
    for length in shape.lengths:
        size *= length
    if any(length < 0 for length in shape.lengths) or size * shape.dtype.itemsize > available:
        raise DataError(
            f"{name} is cut off: it says that it holds {size * shape.dtype.itemsize:,} bytes of numbers, but "
            f"{available:,} are there; {_SAVE_AGAIN}."
        )
    flat: NDArray[Any] = np.frombuffer(content, dtype=shape.dtype, count=size, offset=header.offset)
    return flat.reshape(shape.lengths[::-1]).T if header.fortran_order else flat.reshape(shape.lengths)
