"""Parquet, read by pyarrow in a process of its own (see ``child``)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from gmm_desktop.data.readers.isolated import read_apart
from gmm_desktop.data.readers.limits import check, largest_numbers
from gmm_desktop.data.readers.parcel import Parcel, pack_columns, unpack_columns
from gmm_desktop.data.readers.raw_columns import RawColumn, Unpacked, table_of
from gmm_desktop.data.readers.source import Source
from gmm_desktop.data.readers.text_cells import text_cells
from gmm_desktop.data.table import DataError, ReadOptions, Table, Tell, listed, quoted, say_nothing

if TYPE_CHECKING:
    from gmm_desktop.data.readers.child import Request

MAGIC = b"PAR1"
_ROWS = 65_536
#: So many decimal digits survive the way to a 64-bit number and back.
_EXACT_DIGITS = 15


def read_parquet(source: Source, options: ReadOptions, tell: Tell = say_nothing) -> Table:
    """All flat columns of a Parquet file.

    Raises:
        GivenUpError: ``tell`` raised it.
        DataError: pyarrow is not installed, or the file is damaged or forged, or holds no rows.
    """
    return table_of(source, unpack_columns(read_apart("parquet", source, options, tell)), options)


def unpack(content: bytes, request: Request) -> Parcel:
    """The columns as pyarrow reads them.

    Raises:
        DataError: the file is locked, or claims too much.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    if content.startswith(b"PARE"):
        raise DataError(f"{quoted(request.name)} is encrypted; save it without a key.")
    file = pq.ParquetFile(pa.BufferReader(content))
    schema, metadata = file.schema_arrow, file.metadata
    kept = [i for i, field in enumerate(schema) if _is_flat(pa, field.type)]
    left = [field.name for i, field in enumerate(schema) if i not in kept]
    rows = metadata.num_rows if request.rows is None else min(metadata.num_rows, request.rows)
    limit = largest_numbers(len(content))
    check(8 * rows * max(len(kept), 1), limit, request.name)
    groups = [metadata.row_group(i) for i in range(metadata.num_row_groups)]
    check(sum(max(group.total_byte_size, 0) for group in groups), limit, request.name)
    request.allow(3 * 8 * rows * len(kept))
    gathered = [_Gathered(schema.field(i), limit, request.name) for i in kept]
    for done, batch in _batches(file, [schema.field(i).name for i in kept], kept, len(schema), request):
        for column, gathering in zip(batch, gathered, strict=True):
            gathering.add(column)
        request.tell(min(1.0, done / max(rows, 1)))
        if done >= rows:
            break
    said = [f"{listed(left)} left out: neither numbers nor text in a single column."] if left else []
    columns = [gathering.column(said) for gathering in gathered]
    return pack_columns(Unpacked(tuple(columns), said=tuple(said)))


def _batches(
    file: Any, names: list[str], kept: list[int], width: int, request: Request
) -> Iterator[tuple[int, list[Any]]]:
    """Runs of rows, and how many rows there are up to the end of each."""
    rows = 0
    chosen = None if len(kept) == width else names
    size = _ROWS if request.rows is None else min(_ROWS, max(request.rows, 1))
    for batch in file.iter_batches(batch_size=size, columns=chosen, use_threads=False):
        rows += batch.num_rows
        yield rows, [batch.column(i) for i in (kept if chosen is None else range(batch.num_columns))]


def _is_flat(pa: Any, type_: Any) -> bool:
    types = pa.types
    if types.is_dictionary(type_):
        return _is_flat(pa, type_.value_type)
    if isinstance(type_, pa.BaseExtensionType):
        return _is_flat(pa, type_.storage_type)
    return bool(
        types.is_integer(type_)
        or types.is_floating(type_)
        or types.is_boolean(type_)
        or types.is_temporal(type_)
        or types.is_decimal(type_)
        or types.is_string(type_)
        or types.is_large_string(type_)
        or types.is_null(type_)
    ) and not str(type_).startswith("month_day")


