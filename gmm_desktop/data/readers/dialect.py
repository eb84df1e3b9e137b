"""How a file of text is laid out, found from its first lines: delimiter, decimal mark, header."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from gmm_desktop.data.readers.numbers import decimal_mark, is_missing, is_number
from gmm_desktop.data.table import DataError, ReadOptions, counted, quoted

#: In the order of preference where two fit equally well. " " stands for any run of spaces and tabs.
DELIMITERS = ("\t", ";", ",", "|", " ")
#: No text holds it: the delimiter of a file with one column.
NO_DELIMITER = "\x1f"
SAMPLE_LINES = 100
_BLANKS = re.compile(r"[ \t]+")
_COMMENT = re.compile(r"[ \t]*[#%]")


@dataclass(frozen=True)
class Dialect:
    """How a file of text is laid out.

    Attributes:
        delimiter: one of DELIMITERS, or NO_DELIMITER.
        decimal: "." or ",".
        width: how many cells a row has.
        names: as the file gives them, "" where it gives none; as many as ``width``.
        first_line: the line (from 0) where the rows begin.
        row_names: whether the first column names the rows, as R writes them.
        messages: plain sentences about what was not sure.
    """

    delimiter: str
    decimal: str
    width: int
    names: tuple[str, ...]
    first_line: int
    row_names: bool = False
    messages: tuple[str, ...] = ()


def split(lines: Iterable[str], delimiter: str) -> Iterator[list[str]]:
    """Lines cut into cells; a quoted cell may run over several lines."""
    if delimiter == " ":
        lines = (_BLANKS.sub(" ", line).strip(" \r\n") for line in lines)
    return csv.reader(lines, delimiter=delimiter, skipinitialspace=True)


def detect(lines: list[str], options: ReadOptions) -> Dialect:
    """The layout, from the first lines of a file.

    Args:
        lines: some lines from its beginning, blank and commented ones among them.
        options: what a person has decided already.

    Raises:
        DataError: there are no rows.
    """
    kept = [(number, line) for number, line in enumerate(lines) if line.strip() and not _COMMENT.match(line)]
    kept = kept[:SAMPLE_LINES]
    if not kept:
        raise DataError("There are no rows in it; choose a file that holds data.")
    announced = re.fullmatch(r"sep=(.)", kept[0][1].strip())
    if announced:
        kept = kept[1:]
    texts = [line for _, line in kept]
    delimiter = options.delimiter or (announced[1] if announced else _best_delimiter(texts))
    numbered = [(number, row) for (number, line) in kept for row in split([line], delimiter)]
    width = _usual_width([row for _, row in numbered])
    return _with_header(lines, numbered, delimiter, width, options)


def _usual_width(rows: list[list[str]]) -> int:
    """The commonest number of cells; of equally common ones the largest.

    Where most rows have a single cell, the first row's number counts if any other row has it too: those are names
    of columns above rows with holes, and not one column of strange numbers.
    """
    counts = Counter(len(row) for row in rows)
    width = max(counts, key=lambda width: (counts[width], width))
    first = len(rows[0])
    return first if width == 1 and first > 1 and counts[first] > 1 else width


def _best_delimiter(lines: list[str]) -> str:
    scored = [(_score(lines, delimiter), -index) for index, delimiter in enumerate(DELIMITERS)]
    score, index = max(scored)
    return DELIMITERS[-index] if score > 0 else NO_DELIMITER


def _score(lines: list[str], delimiter: str) -> float:
    """How well a delimiter cuts the lines: rows of one length, cells that are numbers."""
    rows = [row for line in lines for row in split([line], delimiter)]
    width = _usual_width(rows)
    if width < 2 or _is_decimal_comma(lines, delimiter):
        return 0.0
    fitting = [row for row in rows if len(row) == width]
    cells = [cell for row in fitting[1:] or fitting for cell in row]
    numbers = sum(is_number(cell) or is_missing(cell) for cell in cells) / len(cells)
    return (len(fitting) / len(rows)) ** 2 * (0.05 + numbers)


def _is_decimal_comma(lines: list[str], delimiter: str) -> bool:
    """Whether the commas of a column with a name in the first line are decimal ones ("x", "1,5", "2,25")."""
    if delimiter != "," or "," in lines[0] or is_number(lines[0]):
        return False
    return len(lines) > 1 and all(is_number(line) for line in lines[1:])


def _with_header(
    lines: list[str], numbered: list[tuple[int, list[str]]], delimiter: str, width: int, options: ReadOptions
) -> Dialect:
    messages: list[str] = []
    start = next(i for i, (_, row) in enumerate(numbered) if len(row) == width)
    names, row_names = _names_as_r(numbered, start, width)
    preamble = start - (1 if names else 0)
    if preamble:
        messages.append(f"{counted(preamble, 'line')} above the table left out.")
    rows = [row for _, row in numbered[start:] if len(row) == width]
    if not names and options.header is not False and (options.header or _is_header(rows)):
        names = rows[0]
        if options.header is None and any(is_number(name) for name in names):
            messages.append("The first line was taken for the names of the columns, although a number is among them.")
        start += 1
        if len(rows) > 2 and options.header is None and _is_units(rows[1], rows[2:]):
            messages.append(f"The second line was taken for units and left out: {', '.join(rows[1])[:80]}.")
            start += 1
    if start >= len(numbered):
        raise DataError("There is a line of names but no row in it; choose a file that holds data.")
    first_line = numbered[start][0]
    if not names:
        names = _names_in_comment(lines[:first_line], delimiter, width)
    cells = [cell for _, row in numbered[start:] for cell in row]
    decimal, doubtful = decimal_mark(cells, delimiter)
    decimal = options.decimal or decimal
    if doubtful and decimal == "," and not options.decimal:
        messages.append(f"The comma was taken for a decimal mark: {quoted(doubtful)} is {doubtful.replace(',', '.')}.")
    if delimiter == "," and width == 2 and not any(names) and all(cell.strip().isdigit() for cell in cells):
        messages.append("The comma was taken to separate two columns; if it is a decimal mark, put a name in line 1.")
    padded = tuple(names) if names else ("",) * width
    return Dialect(delimiter, decimal, width, padded, first_line, row_names, tuple(messages))


def _is_header(rows: list[list[str]]) -> bool:
    """Whether the first row names the columns: text above numbers, or text alone above other text."""
    first, below = rows[0], rows[1:]
    if all(is_number(cell) or is_missing(cell) for cell in first):
        return False
    for index, cell in enumerate(first):
        column = [row[index] for row in below if not is_missing(row[index])]
        if column and not (is_number(cell) or is_missing(cell)) and all(is_number(other) for other in column):
            return True
    some = [any(is_number(row[index]) for row in below) for index in range(len(first))]
    return not any(is_number(cell) for cell in first) and (any(some) or len(set(first)) == len(first))


def _is_units(row: list[str], below: list[list[str]]) -> bool:
    """Whether a row under the header gives units: text above numbers, and no number in it."""
    if any(is_number(cell) for cell in row):
        return False
    above_numbers = [
        not is_missing(cell) and all(is_number(r[i]) or is_missing(r[i]) for r in below) for i, cell in enumerate(row)
    ]
    return any(above_numbers)


def _names_as_r(numbered: list[tuple[int, list[str]]], start: int, width: int) -> tuple[list[str], bool]:
    """The header as R writes it with row names: one name fewer than there are columns."""
    above = numbered[start - 1][1] if start else []
    if width < 2 or len(above) != width - 1 or any(is_number(name) for name in above):
        return [], False
    if not any(is_number(cell) for cell in numbered[start][1]):
        return [], False
    first = [row[0] for _, row in numbered[start:] if len(row) == width]
    counting = first == [str(i) for i in range(1, len(first) + 1)]
    if counting or not any(is_number(cell) for cell in first):
        return ["row names", *above], True
    raise DataError(
        f"Its first line names {counted(len(above), 'column')}, but the rows have {width} values; correct "
        "the first line."
    )


def _names_in_comment(above: list[str], delimiter: str, width: int) -> list[str]:
    """The names in the last comment above the rows, as numpy.savetxt writes them, if one a column."""
    comments = [line for line in above if line.strip()]
    if not comments or not _COMMENT.match(comments[-1]):
        return []
    for names in split([comments[-1].strip().lstrip("#% ")], delimiter):
        if len(names) == width and width > 1 and not any(is_number(name) for name in names):
            return names
    return []
