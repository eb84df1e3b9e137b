"""What the plots over iterations share: their axes, where the run stops, and the click that chooses an iteration."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QWidget

from gmm_desktop.session.snapshot import Snapshot
from gmm_desktop.ui.theme import SMALL
from gmm_desktop.ui.views.coordinates import Limits, Mapping
from gmm_desktop.ui.views.marks import draw_word
from gmm_desktop.ui.views.plot import ThemedPlot
from gmm_desktop.ui.views.stamp import Stamps

Array = NDArray[np.float64]

DENSE = 9.0  # pixels an iteration, under which the markers vanish
_FEWEST_ITERATIONS = 10
_NICE = (10, 12, 15, 20, 25, 30, 40, 50, 60, 80, 100)
_MOST_DRAWN = 600
_UNSEEN = 5e-4  # of the range: the axis stays where it would move by less
# A first jump is left out of the vertical range if it is this many times the whole rise after it.
JUMP = 2.0
_MOST_LEFT_OUT = 2
_STOPS = {"converged": "stop rule met", "failed": "collapsed"}


class IterationPlot(ThemedPlot):
    """A plot whose horizontal axis counts iterations.

    Signals:
        iteration_chosen: the iteration nearest to where a person clicked.
    """

    iteration_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, whole_numbers=True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.view_box.setMouseEnabled(False, False)
        self._snapshot: Snapshot | None = None
        self._limits = Limits(0.0, 0.0, 0.0, 0.0)
        self._labels = Stamps()
        self.x_axis.set_title("iteration")

    def show_limits(self, wanted: Limits) -> None:
        """Move the axes, if that can be seen."""
        if _differ(wanted, self._limits):
            self._limits = wanted
            self.view_box.setRange(
                xRange=(wanted.x_low, wanted.x_high), yRange=(wanted.y_low, wanted.y_high), padding=0
            )
            self.settle()

    def mousePressEvent(self, ev: QMouseEvent) -> None:
        super().mousePressEvent(ev)
        if ev.button() == Qt.MouseButton.LeftButton:
            self.choose_iteration(ev.position())

    def choose_iteration(self, position: QPointF) -> None:
        """Tell which iteration is nearest to a place of the widget."""
        place = self.mapToScene(position.toPoint())
        known = 0 if self._snapshot is None else len(self._snapshot.log_likelihoods)
        if known and self.view_box.sceneBoundingRect().contains(place):
            nearest = round(self.view_box.mapSceneToView(place).x())
            self.iteration_chosen.emit(min(max(nearest, 0), known - 1))

    def apart(self, mapping: Mapping) -> float:
        """Pixels from one iteration to the next, at a scale of one."""
        return mapping.width / max(mapping.limits.x_high - mapping.limits.x_low, 1e-9) / self.plot_style.scale

    def draw_label(self, painter: QPainter, mapping: Mapping, word: str, place: QPointF, colour: str) -> None:
        """A small word beginning at ``place`` (its base line), moved into the view; kept as pixels while it stays."""
        style, bounds = self.plot_style, QRectF(0, 0, mapping.width, mapping.height)
        size = QFontMetricsF(style.font(SMALL)).boundingRect(word)
        x = min(max(place.x(), 2.0), mapping.width - size.width() - 4)
        y = min(max(place.y(), size.height() + 2), mapping.height - 4)
        rim = 6 * style.scale
        self._labels.draw(
            painter,
            size.translated(x, y).adjusted(-rim, -rim, rim, rim),
            mapping.ratio,
            (word, x, y, colour, style),
            lambda onto: draw_word(onto, word, QPointF(x, y), colour, style, bounds, bold=False),
        )

    def draw_legend(
        self, painter: QPainter, mapping: Mapping, bottom: float, words: tuple[str, ...], pens: tuple[QPen, ...]
    ) -> None:
        """Words with samples of their lines, from the right, above ``bottom``: the corner that a climb leaves free."""
        style = self.plot_style
        metrics = QFontMetricsF(style.font(SMALL))
        sample, gap = 16 * style.scale, 5 * style.scale
        x, y = mapping.width - 8 * style.scale, bottom - 5 * style.scale
        for word, pen in zip(words, pens, strict=True):
            x -= metrics.horizontalAdvance(word)
            self.draw_label(painter, mapping, word, QPointF(x, y), style.theme.text)
            painter.setPen(pen)
            middle = y - metrics.xHeight() / 2
            painter.drawLine(QPointF(x - gap - sample, middle), QPointF(x - gap, middle))
            x -= 2.6 * gap + sample

    def draw_position(self, painter: QPainter, mapping: Mapping, place: float) -> None:
        """A line at a place of the horizontal axis: what is shown."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        x = float(mapping.x(np.array([place]))[0])
        painter.setPen(self.plot_style.pen(self.plot_style.theme.accent, 1.0, strength=0.5))
        painter.drawLine(QPointF(x, 0), QPointF(x, mapping.height))

    def draw_dot(self, painter: QPainter, mapping: Mapping, place: float, level: float, bottom: float) -> None:
        """A dot for what is shown, in view coordinates, kept between the top and ``bottom`` pixels; none for NaN."""
        if not math.isfinite(level):
            return
        style = self.plot_style
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        radius = 5.5 * style.scale
        x, y = float(mapping.x(np.array([place]))[0]), float(mapping.y(np.array([level]))[0])
        painter.setPen(QPen(QColor(style.theme.card), style.width(2.0)))
        painter.setBrush(QColor(style.theme.accent))
        painter.drawEllipse(QPointF(x, min(max(y, radius), bottom)), radius, radius)

    def draw_stop_line(self, painter: QPainter, mapping: Mapping) -> None:
        """A line at the iteration where the run stops."""
        snapshot = self._snapshot
        if snapshot is None or snapshot.stop_iteration is None:
            return
        style = self.plot_style
        x = float(mapping.x(np.array([float(snapshot.stop_iteration)]))[0])
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(style.pen(style.theme.muted, 1.6))
        painter.drawLine(QPointF(x, 0), QPointF(x, mapping.height))

    def stop_word(self, mapping: Mapping) -> tuple[str, QPointF] | None:
        """Why the run stops, and where that is said: a line above what is at the bottom; None where it does not."""
        snapshot = self._snapshot
        if snapshot is None or snapshot.stop_iteration is None:
            return None
        style = self.plot_style
        x = float(mapping.x(np.array([float(snapshot.stop_iteration)]))[0])
        word = f"{_STOPS.get(snapshot.outcome, 'stopped')} at {snapshot.stop_iteration}"
        metrics = QFontMetricsF(style.font(SMALL))
        left = x - metrics.horizontalAdvance(word) - 8 * style.scale
        if left < 2:  # an early stop on a long axis, as beside a longer run
            left = x + 12 * style.scale
        return word, QPointF(left, mapping.height - metrics.height() - 8 * style.scale)