class _Gathered:
    """One column, gathered from runs of rows."""

    def __init__(self, field: Any, limit: int, file: str) -> None:
        self._field, self._file, self._left = field, file, limit
        self._arrays: list[NDArray[Any]] = []
        self._missing: list[NDArray[np.bool_]] = []
        self._texts: dict[str, int] = {"": 0}
        self._said_decimal = False
        self._written: list[str] = []
        self._is_text = False

    def add(self, array: Any) -> None:
        """A run of rows as pyarrow has it."""
        import pyarrow as pa

        if isinstance(array.type, pa.BaseExtensionType):
            array = array.storage
        types = pa.types
        if types.is_dictionary(array.type) and not types.is_string(array.type.value_type):
            array = array.dictionary_decode()
        missing = np.asarray(array.is_null().to_numpy(zero_copy_only=False), bool)
        if types.is_dictionary(array.type) or types.is_string(array.type) or types.is_large_string(array.type):
            self._is_text = True
            self._arrays.append(self._codes(array, missing))
        elif types.is_null(array.type):
            self._is_text = True
            self._arrays.append(np.zeros(len(array), np.uint32))
        elif types.is_decimal(array.type):
            self._arrays.append(self._decimals(array))
        else:
            self._arrays.append(self._plain(pa, array))
            self._missing.append(missing)

    def _plain(self, pa: Any, array: Any) -> NDArray[Any]:
        types = pa.types
        if types.is_boolean(array.type):
            return np.asarray(array.fill_null(False).to_numpy(zero_copy_only=False), bool)
        if types.is_date(array.type):
            array = array.cast(pa.date32()).cast(pa.int32()).cast(pa.int64())
            return np.asarray(array.fill_null(0).to_numpy(), np.int64).view("M8[D]")
        if types.is_timestamp(array.type) or types.is_duration(array.type):
            letter = "M" if types.is_timestamp(array.type) else "m"
            numbers = np.asarray(array.cast(pa.int64()).fill_null(0).to_numpy(), np.int64)
            return numbers.view(f"{letter}8[{array.type.unit}]")
        if types.is_time(array.type):
            unit = array.type.unit
            array = array.cast(pa.int32() if types.is_time32(array.type) else pa.int64()).cast(pa.int64())
            return np.asarray(array.fill_null(0).to_numpy(), np.int64).view(f"m8[{unit}]")
        if types.is_floating(array.type):
            return np.asarray(array.to_numpy(zero_copy_only=False))
        return np.asarray(array.fill_null(0).to_numpy())

    def _codes(self, array: Any, missing: NDArray[np.bool_]) -> NDArray[np.uint32]:
        """The numbers of the texts; each different text is kept once."""
        encoded = array if hasattr(array, "indices") else array.dictionary_encode()
        codes = []
        for text in encoded.dictionary:
            value = text.as_py() or ""
            if value not in self._texts:
                self._left -= len(value) + 64
                if self._left < 0:
                    raise DataError(
                        f"{quoted(self._file)} holds more text in {quoted(self._field.name)} than a file of its size "
                        "may; save the other columns alone."
                    )
            codes.append(self._texts.setdefault(value, len(self._texts)))
        table = np.array([*codes, 0], np.uint32)
        indices = np.asarray(encoded.indices.fill_null(len(codes)).to_numpy(), np.int64)
        return np.where(missing, np.uint32(0), table[indices])

    def _decimals(self, array: Any) -> NDArray[np.float64]:
        numbers, texts = np.full(len(array), np.nan), [""] * len(array)
        for row, value in enumerate(array):
            decimal = value.as_py()
            if decimal is not None:
                numbers[row] = float(decimal)
                texts[row] = str(decimal)
                exact = len(decimal.normalize().as_tuple().digits) <= _EXACT_DIGITS
                self._said_decimal |= not exact and Decimal(float(decimal)) != decimal
        self._written += texts
        return numbers

    def column(self, said: list[str]) -> RawColumn:
        """What was gathered; adds to what is said."""
        name = self._field.name
        data: NDArray[Any] = np.concatenate(self._arrays) if self._arrays else np.zeros(0, np.uint32)
        if self._is_text:
            return RawColumn(name, text_cells(self._texts, data))
        missing = np.concatenate(self._missing) if self._missing else None
        if missing is not None and not missing.any():
            missing = None
        if missing is not None and data.dtype.kind in "fmM":
            data = data.copy()
            data[missing] = np.nan if data.dtype.kind == "f" else "NaT"
            missing = None
        if self._said_decimal:
            said.append(f"Decimal numbers in {quoted(name)} have more than 15 digits and were rounded to about 16.")
        zone = getattr(self._field.type, "tz", None)
        if zone and data.dtype.kind == "M":
            said.append(f"Times in {quoted(name)} are those of UTC; the file shows them in {quoted(str(zone))}.")
        return RawColumn(name, data, missing, text=text_cells(self._written) if self._written else None)
