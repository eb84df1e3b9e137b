"""Ten million points as some thousand weighted nodes that EM cannot tell from them.

The plane (or line) is cut into square tiles a little smaller than the narrowest component is wide. Within a tile the
functions that EM sums over the points, a responsibility times a polynomial or the logarithm of the density, are mostly
smooth, and so very nearly the polynomial that agrees with them at Q Chebyshev nodes a side (Trefethen, Approximation
Theory and Approximation Practice, 2013, chapters 3 and 8). The sum over a tile's points is then a weighted sum over its
nodes,
    sum_i f(x_i) = sum_j f(node_j) w_j,    w_j = sum_i l_j(x_i) = sum_m C_mj sum_i T_m(x_i),
with the cardinal polynomials l_j written in Chebyshev polynomials T_m. Count, mean and covariance of the points, being
sums of polynomials, are kept to rounding. A tile with fewer points than nodes keeps its points as they are, so that
outliers and thin tails stay exact. An iteration costs what its nodes cost, however many points there were.

Where components are thin and slanted, tiles are cut in coordinates in which they are round. Between groups that lie far
apart responsibilities change within a small part of a tile; whether any points are there to notice, only the points can
tell. So a summary is put to the proof: now and then the same E-step is made from all points, and where the two differ
finer tiles are cut, or none.

Some weights of nodes are negative; the log-likelihood of a summary may therefore, in principle, fall by its error,
which tests hold under 1e-9 a point. What a fit ends on is computed from all points.
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

# Nanoseconds a point: of making a summary, and of an iteration from all points, fixed and a component; by dimension.
# Only their ratio matters, and that not much.
BUILD_COST, FIXED_COST, COMPONENT_COST = {1: 27.0, 2: 95.0}, {1: 1.3, 2: 2.2}, {1: 1.4, 2: 1.5}

# All summaries of a run together may cost so many iterations from all points; one that was not made for its many nodes
# costs a part of one that was.
MOST_SPENT, COUNTING = 30.0, 0.15

# What a summary's E-step may differ by from that of all points: log-likelihood a point; weights, and means and
# covariances in standard deviations, of the next mixture. A hundred iterations add up to a hundred times that at most.
PROVEN_HEIGHT, PROVEN_PLACE = 5e-13, 1e-11

# After a proof the next one is due when so many E-steps have passed, twice as many each time, or when a mean has moved
# by this many of its standard deviations.
FIRST_PAUSE, FAR = 1, 0.25

# How much finer tiles become when a proof has failed.
FINER = 2.5

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
    """E-steps on a summary, which is made, made finer and put to the proof when a mixture asks for it."""

    def __init__(self, data: WeightedPoints, components: int, always: bool = False) -> None:
        d = data.dimension
        self._data = data
        self._components = components
        self._most_nodes = min((1.0 if always else LARGEST_SHARE) * data.size, MOST_NODES)
        self._cost = BUILD_COST[d] / (FIXED_COST[d] + COMPONENT_COST[d] * components)
        self._tiling: Tiling | None = None
        self._kernel: Kernel | None = None
        self._fineness = 1.0
        self.begin()

    def begin(self) -> None:
        """Another run begins: it may use the summary there is, once that has been put to the proof."""
        self._spent = 0.0
        self._builds = 0
        self._too_narrow = 0.0
        self._proven: Mixture | None = None
        self._pause = self._left = FIRST_PAUSE

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

    def wants_proof(self, mixture: Mixture) -> bool:
        """Whether the last E-step should be made once more from all points."""
        if self._proven is None:
            return True
        self._left -= 1
        moved = np.abs(mixture.means - self._proven.means)[:, :, np.newaxis]
        return self._left <= 0 or bool((moved > FAR * np.abs(self._proven.cholesky)).all(axis=2).any())

    def prove(self, mixture: Mixture, summarised: Statistics, exact: Statistics) -> None:
        """Compare two E-steps of one mixture; where they differ too much, the summary is given up for a finer one."""
        if _agree(mixture, summarised, exact, self._data.total):
            self._pause = FIRST_PAUSE if self._proven is None else 2 * self._pause
            self._proven, self._left = mixture, self._pause
            return
        self._kernel, self._proven = None, None
        self._fineness *= FINER

    def _suits(self, mixture: Mixture) -> bool:
        if self._kernel is None or self._tiling is None:
            return False
        width = narrowest(mixture, self._tiling.whitening)
        return self._tiling.side * self._fineness <= LARGEST_SIDE[mixture.dimension] * width

    def _build(self, mixture: Mixture) -> None:
        """Cut tiles for this mixture; none where that was too many lately, or cost too much by now."""
        self._kernel, self._proven = None, None
        width = narrowest(mixture, np.diag(1 / self._data.scale)) / self._fineness
        if self._spent + self._cost > MOST_SPENT or width < 1.5 * self._too_narrow:
            return
        # A component that went on shrinking is likely to shrink further.
        self._tiling = Tiling.for_mixture(mixture, shrink=self._fineness * (1.0 + 0.4 * self._builds))
        self._builds += 1
        nodes = summarise(self._data, self._tiling, self._most_nodes)
        if nodes is None:
            self._spent += COUNTING * self._cost
            self._too_narrow = width
        else:
            self._spent += self._cost
            self._kernel = Kernel(nodes, self._components)


def _agree(mixture: Mixture, one: Statistics, other: Statistics, total: float) -> bool:
    """Whether two E-steps lead to the same mixture, and say the same of this one."""
    if not abs(one.log_likelihood - other.log_likelihood) <= PROVEN_HEIGHT * total:
        return False
    if not np.abs(one.counts - other.counts).max() <= PROVEN_PLACE * total:
        return False
    if other.centres is not None:
        return True  # the plain formulas were needed: sums about other places are not comparable digit by digit
    n = np.maximum(other.counts, 1.0)[:, np.newaxis]
    whitening, turned = mixture.whitening, mixture.whitening.transpose(0, 2, 1)
    means = whitening @ ((one.sums - other.sums) / n)[:, :, np.newaxis]
    spreads = whitening @ ((one.scatters - other.scatters) / n[:, :, np.newaxis]) @ turned
    # Scatters about the origin are as much less certain as the origin is far.
    reach = 1.0 + np.square(mixture.at_origin).sum(axis=1)[:, np.newaxis, np.newaxis]
    return bool(
        np.abs(means).max() <= PROVEN_PLACE * np.sqrt(reach.max()) and (np.abs(spreads) <= PROVEN_PLACE * reach).all()
    )


def can_summarise(data: WeightedPoints, components: int, way: str) -> bool:
    """Whether to try: ``way`` is "never", "auto" or "always"."""
    # One component is done after one iteration.
    if way == "never" or data.dimension not in SIDE or components == 1:
        return False
    return way == "always" or data.size >= AUTO_FROM[data.dimension]
