"""Another run, in grey: dashed where two are compared, dotted where one branched from the other."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from gmm_desktop.ui.palette import component_letter
from gmm_desktop.ui.theme import SMALL
from gmm_desktop.ui.views.lines import Line, draw_pieces
from gmm_desktop.ui.views.style import PlotStyle

Array = NDArray[np.float64]

_WIDTH = 2.4
_DASH, _DOTS = 5.0, 7.0  # pixels
_MOST_PLACES = 1500
_EARLY = 250


def draw_dashed(painter: QPainter, lines: Sequence[Line], style: PlotStyle, width: float = _WIDTH) -> None:
    """Dashes along lines, each through (m,) pixels; as pieces of their own they cost a fraction of a dashed pen."""
    pieces = [_dashes(*line, _DASH * style.scale) for line in lines]
    if pieces:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        together = np.concatenate(pieces)
        for pen in (style.casing_pen(width, 0.9), style.pen(style.theme.muted, width)):
            pen = QPen(pen)
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            draw_pieces(painter, pen, together)


def draw_dotted(painter: QPainter, lines: Sequence[Line], style: PlotStyle) -> None:
    """Dots along lines, each through (m,) pixels."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for pen in (style.casing_pen(3.4, 1.0), style.pen(style.theme.muted, 3.4)):
        painter.setPen(pen)
        for x, y in lines:
            if x.size > 1:
                across, down = _along(x, y, _DOTS * style.scale)
                painter.drawPoints([QPointF(*place) for place in zip(across, down, strict=True)])


def draw_letters(painter: QPainter, places: Sequence[QPointF], style: PlotStyle, bounds: QRectF) -> None:
    """The letters of the other run, grey in a grey frame, below their places."""
    face = style.font(SMALL, bold=True)
    metrics = QFontMetricsF(face)
    painter.setFont(face)
    for c, place in enumerate(places):
        if not bounds.contains(place):
            continue
        wide = metrics.horizontalAdvance(component_letter(c)) + 8 * style.scale
        box = QRectF(place.x() - wide / 2, place.y() - metrics.height() / 2, wide, metrics.height())
        painter.setBrush(QColor(style.theme.card))
        painter.setPen(style.pen(style.theme.muted, 1.6))
        painter.drawRoundedRect(box, 3 * style.scale, 3 * style.scale)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, component_letter(c))


def draw_words(painter: QPainter, lines: Sequence[str], style: PlotStyle, bounds: QRectF) -> None:
    """What the grey is, in the upper right corner."""
    face = style.font(SMALL)
    metrics = QFontMetricsF(face)
    painter.setFont(face)
    painter.setPen(QColor(style.theme.muted))
    ground = QColor(style.theme.card)
    ground.setAlphaF(0.85)
    for number, line in enumerate(lines):
        room = bounds.width() - 12 * style.scale
        words = metrics.elidedText(line, Qt.TextElideMode.ElideMiddle, room)
        wide = metrics.horizontalAdvance(words) + 8 * style.scale
        box = QRectF(bounds.right() - wide - 2, bounds.top() + 2 + number * metrics.height(), wide, metrics.height())
        painter.fillRect(box, ground)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)


def few(length: int) -> NDArray[np.intp]:
    """Which of so many iterations show the way: all early ones, and of the later, whose steps are short, enough."""
    if length <= 2 * _EARLY:
        return np.arange(length)
    return np.concatenate([np.arange(_EARLY), np.linspace(_EARLY, length - 1, _EARLY).astype(np.intp)])


def _along(x: Array, y: Array, apart: float) -> Line:
    """Places along a line, as far apart; not so many that nobody could tell them apart."""
    way = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(x), np.diff(y)))])
    places = np.linspace(0.0, way[-1], 2 + min(int(way[-1] / apart), _MOST_PLACES))
    return np.interp(places, way, x), np.interp(places, way, y)


def _dashes(x: Array, y: Array, dash: float) -> Array:
    """Every other piece (m, 4) of a line."""
    if x.size < 2:
        return np.empty((0, 4))
    across, down = _along(x, y, dash)
    return np.column_stack([across[:-1], down[:-1], across[1:], down[1:]])[::2]
