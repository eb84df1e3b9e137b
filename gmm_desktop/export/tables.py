"""A table as text: tab-separated, HTML, Markdown or LaTeX, with every digit."""

from __future__ import annotations

import html
import math
import re
from collections.abc import Callable
from dataclasses import dataclass

from gmm_desktop.export.latex import latex_number, latex_text

Cell = str | int | float | None
"""A word, a number, or nothing; a number that is not finite is nothing."""

#: A spreadsheet runs a cell that begins with one of these as a formula; the wide ones count in East Asian versions.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
#: What stands before such a character and is passed over: spaces of all kinds, and what is not seen at all.
_UNSEEN = " \u00a0\u1680\u202f\u205f\u3000\u200b\u2060\ufeff" + "".join(map(chr, range(0x2000, 0x200B)))
#: A number however it is written: with a decimal comma, thousands, an exponent, a per cent sign.
_NUMBER = re.compile(r"[+-]?(\d[\d.,'\u00a0\u202f]*|[.,]\d+)([eE][+-]?\d+)?\s?%?|[+-]?(inf(inity)?|nan)", re.IGNORECASE)
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|~$&^])")


@dataclass(frozen=True)
class TextTable:
    """Rows below headings.

    Attributes:
        header: the headings; show them as plain text.
        rows: each as long as ``header``.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def is_numeric(self, column: int) -> bool:
        """Whether a column holds numbers alone, so that it is set flush right."""
        return bool(self.rows) and not any(isinstance(row[column], str) for row in self.rows)


def exact(value: float) -> str:
    """As many digits as it takes to read the same bits back; "" for what is not finite."""
    if isinstance(value, int):
        return str(value)
    return repr(float(value)) if math.isfinite(value) else ""


def one_line(text: str) -> str:
    """Text on one line; a character that cannot be seen, or that turns the direction of writing, as its code."""
    shown = "".join(c if c.isprintable() or c.isspace() else f"<U+{ord(c):04X}>" for c in text)
    return " ".join(shown.split())


def harmless(cell: str) -> str:
    """A text cell that no spreadsheet runs: an apostrophe stands before one that it would. Numbers stay."""
    bare = cell.lstrip(_UNSEEN)
    if not cell.startswith(_FORMULA) and not bare.startswith(_FORMULA):
        return cell
    return cell if bare == "-" or _NUMBER.fullmatch(bare) else "'" + cell


def tsv(table: TextTable, header: bool = True) -> str:
    """Lines of cells with tabs between them, as spreadsheets paste them."""
    rows = [*([table.header] if header else []), *table.rows]
    return "\n".join("\t".join(_cell(cell, _tabbed, exact) for cell in row) for row in rows)


def html_table(table: TextTable, header: bool = True) -> str:
    """A table element, as word processors and spreadsheets paste it."""

    def word(text: str) -> str:
        return html.escape(_plain(text))

    head = "".join(f"<th>{word(title)}</th>" for title in table.header)
    lines = [f"<thead><tr>{head}</tr></thead>"] if header else []
    lines.append("<tbody>")
    for row in table.rows:
        cells = (f"<td{_side(cell)}>{_cell(cell, word, exact)}</td>" for cell in row)
        lines.append(f"<tr>{''.join(cells)}</tr>")
    return "\n".join(['<meta charset="utf-8">', "<table>", *lines, "</tbody>", "</table>"])


def markdown(table: TextTable) -> str:
    """A table with pipes, as GitHub and Pandoc read it."""
    marks = ["---:" if table.is_numeric(column) else ":---" for column in range(len(table.header))]
    lines = [[markdown_text(title) for title in table.header], marks]
    lines += [[_cell(cell, markdown_text, exact) for cell in row] for row in table.rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def markdown_text(text: str) -> str:
    """Words that Markdown shows as they are, in a table too."""
    return _MARKDOWN.sub(r"\\\1", one_line(text))


def latex(table: TextTable) -> str:
    """A tabular environment that needs no package."""
    columns = "".join("r" if table.is_numeric(column) else "l" for column in range(len(table.header)))
    lines = [" & ".join(map(_latex_word, table.header))]
    lines += [" & ".join(_cell(cell, _latex_word, _latex_number) for cell in row) for row in table.rows]
    head, *body = (rf"  {line} \\" for line in lines)
    return "\n".join([rf"\begin{{tabular}}{{{columns}}}", r"  \hline", head, r"  \hline", *body, r"  \hline",
                      r"\end{tabular}"])  # fmt: skip


def _latex_word(text: str) -> str:
    word = latex_text(one_line(text))
    return f"{{}}{word}" if word.startswith(("[", "*")) else word  # which the end of the row before would take


def _latex_number(value: float) -> str:
    return latex_number(exact(value))


def _plain(text: str) -> str:
    return harmless(" ".join(text.split("\t"))) if "\n" not in text and "\r" not in text else harmless(one_line(text))


def _tabbed(text: str) -> str:
    """In quotation marks where it begins with one, which would hold all up to the next together."""
    plain = _plain(text)
    return '"' + plain.replace('"', '""') + '"' if plain.startswith('"') else plain


def _side(cell: Cell) -> str:
    return "" if isinstance(cell, str) else ' align="right"'


def _cell(cell: Cell, word: Callable[[str], str], number: Callable[[float], str]) -> str:
    if cell is None:
        return ""
    return word(cell) if isinstance(cell, str) else number(cell)
