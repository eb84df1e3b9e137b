"""A whole fit: start, restarts, EM, stop rule."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import replace
from functools import partial

from numpy.typing import ArrayLike

from gmm_desktop.mixture.covariance import COVARIANCE_TYPES
from gmm_desktop.mixture.em import CollapseError, check_shape, check_start, em_from
from gmm_desktop.mixture.history import FitEnding, FitHistory
from gmm_desktop.mixture.initialization import INITIALIZERS, make_start
from gmm_desktop.mixture.judging import Candidate, ending_messages, race_messages
from gmm_desktop.mixture.parameters import Mixture
from gmm_desktop.mixture.points import FitCancelledError, WeightedPoints, check_enough_points, check_points
from gmm_desktop.mixture.settings import FitSettings, check_id, check_numbers
from gmm_desktop.mixture.step import EMStep
from gmm_desktop.mixture.stopping import STOP_RULES, fires_at_last

Steps = Generator[EMStep, None, FitEnding]


def fit_steps(
    points: ArrayLike,
    settings: FitSettings,
    *,
    start: Mixture | None = None,
    labels: ArrayLike | None = None,
    sample_weight: ArrayLike | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Steps:
    """One fit, step by step; what the generator returns (``StopIteration.value``) is its ``FitEnding``.

    With several starts, every step of each is yielded with ``racing`` true and its number as ``run``; then those
    of the winner again, from its iteration 0, with ``racing`` false. Whoever collects begins anew at each
    iteration 0 and holds the result in the end.

    Args:
        points: (n, d), or (n,) for d = 1; not changed.
        settings: all that can be chosen.
        start: the mixture to begin with; its k counts, and restarts and initialisation are ignored.
        labels: (n,) known labels, for the initialisation "labels".
        sample_weight: (n,) weights of the rows, or None.
        cancelled: asked once a block of rows; when it says yes, the fit ends as "stopped".

    Raises:
        ValueError: a setting is not valid or no model can be fitted to the points; the text says what to do.
    """
    check_settings(settings)
    try:
        data = check_points(points, sample_weight, cancelled)
        check_enough_points(data, settings.components if start is None else start.n_components)
    except FitCancelledError:
        return _cancelled()
    check_shape(data, COVARIANCE_TYPES[settings.covariance], settings.variance_floor)
    if start is not None:
        check_start(start, data)
        return _single(data, settings, lambda: start)
    if settings.restarts == 1:
        return _single(data, settings, partial(make_start, data, settings, labels, 0))
    return _race(data, settings, labels)


def fit(
    points: ArrayLike,
    settings: FitSettings,
    *,
    start: Mixture | None = None,
    labels: ArrayLike | None = None,
    sample_weight: ArrayLike | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> FitHistory:
    """One fit, collected; arguments and errors as ``fit_steps``.

    Cancelled while several starts race, it holds the steps of the start that was under way.
    """
    steps = fit_steps(points, settings, start=start, labels=labels, sample_weight=sample_weight, cancelled=cancelled)
    history = FitHistory()
    while True:
        try:
            step = next(steps)
        except StopIteration as end:
            history.end(end.value)
            return history
        if step.iteration == 0:
            history = FitHistory()
        history.append(step)


def check_settings(settings: FitSettings) -> None:
    """Refuse settings that are not valid, before any data are there.

    Raises:
        ValueError: one sentence naming the setting and what it may be.
    """
    check_numbers(settings)
    check_id(settings.covariance, COVARIANCE_TYPES, "covariance type")
    check_id(settings.initialization, INITIALIZERS, "initialization")
    check_id(settings.stop_rule, STOP_RULES, "stop rule")


def _single(data: WeightedPoints, settings: FitSettings, make: Callable[[], Mixture]) -> Steps:
    """One run to its end."""
    history = FitHistory()
    try:
        outcome, messages = yield from _run(data, settings, make, history, run=0, racing=False)
    except FitCancelledError:
        return FitEnding("stopped")
    return FitEnding(outcome, messages + ending_messages(history, data, settings))


def _race(data: WeightedPoints, settings: FitSettings, labels: ArrayLike | None) -> Steps:
    """Several runs, then the best one once more from its history."""
    best: Candidate | None = None
    raced: list[Candidate] = []
    for run in range(int(settings.restarts)):
        history = FitHistory()
        try:
            make = partial(make_start, data, settings, labels, run)
            outcome, messages = yield from _run(data, settings, make, history, run, racing=True)
        except FitCancelledError:
            message = f"Stopped while start {run + 1} of {settings.restarts} was being computed."
            return FitEnding("stopped", (message,), run)
        candidate = Candidate.judge(history, outcome, messages, data)
        if best is None or candidate.rank > best.rank:
            best = candidate
        # Only the best keeps its history: at 100 000 iterations the others would hold memory for nothing.
        raced = [replace(other, history=None) for other in [*raced, candidate]]
    assert best is not None
    assert best.history is not None
    for step in best.history.steps:
        yield replace(step, racing=False)
    messages = race_messages(raced, best) + best.messages + ending_messages(best.history, data, settings)
    return FitEnding(best.outcome, messages, best.run)


def _run(
    data: WeightedPoints,
    settings: FitSettings,
    make: Callable[[], Mixture],
    history: FitHistory,
    run: int,
    racing: bool,
) -> Generator[EMStep, None, tuple[str, tuple[str, ...]]]:
    """EM from one start until the rule fires; the outcome and why it is not better."""
    covariance = COVARIANCE_TYPES[settings.covariance]
    steps = em_from(data, make(), covariance, float(settings.variance_floor))
    try:
        for step in steps:
            current = replace(step, run=run, racing=racing)
            history.append(current)
            yield current
            if fires_at_last(history, settings, data.total, data.scale):
                return "converged", ()
            if step.iteration >= settings.max_iterations:
                return "stopped", _maximum_message(settings)
    except CollapseError as collapse:
        return "failed", (str(collapse),)
    raise AssertionError("EM does not end by itself.")


def _maximum_message(settings: FitSettings) -> tuple[str, ...]:
    if not STOP_RULES[settings.stop_rule].needs_tolerance:
        return ()
    return (
        f"Stopped at the maximum of {settings.max_iterations} iterations, before the stop rule fired: "
        "the result is provisional.",
    )


def _cancelled() -> Steps:
    yield from ()
    return FitEnding("stopped")
