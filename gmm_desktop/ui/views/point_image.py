"""More points than can be stamped one by one, as an image that looks as the discs do."""

from __future__ import annotations

import threading
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QRectF, QTimer
from PySide6.QtGui import QImage, QPainter

from gmm_desktop.ui.views.binning import Cells, count_cells
from gmm_desktop.ui.views.colours import argb, shade_colours, shades
from gmm_desktop.ui.views.content import Cloud, Content
from gmm_desktop.ui.views.coordinates import Limits, Mapping
from gmm_desktop.ui.views.points import disc_radius

_LOOK_EVERY = 10  # milliseconds

_Key = tuple[Cloud, Limits, float, float, float, float]


class _Count:
    """One count under way in a thread: it is asked for its result, and never touches what Qt may have deleted."""

    def __init__(self, key: _Key, *, waits: bool) -> None:
        self.key = key
        self.cells: Cells | None = None
        self.done = False
        self.cancelled = threading.Event()
        if waits:
            self._work()
        else:
            threading.Thread(target=self._work, name="count-points", daemon=True).start()

    def _work(self) -> None:
        shown, limits, width, height, ratio, radius = self.key
        x, y = shown.coordinates
        try:
            self.cells = count_cells(x, y, limits, (width, height), radius, ratio, self.cancelled.is_set)
        finally:
            self.done = True


class PointImage(QObject):
    """Counts the points of a view once, in a thread of its own, and colours the cells anew for each frame.

    Until a count for a new view is ready, the old image is drawn scaled to it.

    Attributes:
        waits: count at once instead; for pictures, which are drawn only one time.
    """

    def __init__(self, redraw: Callable[[], None], parent: QObject, *, waits: bool = False) -> None:
        super().__init__(parent)
        self.waits = waits
        self._redraw = redraw
        self._count: _Count | None = None
        self._ready: _Count | None = None
        self._image: QImage | None = None
        self._pixels: NDArray[np.uint32] = np.zeros((0, 0), dtype=np.uint32)
        self._image_of: tuple[object, ...] = ()
        self._look = QTimer(self)
        self._look.setInterval(_LOOK_EVERY)
        self._look.timeout.connect(self._take)

    def draw(self, painter: QPainter, mapping: Mapping, content: Content) -> None:
        """Draw the points of ``content``."""
        cloud = content.cloud
        key = (
            cloud,
            mapping.limits,
            mapping.width,
            mapping.height,
            mapping.ratio,
            disc_radius(cloud.size, content.style.scale),
        )
        if self._count is None or key != self._count.key:
            self._begin(key)
        cells = self._ready.cells if self._ready is not None and self._ready.key[0] is cloud else None
        if cells is None or not cells.x.size:
            return
        image = self._coloured(cells, content)
        covered = cells.limits
        left, right = mapping.x(np.array([covered.x_low, covered.x_high]))
        top, bottom = mapping.y(np.array([covered.y_high, covered.y_low]))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(QRectF(left, top, right - left, bottom - top), image)

    def _begin(self, key: _Key) -> None:
        if self._count is not None:
            self._count.cancelled.set()
        self._count = _Count(key, waits=self.waits)
        if self.waits:
            self._ready = self._count
        else:
            self._look.start()

    def _take(self) -> None:
        if self._count is None or not self._count.done:
            return
        self._look.stop()
        if self._count.cells is not None:
            self._ready = self._count
            self._redraw()

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
            table[:-1] = colours[shades(mixture.log_joint(cells.x, cells.y), content.options.colouring)]
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
