"""The EM algorithm for a Gaussian mixture, as it stands in the textbooks.

Dempster, Laird and Rubin (1977); the formulas as in Bishop, Pattern Recognition and Machine Learning (2006),
section 9.2.2.

E-step: the responsibility of component c for point i is its share of the density there,
    r_ic = weight_c N(x_i; mean_c, covariance_c) / sum_j weight_j N(x_i; mean_j, covariance_j).
M-step: with N_c = sum_i r_ic, the effective number of points of c,
    weight_c = N_c / n,
    mean_c = sum_i r_ic x_i / N_c,
    covariance_c = sum_i r_ic (x_i - mean_c)(x_i - mean_c)' / N_c.
The M-step needs three sums over the points, so the E-step keeps no responsibilities, only those.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gmm_desktop.mixture.covariance import COVARIANCE_TYPES, CovarianceType, factored, singular
from gmm_desktop.mixture.kernel import Kernel, can_use_kernel
from gmm_desktop.mixture.parameters import Mixture, component_letter
from gmm_desktop.mixture.points import FitCancelledError, WeightedPoints, check_points
from gmm_desktop.mixture.settings import check_id, check_summarise, check_variance_floor
from gmm_desktop.mixture.statistics import Statistics
from gmm_desktop.mixture.step import EMStep

Array = NDArray[np.float64]

# Below this many points (in the data's unit, where that is smaller) sums lose digits to underflow.
NO_POINTS = 1e-290

# When a mean moves by more than this many of its new standard deviations (squared), the sums about the old mean
# have lost too many digits.
FAR_MOVE = 1e4


# A floor above this keeps every covariance matrix invertible by itself.
SAFE_FLOOR = 1e-12


class CollapseError(ValueError):
    """A covariance matrix is no longer positive definite, and no variance floor holds it up."""


def e_step(data: WeightedPoints, mixture: Mixture, centres: Array | None = None) -> Statistics:
    """The log-likelihood and the sums that the M-step needs, in blocks of rows.

    Args:
        data: n points.
        mixture: gives the responsibilities.
        centres: (k, d) what the sums are taken about; the mixture's means where None.

    Raises:
        FitCancelledError: the data's ``cancelled()`` said yes.
    """
    k, d = mixture.means.shape
    about = mixture.means if centres is None else centres
    log_likelihood, counts, sums, scatters = 0.0, np.zeros(k), np.zeros((k, d)), np.zeros((k, d, d))
    for x, weight in data.blocks(k * d):
        # Contiguous along the points: sums over components and over points then run at full speed.
        columns = np.ascontiguousarray(x.T)
        differences = columns - mixture.means[:, :, np.newaxis]
        log_density, r = _responsibilities(mixture, differences)
        if weight is None:
            log_likelihood += float(log_density.sum())
        else:
            log_likelihood += float(weight @ log_density)
            r *= weight
        if centres is not None:
            differences = columns - centres[:, :, np.newaxis]
        weighted = r[:, np.newaxis, :] * differences
        counts += r.sum(axis=1)
        sums += weighted.sum(axis=2)
        scatters += weighted @ differences.transpose(0, 2, 1)
    return Statistics(log_likelihood, counts, about, sums, scatters)


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
    *,
    scale: Array,
    variance_floor: float = 0.0,
) -> tuple[Mixture, tuple[str, ...]]:
    """The mixture of highest expected log-likelihood, given the responsibilities, and what was unusual.

    Args:
        statistics: from the E-step.
        previous: whose place and shape a component keeps that owns no points any more; its weight is then 0.
        covariance: the covariance type.
        scale: (d,) standard deviations of the columns, which the variance floor is relative to.
        variance_floor: as in ``em_steps``.

    Raises:
        CollapseError: a covariance matrix is not positive definite; a variance floor prevents that.
    """
    counts, means, scatters = _about_own_means(statistics)
    covariances = covariance.constrain(scatters, counts)
    events: list[str] = []
    empty = statistics.counts < NO_POINTS * max(1.0, float(scale.min()) ** -2)
    if empty.any():
        means[empty] = previous.means[empty]
        unshaped = empty & ~covariances.any(axis=(1, 2))
        covariances[unshaped] = previous.covariances[unshaped]
        counts = np.where(empty, 0.0, counts)
        events += [f"Component {component_letter(c)} owns no points any more." for c in _indices(empty)]
    if variance_floor > 0:
        covariances, raised = covariance.raise_to_floor(covariances, scale, variance_floor)
        events += [floor_event(c) for c in _indices(raised)]
    if variance_floor < SAFE_FLOOR:
        _refuse_collapse(means, covariances)
    covariances, cholesky = factored(covariances)
    return Mixture.trusted(counts / counts.sum(), means, covariances, cholesky), tuple(events)


def _indices(flags: NDArray[np.bool_]) -> list[int]:
    return [c for c, flag in enumerate(flags.tolist()) if flag]


def floor_event(component: int) -> str:
    """The sentence for a component whose variance was raised to the floor."""
    return f"The variance of component {component_letter(component)} was raised to the floor."


def _about_own_means(statistics: Statistics) -> tuple[Array, Array, Array]:
    """Counts, new means and the scatters about them; a count of zero becomes a tiny one, to divide by."""
    counts = np.maximum(statistics.counts, np.finfo(float).tiny)
    shifts = statistics.sums / counts[:, np.newaxis]
    moved = statistics.sums[:, :, np.newaxis] * shifts[:, np.newaxis, :]
    scatters = statistics.scatters - moved
    # Equal but for rounding are not the same bits.
    return counts, statistics.centres + shifts, (scatters + scatters.transpose(0, 2, 1)) / 2


def _refuse_collapse(means: Array, covariances: Array) -> None:
    """Raise where a component has no extent beyond the rounding of its own mean."""
    deviations = np.sqrt(np.maximum(np.diagonal(covariances, axis1=1, axis2=2), 0.0))
    rounding = 4 * np.finfo(float).eps * np.abs(means)
    collapsed = [component_letter(c) for c in _indices(singular(covariances) | (deviations <= rounding).any(axis=1))]
    if collapsed:
        have = f"Component {collapsed[0]} has" if len(collapsed) == 1 else f"Components {', '.join(collapsed)} have"
        raise CollapseError(
            f"{have} collapsed onto too few points to have a covariance: "
            "set a variance floor, choose fewer components or another start."
        )


def em_from(
    data: WeightedPoints, start: Mixture, covariance: CovarianceType, variance_floor: float
) -> Iterator[EMStep]:
    """EM on checked points, without end.

    Raises:
        CollapseError: a component collapsed and there is no floor.
        FitCancelledError: the data's ``cancelled()`` said yes.
    """
    mixture, events = start, tuple[str, ...]()
    kernel = Kernel(data, start.n_components) if can_use_kernel(data) else None
    fast = kernel is not None and kernel.suits(mixture)
    for iteration in count():
        with np.errstate(over="ignore", invalid="ignore"):
            statistics = kernel.statistics(mixture) if kernel is not None and fast else e_step(data, mixture)
        if not np.isfinite(statistics.log_likelihood):
            raise ValueError(
                "The log-likelihood is not a finite number: the components lie too far from the points. "
                "Choose another start."
            )
        yield EMStep(iteration, mixture, statistics.log_likelihood, events, counts=statistics.counts)
        updated, events = _next_mixture(data, mixture, statistics, covariance, variance_floor)
        suits = kernel is not None and kernel.suits(updated)
        if fast and not suits:
            updated, events = _next_mixture(data, mixture, e_step(data, mixture), covariance, variance_floor)
        mixture, fast = updated, suits


def _next_mixture(
    data: WeightedPoints,
    mixture: Mixture,
    statistics: Statistics,
    covariance: CovarianceType,
    variance_floor: float,
) -> tuple[Mixture, tuple[str, ...]]:
    """The M-step, with a second look at the points where the sums about the old means lost digits."""

    def maximise(sums: Statistics) -> tuple[Mixture, tuple[str, ...]]:
        return m_step(sums, mixture, covariance, scale=data.scale, variance_floor=variance_floor)

    try:
        updated, events = maximise(statistics)
    except CollapseError:
        new_means = _about_own_means(statistics)[1]
    else:
        moved = updated.whitening @ (updated.means - mixture.means)[:, :, np.newaxis]
        if float((moved**2).sum(axis=1).max()) <= FAR_MOVE:
            return updated, events
        new_means = updated.means
    return maximise(e_step(data, mixture, centres=new_means))


def em_steps(
    points: ArrayLike,
    start: Mixture,
    *,
    covariance: str = "full",
    sample_weight: ArrayLike | None = None,
    variance_floor: float = 0.0,
    summarise: str = "auto",
    cancelled: Callable[[], bool] | None = None,
) -> Iterator[EMStep]:
    """EM from a start, without end: one step an iteration, the start being step 0.

    Args:
        points: (n, d), or (n,) for d = 1; not changed.
        start: the mixture to begin with.
        covariance: a key of ``COVARIANCE_TYPES``.
        sample_weight: (n,) weights of the rows, or None.
        variance_floor: a lower bound on the eigenvalues of covariances, as a fraction, in columns divided by
            their standard deviation; 0 for none.
        summarise: "auto" or "never": every iteration is computed from all points.
        cancelled: asked once a block of rows; when it says yes, the iteration ends.

    Raises:
        ValueError: the arguments do not fit together, or no model can be fitted to the points; while iterating,
            a component collapsed and there is no floor. The text says what to do.
    """
    row = COVARIANCE_TYPES[check_id(covariance, COVARIANCE_TYPES, "covariance type")]
    check_summarise(summarise)
    floor = check_variance_floor(variance_floor)
    try:
        data = check_points(points, sample_weight, cancelled)
    except FitCancelledError:
        return iter(())
    check_start(start, data)
    check_shape(data, row, floor)
    return _until_cancelled(em_from(data, start, row, floor))


def check_start(start: Mixture, data: WeightedPoints) -> None:
    """Refuse a start of another dimension.

    Raises:
        ValueError: saying both dimensions.
    """
    if start.dimension != data.dimension:
        raise ValueError(
            f"The start has {start.dimension} dimensions and the points have {data.dimension}: "
            "give a start in the columns that are fitted."
        )


def check_shape(data: WeightedPoints, covariance: CovarianceType, variance_floor: float) -> None:
    """Refuse data that have no covariance matrix of this type, where no floor gives them one.

    Raises:
        ValueError: saying what to do.
    """
    if variance_floor >= SAFE_FLOOR or not singular(covariance.constrain(data.covariance[np.newaxis], np.ones(1)))[0]:
        return
    if data.constant:
        what = f"Column {data.constant[0] + 1} has the same value in every row"
    else:
        what = "One column follows from the others"
    raise ValueError(f"{what}: leave it out, or set a variance floor.")


def _until_cancelled(steps: Iterator[EMStep]) -> Iterator[EMStep]:
    try:
        yield from steps
    except FitCancelledError:
        return
