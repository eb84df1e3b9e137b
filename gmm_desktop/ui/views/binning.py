"""Many values as counts: histograms."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

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
