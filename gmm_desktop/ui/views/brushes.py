"""How painting looks before it counts: points put down and taken away, and the shape of the tool under the mouse."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from gmm_desktop.data import Dataset
from gmm_desktop.ui.theme import BODY
from gmm_desktop.ui.views.handle_marks import draw_label
from gmm_desktop.ui.views.points import Discs, disc_radius
from gmm_desktop.ui.views.style import PlotStyle
from gmm_desktop.ui.views.surface import Surface

Array = NDArray[np.float64]

_MOST_DRAWN, _MOST_CROSSED_OUT = 20_000, 3000
"""Of more than these one in several is drawn: they are seen for the time of a stroke."""
_TICK = 16.0  # pixels
_CROSS = 9.0
_TURNS = np.linspace(0.0, 2 * math.pi, 73)


class PaintMarks:
    """Points that have been painted or erased but are not part of the data shown yet, and the ghost of a tool."""

    def __init__(self) -> None:
        self._fresh: list[Array] = []
        self._gone: list[Array] = []
        self._goal: Dataset | None = None  # with which they are no longer needed
        self._discs = Discs()

    def add(self, points: Array) -> None:
        """Points (m, d) that were put down."""
        self._fresh.append(points)

    def take(self, points: Array) -> None:
        """Points (m, d) that were taken away."""
        self._gone.append(points)

    def wait_for(self, dataset: Dataset | None) -> None:
        """The data that hold all of it."""
        self._goal = dataset
        if dataset is None:
            self.forget()

    def follow(self, dataset: Dataset | None) -> None:
        """The data to be shown now; others than those waited for know nothing of what was painted."""
        if dataset is not self._goal:
            self.forget()

    def forget(self) -> None:
        """There is nothing to be seen."""
        self._fresh, self._gone, self._goal = [], [], None

    def draw_strokes(
        self, painter: QPainter, surface: Surface, style: PlotStyle, fresh: list[Array], gone: list[Array]
    ) -> None:
        """What was painted and erased, and what is now being (., d)."""
        if surface.dataset is self._goal:
            self.forget()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for pieces, draw, most in (
            ([*self._gone, *gone], self._draw_gone, _MOST_CROSSED_OUT),
            ([*self._fresh, *fresh], self._draw_fresh, _MOST_DRAWN),
        ):
            points = np.concatenate(pieces) if pieces else np.empty((0, len(surface.columns)))
            if len(points) and points.shape[1] == len(surface.columns):
                draw(painter, surface, style, points[:: math.ceil(len(points) / most)])

    def _draw_fresh(self, painter: QPainter, surface: Surface, style: PlotStyle, points: Array) -> None:
        view = surface.view(points)
        if not surface.flat:
            shade = np.zeros(len(points), dtype=np.intp)
            self._discs.draw(painter, surface.mapping, view[0], view[1], shade, style, 0)
            return
        base = _base(surface)
        lines = [QLineF(x, base, x, base - _TICK * style.scale) for x in surface.mapping.x(view[0])]
        painter.setPen(style.pen(style.theme.text, 1.4))
        painter.drawLines(lines)

    def _draw_gone(self, painter: QPainter, surface: Surface, style: PlotStyle, points: Array) -> None:
        """Emptied: a hollow ring on the background's colour."""
        view = surface.view(points)
        size = 0 if surface.dataset is None else surface.dataset.size
        radius = disc_radius(size, style.scale) + 0.6 * style.scale
        across = surface.mapping.x(view[0])
        down = np.full_like(across, _base(surface) + 6 * style.scale) if surface.flat else surface.mapping.y(view[1])
        painter.setPen(style.pen(style.theme.muted, 1.0))
        painter.setBrush(QColor(style.theme.card))
        for x, y in zip(across, down, strict=True):
            painter.drawEllipse(QPointF(x, y), radius, radius)

    def draw_ghost(
        self,
        painter: QPainter,
        surface: Surface,
        style: PlotStyle,
        tool: str,
        place: tuple[float, ...],
        radius: float,
        factor: Array,
        height: float,
    ) -> None:
        """The shape of a tool at a place; ``radius`` in pixels of a desk, ``factor`` (d, d) of a stamp.

        ``height``: the vertical pixel of what has no height of its own in one column.
        """
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        half = surface.reach(radius)
        shapes: list[tuple[Array, bool]]
        if tool == "stamp":
            shapes = [(2 * factor, True), (factor, False)]
        elif tool == "point":
            shapes = [(np.diag(surface.reach(disc_radius(100, 1.0) + 2)), False)]
        else:
            shapes = [(np.diag(half), tool == "erase")]
            if tool == "spray":
                shapes.append((np.diag(half / 2), True))
        for shape, dashed in shapes:
            for pen in (style.casing_pen(1.8), _line(style, dashed)):
                painter.setPen(pen)
                if surface.flat:
                    painter.drawLines(_edges(surface, place[0], float(shape[0, 0]), height, style.scale))
                else:
                    painter.drawPolyline(_ellipse(surface, np.asarray(place), shape))
        if tool in ("stamp", "erase"):
            self._draw_sign(painter, surface, style, place, height, plus=tool == "stamp")

    def _draw_sign(
        self,
        painter: QPainter,
        surface: Surface,
        style: PlotStyle,
        place: tuple[float, ...],
        height: float,
        *,
        plus: bool,
    ) -> None:
        """What is in the middle: a plus where points come, a minus where they go."""
        x, y = surface.pixel(np.asarray(place))
        y, arm = height if surface.flat else y, 5 * style.scale
        lines = [QLineF(x - arm, y, x + arm, y)] + ([QLineF(x, y - arm, x, y + arm)] if plus else [])
        for pen in (style.casing_pen(1.8), _line(style, dashed=False)):
            painter.setPen(pen)
            painter.drawLines(lines)

    def draw_cross(self, painter: QPainter, surface: Surface, style: PlotStyle, place: tuple[float, ...]) -> None:
        """Where the keys are: four strokes as of a sight; in one column a line from top to bottom."""
        x, y = surface.pixel(np.asarray(place))
        inner, outer = _CROSS * style.scale, 2.2 * _CROSS * style.scale
        if surface.flat:
            strokes = [QLineF(x, 0, x, surface.mapping.height)]
        else:
            ways = ((1, 0), (-1, 0), (0, 1), (0, -1))
            strokes = [QLineF(x + a * inner, y + b * inner, x + a * outer, y + b * outer) for a, b in ways]
        for pen in (style.casing_pen(2.4), style.pen(style.theme.text, 2.4)):
            painter.setPen(pen)
            painter.drawLines(strokes)

    def draw_words(
        self,
        painter: QPainter,
        surface: Surface,
        style: PlotStyle,
        words: str,
        mouse: tuple[float, float] | None,
        radius: float,
    ) -> None:
        """How many points, beside the mouse."""
        if mouse is None:
            return
        bounds = QRectF(0, 0, surface.mapping.width, surface.mapping.height)
        half = radius * style.scale
        taken = QRectF(mouse[0] - half, mouse[1] - half, 2 * half, 2 * half)
        draw_label(painter, words, [QPointF(*mouse), QPointF(mouse[0], mouse[1] - half)], style, bounds, BODY, [taken])


