"""How a file of text is laid out, found from its first lines: delimiter, decimal mark, header."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from gmm_desktop.data.readers.headers import (
    after_title,
    counts_up,
    is_header,
    is_size,
    is_units,
    names_as_r,
    said_of_names_above,
)
from gmm_desktop.data.readers.numbers import decimal_mark, is_missing, is_number, said_of_mark
from gmm_desktop.data.table import DataError, ReadOptions, counted, listed, quoted

#: In the order of preference where two fit equally well. " " stands for any run of spaces and tabs.
DELIMITERS = ("\t", ";", ",", "|", " ")
_SPOKEN = {"\t": "tabs", ";": "semicolons", ",": "commas", "|": "bars", " ": "spaces"}
#: No text holds it: the delimiter of a file with one column.
NO_DELIMITER = "\x1f"
#: In bytes; the longest line that is read, and with it the longest cell.
LONGEST_LINE = 1 << 22
#: As many as a spreadsheet has.
MOST_COLUMNS = 16_384
SAMPLE_LINES = 100
_SAMPLE_CHARACTERS = 1 << 16
#: A delimiter that fits so nearly as well as the best one makes this one doubtful.
_NEARLY = 0.8
_BLANKS = re.compile(r"[ \t]+")
#: How a comment begins; what spreadsheets write for an error, alone in a cell, begins a row.
COMMENT = (
    r"[ \t]*(?:%|#(?!(?:N/A|NA|DIV/0!|NAME\?|NULL!|NUM!|REF!|VALUE!|SPILL!|CALC!)"
    r"(?:[ \t]*(?:[,;|\t\r\n]|\Z)|[ \t]+[-+.\d])))"
)
_COMMENT = re.compile(COMMENT)
#: What opens a quoted cell, and over how many lines such a cell may go in the first rows.
_OPENING = re.compile(r'(?:^|[,;\t|])[ ]*"')
_LONGEST_CELL = 20
_NO_ROWS = "There are no rows in it; choose a file that holds data."


@dataclass(frozen=True)
class Dialect:
    """How a file of text is laid out.

    Attributes:
        delimiter: one of DELIMITERS, another character that a person chose, or NO_DELIMITER.
        decimal: "." or ",".
        width: how many cells a row has.
        names: as the file gives them, "" where it gives none; as many as ``width``.
        units: as the file gives them; as many as ``width``, or none.
        header: whether the file names the columns.
        skip: the line (from 0) that names the columns, or where none does that of the first row.
        first_line: the line (from 0) where the rows begin.
        row_names: whether the first column names the rows, as R writes them.
        messages: plain sentences about what was not plain.
        doubts: those of them about what was not sure.
    """

    delimiter: str
    decimal: str
    width: int
    names: tuple[str, ...]
    units: tuple[str, ...]
    header: bool
    skip: int
    first_line: int
    row_names: bool = False
    messages: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()


@dataclass
class _Said:
    messages: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)

    def doubt(self, sentence: str) -> None:
        self.messages.append(sentence)
        self.doubts.append(sentence)


def split(lines: Iterable[str], delimiter: str) -> Iterator[list[str]]:
    """Lines cut into cells; a quoted cell may run over several lines."""
    csv.field_size_limit(LONGEST_LINE)
    if delimiter == " ":
        lines = (_BLANKS.sub(" ", line).strip(" \r\n") for line in lines)
    return csv.reader(lines, delimiter=delimiter, skipinitialspace=True)


def detect(lines: list[str], options: ReadOptions) -> Dialect:
    """The layout, from the first lines of a file.

    Args:
        lines: some lines from its beginning, blank and commented ones among them.
        options: what a person has decided already.

    Raises:
        DataError: there are no rows, or what was decided cannot be.
    """
    skip = options.skip or 0
    if skip < 0 or skip >= len(lines):
        raise DataError(f"{counted(skip, 'line')} cannot be left out of it; leave out fewer.")
    kept = list(islice(_rows(lines, skip), SAMPLE_LINES))
    said = _Said()
    announced = re.fullmatch(r"sep=(.)", kept[0][1].strip()) if kept and not options.skip else None
    kept = kept[1:] if announced else kept
    if not kept:
        raise DataError(_NO_ROWS)
    _check_width([line for _, line in kept[:2]])
    delimiter = _chosen(options.delimiter) or (announced[1] if announced else "")
    delimiter = delimiter or _best_delimiter(_sample([line for _, line in kept]), options, said)
    numbered = [found for number, line in kept for found in _numbered(number, line, delimiter)]
    if not numbered:
        raise DataError(_NO_ROWS)
    width = _usual_width([row for _, row in numbered])
    if width > MOST_COLUMNS:
        raise DataError(_too_wide(width))
    return _with_header(lines, numbered, delimiter, width, options, said)


def _rows(lines: list[str], skip: int) -> Iterator[tuple[int, str]]:
    """The lines that are neither blank nor comments, with their numbers; joined where a quoted cell goes on."""
    number = skip
    while number < len(lines):
        line, first = lines[number], number
        number += 1
        if not line.strip() or _COMMENT.match(line):
            continue
        if line.count('"') % 2 and _OPENING.search(line):
            following = range(number, min(number + _LONGEST_CELL, len(lines)))
            last = next((i for i in following if lines[i].count('"') % 2), None)
            if last is not None:
                line, number = "\n".join(lines[first : last + 1]), last + 1
        yield first, line


def _split(line: str, delimiter: str) -> Iterator[list[str]]:
    return split(line.splitlines(keepends=True) if "\n" in line else [line], delimiter)


def _numbered(number: int, line: str, delimiter: str) -> list[tuple[int, list[str]]]:
    """The row in a line, or in joined ones; each one's own row where they should not have been joined."""
    rows = [row for row in _split(line, delimiter) if row]
    if len(rows) == 1 or "\n" not in line:
        return [(number, row) for row in rows]
    parts = enumerate(line.split("\n"), start=number)
    return [(i, row) for i, part in parts for row in split([part], delimiter) if row]


