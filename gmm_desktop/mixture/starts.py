"""The ways to make a first mixture, before the covariance type's constraint; ``initialization`` lists them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gmm_desktop.mixture.covariance import CovarianceType, factored, singular
from gmm_desktop.mixture.engine import Ascent, Engine, em_from
from gmm_desktop.mixture.kmeans import choose_centres, lloyd, squared_distances
from gmm_desktop.mixture.parameters import Mixture, component_letter
from gmm_desktop.mixture.points import WeightedPoints, check_points, different_points
from gmm_desktop.mixture.selection import irregular_components

Array = NDArray[np.float64]
Parameters = tuple[Array, Array, Array]

# Labels are collected so many at a time, so that it can be cancelled.
LABELS_AT_ONCE = 100_000

# What looks at distances among points does so on at most this many of them.
MOST_SAMPLED = 5_000


@dataclass(frozen=True, eq=False)
class StartRequest:
    """What an initialiser may use.

    Attributes:
        data: the points.
        components: k.
        covariance: the covariance type.
        variance_floor: as in ``FitSettings``.
        rng: the only source of randomness.
        labels: (n,) known labels, or None.
    """

    data: WeightedPoints
    components: int
    covariance: CovarianceType
    variance_floor: float
    rng: np.random.Generator
    labels: ArrayLike | None


def valid_mixture(request: StartRequest, parameters: Parameters) -> Mixture:
    """The parameters under the covariance type's constraint and above the floor.

    Raises:
        ValueError: a component has no extent, and there is no floor.
    """
    weights, means, covariances = parameters
    weights = weights / weights.sum()
    covariances = request.covariance.constrain(covariances * weights[:, np.newaxis, np.newaxis], weights)
    if request.variance_floor > 0:
        covariances, _ = request.covariance.raise_to_floor(covariances, request.data.scale, request.variance_floor)
        covariances, _ = factored(covariances)
    elif singular(covariances).any():
        letter = component_letter(int(np.flatnonzero(singular(covariances))[0]))
        raise ValueError(
            f"Component {letter} would start without a variance: set a variance floor, choose fewer components or "
            "another initialization."
        )
    return Mixture(weights, means, covariances)


def _sample(request: StartRequest) -> tuple[Array, Array]:
    """At most MOST_SAMPLED points of positive weight in random order, and their weights."""
    data = request.data
    size = data.size if data.present is None else len(data.present)
    rows = request.rng.choice(size, min(size, MOST_SAMPLED), replace=False)
    rows = rows if data.present is None else data.present[rows]
    return data.points[rows], np.ones(len(rows)) if data.sample_weight is None else data.sample_weight[rows]


def _different_points(request: StartRequest) -> tuple[Array, Array]:
    """A sample that holds at least k different points (and two at least), and its weights."""
    points, weight = _sample(request)
    enough = max(request.components, 2)
    if len(np.unique(points, axis=0)) < enough:
        points = request.rng.permutation(different_points(request.data, enough))
        weight = np.ones(len(points))
    return points, weight


def _means_at_random_points(request: StartRequest) -> Array:
    points, _ = _different_points(request)
    _, first = np.unique(points, axis=0, return_index=True)
    return np.asarray(points[np.sort(first)[: request.components]])


def _equal_weights(request: StartRequest) -> Array:
    return np.full(request.components, 1 / request.components)


def random_points(request: StartRequest) -> Parameters:
    """Equal weights, means at k different random points, each covariance that of the data."""
    covariances = np.tile(_nonsingular(request.data), (request.components, 1, 1))
    return _equal_weights(request), _means_at_random_points(request), covariances


def random_variances(request: StartRequest) -> Parameters:
    """Equal weights, means at k different random points, variances uniform from 0.05 to 1 of the columns'."""
    means = _means_at_random_points(request)
    # From 0 would allow a component that sees a single point from the first iteration on.
    share = request.rng.uniform(0.05, 1.0, request.components)
    covariances = share[:, np.newaxis, np.newaxis] * np.diag(request.data.scale**2)
    return _equal_weights(request), means, covariances


def random_responsibilities(request: StartRequest) -> Parameters:
    """The M-step of responsibilities that are uniform random numbers divided by their sum."""

    def shares(x: Array, first_row: int) -> Array:
        r = request.rng.random((request.components, len(x)))
        return np.asarray(r / r.sum(axis=0))

    return moments_of_shares(request, shares)


