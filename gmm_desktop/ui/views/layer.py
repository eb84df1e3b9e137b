"""One sheet of a plot's drawing, painted in pixels."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pyqtgraph as pg
from PySide6.QtCore import QRectF, QTimer
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from gmm_desktop.ui.views.coordinates import Limits, Mapping

Draw = Callable[[QPainter, Mapping], None]


class Layer(QGraphicsItem):
    """A child of a view box that covers it and is painted by ``draw``.

    It works in pixels, not in data coordinates: pens then have the same width at any zoom and device pixel ratio,
    and no transform of Qt's meets a scale of 1e-100. An exception inside ``paint`` would end the process, so it is
    caught, reported once and the layer stays empty from then on.
    """

    def __init__(self, view_box: pg.ViewBox, depth: float, draw: Draw) -> None:
        super().__init__(view_box)
        self._view_box = view_box
        self._draw = draw
        self._rectangle = QRectF(view_box.rect())
        self.failed = False
        self.setZValue(depth)
        view_box.sigResized.connect(self._resize)
        view_box.sigRangeChanged.connect(self._redraw)

    def boundingRect(self) -> QRectF:
        return self._rectangle

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        if self.failed or self._rectangle.isEmpty():
            return
        painter.save()
        try:
            scale = abs(painter.worldTransform().m22())
            self._draw(painter, self.mapping(scale * painter.device().devicePixelRatio()))
        except Exception:  # whatever it is, it must not reach Qt
            self.failed = True
            error = sys.exc_info()
            # The hook may show a dialog, which must not happen in the middle of painting.
            QTimer.singleShot(0, lambda: sys.excepthook(*error))
        finally:
            painter.restore()

    def mapping(self, ratio: float) -> Mapping:
        """From view coordinates to this layer's pixels, ``ratio`` device pixels in each."""
        (x_low, x_high), (y_low, y_high) = self._view_box.viewRange()
        return Mapping(Limits(x_low, x_high, y_low, y_high), self._rectangle.width(), self._rectangle.height(), ratio)

    def _resize(self) -> None:
        self.prepareGeometryChange()
        self._rectangle = QRectF(self._view_box.rect())

    def _redraw(self) -> None:
        self.update()
