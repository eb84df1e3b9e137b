"""Model-based agglomerative clustering: a start made by merging groups, pair by pair, until k are left.

Of all pairs the one is merged that costs the classification likelihood least (Banfield and Raftery 1993; Fraley
1998): with the groups' masses n_g and scatters W_g the sum to be kept small is

    full       sum n_g log |W_g / n_g|             tied       log |sum W_g|
    diagonal   sum n_g log |diag(W_g) / n_g|       spherical  sum n_g log tr(W_g / n_g)

Groups of a few points have no determinant, and while most groups are such, the sums say little. So Ward's criterion,
the smallest sum tr W_g (Ward 1963), which needs none and takes time n^2 by the nearest-neighbour chain (Murtagh 1983),
makes the first merges, down to about a hundred groups; the covariance type's own makes the rest.

For the same reason PRIOR further points with the spread within Ward's k groups, on average, are mixed into each W_g
and n_g. The trace that Fraley adds instead does not fade as a group grows and depends on the unit: from random
mixtures of three to six elongated groups EM ended 23 to 27 log units below the best fit known on average with that,
15 to 25 with Ward's criterion alone, 3 to 9 with this.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from gmm_desktop.mixture.covariance import COVARIANCE_TYPES
from gmm_desktop.mixture.parameters import Mixture
from gmm_desktop.mixture.points import WeightedPoints, check_points, different_points
from gmm_desktop.mixture.starts import Parameters, StartRequest, moments_of_shares, valid_mixture
from gmm_desktop.mixture.ward import cut, ward_merges

Array = NDArray[np.float64]
Labels = NDArray[np.intp]

# Ward's merges take time and the differences memory that grow with the square of this.
MOST = 2_000

# Ward's merges end here: enough groups for the criterion to choose from, each of enough points to have a shape.
FEWEST_GROUPS, GROUPS_A_COMPONENT = 120, 20

# The determinants of m^2 pairs take time m^2 d^3, so more columns d allow fewer groups m: m d is at most this.
MOST_NUMBERS = 6_000

# Of weight one on average over the different points.
PRIOR = 1.0

# A smaller variance within groups is rounding: relative to other directions, and to the variance of the column (which
# may be that of an outlier). It counts as this part of the variance among groups.
FLAT, FLAT_COLUMN, NARROW = 1e-10, 1e-30, 1e-6


def hierarchical(request: StartRequest) -> Parameters:
    """The moments of the k groups that agglomeration leaves, of a random sample where there are many points.

    The groups of a sample make a mixture, whose responsibilities share out all points.

    Returns:
        Weights (k,), k different means (k, d) and covariances (k, d, d), not yet of the covariance type.

    Raises:
        FitCancelledError: the data's ``cancelled()`` said yes.
    """
    points, weight, complete = _sample(request)
    sample = check_points(points, weight, request.data.cancelled)
    labels = _groups(request, sample)
    on_sample = replace(request, data=sample, variance_floor=request.variance_floor or 1e-6)
    weights, means, covariances = _moments_of_groups(on_sample, labels)
    if not complete:
        mixture = valid_mixture(on_sample, (weights, means, covariances))
        weights, means, covariances = _moments_of_all(request, mixture)
    if len(np.unique(means, axis=0)) < request.components:
        # A ring has the same centre as what it surrounds; their points differ.
        means = points[np.unique(labels, return_index=True)[1]]
    return weights, means, covariances


def _moments_of_groups(on_sample: StartRequest, labels: Labels) -> Parameters:
    def shares(x: Array, first_row: int) -> Array:
        own = labels[first_row : first_row + len(x)] == np.arange(on_sample.components)[:, np.newaxis]
        return np.asarray(own, dtype=np.float64)

    return moments_of_shares(on_sample, shares, spare_points=1.0)


def _moments_of_all(request: StartRequest, mixture: Mixture) -> Parameters:
    def shares(x: Array, first_row: int) -> Array:
        return mixture.responsibilities(x).T

    counts, means, covariances = moments_of_shares(request, shares, spare_points=1.0)
    lost = counts == 0
    means[lost] = mixture.means[lost]
    return counts + lost, means, covariances


def _sample(request: StartRequest) -> tuple[Array, Array, bool]:
    """Different points (m, d), their weights (m,), and whether they are all that have weight."""
    data, enough = request.data, max(request.components, 2)
    present = data.present
    size = data.size if present is None else len(present)
    # Rows by number, not from a list of all: that takes a while where there are millions.
    places = request.rng.choice(size, MOST, replace=False) if size > MOST else np.arange(size)
    rows = places if present is None else present[places]
    weight = np.ones(len(rows)) if data.sample_weight is None else data.sample_weight[rows]
    points, mass = _merge_equal(data.points[rows], weight)
    if len(points) < enough:
        others = different_points(data, enough)
        extra = np.full(len(others), weight.mean())
        points, mass = _merge_equal(np.concatenate([points, others]), np.concatenate([mass, extra]))
    return points, mass, size <= MOST


def _merge_equal(points: Array, weight: Array) -> tuple[Array, Array]:
    different, place = np.unique(points, axis=0, return_inverse=True)
    return different, np.asarray(np.bincount(place.reshape(-1), weight), dtype=np.float64)


def _groups(request: StartRequest, sample: WeightedPoints) -> Labels:
    """The group, 0 to k - 1, of each point of the sample."""
    k, d, type_id = request.components, sample.dimension, request.covariance.id
    assert sample.sample_weight is not None
    mass = sample.sample_weight / sample.sample_weight.mean()
    common = request.covariance is COVARIANCE_TYPES["spherical"]
    z = (sample.points - sample.mean) / _units(sample, common)
    merges = ward_merges(z, mass, sample)
    of_ward = cut(merges, k)
    enough = min(max(FEWEST_GROUPS, GROUPS_A_COMPONENT * k), MOST_NUMBERS // d)
    first = cut(merges, min(len(z), max(enough, 2 * k)))
    within = _scatters(z, mass, of_ward).sum(axis=0)
    total = _scatters(z, mass, np.zeros_like(of_ward))[0]
    if not np.trace(within) > FLAT_COLUMN * np.trace(total):
        # As many groups as points, or points closer together than double precision can tell.
        return of_ward
    y = z @ _axes(within / mass.sum(), total / mass.sum(), type_id)
    groups = _gather(y, mass, first, type_id)
    merge = _merge_tied if type_id == "tied" else _merge_unequal
    return merge(groups, k, sample)[first]


def _units(sample: WeightedPoints, common: bool) -> Array:
    """(d,) what to divide the columns by: spheres of data units are spheres in one common unit only."""
    if not common:
        return sample.scale
    return np.full(sample.dimension, np.delete(sample.scale, sample.constant).max())


def _scatters(points: Array, mass: Array, labels: Labels) -> Array:
    """(groups, d, d) sums of squares about the groups' centres."""
    counts, centres = _centres(points, mass, labels)
    y = points - centres[labels]
    result = np.zeros((len(counts), y.shape[1], y.shape[1]))
    for group in range(len(counts)):
        own = labels == group
        result[group] = (y[own].T * mass[own]) @ y[own]
    return result


