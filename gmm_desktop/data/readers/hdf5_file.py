"""HDF5, and what is made of it (MATLAB 7.3, NetCDF 4), read by h5py in a process of its own (see ``child``).

No other file is opened: links to other files, external storage and virtual data sets are left out.
"""

from __future__ import annotations

import io
import math
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from gmm_desktop.data.readers.arrays import Shape, choose, columns_of_array, said_of_left
from gmm_desktop.data.readers.isolated import read_apart
from gmm_desktop.data.readers.limits import check, largest_numbers
from gmm_desktop.data.readers.parcel import Parcel, pack_columns, unpack_columns
from gmm_desktop.data.readers.raw_columns import RawColumn, Unpacked, table_of
from gmm_desktop.data.readers.source import Source
from gmm_desktop.data.table import DataError, ReadOptions, Table, Tell, listed, quoted, say_nothing

if TYPE_CHECKING:
    from gmm_desktop.data.readers.child import Request

MAGIC = b"\x89HDF\r\n\x1a\n"
_MOST_OBJECTS = 10_000
_BLOCK_BYTES = 4 * 1024**2
_FILLS = ("_FillValue", "missing_value")


def read_hdf5(source: Source, options: ReadOptions, tell: Tell = say_nothing) -> Table:
    """One data set of an HDF5 file, or those of one dimension and one length as columns.

    Raises:
        GivenUpError: ``tell`` raised it.
        DataError: h5py is not installed, or the file is damaged or forged, or holds no such data set.
    """
    return table_of(source, unpack_columns(read_apart("hdf5", source, options, tell)), options)


