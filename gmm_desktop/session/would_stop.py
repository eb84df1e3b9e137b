"""Where a run would have stopped with another tolerance: read off what is known, nothing is computed anew."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gmm_desktop.session.snapshot import Snapshot


@dataclass(frozen=True, eq=False)
class WouldStop:
    """A stop that a tolerance makes.

    Attributes:
        iteration: where.
        allowed: whether it is only the most iterations that the settings allow, the rule not having fired by then.
        weights: (k,) of the mixture there, or where it was thinned out of the next that is kept.
        left: the log-likelihood that was gained from there to the last iteration known.
    """

    iteration: int
    allowed: bool
    weights: NDArray[np.float64]
    left: float


def would_stop(snapshot: Snapshot, tolerance: float) -> WouldStop | None:
    """The stop that a tolerance makes along the iterations known, or None where none of them is one."""
    fires = np.flatnonzero(np.abs(snapshot.measures) < tolerance)
    most = snapshot.settings.max_iterations
    allowed = not fires.size or int(fires[0]) > most
    iteration = most if allowed else int(fires[0])
    if iteration > snapshot.last_iteration:
        return None
    values = snapshot.log_likelihoods
    return WouldStop(
        iteration,
        allowed,
        _weights_at(snapshot, iteration),
        float(values[snapshot.last_iteration] - values[iteration]),
    )


def _weights_at(snapshot: Snapshot, iteration: int) -> NDArray[np.float64]:
    kept = snapshot.kept
    row = iteration if kept is None else int(np.searchsorted(kept, iteration))
    weights: NDArray[np.float64] = snapshot.trace.weights[row]
    return weights
