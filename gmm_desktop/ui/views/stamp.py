"""Drawings that seldom change, kept as pixels between the frames."""

from __future__ import annotations

import math
from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPaintEngine, QPainter, QPicture, QPixmap

_MOST_KEPT = 4


def draws_vectors(painter: QPainter) -> bool:
    """Whether a painter's device keeps lines and letters as such; pixels would be coarse there."""
    engine = painter.paintEngine()
    return engine is None or engine.type() != QPaintEngine.Type.Raster


class Recording(QPicture):
    """What is painted, to be painted again.

    Attributes:
        with_dots: whether discs are to be recorded as dots of a round pen. A page of PDF then is half as long, and is
            compressed, in one go that nothing can interrupt, in a seventh of the time; an SVG is to have circles.
    """

    def __init__(self, *, with_dots: bool = False) -> None:
        super().__init__()
        self.with_dots = with_dots


def wants_dots(painter: QPainter) -> bool:
    """Whether it paints on a ``Recording`` with dots."""
    device = painter.device()
    return isinstance(device, Recording) and device.with_dots


class Stamps:
    """Draws what ``paint`` paints, from pixels where they were made before.

    A painter of a file gets the drawing itself: a vector wants no pixels, and a picture is painted once.
    """

    def __init__(self) -> None:
        self._kept: dict[object, QPixmap] = {}

    def draw(
        self, painter: QPainter, bounds: QRectF, ratio: float, key: object, paint: Callable[[QPainter], None]
    ) -> None:
        """Draw what ``paint`` draws within ``bounds`` (logical pixels) at ``ratio`` device pixels in each.

        The same ``key`` promises the same drawing; place and ratio are added here, as fractions of a pixel, so
        that what is moved is never blurred.
        """
        if draws_vectors(painter) or isinstance(painter.device(), QImage):
            painter.save()
            paint(painter)
            painter.restore()
            return
        left, top = math.floor(bounds.left() * ratio) / ratio, math.floor(bounds.top() * ratio) / ratio
        size = (math.ceil((bounds.right() - left) * ratio) + 1, math.ceil((bounds.bottom() - top) * ratio) + 1)
        if min(size) < 1:
            return
        whole = (key, left, top, size, ratio)
        pixmap = self._kept.get(whole)
        if pixmap is None:
            pixmap = _painted(paint, left, top, size, ratio)
            while len(self._kept) >= _MOST_KEPT:
                del self._kept[next(iter(self._kept))]
            self._kept[whole] = pixmap
        painter.drawPixmap(QPointF(left, top), pixmap)


def _painted(
    paint: Callable[[QPainter], None], left: float, top: float, size: tuple[int, int], ratio: float
) -> QPixmap:
    pixmap = QPixmap(*size)
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(-left, -top)
    paint(painter)
    painter.end()
    return pixmap