def few(points: Array, rows: NDArray[np.intp]) -> Array:
    """These rows of (n, d), or of very many of them one in several: what is enough to be seen."""
    return np.asarray(points[rows[:: math.ceil(len(rows) / _MOST_CROSSED_OUT) or 1]])


def _line(style: PlotStyle, dashed: bool) -> QPen:
    pen = style.pen(style.theme.accent, 1.8)
    if dashed:
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        pen.setDashPattern([3.0, 2.4])
    return pen


def _base(surface: Surface) -> float:
    """One column: the vertical pixel of the axis."""
    return float(surface.mapping.y(np.zeros(1))[0])


def _ellipse(surface: Surface, centre: Array, factor: Array) -> QPolygonF:
    circle = np.stack([np.cos(_TURNS), np.sin(_TURNS)], axis=1)
    view = surface.view(centre + circle @ factor.T)
    across, down = surface.mapping.x(view[0]), surface.mapping.y(view[1])
    return QPolygonF([QPointF(x, y) for x, y in zip(across, down, strict=True)])


def _edges(surface: Surface, middle: float, half: float, height: float, scale: float) -> list[QLineF]:
    """One column: the two ends of an interval, and a line between them."""
    low, high = (surface.pixel(np.array([value]))[0] for value in (middle - half, middle + half))
    tall = 22 * scale
    ends = [QLineF(x, height - tall, x, height + tall) for x in (low, high)]
    return [*ends, QLineF(low, height, high, height)]
