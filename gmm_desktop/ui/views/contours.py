"""Lines of equal density."""

from __future__ import annotations

from typing import cast

import numpy as np
from numpy.typing import NDArray

from gmm_desktop.ui.views.coordinates import Mapping
from gmm_desktop.ui.views.shown import ShownMixture

Array = NDArray[np.float64]

# What contourpy returns for one chunk of LineType.ChunkCombinedOffset: vertices, and where each line begins.
_Lines = tuple[list[Array | None], list[NDArray[np.uint32] | None]]

_ACROSS, _DOWN = 96, 64
# Shares of the highest density: close enough together that the foot of a lower hill is seen too.
_LEVELS = (0.02, 0.06, 0.15, 0.3, 0.5, 0.75)


def contours(mixture: ShownMixture, mapping: Mapping) -> Array:
    """The contours of a mixture's density over what a view shows, as straight pieces (m, 4) in pixels."""
    from contourpy import LineType, contour_generator  # here, for the first window does not need it

    limits = mapping.limits
    x = np.linspace(limits.x_low, limits.x_high, _ACROSS)
    y = np.linspace(limits.y_low, limits.y_high, _DOWN)
    density = mixture.relative_density(x, y)
    generator = contour_generator(mapping.x(x), mapping.y(y), density, line_type=LineType.ChunkCombinedOffset)
    top = float(density.max())
    pieces = []
    for level in _LEVELS:
        points, offsets = cast(_Lines, generator.lines(level * top))
        if points[0] is not None and offsets[0] is not None:
            pieces.append(_pieces(points[0], offsets[0]))
    return np.concatenate(pieces) if pieces else np.empty((0, 4))


def _pieces(points: Array, offsets: NDArray[np.unsignedinteger]) -> Array:
    """From each vertex to the next, but not from the end of one line to the beginning of another."""
    pieces = np.hstack([points[:-1], points[1:]])
    inside = np.ones(len(pieces), dtype=bool)
    inside[offsets[1:-1].astype(np.intp) - 1] = False
    return pieces[inside]
