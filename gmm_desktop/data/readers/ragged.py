"""Rows that are longer or shorter than the others."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from itertools import islice

from gmm_desktop.data.readers.encoding import ADVICE
from gmm_desktop.data.readers.lines import LeftOut
from gmm_desktop.data.readers.prepared import Prepared
from gmm_desktop.data.table import DataError, counted

#: More ragged rows than this share of all make a file that is not a table.
_TOO_RAGGED = 0.5


def evened(prepared: Prepared, limit: int | None) -> tuple[Prepared, LeftOut]:
    """The same text with rows of another length emptied, and the numbers (from 1) of these."""
    width = prepared.dialect.width
    text = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", errors="replace", newline="\n")
    written = csv.writer(text, delimiter=",", lineterminator="\n", quoting=csv.QUOTE_ALL)
    numbers: list[int] = []
    ragged = rows = 0
    empty = [""] * width
    try:
        for row in islice(prepared.raw_rows(), limit):
            rows += 1
            if len(row) != width:
                ragged += 1
                if len(numbers) < 10:
                    numbers.append(rows)
                row = empty
            written.writerow(row)
    except csv.Error as error:
        raise DataError(f"It is not a table ({error}); {ADVICE}.") from error
    if ragged > max(1, _TOO_RAGGED * rows):
        raise DataError(
            f"{ragged} of {rows} rows do not have {counted(width, 'value')} like the others, first "
            f"row {numbers[0]}; correct them, or {ADVICE}."
        )
    text.flush()
    dialect = replace(prepared.dialect, delimiter=",", first_line=0)
    content = text.buffer.getvalue()
    return replace(prepared, content=content, dialect=dialect, quotes=True), LeftOut(ragged, tuple(numbers))
