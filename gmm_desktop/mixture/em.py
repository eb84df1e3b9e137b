"""One iteration of the EM algorithm for a Gaussian mixture, as it stands in the textbooks.

Dempster, Laird and Rubin (1977); the formulas as in Bishop, Pattern Recognition and Machine Learning (2006),
section 9.2.2.

E-step: the responsibility of component c for point i is its share of the density there,
    r_ic = weight_c N(x_i; mean_c, covariance_c) / sum_j weight_j N(x_i; mean_j, covariance_j).
M-step: with N_c = sum_i r_ic, the effective number of points of c,
    weight_c = N_c / n,
    mean_c = sum_i r_ic x_i / N_c,
    covariance_c = sum_i r_ic (x_i - mean_c)(x_i - mean_c)' / N_c.
The M-step needs three sums over the points, so the E-step keeps no responsibilities, only those.

Points and means are counted from the origin of the data (``WeightedPoints.origin``), which changes no formula. The
faster ways to the same sums are in ``kernel`` and ``summary``, and are tested against these.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gmm_desktop.mixture.covariance import CovarianceType, cholesky_factors, singular, surely_regular, thickened
from gmm_desktop.mixture.parameters import Mixture, component_letter
from gmm_desktop.mixture.points import MEAN_ROUNDINGS, WeightedPoints
from gmm_desktop.mixture.statistics import Statistics

Array = NDArray[np.float64]

# To divide by, where there is nothing to divide.
TINY = float(np.finfo(float).tiny)

# A floor above this keeps every covariance matrix invertible by itself.
SAFE_FLOOR = 1e-12


class CollapseError(ValueError):
    """A component has no covariance matrix any more, or one below the floor where a person wanted EM to stop then."""


@dataclass(frozen=True)
class Unusual:
    """What an M-step met besides the formulas.

    Attributes:
        empty: the components that own no points any more.
        raised: the components whose variance was raised to the floor.
    """

    empty: tuple[int, ...] = ()
    raised: tuple[int, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.empty or self.raised)

    def sentences(self) -> tuple[str, ...]:
        """One for each."""
        emptied = (f"Component {component_letter(c)} owns no points any more." for c in self.empty)
        return (*emptied, *map(floor_event, self.raised))


USUAL = Unusual()


def e_step(data: WeightedPoints, mixture: Mixture, centres: Array | None = None) -> Statistics:
    """The log-likelihood and the sums that the M-step needs, in blocks of rows.

    Args:
        data: n points.
        mixture: gives the responsibilities.
        centres: (k, d) what the sums are taken about; the mixture's means where None. The nearer they are to the new
            means, the more digits the scatters keep.

    Raises:
        FitCancelledError: the data's ``cancelled()`` said yes.
    """
    k, d = mixture.means.shape
    about = mixture.means if centres is None else centres
    log_likelihood, counts, sums, scatters = 0.0, np.zeros(k), np.zeros((k, d)), np.zeros((k, d, d))
    for x, weight in data.centred_blocks(k * d):
        differences = x - mixture.means[:, :, np.newaxis]
        log_density, r = _responsibilities(mixture, differences)
        if weight is None:
            log_likelihood += float(log_density.sum())
        else:
            log_likelihood += float(weight @ log_density)
            r *= weight
        if centres is not None:
            differences = x - centres[:, :, np.newaxis]
        weighted = r[:, np.newaxis, :] * differences
        counts += r.sum(axis=1)
        sums += weighted.sum(axis=2)
        scatters += weighted @ differences.transpose(0, 2, 1)
    # Equal but for rounding are not the same bits.
    return Statistics(log_likelihood, counts, about, sums, (scatters + scatters.transpose(0, 2, 1)) / 2)


def _responsibilities(mixture: Mixture, differences: Array) -> tuple[Array, Array]:
    """Log-density (n,) and responsibilities (k, n) from x - mean (k, d, n), by log-sum-exp."""
    z = mixture.whitening @ differences
    log_joint = mixture.log_normalisers[:, np.newaxis] - 0.5 * np.einsum("kdn,kdn->kn", z, z)
    top = log_joint.max(axis=0)
    r = np.exp(log_joint - top)
    density = r.sum(axis=0)
    r /= density
    return np.log(density) + top, r


def m_step(
    statistics: Statistics,
    previous: Mixture,
    covariance: CovarianceType,
    data: WeightedPoints,
    variance_floor: float = 0.0,
) -> tuple[Mixture, Unusual]:
    """The mixture of highest expected log-likelihood, given the responsibilities, and what was unusual.

    Args:
        statistics: from the E-step.
        previous: whose place and shape a component keeps that owns no points any more; its weight is then 0.
        covariance: the covariance type.
        data: whose scale the variance floor is relative to.
        variance_floor: as in ``em_steps``.

    Raises:
        CollapseError: a covariance matrix is not positive definite; a variance floor prevents that.
    """
    counts, empty, raised = statistics.counts, None, None
    fewest = data.no_points
    # Of so few numbers Python's own functions are faster than numpy's; with a few hundred points that shows.
    owned = counts.tolist()
    if min(owned) < fewest:
        empty = np.asarray(counts < fewest)
        counts = np.where(empty, TINY, counts)
    means, scatters = _about_own_means(statistics, counts)
    covariances = covariance.constrain(scatters, counts)
    if empty is not None:
        counts = np.where(empty, 0.0, counts)
        means = np.where(empty[:, np.newaxis], previous.means, means)
        unshaped = empty & ~covariances.any(axis=(1, 2))
        covariances[unshaped] = previous.covariances[unshaped]
    if variance_floor > 0:
        given = covariances
        covariances, flags = covariance.raise_to_floor(given, data.scale, variance_floor)
        raised = None if covariances is given else flags
    cholesky = cholesky_factors(covariances)
    if variance_floor < SAFE_FLOOR:
        _refuse_collapse(means, covariances, cholesky, data)
    if cholesky is None:
        covariances, cholesky = thickened(covariances)
    updated = Mixture.trusted(counts / sum(owned), means, covariances, cholesky)
    return updated, USUAL if empty is None and raised is None else Unusual(_indices(empty), _indices(raised))


def _about_own_means(statistics: Statistics, counts: Array) -> tuple[Array, Array]:
    """The new means (k, d), and the scatters (k, d, d) about them."""
    n = counts[:, np.newaxis]
    moved = statistics.sums / n
    about_both = n[:, :, np.newaxis] * (moved[:, :, np.newaxis] * moved[:, np.newaxis, :])
    means = moved if statistics.centres is None else statistics.centres + moved
    return means, statistics.scatters - about_both


def _indices(flags: NDArray[np.bool_] | None) -> tuple[int, ...]:
    return () if flags is None else tuple(c for c, flag in enumerate(flags.tolist()) if flag)


def floor_event(component: int) -> str:
    """The sentence for a component whose variance was raised to the floor."""
    return f"The variance of component {component_letter(component)} was raised to the floor."


def _refuse_collapse(means: Array, covariances: Array, cholesky: Array | None, data: WeightedPoints) -> None:
    """Raise where a component has no extent beyond the rounding of its own mean."""
    if cholesky is not None and surely_regular(covariances, cholesky, data.rounding):
        return
    variances = np.diagonal(covariances, axis1=1, axis2=2)
    flat = (np.sqrt(np.maximum(variances, 0.0)) <= MEAN_ROUNDINGS * np.abs(means + data.origin)).any(axis=1)
    collapsed = [component_letter(c) for c in _indices(flat | singular(covariances))]
    if collapsed:
        raise CollapseError(
            f"{named(collapsed)} collapsed onto too few points to have a covariance: "
            "set a variance floor, choose fewer components or another start."
        )


def named(letters: list[str]) -> str:
    """ "Component B has" or "Components A, C have"."""
    return f"Component {letters[0]} has" if len(letters) == 1 else f"Components {', '.join(letters)} have"
