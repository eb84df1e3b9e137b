"""What the stop rule looks at, iteration by iteration, and the tolerance as a line to drag."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QWidget

from gmm_desktop.mixture import STOP_RULES
from gmm_desktop.session.conditions import can_change
from gmm_desktop.session.snapshot import Snapshot
from gmm_desktop.session.would_stop import would_stop
from gmm_desktop.ui.gain_sentences import measure_name, tolerance_sentence
from gmm_desktop.ui.numbers import tidy
from gmm_desktop.ui.palette import mixed
from gmm_desktop.ui.views.coordinates import Limits, Mapping
from gmm_desktop.ui.views.iterations import DENSE, IterationPlot, across, thinned
from gmm_desktop.ui.views.layer import Layer
from gmm_desktop.ui.views.lines import draw_curve, fewest_places
from gmm_desktop.ui.views.sentence import Sentence
from gmm_desktop.ui.views.style import PlotStyle
from gmm_desktop.ui.views.ticks import decades

Array = NDArray[np.float64]

_HANDLE = 24.0  # pixels
_STILL = 3.0  # pixels that a press may move and still be a click
_STEP, _LEAP = 10**0.25, 10.0
_SMALLEST = 1e-300
_HOLLOW_ABOVE_EDGE = 5.0
_KEYS = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}
_HINT = " – Enter accepts, Escape restores"


class GainPlot(IterationPlot):
    """Shows the quantity of the stop rule on a logarithmic axis, and the tolerance that it has to fall below.

    Signals:
        setting_chosen: (field of FitSettings, new value): the tolerance that a person chose.
    """

    setting_chosen = Signal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("gain.plot")
        self.setAccessibleName("What the stop rule looks at, and the tolerance")
        self.setToolTip(
            "What the stop rule looks at, iteration by iteration. Drag the line, or use Up and Down (ten times as far "
            "with Shift), to see where another tolerance would have stopped. Click to go to an iteration."
        )
        self._tried: float | None = None
        self._pressed: QPointF | None = None
        self._grip = 0.0
        self._said = Sentence(self.plotItem)
        self.plotItem.layout.setContentsMargins(4, 0, 14, 2)
        self.x_axis.set_title_beside()
        self.y_axis.set_ticker(decades)
        self._layers = [
            Layer(self.view_box, depth, draw)
            for depth, draw in enumerate(
                (self.draw_stop_line, self._draw_curve, self._draw_marker, self._draw_line), 10
            )
        ]
        self._restyle(PlotStyle())

    @property
    def sentence(self) -> str:
        """What is said above the plot."""
        return self._said.text

    @property
    def tolerance(self) -> float:
        """Where the line is: the tolerance in use, or the one that is tried out."""
        return self._tried or (self._snapshot.settings.tolerance if self._snapshot else 1e-6)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show a snapshot's iterations; nothing is drawn anew if they are shown already."""
        earlier = self._snapshot
        self._snapshot = snapshot
        if earlier is not None and _same(earlier, snapshot):
            return
        if earlier is None or earlier.settings != snapshot.settings or earlier.run != snapshot.run:
            self._tried = self._pressed = None
        self._fit()

    def _fit(self) -> None:
        snapshot = self._snapshot
        if snapshot is None:
            return
        self.y_axis.set_title(measure_name(snapshot))
        if self._pressed is None:  # while the line is dragged the axis holds still
            self.show_limits(self._wanted(snapshot))
        self._said.set_text(tolerance_sentence(snapshot, self.tolerance, tried=self._tried is not None))
        self.setAccessibleDescription(f"Tolerance {tidy(self.tolerance)}. {self._said.text}")
        for layer in self._layers:
            layer.update()

    def _wanted(self, snapshot: Snapshot) -> Limits:
        left, right = across(snapshot.last_iteration, ended=bool(snapshot.outcome))
        seen = snapshot.measures[np.isfinite(snapshot.measures) & (snapshot.measures > 0)]
        ends = [self.tolerance] if self._has_line() else []
        ends += [float(seen.min()), float(seen.max())] if seen.size else [self.tolerance * 1e4]
        logs = [math.log10(end) for end in ends]
        return Limits(left, right, min(logs) - 1.2, max(logs) + 0.5)

    def _has_line(self) -> bool:
        return self._snapshot is not None and STOP_RULES[self._snapshot.settings.stop_rule].needs_tolerance

    # Dragging and keys --------------------------------------------------------------------------------------------

    def _may_change(self) -> bool:
        return self._snapshot is not None and self._has_line() and not can_change(self._snapshot)

    def _distance(self, position: QPointF) -> float:
        """Pixels from a place of the widget down to the line."""
        line = self.view_box.mapViewToScene(QPointF(0.0, math.log10(self.tolerance)))
        return float(self.mapToScene(position.toPoint()).y() - line.y())

    def _is_on_line(self, position: QPointF) -> bool:
        within = self.view_box.sceneBoundingRect().contains(self.mapToScene(position.toPoint()))
        reach = _HANDLE / 2 * max(1.0, self.plot_style.scale)
        return within and self._may_change() and abs(self._distance(position)) <= reach

    def mousePressEvent(self, ev: QMouseEvent) -> None:
        if ev.button() == Qt.MouseButton.LeftButton and self._is_on_line(ev.position()):
            self._pressed = ev.position()
            self._grip = self._distance(ev.position())
            ev.accept()
        else:
            super().mousePressEvent(ev)

    def mouseMoveEvent(self, ev: QMouseEvent) -> None:
        super().mouseMoveEvent(ev)
        if self._pressed is None:
            on_line = self._is_on_line(ev.position())
            self.viewport().setCursor(Qt.CursorShape.SizeVerCursor if on_line else Qt.CursorShape.PointingHandCursor)
        elif self._tried is not None or abs(ev.position().y() - self._pressed.y()) >= _STILL:
            place = self.mapToScene(ev.position().toPoint()) - QPointF(0.0, self._grip)
            low, high = self.view_box.viewRange()[1]
            self._try(10 ** min(max(self.view_box.mapSceneToView(place).y(), low), high))

    def mouseReleaseEvent(self, ev: QMouseEvent) -> None:
        pressed = self._pressed
        super().mouseReleaseEvent(ev)
        if pressed is not None and ev.button() == Qt.MouseButton.LeftButton:
            self._pressed = None
            if self._tried is None:
                self.choose_iteration(pressed)
            else:
                self._accept()

    def keyPressEvent(self, ev: QKeyEvent) -> None:
        """Up and Down try a tolerance, Enter takes it, Escape leaves it."""
        direction = _KEYS.get(Qt.Key(ev.key()))
        if direction is not None and self._may_change():
            far = bool(ev.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._try(self.tolerance * (_LEAP if far else _STEP) ** direction)
        elif ev.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._tried is not None:
            self._accept()
        elif ev.key() == Qt.Key.Key_Escape and self._tried is not None:
            self._restore()
        else:
            ev.ignore()

    def cancel_drag(self) -> bool:
        """Take back a tolerance that is only tried; whether there was one."""
        if self._tried is None:
            return super().cancel_drag()
        self._restore()
        return True

    def focusInEvent(self, ev: QFocusEvent) -> None:
        super().focusInEvent(ev)
        self.redraw()

    def focusOutEvent(self, ev: QFocusEvent) -> None:
        super().focusOutEvent(ev)
        if self.plotItem is not None:  # it is not being closed
            self._restore()
            self.redraw()

    def _try(self, tolerance: float) -> None:
        """Two digits are as fine as a hand, and what the field then shows is a number that a person would type."""
        self._tried = float(f"{min(max(tolerance, _SMALLEST), 1 / _SMALLEST):.1e}")
        self._fit()

    def _accept(self) -> None:
        tolerance, self._tried = self._tried, None
        self._fit()
        if tolerance is not None and self._snapshot is not None and tolerance != self._snapshot.settings.tolerance:
            self.setting_chosen.emit("tolerance", tolerance)

    def _restore(self) -> None:
        if self._tried is not None or self._pressed is not None:
            self._tried = self._pressed = None
            self._fit()

    # Drawing ------------------------------------------------------------------------------------------------------

    def _restyle(self, style: PlotStyle) -> None:
        super()._restyle(style)
        self._said.set_style(style)

    def _draw_curve(self, painter: QPainter, mapping: Mapping) -> None:
        snapshot = self._snapshot
        if snapshot is None or not snapshot.measures.size:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        style, at = self.plot_style, min(snapshot.iteration, snapshot.measures.size - 1)
        dense = self.apart(mapping) < DENSE
        faint = mixed(style.theme.muted, style.theme.card, 0.45)
        for colour, first, last in ((faint, at, snapshot.measures.size - 1), (style.theme.text, 0, at)):
            chosen = thinned(first, last)
            values = snapshot.measures[chosen]
            positive = values > 0
            x, y = mapping.x(chosen[positive].astype(float)), mapping.y(np.log10(values[positive]))
            kept = fewest_places(x, y)
            draw_curve(painter, style.pen(colour, 2.2), x[kept], y[kept])
            if not dense:
                self._draw_dots(painter, colour, x, y, filled=True)
            none = mapping.x(chosen[values <= 0].astype(float))
            kept = fewest_places(none, np.zeros(none.size), apart=7.0)
            edge = np.full(kept.size, mapping.height - _HOLLOW_ABOVE_EDGE * style.scale)
            self._draw_dots(painter, colour, none[kept], edge, filled=False)
        self._draw_word_for_none(painter, mapping, snapshot.measures)

    def _draw_dots(self, painter: QPainter, colour: str, x: Array, y: Array, *, filled: bool) -> None:
        style = self.plot_style
        radius = 3.0 * style.scale
        painter.setPen(QPen(QColor(style.theme.card if filled else colour), 1.3 * style.scale))
        painter.setBrush(QColor(colour if filled else style.theme.card))
        for across_, down in zip(x.tolist(), y.tolist(), strict=True):
            painter.drawEllipse(QPointF(across_, down), radius, radius)

    def _draw_word_for_none(self, painter: QPainter, mapping: Mapping, measures: Array) -> None:
        none = np.flatnonzero(measures <= 0)
        if none.size:
            style = self.plot_style
            place = QPointF(
                float(mapping.x(none[:1].astype(float))[0]) - 8 * style.scale, mapping.height - 12 * style.scale
            )
            self.draw_label(painter, mapping, "0 or less", place, style.theme.muted)

    def _draw_marker(self, painter: QPainter, mapping: Mapping) -> None:
        snapshot = self._snapshot
        if snapshot is None or not 0 <= snapshot.iteration < snapshot.measures.size:
            return
        place, value = float(snapshot.iteration), float(snapshot.measures[snapshot.iteration])
        self.draw_position(painter, mapping, place)
        if value > 0:
            self.draw_dot(painter, mapping, place, math.log10(value), mapping.height - 6 * self.plot_style.scale)

    def _draw_line(self, painter: QPainter, mapping: Mapping) -> None:
        """The tolerance with its handle at the left, where the gains are far above it; and the stop it would make."""
        snapshot, style = self._snapshot, self.plot_style
        if snapshot is None or not self._has_line():
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        y = float(mapping.y(np.array([math.log10(self.tolerance)]))[0])
        strength = 1.0 if self._may_change() else 0.6
        pen = style.pen(style.theme.accent, 1.8, strength=strength)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        pen.setDashPattern([4.0, 3.0])
        painter.setPen(pen)
        painter.drawLine(QPointF(0, y), QPointF(mapping.width, y))
        stop = would_stop(snapshot, self.tolerance) if self._tried is not None else None
        if stop is not None:
            x = float(mapping.x(np.array([float(stop.iteration)]))[0])
            painter.drawLine(QPointF(x, 0), QPointF(x, mapping.height))
        self._draw_handle(painter, QPointF(_HANDLE / 2 * style.scale, y), strength)
        word = f"tolerance {tidy(self.tolerance)}" + (_HINT if self._tried and self._pressed is None else "")
        place = QPointF((_HANDLE + 6) * style.scale, y - 4 * style.scale)
        self.draw_label(painter, mapping, word, place, style.theme.accent)

    def _draw_handle(self, painter: QPainter, centre: QPointF, strength: float) -> None:
        """As wide as a finger is sure of; two arrowheads say which way it goes."""
        style = self.plot_style
        high = 14.0 * style.scale
        box = QRectF(0, 0, _HANDLE * style.scale, high)
        box.moveCenter(centre)
        if self.hasFocus():
            painter.setPen(style.pen(style.theme.text, 2.0))
        else:
            painter.setPen(QPen(QColor(style.theme.card), 1.5 * style.scale))
        painter.setBrush(QColor(mixed(style.theme.card, style.theme.accent, strength)))
        painter.drawRoundedRect(box, high / 2, high / 2)
        painter.setPen(style.pen(style.theme.on_accent, 1.6))
        half, rise = 3.5 * style.scale, 3.0 * style.scale
        for way in (-1.0, 1.0):
            tip = centre + QPointF(0, way * 5.0 * style.scale)
            painter.drawPolyline([tip + QPointF(-half, -way * rise), tip, tip + QPointF(half, -way * rise)])


def _same(a: Snapshot, b: Snapshot) -> bool:
    """Whether two snapshots look the same here."""
    return (
        (a.run, a.iteration, a.stop_iteration, a.outcome) == (b.run, b.iteration, b.stop_iteration, b.outcome)
        and a.settings == b.settings
        and bool(can_change(a)) == bool(can_change(b))
        and a.last_iteration == b.last_iteration
        and np.array_equal(a.measures, b.measures, equal_nan=True)
    )
