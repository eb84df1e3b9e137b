"""Curves, drawn the cheap way."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from pyqtgraph.functions import arrayToQPolygonF
from pyqtgraph.Qt.internals import PrimitiveArray
from PySide6.QtCore import QLineF, Qt
from PySide6.QtGui import QPainter, QPen

Array = NDArray[np.float64]
Line = tuple[Array, Array]


def draw_curve(painter: QPainter, pen: QPen, x: Array, y: Array) -> None:
    """Draw a smooth curve through (m,) pixels; see ``draw_curves``."""
    draw_curves(painter, pen, [(x, y)])


def draw_curves(painter: QPainter, pen: QPen, curves: Sequence[Line]) -> None:
    """Draw smooth curves, each through (m,) pixels.

    A solid opaque pen draws them piece by piece, for a third of the cost of a path: the pieces overlap by square
    ends, which a curve without corners does not show.
    """
    if pen.style() != Qt.PenStyle.SolidLine:
        painter.setPen(pen)
        for x, y in curves:
            if x.size > 1:
                painter.drawPolyline(arrayToQPolygonF(np.ascontiguousarray(x), np.ascontiguousarray(y)))
        return
    parts = [_pieces(x, y) for x, y in curves if x.size > 1]
    if parts:
        piecewise = QPen(pen)
        piecewise.setCapStyle(Qt.PenCapStyle.SquareCap)
        draw_pieces(painter, piecewise, np.concatenate(parts) if len(parts) > 1 else parts[0])


def draw_pieces(painter: QPainter, pen: QPen, pieces: Array) -> None:
    """Draw m straight pieces (m, 4): x and y of both ends, in pixels."""
    if not len(pieces):
        return
    painter.setPen(pen)
    lines = PrimitiveArray(QLineF, 4)
    lines.resize(len(pieces))
    lines.ndarray()[:] = pieces
    painter.drawLines(*lines.drawargs())


def _pieces(x: Array, y: Array) -> Array:
    pieces = np.empty((x.size - 1, 4))
    pieces[:, 0], pieces[:, 1] = x[:-1], y[:-1]
    pieces[:, 2], pieces[:, 3] = x[1:], y[1:]
    return pieces


def fewest_places(x: Array, y: Array, apart: float = 0.7) -> NDArray[np.intp]:
    """Which of (m,) pixels a curve needs: its ends, and between them one for every ``apart`` pixels of its way.

    EM creeps at the end: hundreds of iterations then lie within one pixel.
    """
    if x.size < 3:
        return np.arange(x.size)
    way = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(x), np.diff(y)))])
    step = np.floor(way / apart)
    kept = np.flatnonzero(np.diff(step, prepend=-1.0) > 0)
    return kept if kept[-1] == x.size - 1 else np.append(kept, x.size - 1)
