"""More points than can be stamped one by one, as an image that looks as the discs do."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QRectF
from PySide6.QtGui import QImage, QPainter

from gmm_desktop.ui.views.cells import Cells, count_cells
from gmm_desktop.ui.views.colours import argb, shade_colours
from gmm_desktop.ui.views.content import Cloud, Content
from gmm_desktop.ui.views.coordinates import Limits, Mapping
from gmm_desktop.ui.views.errand import Cancelled, Errand
from gmm_desktop.ui.views.points import disc_radius

Array = NDArray[np.float64]

_SAME_PIXELS = 1e-3  # of the scale: by less no image of a screen's size is stretched by a pixel


class _Wanted(NamedTuple):
    """What is to be counted."""

    cloud: Cloud
    limits: Limits
    width: float
    height: float
    ratio: float
    radius: float


class PointImage:
    """Counts the points of a view once, in a thread of its own, and colours the cells anew for each frame.

    Until a count for a new view is ready, the old image is drawn scaled to it.
    """

    def __init__(self, redraw: Callable[[], None], parent: QObject) -> None:
        self._redraw = redraw
        self._errand: Errand[Cells] = Errand(parent)
        self._wanted: _Wanted | None = None
        self._cells: Cells | None = None
        self._cells_of: Cloud | None = None
        self._image: QImage | None = None
        self._pixels: NDArray[np.uint32] = np.zeros((0, 0), dtype=np.uint32)
        self._image_of: tuple[object, ...] = ()

    @property
    def is_counting(self) -> bool:
        """Whether what is drawn is not yet the last word."""
        return self._errand.is_under_way

    def draw(self, painter: QPainter, mapping: Mapping, content: Content) -> None:
        """Draw the points of ``content``."""
        wanted = _wanted(mapping, content)
        if wanted != self._wanted:
            self._begin(wanted)
        cells = self._cells
        if cells is None or self._cells_of is not content.cloud or not cells.x.size:
            return
        image = self._coloured(cells, content)
        target, source = _near(cells.limits, mapping, image)
        if source.isEmpty():
            return
        stretched = target.width() * mapping.ratio / source.width(), target.height() * mapping.ratio / source.height()
        exact = max(abs(stretch - 1.0) for stretch in stretched) < _SAME_PIXELS
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, not exact)
        painter.drawImage(target, image, source)

    def changed_places(self, content: Content) -> tuple[Array, Array]:
        """Where an E-step has changed the likeliest component: the centres of the cells, view coordinates."""
        cells = self._cells
        if cells is None or self._cells_of is not content.cloud:
            return np.zeros(0), np.zeros(0)
        changed = content.changed_cells(cells)
        return cells.x[changed], cells.y[changed]

    def make_ready(self, mapping: Mapping, content: Content) -> None:
        """Count and colour here and now what ``draw`` will want: for pictures, and not in the window's thread."""
        wanted = _wanted(mapping, content)
        if wanted != self._wanted or self._cells is None:
            self._wanted = wanted
            self._take(content.cloud, _count(wanted, lambda: False))
        assert self._cells is not None
        self._coloured(self._cells, content)

    def _begin(self, wanted: _Wanted) -> None:
        if self._wanted is not None and self._wanted.cloud is not wanted.cloud:
            self._errand.cancel()
        self._wanted = wanted
        self._errand.run(lambda cancelled: _count(wanted, cancelled), lambda cells: self._counted(wanted.cloud, cells))

    def _counted(self, cloud: Cloud, cells: Cells) -> None:
        self._take(cloud, cells)
        self._redraw()

    def _take(self, cloud: Cloud, cells: Cells | None) -> None:
        self._cells_of, self._cells = cloud, cells

    def _coloured(self, cells: Cells, content: Content) -> QImage:
        snapshot, style = content.snapshot, content.style
        image_of = (cells, snapshot.colouring, content.options.colouring, style)
        if self._image is not None and image_of == self._image_of:
            return self._image
        self._image_of = image_of
        mixture = content.colouring()
        colours = argb(shade_colours(style, 0 if mixture is None else len(mixture.weights)))
        table = np.empty(cells.x.size + 1, dtype=np.uint32)
        np.take(colours, content.cell_shades(cells), out=table[:-1], mode="clip")
        table[-1] = 0
        rows, columns = cells.owner.shape
        if self._pixels.shape != (rows, columns):
            self._pixels = np.empty((rows, columns), dtype=np.uint32)
        np.take(table, cells.owner, out=self._pixels, mode="clip")
        image = QImage(self._pixels.data, columns, rows, columns * 4, QImage.Format.Format_ARGB32_Premultiplied)
        mask = QImage(cells.opacity.data, columns, rows, columns, QImage.Format.Format_Alpha8)
        painter = QPainter(image)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationIn)
        painter.drawImage(0, 0, mask)
        painter.end()
        self._image = image
        return image


def _near(covered: Limits, mapping: Mapping, image: QImage) -> tuple[QRectF, QRectF]:
    """Of an image over ``covered`` the part in and around the view: where it belongs, and which part that is.

    After a zoom the whole may be larger than Qt can draw.
    """
    x_low, x_high, y_low, y_high = mapping.limits
    left, width, x, columns = _near_along(
        (x_low, x_high), mapping.width, (covered.x_low, covered.x_high), image.width()
    )
    top, height, y, rows = _near_along(
        (-y_high, -y_low), mapping.height, (-covered.y_high, -covered.y_low), image.height()
    )
    return QRectF(left, top, width, height), QRectF(x, y, columns, rows)


def _near_along(
    seen: tuple[float, float], length: float, covered: tuple[float, float], pixels: int
) -> tuple[float, float, float, float]:
    """Along one axis: the beginning and the length of the part, in the view and in the image's pixels."""
    span = seen[1] - seen[0]
    begin, end = max(covered[0], seen[0] - span), min(covered[1], seen[1] + span)
    to_view, to_image = length / span, pixels / (covered[1] - covered[0])
    part = max(0.0, end - begin)
    return (begin - seen[0]) * to_view, part * to_view, (begin - covered[0]) * to_image, part * to_image


def _wanted(mapping: Mapping, content: Content) -> _Wanted:
    radius = disc_radius(content.cloud.size, content.style.scale)
    return _Wanted(content.cloud, mapping.limits, mapping.width, mapping.height, mapping.ratio, radius)


def _count(wanted: _Wanted, cancelled: Cancelled) -> Cells | None:
    cloud, limits, width, height, ratio, radius = wanted
    x, y = cloud.coordinates
    return count_cells(x, y, limits, (width, height), radius, ratio, cancelled, with_members=not cloud.is_whole)
