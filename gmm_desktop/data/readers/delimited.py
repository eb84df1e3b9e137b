"""Tables of text: CSV and its cousins."""

from __future__ import annotations

import csv
import io
import re
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from gmm_desktop.data.readers.dialect import Dialect, detect, split
from gmm_desktop.data.readers.encoding import ADVICE, decode, is_plain
from gmm_desktop.data.readers.numbers import MISSING, convert, is_missing, is_number
from gmm_desktop.data.readers.source import Again, Source, again
from gmm_desktop.data.table import (
    LARGEST_EXACT_INTEGER,
    Column,
    DataError,
    ReadOptions,
    Table,
    Tell,
    column_of_text,
    counted,
    listed,
    quoted,
    say_nothing,
    unique_names,
)

if TYPE_CHECKING:
    import pandas as pd

_COMMENTS = re.compile(r"^[ \t]*[#%].*$", re.MULTILINE)
_SPACES_ALONE = re.compile(r"^ +$", re.MULTILINE)
_BLANK_LINES = re.compile(r"^[ \t]+$", re.MULTILINE)
#: A dialect shows in so many characters, and a larger text than this is not taken apart as a whole.
_BEGINNING, _LARGE = 2**18, 2**24
#: More ragged rows than this share of all make a file that is not a table.
_TOO_RAGGED = 0.2


class _ToldBytes(io.BytesIO):
    """Bytes that tell how far they have been read."""

    def __init__(self, content: bytes, tell: Tell) -> None:
        super().__init__(content)
        self._tell, self._size = tell, max(len(content), 1)

    def read(self, size: int | None = -1) -> bytes:
        self._tell(self.tell() / self._size)
        return super().read(size)


@dataclass(frozen=True, eq=False)
class Prepared:
    """A file's text, in UTF-8 with plain line ends and without comments, and its layout."""

    content: bytes
    dialect: Dialect
    messages: tuple[str, ...]

    def stream(self, tell: Tell = say_nothing) -> io.BytesIO:
        """The bytes from the first row on; ``tell`` is told how many of them have been read."""
        start = 0
        for _ in range(self.dialect.first_line):
            start = self.content.index(b"\n", start) + 1
        stream = _ToldBytes(self.content, tell)
        stream.seek(start)
        return stream

    def raw_rows(self) -> Iterator[list[str]]:
        """The cells of each row, ragged ones as they are."""
        lines = io.TextIOWrapper(self.stream(), encoding="utf-8", newline="\n")
        return (row for row in split(lines, self.dialect.delimiter) if row)


def read_delimited(source: Source, options: ReadOptions, tell: Tell = say_nothing) -> Table:
    """A table of text: encoding, delimiter, decimal mark and header found from its beginning.

    Raises:
        GivenUpError: ``tell`` raised it.
        DataError: it is no text, no table, or has no rows.
    """
    try:
        prepared = prepare(source.content, options, tell)
        frame, messages = _parse(prepared, tell)
    except DataError as error:
        raise DataError(f"{quoted(source.name)} cannot be read: {_lower_first(str(error))}") from error
    names, repeated = unique_names(prepared.dialect.names)
    if repeated:
        messages.append(f"Several columns are named {listed(repeated)}; a number was added to the names.")
    make_rows = partial(_rows_again, again(source), options, prepared.dialect.width)
    columns = []
    for index, name in enumerate(names):
        make_text = partial(column_of_text, make_rows, index)
        is_name = prepared.dialect.row_names and index == 0
        column, said = _column(name, frame[index], make_text, prepared.dialect.decimal, is_name)
        columns.append(column)
        messages += said
    if prepared.dialect.width == 1:
        messages += _said_of_blank_lines(prepared)
    given = prepared.dialect.names
    if any(given) and not given[0].strip():
        messages += _counts_rows(columns[0])
    return Table(tuple(columns), len(frame), source.name, (*prepared.messages, *messages), source.sha256, make_rows)


