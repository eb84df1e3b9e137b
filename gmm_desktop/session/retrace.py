"""Going on with a run from a file on the very way that it would have taken.

Where a fit goes on from is more than its last mixture: SQUAREM remembers how long a stride may be, a component that is
started again draws the next random numbers, a summary of many points remembers when it was proven, means are counted
from an origin within. None of this is in a file. What is: where the steps were begun that were under way. They are
taken once more from there, unseen, as the same steps with the same bits, and what follows is what would have followed.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import replace

import numpy as np

from gmm_desktop.mixture import EMStep, FitEnding, Mixture
from gmm_desktop.session.fit_worker import Steps
from gmm_desktop.session.state import Run


def retraced(run: Run, begun: int, same: Steps, otherwise: Steps) -> Steps:
    """The steps ``same``, which begin at iteration ``begun``, from the last known one on.

    Where they lead somewhere else, as on another machine, they give way to ``otherwise``, which begin there.
    """
    known = run.last - begun
    there = run.history.mixture_at(run.last)

    def steps(cancelled: Callable[[], bool]) -> Generator[EMStep, None, FitEnding]:
        way = same(cancelled)
        try:
            while True:
                step = next(way)
                if not step.racing and step.iteration == known:
                    break
        except (StopIteration, ValueError):
            step = None
        if step is not None and _alike(step.mixture, there):
            yield step
            return (yield from way)
        way.close()
        return (yield from _counted_from(otherwise(cancelled), known))

    return steps


def _counted_from(steps: Generator[EMStep, None, FitEnding], first: int) -> Generator[EMStep, None, FitEnding]:
    while True:
        try:
            step = next(steps)
        except StopIteration as end:
            ending: FitEnding = end.value
            return ending
        yield replace(step, iteration=step.iteration + first)


def _alike(a: Mixture, b: Mixture) -> bool:
    """Whether two mixtures have the same bits."""
    pairs = ((a.weights, b.weights), (a.means, b.means), (a.covariances, b.covariances))
    return all(np.array_equal(one, other) for one, other in pairs)