def across(last: int, *, ended: bool) -> tuple[float, float]:
    """The range of the horizontal axis for iterations 0 to ``last``: it grows in few steps and not with every one."""
    right = max(last, 2) if ended else _room_for(last)
    return -0.025 * right, 1.025 * right


def first_after_jumps(values: Array) -> int:
    """The first iteration to show so that the rest is not flattened: at most the first two are left out, each
    only if its step up is more than twice the whole rise after it."""
    first = 0
    while first < min(_MOST_LEFT_OUT, values.size - 2):
        step, rest = values[first + 1] - values[first], values[-1] - values[first + 1]
        negligible = rest <= 1e-9 * abs(values[-1])
        if negligible or not step > JUMP * rest:
            break
        first += 1
    return first


def thinned(first: int, last: int) -> NDArray[np.intp]:
    """Iterations from ``first`` to ``last``, both of them, and not too many between."""
    if last - first < _MOST_DRAWN:
        return np.arange(first, last + 1)
    return np.asarray(np.linspace(first, last, _MOST_DRAWN).astype(np.intp))


def _room_for(last: int) -> int:
    """How many iterations the axis has room for."""
    if last <= _FEWEST_ITERATIONS:
        return _FEWEST_ITERATIONS
    unit = 10 ** (math.floor(math.log10(last)) - 1)
    return next((nice * unit for nice in _NICE if nice * unit >= last), last)


def _differ(a: Limits, b: Limits) -> bool:
    """Whether an axis has to move: by more than can be seen."""
    seen = (_UNSEEN * (a.x_high - a.x_low),) * 2 + (_UNSEEN * (a.y_high - a.y_low),) * 2
    return any(abs(p - q) > s for p, q, s in zip(a, b, seen, strict=True))
