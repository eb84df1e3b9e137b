"""Lines of equal density."""

from __future__ import annotations

from typing import cast

import numpy as np
from numpy.typing import NDArray
from pyqtgraph.functions import arrayToQPath
from PySide6.QtGui import QPainterPath

from gmm_desktop.ui.views.coordinates import Mapping
from gmm_desktop.ui.views.shown import ShownMixture

# What contourpy returns for one chunk of LineType.ChunkCombinedOffset: vertices, and where each line begins.
_Lines = tuple[list[NDArray[np.float64] | None], list[NDArray[np.uint32] | None]]

_ACROSS, _DOWN = 96, 64
# Shares of the highest density: close enough together that the foot of a lower hill is seen too.
_LEVELS = (0.02, 0.06, 0.15, 0.3, 0.5, 0.75)


def contours(mixture: ShownMixture, mapping: Mapping) -> QPainterPath:
    """The contours of a mixture's density over what a view shows, in pixels."""
    from contourpy import LineType, contour_generator  # here, for the first window does not need it

    limits = mapping.limits
    x = np.linspace(limits.x_low, limits.x_high, _ACROSS)
    y = np.linspace(limits.y_low, limits.y_high, _DOWN)
    grid_x, grid_y = np.meshgrid(x, y)
    log_joint = mixture.log_joint(grid_x.ravel(), grid_y.ravel())
    density = np.exp(log_joint - log_joint.max()).sum(axis=0)
    generator = contour_generator(
        mapping.x(x), mapping.y(y), density.reshape(_DOWN, _ACROSS), line_type=LineType.ChunkCombinedOffset
    )
    path = QPainterPath()
    for level in _LEVELS:
        points, offsets = cast(_Lines, generator.lines(level * density.max()))
        if points[0] is not None and offsets[0] is not None:
            path.addPath(_path(np.asarray(points[0]), np.asarray(offsets[0])))
    return path


def _path(points: NDArray[np.float64], offsets: NDArray[np.unsignedinteger]) -> QPainterPath:
    connect = np.ones(len(points), dtype=np.int32)
    connect[offsets[1:] - 1] = 0
    path: QPainterPath = arrayToQPath(
        np.ascontiguousarray(points[:, 0]), np.ascontiguousarray(points[:, 1]), connect, finiteCheck=False
    )
    return path
