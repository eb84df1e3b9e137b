"""Which of the first rows of a table are names of columns, and which are units."""

from __future__ import annotations

from gmm_desktop.data.readers.numbers import is_missing, is_number
from gmm_desktop.data.table import DataError, counted, listed, quoted

#: So many lines a title has at the most.
_LONGEST_TITLE = 10


def is_header(rows: list[list[str]]) -> bool:
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


def is_units(row: list[str], below: list[list[str]]) -> bool:
    """Whether a row under the header gives units: text above numbers, and no number in it."""
    if any(is_number(cell) for cell in row):
        return False
    above_numbers = [
        not is_missing(cell) and all(is_number(r[i]) or is_missing(r[i]) for r in below) for i, cell in enumerate(row)
    ]
    return any(above_numbers)


def counts_up(rows: list[list[str]]) -> bool:
    """Whether the first row is 0, 1, 2 ... or 2019, 2020 ... above numbers that are not integers."""
    first, below = rows[0], rows[1:]
    if len(first) < 2 or not below or not all(cell.strip().isdecimal() and len(cell) < 10 for cell in first):
        return False
    if any(int(cell) != int(first[0]) + i for i, cell in enumerate(first)):
        return False
    return all(any(not row[i].strip().isdecimal() for row in below) for i in range(len(first)))


def names_as_r(numbered: list[tuple[int, list[str]]], start: int, width: int) -> tuple[list[str], bool, str]:
    """The header as R writes it with row names: one name fewer than there are columns.

    Args:
        numbered: the first rows, each with its line.
        start: the first of them that has ``width`` cells.
        width: how many cells a row has.

    Returns:
        The names, none where there is no such header; whether the first column names the rows; and a sentence where
        that is not sure, or "".

    Raises:
        DataError: the names are fewer than the columns, and the first column names nothing.
    """
    nothing: tuple[list[str], bool, str] = [], False, ""
    above = numbered[start - 1][1] if start else []
    if any(is_number(name) for name in above):
        return nothing
    if len(above) > width and len(_without_blank_end(above)) == width:
        return above[:width], False, ""  # the names end in a delimiter, and the rows do not
    if width < 2 or len(above) != width - 1 or not any(is_number(cell) for cell in numbered[start][1]):
        return nothing
    rows = [row for _, row in numbered[start:] if len(row) == width]
    if not any(row[-1].strip() for row in rows):
        return [*above, ""], False, ""  # the rows end in a delimiter, and the names do not
    first = [row[0] for row in rows]
    counting = first == [str(i) for i in range(1, len(first) + 1)]
    if counting or not any(is_number(cell) for cell in first):
        return ["row names", *above], True, ""
    if width > 2 and len(set(first)) == len(first) and all(cell.strip().isdecimal() for cell in first):
        said = (
            f"The first line names {len(above)} of the {width} columns; the first column, such as {quoted(first[0])}, "
            "was taken for names of the rows, as R writes them."
        )
        return ["row names", *above], True, said
    raise DataError(
        f"Its first line names {counted(len(above), 'column')}, but the rows have {width} values; correct "
        "the first line."
    )


def _without_blank_end(row: list[str]) -> list[str]:
    last = max((i for i, cell in enumerate(row) if cell.strip()), default=-1)
    return row[: last + 1]


def said_of_names_above(above: list[str], width: int, delimiter: str) -> str:
    """What is not sure where the line above the rows has other names than they have columns, or "".

    Args:
        above: the cells of that line.
        width: how many cells a row has.
        delimiter: what separates them.
    """
    given = [name for name in above if name.strip()]
    if 2 * len(above) == width and delimiter == ",":
        return (
            f"The line above the rows names {listed(above, 3)}, but they have {width} values; if commas are also "
            "decimal marks, save it with semicolons between the columns."
        )
    if delimiter == " " and len(above) > width + 1:  # a title in words
        return ""
    if len(above) < 2 or any(is_number(name) for name in given) or len(set(given)) < len(given):
        return ""
    return (
        f"The line above the rows names {counted(len(given), 'column')}, {listed(given, 3)}, but they have "
        f"{counted(width, 'value')}; it was left out, and the columns have no names."
    )


def is_size(rows: list[list[str]], every: int) -> bool:
    """Whether the first row of a matrix of two columns says how many rows and columns follow ("3 2").

    Args:
        rows: the first rows.
        every: where so many are given, there may be more.
    """
    first, below = rows[0], rows[1:]
    if len(first) != 2 or first[1].strip() != "2" or not first[0].strip().isdecimal() or len(first[0]) > 9:
        return False
    said = int(first[0])
    return bool(below) and (said == len(below) or (len(rows) >= every and said >= len(below)))


def after_title(lines: list[str], numbered: list[tuple[int, list[str]]], width: int) -> int:
    """Where the names stand under a title that an empty line sets off, so that a comma in the title is no delimiter.

    Args:
        lines: of the file.
        numbered: the first rows, each with its line.
        width: how many cells a row of the table has.

    Returns:
        The index into ``numbered``; 0 where there is no such title.
    """
    for index in range(1, min(len(numbered) - 1, _LONGEST_TITLE + 1)):
        (before, _), (number, row) = numbered[index - 1], numbered[index]
        if len(row) != width or all(line.strip() for line in lines[before + 1 : number]):
            continue
        title = [above for _, above in numbered[:index]]
        names = not any(is_number(cell) or is_missing(cell) for cell in row)
        if (
            names
            and any(len(above) != width for above in title)
            and not any(all(map(is_number, above)) for above in title)
            and all(any(map(is_number, below)) for _, below in numbered[index + 1 :])
        ):
            return index
    return 0
