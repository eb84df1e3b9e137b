"""The page that reports a fit on a sheet of A4, as a PDF file."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QPointF, QRectF
from PySide6.QtGui import QColor, QFont, QPageSize, QPainter, QPdfWriter, QTextDocument

from gmm_desktop.export.report_html import escaped, section_html
from gmm_desktop.export.report_page import Page
from gmm_desktop.ui.pictures import PictureLook
from gmm_desktop.ui.theme import LIGHT
from gmm_desktop.ui.vectors import POINTS_AN_INCH, Recorded, paint_recorded

_DOTS_AN_INCH = 1200
_WIDTH, _HEIGHT = 595.0, 842.0  # points
_MARGIN = 34.0
_GAP = 14.0
_FINE = 16
"""Units of a text in a point: a letter is placed at a whole sixty-fourth of one, which is coarse for one a point."""
_TEXT = 8.0  # points high, where all of it has room so
_SMALLER = 0.93
_SMALLEST = 3.0
_LEAST_PLOTS = 0.55
"""Of their width: the share to which the plots shrink before the text does more than that."""


@dataclass(frozen=True)
class Drawing:
    """A plot as it was recorded, and in which looks."""

    recorded: Recorded
    look: PictureLook


def page_pdf(page: Page, drawings: tuple[Drawing, ...]) -> bytes:
    """One page of A4 with text that can be selected; what is much is set smaller. In whatever thread."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(_DOTS_AN_INCH)
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    writer.setPageMargins(QMarginsF(0, 0, 0, 0))
    writer.setTitle(page.title)
    writer.setCreator("GMM Desktop")
    painter = QPainter(writer)
    painter.scale(_DOTS_AN_INCH / POINTS_AN_INCH, _DOTS_AN_INCH / POINTS_AN_INCH)
    _Sheet(page, drawings).paint(painter)
    painter.end()
    return bytes(buffer.data().data())


class _Sheet:
    """The texts at the largest size at which they fit below the plots."""

    def __init__(self, page: Page, drawings: tuple[Drawing, ...]) -> None:
        self._drawings = drawings
        size, share = _TEXT, 1.0
        self._set(page, size, share)
        while self._bottom > _HEIGHT - _MARGIN and size > _SMALLEST:
            share = max(share * _SMALLER, _LEAST_PLOTS)
            size *= _SMALLER
            self._set(page, size, share)

    def _set(self, page: Page, size: float, share: float) -> None:
        """Lay everything out, with text of ``size`` points and plots of a ``share`` of the page's width."""
        full = _WIDTH - 2 * _MARGIN
        half = (full - _GAP) / 2
        head = _document(f"<h1>{escaped(page.title)}</h1>", full, size)
        left = _document(section_html(page.data) + section_html(page.result), half, size)
        right = _document(section_html(page.settings), half, size)
        command = section_html(page.command, on_paper=True)
        below = f'{section_html(page.components)}{command}<p class="footer">{escaped(page.footer)}</p>'
        last = _document(below, full, size)
        y = _MARGIN + head.size().height() / _FINE
        self._plots_at = QPointF(_MARGIN, y)
        pixels = sum(drawing.look.width for drawing in self._drawings)
        self._unit = full * share / max(pixels, 1)
        y += max((drawing.look.height for drawing in self._drawings), default=0) * self._unit
        columns = QPointF(_MARGIN, y), QPointF(_MARGIN + half + _GAP, y)
        y += max(left.size().height() / _FINE, right.size().height() / _FINE)
        self._texts = (
            (head, QPointF(_MARGIN, _MARGIN)),
            (left, columns[0]),
            (right, columns[1]),
            (last, QPointF(_MARGIN, y)),
        )
        self._bottom = y + last.size().height() / _FINE

    def paint(self, painter: QPainter) -> None:
        for document, place in self._texts:
            painter.save()
            painter.translate(place)
            painter.scale(1 / _FINE, 1 / _FINE)
            document.drawContents(painter, QRectF())
            painter.restore()
        painter.save()
        painter.translate(self._plots_at)
        painter.scale(self._unit, self._unit)
        for drawing in self._drawings:
            paint_recorded(painter, drawing.recorded, drawing.look)
            painter.translate(drawing.look.width, 0)
        painter.restore()


def _document(markup: str, width: float, size: float) -> QTextDocument:
    """A text of ``_FINE`` units a point; its sizes are in pixels, which no screen's density changes."""
    document = QTextDocument()
    document.setUseDesignMetrics(True)
    document.setDocumentMargin(0)
    font = QFont()
    font.setPixelSize(round(size * _FINE))
    font.setFeature(QFont.Tag("liga"), 0)  # what is copied is to have an f and an i
    document.setDefaultFont(font)
    document.setDefaultStyleSheet(_style(size * _FINE))
    document.setHtml(f"<body>{markup}</body>")
    document.setTextWidth(width * _FINE)
    return document


def _style(size: float) -> str:
    muted, text = QColor(LIGHT.muted).name(), QColor(LIGHT.text).name()
    return (
        f"body {{ color: {text}; font-size: {size:.2f}px }} "
        f"h1 {{ font-size: {1.7 * size:.2f}px; margin: 0 }} "
        f"h2 {{ font-size: {1.2 * size:.2f}px; margin-top: {0.8 * size:.0f}px; margin-bottom: {0.2 * size:.0f}px }} "
        f"th {{ color: {muted}; font-weight: normal; text-align: left }} "
        f"td, th {{ padding-right: {size:.0f}px }} "
        f"p {{ margin-top: {0.2 * size:.0f}px; margin-bottom: 0 }} "
        f"pre {{ font-family: monospace; font-size: {0.9 * size:.2f}px; white-space: pre-wrap; margin: 0 }} "
        f".footer {{ color: {muted}; margin-top: {0.8 * size:.0f}px }}"
    )
