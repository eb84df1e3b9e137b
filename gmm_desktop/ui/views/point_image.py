"""More points than can be stamped one by one, as an image that looks as the discs do."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QRectF
from PySide6.QtGui import QImage, QPainter

from gmm_desktop.ui.views.binning import Cells, count_cells
from gmm_desktop.ui.views.colours import argb, shade_colours, shades
from gmm_desktop.ui.views.content import Cloud, Content
from gmm_desktop.ui.views.coordinates import Limits, Mapping
from gmm_desktop.ui.views.errand import Cancelled, Errand
from gmm_desktop.ui.views.points import disc_radius

_Key = tuple[Cloud, Limits, float, float, float, float]


class PointImage:
    """Counts the points of a view once, in a thread of its own, and colours the cells anew for each frame.

    Until a count for a new view is ready, the old image is drawn scaled to it.

    Attributes:
        waits: count at once instead; for pictures, which are drawn only one time.
    """

    def __init__(self, redraw: Callable[[], None], parent: QObject, *, waits: bool = False) -> None:
        self.waits = waits
        self._redraw = redraw
        self._errand: Errand[Cells] = Errand(parent)
        self._wanted: _Key | None = None
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
        cloud = content.cloud
        radius = disc_radius(cloud.size, content.style.scale)
        key = (cloud, mapping.limits, mapping.width, mapping.height, mapping.ratio, radius)
        if key != self._wanted:
            self._begin(key)
        cells = self._cells
        if cells is None or self._cells_of is not cloud or not cells.x.size:
            return
        image = self._coloured(cells, content)
        covered = cells.limits
        left, right = mapping.x(np.array([covered.x_low, covered.x_high]))
        top, bottom = mapping.y(np.array([covered.y_high, covered.y_low]))
        exact = covered == mapping.limits and image.width() == round(mapping.width * mapping.ratio)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, not exact)
        painter.drawImage(QRectF(left, top, right - left, bottom - top), image)

    def _begin(self, key: _Key) -> None:
        if self._wanted is not None and self._wanted[0] is not key[0]:
            self._errand.cancel()
        self._wanted = key
        if self.waits:
            self._take(key[0], _count(key, lambda: False))
        else:
            self._errand.run(lambda cancelled: _count(key, cancelled), lambda cells: self._counted(key[0], cells))

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
        if mixture is None:
            table[:] = colours[0]
        else:
            log_joint = mixture.log_joint(cells.x, cells.y, precision=np.float32)
            np.take(colours, shades(log_joint, content.options.colouring), out=table[:-1], mode="clip")
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


def _count(key: _Key, cancelled: Cancelled) -> Cells | None:
    cloud, limits, width, height, ratio, radius = key
    x, y = cloud.coordinates
    return count_cells(x, y, limits, (width, height), radius, ratio, cancelled)
