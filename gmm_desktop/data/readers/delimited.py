"""Tables of text: CSV and its cousins."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache, partial
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from gmm_desktop.data.readers.columns import (
    Made,
    column_of_cells,
    column_of_numbers,
    may_be_more_than_text,
    said_of_marks,
)
from gmm_desktop.data.readers.leading_zeros import are_integers, leading_zeros
from gmm_desktop.data.readers.lines import LeftOut, count_lines, empty_lines, said_of_empty, signs_in, with_plain_ends
from gmm_desktop.data.readers.numbers import check_marks, missing_marks
from gmm_desktop.data.readers.parsing import Parsed, parse
from gmm_desktop.data.readers.prepared import Prepared, prepare
from gmm_desktop.data.readers.source import Again, Source, again
from gmm_desktop.data.readers.stored import said_of_repeated
from gmm_desktop.data.table import (
    Column,
    DataError,
    ReadOptions,
    Table,
    Tell,
    column_of_text,
    counted,
    quoted,
    say_nothing,
    unique_names,
)

#: Of a file of which some rows are wanted so many bytes are read, and then more.
_BEGINNING, _MORE = 1 << 19, 8
#: So many rows say whether a column is worth a closer look.
_SAMPLE_ROWS = 1000
_TINY = re.compile(rb"[eE]-[0-9]{3}|0[.,]0{300}")


def read_delimited(source: Source, options: ReadOptions, tell: Tell = say_nothing) -> Table:
    """A table of text: encoding, delimiter, decimal mark and header found from its beginning.

    Raises:
        GivenUpError: ``tell`` raised it.
        DataError: it is no text, no table, or has no rows, or cannot be read as a person decided.
    """
    try:
        check_marks(options)
        end = _BEGINNING + 64 * options.rows if options.rows is not None else len(source.content)
        while end < len(source.content):
            try:
                table = _read(source, options, tell, end)
                if table.rows == options.rows:
                    return table
            except DataError:  # what is cut off may be what it lacks
                pass
            end *= _MORE
        return _read(source, options, tell, None)
    except DataError as error:
        raise DataError(f"{quoted(source.name)} cannot be read: {_lower_first(str(error))}") from error


def _read(source: Source, options: ReadOptions, tell: Tell, end: int | None) -> Table:
    prepared = prepare(source.content, options, tell, end=end)
    parsed = parse(prepared, missing_marks(options), tell, options.rows)
    names, repeated = unique_names(prepared.dialect.names)
    messages = [*prepared.messages, *_said_of_ragged(parsed)]
    messages += said_of_repeated(repeated)
    make_rows = partial(_rows_again, again(source), options, end)
    made = _columns(parsed, names, options, make_rows)
    messages += [said for one in made for said in one.messages]
    messages += said_of_empty(_empty(prepared, parsed, options))
    given = prepared.dialect.names
    if any(given) and not given[0].strip():
        messages += _counts_rows(made[0].column)
    messages += [
        f"There is no column {quoted(name)} of dates that could be read as numbers."
        for name in options.dates
        if not any(one.column.name == name and one.column.numeric for one in made)
    ]
    return Table(
        tuple(one.column for one in made),
        parsed.rows,
        source.name,
        tuple(messages),
        source.digest,
        make_rows,
        layout=_layout(prepared, options, made),
        doubts=(*prepared.doubts, *(doubt for one in made for doubt in one.doubts)),
        suspects=tuple(suspect for one in made for suspect in one.suspects),
    )


def _columns(
    parsed: Parsed, names: list[str], options: ReadOptions, make_rows: partial[Iterator[list[str]]]
) -> list[Made]:
    prepared, dialect = parsed.prepared, parsed.prepared.dialect
    is_text = [values is None or not _some(values) for values in parsed.columns]
    sample = prepared.first_rows(_SAMPLE_ROWS) if any(is_text) else []

    @cache
    def tiny() -> bool:
        return any(
            _TINY.search(prepared.content[i : i + _BEGINNING]) for i in range(0, len(prepared.content), _BEGINNING)
        )

    made = []
    for index, (name, values) in enumerate(zip(names, parsed.columns, strict=True)):
        make_text = partial(column_of_text, make_rows, index)
        unit = dialect.units[index].strip() if dialect.units else ""
        if values is not None and not is_text[index]:
            cells = partial(prepared.cells, index)
            made.append(column_of_numbers(name, values, options, make_text, cells, unit, tiny))
        elif index == 0 and dialect.row_names:
            made.append(Made(Column(name, None, make_text)))
        elif not may_be_more_than_text((row[index] for row in sample), options):
            said = said_of_marks(name, (row[index] for row in sample), options)
            made.append(Made(Column(name, None, make_text), said, said))
        elif stray := parsed.stray(index, missing_marks(options)):
            made.append(Made(Column(name, None, make_text, stray)))
        else:
            texts = [row[index] for row in islice(prepared.even_rows(), parsed.rows)]
            made.append(column_of_cells(name, texts, options, make_text, unit, dialect.decimal))
    return _with_zeros(made, parsed)


def _some(values: NDArray[np.float64]) -> bool:
    """Whether any is not missing."""
    return any(not np.isnan(some).all() for some in (values[:_SAMPLE_ROWS], values))


def _with_zeros(made: list[Made], parsed: Parsed) -> list[Made]:
    """The same columns, with a sentence where numbers are written with zeros before them."""
    integers = [i for i, one in enumerate(made) if one.column.values is not None and are_integers(one.column.values)]
    if not integers:
        return made
    for index, cell in leading_zeros(parsed.prepared, integers).items():
        said = (
            f"Cells in {quoted(made[index].column.name)} begin with zeros, such as {quoted(cell, 30)}, which numbers "
            "do not keep; if they are names and not quantities, do not fit them."
        )
        made[index] = replace(made[index], messages=(*made[index].messages, said))
    return made


def _layout(prepared: Prepared, options: ReadOptions, made: list[Made]) -> ReadOptions:
    """How the table was read; a mark is None where columns differ in it."""
    layout = prepared.layout(options)
    groups = {one.thousands for one in made if one.thousands}
    if options.thousands is None:
        layout = replace(layout, thousands="" if not groups else groups.pop() if len(groups) == 1 else None)
    marks = {one.decimal for one in made if one.decimal}
    if options.decimal is None and not marks <= {layout.decimal}:
        layout = replace(layout, decimal=None)
    return layout


def _said_of_ragged(parsed: Parsed) -> list[str]:
    ragged = parsed.ragged
    if not ragged.count:
        return []
    rows = str(ragged).replace("line", "row")
    width = counted(parsed.prepared.dialect.width, "value")
    return [f"{ragged.count} of {counted(parsed.rows, 'row')} cannot be used, not having {width}: {rows}."]


def _empty(prepared: Prepared, parsed: Parsed, options: ReadOptions) -> LeftOut:
    """The empty lines among the rows, if lines and rows are the same otherwise."""
    if options.rows is not None or _lines(prepared) == parsed.rows:
        return LeftOut()
    prepared = replace(prepared, content=with_plain_ends(prepared.content, signs_in(prepared.content)))
    return empty_lines(prepared.content, prepared.start, prepared.comments, prepared.dialect.first_line)


def _lines(prepared: Prepared) -> int:
    """From the first row on."""
    if prepared.line_feeds is None:
        return count_lines(prepared.content, prepared.start)
    return prepared.line_feeds - prepared.dialect.first_line + (not prepared.content.endswith(b"\n"))


def _counts_rows(column: Column) -> list[str]:
    """A first column without a name that counts the rows is seldom meant to be fitted."""
    values = column.values
    if values is None or len(values) < 3 or values[0] % 1 or not bool((values[1:] - values[:-1] == 1).all()):
        return []
    return [f"{quoted(column.name)} has no name in the file and counts the rows; choose other columns to fit."]


def _rows_again(way: Again, options: ReadOptions, end: int | None) -> Iterator[list[str]]:
    """The original cells; of a ragged row as many as there are columns."""
    return islice(prepare(way.content(), options, end=end).even_rows(), options.rows)


def _lower_first(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]
