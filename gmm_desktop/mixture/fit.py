"""A whole fit: start, restarts, EM, stop rule."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from copy import deepcopy
from dataclasses import replace
from functools import partial
from itertools import islice

import numpy as np
from numpy.typing import ArrayLike

from gmm_desktop.mixture.acceleration import ACCELERATIONS
from gmm_desktop.mixture.collapse import COLLAPSES
from gmm_desktop.mixture.covariance import COVARIANCE_TYPES, covariance_type
from gmm_desktop.mixture.em import CollapseError
from gmm_desktop.mixture.ending import ending_messages, how_it_ended
from gmm_desktop.mixture.engine import Ascent, Engine, check_shape, check_start, steps_from
from gmm_desktop.mixture.history import FitHistory
from gmm_desktop.mixture.initialization import INITIALIZERS, make_start
from gmm_desktop.mixture.maxima import Candidate, distinct_maxima, race_messages
from gmm_desktop.mixture.parameters import Mixture
from gmm_desktop.mixture.points import FitCancelledError, WeightedPoints, check_enough_points, check_points
from gmm_desktop.mixture.settings import FitSettings, check_id, check_numbers
from gmm_desktop.mixture.step import EMStep, FitEnding
from gmm_desktop.mixture.stopping import STOP_RULES, fires, fires_at_last
from gmm_desktop.mixture.threads import one_thread

Steps = Generator[EMStep, None, FitEnding]

# The random numbers for what happens to collapsing components come from the seed, the run and this.
COLLAPSE_STREAM = 1

# So many iterations before the end of a summarised run, at the least, are computed from all points.
EXACT_AT_THE_END = 4


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
    iteration 0 and holds the result in the end. While the generator is alive, the linear algebra of the process
    keeps to one thread.

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
    covariance = covariance_type(settings.covariance, settings.standardise, data.scale)
    check_shape(data, covariance, settings.variance_floor)
    if data.constant and settings.collapse != "floor":
        raise ValueError(
            f"Column {data.constant[0] + 1} has the same value in every row, so that every component collapses: leave "
            "it out, or have components held at the floor."
        )
    engine = Engine(data, settings.components if start is None else start.n_components, settings.summarise)
    if start is not None:
        check_start(start, data)
        return _on_one_thread(_single(engine, settings, lambda: start))
    if settings.restarts == 1:
        return _on_one_thread(_single(engine, settings, partial(make_start, data, settings, labels, 0)))
    return _on_one_thread(_race(engine, settings, labels))


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

    Cancelled while several starts race, it holds the best of those that have ended, or the steps of the first.
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
    check_id(settings.collapse, COLLAPSES, "choice about a collapse")
    check_id(settings.acceleration, ACCELERATIONS, "acceleration")
    if settings.collapse == "restart" and not settings.variance_floor > 0:
        raise ValueError(
            "Starting a collapsed component again needs a variance floor that tells when it has collapsed: set one, "
            "such as 1e-6."
        )


def _on_one_thread(steps: Steps) -> Steps:
    with one_thread():
        return (yield from steps)


def _single(engine: Engine, settings: FitSettings, make: Callable[[], Mixture]) -> Steps:
    """One run to its end."""
    history = FitHistory()
    try:
        ending = yield from _run(engine, settings, make, history, run=0, racing=False)
    except FitCancelledError:
        return FitEnding("stopped")
    return replace(ending, messages=ending.messages + ending_messages(history, engine.data, settings))


def _race(engine: Engine, settings: FitSettings, labels: ArrayLike | None) -> Steps:
    """Several runs, then the best one once more from its history."""
    data = engine.data
    best: Candidate | None = None
    raced: list[Candidate] = []
    ended: tuple[str, ...] = ()
    for run in range(int(settings.restarts)):
        history = FitHistory()
        try:
            make = partial(make_start, data, settings, labels, run)
            ending = yield from _run(engine, settings, make, history, run, racing=True)
        except FitCancelledError:
            message = f"Stopped while start {run + 1} of {settings.restarts} was being computed"
            if best is None:
                return FitEnding("stopped", (f"{message}.",), run)
            ended = (f"{message}: the best of those before is shown.",)
            break
        candidate = Candidate.judge(history, ending, data)
        if best is None or candidate.rank > best.rank:
            best = candidate
        # Only the best keeps its history: at 100 000 iterations the others would hold memory for nothing.
        raced = [replace(other, history=None) for other in [*raced, candidate]]
    assert best is not None
    assert best.history is not None
    if best.history.every == 1:
        for step in best.history.steps:
            yield replace(step, racing=False)
    else:  # it was thinned out: the same steps, taken once more
        make = partial(make_start, data, settings, labels, best.maximum.run)
        try:
            yield from _run(engine, settings, make, FitHistory(), best.maximum.run, racing=False)
        except FitCancelledError:
            return FitEnding("stopped", best.ending.messages, best.maximum.run)
    maxima = distinct_maxima(raced, data)
    messages = ended + race_messages(raced, best, maxima) + best.ending.messages
    messages += ending_messages(best.history, data, settings)
    outcome = "stopped" if ended and best.ending.outcome == "converged" else best.ending.outcome
    return replace(best.ending, outcome=outcome, messages=messages, maxima=maxima)


def _run(
    engine: Engine,
    settings: FitSettings,
    make: Callable[[], Mixture],
    history: FitHistory,
    run: int,
    racing: bool,
) -> Steps:
    """EM from one start until the rule fires, written down in ``history``."""
    data = engine.data
    covariance = covariance_type(settings.covariance, settings.standardise, data.scale)
    floor = float(settings.variance_floor)
    rng = np.random.default_rng([int(settings.seed), run, COLLAPSE_STREAM])
    respond = COLLAPSES[settings.collapse].response(data, covariance, floor, rng)
    ascent = Ascent(engine, covariance, floor, respond)
    try:
        for step in _climb(ascent, make(), settings):
            current = replace(step, run=run, racing=racing) if run or racing else step
            history.append(current)
            yield current
            if len(history) > settings.max_iterations or fires_at_last(history, settings, data.total, data.scale):
                return how_it_ended(history, settings, data)
    except CollapseError as collapse:
        return FitEnding("failed", (str(collapse),), run)
    raise AssertionError("EM does not end by itself.")


def _ends(steps: Sequence[EMStep], settings: FitSettings, data: WeightedPoints) -> bool:
    return steps[-1].iteration >= settings.max_iterations or fires(steps, settings, data.total, data.scale)


def _climb(ascent: Ascent, start: Mixture, settings: FitSettings) -> Iterator[EMStep]:
    """The steps from a start; those before the stop are from all points, though a summary may serve for the rest.

    Summarised steps are held back until it is known that the run does not end soon after them. Where it does, they
    give way to steps from all points, which begin at the mixture of the first of them, with what was known then.
    """
    engine = ascent.engine
    engine.begin()
    iterate = ACCELERATIONS[settings.acceleration].iteration()
    steps = steps_from(ascent, EMStep(0, start, 0.0), iterate)
    if engine.exact:
        yield from steps
        return
    first = next(steps)
    yield first  # from all points in any case, and the sooner it is seen the better
    # Each step with what may have a memory, as it was then.
    ahead = deque([(first, deepcopy((iterate, ascent.respond)))])
    try:
        for step in steps:
            ahead.append((step, deepcopy((iterate, ascent.respond))))
            if _ends([one for one, _ in ahead], settings, engine.data):
                break
            if len(ahead) > EXACT_AT_THE_END + 1:
                ahead.popleft()
                yield ahead[0][0]
    except CollapseError:
        pass  # all points will tell in which iteration
    engine.exact = True
    known, (iterate, respond) = ahead[0]
    yield from islice(steps_from(replace(ascent, respond=respond), known, iterate), 1, None)


def _cancelled() -> Steps:
    yield from ()
    return FitEnding("stopped")
