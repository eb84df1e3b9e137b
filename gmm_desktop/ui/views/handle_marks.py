"""How handles and guesses look: cased, so that they stand off from points, and told apart by their shapes."""

from __future__ import annotations

import math

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF

from gmm_desktop.ui.palette import mixed
from gmm_desktop.ui.views.handles import Handle
from gmm_desktop.ui.views.style import PlotStyle

_RING, _SQUARE, _ROUND = 13.0, 6.5, 8.5  # half sizes in pixels
_FOCUS = 5.0  # how far outside of it the ring of the keyboard is
_ARC = 285  # degrees of the arrow that turns
_GUESS = 9.0


def draw_handle(painter: QPainter, handle: Handle, style: PlotStyle, *, current: bool, lit: bool) -> None:
    """One handle; ``current``: the keyboard is at it, ``lit``: the mouse is over it or has it."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    place, scale = QPointF(handle.x, handle.y), style.scale
    accent, card = style.theme.accent, style.theme.card
    fill = QColor(mixed(card, accent, 0.3) if lit else card)
    line = style.pen(accent, 2.2)
    half = {"mean": _RING, "turn": _ROUND}.get(handle.grip.kind, _SQUARE) * scale
    casing = style.casing_pen(2.2, 1.6)
    match handle.grip.kind:
        case "mean":
            for pen in (casing, line):
                painter.setPen(pen)
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawEllipse(place, half, half)
        case "turn":
            painter.setPen(casing)
            painter.setBrush(fill)
            painter.drawEllipse(place, half, half)
            _draw_turning(painter, place, half, line)
        case _:
            box = QRectF(place.x() - half, place.y() - half, 2 * half, 2 * half)
            for pen in (casing, line):
                painter.setPen(pen)
                painter.setBrush(fill)
                painter.drawRect(box)
    if current:
        _draw_focus(painter, place, half + _FOCUS * scale, style)


def draw_stem(painter: QPainter, start: Handle, end: Handle, style: PlotStyle) -> None:
    """The thin line that ties a handle to its mean."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    line = QLineF(start.x, start.y, end.x, end.y)
    for pen in (style.casing_pen(1.2), style.pen(style.theme.accent, 1.2)):
        painter.setPen(pen)
        painter.drawLine(line)


def draw_guess(painter: QPainter, place: QPointF, style: PlotStyle, component: int, *, current: bool) -> None:
    """A cross that lies askew, in its component's colour: where a person thinks that the mean goes."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    arm = _GUESS * style.scale
    lines = [
        QLineF(place.x() - arm, place.y() - arm, place.x() + arm, place.y() + arm),
        QLineF(place.x() - arm, place.y() + arm, place.x() + arm, place.y() - arm),
    ]
    for pen in (style.casing_pen(4.0, 2.0), style.pen(style.theme.text, 6.5), style.pen(style.colour(component), 4.0)):
        painter.setPen(pen)
        painter.drawLines(lines)
    if current:
        _draw_focus(painter, place, 1.9 * arm, style)


def draw_way(painter: QPainter, start: QPointF, end: QPointF, style: PlotStyle, *, dashed: bool) -> None:
    """The straight line between two places."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    line = style.pen(style.theme.text, 2.0)
    if dashed:
        line.setCapStyle(Qt.PenCapStyle.FlatCap)
        line.setDashPattern([3.0, 2.5])
    for pen in (style.casing_pen(2.0, 1.6), line):
        painter.setPen(pen)
        painter.drawLine(start, end)


def draw_label(painter: QPainter, words: str, near: QPointF, style: PlotStyle, bounds: QRectF, size: int) -> None:
    """Words on a small card beside a place: above it, or where there is room."""
    painter.setFont(style.font(size, bold=True))
    text = painter.fontMetrics().boundingRect(words)
    wide, high = text.width() + 16 * style.scale, text.height() + 8 * style.scale
    away = 22 * style.scale
    left = max(min(near.x() - wide / 2, bounds.right() - wide - 4), bounds.left() + 4)
    level = near.y() - high / 2
    choices = [
        QRectF(left, near.y() - away - high, wide, high),
        QRectF(near.x() + away, level, wide, high),
        QRectF(near.x() - away - wide, level, wide, high),
    ]
    below = QRectF(left, min(near.y() + away, bounds.bottom() - high - 4), wide, high)
    box = next((choice for choice in choices if bounds.contains(choice)), below)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(style.theme.border), 1.0))
    painter.setBrush(QColor(style.theme.card))
    painter.drawRoundedRect(box, 6 * style.scale, 6 * style.scale)
    painter.setPen(QColor(style.theme.text))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)


def _draw_focus(painter: QPainter, place: QPointF, radius: float, style: PlotStyle) -> None:
    ring = style.pen(style.theme.text, 1.8)
    ring.setCapStyle(Qt.PenCapStyle.FlatCap)
    ring.setDashPattern([2.2, 1.6])
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for pen in (style.casing_pen(1.8, 1.4), ring):
        painter.setPen(pen)
        painter.drawEllipse(place, radius, radius)


def _draw_turning(painter: QPainter, place: QPointF, half: float, line: QPen) -> None:
    """Most of a circle with a head at its end."""
    radius = 0.72 * half
    box = QRectF(place.x() - radius, place.y() - radius, 2 * radius, 2 * radius)
    arc = QPainterPath()
    arc.arcMoveTo(box, 90)
    arc.arcTo(box, 90, _ARC)
    painter.strokePath(arc, line)
    end = math.radians(90 + _ARC)
    tip = QPointF(place.x() + radius * math.cos(end), place.y() - radius * math.sin(end))
    onward, outward = QPointF(-math.sin(end), -math.cos(end)), QPointF(math.cos(end), -math.sin(end))
    size = 0.5 * half
    head = [tip + onward * size, tip + outward * size * 0.8, tip - outward * size * 0.8]
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(line.color())
    painter.drawPolygon(QPolygonF(head))
