"""Ways to go from one iteration to the next: EM as it is taught, or the same climb in longer strides."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gmm_desktop.mixture.covariance import surely_regular
from gmm_desktop.mixture.engine import Ascent, Iteration
from gmm_desktop.mixture.parameters import Mixture
from gmm_desktop.mixture.statistics import Statistics

Array = NDArray[np.float64]

# A stride of length 1 is the plain double step. The longest one allowed grows by GROWTH when it was taken and led up,
# and shrinks by as much when it did not.
SHORTEST, GROWTH = 1.0, 4.0


class Squarem:
    """The iterations of SQUAREM (Varadhan and Roland 2008, scheme S3) with a guard; remembers how long a stride may be.

    With theta_1 = EM(theta_0), theta_2 = EM(theta_1), r = theta_1 - theta_0 and v = (theta_2 - theta_1) - r, an
    iteration goes to EM(theta_0 + 2 a r + a^2 v), a = |r| / |v| between 1 and the longest stride allowed, where
    theta_0 + 2 a r + a^2 v is a mixture whose log-likelihood is at least that of theta_1; otherwise to theta_2. So the
    log-likelihood never falls. What is out of the ordinary, a component on the floor, is met by plain EM.
    """

    def __init__(self) -> None:
        self._longest = SHORTEST

    def __call__(self, ascent: Ascent, before: Mixture, statistics: Statistics) -> tuple[Mixture, tuple[str, ...]]:
        """One iteration: two plain ones, and a third from where they point to."""
        once, said_once = ascent.climb(before, statistics)
        if said_once:
            return once, said_once  # what is out of the ordinary is no direction to go on in
        at_once = ascent.look(once)
        twice, said_twice = ascent.climb(once, at_once)
        if said_twice:
            return twice, said_twice
        stride, ahead = _extrapolated(ascent, (before, once, twice), self._longest)
        there = None if ahead is None else _look_without_falling(ascent, ahead, at_once.log_likelihood)
        if stride == self._longest:
            self._longest = self._longest * GROWTH if there else max(SHORTEST, self._longest / GROWTH)
        if ahead is None or there is None:
            return twice, said_twice
        return ascent.climb(ahead, there)


def _look_without_falling(ascent: Ascent, mixture: Mixture, least: float) -> Statistics | None:
    """The E-step, or None where the log-likelihood is less than ``least``."""
    try:
        statistics = ascent.look(mixture)
    except ValueError:
        return None
    return statistics if statistics.log_likelihood >= least else None


def _extrapolated(
    ascent: Ascent, path: tuple[Mixture, Mixture, Mixture], longest: float
) -> tuple[float, Mixture | None]:
    """The length of the stride, and the mixture that it leads to; None where there is none."""
    scale = ascent.engine.data.scale
    if min(mixture.weights.min() for mixture in path) <= 0:
        return 0.0, None
    theta = [_coordinates(mixture, scale) for mixture in path]
    r = theta[1] - theta[0]
    v = theta[2] - theta[1] - r
    bend = float(np.linalg.norm(v))
    stride = min(max(float(np.linalg.norm(r)) / bend, SHORTEST), longest) if bend > 0 else SHORTEST
    ahead = _mixture(theta[0] + 2 * stride * r + stride**2 * v, path[0].n_components, scale)
    if ahead is not None and ascent.variance_floor > 0:
        floored, _ = ascent.covariance.raise_to_floor(ahead.covariances, scale, ascent.variance_floor)
        ahead = ahead if floored is ahead.covariances else None
    return stride, ahead


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
        iteration: makes what leads from one mixture to the next; it may have a memory of its own.
        note: what the result says of it; "" for EM as it is taught.
    """

    id: str
    label: str
    tip: str
    iteration: Callable[[], Iteration]
    note: str = ""


ACCELERATIONS: dict[str, Acceleration] = {
    row.id: row
    for row in (
        Acceleration(
            "none",
            "None: plain EM",
            "An iteration is one E-step and one M-step, as EM is taught.",
            lambda: Ascent.climb,
        ),
        Acceleration(
            "squarem",
            "SQUAREM: longer strides",
            "An iteration takes two steps of EM and a third from where these two point to; the log-likelihood still "
            "never falls.",
            Squarem,
            "Accelerated by SQUAREM: an iteration is up to three steps of EM.",
        ),
    )
}
