"""The curve that EM climbs: one point an iteration."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QWidget

from gmm_desktop.session.snapshot import Snapshot
from gmm_desktop.ui.palette import mixed
from gmm_desktop.ui.views.coordinates import IDENTITY, Limits, Mapping, scale_for
from gmm_desktop.ui.views.ghosts import draw_dashed, draw_dotted
from gmm_desktop.ui.views.iterations import DENSE, IterationPlot, across, first_after_jumps, thinned
from gmm_desktop.ui.views.layer import Layer
from gmm_desktop.ui.views.lines import draw_curve, fewest_places
from gmm_desktop.ui.views.marks import draw_word
from gmm_desktop.ui.views.stamp import Stamps
from gmm_desktop.ui.views.style import PlotStyle
from gmm_desktop.ui.views.ticks import MINUS

Array = NDArray[np.float64]

_MARGIN = 0.08  # of the height, beyond another run's lowest and highest values


class LogLikelihoodPlot(IterationPlot):
    """Shows the objective of every iteration so far, and which one is shown."""

    def __init__(
        self, parent: QWidget | None = None, *, title: str = "log-likelihood", looks_ahead: bool = True
    ) -> None:
        """Args:
        parent: the widget that it stands in.
        title: what the values are called.
        looks_ahead: whether what comes after the shown iteration is drawn, faintly; the axes hold it anyway.
        """
        super().__init__(parent)
        self._looks_ahead = looks_ahead
        self.setObjectName("log_likelihood.plot")
        self.setAccessibleName(f"The {title} of each iteration")
        self.setToolTip(f"The {title} of each iteration. Click to go to an iteration.")
        self._values: Array = np.zeros(0)
        self._scale = IDENTITY
        self._show_all = False
        self._first = 0
        self._stamps = Stamps()
        self._layers = [
            Layer(self.view_box, 9, self._draw_others),
            Layer(self.view_box, 10, self._draw_stop),
            Layer(self.view_box, 11, self._draw_curve),
            Layer(self.view_box, 12, self._draw_marker),
        ]
        self.y_axis.set_title(title)
        self._restyle(PlotStyle())

    @property
    def shown_snapshot(self) -> Snapshot | None:
        """What is shown now."""
        return self._snapshot

    @property
    def show_all(self) -> bool:
        """Whether the first jump is shown too, however much it flattens the rest."""
        return self._show_all

    def set_show_all(self, show_all: bool) -> None:
        """Show the first jump too, or leave it out where it dwarfs the rest."""
        self._show_all = show_all
        self._fit()

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show a snapshot's iterations; nothing is drawn anew if they are shown already."""
        earlier = self._snapshot
        self._snapshot = snapshot
        if (
            earlier is not None
            and earlier.run == snapshot.run
            and earlier.dataset is snapshot.dataset
            and (earlier.iteration, earlier.stop_iteration) == (snapshot.iteration, snapshot.stop_iteration)
            and earlier.outcome == snapshot.outcome
            and (earlier.other, earlier.ghost) == (snapshot.other, snapshot.ghost)
            and np.array_equal(earlier.log_likelihoods, snapshot.log_likelihoods)
        ):
            return
        self._fit()

    def first_shown(self) -> int:
        """The first iteration that the vertical range holds."""
        return self._first

    def _fit(self) -> None:
        snapshot = self._snapshot
        if snapshot is None:
            return
        data = np.asarray(snapshot.log_likelihoods, dtype=np.float64)
        others = [one.log_likelihoods for one in (snapshot.other, snapshot.ghost) if one is not None]
        finite = np.concatenate([data, *others])
        finite = finite[np.isfinite(finite)]
        if finite.size:
            scale = scale_for(float(finite.min()), float(finite.max()))
            if scale != self._scale:
                self._scale = scale
                self.y_axis.set_data_scale(scale)
        self._values = np.asarray(self._scale.to_view(data))
        self._first = 0 if self._show_all else first_after_jumps(self._values)
        wanted = _limits(self._values, self._first, ended=bool(snapshot.outcome))
        for other in others:
            wanted = _wider(wanted, self._scale.to_view(other), self._show_all)
        self.show_limits(wanted)
        for layer in self._layers:
            layer.update()

    def _draw_curve(self, painter: QPainter, mapping: Mapping) -> None:
        values, snapshot = self._values, self._snapshot
        if not values.size or snapshot is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        style = self.plot_style
        faint = style.pen(style.theme.muted, 2.0, strength=0.45)
        strong = style.pen(style.theme.text, 2.4)
        at = min(snapshot.iteration, values.size - 1)
        parts = ((faint, at, values.size - 1), (strong, 0, at))
        for pen, first, last in parts if self._looks_ahead else parts[1:]:
            chosen = thinned(first, last)
            right, down = mapping.x(chosen.astype(float)), mapping.y(values[chosen])
            kept = fewest_places(right, down)
            draw_curve(painter, pen, right[kept], down[kept])
        if self.apart(mapping) >= DENSE:
            self._draw_dots(painter, mapping, at)
        self._draw_what_is_below(painter, mapping)

    def _draw_others(self, painter: QPainter, mapping: Mapping) -> None:
        """The curves of the run that this one is compared with, and of the one that it branched from."""
        snapshot = self._snapshot
        if snapshot is None:
            return
        for other, draw in ((snapshot.other, draw_dashed), (snapshot.ghost, draw_dotted)):
            if other is not None:
                chosen = thinned(0, len(other.log_likelihoods) - 1)
                right, down = mapping.x(chosen.astype(float)), self._scale.to_view(other.log_likelihoods[chosen])
                if other.ended:  # its level, to the end of the axis, since the one may be much shorter than the other
                    right, down = np.append(right, mapping.width), np.append(down, down[-1])
                draw(painter, [(right, mapping.y(down))], self.plot_style)

    def _draw_dots(self, painter: QPainter, mapping: Mapping, at: int) -> None:
        theme, scale, rim = self.plot_style.theme, self.plot_style.scale, self.plot_style.width(1.2)
        radius = 3.0 * scale + (rim - 1.2 * scale) / 2  # what the rim takes from the dot stays the same
        painter.setPen(QPen(QColor(theme.card), rim))
        faint = mixed(theme.muted, theme.card, 0.45)
        values = self._values if self._looks_ahead else self._values[: at + 1]
        right, down = mapping.x(np.arange(values.size, dtype=float)), mapping.y(values)
        for step, (x, y) in enumerate(zip(right, down, strict=True)):
            painter.setBrush(QColor(theme.text if step <= at else faint))
            painter.drawEllipse(QPointF(x, y), radius, radius)

    def _draw_what_is_below(self, painter: QPainter, mapping: Mapping) -> None:
        """Say what the vertical range leaves out, where the curve comes from below."""
        first = self.first_shown()
        if first == 0:
            return
        value = format(self._scale.to_data(float(self._values[0])), ".6g").replace("-", MINUS)
        style = self.plot_style
        place = QPointF(
            float(mapping.x(np.array([float(first)]))[0]) + 12 * style.scale, mapping.height - 6 * style.scale
        )
        bounds = QRectF(0, 0, mapping.width, mapping.height)
        word = f"rises from {value}"
        self._stamps.draw(
            painter,
            bounds.intersected(QRectF(place.x() - 10, place.y() - 60 * style.scale, 1e4, 1e4)),
            mapping.ratio,
            (word, place.x(), place.y(), style),
            lambda onto: draw_word(onto, word, place, style.theme.muted, style, bounds, bold=False),
        )

    def _draw_marker(self, painter: QPainter, mapping: Mapping) -> None:
        values, snapshot = self._values, self._snapshot
        if snapshot is None or not 0 <= snapshot.iteration < values.size:
            return
        style = self.plot_style
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        x = float(mapping.x(np.array([float(snapshot.iteration)]))[0])
        y = float(mapping.y(values[snapshot.iteration : snapshot.iteration + 1])[0])
        radius = 6.0 * style.scale
        painter.setPen(style.pen(style.theme.accent, 1.0, strength=0.5))
        painter.drawLine(QPointF(x, 0), QPointF(x, mapping.height))
        painter.setPen(QPen(QColor(style.theme.card), style.width(2.0)))
        painter.setBrush(QColor(style.theme.accent))
        painter.drawEllipse(QPointF(x, min(max(y, radius), mapping.height - radius)), radius, radius)

    def _draw_stop(self, painter: QPainter, mapping: Mapping) -> None:
        snapshot = self._snapshot
        ahead = (
            snapshot is not None
            and snapshot.stop_iteration is not None
            and snapshot.iteration < snapshot.stop_iteration
        )
        if self._looks_ahead or not ahead:
            self.draw_stop(painter, mapping)


def _limits(values: Array, first: int, *, ended: bool) -> Limits:
    last = max(values.size - 1, 0)
    left, right = across(last, ended=ended)
    shown = values[first:]
    shown = shown[np.isfinite(shown)]
    low, high = (float(shown.min()), float(shown.max())) if shown.size else (0.0, 1.0)
    span = max(high - low, 1e-9 * max(abs(low), abs(high)), 1e-300)
    if shown.size == 1:
        span = max(abs(low) * 0.1, 1.0)
    return Limits(left, right, low - 0.16 * span, high + 0.16 * span)


def _wider(limits: Limits, values: Array, show_all: bool) -> Limits:
    """Limits in which another run's values have room too, from the first jump on or all of them."""
    first = 0 if show_all else first_after_jumps(values)
    needed = _limits(values, first, ended=True)
    low, high = min(limits.y_low, needed.y_low), max(limits.y_high, needed.y_high)
    margin = _MARGIN * (high - low)
    return Limits(
        min(limits.x_low, needed.x_low),
        max(limits.x_high, needed.x_high),
        low - margin * (low < limits.y_low),
        high + margin * (high > limits.y_high),
    )
