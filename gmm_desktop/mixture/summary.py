"""Ten million points as some thousand weighted nodes that EM cannot tell from them.

The plane (or line) is cut into square tiles a little smaller than the narrowest component is wide. Within a tile every
function that EM sums over the points, a responsibility times a polynomial or the logarithm of the density, is smooth,
and so it is very nearly the polynomial that agrees with it at Q Chebyshev nodes a side (Trefethen, Approximation Theory
and Approximation Practice, 2013, chapters 3 and 8). The sum over a tile's points is then a weighted sum over its nodes,
    sum_i f(x_i) = sum_j f(node_j) w_j,    w_j = sum_i l_j(x_i) = sum_m C_mj sum_i T_m(x_i),
with the cardinal polynomials l_j written in Chebyshev polynomials T_m. Count, mean and covariance of the points, being
sums of polynomials, are kept to rounding. A tile with fewer points than nodes keeps its points as they are, so that
outliers and thin tails stay exact. An iteration costs what its nodes cost, however many points there were.

Where components are thin and slanted, tiles are cut in coordinates in which they are round. Some weights of nodes are
negative; the log-likelihood of a summary may therefore, in principle, fall by its error, which tests hold under 1e-9 a
point. What a fit ends on is computed from all points.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from gmm_desktop.mixture.kernel import Kernel
from gmm_desktop.mixture.parameters import Mixture
from gmm_desktop.mixture.points import WeightedPoints
from gmm_desktop.mixture.statistics import Statistics

Array = NDArray[np.float64]

# Nodes a side of a tile.
Q = 16

# The side of a tile against the narrowest component's standard deviation, by dimension: when made, and at the most. The
# room between is what a component may shrink before the tiles are cut anew; the larger side keeps means within 1e-9
# standard deviations over a hundred iterations.
SIDE, LARGEST_SIDE = {1: 0.5, 2: 0.8}, {1: 1.0, 2: 1.25}

# From so many points on "auto" summarises, by dimension; below, all points cost less than the summary.
AUTO_FROM = {1: 20_000, 2: 50_000}

# A summary must have at most this share of the points as nodes, and no more nodes than this.
LARGEST_SHARE, MOST_NODES = 1 / 3, 300_000

# Summaries in one run at the most, by dimension: each costs as much as five to seven iterations with all points.
MOST_BUILDS = {1: 5, 2: 4}

# A component that owns fewer points than this is left to the sums over all points.
FEWEST_POINTS = 50

# Points a block while the tiles are filled: a block takes some ten milliseconds.
ROWS = 1 << 17

# Tiles lie from -MOST_TILES to MOST_TILES along each axis, so that their numbers fit 16 bits, by which numpy sorts
# fastest; points beyond are kept as they are.
MOST_TILES = {1: 32_000, 2: 127}
OUTSIDE = 65_535


@dataclass(frozen=True)
class Tiling:
    """Square tiles in the coordinates z = ``whitening`` @ (x - origin).

    Attributes:
        whitening: (d, d).
        side: the side of a tile in these coordinates.
    """

    whitening: Array
    side: float

    @classmethod
    def for_mixture(cls, mixture: Mixture, shrink: float) -> Tiling:
        """Tiles that suit the narrowest component, and ``shrink`` times smaller."""
        rows = mixture.whitening[mixture.weights > 0]
        precision = (rows.transpose(0, 2, 1) @ rows).mean(axis=0)
        whitening = np.linalg.cholesky(precision).T
        side = SIDE[mixture.dimension] * narrowest(mixture, whitening) / shrink
        return cls(np.asarray(whitening, dtype=np.float64), side)

    def locate(self, x: Array) -> tuple[NDArray[np.uint16], Array]:
        """The tile's number (B,) of centred points (d, B), and their places within it (d, B), from -1 to 1."""
        d, most = len(x), MOST_TILES[len(x)]
        z = (self.whitening / self.side) @ x
        tile = np.floor(z)
        z -= tile
        z *= 2
        z -= 1
        number = tile[0] + most if d == 1 else (tile[0] + most) * (2 * most + 1) + (tile[1] + most)
        outside = (np.abs(tile) > most).any(axis=0)
        if outside.any():
            number[outside] = OUTSIDE
        return number.astype(np.uint16), z

    def nodes(self, tiles: NDArray[np.intp]) -> Array:
        """The nodes of tiles, (d, number of tiles * Q**d), as centred points."""
        d, most = len(self.whitening), MOST_TILES[len(self.whitening)]
        corner = tiles[np.newaxis] if d == 1 else np.stack(np.divmod(tiles, 2 * most + 1))
        within = (NODES + 1) / 2
        grid = np.stack(np.meshgrid(*[within] * d, indexing="ij")).reshape(d, -1)
        z = (corner - most)[:, :, np.newaxis] + grid[:, np.newaxis, :]
        return np.asarray(np.linalg.solve(self.whitening, self.side * z.reshape(d, -1)))


def narrowest(mixture: Mixture, whitening: Array) -> float:
    """The smallest standard deviation of any component with weight, in any direction of whitened coordinates."""
    factors = whitening @ mixture.cholesky[mixture.weights > 0]
    if mixture.dimension == 1:
        return float(factors.min())
    return float(np.linalg.svd(factors, compute_uv=False).min())


_ANGLES = np.pi * (np.arange(Q) + 0.5) / Q
#: (Q,) the zeros of T_Q.
NODES = np.cos(_ANGLES)
#: (Q, Q) the Chebyshev coefficients, by row, of the cardinal polynomials, by column.
CARDINALS = (2 / Q) * np.cos(np.outer(np.arange(Q), _ANGLES))
CARDINALS[0] /= 2