def _check_width(lines: list[str]) -> None:
    """Refuses what is far too wide before each delimiter is tried on it; every second mark may be a decimal one.

    Raises:
        DataError: it is.
    """
    for line in lines:
        marks = max(line.count(delimiter) for delimiter in DELIMITERS if delimiter != " ")
        if marks > 2 * MOST_COLUMNS:
            raise DataError(_too_wide(marks + 1))


def _too_wide(width: int) -> str:
    return f"It has {width} columns, more than the {MOST_COLUMNS} that are read; take a part of them."


def _chosen(delimiter: str | None) -> str:
    """The delimiter that a person chose, or ""."""
    if delimiter is None:
        return ""
    if len(delimiter) > 1 or delimiter in ('"', "\n", "\r"):
        raise DataError(f"{quoted(delimiter)} cannot separate cells; choose a single character such as a comma.")
    return delimiter or NO_DELIMITER


def _sample(lines: list[str]) -> list[str]:
    """The first lines, of which there are at least two, however long."""
    total = 0
    for count, line in enumerate(lines):
        total += len(line)
        if total > _SAMPLE_CHARACTERS and count >= 1:
            return lines[: count + 1]
    return lines


def _usual_width(rows: list[list[str]]) -> int:
    """The commonest number of cells; of equally common ones the largest.

    Where most rows have a single cell, the first row's number counts if any other row has it too: those are names
    of columns above rows with holes, and not one column of strange numbers.
    """
    counts = Counter(len(row) for row in rows)
    width = max(counts, key=lambda width: (counts[width], width))
    first = len(rows[0])
    return first if width == 1 and first > 1 and counts[first] > 1 else width


def _best_delimiter(lines: list[str], options: ReadOptions, said: _Said) -> str:
    scored = sorted(
        ((_score(lines, delimiter, options), -index) for index, delimiter in enumerate(DELIMITERS)), reverse=True
    )
    (best, index), (next_best, next_index) = scored[:2]
    if best <= 0:
        return NO_DELIMITER
    delimiter, other = DELIMITERS[-index], DELIMITERS[-next_index]
    if next_best >= _NEARLY * best and _cells(lines, delimiter) != _cells(lines, other):
        said.doubt(f"The cells are taken to be separated by {_SPOKEN[delimiter]}; {_SPOKEN[other]} fit nearly as well.")
    return delimiter


def _cells(lines: list[str], delimiter: str) -> list[list[str]]:
    return [[cell.strip() for cell in row] for line in lines for row in _split(line, delimiter)]


def _score(lines: list[str], delimiter: str, options: ReadOptions) -> float:
    """How well a delimiter cuts the lines: rows of one length, cells that are numbers."""
    rows = [row for line in lines for row in _split(line, delimiter) if row]
    if not rows:
        return 0.0
    width = _usual_width(rows)
    if width < 2 or _is_decimal_comma(lines, delimiter, options):
        return 0.0
    fitting = [row for row in rows if len(row) == width]
    if delimiter == " " and sum(cell.endswith((",", ";", "|")) for cell in fitting[-1][:-1]) == width - 1:
        return 0.0  # the space is one that follows another delimiter
    cells = [cell for row in fitting[1:] or fitting for cell in row]
    numbers = sum(is_number(cell) or is_missing(cell) for cell in cells) / len(cells)
    return (len(fitting) / len(rows)) ** 2 * (0.05 + numbers)