def k_means_plus_plus(request: StartRequest) -> Parameters:
    """Equal weights, means at k points that k-means++ picked in standardised columns, one covariance for all.

    The covariance is that within the groups of points nearest to each: no more than a guess at the scale, so that a
    person sees EM find the weights and the shapes.
    """
    points, weight = _different_points(request)
    data = request.data
    centres = choose_centres((points - data.mean) / data.scale, weight, request.components, request.rng)
    if data.size > MOST_SAMPLED:
        # For a guess the sample will do: ten million points would take seconds.
        request = replace(request, data=check_points(points, weight, data.cancelled))
    means = data.mean + data.scale * centres
    counts, _, covariances = _nearest(request, (means - request.data.mean) / request.data.scale)
    within = np.einsum("k,kij->ij", counts / counts.sum(), covariances)
    return _equal_weights(request), means, np.tile(within, (request.components, 1, 1))


def k_means(request: StartRequest) -> Parameters:
    """The moments of the groups of k-means, in standardised columns."""
    points, weight = _different_points(request)
    scaled = (points - request.data.mean) / request.data.scale
    centres = choose_centres(scaled, weight, request.components, request.rng)
    return _nearest(request, lloyd(scaled, weight, centres))


def _nearest(request: StartRequest, centres: Array) -> Parameters:
    """Weights, means and covariances of the points nearest to each centre, in columns divided by their scale."""
    data = request.data

    def shares(x: Array, first_row: int) -> Array:
        owner = squared_distances((x - data.mean) / data.scale, centres).argmin(axis=0)
        return np.asarray(owner == np.arange(len(centres))[:, np.newaxis], dtype=np.float64)

    counts, means, covariances = moments_of_shares(request, shares, spare_points=1.0)
    lost = counts == 0
    means[lost] = data.mean + data.scale * centres[lost]
    return counts + lost, means, covariances


