"""The page that reports a fit as HTML that needs no other file and no network."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

from gmm_desktop.export.report_page import Page, Section
from gmm_desktop.export.tables import TextTable

# fmt: off
_STYLE = """
:root { color-scheme: light dark; --text: #15191e; --muted: #55606c; --page: #ffffff; --line: #d9dee4; --code: #f3f5f7 }
@media (prefers-color-scheme: dark) {
  :root { --text: #eef1f4; --muted: #a3adb8; --page: #14171b; --line: #343b44; --code: #1c2026 }
}
* { box-sizing: border-box }
body { margin: 0 auto; padding: 1.5rem; max-width: 66rem; background: var(--page); color: var(--text);
       font: 0.875rem/1.4 system-ui, "Segoe UI", "DejaVu Sans", sans-serif }
h1 { font-size: 1.4rem; margin: 0 0 1rem; overflow-wrap: anywhere }
h2 { font-size: 1.05rem; margin: 1rem 0 0.4rem; border-bottom: 1px solid var(--line) }
.beside { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 0 2rem }
.plots { display: grid; grid-template-columns: minmax(0, 1.6fr) minmax(0, 1fr); gap: 0.5rem }
figure { margin: 0; padding: 0.25rem; background: #ffffff; border: 1px solid var(--line); border-radius: 4px }
figure svg { display: block; width: 100%; height: auto }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; margin-bottom: 0.4rem }
th, td { padding: 0.1rem 0.9rem 0.1rem 0; text-align: left; vertical-align: top; overflow-wrap: anywhere;
         unicode-bidi: isolate }
th { color: var(--muted); font-weight: normal }
.facts th { white-space: nowrap }
.number { text-align: right; white-space: nowrap }
.rows tbody tr { border-top: 1px solid var(--line) }
.scroll { overflow-x: auto }
p { margin: 0.2rem 0; overflow-wrap: anywhere }
pre { margin: 0.3rem 0; padding: 0.5rem; background: var(--code); white-space: pre-wrap; overflow-wrap: anywhere;
      direction: ltr; unicode-bidi: bidi-override; font: 0.8rem/1.35 ui-monospace, "DejaVu Sans Mono", monospace }
footer { margin-top: 1rem; color: var(--muted); font-size: 0.8rem }
@media (max-width: 40rem) { .beside, .plots { grid-template-columns: minmax(0, 1fr) } }
@media print {
  @page { size: A4; margin: 11mm }
  :root { color-scheme: light; --text: #15191e; --muted: #55606c; --page: #ffffff; --line: #d9dee4; --code: #f3f5f7 }
  html { font-size: PRINTEDpx }
  body { padding: 0; max-width: none }
  .beside { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr) }
  .plots { grid-template-columns: minmax(0, 1.6fr) minmax(0, 1fr) }
  figure { border: 0; break-inside: avoid }
  figure svg { max-height: 62mm }
  tr { break-inside: avoid }
}
"""
# fmt: on
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
"""No script runs and nothing is loaded, whatever the names of columns say."""
_LARGEST_PRINT, _ROOM, _LINE = 10.5, 700.0, 1.425
"""Pixels; pixels of a sheet's height that the plots leave; a line's height, in sizes of the text."""
_USUAL_LINES = 40
"""Lines of text besides the table of components."""


@dataclass(frozen=True)
class Plot:
    """A drawing of the page: what it shows, in words, and the content of an SVG file."""

    about: str
    svg: bytes


def page_html(page: Page, plots: tuple[Plot, ...]) -> bytes:
    """One file that needs no other, and prints on one page."""
    drawn = "".join(_figure(plot, f"plot{index}-") for index, plot in enumerate(plots))
    parts = [
        "<!DOCTYPE html>",
        '<html lang="en" dir="ltr">',
        "<head>",
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{escaped(page.title)}</title>",
        f"<style>{_STYLE.replace('PRINTED', _printed(page))}</style>",
        "</head>",
        "<body>",
        f"<h1>{escaped(page.title)}</h1>",
        f'<div class="plots">{drawn}</div>',
        '<div class="beside">',
        f"<div>{section_html(page.data)}{section_html(page.result)}</div>",
        f"<div>{section_html(page.settings)}</div>",
        "</div>",
        section_html(page.components),
        section_html(page.command),
        f"<footer>{escaped(page.footer)}</footer>",
        "</body>",
        "</html>",
    ]
    return ("\n".join(parts) + "\n").encode(errors="replace")


def _printed(page: Page) -> str:
    """The size of a text in print, in pixels, such that all lines have room on a sheet of A4 below the plots."""
    table = page.components.table
    lines = _USUAL_LINES + (len(table.rows) if table is not None else 0)
    return f"{min(_LARGEST_PRINT, _ROOM / (_LINE * lines)):.2f}"


def escaped(text: str) -> str:
    """Text that is no markup."""
    return html.escape(text, quote=True)


def section_html(section: Section, *, on_paper: bool = False) -> str:
    """A part of the page. ``on_paper`` leaves out what only a screen has room for, and says so."""
    lines = [f'<section id="{escaped(section.heading.lower().replace(" ", "-"))}">']
    lines.append(f"<h2>{escaped(section.heading)}</h2>")
    if section.facts:
        rows = (
            f'<tr><th scope="row">{escaped(name)}</th><td>{escaped(value)}</td></tr>' for name, value in section.facts
        )
        lines.append(f'<table class="facts">{"".join(rows)}</table>')
    if section.table is not None:
        lines.append(f'<div class="scroll">{_table(section.table)}</div>')
    lines += [f"<p>{escaped(sentence)}</p>" for sentence in section.sentences]
    if section.code:
        lines += _code(section, on_paper)
    lines.append("</section>")
    return "\n".join(lines)


def _code(section: Section, on_paper: bool) -> list[str]:
    code = f"<pre>{escaped(section.code)}</pre>"
    if not section.aside:
        return [code]
    if on_paper:
        return [
            "<p>The command line carries the data or the start along, which this page has no room for: the report as "
            "HTML has it.</p>"
        ]
    about = "The command line carries the data or the start along; open it to copy it."
    return [f"<details><summary>{about}</summary>{code}</details>"]


def _table(table: TextTable) -> str:
    number = [all(_is_number(str(row[c])) for row in table.rows) for c in range(len(table.header))]
    side = [' class="number"' if is_number else "" for is_number in number]
    right = [' align="right"' if is_number else "" for is_number in number]  # what Qt's documents look at
    cells = list(zip(side, right, strict=True))
    head = "".join(
        f'<th scope="col"{a}{b}>{escaped(title)}</th>' for (a, b), title in zip(cells, table.header, strict=True)
    )
    rows = (
        "".join(f"<td{a}{b}>{escaped(str(cell))}</td>" for (a, b), cell in zip(cells, row, strict=True))
        for row in table.rows
    )
    body = "\n".join(f"<tr>{row}</tr>" for row in rows)
    return f'<table class="rows"><thead><tr>{head}</tr></thead>\n<tbody>{body}</tbody></table>'


def _is_number(cell: str) -> bool:
    return not cell or cell == "–" or re.fullmatch(r"-?[\d.]+(e-?\d+)?", cell) is not None


def _figure(plot: Plot, prefix: str) -> str:
    """An SVG file as a part of the page: names in it that another drawing has too get a prefix."""
    drawing = plot.svg.decode("utf-8", errors="replace")
    drawing = drawing[drawing.index("<svg") :]
    drawing = re.sub(r'(<svg[^>]*?) width="[^"]*" height="[^"]*"', r"\1", drawing, count=1)
    drawing = re.sub(r'\bid="([^"]+)"', rf'id="{prefix}\1"', drawing)
    drawing = re.sub(r"url\(#([^)]+)\)", rf"url(#{prefix}\1)", drawing)
    drawing = re.sub(r'href="#([^"]+)"', rf'href="#{prefix}\1"', drawing)
    drawing = re.sub(r"<title>.*?</title>\s*", "", drawing, count=1, flags=re.DOTALL)
    return f'<figure role="img" aria-label="{escaped(plot.about)}">{drawing}</figure>'
