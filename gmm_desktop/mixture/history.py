"""All iterations of one fit, and how it ended."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, overload

import numpy as np
from numpy.typing import NDArray

from gmm_desktop.mixture.parameters import Mixture
from gmm_desktop.mixture.step import EMStep, LocalMaximum

Array = NDArray[np.float64]


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


class Trace(NamedTuple):
    """The parameters of T iterations: (T,), (T, k), (T, k, d), (T, k, d, d)."""

    log_likelihoods: Array
    weights: Array
    means: Array
    covariances: Array


class FitHistory:
    """The steps of one run in arrays that double in size; a step is made again when it is asked for.

    Attributes:
        outcome: "" until the fit has ended, then as in ``FitEnding``.
        messages: plain sentences about the fit.
        run: which of several starts this is.
        ending: all that is known of how it ended, or None until then.
    """

    def __init__(self) -> None:
        self.outcome = ""
        self.messages: tuple[str, ...] = ()
        self.run = 0
        self.ending: FitEnding | None = None
        self._length = 0
        self._last: EMStep | None = None
        self._events: dict[int, tuple[str, ...]] = {}

    def append(self, step: EMStep) -> None:
        """Add the next iteration.

        Raises:
            ValueError: it is not the next one.
        """
        t = self._length
        if step.iteration != t:
            raise ValueError(f"Iteration {step.iteration} cannot follow {t} iterations.")
        if t == 0:
            self._allocate(step.mixture)
        elif t == len(self._log_likelihoods):
            self._double()
        self._log_likelihoods[t] = step.log_likelihood
        self._weights[t] = step.mixture.weights
        self._means[t] = step.mixture.means
        self._covariances[t] = step.mixture.covariances
        self._counts[t] = np.nan if step.counts is None else step.counts
        if step.events:
            self._events[t] = step.events
        self.run = step.run
        self._last = step
        self._length = t + 1

    def end(self, ending: FitEnding) -> None:
        """Write down how the fit ended."""
        self.outcome, self.messages, self.ending = ending.outcome, ending.messages, ending

    @property
    def rule(self) -> str:
        """The stop rule that fired, a key of ``STOP_RULES``; "" where none has."""
        return self.ending.rule if self.ending is not None else ""

    @property
    def still_to_gain(self) -> float | None:
        """The log-likelihood that was probably still to gain at the end; see ``FitEnding``."""
        return self.ending.still_to_gain if self.ending is not None else None

    @property
    def maxima(self) -> tuple[LocalMaximum, ...]:
        """Every distinct local maximum that several starts found, the regular ones first; empty with one start."""
        return self.ending.maxima if self.ending is not None else ()

    def __len__(self) -> int:
        return self._length

    @property
    def steps(self) -> Sequence[EMStep]:
        """All steps, each made when it is asked for."""
        return _Steps(self)

    def step(self, iteration: int) -> EMStep:
        """One step.

        Raises:
            IndexError: there is no such iteration; negative ones are not counted from the end.
        """
        mixture = self.mixture_at(iteration)
        return EMStep(
            iteration,
            mixture,
            float(self._log_likelihoods[iteration]),
            self._events.get(iteration, ()),
            self.run,
            self.counts_at(iteration),
        )

    def mixture_at(self, iteration: int) -> Mixture:
        """The mixture of one iteration.

        Raises:
            IndexError: there is no such iteration.
        """
        last = self._check(iteration)
        if iteration == last.iteration:
            return last.mixture
        covariances = self._covariances[iteration].copy()
        return Mixture.trusted(
            self._weights[iteration].copy(),
            self._means[iteration].copy(),
            covariances,
            np.linalg.cholesky(covariances),
        )

    def counts_at(self, iteration: int) -> Array | None:
        """The effective numbers of points (k,) under the mixture of one iteration, where the step told them.

        Raises:
            IndexError: there is no such iteration.
        """
        self._check(iteration)
        counts = self._counts[iteration].copy()
        return None if np.isnan(counts).any() else counts

    @property
    def mixture(self) -> Mixture:
        """The last mixture.

        Raises:
            IndexError: there is no iteration yet.
        """
        return self.mixture_at(self._length - 1)

    @property
    def log_likelihood(self) -> float:
        """The total log-likelihood of the last mixture.

        Raises:
            IndexError: there is no iteration yet.
        """
        return self._check(self._length - 1).log_likelihood

    @property
    def log_likelihoods(self) -> Array:
        """(T + 1,), read-only."""
        return self.trace().log_likelihoods

    @property
    def means(self) -> Array:
        """(T + 1, k, d), read-only."""
        return self.trace().means

    def trace(self, last: int | None = None) -> Trace:
        """The parameters of all iterations, or of the ``last`` ones, as read-only views."""
        if self._last is None:
            return Trace(np.empty(0), np.empty((0, 0)), np.empty((0, 0, 0)), np.empty((0, 0, 0, 0)))
        part = slice(0 if last is None else max(0, self._length - last), self._length)
        arrays = (self._log_likelihoods, self._weights, self._means, self._covariances)
        return Trace(*(_read_only(array[part]) for array in arrays))

    def _check(self, iteration: int) -> EMStep:
        if self._last is None or not 0 <= iteration < self._length:
            raise IndexError(f"There is no iteration {iteration}: this history has {self._length} steps.")
        return self._last

    def _allocate(self, mixture: Mixture) -> None:
        k, d = mixture.means.shape
        self._log_likelihoods = np.empty(64)
        self._weights = np.empty((64, k))
        self._means = np.empty((64, k, d))
        self._covariances = np.empty((64, k, d, d))
        self._counts = np.empty((64, k))

    def _double(self) -> None:
        for name in ("_log_likelihoods", "_weights", "_means", "_covariances", "_counts"):
            old = getattr(self, name)
            new = np.empty((2 * len(old), *old.shape[1:]))
            new[: len(old)] = old
            setattr(self, name, new)


def _read_only(array: Array) -> Array:
    array.setflags(write=False)
    return array


class _Steps(Sequence[EMStep]):
    """A history seen as a sequence of steps."""

    def __init__(self, history: FitHistory) -> None:
        self._history = history

    def __len__(self) -> int:
        return len(self._history)

    @overload
    def __getitem__(self, index: int) -> EMStep: ...
    @overload
    def __getitem__(self, index: slice) -> list[EMStep]: ...
    def __getitem__(self, index: int | slice) -> EMStep | list[EMStep]:
        if isinstance(index, slice):
            return [self._history.step(i) for i in range(len(self))[index]]
        return self._history.step(range(len(self))[index])

    def __iter__(self) -> Iterator[EMStep]:
        return (self._history.step(i) for i in range(len(self)))
