"""What a history of iterations holds, as arrays: all of it, or the part that is drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gmm_desktop.mixture.step import EMStep

Array = NDArray[np.float64]


class Trace(NamedTuple):
    """The log-likelihoods (T,) of T iterations, and the parameters (m, k), (m, k, d), (m, k, d, d) of those m of them
    that have not been thinned out, ``iterations`` (m,); usually m = T. None where that is so."""

    log_likelihoods: Array
    weights: Array
    means: Array
    covariances: Array
    iterations: NDArray[np.intp] | None = None

    def between(self, first: int, last: int) -> tuple[Trace, NDArray[np.intp]]:
        """Of a whole history the kept ones of iterations ``first`` to ``last``, both included, and their numbers."""
        numbers = np.arange(len(self.log_likelihoods)) if self.iterations is None else self.iterations
        rows = slice(*np.searchsorted(numbers, (first, last + 1)).tolist())
        found = numbers[rows]
        parameters = (self.weights[rows], self.means[rows], self.covariances[rows])
        return Trace(self.log_likelihoods[found], *parameters), found


@dataclass(frozen=True, eq=False)
class HistoryParts:
    """All that a history of T iterations, m of which have their parameters, knows at one moment.

    The arrays are views: taking them copies next to nothing, and what they show stays as it is while more is added.

    Attributes:
        log_likelihoods: (T,).
        iterations: (m,) those with parameters, ascending.
        weights: (m, k).
        means: (m, k, d).
        covariances: (m, k, d, d).
        counts: (m, k), NaN where a step did not tell them.
        last: the last step.
        every: see ``FitHistory``.
        room: for how many iterations the arrays have room, m or more; when the next are thinned out depends on it.
        pinned: the iterations that are never thinned out.
        events: what was unusual, by the iteration.
    """

    log_likelihoods: Array
    iterations: NDArray[np.intp]
    weights: Array
    means: Array
    covariances: Array
    counts: Array
    last: EMStep
    every: int
    room: int
    pinned: frozenset[int]
    events: Mapping[int, tuple[str, ...]]
