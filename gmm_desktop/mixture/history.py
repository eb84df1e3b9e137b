"""All iterations of one fit, and how it ended."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar, overload

import numpy as np
from numpy.typing import NDArray

from gmm_desktop.mixture.history_parts import HistoryParts, Trace
from gmm_desktop.mixture.parameters import Mixture
from gmm_desktop.mixture.step import EMStep, FitEnding, LocalMaximum
from gmm_desktop.mixture.thinning import FEWEST_ROWS, MOST_BYTES, kept

Array = NDArray[np.float64]
Number = TypeVar("Number", np.float64, np.intp)


class FitHistory:
    """The steps of one run in arrays that double in size; a step is made again when it is asked for.

    Where the parameters would take more than ``most_bytes`` (by default ``thinning.MOST_BYTES``), those of every other
    pair of iterations are dropped, again and again; log-likelihoods never are. See ``thinning.kept``.

    Attributes:
        outcome: "" until the fit has ended, then as in ``FitEnding``.
        messages: plain sentences about the fit.
        run: which of several starts this is.
        ending: all that is known of how it ended, or None until then.
        every: at least every ``every``-th pair of iterations still has its parameters; 1: all have.
    """

    _log_likelihoods: Array
    _iterations: NDArray[np.intp]
    _weights: Array
    _means: Array
    _covariances: Array
    _counts: Array

    def __init__(self, most_bytes: int | None = None) -> None:
        self.outcome = ""
        self.messages: tuple[str, ...] = ()
        self.run = 0
        self.ending: FitEnding | None = None
        self.every = 1
        self._most_bytes = MOST_BYTES if most_bytes is None else most_bytes
        self._length = 0
        self._rows = 0
        self._pinned: set[int] = set()
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
        if t == len(self._log_likelihoods):
            self._log_likelihoods = _longer(self._log_likelihoods, 2 * t)
        if self._rows == len(self._iterations):
            self._make_room()
        row = self._rows
        self._log_likelihoods[t] = step.log_likelihood
        self._iterations[row] = t
        self._weights[row] = step.mixture.weights
        self._means[row] = step.mixture.means
        self._covariances[row] = step.mixture.covariances
        self._counts[row] = np.nan if step.counts is None else step.counts
        self._rows = row + 1
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
    def kept(self) -> NDArray[np.intp]:
        """(m,) the iterations that have their parameters, ascending: all but those thinned out. Read-only."""
        return _read_only(self._iterations[: self._rows]) if self._rows else np.empty(0, dtype=np.intp)

    def is_kept(self, iteration: int) -> bool:
        """Whether an iteration, of which there may be none, has its parameters."""
        return 0 <= iteration < self._length and self._row(iteration) is not None

    def nearest(self, iteration: int, towards: int = 0) -> int:
        """The kept iteration nearest to one; with ``towards`` 1 or -1 the nearest of those not before or after it.

        Raises:
            IndexError: there is no such iteration.
        """
        self._check(iteration)
        after = int(np.searchsorted(self.kept, iteration))
        later = int(self._iterations[after])  # the last one is always kept
        if later == iteration or towards > 0:
            return later
        earlier = int(self._iterations[after - 1])
        return later if towards == 0 and later - iteration < iteration - earlier else earlier

    def pin(self, iteration: int) -> None:
        """Never thin this iteration out, nor the one before it."""
        self._pinned.add(iteration)

    @property
    def steps(self) -> Sequence[EMStep]:
        """All steps that are kept, each made when it is asked for."""
        return _Steps(self)

    def step(self, iteration: int) -> EMStep:
        """One step.

        Raises:
            IndexError: there is no such iteration, or it was thinned out; negative ones are not counted from the end.
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
            IndexError: there is no such iteration, or it was thinned out.
        """
        last = self._check(iteration)
        if iteration == last.iteration:
            return last.mixture
        row = self._kept_row(iteration)
        covariances = self._covariances[row].copy()
        return Mixture.trusted(
            self._weights[row].copy(),
            self._means[row].copy(),
            covariances,
            np.linalg.cholesky(covariances),
        )

    def counts_at(self, iteration: int) -> Array | None:
        """The effective numbers of points (k,) under the mixture of one iteration, where the step told them.

        Raises:
            IndexError: there is no such iteration, or it was thinned out.
        """
        self._check(iteration)
        counts = self._counts[self._kept_row(iteration)].copy()
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
        """(m, k, d) of the m kept iterations, read-only."""
        return self.trace().means

    def trace(self, last: int | None = None) -> Trace:
        """All iterations, or the ``last`` ones, as read-only views; the last four are never thinned out."""
        if self._last is None:
            return Trace(np.empty(0), np.empty((0, 0)), np.empty((0, 0, 0)), np.empty((0, 0, 0, 0)))
        first = 0 if last is None else max(0, self._length - last)
        rows = slice(first if self.every == 1 else int(np.searchsorted(self.kept, first)), self._rows)
        heights = _read_only(self._log_likelihoods[first : self._length])
        weights, means, covariances = (_read_only(part[rows]) for part in self._parameters())
        all_kept = self._rows - rows.start == len(heights)
        return Trace(heights, weights, means, covariances, None if all_kept else _read_only(self._iterations[rows]))

    def parts(self) -> HistoryParts | None:
        """All that it knows now; None where it has no iteration."""
        if self._last is None:
            return None
        rows, (weights, means, covariances) = self._rows, self._parameters()
        return HistoryParts(
            self._log_likelihoods[: self._length],
            self._iterations[:rows],
            weights[:rows],
            means[:rows],
            covariances[:rows],
            self._counts[:rows],
            self._last,
            self.every,
            len(self._iterations),
            frozenset(self._pinned),
            dict(self._events),
        )

    @classmethod
    def of_parts(cls, parts: HistoryParts) -> FitHistory:
        """The history that knew these; they have to fit together."""
        history = cls()
        history.run, history.every = parts.last.run, parts.every
        history._length, history._rows, history._last = len(parts.log_likelihoods), len(parts.iterations), parts.last
        history._log_likelihoods = parts.log_likelihoods
        for name in ("iterations", "weights", "means", "covariances", "counts"):
            setattr(history, f"_{name}", _longer(getattr(parts, name), parts.room))
        history._pinned, history._events = set(parts.pinned), dict(parts.events)
        return history

    def _check(self, iteration: int) -> EMStep:
        if self._last is None or not 0 <= iteration < self._length:
            raise IndexError(f"There is no iteration {iteration}: this history has {self._length} steps.")
        return self._last

    def _row(self, iteration: int) -> int | None:
        """Where the parameters of an iteration are, or None where they were dropped."""
        if self.every == 1:
            return iteration
        row = int(np.searchsorted(self.kept, iteration))
        return row if row < self._rows and self._iterations[row] == iteration else None

    def _kept_row(self, iteration: int) -> int:
        row = self._row(iteration)
        if row is None:
            raise IndexError(f"Iteration {iteration} was thinned out; {self.nearest(iteration)} is the nearest kept.")
        return row

    def _parameters(self) -> tuple[Array, Array, Array]:
        return self._weights, self._means, self._covariances

    def _allocate(self, mixture: Mixture) -> None:
        k, d = mixture.means.shape
        self._log_likelihoods = np.empty(64)
        self._iterations = np.empty(64, dtype=np.intp)
        self._weights = np.empty((64, k))
        self._means = np.empty((64, k, d))
        self._covariances = np.empty((64, k, d, d))
        self._counts = np.empty((64, k))

    def _make_room(self) -> None:
        """Double the arrays of the parameters, or, where that is past the bound, thin them out."""
        bytes_each = sum(part[0].nbytes for part in (*self._parameters(), self._counts))
        most = max(self._most_bytes // bytes_each, FEWEST_ROWS)
        room = min(2 * self._rows, most)
        stays, every = np.ones(self._rows, dtype=bool), self.every
        if self._rows >= most:
            stays, every = kept(self.kept, self.every, most, self._pinned)
            room = most if stays.sum() < most else 2 * self._rows
        # New arrays each time: views of the old ones may be on screen.
        for name in ("_iterations", "_weights", "_means", "_covariances", "_counts"):
            setattr(self, name, _longer(getattr(self, name)[: self._rows][stays], room))
        self._rows, self.every = int(stays.sum()), every


def _longer(array: NDArray[Number], length: int) -> NDArray[Number]:
    """A copy of an array with room for ``length`` rows."""
    longer = np.empty((length, *array.shape[1:]), dtype=array.dtype)
    longer[: len(array)] = array
    return longer


def _read_only(array: NDArray[Number]) -> NDArray[Number]:
    array.setflags(write=False)
    return array


class _Steps(Sequence[EMStep]):
    """The kept steps of a history as a sequence: the first is the start, the last the last."""

    def __init__(self, history: FitHistory) -> None:
        self._history = history
        self._kept = history.kept

    def __len__(self) -> int:
        return len(self._kept)

    @overload
    def __getitem__(self, index: int) -> EMStep: ...
    @overload
    def __getitem__(self, index: slice) -> list[EMStep]: ...
    def __getitem__(self, index: int | slice) -> EMStep | list[EMStep]:
        if isinstance(index, slice):
            return [self._history.step(int(t)) for t in self._kept[index]]
        return self._history.step(int(self._kept[index]))

    def __iter__(self) -> Iterator[EMStep]:
        return (self._history.step(int(t)) for t in self._kept)
