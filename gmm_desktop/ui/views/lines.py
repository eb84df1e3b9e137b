"""Curves, drawn the cheap way."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from pyqtgraph.functions import arrayToQPolygonF
from pyqtgraph.Qt.internals import PrimitiveArray
from PySide6.QtCore import QLineF, Qt
from PySide6.QtGui import QPainter, QPen

Array = NDArray[np.float64]


def draw_curve(painter: QPainter, pen: QPen, x: Array, y: Array) -> None:
    """Draw a smooth curve through (m,) pixels.

    A solid opaque pen draws it piece by piece, for a third of the cost of a path: its pieces overlap by square
    ends, which a curve without corners does not show.
    """
    if x.size < 2:
        return
    if pen.style() != Qt.PenStyle.SolidLine:
        painter.setPen(pen)
        painter.drawPolyline(arrayToQPolygonF(np.ascontiguousarray(x), np.ascontiguousarray(y)))
        return
    piecewise = QPen(pen)
    piecewise.setCapStyle(Qt.PenCapStyle.SquareCap)
    painter.setPen(piecewise)
    lines = PrimitiveArray(QLineF, 4)
    lines.resize(x.size - 1)
    ends = lines.ndarray()
    ends[:, 0], ends[:, 1] = x[:-1], y[:-1]
    ends[:, 2], ends[:, 3] = x[1:], y[1:]
    painter.drawLines(*lines.drawargs())