def unpack(content: bytes, request: Request) -> Parcel:
    """The columns as h5py reads them.

    Raises:
        DataError: no data set can be read, or it claims too much.
    """
    import h5py

    with h5py.File(io.BytesIO(content), "r") as file:
        sets, elsewhere = _sets(h5py, file)
        # MATLAB writes the columns of a matrix one after another; they are read whole, and turned.
        turned = content.startswith(b"MATLAB 7.3")
        shapes = {name: _shape(h5py, data, turned) for name, data in sets.items()}
        shapes = {name: shape for name, shape in shapes.items() if shape.is_table or shape.is_column}
        limit = largest_numbers(len(content))
        wanted = None if turned else request.rows
        refusals = {name: _refusal(sets[name], shape, wanted, limit, request.name) for name, shape in shapes.items()}
        refused = {name: error for name, error in refusals.items() if error is not None}
        if request.part in refused or (shapes and len(refused) == len(shapes)):
            raise refused.get(request.part or "", next(iter(refused.values())))
        shapes = {name: shape for name, shape in shapes.items() if name not in refused}
        if not shapes and elsewhere:
            raise DataError(
                f"{quoted(request.name)} keeps its numbers in other files ({listed(elsewhere)}), which are not opened; "
                "copy them into one file."
            )
        part, names, parts = choose(shapes, request.part, request.name)
        said = [f"{quoted(part)} was read; the file holds {listed(parts)}."] if parts and request.part is None else []
        if elsewhere:
            said.append(f"{listed(elsewhere)} left out: kept in other files, which are not opened.")
        if refused:
            said.append(f"{listed(list(refused))} left out: never filled, or larger than a file of this size may hold.")
        rows = shapes[names[0]].rows if request.rows is None else min(shapes[names[0]].rows, request.rows)
        check(sum(shapes[name].numbers // max(shapes[name].rows, 1) * rows for name in names), limit, request.name)
        columns: list[RawColumn] = []
        left: list[str] = []
        for done, name in enumerate(names):
            more, strange = _columns(h5py, sets[name], name, rows, turned, request)
            columns, left = columns + more, left + strange
            said += _said_of_scaling(sets[name])
            request.tell((done + 1) / len(names))
    return pack_columns(Unpacked(tuple(columns), parts, part, tuple(said + said_of_left(left))))


def _sets(h5py: Any, file: Any) -> tuple[dict[str, Any], list[str]]:
    """The data sets that are in the file itself, and the names of those that are not."""
    sets: dict[str, Any] = {}
    elsewhere: list[str] = []
    seen = 0

    def visit(name: str, found: Any) -> bool | None:
        nonlocal seen
        seen += 1
        if isinstance(found, h5py.Dataset) and not name.startswith("#"):
            if found.is_virtual or found.id.get_create_plist().get_external_count():
                elsewhere.append(name)
            elif found.shape is not None:
                sets[name] = found
        return True if seen >= _MOST_OBJECTS else None

    file.visititems(visit)  # which follows no links but those that make up the file's own tree
    _outward_links(h5py, file, elsewhere)
    return sets, elsewhere


def _outward_links(h5py: Any, group: Any, elsewhere: list[str]) -> None:
    """Links to other files at the top, which are named and not followed."""
    names = list(group)[:_MOST_OBJECTS]
    elsewhere += [name for name in names if isinstance(group.get(name, getlink=True), h5py.ExternalLink)]


def _shape(h5py: Any, data: Any, turned: bool) -> Shape:
    try:
        dtype = data.dtype
    except (TypeError, ValueError):
        return Shape((), np.dtype("V1"))
    if h5py.check_string_dtype(dtype) is not None:
        dtype = np.dtype("S1") if dtype.hasobject else dtype
    # Of an empty matrix MATLAB stores the numbers of its rows and columns.
    if data.attrs.get("MATLAB_class") in (b"char", b"cell") or "MATLAB_empty" in data.attrs:
        dtype = np.dtype("V2")
    lengths = tuple(int(length) for length in data.shape)
    if turned and len(lengths) == 2:
        lengths = (math.prod(lengths),) if 1 in lengths else lengths[::-1]
    if dtype.names is not None and dtype.hasobject:
        fields = [(name, np.dtype("S1") if dtype[name].hasobject else dtype[name]) for name in dtype.names]
        dtype = np.dtype(fields)
    return Shape(lengths, dtype)


def _refusal(data: Any, shape: Shape, rows: int | None, limit: int, file: str) -> DataError | None:
    """Why a data set is not read: it was never written, or unpacks to too much."""
    each = math.prod(shape.lengths[1:]) * max(shape.dtype.itemsize, 8)
    try:
        check((shape.rows if rows is None else min(rows, shape.rows)) * each, limit, file, quoted(data.name))
        check(math.prod(data.chunks or ()) * shape.dtype.itemsize, limit, file, f"A block of {quoted(data.name)}")
    except DataError as error:
        return error
    if data.id.get_storage_size():
        return None
    return DataError(f"{quoted(data.name)} in {quoted(file)} was never filled; choose another part of the file.")


def _columns(
    h5py: Any, data: Any, name: str, rows: int, turned: bool, request: Request
) -> tuple[list[RawColumn], list[str]]:
    array = _read(h5py, data, data.shape[0] if turned else rows, request)
    if turned:
        array = (array.ravel() if 1 in array.shape else array.T)[:rows]
    unit = _word(data.attrs.get("units", ""))
    columns, left = columns_of_array(array, name, _names(data, array), unit)
    fill = next((float(np.ravel(data.attrs[key])[0]) for key in _FILLS if _is_number(data.attrs.get(key))), None)
    return [_with_fill(column, fill) for column in columns], left


def _with_fill(column: RawColumn, fill: float | None) -> RawColumn:
    if fill is None or not isinstance(column.data, np.ndarray) or column.data.dtype.kind not in "iuf":
        return column
    return RawColumn(column.name, column.data, column.missing, column.unit, column.text, fill)


def _is_number(value: Any) -> bool:
    return value is not None and np.asarray(value).dtype.kind in "iuf" and np.size(value) == 1


def _read(h5py: Any, data: Any, rows: int, request: Request) -> NDArray[Any]:
    """The first rows of a data set, block by block."""
    text = h5py.check_string_dtype(data.dtype)
    shape = (rows, *data.shape[1:])
    whole = math.prod(shape)
    block = max(1, _BLOCK_BYTES // max(1, whole // max(rows, 1) * data.dtype.itemsize))
    if data.chunks:
        block = -(-block // data.chunks[0]) * data.chunks[0]
    request.allow(3 * whole * max(data.dtype.itemsize, 8) + 2 * block * data.dtype.itemsize)
    if text is not None:
        texts = [_word(text) for text in data[:rows].tolist()]
        return np.array(texts, dtype=f"U{max(map(len, texts), default=1)}" if _is_narrow(texts) else object)
    if data.dtype.hasobject:
        return _records(data, rows)
    array = np.empty(shape, data.dtype)
    for first in range(0, rows, block):
        last = min(first + block, rows)
        array[first:last] = data[first:last]
        request.tell(last / rows)
    meanings = h5py.check_enum_dtype(data.dtype)
    if meanings is not None and array.dtype.kind in "iu":
        words = {number: word for word, number in meanings.items()}
        return np.array([words.get(number, str(number)) for number in array.ravel().tolist()]).reshape(shape)
    return array


def _is_narrow(texts: list[str]) -> bool:
    return len(texts) * max(map(len, texts), default=1) * 4 < 256 * 1024**2


def _records(data: Any, rows: int) -> NDArray[Any]:
    """Records with texts of any length: the texts become ones of a fixed length."""
    array = data[:rows]
    fields = []
    for name in array.dtype.names or ():
        column = array[name]
        if column.dtype.hasobject:
            column = np.array([_word(text) for text in column.ravel().tolist()])
        fields.append((name, column))
    records = np.empty(len(array), [(name, column.dtype, column.shape[1:]) for name, column in fields])
    for name, column in fields:
        records[name] = column
    return records


def _names(data: Any, array: NDArray[Any]) -> list[str]:
    """The names of columns, where pandas wrote them beside the numbers."""
    beside = data.name.rpartition("/")
    if array.ndim != 2 or not beside[2].endswith("_values"):
        return []
    items = data.parent.get(beside[2].removesuffix("_values") + "_items")
    if items is None or items.shape != (array.shape[1],) or items.dtype.kind not in "SO":
        return []
    return [_word(name) for name in items[()].tolist()]


def _word(value: Any) -> str:
    value = value.decode(errors="replace") if isinstance(value, bytes) else value
    return value if isinstance(value, str) else ""


def _said_of_scaling(data: Any) -> list[str]:
    """Numbers that are meant to be scaled are read as they are stored."""
    given = [key for key in ("scale_factor", "add_offset") if _is_number(data.attrs.get(key))]
    if not given:
        return []
    words = " and ".join(f"{key} {float(np.ravel(data.attrs[key])[0]):.10g}" for key in given)
    return [f"Numbers in {quoted(data.name)} are as they are stored; the file's {words} {_verb(given)} not applied."]


def _verb(given: list[str]) -> str:
    return "is" if len(given) == 1 else "are"
