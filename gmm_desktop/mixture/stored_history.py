"""A history as plain arrays, for files; put together again, it is the same to the last bit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gmm_desktop.mixture.history import FitHistory
from gmm_desktop.mixture.history_parts import HistoryParts
from gmm_desktop.mixture.parameters import Mixture
from gmm_desktop.mixture.step import EMStep
from gmm_desktop.mixture.thinning import FEWEST_ROWS

Array = NDArray[np.float64]

_LAST_KEPT = 4  # what stop rules look at
_LOOSE = 1e-6


@dataclass(frozen=True, eq=False)
class StoredHistory:
    """Everything that a ``FitHistory`` of T iterations knows, m of which have their parameters.

    Attributes:
        log_likelihoods: (T,).
        iterations: (m,) those with parameters, ascending.
        weights: (m, k).
        means: (m, k, d).
        covariances: (m, k, d, d).
        counts: (m, k), NaN where a step did not tell them.
        cholesky: (k, d, d) of the last mixture, as EM goes on with it.
        run: which of several starts.
        every: see ``FitHistory``.
        room: how many iterations the arrays have room for, on which it depends when the next are thinned out.
        pinned: the iterations that are never thinned out, ascending.
        event_iterations: (e,) the iterations at which something was unusual, ascending.
        event_kinds: (e,) what it was: an index of ``events``.
        events: the sentences of each kind.
    """

    log_likelihoods: Array
    iterations: NDArray[np.intp]
    weights: Array
    means: Array
    covariances: Array
    counts: Array
    cholesky: Array
    run: int
    every: int
    room: int
    pinned: tuple[int, ...]
    event_iterations: NDArray[np.intp]
    event_kinds: NDArray[np.intp]
    events: tuple[tuple[str, ...], ...]


def stored_history(parts: HistoryParts) -> StoredHistory:
    """What a history knew at one moment; all its events are looked through."""
    kinds: dict[tuple[str, ...], int] = {}
    numbers = [kinds.setdefault(said, len(kinds)) for said in parts.events.values()]
    return StoredHistory(
        parts.log_likelihoods,
        parts.iterations,
        parts.weights,
        parts.means,
        parts.covariances,
        parts.counts,
        parts.last.mixture.cholesky,
        parts.last.run,
        parts.every,
        parts.room,
        tuple(sorted(parts.pinned)),
        np.fromiter(parts.events, dtype=np.intp),
        np.array(numbers, dtype=np.intp),
        tuple(kinds),
    )


def history_of(stored: StoredHistory) -> FitHistory:
    """The history that was stored.

    Raises:
        ValueError: the parts make no history.
    """
    _check(stored)
    rows, last = len(stored.iterations), len(stored.log_likelihoods) - 1
    mixture = Mixture.trusted(
        stored.weights[-1].copy(), stored.means[-1].copy(), stored.covariances[-1].copy(), stored.cholesky.copy()
    )
    counts = None if np.isnan(stored.counts[-1]).any() else stored.counts[-1].copy()
    said = (stored.events[kind] for kind in stored.event_kinds.tolist())
    events = dict(zip(stored.event_iterations.tolist(), said, strict=True))
    height = float(stored.log_likelihoods[last])
    return FitHistory.of_parts(
        HistoryParts(
            stored.log_likelihoods,
            stored.iterations,
            stored.weights,
            stored.means,
            stored.covariances,
            stored.counts,
            EMStep(last, mixture, height, events.get(last, ()), stored.run, counts),
            stored.every,
            min(max(stored.room, rows), max(2 * rows, FEWEST_ROWS)),
            frozenset(stored.pinned),
            events,
        )
    )


def _check(stored: StoredHistory) -> None:
    length, rows = len(stored.log_likelihoods), len(stored.iterations)
    k, d = stored.means.shape[1:] if stored.means.ndim == 3 else (0, 0)
    shapes = {
        "log_likelihoods": (length,),
        "iterations": (rows,),
        "weights": (rows, k),
        "means": (rows, k, d),
        "covariances": (rows, k, d, d),
        "counts": (rows, k),
        "cholesky": (k, d, d),
        "event_iterations": stored.event_kinds.shape,
        "event_kinds": (len(stored.event_kinds),),
    }
    if not (rows and k and d) or any(getattr(stored, name).shape != shape for name, shape in shapes.items()):
        raise ValueError("the shapes of a history do not fit together")
    numbers = stored.iterations
    ends = numbers[0] == 0 and numbers[-1] == length - 1 and (np.diff(numbers) > 0).all()
    late = np.arange(max(0, length - _LAST_KEPT), length)
    if not ends or not np.array_equal(numbers[-len(late) :], late) or (stored.every == 1 and rows < length):
        raise ValueError("the iterations of a history do not follow each other")
    if stored.every < 1 or any(t < 0 for t in stored.pinned) or stored.run < 0:
        raise ValueError("a history has impossible numbers")
    finite = (stored.log_likelihoods, stored.weights, stored.means, stored.covariances, stored.cholesky)
    if not all(np.isfinite(part).all() for part in finite) or (stored.weights < 0).any():
        raise ValueError("a history holds what is no finite number")
    if (np.abs(stored.weights.sum(axis=1) - 1) > _LOOSE).any():
        raise ValueError("weights of a history do not sum to 1")
    np.linalg.cholesky(stored.covariances)  # raises LinAlgError, which is a ValueError
    _check_last(stored)
    kinds, at = stored.event_kinds, stored.event_iterations
    if len(at) and not (at.min() >= 0 and at.max() < length and kinds.min() >= 0 and kinds.max() < len(stored.events)):
        raise ValueError("the events of a history belong to no iteration")


def _check_last(stored: StoredHistory) -> None:
    """The factors that EM would go on with are those of the last covariances."""
    factors, covariances = stored.cholesky, stored.covariances[-1]
    deviations = np.sqrt(np.diagonal(covariances, axis1=1, axis2=2))
    away = np.abs(np.tril(factors) @ np.tril(factors).transpose(0, 2, 1) - covariances)
    allowed = _LOOSE * deviations[:, :, np.newaxis] * deviations[:, np.newaxis, :]
    if (away > allowed).any() or np.triu(factors, 1).any() or (np.diagonal(factors, axis1=1, axis2=2) <= 0).any():
        raise ValueError("the last mixture of a history has other factors than covariances")