def _centres(points: Array, mass: Array, labels: Labels) -> tuple[Array, Array]:
    counts = np.asarray(np.bincount(labels, mass), dtype=np.float64)
    sums = [np.bincount(labels, mass * column) for column in points.T]
    return counts, np.stack(sums, axis=1) / counts[:, np.newaxis]


def _axes(within: Array, total: Array, type_id: str) -> Array:
    """(d, r) axes in which the covariance ``within`` groups is the identity, as far as the type sees it.

    Directions in which only groups differ are so narrow that merging across them costs most; those in which nothing
    differs are left out.
    """
    if type_id == "spherical":
        return np.asarray(np.eye(len(within)) / np.sqrt(np.trace(within) / len(within)))
    inside, overall = np.diagonal(within), np.diagonal(total)
    squared = np.where(inside > FLAT_COLUMN * overall, inside, NARROW * overall)
    axes = np.eye(len(within))[:, squared > 0] / np.sqrt(squared[squared > 0])
    if type_id == "diag":
        return np.asarray(axes)
    values, vectors = np.linalg.eigh(axes.T @ within @ axes)
    overall = np.einsum("di,de,ei->i", vectors, axes.T @ total @ axes, vectors)
    squared = np.where(values > FLAT * values.max(), values, NARROW * overall)
    kept = squared > FLAT**2
    return np.asarray(axes @ vectors[:, kept] / np.sqrt(squared[kept]))


@dataclass(eq=False)
class _Groups:
    """Groups that are being merged.

    Attributes:
        mass: (m,).
        centres: (m, r).
        spreads: (m, r, r) scatters, or (m, r) or (m, 1) what a diagonal or spherical type sees of them.
        owner: the group of each of those that there were at first.
    """

    mass: Array
    centres: Array
    spreads: Array
    owner: Labels

    def joined(self, one: int, others: Labels) -> tuple[Array, Array]:
        """Masses and spreads of the groups that one would make with each of some others."""
        mass = self.mass[one] + self.mass[others]
        between = _square(self.centres[others] - self.centres[one], self.spreads)
        factor = self.mass[one] * self.mass[others] / mass
        return mass, self.spreads[one] + self.spreads[others] + _column(factor, between) * between

    def merge(self, kept: int, gone: int) -> None:
        """Make one group of two; those after ``gone``, which is greater than ``kept``, move down by one."""
        mass, spread = self.joined(kept, np.array([gone]))
        self.centres[kept] += (self.centres[gone] - self.centres[kept]) * (self.mass[gone] / mass[0])
        self.mass[kept], self.spreads[kept] = mass[0], spread[0]
        self.mass, self.centres = np.delete(self.mass, gone), np.delete(self.centres, gone, axis=0)
        self.spreads = np.delete(self.spreads, gone, axis=0)
        self.owner[self.owner == gone] = kept
        self.owner[self.owner > gone] -= 1


