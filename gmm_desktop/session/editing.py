"""What a person's hand does to a mixture: each function gives a new one, valid and of the covariance type.

Places and standard deviations are in data units. Where an ellipse is pulled or turned it is that of the marginal on
the shown columns, drawn with ``unit`` (m,): the data units that look equally long on the axes, such as those of one
pixel. The axes that a person sees are the principal axes in that unit, not those of the data's own.

A change of the marginal's covariance from B to B' carries the columns that are not shown along: with the Cholesky
factors B = L L' and B' = M M', the linear map T = M inv(L) of the shown columns takes B to B', and the covariances with
the other columns become T C. The whole is then a congruence of the matrix before and as positive definite as that;
the correlations of the whitened columns with the others stay, and a change taken back leaves nothing behind.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gmm_desktop.data import Dataset
from gmm_desktop.mixture import FitSettings, Mixture, covariance_type

Array = NDArray[np.float64]

LEAST_WEIGHT = 1e-3
MOST_COMPONENTS = 50
# A hand never makes a component thinner than a thousandth of its column, whatever floor the fit has.
_LEAST_FLOOR = 1e-6
ALONG_THE_COLUMNS = ("diag", "spherical")


@dataclass(frozen=True)
class Draft:
    """A mixture that a person is still at.

    Attributes:
        mixture: as it is now.
        name: what undo will call the act.
        words: where it is, such as "mean of B at (2.1, 54.3)".
    """

    mixture: Mixture
    name: str
    words: str


@dataclass(frozen=True, eq=False)
class Rules:
    """What an edit has to obey.

    Attributes:
        covariance: a key of ``COVARIANCE_TYPES``.
        scale: (d,) the columns' standard deviations, positive.
        floor: the least eigenvalue of a covariance in columns divided by ``scale``.
        points: how many there are.
        standardise: as in ``FitSettings``.
    """

    covariance: str
    scale: Array
    floor: float
    points: int
    standardise: bool = False

    @property
    def sphere(self) -> Array:
        """(d,) the standard deviations of a spherical component, but for its size."""
        return self.scale if self.standardise else np.ones(len(self.scale))

    @property
    def can_turn(self) -> bool:
        """Whether a component may lie askew."""
        return self.covariance not in ALONG_THE_COLUMNS

    @property
    def all_alike(self) -> bool:
        """Whether all components have one covariance."""
        return self.covariance == "tied"


def rules_for(settings: FitSettings, dataset: Dataset) -> Rules:
    """The rules of a fit with these settings."""
    scale = np.where(dataset.scale > 0, dataset.scale, 1.0)
    return Rules(
        settings.covariance, scale, max(settings.variance_floor, _LEAST_FLOOR), dataset.size, settings.standardise
    )


def move_mean(mixture: Mixture, component: int, columns: Sequence[int], place: ArrayLike) -> Mixture:
    """The mean of one component at ``place`` (m,) in these columns; all else stays."""
    means = mixture.means.copy()
    means[component, list(columns)] = place
    return Mixture.trusted(mixture.weights, means, mixture.covariances, mixture.cholesky)


def set_weight(mixture: Mixture, component: int, weight: float) -> Mixture:
    """One weight, kept from 0 and 1; the others share the rest as they did before."""
    k = mixture.n_components
    if k == 1:
        return mixture
    weight = min(max(weight, LEAST_WEIGHT), 1 - LEAST_WEIGHT)
    rest = mixture.weights.copy()
    rest[component] = 0.0
    rest = rest if rest.sum() > 0 else np.where(np.arange(k) == component, 0.0, 1.0)
    weights = rest * ((1 - weight) / rest.sum())
    weights[component] = weight
    return Mixture.trusted(weights, mixture.means, mixture.covariances, mixture.cholesky)


def axes(
    mixture: Mixture, component: int, columns: Sequence[int], unit: ArrayLike, rules: Rules
) -> tuple[Array, Array]:
    """The axes of a component's ellipse: lengths (m,) and directions (m, m) row by row, in ``unit``.

    The longest first, each pointing to the right; along the columns, in their order, where it may not lie askew.
    """
    block = _block(mixture, component, columns, unit)
    if not rules.can_turn:
        return np.sqrt(np.diagonal(block)), np.eye(len(block))
    values, vectors = np.linalg.eigh(block)
    directions = vectors.T[::-1]
    leftward = (directions[:, 0] < 0) | ((directions[:, 0] == 0) & (directions[:, -1] < 0))
    return np.sqrt(values[::-1]), np.where(leftward[:, np.newaxis], -directions, directions)


def set_axis(
    mixture: Mixture,
    component: int,
    columns: Sequence[int],
    axis: int,
    length: float,
    unit: ArrayLike,
    rules: Rules,
) -> Mixture:
    """One axis of a component's ellipse (numbered as ``axes`` does) ``length`` units long, one standard deviation."""
    d = mixture.dimension
    if rules.can_turn:
        lengths, directions = axes(mixture, component, columns, unit, rules)
        lengths[axis] = length
        scaled = directions.T @ (directions * lengths[:, np.newaxis] ** 2)
        return _with_block(mixture, component, columns, scaled, unit, rules)
    deviation = length * float(np.asarray(unit)[axis])
    variances = np.diagonal(mixture.covariances[component]).copy()
    if rules.covariance == "spherical":
        variances = (deviation / rules.sphere[columns[axis]] * rules.sphere) ** 2
    else:
        variances[columns[axis]] = deviation**2
    return _with_covariance(mixture, component, variances * np.eye(d), rules)