def prepare(content: bytes, options: ReadOptions, tell: Tell = say_nothing) -> Prepared:
    """The text of a file and its layout.

    Raises:
        GivenUpError: ``tell`` raised it.
        DataError: the bytes are no text, or hold no rows.
    """
    if len(content) > _LARGE and options.encoding in (None, "utf-8") and is_plain(content, tell):
        beginning = content[: content.rfind(b"\n", 0, _BEGINNING) + 1] or content[:_BEGINNING]
        dialect = detect(_first_lines(beginning.decode(errors="ignore")), options)
        return Prepared(content, dialect, tuple(dialect.messages))
    text, encoding, messages = decode(content, options.encoding)
    plain = text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
    dialect = detect(_first_lines(plain), options)
    if "#" in plain or "%" in plain:
        plain = _COMMENTS.sub("", plain)
    if plain.startswith((" ", "\t")) or "\n " in plain or "\n\t" in plain:
        plain = (_SPACES_ALONE if dialect.delimiter == "\t" else _BLANK_LINES).sub("", plain)
    unchanged = encoding == "utf-8" and plain is text
    return Prepared(content if unchanged else plain.encode(), dialect, (*messages, *dialect.messages))


def _first_lines(text: str) -> list[str]:
    """Whole lines from the beginning."""
    lines = text[:_BEGINNING].split("\n")
    return lines[:-1] if len(text) > _BEGINNING and len(lines) > 1 else lines


def _parse(prepared: Prepared, tell: Tell) -> tuple[pd.DataFrame, list[str]]:
    """The cells as pandas reads them, in columns 0, 1 ...; rows of another length are emptied, and said."""
    dialect = prepared.dialect
    try:
        frame = _pandas(prepared.stream(tell), dialect)
        # pandas fills up short rows without a word; they end in a missing value.
        suspicious = dialect.width > 1 and bool(frame[dialect.width - 1].isna().any())
    except (ValueError, OverflowError) as error:
        if "EOF inside string" in str(error):
            raise DataError("A quotation mark is opened and never closed; close it or remove it.") from error
        suspicious, frame = True, None
    if frame is not None and not suspicious:
        return _some(frame), []
    rows, ragged = _even_rows(prepared)
    if ragged:
        text = io.StringIO(newline="")
        csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(rows)
        frame = _pandas(io.BytesIO(text.getvalue().encode()), replace(dialect, delimiter=","))
    elif frame is None:
        raise DataError(f"It is not a table; {ADVICE}.")
    return _some(frame), _said_of_ragged(ragged, len(rows), dialect.width)


def _some(frame: pd.DataFrame) -> pd.DataFrame:
    if not len(frame):
        raise DataError("There are no rows in it; choose a file that holds data.")
    return frame


def _even_rows(prepared: Prepared) -> tuple[list[list[str]], list[int]]:
    """The rows, those of another length emptied, and the numbers of these."""
    width = prepared.dialect.width
    rows, ragged = [], []
    try:
        for index, row in enumerate(prepared.raw_rows()):
            if len(row) != width:
                ragged.append(index)
            rows.append(row if len(row) == width else [""] * width)
    except csv.Error as error:
        raise DataError(f"It is not a table ({error}); {ADVICE}.") from error
    if len(ragged) > max(1, _TOO_RAGGED * len(rows)):
        raise DataError(
            f"{len(ragged)} of {len(rows)} rows do not have {counted(width, 'value')} like the others, first "
            f"row {ragged[0] + 1}; correct them, or {ADVICE}."
        )
    return rows, ragged


def _said_of_ragged(ragged: list[int], rows: int, width: int) -> list[str]:
    if not ragged:
        return []
    numbers = ", ".join(str(index + 1) for index in ragged[:10]) + (" ..." if len(ragged) > 10 else "")
    return [
        f"{len(ragged)} of {counted(rows, 'row')} cannot be used, not having {counted(width, 'value')}: "
        f"{'row' if len(ragged) == 1 else 'rows'} {numbers}."
    ]


