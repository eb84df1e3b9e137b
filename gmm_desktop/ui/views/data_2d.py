"""Two columns: points, ellipses, contours, the way of the means, the truth."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QPointF, QRectF
from PySide6.QtGui import QPainter

from gmm_desktop.ui.views.content import Content
from gmm_desktop.ui.views.contours import contours
from gmm_desktop.ui.views.coordinates import Mapping
from gmm_desktop.ui.views.ellipses import Outlines, draw_outlines, draw_truth, fill_ellipses, outlines
from gmm_desktop.ui.views.ghosts import draw_dashed, draw_dotted, draw_letters, draw_words, few
from gmm_desktop.ui.views.layer import Layer
from gmm_desktop.ui.views.lines import Line, draw_pieces
from gmm_desktop.ui.views.marks import draw_badge, draw_cross, draw_trails, draw_word, place_badges
from gmm_desktop.ui.views.point_image import PointImage
from gmm_desktop.ui.views.points import Discs, Rings, disc_radius
from gmm_desktop.ui.views.shown import ShownMixture
from gmm_desktop.ui.views.stamp import Stamps
from gmm_desktop.ui.views.style import PlotStyle

# Above it one disc after the other costs more than the frame may.
MOST_DISCS = 20_000
MOST_SHAPES = 3_000
"""Points of a vector picture that are shapes; more make files that are slow to show, and are pixels."""


class Data2D:
    """The layers of the data plot for two columns, from back to front.

    Attributes:
        layers: the items, for whoever shows and hides them.
        below_means: the depth of what lies between the ellipses and the means with their letters.
    """

    def __init__(self, view_box: pg.ViewBox, redraw: Callable[[], None], parent: QObject) -> None:
        self._content: Content | None = None
        self._discs = Discs()
        self._rings = Rings()
        self._image = PointImage(redraw, parent)
        self._shapes: tuple[object, Mapping, Outlines] | None = None
        self._other_shapes: tuple[object, Mapping, Outlines] | None = None
        self._contours: tuple[object, Mapping, NDArray[np.float64]] | None = None
        self._stamps = Stamps()
        draws = (
            self._draw_fills,
            self._draw_contours,
            self._draw_points,
            self._draw_changed,
            self._draw_outlines,
            self._draw_others,
            self._draw_trails,
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

    @property
    def is_counting(self) -> bool:
        """Whether many points are still counted for what is drawn."""
        return self._image.is_counting

    def work_before_painting(self, ratio: float) -> Callable[[], None] | None:
        """What takes long of a painting at ``ratio`` device pixels in a logical one; None where nothing does."""
        content = self._content
        if content is None or content.cloud.size <= MOST_DISCS:
            return None
        mapping = self.layers[0].mapping(ratio)
        return lambda: self._image.make_ready(mapping, content)

    def layers_of_pixels(self) -> list[Layer]:
        """What is better off as pixels in a vector picture: neighbours, from back to front."""
        content = self._content
        if content is None or content.cloud.size <= MOST_SHAPES:
            return []
        return self.layers[2:4]  # the points, and the rings around them

    def _ellipses(self, mixture: ShownMixture, mapping: Mapping) -> Outlines:
        if self._shapes is None or self._shapes[0] is not mixture or self._shapes[1] != mapping:
            self._shapes = (mixture, mapping, outlines(mixture, mapping))
        return self._shapes[2]

    def _draw_fills(self, painter: QPainter, mapping: Mapping) -> None:
        content = self._content
        mixture = content.mixture() if content else None
        if content and mixture and content.options.ellipses and content.started:
            fill_ellipses(painter, self._ellipses(mixture, mapping), content.style)

    def _draw_contours(self, painter: QPainter, mapping: Mapping) -> None:
        content = self._content
        mixture = content.mixture() if content else None
        if not (content and mixture and content.options.contours and content.started):
            return
        if self._contours is None or self._contours[0] is not mixture or self._contours[1] != mapping:
            self._contours = (mixture, mapping, contours(mixture, mapping))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw_pieces(painter, content.style.pen(content.style.theme.muted, 1.0, strength=0.5), self._contours[2])

    def _draw_points(self, painter: QPainter, mapping: Mapping) -> None:
        content = self._content
        if content is None:
            return
        if content.cloud.size > MOST_DISCS:
            self._image.draw(painter, mapping, content)
            return
        x, y = content.cloud.coordinates
        colouring = content.colouring()
        k = 0 if colouring is None else len(colouring.weights)
        self._discs.draw(painter, mapping, x, y, content.point_shades(), content.style, k)

    def _draw_changed(self, painter: QPainter, mapping: Mapping) -> None:
        """Outline the points whose likeliest component this E-step has changed."""
        content = self._content
        if content is None or content.snapshot.before is None:
            return
        if content.cloud.size > MOST_DISCS:
            x, y = self._image.changed_places(content)
        else:
            x, y = (column[content.changed_points()] for column in content.cloud.coordinates)
        self._rings.draw(painter, mapping, x, y, disc_radius(content.cloud.size, content.style.scale), content.style)

    def _draw_outlines(self, painter: QPainter, mapping: Mapping) -> None:
        content = self._content
        mixture = content.mixture() if content else None
        if content and mixture and content.options.ellipses:
            shapes = self._ellipses(mixture, mapping)
            draw_outlines(painter, shapes, content.style, dashed=not content.started)

    def _draw_others(self, painter: QPainter, mapping: Mapping) -> None:
        """The run that this one is compared with, and the way of the one that it branched from."""
        content = self._content
        if content is None or not content.about_others():
            return
        style, bounds = content.style, QRectF(0, 0, mapping.width, mapping.height)
        if content.snapshot.ghost is not None:
            draw_dotted(painter, self._way(content, content.snapshot.ghost.way, mapping), style)
        other = content.other()
        if other is not None:
            if self._other_shapes is None or self._other_shapes[0] is not other or self._other_shapes[1] != mapping:
                self._other_shapes = (other, mapping, outlines(other, mapping))
            draw_dashed(painter, [line for shape in self._other_shapes[2] for line in shape[:2]], style)
            across, down = mapping.x(other.means[:, 0]), mapping.y(other.means[:, 1])
            draw_letters(painter, [QPointF(x, y) for x, y in zip(across, down, strict=True)], style, bounds)
        draw_words(painter, content.about_others(), style, bounds)

    def _way(self, content: Content, means: NDArray[np.float64], mapping: Mapping) -> list[Line]:
        """The way of each mean (m, k, d) in pixels."""
        (a, b), (x_scale, y_scale) = content.cloud.columns, content.cloud.axis_scales()
        steps = means[few(len(means))]
        across = mapping.x(x_scale.to_view(steps[:, :, a]))
        down = mapping.y(y_scale.to_view(steps[:, :, b]))
        return list(zip(across.T, down.T, strict=True))

    def _draw_trails(self, painter: QPainter, mapping: Mapping) -> None:
        content = self._content
        if not (content and content.snapshot.mixture and content.options.trails and len(content.snapshot.means)):
            return
        past = content.snapshot.way
        (a, b), (x_scale, y_scale) = content.cloud.columns, content.cloud.axis_scales()
        x, y = np.asarray(past[:, :, a]), np.asarray(past[:, :, b])
        draw_trails(painter, mapping, x_scale.to_view(x), y_scale.to_view(y), content.style)

    def _draw_truth(self, painter: QPainter, mapping: Mapping) -> None:
        content = self._content
        truth = content.truth() if content else None
        if not (content and truth):
            return
        bounds = QRectF(0, 0, mapping.width, mapping.height)
        style = content.style
        self._stamps.draw(
            painter,
            bounds,
            mapping.ratio,
            (truth, mapping, style),
            lambda onto: _paint_truth(onto, truth, mapping, style),
        )

    def _draw_means(self, painter: QPainter, mapping: Mapping) -> None:
        content = self._content
        mixture = content.mixture() if content else None
        if not (content and mixture):
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        across, down = mapping.x(mixture.means[:, 0]), mapping.y(mixture.means[:, 1])
        places = [QPointF(x, y) for x, y in zip(across, down, strict=True)]
        for c, place in enumerate(places):
            draw_cross(painter, place, content.style, c)
        bounds = QRectF(0, 0, mapping.width, mapping.height)
        for c, box in enumerate(place_badges(places, content.style, bounds)):
            draw_badge(painter, box, content.style, c)


def _paint_truth(painter: QPainter, truth: ShownMixture, mapping: Mapping, style: PlotStyle) -> None:
    shapes = outlines(truth, mapping)
    draw_truth(painter, shapes, style)
    x, y = shapes[0][1]
    place = QPointF(float(x.mean()), float(y.min()) - 5)
    draw_word(painter, "truth", place, style.theme.truth, style, QRectF(0, 0, mapping.width, mapping.height))
