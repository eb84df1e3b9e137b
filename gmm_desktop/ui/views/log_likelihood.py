"""The curve that EM climbs: one point an iteration."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QFontMetricsF, QHideEvent, QPainter, QPen, QRegion, QShowEvent
from PySide6.QtWidgets import QWidget

from gmm_desktop.session.snapshot import Snapshot
from gmm_desktop.ui.palette import mixed
from gmm_desktop.ui.theme import SMALL
from gmm_desktop.ui.truth_sentences import level_sentence
from gmm_desktop.ui.views.coordinates import IDENTITY, Limits, Mapping, scale_for
from gmm_desktop.ui.views.ghosts import draw_dashed, draw_dotted
from gmm_desktop.ui.views.iterations import DENSE, JUMP, IterationPlot, across, first_after_jumps, thinned
from gmm_desktop.ui.views.layer import Layer
from gmm_desktop.ui.views.lines import draw_curve, fewest_places
from gmm_desktop.ui.views.style import PlotStyle
from gmm_desktop.ui.views.ticks import MINUS
from gmm_desktop.ui.views.truth_level import TruthLevel, place_of_word

Array = NDArray[np.float64]

_MARKER = 6.0  # pixels: the radius of the dot at what is shown
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
        self.setToolTip(
            f"The {title} of each iteration. Click to go to an iteration. Dashed red: that of the mixture that "
            "generated these points, where it is known (U)."
        )
        self._values: Array = np.zeros(0)
        self._scale = IDENTITY
        self._show_all = False
        self._first = 0
        self._truth_shown = True
        self._truth = TruthLevel(self)
        self._truth.changed.connect(self._fit)
        # The truth's casing goes below the curves, which may run along it, and its dashes above.
        draws = (self._draw_casing, self._draw_others, self._draw_stop, self._draw_curve, self._draw_truth)
        self._layers = [
            Layer(self.view_box, depth, draw)
            for depth, draw in enumerate((*draws, self._draw_words, self._draw_marker), 9)
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

    @property
    def truth_level(self) -> float:
        """The log-likelihood of the generating mixture; NaN where it is not shown, not known or not computed yet."""
        snapshot = self._snapshot
        if snapshot is None or snapshot.truth is None or not (self._truth_shown and len(snapshot.log_likelihoods)):
            return math.nan
        return self._truth.mean * snapshot.dataset.total_weight

    @property
    def is_computing(self) -> bool:
        """Whether what is shown is not all there is to show."""
        return self._truth.is_under_way

    def set_truth_shown(self, shown: bool) -> None:
        """Show the level of the generating mixture, or not."""
        if shown != self._truth_shown:
            self._truth_shown = shown
            self._follow_truth()
            self._fit()

    def compute_truth(self, snapshot: Snapshot) -> None:
        """Compute the level of the generating mixture here and now, however long that takes."""
        if self._truth_shown:
            self._truth.follow(snapshot, at_once=True)

    def know_truth(self, snapshot: Snapshot, mean: float) -> None:
        """Take the level of the generating mixture, a point, from whoever has computed it."""
        self._truth.know(snapshot, mean)

    def set_show_all(self, show_all: bool) -> None:
        """Show the first jump too, or leave it out where it dwarfs the rest."""
        self._show_all = show_all
        self._fit()

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show a snapshot's iterations; nothing is drawn anew if they are shown already."""
        earlier = self._snapshot
        self._snapshot = snapshot
        self._follow_truth()
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

    def showEvent(self, event: QShowEvent) -> None:
        """What was given up when nobody saw it."""
        super().showEvent(event)
        self._follow_truth()

    def hideEvent(self, event: QHideEvent) -> None:
        """What nobody sees is not computed."""
        self._truth.rest()
        super().hideEvent(event)

    def _follow_truth(self) -> None:
        if self._snapshot is not None and self._truth_shown:
            self._truth.follow(self._snapshot)

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
        if math.isfinite(self.truth_level):
            wanted = _reaching(wanted, float(self._scale.to_view(np.array(self.truth_level))), self._show_all)
        known = data[snapshot.iteration] if snapshot.iteration < data.size else math.nan
        self.setAccessibleDescription(level_sentence(float(known), self.truth_level))
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

    def _what_is_below(self, mapping: Mapping) -> tuple[str, QPointF] | None:
        """What the vertical range leaves out, said where the curve comes from below."""
        first = self.first_shown()
        if first == 0:
            return None
        scale = self.plot_style.scale
        left = float(mapping.x(np.array([float(first)]))[0]) + 12 * scale
        return f"rises from {self._number(float(self._values[0]))}", QPointF(left, mapping.height - 6 * scale)

    def _number(self, view: float) -> str:
        return format(self._scale.to_data(view), ".6g").replace("-", MINUS)

    def _said(self, mapping: Mapping) -> list[tuple[str, QPointF]]:
        """What is said besides the truth, and where."""
        stop = self.stop_word(mapping) if self._stop_is_shown() else None
        return [word for word in (self._what_is_below(mapping), stop) if word is not None]

    def _boxes(self, said: list[tuple[str, QPointF]]) -> list[QRectF]:
        metrics = QFontMetricsF(self.plot_style.font(SMALL))
        return [metrics.boundingRect(word).translated(place) for word, place in said]

    def _draw_words(self, painter: QPainter, mapping: Mapping) -> None:
        style, bounds = self.plot_style, QRectF(0, 0, mapping.width, mapping.height)
        metrics, said = QFontMetricsF(style.font(SMALL)), self._said(mapping)
        for word, place in said:
            self.draw_label(painter, mapping, word, place, style.theme.muted)
        level = self._truth_in_view()
        if math.isfinite(level):
            taken, marker, rim = self._boxes(said), self._place_of_marker(mapping), (_MARKER + 1) * style.scale
            if marker is not None:
                taken.append(QRectF(marker.x() - rim, marker.y() - rim, 2 * rim, 2 * rim))
            beyond = ", below" if level < mapping.limits.y_low else ", above" if level > mapping.limits.y_high else ""
            word = f"truth {self._number(level)}{beyond}"
            last = len(self._values) - 1 if self._looks_ahead or self._snapshot is None else self._snapshot.iteration
            chosen = thinned(0, last)
            curve = mapping.x(chosen.astype(float)), mapping.y(self._values[chosen])
            down = float(mapping.y(np.array([level]))[0])
            wide = metrics.horizontalAdvance(word)
            place = place_of_word(wide, metrics.height(), bounds, down, curve, taken)
            self.draw_label(painter, mapping, word, place, style.theme.truth)

    def _place_of_marker(self, mapping: Mapping) -> QPointF | None:
        values, snapshot = self._values, self._snapshot
        if snapshot is None or not 0 <= snapshot.iteration < values.size:
            return None
        radius = _MARKER * self.plot_style.scale
        x = float(mapping.x(np.array([float(snapshot.iteration)]))[0])
        y = float(mapping.y(values[snapshot.iteration : snapshot.iteration + 1])[0])
        return QPointF(x, min(max(y, radius), mapping.height - radius))

    # The truth ----------------------------------------------------------------------------------------------------

    def _truth_in_view(self) -> float:
        return float(self._scale.to_view(np.array(self.truth_level)))

    def _draw_casing(self, painter: QPainter, mapping: Mapping) -> None:
        self._draw_level(painter, mapping, self.plot_style.truth_pens(2.0)[0])

    def _draw_truth(self, painter: QPainter, mapping: Mapping) -> None:
        self._draw_level(painter, mapping, self.plot_style.truth_pens(2.0)[1])

    def _draw_level(self, painter: QPainter, mapping: Mapping, pen: QPen) -> None:
        level = self._truth_in_view()
        if mapping.limits.y_low <= level <= mapping.limits.y_high:
            y = float(mapping.y(np.array([level]))[0])
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(pen)
            free = QRegion(0, 0, math.ceil(mapping.width), math.ceil(mapping.height))
            for box in self._boxes(self._said(mapping)):
                free -= QRegion(box.adjusted(-4, 0, 4, 0).toAlignedRect())
            painter.setClipRegion(free)
            painter.drawLine(QPointF(0, y), QPointF(mapping.width, y))

    def _draw_marker(self, painter: QPainter, mapping: Mapping) -> None:
        place, style = self._place_of_marker(mapping), self.plot_style
        if place is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(style.pen(style.theme.accent, 1.0, strength=0.5))
        painter.drawLine(QPointF(place.x(), 0), QPointF(place.x(), mapping.height))
        painter.setPen(QPen(QColor(style.theme.card), style.width(2.0)))
        painter.setBrush(QColor(style.theme.accent))
        painter.drawEllipse(place, _MARKER * style.scale, _MARKER * style.scale)

    def _draw_stop(self, painter: QPainter, mapping: Mapping) -> None:
        if self._stop_is_shown():
            self.draw_stop_line(painter, mapping)

    def _stop_is_shown(self) -> bool:
        snapshot = self._snapshot
        ahead = (
            snapshot is not None
            and snapshot.stop_iteration is not None
            and snapshot.iteration < snapshot.stop_iteration
        )
        return self._looks_ahead or not ahead


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


def _reaching(limits: Limits, level: float, show_all: bool) -> Limits:
    """Limits that hold the truth's level too, unless that would flatten the curve as a first jump does."""
    span = limits.y_high - limits.y_low
    beyond = max(limits.y_low - level, level - limits.y_high)
    if not show_all and beyond > JUMP * span:
        return limits
    margin = _MARGIN * (span + max(beyond, 0.0))
    return limits._replace(y_low=min(limits.y_low, level - margin), y_high=max(limits.y_high, level + margin))