def _gather(points: Array, mass: Array, labels: Labels, type_id: str) -> _Groups:
    counts, centres = _centres(points, mass, labels)
    spreads = _scatters(points, mass, labels)
    if type_id in ("diag", "spherical"):
        spreads = np.diagonal(spreads, axis1=1, axis2=2).copy()
    if type_id == "spherical":
        spreads = spreads.mean(axis=1, keepdims=True)
    return _Groups(counts, centres, spreads, np.arange(len(counts)))


def _square(differences: Array, spreads: Array) -> Array:
    """The squares of differences (m, r), of the same kind as the spreads."""
    if spreads.ndim == 3:
        return np.asarray(differences[:, :, np.newaxis] * differences[:, np.newaxis, :])
    squares = differences**2
    return np.asarray(squares if spreads.shape[1] == squares.shape[1] else squares.mean(axis=1, keepdims=True))


def _column(values: Array, like: Array) -> Array:
    return values.reshape(-1, *(1,) * (like.ndim - 1))


def _terms(mass: Array, spreads: Array) -> Array:
    """(m,) n_g log |W_g / n_g| with the prior's points mixed in."""
    if spreads.ndim == 2:
        return np.asarray(mass * np.log((spreads + PRIOR) / _column(mass + PRIOR, spreads)).sum(axis=1))
    rank = spreads.shape[1]
    logs = np.linalg.slogdet(spreads + PRIOR * np.eye(rank))[1]
    # An outlier costs the determinant all its digits; no eigenvalue is less than the prior's.
    largest = np.diagonal(spreads, axis1=1, axis2=2).max(axis=1) + PRIOR
    logs = np.maximum(logs, np.log(largest) + (rank - 1) * np.log(PRIOR))
    return np.asarray(mass * (logs - rank * np.log(mass + PRIOR)))


def _merge_unequal(groups: _Groups, k: int, data: WeightedPoints) -> Labels:
    """Merge down to k groups, each of which has its own spread; (m,) the group of each of the first ones."""
    m = len(groups.mass)
    terms = _terms(groups.mass, groups.spreads)
    costs = np.full((m, m), np.inf)

    def renew(one: int, others: Labels) -> None:
        if len(others):
            costs[one, others] = _terms(*groups.joined(one, others)) - terms[one] - terms[others]
            costs[others, one] = costs[one, others]

    for one in range(m):
        data.check_cancelled()
        renew(one, np.arange(one + 1, m))
    while len(groups.mass) > k:
        data.check_cancelled()
        kept, gone = divmod(int(costs.argmin()), len(costs))
        groups.merge(kept, gone)
        costs, terms = np.delete(np.delete(costs, gone, axis=0), gone, axis=1), np.delete(terms, gone)
        terms[kept] = _terms(groups.mass[[kept]], groups.spreads[[kept]])[0]
        renew(kept, np.delete(np.arange(len(costs)), kept))
    return groups.owner


def _merge_tied(groups: _Groups, k: int, data: WeightedPoints) -> Labels:
    """Merge down to k groups that share one spread W; (m,) the group of each of the first ones.

    A merge multiplies |W| by 1 + n_g n_h / (n_g + n_h) (c_g - c_h)' W^-1 (c_g - c_h): Ward's cost, by a measure that
    every merge changes.
    """
    while len(groups.mass) > k:
        data.check_cancelled()
        shared = groups.spreads.sum(axis=0) + PRIOR * np.eye(groups.centres.shape[1])
        values, vectors = np.linalg.eigh(shared)
        # Not less than the prior's, whatever digits an outlier costs.
        white = (vectors / np.sqrt(np.maximum(values, PRIOR))).T @ groups.centres.T
        mass = groups.mass
        costs = mass[:, np.newaxis] * mass / (mass[:, np.newaxis] + mass)
        costs *= sum(np.subtract.outer(column, column) ** 2 for column in white)
        np.fill_diagonal(costs, np.inf)
        groups.merge(*divmod(int(costs.argmin()), len(costs)))
    return groups.owner
