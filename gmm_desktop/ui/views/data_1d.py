"""One column: the histogram, the components' curves, the mixture's curve, the truth."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from pyqtgraph.Qt.internals import PrimitiveArray
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

from gmm_desktop.ui.palette import mixed
from gmm_desktop.ui.theme import BODY
from gmm_desktop.ui.views.binning import Histogram, histogram
from gmm_desktop.ui.views.colours import shade_colours
from gmm_desktop.ui.views.content import Content
from gmm_desktop.ui.views.coordinates import Limits, Mapping, padded
from gmm_desktop.ui.views.ghosts import draw_dashed, draw_dotted, draw_letters, draw_words
from gmm_desktop.ui.views.layer import Layer
from gmm_desktop.ui.views.lines import draw_curve
from gmm_desktop.ui.views.marks import draw_badge, draw_word, place_badges
from gmm_desktop.ui.views.shown import ShownMixture
from gmm_desktop.ui.views.stamp import Stamps
from gmm_desktop.ui.views.style import PlotStyle

Array = NDArray[np.float64]

MOST_IN_RUG = 600
_RUG = 9.0  # pixels
_FLAT = 1.0  # pixels
_BELOW, _ABOVE = 0.045, 1.22  # the vertical range, in heights of the highest bar
_BAR_STRENGTH = {"light": 0.42, "dark": 0.5}


class Data1D:
    """The layers of the data plot for one column, from back to front.

    Attributes:
        layers: the items, for whoever shows and hides them.
        below_means: the depth of what lies between the curves and the means with their letters.
    """

    def __init__(self, view_box: pg.ViewBox) -> None:
        self._content: Content | None = None
        self._bars = PrimitiveArray(QRectF, 4)
        self._stamps = Stamps()
        self._counted: tuple[object, int, Histogram] | None = None
        draws = (
            self._draw_bars,
            self._draw_rug,
            self._draw_curves,
            self._draw_others,
            self._draw_truth,
            self._draw_means,
        )
        self.below_means = 10 + len(draws) - 1.5
        self.layers = [Layer(view_box, 10 + depth, draw) for depth, draw in enumerate(draws)]

    def show(self, content: Content | None) -> None:
        """Draw ``content`` from now on; None hides everything."""
        self._content = content
        for layer in self.layers:
            layer.setVisible(content is not None)
            layer.update()

    def limits(self, content: Content) -> Limits:
        """What to show of the data: all of it, with room above for curves that are higher than the bars."""
        low, high = padded(*content.cloud.bounds[0])
        bars = self.histogram(content)
        top = float(bars.heights.max())
        truth = content.truth()
        if truth is not None:
            top = max(top, float(np.exp(truth.log_joint(_curve_places(truth, low, high))).sum(axis=0).max()))
        return Limits(low, high, -_BELOW * top, _ABOVE * top)

    def histogram(self, content: Content) -> Histogram:
        """The bars, counted once for each choice of their number."""
        counted, bins = self._counted, content.options.bins
        if counted is None or counted[0] is not content.cloud or counted[1] != bins:
            cloud = content.cloud
            if cloud.fine is not None:
                bars = cloud.fine.histogram(bins)
            else:
                bars = histogram(cloud.coordinates[0], cloud.bounds[0], bins, cloud.dataset.sample_weight)
            self._counted = counted = (cloud, bins, bars)
        return counted[2]

    def _draw_bars(self, painter: QPainter, mapping: Mapping) -> None:
        content = self._content
        if content is None:
            return
        bars = self.histogram(content)
        edges = mapping.x(bars.edges)
        gap = 1.0 if edges[1] - edges[0] > 4 else 0.0
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        floor = np.zeros_like(bars.heights)
        for share, colour in _shares(content, bars.centres):
            top = floor + share * bars.heights
            painter.setBrush(QColor(colour))
            self._draw_boxes(painter, edges, mapping.y(floor), mapping.y(top), gap)
            floor = top
        changed = _changed_bars(content, bars.centres)
        if changed.any():
            painter.setPen(content.style.pen(content.style.theme.text, 1.6))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            tops = np.where(changed, bars.heights, 0.0)
            self._draw_boxes(painter, edges, mapping.y(np.zeros_like(tops)), mapping.y(tops), gap)

    def _draw_boxes(self, painter: QPainter, edges: Array, low: Array, high: Array, gap: float) -> None:
        seen = low - high > 0.05
        if not seen.any():
            return
        self._bars.resize(int(seen.sum()))
        boxes = self._bars.ndarray()
        boxes[:, 0] = edges[:-1][seen] + gap / 2
        boxes[:, 1] = high[seen]
        boxes[:, 2] = np.diff(edges)[seen] - gap
        boxes[:, 3] = (low - high)[seen]
        painter.drawRects(*self._bars.drawargs())

    def _draw_rug(self, painter: QPainter, mapping: Mapping) -> None:
        content = self._content
        if content is None or content.cloud.size > MOST_IN_RUG:
            return
        colouring = content.colouring()
        colours = shade_colours(content.style, 0 if colouring is None else len(colouring.weights))
        base = float(mapping.y(np.zeros(1))[0]) + 2
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        across = mapping.x(content.cloud.coordinates[0])
        shade = content.point_shades()
        for value in np.unique(shade):
            painter.setPen(content.style.pen(colours[value], 1.2, strength=0.85))
            painter.drawLines([QLineF(x, base, x, base + _RUG) for x in across[shade == value]])

    def _draw_curves(self, painter: QPainter, mapping: Mapping) -> None:
        content = self._content
        mixture = content.mixture() if content else None
        if not (content and mixture):
            return
        style = content.style
        places = _curve_places(mixture, mapping.limits.x_low, mapping.limits.x_high)
        curves = np.exp(mixture.log_joint(places))
        across = mapping.x(places)
        base = float(mapping.y(np.zeros(1))[0])
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        # The mixture's curve lies below and is wider, so that it still shows where one component is all of it.
        pen = style.pen(style.theme.text, 3.6 if content.started else 2.4, strength=0.95 if content.started else 0.3)
        draw_curve(painter, pen, across, mapping.y(curves.sum(axis=0)))
        for c in sorted(range(len(curves)), key=lambda c: c == style.selected):
            pen = style.component_pen(c, 2.2, dashed=not content.started)
            down = mapping.y(curves[c])
            seen = down < base - _FLAT  # else the tails of one would paint the base line of all
            if seen.any():
                draw_curve(painter, pen, across[seen], down[seen])

    def _draw_others(self, painter: QPainter, mapping: Mapping) -> None:
        """The run that this one is compared with, and the density of the one that it branched from."""
        content = self._content
        if content is None or not content.about_others():
            return
        style, bounds = content.style, QRectF(0, 0, mapping.width, mapping.height)
        ghost, other = content.ghost(), content.other()
        low, high = mapping.limits.x_low, mapping.limits.x_high
        if ghost is not None:
            places = _curve_places(ghost, low, high)
            draw_dotted(painter, [(mapping.x(places), mapping.y(np.exp(ghost.log_joint(places)).sum(axis=0)))], style)
        if other is not None:
            places = _curve_places(other, low, high)
            across, down = mapping.x(places), mapping.y(np.exp(other.log_joint(places)))
            base = float(mapping.y(np.zeros(1))[0])
            seen = down < base - _FLAT
            draw_dashed(painter, [(across[rows], y[rows]) for y, rows in zip(down, seen, strict=True)], style)
            tops = mapping.y(np.exp(np.diagonal(other.log_joint(other.means[:, 0]))))
            spots = zip(mapping.x(other.means[:, 0]), tops, strict=True)
            draw_letters(painter, [QPointF(x, y) for x, y in spots], style, bounds)
        draw_words(painter, content.about_others(), style, bounds)

    def _draw_truth(self, painter: QPainter, mapping: Mapping) -> None:
        content = self._content
        truth = content.truth() if content else None
        if not (content and truth):
            return
        bounds, style = QRectF(0, 0, mapping.width, mapping.height), content.style
        key = (truth, mapping, style)
        self._stamps.draw(painter, bounds, mapping.ratio, key, lambda onto: _paint_truth(onto, truth, mapping, style))

    def _draw_means(self, painter: QPainter, mapping: Mapping) -> None:
        content = self._content
        mixture = content.mixture() if content else None
        if not (content and mixture):
            return
        style = content.style
        peaks = np.exp(np.diagonal(mixture.log_joint(mixture.means[:, 0])))
        across, down = mapping.x(mixture.means[:, 0]), mapping.y(peaks)
        base = float(mapping.y(np.zeros(1))[0])
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for c, (x, y) in enumerate(zip(across, down, strict=True)):
            for pen in (style.casing_pen(1.6), style.component_pen(c, 1.6, dashed=False)):
                painter.setPen(pen)
                painter.drawLine(QPointF(x, base), QPointF(x, y))
        places = [QPointF(x, max(y, 26 * style.scale)) for x, y in zip(across, down, strict=True)]
        bounds = QRectF(0, 0, mapping.width, mapping.height)
        for c, box in enumerate(place_badges(places, style, bounds)):
            draw_badge(painter, box, style, c)


def _shares(content: Content, centres: Array) -> list[tuple[Array | float, str]]:
    """How a bar is split from the bottom up: shares of its height, (b,), and their colours."""
    theme, style = content.style.theme, content.style
    mixture = content.colouring()
    if mixture is None or content.options.colouring == "plain":
        return [(1.0, theme.bars)]
    log_joint = mixture.log_joint(centres)
    shares = np.exp(log_joint - log_joint.max(axis=0))
    if content.options.colouring == "hard":
        shares = (log_joint == log_joint.max(axis=0)).astype(np.float64)
    shares /= shares.sum(axis=0)
    strength = _BAR_STRENGTH[theme.name]
    return [(share, mixed(theme.card, style.colour(c), strength)) for c, share in enumerate(shares)]


def _changed_bars(content: Content, centres: Array) -> NDArray[np.bool_]:
    """The bars, (b,), whose likeliest component this E-step has changed."""
    before, now = content.before(), content.colouring()
    if before is None or now is None or content.options.colouring == "plain":
        return np.zeros(centres.size, dtype=bool)
    return np.asarray(before.log_joint(centres).argmax(axis=0) != now.log_joint(centres).argmax(axis=0))


def _curve_places(mixture: ShownMixture, low: float, high: float) -> Array:
    """Where to compute curves between ``low`` and ``high``: everywhere, and closely about narrow components."""
    spread = np.linspace(-4.0, 4.0, 81)
    near = mixture.means[:, 0, np.newaxis] + mixture.cholesky[:, 0] * spread
    places = np.concatenate([np.linspace(low, high, 401), near.ravel()])
    return np.unique(np.clip(places, low, high))


def _paint_truth(painter: QPainter, truth: ShownMixture, mapping: Mapping, style: PlotStyle) -> None:
    places = _curve_places(truth, mapping.limits.x_low, mapping.limits.x_high)
    density = np.exp(truth.log_joint(places)).sum(axis=0)
    across, down = mapping.x(places), mapping.y(density)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for pen in style.truth_pens():
        draw_curve(painter, pen, across, down)
    _draw_truth_word(painter, across, down, style, mapping)


def _draw_truth_word(painter: QPainter, across: Array, down: Array, style: PlotStyle, mapping: Mapping) -> None:
    """The word left of the highest peak: the letters of the means stand on the right of theirs."""
    peak = int(down.argmin())
    wide = QFontMetricsF(style.font(BODY, bold=True)).horizontalAdvance("truth")
    place = QPointF(across[peak] - wide - 14 * style.scale, down[peak] + 2)
    draw_word(painter, "truth", place, style.theme.truth, style, QRectF(0, 0, mapping.width, mapping.height))
