"""The evidence lower bound that EM climbs, and its distance from the log-likelihood.

For responsibilities q_ic of any kind the log-likelihood is at least
    F(q, theta) = sum_i sum_c q_ic (ln weight_c N(x_i; mean_c, covariance_c) - ln q_ic) = E_q[ln p(x, z)] + H(q),
and the difference is the Kullback-Leibler divergence from q to the responsibilities r that theta gives,
    L(theta) - F(q, theta) = sum_i KL(q_i || r_i) = sum_i sum_c q_ic ln(q_ic / r_ic) >= 0.
The E-step sets q = r, so that F rises to touch L, which stands still. The M-step raises F with q held; L rises at least
as much, since the new theta has other responsibilities than q, and the gap opens again.

Neal and Hinton, A view of the EM algorithm that justifies incremental, sparse, and other variants (1998); Bishop,
Pattern Recognition and Machine Learning (2006), section 9.4.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from gmm_desktop.mixture.history_parts import Trace
from gmm_desktop.mixture.traces import Densities, blocks, log_sums

Array = NDArray[np.float64]

# Where |delta| is smaller, e^delta - 1 - delta comes from its series, whose next term is then 1e-14 of the sum.
_SMALL = 0.03


def bound_gaps(
    points: Array,
    trace: Trace,
    sample_weight: Array | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Array:
    """How far the bound is below the log-likelihood after each M-step: (T - 1,), not negative.

    Entry t is sum_i w_i KL(r_i^t || r_i^(t+1)), from the responsibilities of mixture t, which the M-step used, to those
    of mixture t + 1. The bound is then the log-likelihood of mixture t + 1 less this.

    Each point's divergence is summed as sum_c r^t (e^delta - 1 - delta), delta = ln r^(t+1) - ln r^t, which equals it
    as both sum to one: no term is negative, so that gaps far smaller than the roundings of the log-likelihood keep
    their digits. A component that the M-step has found empty counts as if it had owned nothing.

    Args:
        points: (n, d).
        trace: T mixtures, each coming from the one before.
        sample_weight: (n,) weights of the rows, or None.
        cancelled: asked once a block.

    Raises:
        FitCancelledError: ``cancelled()`` said yes.
    """
    densities = Densities(trace)
    gaps = np.zeros(max(0, densities.size - 1))
    alive = trace.weights[1:] > 0
    with np.errstate(all="ignore"):  # weights of zero, and exponents that underflow
        for x, weight in blocks(points, sample_weight, densities.n_components, cancelled):
            last: Array | None = None
            for part in densities.parts(x.shape[1]):
                logs = _log_responsibilities(densities.log_joints(x, part))
                first = part.start if last is None else part.start - 1
                logs = logs if last is None else np.concatenate([last, logs])
                last = logs[-1:]
                if len(logs) > 1:
                    pairs = slice(first, first + len(logs) - 1)
                    each = _divergences(logs[:-1], logs[1:], alive[pairs])
                    gaps[pairs] += each.sum(axis=1) if weight is None else (each * weight).sum(axis=1)
    return gaps


def _log_responsibilities(joint: Array) -> Array:
    return np.asarray(joint - log_sums(joint)[:, np.newaxis])


def _divergences(before: Array, after: Array, alive: NDArray[np.bool_]) -> Array:
    """KL of each point, (T, B), from the log-responsibilities (T, k, B) before and after."""
    delta = after - before
    old = np.exp(before)
    squared = delta * delta
    series = squared * (0.5 + delta * (1 / 6 + delta * (1 / 24 + delta * (1 / 120 + delta / 720))))
    terms = np.where(np.abs(delta) < _SMALL, old * series, np.exp(after) - old - old * delta)
    # 0 ln 0 is 0: what a component gains that owned nothing of a point, is a loss of the others.
    terms = np.where(old > 0, terms, np.exp(after))
    terms = np.where(alive[:, :, np.newaxis], terms, 0.0)
    return np.asarray(np.maximum(terms, 0.0).sum(axis=1))
