"""How far the fit is from the mixture that generated the data, and how the truth fares against it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from numpy.typing import NDArray
from pyqtgraph.functions import arrayToQPolygonF
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QFontMetricsF, QHideEvent, QPainter, QPen
from PySide6.QtWidgets import QWidget

from gmm_desktop.mixture import Trace
from gmm_desktop.mixture.divergence import TruthSample
from gmm_desktop.session.snapshot import Snapshot
from gmm_desktop.ui.palette import mixed
from gmm_desktop.ui.theme import SMALL
from gmm_desktop.ui.truth_sentences import ONLY_GENERATED, distances_sentence, truth_sentence
from gmm_desktop.ui.views.coordinates import Limits, Mapping
from gmm_desktop.ui.views.errand import Cancelled
from gmm_desktop.ui.views.filling import Filling
from gmm_desktop.ui.views.iterations import IterationPlot, across, first_after_jumps, thinned
from gmm_desktop.ui.views.layer import Layer
from gmm_desktop.ui.views.lines import draw_curve, fewest_places
from gmm_desktop.ui.views.parts import Part, PartTicks, around, logarithms
from gmm_desktop.ui.views.sentence import Sentence
from gmm_desktop.ui.views.style import PlotStyle
from gmm_desktop.ui.views.ticks import Ticks
from gmm_desktop.ui.views.truth_level import TruthLevel, place_of_word

Array = NDArray[np.float64]

_SAMPLE = 10_000
_FOR_DIVERGENCE, _FRESH = 1, 2  # besides the data's own seed, so that no sample is the data again
_LOWER, _UPPER = Part(0.0, 0.36), Part(0.46, 1.0)


class TruthPlot(IterationPlot):
    """Shows log-likelihoods measured from the truth's own, on this sample and on a fresh one, and KL(truth || fit)."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("truth.plot")
        self.setAccessibleName("The fit beside the mixture that generated the data")
        self.setToolTip(
            "Above: the log-likelihood per point measured from the generating mixture's own, on the sample that is "
            f"fitted, where the fit overtakes it, and on a fresh one of the same size, but at most {_SAMPLE} points. "
            "Shift+N draws another. Below: the Kullback-Leibler divergence from the "
            f"generating mixture to the fit, from {_SAMPLE} points, with its error. Click to go to an iteration."
        )
        self._drawn = 0
        self._level = TruthLevel(self)
        self._shown: tuple[object, ...] = ()
        self._upper, self._lower = _UPPER, _LOWER
        self._near: TruthSample | None = None
        self._fresh: TruthSample | None = None
        self._divergences = Filling(self, 2, 0, self._compute_divergences)
        self._leads = Filling(self, 1, 0, self._compute_leads)
        for work in (self._divergences, self._leads, self._level):
            work.changed.connect(self._fit)
        self._said = Sentence(self.plotItem)
        self.plotItem.layout.setContentsMargins(4, 0, 14, 2)
        self.x_axis.set_title_beside()
        self.y_axis.set_title("lead a point")
        self._layers = [
            Layer(self.view_box, depth, draw)
            for depth, draw in enumerate(
                (self._draw_stop, self._draw_divergences, self._draw_leads, self._draw_marker), 10
            )
        ]
        self._restyle(PlotStyle())

    @property
    def sentence(self) -> str:
        """What is said above the plot."""
        return self._said.text

    @property
    def leads(self) -> tuple[Array, Array]:
        """(T + 1,) each: by how much the fit's log-likelihood a point is above the truth's, on this sample and on the
        fresh one; NaN where it is not known yet."""
        snapshot = self._snapshot
        if snapshot is None or snapshot.truth is None:
            return np.zeros(0), np.zeros(0)
        own = snapshot.log_likelihoods / snapshot.dataset.total_weight - self._level.mean
        return np.asarray(own), np.asarray(self._leads.values[0])

    @property
    def divergences(self) -> Array:
        """(2, T + 1): KL(truth || fit) and its standard error; NaN where it is not known yet."""
        return self._divergences.values

    @property
    def distances(self) -> str:
        """How far the shown iteration is from the truth, in words."""
        snapshot = self._snapshot
        if snapshot is None or snapshot.truth is None or snapshot.iteration >= self.divergences.shape[1]:
            return ""
        value, error = self.divergences[:, snapshot.iteration].tolist()
        return distances_sentence(snapshot, value, error)

    def draw_fresh_sample(self) -> None:
        """Take another fresh sample, on which the roles may turn."""
        self._drawn += 1
        self._fresh = None
        self._leads.forget()
        if self._snapshot is not None:
            self.show_snapshot(self._snapshot)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show a snapshot's iterations; nothing is drawn anew if they are shown already."""
        earlier, self._snapshot = self._snapshot, snapshot
        if earlier is None or earlier.dataset is not snapshot.dataset or earlier.truth is not snapshot.truth:
            self._take_data(snapshot)  # an empty canvas hides the truth of the data behind it
        if snapshot.truth is not None:
            if self._fresh is None:
                size = min(snapshot.dataset.size, _SAMPLE)
                self._fresh = TruthSample(snapshot.truth, size, snapshot.dataset.seed or 0, _FRESH, self._drawn)
            k = max(1, snapshot.trace.weights.shape[1])
            self._leads.follow(snapshot, cost=float(k * self._fresh.size))
            self._divergences.follow(snapshot, cost=float(k * _SAMPLE))
            self._level.follow(snapshot)
        self._fit()

    def hideEvent(self, event: QHideEvent) -> None:
        """What nobody sees is not computed."""
        for work in (self._divergences, self._leads, self._level):
            work.rest()
        super().hideEvent(event)

    def _take_data(self, snapshot: Snapshot) -> None:
        self._divergences.forget()
        self._leads.forget()
        self._fresh = self._near = None
        if snapshot.truth is not None:
            self._near = TruthSample(snapshot.truth, _SAMPLE, snapshot.dataset.seed or 0, _FOR_DIVERGENCE)

    def _compute_divergences(self, snapshot: Snapshot, first: int, last: int, cancelled: Cancelled) -> Array:
        assert self._near is not None
        return _of_kept(snapshot.trace, first, last, partial(self._near.divergences, cancelled=cancelled))

    def _compute_leads(self, snapshot: Snapshot, first: int, last: int, cancelled: Cancelled) -> Array:
        assert self._fresh is not None
        return _of_kept(snapshot.trace, first, last, partial(self._fresh.leads, cancelled=cancelled))

    def _fit(self) -> None:
        snapshot = self._snapshot
        if snapshot is None:
            return
        there = (snapshot.run, snapshot.frame, snapshot.last_iteration, snapshot.stop_iteration, snapshot.outcome)
        computed = (self._divergences.missing, self._leads.missing, self._level.mean, self._drawn)
        shown = (*there, snapshot.dataset, snapshot.truth, *computed)
        if shown == self._shown:
            return
        self._shown = shown
        if snapshot.truth is None:
            self._said.set_text(ONLY_GENERATED)
            self.x_axis.set_ticker(_no_ticks)
            self.y_axis.set_ticker(_no_ticks)
        else:
            self._fit_curves(snapshot)
        self.setAccessibleDescription(f"{self._said.text} {self.distances}".strip())
        for layer in self._layers:
            layer.update()

    def _fit_curves(self, snapshot: Snapshot) -> None:
        own, fresh = self.leads
        t = snapshot.iteration
        if t < own.size:
            self._said.set_text(truth_sentence(float(own[t]), float(fresh[t])))
        first = first_after_jumps(own) if np.isfinite(own).all() else 0
        self._upper = around(_UPPER, np.concatenate([own[first:], fresh[first:], [0.0]]), legend=True)
        _, low, high = logarithms(self.divergences[0])
        self._lower = Part(_LOWER.bottom, _LOWER.top, low, high)
        self.x_axis.set_ticker(None)
        self.y_axis.set_ticker(PartTicks(self._upper, self._lower))
        self.show_limits(Limits(*across(snapshot.last_iteration, ended=bool(snapshot.outcome)), 0.0, 1.0))

    # Drawing ------------------------------------------------------------------------------------------------------

    def _restyle(self, style: PlotStyle) -> None:
        super()._restyle(style)
        self._said.set_style(style)

    def _draw_stop(self, painter: QPainter, mapping: Mapping) -> None:
        if self._snapshot is not None and self._snapshot.truth is not None:
            self.draw_stop_line(painter, mapping)

    def _draw_leads(self, painter: QPainter, mapping: Mapping) -> None:
        """The truth as a level line, which is 0, and the fit on both samples."""
        own, fresh = self.leads
        style = self.plot_style
        if not own.size:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.save()
        painter.setClipRect(QRectF(0, 0, mapping.width, self._edge(mapping) + 3))
        level = float(mapping.y(self._upper.to_view(np.zeros(1)))[0])
        for pen, values in zip(self._pens(), (fresh, own), strict=True):
            _draw_known(painter, pen, mapping, values, self._upper)
        for pen in style.truth_pens(2.0):
            painter.setPen(pen)
            painter.drawLine(QPointF(0, level), QPointF(mapping.width, level))
        self.draw_label(painter, mapping, "truth", self._place_of_truth(mapping, level), style.theme.truth)
        painter.restore()
        self.draw_legend(painter, mapping, self._edge(mapping), ("fresh sample", "this sample"), self._pens())

    def _place_of_truth(self, mapping: Mapping, level: float) -> QPointF:
        """Beside the level, off the curve of this sample and off the legend."""
        metrics, edge = QFontMetricsF(self.plot_style.font(SMALL)), self._edge(mapping)
        own = self.leads[0]
        chosen = thinned(0, own.size - 1)
        x, y = mapping.x(chosen.astype(np.float64)), mapping.y(self._upper.to_view(own[chosen]))
        legend = QRectF(0.4 * mapping.width, edge - 1.4 * metrics.height(), mapping.width, 2 * metrics.height())
        room = QRectF(0, 0, mapping.width, edge)
        return place_of_word(metrics.horizontalAdvance("truth"), metrics.height(), room, level, (x, y), [legend])

    def _pens(self) -> tuple[QPen, QPen]:
        """Of the fresh sample, and of the one that is fitted."""
        style = self.plot_style
        return style.pen(style.theme.points, 4.0, strength=0.8), style.pen(style.theme.text, 2.0)

    def _edge(self, mapping: Mapping) -> float:
        return mapping.height * (1 - self._upper.bottom)

    def _draw_divergences(self, painter: QPainter, mapping: Mapping) -> None:
        """The divergence on its own scale, in a band of one standard error."""
        if self._snapshot is None or self._snapshot.truth is None or not self.divergences.size:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        style = self.plot_style
        values, errors = self.divergences
        chosen = np.flatnonzero(np.isfinite(values))
        chosen = chosen[thinned(0, chosen.size - 1)] if chosen.size else chosen
        lowest = 10**self._lower.low
        ends = [values[chosen] + errors[chosen], np.maximum(values[chosen] - errors[chosen], lowest)]
        x = mapping.x(chosen.astype(np.float64))
        upper, lower = (mapping.y(self._lower.to_view(np.log10(np.maximum(end, lowest)))) for end in ends)
        painter.setPen(QPen(QColor(0, 0, 0, 0)))
        painter.setBrush(QColor(mixed(style.theme.card, style.theme.muted, 0.35)))
        right, down = np.concatenate([x, x[::-1]]), np.concatenate([upper, lower[::-1]])
        if right.size:
            painter.drawPolygon(arrayToQPolygonF(right, down))
        _draw_known(painter, style.pen(style.theme.text, 1.8), mapping, logarithms(values)[0], self._lower)
        place = QPointF(mapping.width, mapping.height * (1 - _LOWER.top) + 8 * style.scale)
        words, metrics = self.distances, QFontMetricsF(style.font(SMALL))
        if metrics.horizontalAdvance(words) > mapping.width - 12:
            words = words.partition(" · ")[0]  # the rest is in the description
        self.draw_label(painter, mapping, words, place, style.theme.muted)

    def _draw_marker(self, painter: QPainter, mapping: Mapping) -> None:
        snapshot = self._snapshot
        own, fresh = self.leads
        if snapshot is None or snapshot.iteration >= own.size:
            return
        place = float(snapshot.iteration)
        self.draw_position(painter, mapping, place)
        for values in (fresh, own):
            level = float(self._upper.to_view(values[snapshot.iteration]))
            self.draw_dot(painter, mapping, place, level, self._edge(mapping))


def _of_kept(trace: Trace, first: int, last: int, compute: Callable[[Trace], Array]) -> Array:
    """(rows, iterations) what is computed of the mixtures from ``first`` to ``last``, NaN where one was thinned out."""
    part, kept = trace.between(first, last)
    computed = np.atleast_2d(compute(part))
    values = np.full((len(computed), last + 1 - first), np.nan)
    values[:, kept - first] = computed
    return values


def _no_ticks(low: float, high: float, most: int) -> Ticks:
    return Ticks([], [], "")


def _draw_known(painter: QPainter, pen: QPen, mapping: Mapping, values: Array, part: Part) -> None:
    """A curve through the values that are known; those between two known ones are near both."""
    chosen = np.flatnonzero(np.isfinite(values))
    if chosen.size:
        chosen = chosen[thinned(0, chosen.size - 1)]
        x, y = mapping.x(chosen.astype(np.float64)), mapping.y(part.to_view(values[chosen]))
        kept = fewest_places(x, y)
        draw_curve(painter, pen, x[kept], y[kept])