def set_width(mixture: Mixture, component: int, column: int, deviation: float, rules: Rules) -> Mixture:
    """The standard deviation of one component in one column."""
    return set_axis(mixture, component, (column,), 0, deviation, np.ones(1), rules)


def turn(
    mixture: Mixture, component: int, columns: Sequence[int], angle: float, unit: ArrayLike, rules: Rules
) -> Mixture:
    """A component's ellipse turned by ``angle`` (radians, from the first column to the second) as it is drawn."""
    if not rules.can_turn:
        return mixture
    rotation = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    scaled = rotation @ _block(mixture, component, columns, unit) @ rotation.T
    return _with_block(mixture, component, columns, scaled, unit, rules)


def add_component(mixture: Mixture, columns: Sequence[int], place: ArrayLike, rules: Rules) -> Mixture:
    """One component more, the last, with its mean at ``place`` (m,) in these columns.

    It gets a weight of 1 / (k + 1) and the mean covariance of those that were there, which is of any type that they
    are of; in columns that are not shown, its mean is theirs, weighted by who would be responsible for ``place``.

    Raises:
        ValueError: there are as many as there may be.
    """
    k = mixture.n_components
    if k >= MOST_COMPONENTS:
        raise ValueError(f"There can be {MOST_COMPONENTS} components at the most.")
    if k >= rules.points:
        raise ValueError(f"There are only {rules.points} points, and each component needs one at the least.")
    chosen = list(columns)
    shares = mixture.marginal(chosen).responsibilities(np.atleast_2d(np.asarray(place, dtype=np.float64)))[0]
    mean = shares @ mixture.means
    mean[chosen] = place
    weights = np.append(mixture.weights * (k / (k + 1)), 1 / (k + 1))
    typical = np.tensordot(mixture.weights, mixture.covariances, axes=1)
    covariances = np.concatenate([mixture.covariances, typical[np.newaxis]])
    return Mixture(weights / weights.sum(), np.vstack([mixture.means, mean]), covariances)


def remove_component(mixture: Mixture, component: int) -> Mixture:
    """The mixture without one component; the others share its weight as they share the rest.

    Raises:
        ValueError: it is the only one.
    """
    if mixture.n_components == 1:
        raise ValueError("A mixture has one component at the least: this one is the last.")
    left = np.arange(mixture.n_components) != component
    weights = mixture.weights[left]
    weights = weights / weights.sum() if weights.sum() > 0 else np.full(len(weights), 1 / len(weights))
    return Mixture(weights, mixture.means[left], mixture.covariances[left])


def _block(mixture: Mixture, component: int, columns: Sequence[int], unit: ArrayLike) -> Array:
    """The marginal covariance in the unit of the drawing."""
    chosen, units = list(columns), np.asarray(unit, dtype=np.float64)
    return np.asarray(mixture.covariances[component][np.ix_(chosen, chosen)] / units[:, np.newaxis] / units)


def _with_block(
    mixture: Mixture, component: int, columns: Sequence[int], scaled: Array, unit: ArrayLike, rules: Rules
) -> Mixture:
    """The mixture with another marginal covariance, given in the unit of the drawing."""
    chosen, units = list(columns), np.asarray(unit, dtype=np.float64)
    scaled = (scaled + scaled.T) / 2
    rest = [j for j in range(mixture.dimension) if j not in chosen]
    covariance = mixture.covariances[component].copy()
    if rest:
        before = np.linalg.cholesky(_block(mixture, component, columns, unit))
        change = np.linalg.cholesky(scaled) @ np.linalg.inv(before)
        cross = units[:, np.newaxis] * (change @ (covariance[np.ix_(chosen, rest)] / units[:, np.newaxis]))
        covariance[np.ix_(chosen, rest)] = cross
        covariance[np.ix_(rest, chosen)] = cross.T
    covariance[np.ix_(chosen, chosen)] = scaled * units[:, np.newaxis] * units
    return _with_covariance(mixture, component, covariance, rules)


def _with_covariance(mixture: Mixture, component: int, covariance: Array, rules: Rules) -> Mixture:
    """The mixture with another covariance of one component, or of all where they are alike, above the floor."""
    row = covariance_type(rules.covariance, rules.standardise, rules.scale)
    raised, _ = row.raise_to_floor(covariance[np.newaxis], rules.scale, rules.floor)
    covariances = mixture.covariances.copy()
    covariances[slice(None) if rules.all_alike else component] = raised[0]
    return Mixture(mixture.weights, mixture.means, covariances)
