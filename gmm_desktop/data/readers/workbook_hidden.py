"""Rows and columns of a sheet that a spreadsheet program hides, by hand or by a filter: its reader reads them too."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from xml.sax.saxutils import unescape

from gmm_desktop.data.table import counted, quoted

_MOST_ROWS = 1_048_576
_XLSX_ROW = re.compile(rb'<(?:\w+:)?row\b(?=[^<>]*\br="(\d{1,7})")[^<>]*\bhidden="(?:1|true)"')
_XLSX_COLUMNS = re.compile(
    rb'<(?:\w+:)?col\b(?=[^<>]*\bmin="(\d{1,5})")(?=[^<>]*\bmax="(\d{1,5})")[^<>]*\bhidden="(?:1|true)"'
)
_ODS_TAG = re.compile(rb"<(/?)table:(table|table-row|table-column)(?=[\s/>])([^<>]*)>")
_ODS_NAME = re.compile(rb'\btable:name="([^"]*)"')
_ODS_HIDDEN = re.compile(rb'\btable:visibility="(?:collapse|filter)"')
_ODS_TIMES = re.compile(rb'\btable:number-(?:rows|columns)-repeated="(\d{1,8})"')
_LONGEST_TAG = 65_536


@dataclass
class Hidden:
    """Rows and columns that are hidden, from 0."""

    rows: set[int] = field(default_factory=set)
    columns: set[int] = field(default_factory=set)


def said_of_hidden(sheet: str, rows: int, columns: int) -> list[str]:
    """What is said where so many rows and columns of a sheet that hold something are hidden."""
    parts = [counted(count, f"hidden {what}") for count, what in ((rows, "row"), (columns, "column")) if count]
    are = "is" if rows + columns == 1 else "are"
    return [f"{' and '.join(parts)} of the sheet {quoted(sheet)} {are} read too."] if parts else []


def note_hidden(piece: bytes, hidden: Hidden) -> None:
    """Adds what a piece of the markup of an xlsx sheet hides."""
    if b"hidden=" not in piece:
        return
    hidden.rows.update(int(match[1]) - 1 for match in _XLSX_ROW.finditer(piece))
    for match in _XLSX_COLUMNS.finditer(piece):
        hidden.columns.update(range(int(match[1]) - 1, int(match[2])))


def hidden_in_ods(pieces: Iterable[bytes], sheet: str) -> Hidden:
    """What a sheet of an ods workbook hides.

    Args:
        pieces: the markup of all sheets.
        sheet: the name of one.
    """
    hidden, inside, places = Hidden(), False, {b"table-row": 0, b"table-column": 0}
    for closing, tag, attributes in _tags(pieces):
        if tag == b"table":
            if inside:
                return hidden
            name = _ODS_NAME.search(attributes)
            inside = not closing and name is not None and _text(name[1]) == sheet
        elif inside and not closing:
            times = _ODS_TIMES.search(attributes)
            first, count = places[tag], int(times[1]) if times else 1
            places[tag] = first + count
            if _ODS_HIDDEN.search(attributes):
                kept = hidden.rows if tag == b"table-row" else hidden.columns
                kept.update(range(first, min(first + count, _MOST_ROWS)))
    return hidden


def _tags(pieces: Iterable[bytes]) -> Iterator[tuple[bytes, bytes, bytes]]:
    """The tags of sheets, rows and columns: whether each closes, its name and its attributes."""
    before = b""
    for piece in pieces:
        markup = before + piece
        cut = markup.rfind(b"<")
        cut = cut if cut >= 0 and b">" not in markup[cut:] and len(markup) - cut < _LONGEST_TAG else len(markup)
        before = markup[cut:]
        for match in _ODS_TAG.finditer(markup, 0, cut):
            yield match[1], match[2], match[3]


def _text(attribute: bytes) -> str:
    return unescape(attribute.decode(errors="replace"), {"&quot;": '"', "&apos;": "'"})
