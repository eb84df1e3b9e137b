"""Tables as text: what a spreadsheet, a browser, Markdown and LaTeX make of them."""

from __future__ import annotations

import csv
import html.parser
import io
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gmm_desktop.export.latex import latex_text
from gmm_desktop.export.tables import TextTable, exact, harmless, html_table, latex, markdown, tsv

NASTY = TextTable(
    ("a|b & c", "x_1 <b>bold</b>", "n"),
    (('=HYPERLINK("http://x")', -1.5e-7, 3), ("tab\there\nnew line", None, 0), ("turned \u202eround", 0.1 + 0.2, 4)),
)


class Cells(html.parser.HTMLParser):
    """The rows of a table, as a browser sees their text; any other element is an error."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        assert tag in ("meta", "table", "thead", "tbody", "tr", "th", "td")
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.rows[-1][-1] += data


def test_a_spreadsheet_gets_cells_that_stay_where_they_are_and_run_nothing() -> None:
    rows = [line.split("\t") for line in tsv(NASTY).split("\n")]
    assert rows == [
        ["a|b & c", "x_1 <b>bold</b>", "n"],
        ['\'=HYPERLINK("http://x")', "-1.5e-07", "3"],
        ["tab here new line", "", "0"],
        ["turned \u202eround", "0.30000000000000004", "4"],
    ]
    assert [line.split("\t") for line in tsv(NASTY, header=False).split("\n")] == rows[1:]


def test_html_holds_the_same_cells_and_no_markup_of_theirs() -> None:
    assert Cells(html_table(NASTY)).rows == [line.split("\t") for line in tsv(NASTY).split("\n")]


def test_markdown_has_one_line_a_row_and_pipes_between_cells_only() -> None:
    lines = markdown(NASTY).splitlines()
    assert len(lines) == 2 + 3
    for line in lines:
        assert len(re.findall(r"(?<!\\)\|", line)) == 4
    assert lines[0] == r"| a\|b \& c | x\_1 \<b\>bold\</b\> | n |".replace(r"\&", r"\&")
    assert lines[1] == "| :--- | ---: | ---: |"
    assert lines[4] == r"| turned \<U+202E\>round | 0.30000000000000004 | 4 |"


def test_numbers_that_are_none_are_empty() -> None:
    table = TextTable(("x",), ((float("nan"),), (float("inf"),), (None,)))
    assert tsv(table) == "x\n\n\n"
    assert "nan" not in html_table(table) + markdown(table) + latex(table)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_digit_is_there(value: float) -> None:
    assert float(exact(value)) == value
    table = TextTable(("x",), ((value,),))
    assert float(tsv(table).split("\n")[1]) == value
    assert float(markdown(table).splitlines()[2].strip("| ")) == value
    mathematics = latex(table).splitlines()[4].strip(" \\$").replace(r"\times10^{", "e").replace("}", "")
    assert float(mathematics) == value


@pytest.mark.parametrize(
    "cell",
    ["-5", "+5", " -5", "\u00a0-5", "-3,5", "-1.234,56", "+.5e-3", "-12 %", "-inf", "-", "text", "", "a=b", "1+1"],
)
def test_numbers_and_plain_text_are_not_touched(cell: str) -> None:
    assert harmless(cell) == cell


@pytest.mark.parametrize(
    "cell",
    [
        *("=1+1", "+1+1", "-1-1", "-cmd|' /C calc'!A1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "-(3)", "--1", "+"),
        *("-1.5abc", " =1", "\u00a0=1", "\u3000＝1", "\ufeff=1", "\u200b@A1", "＋1", "－1", "＠A1", "=", "@", "+1 +1"),
    ],
)
def test_what_would_run_gets_an_apostrophe(cell: str) -> None:
    assert harmless(cell) == "'" + cell


def test_a_table_of_tabs_keeps_its_cells_whatever_they_begin_with() -> None:
    words = ('"open', '"both"', "a\tb", "two\nlines", "'", "=1", "\r=1")
    lines = list(csv.reader(io.StringIO(tsv(TextTable(words, (words,)))), delimiter="\t"))
    assert lines == [['"open', '"both"', "a b", "two lines", "'", "'=1", "'=1"]] * 2


def test_a_row_of_latex_is_not_an_argument_of_the_end_of_the_row_before() -> None:
    """Behind two backslashes a star or brackets on the next line would be a length, or an error."""
    text = latex(TextTable(("[h]", "x"), (("[2em]", 1.0), ("*", 2.0), ("[", 3.0))))
    assert not re.search(r"(\\\\|hline)\s*[\[*]", text)
    assert "{}[2em]" in text


NAMES = [
    r"50% of $x_1^2 & #3 {a}\b~c",
    "größe é ğ ł ø ß Ångström",
    "Höhe in µm², 20 °C ± 3 − ½",
    "λ₁ Σ αβ",
    "漢字 and русский and ą and 🙂",
    "<i>\"quoted\"</i> 'single' | pipe",
    "turned \u202e round \u200f and \x00\x07",
    "e\u0301 decomposed, ǰ, ị",
    "[start] *star - `tick`",
    "\\input{/etc/passwd} ^^41 %",
]


@pytest.mark.parametrize("name", NAMES)
def test_latex_text_is_ascii_but_for_what_pdflatex_skips(name: str) -> None:
    text = re.sub(r"\\ifdefined\\Umathcode .*?\\else(\[[U+0-9A-F ]+\])\\fi\{\}", r"\1", latex_text(name))
    assert text.isascii()
    assert "\\input" not in text


@pytest.mark.skipif(not shutil.which("pdflatex"), reason="no LaTeX here")
def test_latex_sets_any_name(tmp_path: Path) -> None:
    names = tuple(NAMES)
    table = TextTable(names, ((*names,), tuple(range(len(names)))))
    document = "\\documentclass{article}\n\\begin{document}\n" + latex(table) + "\n\\end{document}\n"
    (tmp_path / "table.tex").write_text(document, "utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "table.tex"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, errors="replace", timeout=60)
    assert done.returncode == 0, done.stdout[-2000:]
    assert "Missing character" not in done.stdout
