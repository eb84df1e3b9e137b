"""The evidence lower bound: at E it rises to touch the log-likelihood, at M both rise and a gap opens again."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QHideEvent, QPainter, QPen
from PySide6.QtWidgets import QWidget

from gmm_desktop.mixture.bound import bound_gaps
from gmm_desktop.session.snapshot import Snapshot
from gmm_desktop.ui.bound_sentences import bound_sentence, iteration_title
from gmm_desktop.ui.captions import half_name
from gmm_desktop.ui.numbers import count, number
from gmm_desktop.ui.views.coordinates import Limits, Mapping
from gmm_desktop.ui.views.errand import Cancelled
from gmm_desktop.ui.views.filling import Filling
from gmm_desktop.ui.views.iterations import DENSE, IterationPlot, across, first_after_jumps, thinned
from gmm_desktop.ui.views.layer import Layer
from gmm_desktop.ui.views.lines import draw_curve, draw_pieces, fewest_places
from gmm_desktop.ui.views.parts import Part, PartTicks, around, logarithms
from gmm_desktop.ui.views.sentence import Sentence
from gmm_desktop.ui.views.style import PlotStyle
from gmm_desktop.ui.views.ticks import Ticks

Array = NDArray[np.float64]

_STEMS = 3.0  # pixels an iteration, under which stems would be an area
_HALF = 0.25  # of an iteration: half the width of a half step
_LOWER, _UPPER = Part(0.0, 0.36), Part(0.46, 1.0)
_WHOLE = Part(0.0, 1.0)


class BoundPlot(IterationPlot):
    """Shows log-likelihood and bound half step by half step, and the gap between them on its own logarithmic scale."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("bound.plot")
        self.setAccessibleName("The evidence lower bound below the log-likelihood")
        self.setToolTip(
            "The evidence lower bound, half step by half step: at E it rises to touch the log-likelihood, at M both "
            "rise. The gap is the Kullback-Leibler divergence from the responsibilities used to the new ones. Click "
            "to go to an iteration."
        )
        self._by_step = False
        self._shown: tuple[object, ...] = ()
        self._upper, self._lower = _UPPER, _LOWER
        self._gaps = Filling(self, 1, 1, _compute)
        self._gaps.changed.connect(self._fit)
        self._said = Sentence(self.plotItem)
        self.plotItem.layout.setContentsMargins(4, 0, 14, 2)
        self.x_axis.set_title_beside()
        self.y_axis.set_title("log L")
        self._layers = [
            Layer(self.view_box, depth, draw)
            for depth, draw in enumerate((self._draw_stop, self._draw_gaps, self._draw_levels, self._draw_marker), 10)
        ]
        self._restyle(PlotStyle())

    @property
    def sentence(self) -> str:
        """What is said above the plot."""
        return self._said.text

    @property
    def gaps(self) -> Array:
        """(T + 1,) the gap after the M-step of each iteration; NaN for the start and where it is not known yet."""
        return np.asarray(self._gaps.values[0])

    def set_by_step(self, by_step: bool) -> None:
        """Show the half steps around the shown one large, or the whole run."""
        self._by_step = by_step
        self._shown = ()
        self._fit()

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show a snapshot's iterations; nothing is drawn anew if they are shown already."""
        self._snapshot = snapshot
        k = snapshot.trace.weights.shape[1]
        self._gaps.follow(snapshot, cost=2.0 * max(1, k) * snapshot.dataset.size)
        self._fit()

    def hideEvent(self, event: QHideEvent) -> None:
        """What nobody sees is not computed."""
        self._gaps.rest()
        super().hideEvent(event)

    def _fit(self) -> None:
        snapshot = self._snapshot
        if snapshot is None:
            return
        there = (snapshot.run, snapshot.frame, snapshot.last_iteration, snapshot.stop_iteration, snapshot.outcome)
        shown = (*there, snapshot.dataset, snapshot.settings, self._gaps.missing, self._by_step)
        if shown == self._shown:
            return
        self._shown = shown
        t = snapshot.iteration
        known = t < self.gaps.size and (not self._gaps.missing or not math.isnan(self.gaps[t]))
        self._said.set_text(bound_sentence(snapshot, float(self.gaps[t]) if t < self.gaps.size else 0.0, known=known))
        self.setAccessibleDescription(self._said.text)
        if self._by_step:
            self._fit_steps(snapshot)
        else:
            self._fit_run(snapshot)
        for layer in self._layers:
            layer.update()

    def _fit_run(self, snapshot: Snapshot) -> None:
        values = snapshot.log_likelihoods
        first = first_after_jumps(values)
        seen = np.concatenate([values[first:], (values - self.gaps)[first + 1 :]])
        self._upper = around(_UPPER, seen, legend=True)
        _, low, high = logarithms(self.gaps)
        self._lower = Part(_LOWER.bottom, _LOWER.top, low, high)
        self.x_axis.set_ticker(None)
        self.x_axis.set_title(iteration_title(snapshot))
        self.y_axis.set_ticker(PartTicks(self._upper, self._lower))
        self.show_limits(Limits(*across(snapshot.last_iteration, ended=bool(snapshot.outcome)), 0.0, 1.0))

    def _fit_steps(self, snapshot: Snapshot) -> None:
        middle = _position(snapshot)
        halves = [h for h in (middle - 0.5, middle, middle + 0.5) if 0 <= h <= snapshot.last_iteration]
        levels = [self._levels(h) for h in halves if snapshot.log_likelihoods.size]  # a start may still be made
        self._upper = around(_WHOLE, np.array(levels).ravel())
        self.x_axis.set_ticker(_StepNames(tuple(halves), half_name("M", snapshot.settings)))
        self.x_axis.set_title("")
        self.y_axis.set_ticker(PartTicks(self._upper))
        self.show_limits(Limits(middle - 0.75, middle + 0.75, 0.0, 1.0))

    def _levels(self, half: float) -> tuple[float, float]:
        """Log-likelihood and bound in the half step at a place of the horizontal axis."""
        assert self._snapshot is not None
        iteration = math.ceil(half)
        value = float(self._snapshot.log_likelihoods[iteration])
        return value, value if half == iteration else value - float(self.gaps[iteration])

    # Drawing ------------------------------------------------------------------------------------------------------

    def _restyle(self, style: PlotStyle) -> None:
        super()._restyle(style)
        self._said.set_style(style)

    def _draw_stop(self, painter: QPainter, mapping: Mapping) -> None:
        if not self._by_step:
            self.draw_stop_line(painter, mapping)

    def _draw_levels(self, painter: QPainter, mapping: Mapping) -> None:
        """The log-likelihood as a strong staircase, the bound below it as a lighter and broader one."""
        snapshot = self._snapshot
        if snapshot is None or not snapshot.log_likelihoods.size:
            return
        painter.setClipRect(QRectF(0, 0, mapping.width, self._edge(mapping) + 3))
        chosen = thinned(0, snapshot.last_iteration)
        if self._by_step:
            at = snapshot.iteration
            chosen = np.arange(max(0, at - 2), min(at + 2, snapshot.last_iteration) + 1)
        values, gaps = snapshot.log_likelihoods[chosen], self.gaps[chosen]
        x = np.stack([chosen - 0.5, chosen], axis=1).ravel()[1:]  # the start has no M-step
        likelihood = np.repeat(values, 2)[1:]
        bound = np.stack([values - gaps, values], axis=1).ravel()[1:]
        for level, pen in zip((bound, likelihood), self._pens(), strict=True):
            _staircase(painter, mapping, pen, x, self._upper.to_view(level))
        if self._by_step:
            self._draw_brackets(painter, mapping, chosen)
        self.draw_legend(painter, mapping, self._edge(mapping), ("bound", "log-likelihood"), self._pens())

    def _edge(self, mapping: Mapping) -> float:
        """Down to where the levels have their room, in pixels."""
        return mapping.height * (1 - self._upper.bottom)

    def _pens(self) -> tuple[QPen, QPen]:
        """Of the bound and of the log-likelihood, so that both are seen where they touch."""
        style = self.plot_style
        return style.pen(style.theme.points, 5.0, strength=0.7), style.pen(style.theme.text, 1.8)

    def _draw_brackets(self, painter: QPainter, mapping: Mapping, chosen: NDArray[np.intp]) -> None:
        """The gap of each M-step as a bracket with its number in words."""
        assert self._snapshot is not None
        style = self.plot_style
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for iteration in chosen[chosen > 0].tolist():
            middle = float(mapping.x(np.array([iteration - 0.5]))[0])
            if not 0 < middle < mapping.width:
                continue
            gap = float(self.gaps[iteration])
            value = self._snapshot.log_likelihoods[iteration]
            word = f"gap {number(gap, 3)} = KL divergence" if math.isfinite(gap) else "computing the gap …"
            levels = self._upper.to_view(np.array([value, value - gap if math.isfinite(gap) else value]))
            top, bottom = mapping.y(levels).tolist()
            painter.setPen(style.pen(style.theme.muted, 1.6))
            arm = 5 * style.scale
            painter.drawPolyline(
                [
                    QPointF(middle - arm, top),
                    QPointF(middle, top),
                    QPointF(middle, bottom),
                    QPointF(middle - arm, bottom),
                ]
            )
            place = QPointF(middle + 6 * style.scale, (top + bottom) / 2 + 4 * style.scale)
            self.draw_label(painter, mapping, word, place, style.theme.text)

    def _draw_gaps(self, painter: QPainter, mapping: Mapping) -> None:
        """The gap of each M-step on its own scale."""
        snapshot, style = self._snapshot, self.plot_style
        if snapshot is None or self._by_step or not self.gaps.size:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        logs, _, _ = logarithms(self.gaps)
        chosen = thinned(0, self.gaps.size - 1)
        chosen = chosen[np.isfinite(logs[chosen])]
        x, y = mapping.x(chosen.astype(np.float64) - 0.5), mapping.y(self._lower.to_view(logs[chosen]))
        apart = self.apart(mapping)
        if apart >= _STEMS:
            stems = np.stack([x, np.full(x.size, mapping.height), x, y], axis=1)
            draw_pieces(painter, style.pen(style.theme.muted, min(2.0, apart / 2)), stems)
        else:
            kept = fewest_places(x, y)
            draw_curve(painter, style.pen(style.theme.muted, 2.0), x[kept], y[kept])
        if apart >= DENSE:
            painter.setPen(QPen(QColor(style.theme.card), 1.2 * style.scale))
            painter.setBrush(QColor(style.theme.text))
            for place in zip(x.tolist(), y.tolist(), strict=True):
                painter.drawEllipse(QPointF(*place), 2.6 * style.scale, 2.6 * style.scale)
        top = mapping.height * (1 - _LOWER.top) + 8 * style.scale
        missing = self._gaps.missing
        word = f"gap: computing, {count(missing)} to go" if missing else "gap (KL divergence)"
        right = QPointF(mapping.width, top)
        self.draw_label(painter, mapping, word, right, style.theme.muted)

    def _draw_marker(self, painter: QPainter, mapping: Mapping) -> None:
        snapshot = self._snapshot
        if snapshot is None or snapshot.iteration >= self.gaps.size:
            return
        half = _position(snapshot)
        if not self._by_step:
            self.draw_position(painter, mapping, half)
        beside = half - 0.17 if self._by_step else half
        for level in self._levels(half)[::-1]:
            self.draw_dot(painter, mapping, beside, float(self._upper.to_view(np.array(level))), self._edge(mapping))


