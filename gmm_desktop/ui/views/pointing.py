"""The point that a person looks at: found under the mouse, pinned by a click, walked to by keys, marked in the plot."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QEvent, QLineF, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPolygonF
from PySide6.QtWidgets import QApplication

from gmm_desktop.data import Dataset
from gmm_desktop.session.snapshot import Snapshot
from gmm_desktop.ui.inspection import Target
from gmm_desktop.ui.views.content import MANY, Cloud
from gmm_desktop.ui.views.coordinates import Mapping
from gmm_desktop.ui.views.data_plot import DataPlot
from gmm_desktop.ui.views.errand import Cancelled, Errand
from gmm_desktop.ui.views.layer import Layer
from gmm_desktop.ui.views.nearest import NONE, REACH, following, nearest
from gmm_desktop.ui.views.style import PlotStyle

_DEPTH = 40
_RING, _TICK = 9.0, 6.0  # pixels


class Pointing(QObject):
    """Follows the mouse over a data plot.

    Signals:
        changed: (Target or None, whether it is pinned); a pinned one stays wherever the mouse goes.
    """

    changed = Signal(object, bool)

    def __init__(self, plot: DataPlot) -> None:
        super().__init__(plot)
        self._plot = plot
        self._dataset: Dataset | None = None
        self._hovered: Target | None = None
        self._pinned: Target | None = None
        self._since = 0.0  # when the pin was set
        self._watching = True
        self._hovers: Errand[int] = Errand(self)
        self._clicks: Errand[int] = Errand(self)
        self._layer = Layer(plot.view_box, _DEPTH, self._draw)
        plot.hovered.connect(self._on_hovered)
        plot.clicked.connect(self._on_clicked)

    @property
    def target(self) -> Target | None:
        """What is looked at."""
        return self._pinned or self._hovered

    @property
    def pinned(self) -> bool:
        """Whether it stays."""
        return self._pinned is not None

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Let go of a point of other data; while the mouse places or guesses it pins nothing."""
        self._watching = snapshot.mode == "watching"
        if snapshot.dataset is not self._dataset:
            self._dataset = snapshot.dataset
            self._hovers.cancel()
            self._clicks.cancel()
            self._take(None, None)

    def pin(self, target: Target) -> None:
        """Look at a point of the shown data until something else is pinned."""
        self._clicks.cancel()
        self._take(target, None)

    def unpin(self) -> None:
        """Let go of the pinned point."""
        self._clicks.cancel()
        if self.pinned:
            self._take(None, None)

    def walk(self, direction: int) -> None:
        """Pin the next point (+1) or the one before (-1) in the order of the axes; on one axis the next value."""
        cloud = self._plot.cloud
        if cloud is None:
            return
        after = self._view_place(cloud)
        coordinates = cloud.coordinates

        def look(cancelled: Cancelled) -> int | None:
            return following(coordinates, after, direction, cancelled, each=not _is_axis(cloud))

        self._look(self._clicks, cloud, look, lambda row: self._pin_row(cloud, row) if row != NONE else None)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Escape lets go, before it does anything else in the window that this is installed on."""
        if (
            not self.pinned
            or not self._watching
            or not isinstance(event, QKeyEvent)
            or event.key() != Qt.Key.Key_Escape
        ):
            return False
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        if event.type() == QEvent.Type.KeyPress:
            self.unpin()
            return True
        return False

    def _view_place(self, cloud: Cloud) -> tuple[float, ...] | None:
        """Where the target is among the points that are walked through."""
        if self.target is None:
            return None
        shown = self.target.place[list(cloud.columns)]
        place = tuple(float(s.to_view(shown[i : i + 1])[0]) for i, s in enumerate(cloud.scales))
        return (*place, float(self.target.row or 0))

    def _on_hovered(self, place: tuple[float, float] | None) -> None:
        if self.pinned:
            return
        if place is None:
            self._hovers.cancel()
            self._take(None, None)
        else:
            self._find(self._hovers, place, lambda target: self._take(self._pinned, target))

    def _on_clicked(self, x: float, y: float) -> None:
        if not self._watching:
            return

        def clicked(target: Target | None) -> None:
            # On an axis every place is one, so that a click on the pin itself is what lets go of it.
            again = target is not None and target.row is None and self._is_pin(target)
            self._take(None if again else target, None)

        self._find(self._clicks, (x, y), clicked)

    def _is_pin(self, target: Target) -> bool:
        """Whether a click at a place means the pin that is there, and is not the second half of a double click."""
        cloud = self._plot.cloud
        waited = (time.monotonic() - self._since) * 1e3
        if cloud is None or self._pinned is None or waited < QApplication.doubleClickInterval():
            return False
        away = float(target.place[0] - self._pinned.place[0]) / cloud.scales[0].factor
        return abs(away) * self._pixels()[0] < REACH / 2

    def _find(self, errand: Errand[int], place: tuple[float, float], then: Callable[[Target | None], None]) -> None:
        """The target at a place in data coordinates, at once or, among many points, soon."""
        cloud = self._plot.cloud
        if cloud is None:
            return
        pixels = self._pixels()
        if _is_axis(cloud):
            then(_place_on(cloud, place[0], cloud.scales[0].factor / pixels[0]))
            return
        at = tuple((value - s.offset) / s.factor for value, s in zip(place, cloud.scales, strict=False))
        coordinates = cloud.coordinates

        def look(cancelled: Cancelled) -> int | None:
            return nearest(coordinates, at, pixels[: len(at)], cancelled)

        def found(row: int) -> None:
            then(None if row == NONE else Target.of_row(cloud.dataset, row))

        self._look(errand, cloud, look, found)

    def _look(
        self,
        errand: Errand[int],
        cloud: Cloud,
        work: Callable[[Cancelled], int | None],
        then: Callable[[int], None],
    ) -> None:
        if cloud.size > MANY:
            errand.run(work, then)
            return
        found = work(lambda: False)
        if found is not None:
            then(found)

    def _pin_row(self, cloud: Cloud, row: int) -> None:
        self._take(Target.of_row(cloud.dataset, row), None)

    def _take(self, pinned: Target | None, hovered: Target | None) -> None:
        if pinned is not None:
            self._hovers.cancel()
        before = (self._pinned, self._hovered)
        self._pinned, self._hovered = pinned, hovered
        if pinned is not before[0]:
            self._since = time.monotonic()
        if not (_same(before[0], pinned) and _same(before[1], hovered)):
            self._layer.update()
            self.changed.emit(self.target, self.pinned)

    def _pixels(self) -> tuple[float, float]:
        """How many pixels a unit of each axis of the view has."""
        (x_low, x_high), (y_low, y_high) = self._plot.view_box.viewRange()
        shown = self._plot.view_box.rect()
        return shown.width() / (x_high - x_low), shown.height() / (y_high - y_low)

    def _draw(self, painter: QPainter, mapping: Mapping) -> None:
        cloud, target = self._plot.cloud, self.target
        if cloud is None or target is None or target.dataset is not cloud.dataset:
            return
        shown = [s.to_view(target.place[[c]]) for c, s in zip(cloud.columns, cloud.scales, strict=True)]
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        x = float(mapping.x(shown[0])[0])
        if len(shown) == 1:
            _draw_line(painter, x, mapping.height, self._plot.plot_style, self.pinned)
        else:
            _draw_ring(painter, QPointF(x, float(mapping.y(shown[1])[0])), self._plot.plot_style, self.pinned)


def _is_axis(cloud: Cloud) -> bool:
    """Whether any place on the axis is a whole point."""
    return cloud.dataset.dimension == 1


def _place_on(cloud: Cloud, x: float, pixel: float) -> Target:
    """A place on the axis, to the decimals that a pixel (in data units) can tell."""
    decimals = -math.floor(math.log10(pixel)) if pixel > 0 else 0
    return Target(cloud.dataset, np.array([round(x, decimals) + 0.0]))


def _same(a: Target | None, b: Target | None) -> bool:
    if a is None or b is None:
        return a is b
    return a.dataset is b.dataset and a.row == b.row and bool((a.place == b.place).all())


def _draw_ring(painter: QPainter, centre: QPointF, style: PlotStyle, pinned: bool) -> None:
    """A cased ring; a pinned one has the four strokes of a sight, so that its shape tells."""
    radius, tick = _RING * style.scale, _TICK * style.scale
    outer = radius + tick
    strokes = [
        QLineF(centre + QPointF(dx * radius, dy * radius), centre + QPointF(dx * outer, dy * outer))
        for dx, dy in ((1, 0), (-1, 0), (0, 1), (0, -1))
    ]
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for pen in (style.casing_pen(2.2), style.pen(style.theme.text, 2.2)):
        painter.setPen(pen)
        painter.drawEllipse(centre, radius, radius)
        if pinned:
            painter.drawLines(strokes)


def _draw_line(painter: QPainter, x: float, height: float, style: PlotStyle, pinned: bool) -> None:
    """A cased line through the axis; a pinned one has the head of a pin."""
    for pen in (style.casing_pen(1.6), style.pen(style.theme.text, 1.6)):
        painter.setPen(pen)
        painter.drawLine(QPointF(x, 0), QPointF(x, height))
    if pinned:
        wide = 7.0 * style.scale
        head = QPolygonF([QPointF(x - wide, 0), QPointF(x + wide, 0), QPointF(x, 1.6 * wide)])
        painter.setPen(style.pen(style.theme.card, 1.3))
        painter.setBrush(QColor(style.theme.text))
        painter.drawPolygon(head)