def summarise(data: WeightedPoints, tiling: Tiling, most_nodes: float) -> WeightedPoints | None:
    """Weighted nodes, counted from the origin of the data, in place of its points; None where there would be too many.

    Raises:
        FitCancelledError: the data's ``cancelled()`` said yes.
    """
    d = data.dimension
    population = np.zeros(OUTSIDE + 1, dtype=np.int64)
    for x, _ in data.centred_blocks(rows=ROWS):
        population += np.bincount(tiling.locate(x)[0], minlength=OUTSIDE + 1)
    crowded = population > Q**d
    crowded[OUTSIDE] = False
    if population[~crowded].sum() + crowded.sum() * Q**d > most_nodes:
        return None
    moments, kept, kept_weight = _fill(data, tiling, crowded)
    weight = CARDINALS.T @ moments @ CARDINALS if d == 2 else moments @ CARDINALS
    nodes = np.concatenate([tiling.nodes(np.flatnonzero(crowded)), kept], axis=1)
    return replace(
        data,
        points=np.ascontiguousarray(nodes.T),
        sample_weight=np.concatenate([weight.ravel(), kept_weight]),
        origin=np.zeros(d),
    )


def _fill(data: WeightedPoints, tiling: Tiling, crowded: NDArray[np.bool_]) -> tuple[Array, Array, Array]:
    """Chebyshev moments of the crowded tiles, (T, Q) or (T, Q, Q); points of the others (d, m), and their weights."""
    d = data.dimension
    moments = np.zeros((int(crowded.sum()),) + (Q,) * d)
    index = np.cumsum(crowded) - 1
    kept, kept_weight = [np.empty((d, 0))], [np.empty(0)]
    for x, weight in data.centred_blocks(rows=ROWS):
        tile, place = tiling.locate(x)
        inside = crowded[tile]
        w = np.ones(len(tile)) if weight is None else weight
        if not inside.all():
            kept.append(x[:, ~inside])
            kept_weight.append(w[~inside])
            tile, place, w = tile[inside], place[:, inside], w[inside]
        if len(tile):
            _add_moments(moments, index, tile, place, None if weight is None else w)
    return moments, np.concatenate(kept, axis=1), np.concatenate(kept_weight)


def _add_moments(
    moments: Array, index: NDArray[np.intp], tile: NDArray[np.uint16], place: Array, weight: Array | None
) -> None:
    """Add one block's sums of Chebyshev polynomials, tile by tile."""
    order = np.argsort(tile, kind="stable")
    tile, place = tile[order], place[:, order]
    starts = np.concatenate([[0], np.flatnonzero(np.diff(tile)) + 1])
    first = _chebyshev(place[0])
    if weight is not None:
        first *= weight[order]
    rows = index[tile[starts]]
    if len(place) == 1:
        moments[rows] += np.add.reduceat(first, starts, axis=1).T
        return
    second = _chebyshev(place[1])
    ends = np.append(starts[1:], len(tile))
    for row, start, end in zip(rows.tolist(), starts.tolist(), ends.tolist(), strict=True):
        moments[row] += first[:, start:end] @ second[:, start:end].T


def _chebyshev(u: Array) -> Array:
    """T_0(u) .. T_(Q-1)(u), (Q, B), by T_(m+1) = 2 u T_m - T_(m-1)."""
    t = np.empty((Q, len(u)))
    t[0], t[1] = 1.0, u
    twice = 2 * u
    for m in range(2, Q):
        np.multiply(twice, t[m - 1], out=t[m])
        t[m] -= t[m - 2]
    return t


class Summariser:
    """E-steps on a summary, which is made, and made finer, when a mixture asks for it."""

    def __init__(self, data: WeightedPoints, components: int, always: bool = False) -> None:
        self._data = data
        self._components = components
        share = 1.0 if always else LARGEST_SHARE
        self._most_nodes = min(share * data.size, MOST_NODES)
        self._tiling: Tiling | None = None
        self._kernel: Kernel | None = None
        self.begin()

    def begin(self) -> None:
        """Another run begins: it may use the summary there is, and make its own."""
        self._builds = 0
        self._too_narrow = 0.0

    def statistics(self, mixture: Mixture) -> Statistics | None:
        """As ``Kernel.statistics``: None where a summary would not keep the digits.

        Raises:
            FitCancelledError: the data's ``cancelled()`` said yes.
        """
        if not self._suits(mixture):
            self._build(mixture)
        if self._kernel is None:
            return None
        statistics = self._kernel.statistics(mixture)
        if statistics is None or statistics.counts.min() < FEWEST_POINTS * self._data.total / self._data.size:
            return None
        return statistics

    def _suits(self, mixture: Mixture) -> bool:
        if self._kernel is None or self._tiling is None:
            return False
        width = narrowest(mixture, self._tiling.whitening)
        return self._tiling.side <= LARGEST_SIDE[mixture.dimension] * width

    def _build(self, mixture: Mixture) -> None:
        """Cut tiles for this mixture; none where that was too many lately, or too often."""
        self._kernel = None
        width = narrowest(mixture, np.diag(1 / self._data.scale))
        if self._builds == MOST_BUILDS[mixture.dimension] or width < 1.5 * self._too_narrow:
            return
        # A component that went on shrinking is likely to shrink further.
        self._tiling = Tiling.for_mixture(mixture, shrink=1.0 + 0.4 * self._builds)
        self._builds += 1
        nodes = summarise(self._data, self._tiling, self._most_nodes)
        if nodes is None:
            self._too_narrow = width
        else:
            self._kernel = Kernel(nodes, self._components)


def can_summarise(data: WeightedPoints, way: str) -> bool:
    """Whether to try: ``way`` is "never", "auto" or "always"."""
    if way == "never" or data.dimension not in SIDE:
        return False
    return way == "always" or data.size >= AUTO_FROM[data.dimension]
