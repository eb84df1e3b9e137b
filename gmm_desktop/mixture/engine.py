"""The loop of EM: E-steps by the fastest way that keeps the digits, M-steps, and a step of each iteration for others.

Within, means are counted from the origin of the data, so that an offset of the data costs nothing from one iteration to
the next; the mixtures that leave are in the data's own units.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from math import isfinite

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gmm_desktop.mixture.collapse import Response, hold_at_floor
from gmm_desktop.mixture.covariance import COVARIANCE_TYPES, CovarianceType, covariance_type, singular
from gmm_desktop.mixture.em import SAFE_FLOOR, TINY, CollapseError, e_step, m_step
from gmm_desktop.mixture.kernel import FARTHEST, Kernel, can_use_kernel
from gmm_desktop.mixture.parameters import Mixture
from gmm_desktop.mixture.points import FitCancelledError, WeightedPoints, check_points
from gmm_desktop.mixture.settings import check_id, check_summarise, check_variance_floor
from gmm_desktop.mixture.statistics import Statistics
from gmm_desktop.mixture.step import EMStep
from gmm_desktop.mixture.summary import Summariser, can_summarise
from gmm_desktop.mixture.threads import one_thread

Array = NDArray[np.float64]


class Engine:
    """The sums of one set of points for one mixture after the other.

    Attributes:
        data: the points.
        exact: while true, every point is looked at; else a summary may take their place.
    """

    def __init__(self, data: WeightedPoints, components: int, summarise: str = "never") -> None:
        self.data = data
        self._components = components
        self._kernel: Kernel | None = None
        self._summariser = (
            Summariser(data, components, always=summarise == "always")
            if can_summarise(data, components, summarise)
            else None
        )
        self._can_use_kernel = can_use_kernel(data)
        self._first = True
        self.exact = self._summariser is None

    def begin(self) -> None:
        """A run begins. Its first E-step looks at all points: a start is shown sooner than it would be summarised."""
        self._first = True
        if self._summariser is not None:
            self._summariser.begin()
            self.exact = False

    def statistics(self, mixture: Mixture) -> Statistics:
        """The E-step: by a summary, by two thin matrix products, or by the plain formulas.

        Raises:
            FitCancelledError: the data's ``cancelled()`` said yes.
        """
        if self.exact or self._first or self._summariser is None:
            self._first = False
            return self._from_all_points(mixture)
        found = self._summariser.statistics(mixture)
        if found is None:
            return self._from_all_points(mixture)
        if not self._summariser.wants_proof(mixture):
            return found
        exact = self._from_all_points(mixture)
        self._summariser.prove(mixture, found, exact)
        return exact

    def _from_all_points(self, mixture: Mixture) -> Statistics:
        found = None
        if self._can_use_kernel:
            self._kernel = self._kernel or Kernel(self.data, self._components)
            found = self._kernel.statistics(mixture)
        return e_step(self.data, mixture) if found is None else found


@dataclass(frozen=True, eq=False)
class Ascent:
    """How EM climbs: everything but where it begins.

    Attributes:
        engine: does the E-steps.
        covariance: the covariance type.
        variance_floor: as in ``FitSettings``.
        respond: what happens to a component on the floor.
    """

    engine: Engine
    covariance: CovarianceType
    variance_floor: float
    respond: Response = hold_at_floor

    def look(self, mixture: Mixture) -> Statistics:
        """The E-step.

        Raises:
            ValueError: the mixture lies out of the reach of double precision.
            FitCancelledError: the data's ``cancelled()`` said yes.
        """
        statistics = self.engine.statistics(mixture)
        if not isfinite(statistics.log_likelihood):
            raise ValueError(
                "The log-likelihood is not a finite number: the components lie too far from the points, "
                "so choose another start."
            )
        return statistics

    def climb(self, mixture: Mixture, statistics: Statistics) -> tuple[Mixture, tuple[str, ...]]:
        """The M-step, with a second look at the points where the sums lost digits; and what was unusual.

        Raises:
            CollapseError: a component has collapsed, and nothing holds it.
            FitCancelledError: the data's ``cancelled()`` said yes.
        """
        data = self.engine.data
        try:
            updated, unusual = m_step(statistics, mixture, self.covariance, data, self.variance_floor)
            again = _lost_digits(updated, statistics)
        except CollapseError:
            again = True
        if again:
            sums = e_step(data, mixture, centres=_new_means(statistics))
            updated, unusual = m_step(sums, mixture, self.covariance, data, self.variance_floor)
        if not unusual:
            return updated, ()
        responded, said = self.respond(updated, unusual)
        return responded, unusual.sentences() + said


def _lost_digits(updated: Mixture, statistics: Statistics) -> bool:
    """Whether a component came out narrow against its distance from where its sums were taken about."""
    moved = updated if statistics.centres is None else updated.moved(-statistics.centres)
    # On a line no coefficient needs the distances themselves, and mostly the largest mean against the narrowest tells.
    if updated.dimension == 1 and max(map(abs, moved.means.ravel().tolist())) <= FARTHEST * min(
        updated.cholesky.ravel().tolist()
    ):
        return False
    distances = moved.at_origin.ravel().tolist()
    return not (min(distances) >= -FARTHEST and max(distances) <= FARTHEST)


def _new_means(statistics: Statistics) -> Array:
    """(k, d) near enough to the means that are to come, to take sums about."""
    moved = statistics.sums / np.maximum(statistics.counts, TINY)[:, np.newaxis]
    return moved if statistics.centres is None else statistics.centres + moved


def em_from(ascent: Ascent, start: Mixture) -> Iterator[EMStep]:
    """EM on checked points, without end; raises as ``steps_from``."""
    return steps_from(ascent, EMStep(0, start, 0.0), Ascent.climb)


Iteration = Callable[[Ascent, Mixture, Statistics], tuple[Mixture, tuple[str, ...]]]
"""(ascent, mixture, its E-step) -> the next mixture, and what was unusual on the way."""


def steps_from(ascent: Ascent, start: EMStep, iterate: Iteration) -> Iterator[EMStep]:
    """The steps from a mixture, without end: each yielded between its E-step and what leads to the next.

    Args:
        ascent: how EM climbs.
        start: whose mixture, number and events the first step has; its log-likelihood is computed anew.
        iterate: leads from one mixture to the next.

    Raises:
        CollapseError: a component has collapsed, and nothing holds it.
        FitCancelledError: the data's ``cancelled()`` said yes.
    """
    origin = ascent.engine.data.origin
    mixture, events = start.mixture.moved(-origin), start.events
    shown = start.mixture
    # What leaves the range of numbers is found out by its result.
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        statistics = ascent.look(mixture)
    for iteration in count(start.iteration):
        yield EMStep(iteration, shown, statistics.log_likelihood, events, counts=statistics.counts)
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            mixture, events = iterate(ascent, mixture, statistics)
            statistics = ascent.look(mixture)
        shown = mixture.moved(origin)


def em_steps(
    points: ArrayLike,
    start: Mixture,
    *,
    covariance: str = "full",
    sample_weight: ArrayLike | None = None,
    variance_floor: float = 0.0,
    summarise: str = "auto",
    standardise: bool = False,
    cancelled: Callable[[], bool] | None = None,
) -> Iterator[EMStep]:
    """EM from a start, without end: one step an iteration, the start being step 0.

    While the iterator is alive, the linear algebra of the process keeps to one thread (see ``threads``).

    Args:
        points: (n, d), or (n,) for d = 1; not changed.
        start: the mixture to begin with.
        covariance: a key of ``COVARIANCE_TYPES``.
        sample_weight: (n,) weights of the rows, or None.
        variance_floor: a lower bound on the eigenvalues of covariances, as a fraction, in columns divided by
            their standard deviation; 0 for none.
        summarise: "never": every iteration is computed from all points; "auto": from a summary of them (see
            ``summary``) where there are many points in one or two columns; "always": wherever a summary is possible.
        standardise: as in ``FitSettings``.
        cancelled: asked once a block of rows; when it says yes, the iteration ends.

    Raises:
        ValueError: the arguments do not fit together, or no model can be fitted to the points; while iterating,
            a component collapsed and there is no floor. The text says what to do.
    """
    check_id(covariance, COVARIANCE_TYPES, "covariance type")
    check_summarise(summarise)
    floor = check_variance_floor(variance_floor)
    try:
        data = check_points(points, sample_weight, cancelled)
    except FitCancelledError:
        return iter(())
    check_start(start, data)
    row = covariance_type(covariance, standardise, data.scale)
    check_shape(data, row, floor)
    return _until_cancelled(Ascent(Engine(data, start.n_components, summarise), row, floor), start)


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


def _until_cancelled(ascent: Ascent, start: Mixture) -> Iterator[EMStep]:
    with one_thread():
        try:
            yield from em_from(ascent, start)
        except FitCancelledError:
            return