@dataclass(frozen=True)
class _StepNames:
    """The ticks below single half steps: their names."""

    halves: tuple[float, ...]
    m_step: str

    def __call__(self, low: float, high: float, most: int) -> Ticks:
        """As ``PlotAxis.set_ticker`` wants them."""
        names = [
            f"E-step {count(int(half))}" if half == int(half) else f"{self.m_step} {count(math.ceil(half))}"
            for half in self.halves
        ]
        return Ticks(list(self.halves), names, "")


def _compute(snapshot: Snapshot, first: int, last: int, cancelled: Cancelled) -> Array:
    part, kept = snapshot.trace.between(first - 1, last)
    gaps = bound_gaps(snapshot.dataset.points, part, snapshot.dataset.sample_weight, cancelled)
    values = np.full((1, last + 1 - first), np.nan)  # where an iteration or the one before it was thinned out
    in_a_row = np.diff(kept) == 1
    values[0, kept[1:][in_a_row] - first] = gaps[in_a_row]
    return values


def _position(snapshot: Snapshot) -> float:
    """Where the shown half step is on the axis: an M-step lies half way to the iteration that it leads to."""
    return snapshot.iteration - 0.5 if snapshot.phase == "M" else float(snapshot.iteration)


def _staircase(painter: QPainter, mapping: Mapping, pen: QPen, x: Array, view: Array) -> None:
    """A level for each half step, joined by risers; no line where a level is not known."""
    right = np.stack([mapping.x(x - _HALF), mapping.x(x + _HALF)], axis=1).ravel()
    down = np.repeat(mapping.y(view), 2)
    # EM creeps at the end: hundreds of steps are then one level.
    seen = np.round(2 * down)
    turns = np.ones(seen.size, dtype=bool)
    turns[1:-1] = (seen[1:-1] != seen[:-2]) | (seen[1:-1] != seen[2:])
    right, down = right[turns], down[turns]
    pieces = np.stack([right[:-1], down[:-1], right[1:], down[1:]], axis=1)
    draw_pieces(painter, pen, pieces[np.isfinite(pieces).all(axis=1)])
