"""When EM stops: rules that look at how much the last iteration changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gmm_desktop.mixture.history import FitHistory
from gmm_desktop.mixture.history_parts import Trace
from gmm_desktop.mixture.settings import FitSettings
from gmm_desktop.mixture.step import EMStep

Array = NDArray[np.float64]

ROUNDINGS = 4 * float(np.finfo(float).eps)


@dataclass(frozen=True)
class StopRule:
    """One rule: stop at the first iteration whose quantity is smaller than the tolerance in absolute value.

    Attributes:
        id: its key in ``STOP_RULES``.
        label: for a list to choose from.
        tip: one sentence saying when it stops.
        formula: the quantity as a formula.
        source: where it comes from.
        quantity: (trace of T iterations, total weight n, scale (d,)) -> (T,), NaN where it is not defined.
        depth: how many iterations the quantity of one iteration looks at, itself included.
        needs_tolerance: whether the tolerance matters.
        of_parameters: whether it looks at parameters, and not at log-likelihoods alone.
    """

    id: str
    label: str
    tip: str
    formula: str
    source: str
    quantity: Callable[[Trace, float, Array], Array]
    depth: int = 2
    needs_tolerance: bool = True
    of_parameters: bool = False


def quantities(history: FitHistory, rule_id: str, n: float, scale: Array, first: int = 0) -> Array:
    """What a rule looks at, for each iteration of a history from ``first`` on: (T + 1 - first,), NaN where it is not
    defined; for a rule that looks at parameters, also where it would need some that were thinned out.

    Args:
        history: T + 1 iterations, the start included.
        rule_id: a key of ``STOP_RULES``.
        n: the number of points; with weights, their sum.
        scale: (d,) standard deviations of the columns.
        first: the first iteration that is wanted.
    """
    rule = STOP_RULES[rule_id]
    begin = max(first - rule.depth + 1, 0)
    trace = history.trace(last=len(history) - begin)
    if trace.iterations is None or not rule.of_parameters:
        return rule.quantity(trace, n, scale)[first - begin :]
    values = np.full(len(trace.log_likelihoods), np.nan)
    places, back = trace.iterations - begin, rule.depth - 1
    of_kept = rule.quantity(trace._replace(log_likelihoods=trace.log_likelihoods[places]), n, scale)
    in_a_row = np.flatnonzero(places[back:] - places[: len(places) - back] == back) + back
    values[places[in_a_row]] = of_kept[in_a_row]
    return values[first - begin :]


def stop_iteration(history: FitHistory, settings: FitSettings, n: float, scale: Array) -> int | None:
    """The first iteration of a history at which the rule of the settings fires; None where it never does."""
    fires = np.flatnonzero(_below(quantities(history, settings.stop_rule, n, scale), settings.tolerance))
    return int(fires[0]) if len(fires) else None


def fires_at_last(history: FitHistory, settings: FitSettings, n: float, scale: Array) -> bool:
    """Whether the rule fires at the last iteration: ``stop_iteration`` without the iterations before."""
    return _fires(lambda depth: history.trace(last=depth), len(history), settings, n, scale)


def fires(steps: Sequence[EMStep], settings: FitSettings, n: float, scale: Array) -> bool:
    """Whether the rule fires at the last of some steps in a row, of which there are at least as many as it looks at."""

    def trace(depth: int) -> Trace:
        last = steps[-depth:]
        return Trace(
            np.array([step.log_likelihood for step in last]),
            np.array([step.mixture.weights for step in last]),
            np.array([step.mixture.means for step in last]),
            np.array([step.mixture.covariances for step in last]),
        )

    return _fires(trace, len(steps), settings, n, scale)


def _fires(trace: Callable[[int], Trace], length: int, settings: FitSettings, n: float, scale: Array) -> bool:
    """Whether the rule fires at the end of ``length`` iterations, of which ``trace`` gives the last few."""
    rule = STOP_RULES[settings.stop_rule]
    if length < 2 or not rule.needs_tolerance:
        return False
    last = rule.quantity(trace(rule.depth), n, scale)[-1:]
    return bool(_below(last, settings.tolerance)[0])


def still_to_gain(history: FitHistory) -> float | None:
    """The log-likelihood that would still be gained were the gains to go on shrinking as at the end of a history.

    L_inf - L_t by Aitken's extrapolation; see the rule "aitken". None where the gains do not shrink, or are no longer
    told from rounding.
    """
    trace = history.trace(last=3)
    if len(trace.log_likelihoods) < 3:
        return None
    left = float(_aitken(trace, 1.0, np.ones(1))[-1])
    return left if np.isfinite(left) else None


def _below(quantity: Array, tolerance: float) -> NDArray[np.bool_]:
    return np.asarray(np.abs(quantity) < tolerance)


def _gain(trace: Trace, n: float, scale: Array) -> Array:
    return np.asarray(np.diff(trace.log_likelihoods, prepend=np.nan))


def _mean_gain(trace: Trace, n: float, scale: Array) -> Array:
    return _gain(trace, n, scale) / n


def _relative_gain(trace: Trace, n: float, scale: Array) -> Array:
    return np.asarray(_gain(trace, n, scale) / (1 + np.abs(trace.log_likelihoods)))


def _aitken(trace: Trace, n: float, scale: Array) -> Array:
    gain = _gain(trace, n, scale)
    before = np.concatenate([[np.nan], gain[:-1]])
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = gain / before
        left = gain * ratio / (1 - ratio)
        left = np.where((ratio > 0) & (ratio < 1), left, np.nan)
        # A gain within the roundings of L is none, and says of the ratio nothing.
        stands_still = np.abs(gain) <= ROUNDINGS * np.abs(trace.log_likelihoods)
    return np.where(stands_still & np.isfinite(before), 0.0, left)


def _parameters(trace: Trace, n: float, scale: Array) -> Array:
    deviations = np.sqrt(np.diagonal(trace.covariances, axis1=2, axis2=3)) / scale
    change = np.full(len(trace.log_likelihoods), np.nan)
    change[1:] = np.maximum.reduce(
        [
            np.abs(np.diff(trace.weights, axis=0)).max(axis=1),
            np.abs(np.diff(trace.means / scale, axis=0)).max(axis=(1, 2)),
            np.abs(np.diff(deviations, axis=0)).max(axis=(1, 2)),
        ]
    )
    return change


def _never(trace: Trace, n: float, scale: Array) -> Array:
    return np.full(len(trace.log_likelihoods), np.nan)


STOP_RULES: dict[str, StopRule] = {
    row.id: row
    for row in (
        StopRule(
            "mean-gain",
            "Gain per point",
            "Stops when an iteration raises the log-likelihood per point by less than the tolerance.",
            "|L_t − L_(t−1)| / n < tolerance",
            "As scikit-learn's tol",
            _mean_gain,
        ),
        StopRule(
            "gain",
            "Gain",
            "Stops when an iteration raises the total log-likelihood by less than the tolerance.",
            "|L_t − L_(t−1)| < tolerance",
            "As mixtools' epsilon",
            _gain,
        ),
        StopRule(
            "relative-gain",
            "Relative gain",
            "Stops when an iteration raises the log-likelihood by less than the tolerance times its size.",
            "|L_t − L_(t−1)| / (1 + |L_t|) < tolerance",
            "As mclust's tol",
            _relative_gain,
        ),
        StopRule(
            "aitken",
            "Still to gain (Aitken)",
            "Stops when the log-likelihood still to gain, were the gains to go on shrinking as they do now, is "
            "less than the tolerance.",
            "|L_inf − L_t| < tolerance, L_inf = L_(t−1) + ΔL_t / (1 − a), a = ΔL_t / ΔL_(t−1), 0 < a < 1",
            "Böhning, Dietz, Schaub, Schlattmann and Lindsay 1994, The distribution of the likelihood ratio for "
            "mixtures of densities",
            _aitken,
            depth=3,
        ),
        StopRule(
            "parameters",
            "Change of parameters",
            "Stops when no weight, mean or standard deviation changes by more than the tolerance, in units of "
            "the columns' standard deviations.",
            "max over c, j of |Δw_c|, |Δμ_cj| / s_j, |Δσ_cj| / s_j < tolerance",
            "Usual for iterations towards a fixed point; no source of its own",
            _parameters,
            of_parameters=True,
        ),
        StopRule(
            "iterations",
            "Number of iterations",
            "Stops after the maximum number of iterations only.",
            "t = the maximum",
            "The articles' loops",
            _never,
            needs_tolerance=False,
        ),
    )
}
