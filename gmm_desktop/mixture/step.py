"""One step of an iterative algorithm, as everything that shows or stores it sees it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gmm_desktop.mixture.parameters import Mixture


@dataclass(frozen=True)
class Objective:
    """A value with its name and the direction in which the algorithm moves it."""

    name: str
    value: float
    rises: bool


@dataclass(frozen=True, eq=False)
class EMStep:
    """One iteration.

    Attributes:
        iteration: M-steps since the start, or strides where EM is accelerated; 0 is the start.
        mixture: the mixture after that many of them.
        log_likelihood: the total log-likelihood of that mixture.
        events: plain sentences about what happened in the M-step that led here.
        run: which of several starts.
        counts: (k,) the effective numbers of points under that mixture.
        racing: whether several starts are still racing.
    """

    iteration: int
    mixture: Mixture
    log_likelihood: float
    events: tuple[str, ...] = ()
    run: int = 0
    counts: NDArray[np.float64] | None = None
    racing: bool = False

    @property
    def model(self) -> Mixture:
        """What the algorithm improves."""
        return self.mixture

    @property
    def objective(self) -> Objective:
        """What it improves the model by."""
        return Objective("log-likelihood", self.log_likelihood, rises=True)


@dataclass(frozen=True, eq=False)
class LocalMaximum:
    """A place where EM came to rest.

    Attributes:
        log_likelihood: the highest that a run reached there.
        reached: how many of the starts ended there.
        run: the start that came highest.
        smallest_count: the effective number of points of its smallest component.
        thinnest_variance: the smallest eigenvalue of any component's covariance relative to the data's.
        regular: whether every component holds enough points and is thick enough to be meant by the data.
        mixture: where it lies.
    """

    log_likelihood: float
    reached: int
    run: int
    smallest_count: float
    thinnest_variance: float
    regular: bool
    mixture: Mixture


@dataclass(frozen=True)
class FitEnding:
    """How a fit ended.

    Attributes:
        outcome: "converged": the stop rule fired; "stopped": the maximum of iterations, or a person; or "failed".
        messages: plain sentences that a person should read.
        run: which of several starts the result comes from.
        rule: the stop rule that fired, a key of ``STOP_RULES``; "" where none did.
        still_to_gain: the log-likelihood that was probably still to gain, by Aitken's extrapolation; None where the
            last gains do not shrink, so that it says nothing.
        maxima: every distinct local maximum that several starts found, the regular ones first; empty with one start.
    """

    outcome: str
    messages: tuple[str, ...] = ()
    run: int = 0
    rule: str = ""
    still_to_gain: float | None = None
    maxima: tuple[LocalMaximum, ...] = ()
