"""Many points as counts: histograms, and the map from pixels to cells that draws a million points as an image."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gmm_desktop.ui.views.coordinates import Limits

Array = NDArray[np.float64]

# Logical pixels. Small cells keep few points where they are; among many nobody sees it, and they cost more.
_SMALL_CELL, _CELL = 1.0, 2.0
_MOST_IN_SMALL_CELLS = 200_000
_BLOCK = 250_000
_FEWEST_BINS, _MOST_BINS = 10, 200
_MOST_FOR_QUARTILES = 50_000
_FINE_BINS = 1 << 16


@dataclass(frozen=True, eq=False)
class Histogram:
    """Densities of equal bins: ``edges`` (b + 1,) in view coordinates, ``heights`` (b,), their area is one."""

    edges: Array
    heights: Array

    @property
    def centres(self) -> Array:
        """The middle of each bin, (b,)."""
        return np.asarray((self.edges[1:] + self.edges[:-1]) / 2)


def histogram(values: Array, bounds: tuple[float, float], bins: int, weights: Array | None) -> Histogram:
    """The density histogram of ``values`` (n,) between ``bounds``, with ``bins`` bins or, for 0, a sensible number."""
    low, high = bounds
    if not high > low:
        low, high = low - 0.5, low + 0.5
    bins = bins or automatic_bins(values, (low, high))
    counts = np.zeros(bins)
    factor = bins / (high - low)
    for start in range(0, values.size, _BLOCK):
        block = values[start : start + _BLOCK]
        index = np.clip(((block - low) * factor).astype(np.intp), 0, bins - 1)
        part = None if weights is None else weights[start : start + _BLOCK]
        counts += np.bincount(index, weights=part, minlength=bins)
    edges = np.linspace(low, high, bins + 1)
    return Histogram(edges, counts / (counts.sum() * (high - low) / bins))


@dataclass(frozen=True, eq=False)
class FineCounts:
    """Many values counted once, so finely that a histogram with any bins follows at once.

    Attributes:
        bounds: the lowest and the highest value.
        below: (65537,) the weight below each of equally spaced edges between the bounds.
        bins: a sensible number of bins.
    """

    bounds: tuple[float, float]
    below: Array
    bins: int

    def histogram(self, bins: int) -> Histogram:
        """As ``histogram`` of the values, but for shares of one in 65536 of the range."""
        edges = np.linspace(*self.bounds, bins or self.bins, endpoint=False)
        edges = np.append(edges, self.bounds[1])
        fine = np.linspace(*self.bounds, self.below.size)
        counts = np.diff(np.interp(edges, fine, self.below))
        return Histogram(edges, counts / (self.below[-1] * np.diff(edges)))


def fine_counts(values: Array, bounds: tuple[float, float], weights: Array | None) -> FineCounts:
    """Count ``values`` (n,) between ``bounds``; ``weights`` (n,) or None."""
    fine = histogram(values, bounds, _FINE_BINS, weights)
    below = np.concatenate([[0.0], np.cumsum(fine.heights)])
    edges = (float(fine.edges[0]), float(fine.edges[-1]))
    return FineCounts(edges, below, automatic_bins(values, edges))


def automatic_bins(values: Array, bounds: tuple[float, float]) -> int:
    """Bins as wide as Freedman and Diaconis (1981) say, 2 IQR / cbrt(n), or narrower; 10 to 200 of them."""
    sample = values[:: max(1, values.size // _MOST_FOR_QUARTILES)]
    # On separate groups the quartiles lie far apart and their rule blurs what the histogram is for.
    root = 1.4 * np.sqrt(values.size)
    first, third = np.quantile(sample, [0.25, 0.75])
    width = 2 * (third - first) / np.cbrt(values.size)
    most = min(_MOST_BINS, max(_FEWEST_BINS, values.size // 3))
    wanted = max(root, (bounds[1] - bounds[0]) / width) if width > 0 else root
    return int(np.clip(np.ceil(wanted), _FEWEST_BINS, most))


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
        limits: what the image covers, in view coordinates.
        x, y: (m,) the centres of the m cells that hold points.
        owner: (rows, columns) of pixels, top row first: the index of a cell, m where there is none.
        opacity: (rows, columns), 0 to 255: round and pale where points are alone, opaque where they are many.
    """

    limits: Limits
    x: Array
    y: Array
    owner: NDArray[np.int32]
    opacity: NDArray[np.uint8]


def count_cells(
    x: Array,
    y: Array,
    limits: Limits,
    size: tuple[float, float],
    radius: float,
    ratio: float,
    cancelled: Callable[[], bool] = lambda: False,
) -> Cells | None:
    """Count points ``x``, ``y`` (n,) in cells over ``limits``, drawn ``size`` logical pixels large.

    A cell with points spreads over the pixels within ``radius`` (logical pixels) that are nearer to it than to
    another one, so that a lone point looks as a disc does. None if ``cancelled``.
    """
    cell = _SMALL_CELL if x.size <= _MOST_IN_SMALL_CELLS else _CELL
    across = max(1, round(size[0] / cell))
    down = max(1, round(size[1] / cell))
    counts = np.zeros(across * down, dtype=np.int64)
    to_column = across / (limits.x_high - limits.x_low)
    to_row = down / (limits.y_high - limits.y_low)
    for start in range(0, x.size, _BLOCK):
        if cancelled():
            return None
        column = np.floor((x[start : start + _BLOCK] - limits.x_low) * to_column)
        row = np.floor((limits.y_high - y[start : start + _BLOCK]) * to_row)
        # The highest value lies on the edge of the last cell, not beyond it.
        inside = (column >= 0) & (column <= across) & (row >= 0) & (row <= down)
        column, row = np.minimum(column[inside], across - 1), np.minimum(row[inside], down - 1)
        counts += np.bincount((row * across + column).astype(np.intp), minlength=across * down)
    filled = np.flatnonzero(counts)
    index = np.full(across * down, -1, dtype=np.int32)
    index[filled] = np.arange(filled.size, dtype=np.int32)
    owner, cover = _spread(index.reshape(down, across), filled.size, radius / cell, round(cell * ratio))
    strength = np.zeros(filled.size + 1)
    full = max(float(np.log(counts.max(initial=1))), 1.0)
    floor = palest(x.size)
    strength[:-1] = floor + (1 - floor) * np.log(counts[filled]) / full
    opacity = (cover * strength[owner] * 255 + 0.5).astype(np.uint8)
    return Cells(
        limits,
        np.asarray(limits.x_low + (filled % across + 0.5) / to_column, dtype=np.float64),
        np.asarray(limits.y_high - (filled // across + 0.5) / to_row, dtype=np.float64),
        owner,
        opacity,
    )


def _spread(
    index: NDArray[np.int32], nobody: int, radius: float, fine: int
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """For each of ``fine`` x ``fine`` pixels of each cell the nearest filled cell within ``radius`` (cells), and
    how much of the pixel its disc covers."""
    fine = max(1, min(4, fine))
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
        np.copyto(cover[sy::fine, sx::fine][target], np.float32(share), where=filled)
    return owner, cover