def _is_decimal_comma(lines: list[str], delimiter: str, options: ReadOptions) -> bool:
    """Whether the commas of a column with a name in the first line are decimal ones ("x", "1,5", "2,25")."""
    if delimiter != ",":
        return False
    if options.decimal == "," and not any('"' in line for line in lines):
        return True
    if "," in lines[0] or is_number(lines[0]):
        return False
    return len(lines) > 1 and all(is_number(line) for line in lines[1:])


def _with_header(
    lines: list[str],
    numbered: list[tuple[int, list[str]]],
    delimiter: str,
    width: int,
    options: ReadOptions,
    said: _Said,
) -> Dialect:
    start = after_title(lines, numbered, width) if options.skip is None else 0
    start = next(i for i, (_, row) in enumerate(numbered[start:], start) if len(row) == width)
    names, row_names, unsure = names_as_r(numbered, start, width) if options.header is not False else ([], False, "")
    if unsure:
        said.doubt(unsure)
    if options.skip is not None:
        start = 1 if names else 0
    first = start - 1 if names else start
    skip = numbered[first][0]
    if first and options.skip is None:
        said.messages.append(f"{counted(first, 'line')} above the table left out.")
        if unsure := said_of_names_above(numbered[first - 1][1], width, delimiter):
            said.doubt(unsure)
    rows = [_fitted(row, width) for _, row in numbered[start:]]
    even = [row for _, row in numbered[start:] if len(row) == width] or rows
    units: list[str] = []
    if not names and options.header is not False:
        commented = _names_in_comment(lines, options.skip or 0, skip, delimiter, width)
        if is_header(even) or (options.header and not commented):
            names, start = rows[0], start + 1
            if options.header is None and any(is_number(name) for name in names):
                said.doubt("The first line was taken for the names of the columns, although a number is among them.")
        elif commented:
            skip, names = commented
    found = options.units is None and names and not row_names and start < len(numbered)
    if options.units or (found and _are_units(numbered[start:], width)):
        units = _fitted(numbered[start][1], width) if start < len(numbered) else []
        start += 1
        if options.units is None:
            said.messages.append(f"The second line was taken for units and left out: {listed(units, 6)}.")
    if start >= len(numbered):
        raise DataError("There is a line of names but no row in it; choose a file that holds data.")
    if not names and options.header is None and counts_up(even):
        said.doubt(f"The first line, {listed(even[0], 3)}, was read as a row, although it counts as names may do.")
    if not names and is_size(even, SAMPLE_LINES):
        said.doubt(f"The first line, {listed(even[0])}, was read as a row, although it may tell the size of a matrix.")
    cells = [cell for _, row in numbered[start:] for cell in row]
    decimal = _decimal(cells, delimiter, width, names, options, said)
    return Dialect(
        delimiter,
        decimal,
        width,
        tuple(" ".join(name.split("\n")) for name in names) if names else ("",) * width,
        tuple(unit if unit.strip(" -=:_") else "" for unit in units),
        bool(names),
        skip,
        numbered[start][0],
        row_names,
        tuple(said.messages),
        tuple(said.doubts),
    )


def _are_units(numbered: list[tuple[int, list[str]]], width: int) -> bool:
    below = [row for _, row in numbered[1:] if len(row) == width]
    return len(numbered[0][1]) == width and len(below) > 1 and is_units(numbered[0][1], below)


def _fitted(row: list[str], width: int) -> list[str]:
    return (row + [""] * width)[:width]


def _decimal(cells: list[str], delimiter: str, width: int, names: list[str], options: ReadOptions, said: _Said) -> str:
    decimal, doubtful = decimal_mark(cells, delimiter, options.thousands)
    if options.decimal:
        return options.decimal
    if doubtful and decimal in doubtful:
        said.doubt(said_of_mark(decimal, doubtful))
    elif decimal == "," and width == 1 and (alone := next((cell.strip() for cell in cells if "," in cell), "")):
        said.messages.append(said_of_mark(decimal, alone))
    two = delimiter == "," and width == 2 and not any(names) and options.delimiter is None
    if two and all(cell.strip().lstrip("+-").isdigit() for cell in cells):
        said.doubt("The comma was taken to separate two columns; if it is a decimal mark, put a name in line 1.")
    return decimal


def _names_in_comment(
    lines: list[str], first: int, last: int, delimiter: str, width: int
) -> tuple[int, list[str]] | None:
    """The names in the last comment above the row in line ``last``, as numpy.savetxt writes them, if one a column.

    Returns:
        Its line, and the names.
    """
    number = next((i for i in range(last - 1, first - 1, -1) if lines[i].strip()), None)
    if number is None or not _COMMENT.match(lines[number]):
        return None
    for names in split([lines[number].strip().lstrip("#% ")], delimiter):
        if len(names) == width and width > 1 and not any(is_number(name) for name in names):
            return number, names
    return None