def quantiles(request: StartRequest) -> Parameters:
    """Equal weights, means at the points (c - 1/2) / k along the first principal axis, covariances S / k^2.

    The axis is that of the standardised columns; S is the data's covariance.
    """
    data, k = request.data, request.components
    stride = -(-data.size // (10 * MOST_SAMPLED))
    points = data.points[::stride]
    weight = np.ones(len(points)) if data.sample_weight is None else data.sample_weight[::stride]
    scaled = (points - data.mean) / data.scale
    direction = np.linalg.eigh(scaled.T @ (weight[:, np.newaxis] * scaled))[1][:, -1]
    means = points[_at_quantiles(scaled @ direction, weight, k)]
    if len(np.unique(means, axis=0)) < k:
        # Ties: two components at one place would stay together for good.
        points = np.unique(points[weight > 0], axis=0)
        points = points if len(points) >= k else different_points(data, k)
        means = points[_at_quantiles((points - data.mean) / data.scale @ direction, np.ones(len(points)), k)]
    return _equal_weights(request), means, np.tile(_nonsingular(data) / k**2, (k, 1, 1))


def _at_quantiles(values: Array, weight: Array, k: int) -> NDArray[np.intp]:
    """The k rows at the middle of k equal shares of the weight."""
    order = np.argsort(values, kind="stable")
    below = np.cumsum(weight[order])
    wanted = (np.arange(k) + 0.5) / k * below[-1]
    return np.asarray(order[np.searchsorted(below, wanted)])


def small_em(request: StartRequest) -> Parameters:
    """The end of the best of ten short runs from random points (Biernacki, Celeux and Govaert 2003)."""
    climb = _highest_short_run(request, random_points, runs=10, iterations=10)
    return _parameters(climb[-1])


def promising_split(request: StartRequest) -> Parameters:
    """The random split from which EM climbs highest within a few iterations."""
    climb = _highest_short_run(request, _random_split, runs=20, iterations=20)
    return _parameters(climb[0])


def promising_points(request: StartRequest) -> Parameters:
    """The random points from which EM climbs highest within a few iterations."""
    climb = _highest_short_run(request, random_points, runs=10, iterations=10)
    return _parameters(climb[0])


def _random_split(request: StartRequest) -> Parameters:
    """The points shared out to the nearest of k random points."""
    return _nearest(request, (_means_at_random_points(request) - request.data.mean) / request.data.scale)


def _parameters(mixture: Mixture) -> Parameters:
    return mixture.weights, mixture.means, mixture.covariances


def _highest_short_run(
    request: StartRequest, start: Callable[[StartRequest], Parameters], runs: int, iterations: int
) -> tuple[Mixture, Mixture]:
    """First and last mixture of the short run of EM that climbed highest without degenerating.

    On a sample: which starts are promising shows on a part of the points.
    """
    points, weight = _different_points(request)
    sample = check_points(points, weight, request.data.cancelled)
    on_sample = replace(request, data=sample, variance_floor=request.variance_floor or 1e-6)
    engine = Engine(sample, request.components)
    best: tuple[Mixture, Mixture] | None = None
    best_rank = (False, -np.inf)
    for _ in range(runs):
        first = valid_mixture(on_sample, start(on_sample))
        steps = em_from(Ascent(engine, request.covariance, on_sample.variance_floor), first)
        last = next(islice(steps, iterations, None))
        assert last.counts is not None
        faults = irregular_components(last.mixture, last.counts, sample.covariance)
        if best is None or (not faults, last.log_likelihood) > best_rank:
            best, best_rank = (first, last.mixture), (not faults, last.log_likelihood)
    assert best is not None
    return best


def known_labels(request: StartRequest) -> Parameters:
    """The moments of the points of each label.

    Raises:
        ValueError: there are no labels, or not as many different ones as components.
    """
    data = request.data
    if request.labels is None:
        raise ValueError("These data have no labels to start from: choose another initialization.")
    labels = np.asarray(request.labels)
    if labels.shape != (data.size,):
        raise ValueError(f"There must be one label for each of the {data.size} rows.")
    if labels.dtype.kind == "O":
        labels = np.array([str(label) for label in labels])  # of different kinds, which have no order
    if labels.dtype.kind in "fc" and np.isnan(labels).any():
        raise ValueError("Some labels are missing: remove those rows, or choose another initialization.")
    names = _different_labels(labels, data)
    if len(names) != request.components:
        raise ValueError(
            f"The data have {len(names)} different labels and the mixture {request.components} components: "
            f"choose {len(names)} components or another initialization."
        )

    def shares(x: Array, first_row: int) -> Array:
        return np.asarray(labels[first_row : first_row + len(x)] == names[:, np.newaxis], dtype=np.float64)

    return moments_of_shares(request, shares)


def _different_labels(labels: NDArray[Any], data: WeightedPoints) -> NDArray[Any]:
    """The labels of rows that have weight, sorted."""
    names = labels[:0]
    for first in range(0, len(labels), LABELS_AT_ONCE):
        data.check_cancelled()
        part = labels[first : first + LABELS_AT_ONCE]
        if data.sample_weight is not None:
            part = part[data.sample_weight[first : first + LABELS_AT_ONCE] > 0]
        names = np.union1d(names, part)
    return names


def by_hand(request: StartRequest) -> Parameters:
    """Refused: the start of a person comes as ``start``."""
    raise ValueError('The initialization "manual" needs a start: place the components yourself or choose another one.')


def moments_of_shares(
    request: StartRequest, shares: Callable[[Array, int], Array], spare_points: float = 0.0
) -> Parameters:
    """Weights, means and covariances of points shared out by ``shares(block, first row)`` (k, rows).

    ``spare_points`` with the spread of 1/k of the data are mixed in: a single point then has a covariance too.
    """
    data, k, d = request.data, request.components, request.data.dimension
    counts, sums, scatters = np.zeros(k), np.zeros((k, d)), np.zeros((k, d, d))
    first_row = 0
    for x, weight in data.blocks(k * d):
        r = shares(x, first_row) if weight is None else shares(x, first_row) * weight
        first_row += len(x)
        y = x - data.mean
        counts += r.sum(axis=1)
        sums += r @ y
        scatters += np.einsum("kn,ni,nj->kij", r, y, y, optimize=True)
    shifts = sums / np.maximum(counts, np.finfo(float).tiny)[:, np.newaxis]
    scatters -= sums[:, :, np.newaxis] * shifts[:, np.newaxis, :]
    scatters += spare_points * _nonsingular(data) / k ** (2 / d)
    # Where nothing is correlated, rounding leaves different tiny numbers on the two sides of the diagonal.
    scatters = (scatters + scatters.transpose(0, 2, 1)) / 2
    return counts, data.mean + shifts, scatters / (counts + spare_points)[:, np.newaxis, np.newaxis]


def _nonsingular(data: WeightedPoints) -> Array:
    """The data's covariance; a little wider where the columns are constant or depend on each other."""
    covariance = data.covariance / np.outer(data.scale, data.scale)
    values, vectors = np.linalg.eigh(covariance)
    lifted = (vectors * np.maximum(values, 1e-6)) @ vectors.T
    return np.asarray((lifted + lifted.T) / 2 * np.outer(data.scale, data.scale))
