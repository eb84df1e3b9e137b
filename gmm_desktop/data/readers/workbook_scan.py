"""What a workbook's reader does not tell: claims that do harm, errors, percentages, formulas, what is hidden."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree import ElementTree

from gmm_desktop.data.readers.archive import Entry, entries, pieces, unpacked
from gmm_desktop.data.readers.limits import MEGABYTE, check, largest_text
from gmm_desktop.data.readers.workbook_hidden import Hidden, hidden_in_ods, note_hidden
from gmm_desktop.data.table import DataError, quoted

#: A cell's markup that is cut in two between pieces is looked at again with so much of what came before.
_OVERLAP = 4096
_MOST_MARKS = 100_000
_ENTITIES = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
#: The value of a cell in which anything but text and the end of the element stands.
_BROKEN_VALUE = re.compile(rb"<(?:\w+:)?v(?:\s[^>]*)?>[^<&]*(?:&|<[!?])")
_START_OF_CELL = re.compile(rb"<(?:\w+:)?c\b[^>]*>")
_OF_TEXT = re.compile(rb"""\bt=["']str["']""")
_CELL = rb'<(?:\w+:)?c (?=[^>]*\br="([A-Z]{1,3})(\d{1,7})")'
_ERROR = re.compile(_CELL + rb'[^>]*\bt="e"')
_NO_RESULT = re.compile(_CELL + rb"[^>]*>\s*<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)\s*(?:<v\s*/>|<v></v>|</)")
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
#: Numbers of formats that every workbook knows as percentages.
_PERCENT = {"9", "10"}


@dataclass
class Marks:
    """What the markup of a sheet says of its cells, each a row and a column from 0.

    Attributes:
        errors: cells that hold an error.
        no_result: formulas whose result is not stored.
        percent: columns in which numbers are shown as percentages.
        hidden: rows and columns that are not shown.
    """

    errors: set[tuple[int, int]] = field(default_factory=set)
    no_result: set[tuple[int, int]] = field(default_factory=set)
    percent: set[int] = field(default_factory=set)
    hidden: Hidden = field(default_factory=Hidden)


def check_workbook(content: bytes, name: str) -> tuple[list[Entry], int]:
    """Refuses a zipped workbook that unpacks to too much, defines entities, or holds numbers in pieces.

    Returns:
        What is in it, and how many bytes of text the largest part of it holds.

    Raises:
        DataError: it is damaged or forged.
    """
    found = entries(content, name)
    limit = largest_text(len(content))
    text = [entry for entry in found if entry.name.lower().endswith((".xml", ".rels", ".bin"))]
    check(sum(entry.size for entry in text), limit, name)
    for entry in text:
        if entry.name.lower().endswith(".bin"):
            for _ in pieces(content, entry, name):
                pass
            continue
        for piece in _overlapping(content, entry, name):
            if _ENTITIES.search(piece) or piece.startswith((b"\xff\xfe", b"\xfe\xff")):
                raise DataError(
                    f"{quoted(name)} defines abbreviations of its own (XML entities), which can do harm; save it once "
                    "more with a spreadsheet program, or as CSV (text)."
                )
            if _breaks_a_number(piece):
                raise DataError(
                    f"{quoted(name)} holds a number in pieces, with a comment or the like between them, of which only "
                    "one would be read; save it once more with a spreadsheet program, or as CSV (text)."
                )
    return found, max((entry.size for entry in text), default=0)


def _breaks_a_number(piece: bytes) -> bool:
    """Whether a value is written so that its reader would take a part of it: "1<!-- -->5" or "1&#53;" for 15."""
    if b"&" not in piece and b"<!" not in piece and piece.rfind(b"<?") <= 0:
        return False
    for match in _BROKEN_VALUE.finditer(piece):
        cells = _START_OF_CELL.findall(piece, max(match.start() - _OVERLAP, 0), match.start())
        if not cells or not _OF_TEXT.search(cells[-1]):
            return True
    return False


def _overlapping(content: bytes, entry: Entry, name: str) -> Iterator[bytes]:
    """The pieces of an entry, each with the end of what came before."""
    before = b""
    for piece in pieces(content, entry, name):
        yield before + piece if before else piece
        before = (before + piece)[-_OVERLAP:]


def marks_of(content: bytes, found: list[Entry], sheet: str, name: str) -> Marks:
    """The marks of a sheet of an xlsx workbook; none where its place in the workbook is unusual.

    Of an ods workbook, which tells the rest with each cell, what is hidden.
    """
    marks = Marks()
    content_of_ods = next((entry for entry in found if entry.name == "content.xml"), None)
    if content_of_ods is not None:
        marks.hidden = hidden_in_ods(pieces(content, content_of_ods, name), sheet)
        return marks
    try:
        path = _path_of(content, found, sheet, name)
        styles = _percent_styles(content, found, name)
    except (ElementTree.ParseError, KeyError, ValueError):
        return marks
    entry = next((entry for entry in found if entry.name == path), None)
    if entry is None:
        return marks
    percent = None
    if styles:
        percent = re.compile(_CELL + rb'[^>]*\bs="(?:' + b"|".join(styles) + rb')"[^>]*>\s*<(?:\w+:)?[vf]\b')
    for piece in _overlapping(content, entry, name):
        note_hidden(piece, marks.hidden)
        if b't="e"' in piece:
            _note(_ERROR, piece, marks.errors)
        if b"<f" in piece or b":f" in piece:
            _note(_NO_RESULT, piece, marks.no_result)
        if percent is not None and len(marks.percent) < 100:
            marks.percent.update(_column(match[1]) for match in percent.finditer(piece) if match[2] != b"1")
    return marks


def _note(pattern: re.Pattern[bytes], piece: bytes, cells: set[tuple[int, int]]) -> None:
    for match in pattern.finditer(piece):
        if len(cells) >= _MOST_MARKS:
            return
        cells.add((int(match[2]) - 1, _column(match[1])))


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + letter - 64
    return number - 1


def _path_of(content: bytes, found: list[Entry], sheet: str, name: str) -> str:
    """Where in the archive a sheet is."""
    book = _tree(content, found, "xl/workbook.xml", name)
    relations = _tree(content, found, "xl/_rels/workbook.xml.rels", name)
    wanted = next(
        (el.get(_RELATION) for el in book.iter() if el.tag.endswith("}sheet") and el.get("name") == sheet), None
    )
    target = next((el.get("Target", "") for el in relations.iter() if el.get("Id") == wanted), "")
    return target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join("xl", target))


def _percent_styles(content: bytes, found: list[Entry], name: str) -> list[bytes]:
    """The numbers of the cell styles that show a percentage."""
    styles = _tree(content, found, "xl/styles.xml", name)
    formats = {
        el.get("numFmtId") for el in styles.iter() if el.tag.endswith("}numFmt") and "%" in el.get("formatCode", "")
    }
    table = next((el for el in styles.iter() if el.tag.endswith("}cellXfs")), None)
    rows = [] if table is None else list(table)
    return [b"%d" % index for index, el in enumerate(rows) if el.get("numFmtId") in formats | _PERCENT]


def _tree(content: bytes, found: list[Entry], path: str, name: str) -> ElementTree.Element:
    entry = next((entry for entry in found if entry.name == path), None)
    if entry is None or entry.size > 4 * MEGABYTE:
        raise KeyError(path)
    return ElementTree.fromstring(unpacked(content, entry, name, 4 * MEGABYTE))
