"""Many points in square cells, and the map from pixels to cells that draws a million points as an image."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gmm_desktop.ui.views.coordinates import Limits

Array = NDArray[np.float64]

# Logical pixels. Small cells keep few points where they are; among many nobody sees it, and they cost more.
_SMALL_CELL, _CELL = 1.0, 2.0
_MOST_IN_SMALL_CELLS = 200_000
_MOST_FINE = 4  # device pixels along a cell: more would cost more than they show
_BLOCK = 250_000


def palest(n: int) -> float:
    """The opacity of a lone point among n; the fullest cell is opaque.

    Where discs give way to the image nothing may change, so it begins at 1; among millions the counts of the
    cells span so much that only paleness shows them.
    """
    return min(1.0, max(0.55, 1.0 - 0.22 * float(np.log10(max(n, 20_000) / 20_000))))


@dataclass(frozen=True, eq=False)
class Cells:
    """Points counted in square cells of a view, and which cell each pixel belongs to.

    Attributes:
        limits: what the image covers, in view coordinates: the view, and at its edges the rest of a cell.
        x, y: (m,) the centres of the m cells that hold points.
        members: (m,) the number of one point in each cell, or None where nobody asked.
        owner: (rows, columns) of pixels, top row first: the index of a cell, m where there is none.
        opacity: (rows, columns), 0 to 255: round and pale where points are alone, opaque where they are many.
    """

    limits: Limits
    x: Array
    y: Array
    members: NDArray[np.intp] | None
    owner: NDArray[np.int32]
    opacity: NDArray[np.uint8]


@dataclass(frozen=True)
class Grid:
    """Square cells over a view, so that a pixel of the image is a pixel of the screen.

    Attributes:
        limits: what they cover.
        across, down: how many there are.
        fine: device pixels along a side of a cell.
        cell: the side of a cell in logical pixels.
    """

    limits: Limits
    across: int
    down: int
    fine: int
    cell: float

    @classmethod
    def over(cls, limits: Limits, size: tuple[float, float], ratio: float, n: int) -> Grid:
        """The grid for n points over ``limits``, drawn ``size`` logical pixels large."""
        wanted = _SMALL_CELL if n <= _MOST_IN_SMALL_CELLS else _CELL
        fine = max(1, min(_MOST_FINE, round(wanted * ratio)))
        pixels = [max(1, round(side * ratio)) for side in size]
        x_unit = (limits.x_high - limits.x_low) / (size[0] * ratio)
        y_unit = (limits.y_high - limits.y_low) / (size[1] * ratio)
        # Cells begin at the same data when the view is moved by whole pixels, so that points keep their distances.
        before, above = round(limits.x_low / x_unit) % fine, -round(limits.y_high / y_unit) % fine
        across, down = math.ceil((pixels[0] + before) / fine), math.ceil((pixels[1] + above) / fine)
        left, top = limits.x_low - before * x_unit, limits.y_high + above * y_unit
        covered = Limits(left, left + across * fine * x_unit, top - down * fine * y_unit, top)
        return cls(covered, across, down, fine, fine / ratio)

    def scales(self) -> tuple[float, float]:
        """Cells in a unit of the view, across and down."""
        width, height = self.limits.x_high - self.limits.x_low, self.limits.y_high - self.limits.y_low
        return self.across / width, self.down / height

    def places(self, x: Array, y: Array) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
        """For points (b,): the cell of each that lies within, and which do, (b,)."""
        to_column, to_row = self.scales()
        column = np.floor((x - self.limits.x_low) * to_column)
        row = np.floor((self.limits.y_high - y) * to_row)
        # The highest value lies on the edge of the last cell, not beyond it.
        inside = (column >= 0) & (column <= self.across) & (row >= 0) & (row <= self.down)
        column, row = np.minimum(column[inside], self.across - 1), np.minimum(row[inside], self.down - 1)
        return (row * self.across + column).astype(np.intp), inside


def count_cells(
    x: Array,
    y: Array,
    limits: Limits,
    size: tuple[float, float],
    radius: float,
    ratio: float,
    cancelled: Callable[[], bool] = lambda: False,
    *,
    with_members: bool = False,
) -> Cells | None:
    """Count points ``x``, ``y`` (n,) in cells over ``limits``, drawn ``size`` logical pixels large.

    A cell with points spreads over the pixels within ``radius`` (logical pixels) that are nearer to it than to
    another one, so that a lone point looks as a disc does. None if ``cancelled``.
    """
    grid = Grid.over(limits, size, ratio, x.size)
    cells = grid.across * grid.down
    counts = np.zeros(cells, dtype=np.int64)
    latest = np.zeros(cells if with_members else 0, dtype=np.intp)
    for start in range(0, x.size, _BLOCK):
        if cancelled():
            return None
        place, inside = grid.places(x[start : start + _BLOCK], y[start : start + _BLOCK])
        counts += np.bincount(place, minlength=cells)
        if with_members:
            latest[place] = np.flatnonzero(inside) + start
    filled = np.flatnonzero(counts)
    index = np.full(cells, -1, dtype=np.int32)
    index[filled] = np.arange(filled.size, dtype=np.int32)
    owner, cover = _spread(index.reshape(grid.down, grid.across), filled.size, radius / grid.cell, grid.fine)
    if cancelled():
        return None
    strength = np.zeros(filled.size + 1)
    full = max(float(np.log(counts.max(initial=1))), 1.0)
    floor = palest(x.size)
    strength[:-1] = floor + (1 - floor) * np.log(counts[filled]) / full
    to_column, to_row = grid.scales()
    return Cells(
        grid.limits,
        np.asarray(grid.limits.x_low + (filled % grid.across + 0.5) / to_column, dtype=np.float64),
        np.asarray(grid.limits.y_high - (filled // grid.across + 0.5) / to_row, dtype=np.float64),
        latest[filled] if with_members else None,
        owner,
        (cover * strength[owner] * 255 + 0.5).astype(np.uint8),
    )


def _spread(
    index: NDArray[np.int32], nobody: int, radius: float, fine: int
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """For each of ``fine`` x ``fine`` pixels of each cell the nearest filled cell within ``radius`` (cells), and
    how much of the pixel its disc and its neighbours' cover."""
    down, across = index.shape
    owner = np.full((down * fine, across * fine), nobody, dtype=np.int32)
    cover = np.zeros((down * fine, across * fine), dtype=np.float32)
    reach = int(np.ceil(radius + 0.5))
    steps = range(-reach, reach + 1)
    places = (np.arange(fine) + 0.5) / fine - 0.5
    stamps = sorted(
        (
            (float(np.hypot(dx + places[sx], dy + places[sy])), dx, dy, sx, sy)
            for dx in steps
            for dy in steps
            for sx in range(fine)
            for sy in range(fine)
        ),
        reverse=True,  # the nearest writes last
    )
    for distance, dx, dy, sx, sy in stamps:
        share = min(1.0, (radius - distance) * fine + 0.5)
        if share <= 0:
            continue
        target = (slice(max(0, dy), down + min(0, dy)), slice(max(0, dx), across + min(0, dx)))
        source = index[max(0, -dy) : down - max(0, dy), max(0, -dx) : across - max(0, dx)]
        filled = source >= 0
        np.copyto(owner[sy::fine, sx::fine][target], source, where=filled)
        covered = cover[sy::fine, sx::fine][target]
        if share == 1.0:
            np.copyto(covered, np.float32(1.0), where=filled)
        else:  # as one disc over another: two halves of a pixel are three quarters
            np.add(covered, np.float32(share) * (1 - covered), out=covered, where=filled)
    return owner, cover