def _pandas(stream: io.BytesIO, dialect: Dialect) -> pd.DataFrame:
    import pandas as pd

    exact: dict[str, Any] = {}
    if tuple(int(part) for part in pd.__version__.split(".")[:2]) < (3, 1):
        exact["float_precision"] = "round_trip"  # later versions are exact by themselves and warn of it
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what it would warn of is checked here and said in a sentence
        frame: pd.DataFrame = pd.read_csv(
            stream,
            sep=r"\s+" if dialect.delimiter == " " else dialect.delimiter,
            decimal=dialect.decimal,
            header=None,
            names=list(range(dialect.width)),
            index_col=False,
            keep_default_na=False,
            na_values=sorted(MISSING),
            skipinitialspace=True,
            low_memory=False,
            dtype={0: str} if dialect.row_names else None,
            **exact,
        )
    return frame


def _column(
    name: str, cells: pd.Series[Any], make_text: partial[list[str]], decimal: str, is_name: bool
) -> tuple[Column, list[str]]:
    """A column of numbers or of text, and what must be said of it."""
    kind = cells.dtype.kind
    if kind in "iuf" and not is_name and cells.notna().any():
        values = cells.to_numpy(dtype=np.float64, copy=True)
        return _numeric(name, values, make_text, kind)
    if kind == "b" or is_name or cells.isna().all():
        return Column(name, None, make_text), []
    present: list[Any] = cells.dropna().tolist()
    if all(isinstance(cell, int) for cell in present):  # beyond 64 bits
        return _numeric(name, np.array([float(str(cell)) for cell in cells.tolist()]), make_text, "i")
    texts = ["" if cell is None or cell != cell else str(cell) for cell in cells.tolist()]
    converted = convert(texts, decimal) if all(is_number(str(cell)) for cell in present[:50]) else None
    if converted is None:
        return Column(name, None, make_text, _stray(texts)), []
    column, said = _numeric(name, converted.values, make_text, "f")
    return column, ([f"In {quoted(name)} {converted.how}."] if converted.how else []) + said


def _numeric(
    name: str, values: NDArray[np.float64], make_text: partial[list[str]], kind: str
) -> tuple[Column, list[str]]:
    values.setflags(write=False)
    with np.errstate(invalid="ignore"):
        finite = values[np.isfinite(values)]
    said = []
    if finite.size and np.abs(finite).max() >= LARGEST_EXACT_INTEGER and (kind in "iu" or (finite % 1 == 0).all()):
        said.append(
            f"Integers in {quoted(name)} are larger than {LARGEST_EXACT_INTEGER} and were rounded to about "
            "16 digits; if they are names and not quantities, do not fit them."
        )
    return Column(name, values, make_text), said


def _stray(texts: Sequence[str]) -> tuple[str, int] | None:
    """The first cell that is no number, where at least half are."""
    strange = [index for index, text in enumerate(texts) if not is_missing(text) and not is_number(text)]
    numbers = sum(not is_missing(text) for text in texts) - len(strange)
    if not strange or numbers < len(strange):
        return None
    return texts[strange[0]], strange[0]


def _said_of_blank_lines(prepared: Prepared) -> list[str]:
    """In a single column an empty line may have been meant as a missing value."""
    blank = prepared.stream().read().strip().split(b"\n").count(b"")
    return [f"{counted(blank, 'empty line')} among the rows left out."] if blank else []


def _counts_rows(column: Column) -> list[str]:
    """A first column without a name that counts the rows is seldom meant to be fitted."""
    values = column.values
    if values is None or len(values) < 3 or not np.array_equal(values, np.arange(len(values)) + values[0]):
        return []
    return [f"{quoted(column.name)} has no name in the file and counts the rows; choose other columns to fit."]


def _rows_again(way: Again, options: ReadOptions, width: int) -> Iterator[list[str]]:
    """The original cells; of a ragged row as many as there are columns."""
    for row in prepare(way.content(), options).raw_rows():
        yield row if len(row) == width else (row + [""] * width)[:width]


def _lower_first(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]
