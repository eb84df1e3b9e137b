"""Ways to go from one iteration to the next: EM as it is taught, or the same climb in longer strides."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gmm_desktop.mixture.covariance import surely_regular
from gmm_desktop.mixture.engine import Ascent, em_from, steps_of
from gmm_desktop.mixture.parameters import Mixture
from gmm_desktop.mixture.statistics import Statistics
from gmm_desktop.mixture.step import EMStep

Array = NDArray[np.float64]

# A stride of this length is the plain double step.
SHORTEST_STRIDE = 1.0


def squarem_from(ascent: Ascent, start: Mixture, first: int = 0) -> Iterator[EMStep]:
    """SQUAREM (Varadhan and Roland 2008, scheme S3) with a guard, its steps numbered from ``first``.

    With theta_1 = EM(theta_0), theta_2 = EM(theta_1), r = theta_1 - theta_0 and v = (theta_2 - theta_1) - r, an
    iteration goes to EM(theta_0 + 2 a r + a^2 v), a = max(|r| / |v|, 1), where theta_0 + 2 a r + a^2 v is a mixture
    whose log-likelihood is at least that of theta_1; otherwise to theta_2. So the log-likelihood never falls.

    Raises:
        CollapseError: a component has collapsed, and nothing holds it.
        FitCancelledError: the data's ``cancelled()`` said yes.
    """
    return steps_of(_stride, ascent, start, first)


def _stride(ascent: Ascent, before: Mixture, statistics: Statistics) -> tuple[Mixture, tuple[str, ...]]:
    """One iteration: two plain ones, and a third from where they point to."""
    once, said_once = ascent.climb(before, statistics)
    if said_once:
        return once, said_once  # what is out of the ordinary is no direction to go on in
    at_once = ascent.look(once)
    twice, said_twice = ascent.climb(once, at_once)
    ahead = None if said_twice else _extrapolated(ascent, before, once, twice)
    if ahead is None:
        return twice, said_twice
    try:
        there = ascent.look(ahead)
    except ValueError:
        return twice, said_twice
    if not there.log_likelihood >= at_once.log_likelihood:
        return twice, said_twice
    return ascent.climb(ahead, there)


def _extrapolated(ascent: Ascent, before: Mixture, once: Mixture, twice: Mixture) -> Mixture | None:
    """The mixture that the stride leads to; None where it is none, or would only repeat the double step."""
    scale = ascent.engine.data.scale
    if min(mixture.weights.min() for mixture in (before, once, twice)) <= 0:
        return None
    theta = [_coordinates(mixture, scale) for mixture in (before, once, twice)]
    r = theta[1] - theta[0]
    v = theta[2] - theta[1] - r
    bend = float(np.linalg.norm(v))
    stride = float(np.linalg.norm(r)) / bend if bend > 0 else 0.0
    if not stride > SHORTEST_STRIDE:
        return None
    ahead = _mixture(theta[0] + 2 * stride * r + stride**2 * v, before.n_components, scale)
    if ahead is None or ascent.variance_floor <= 0:
        return ahead
    floored, _ = ascent.covariance.raise_to_floor(ahead.covariances, scale, ascent.variance_floor)
    return ahead if floored is ahead.covariances else None


def _coordinates(mixture: Mixture, scale: Array) -> Array:
    """A mixture as one vector without bounds or units: log-weights, means, Cholesky factors with log-diagonals."""
    factors = mixture.cholesky / scale[:, np.newaxis]
    diagonal = np.arange(len(scale))
    factors[:, diagonal, diagonal] = np.log(factors[:, diagonal, diagonal])
    rows, columns = np.tril_indices(len(scale))
    parts = (np.log(mixture.weights), mixture.means / scale, factors[:, rows, columns])
    return np.concatenate([part.ravel() for part in parts])


def _mixture(theta: Array, k: int, scale: Array) -> Mixture | None:
    """The mixture of k components with these ``_coordinates``, or None where they leave the range of numbers."""
    d = len(scale)
    log_weights, means, lower = np.split(theta, [k, k + k * d])
    weights = np.exp(log_weights - log_weights.max())
    factors = np.zeros((k, d, d))
    rows, columns = np.tril_indices(d)
    factors[:, rows, columns] = lower.reshape(k, -1)
    diagonal = np.arange(d)
    factors[:, diagonal, diagonal] = np.exp(factors[:, diagonal, diagonal])
    factors *= scale[:, np.newaxis]
    covariances = factors @ factors.transpose(0, 2, 1)
    covariances = (covariances + covariances.transpose(0, 2, 1)) / 2
    usable = all(np.isfinite(part).all() for part in (weights, means, covariances)) and weights.min() > 0
    if not usable or not surely_regular(covariances, factors):
        return None
    return Mixture.trusted(weights / weights.sum(), means.reshape(k, d) * scale, covariances, factors)


@dataclass(frozen=True)
class Acceleration:
    """One way from iteration to iteration.

    Attributes:
        id: its key in ``ACCELERATIONS``.
        label: for a list to choose from.
        tip: one sentence saying what an iteration is.
        steps: (ascent, start, number of the first step) -> the steps, without end.
        note: what the result says of it; "" for EM as it is taught.
    """

    id: str
    label: str
    tip: str
    steps: Callable[[Ascent, Mixture, int], Iterator[EMStep]]
    note: str = ""


ACCELERATIONS: dict[str, Acceleration] = {
    row.id: row
    for row in (
        Acceleration(
            "none",
            "None: plain EM",
            "An iteration is one E-step and one M-step, as EM is taught.",
            em_from,
        ),
        Acceleration(
            "squarem",
            "SQUAREM: longer strides",
            "An iteration takes two steps of EM and a third from where these two point to; the log-likelihood still "
            "never falls.",
            squarem_from,
            "Accelerated by SQUAREM: an iteration is up to three steps of EM.",
        ),
    )
}
