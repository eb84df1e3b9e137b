"""How far fitted mixtures are from the one that generated the data, by Monte Carlo.

The Kullback-Leibler divergence KL(p || q) = E_p[ln p(x) - ln q(x)] of two mixtures has no closed form. The mean of
ln p - ln q over m points drawn from p estimates it, and their standard deviation divided by the root of m is the
standard error. All q are compared on the same points, so that what changes from one to the next is not chance.

That E_p[q/p] is 1 would help to estimate small divergences, but is not used: where q has a broad component, as at a
start, points that are hardly ever drawn carry that mean, and the error would look smaller than it is.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from gmm_desktop.mixture.history_parts import Trace
from gmm_desktop.mixture.parameters import Mixture
from gmm_desktop.mixture.traces import Densities, blocks

Array = NDArray[np.float64]
Cancelled = Callable[[], bool]


class TruthSample:
    """Points drawn from a mixture, to which others are compared; drawn when they are first needed.

    Attributes:
        truth: the mixture.
        size: how many points, m.
    """

    def __init__(self, truth: Mixture, size: int, *seed: int) -> None:
        self.truth, self.size = truth, size
        self._seed = seed

    @cached_property
    def points(self) -> Array:
        """(m, d)."""
        return self.truth.sample(self.size, np.random.default_rng(self._seed))[0]

    @cached_property
    def log_densities(self) -> Array:
        """(m,) the log of the truth's own density."""
        return self.truth.log_density(self.points)

    def divergences(self, trace: Trace, cancelled: Cancelled | None = None) -> Array:
        """KL(truth || q) of T mixtures q, and the standard error of each: (2, T).

        Raises:
            FitCancelledError: ``cancelled()`` said yes.
        """
        estimates = np.empty((2, len(trace.weights)))
        with np.errstate(all="ignore"):  # a density of zero
            for t in range(estimates.shape[1]):
                loss = self.log_densities - self._log_densities(trace, t, cancelled)
                estimates[:, t] = loss.mean(), loss.std() / np.sqrt(loss.size)
        return estimates

    def leads(self, trace: Trace, cancelled: Cancelled | None = None) -> Array:
        """By how much the log-likelihood of T mixtures on this sample is above the truth's own, a point: (T,).

        Raises:
            FitCancelledError: ``cancelled()`` said yes.
        """
        with np.errstate(all="ignore"):
            each = (self._log_densities(trace, t, cancelled) for t in range(len(trace.weights)))
            return np.array([np.mean(logs - self.log_densities) for logs in each])

    def _log_densities(self, trace: Trace, t: int, cancelled: Cancelled | None) -> Array:
        densities = Densities(trace.between(t, t)[0])
        return _over_blocks(densities, self.points, cancelled)


def mean_log_likelihood(
    mixture: Mixture, points: Array, sample_weight: Array | None = None, cancelled: Cancelled | None = None
) -> float:
    """The log-likelihood of a mixture on points (n, d), a point.

    Raises:
        FitCancelledError: ``cancelled()`` said yes.
    """
    weights, means, covariances = mixture.weights, mixture.means, mixture.covariances
    densities = Densities(Trace(np.zeros(1), weights[np.newaxis], means[np.newaxis], covariances[np.newaxis]))
    total, counted = 0.0, 0.0
    with np.errstate(all="ignore"):
        for x, weight in blocks(points, sample_weight, mixture.n_components, cancelled):
            logs = densities.log_densities(x)[0]
            total += float(logs.sum() if weight is None else weight @ logs)
            counted += float(logs.size if weight is None else weight.sum())
    return total / counted


def _over_blocks(densities: Densities, points: Array, cancelled: Cancelled | None) -> Array:
    parts = blocks(points, None, densities.n_components, cancelled)
    return np.concatenate([densities.log_densities(x)[0] for x, _ in parts])
