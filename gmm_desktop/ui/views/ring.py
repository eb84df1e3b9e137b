"""A ring around one point of the data, for whoever speaks of it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter

from gmm_desktop.ui.views.content import Content
from gmm_desktop.ui.views.coordinates import Mapping
from gmm_desktop.ui.views.layer import Layer

_DEPTH = 30  # in front of everything
_RADIUS = 11.0
_MARKS = 6.5  # pixels from the base line to the middle of the marks below it


class PointRing:
    """Rings a row of the data, at its place among the shown columns."""

    def __init__(self, view_box: pg.ViewBox, content: Callable[[], Content | None]) -> None:
        self._content = content
        self._row: int | None = None
        self.layer = Layer(view_box, _DEPTH, self._draw)

    @property
    def row(self) -> int | None:
        """The ringed row, or None."""
        return self._row

    def show(self, row: int | None) -> None:
        """Ring another row, or none."""
        self._row = row
        self.layer.update()

    def place(self, mapping: Mapping) -> QPointF | None:
        """Where the ringed point is, in pixels of the view."""
        content = self._content()
        if content is None or self._row is None or self._row >= content.cloud.size:
            return None
        values = [column[self._row : self._row + 1] for column in content.cloud.coordinates]
        x = float(mapping.x(values[0])[0])
        if len(values) == 2:
            return QPointF(x, float(mapping.y(values[1])[0]))
        return QPointF(x, float(mapping.y(np.zeros(1))[0]) + _MARKS)

    def _draw(self, painter: QPainter, mapping: Mapping) -> None:
        content, place = self._content(), self.place(mapping)
        if content is None or place is None:
            return
        style = content.style
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        radius = _RADIUS * style.scale
        lowest = mapping.height - radius - style.width(2.6)
        middle = QPointF(place.x(), min(place.y(), lowest)) if len(content.cloud.columns) == 1 else place
        for pen in (style.casing_pen(2.6), style.pen(style.theme.text, 2.6)):
            painter.setPen(pen)
            painter.drawEllipse(middle, radius, radius)
            if len(content.cloud.columns) == 1:  # one of the marks that the ring holds
                painter.drawLine(QPointF(place.x(), middle.y() + radius), QPointF(place.x(), middle.y() - radius / 2))
