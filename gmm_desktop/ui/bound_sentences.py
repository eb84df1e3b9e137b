"""What is said of the evidence lower bound in the shown half step."""

from __future__ import annotations

import math

from gmm_desktop.session import Snapshot
from gmm_desktop.ui.captions import accelerated_by, half_name
from gmm_desktop.ui.numbers import count, number


def bound_sentence(snapshot: Snapshot, gap: float, *, known: bool) -> str:
    """What the shown half step did to the log-likelihood and the bound below it.

    Args:
        snapshot: the shown frame.
        gap: the divergence after the M-step of this iteration.
        known: whether it has been computed.
    """
    t = snapshot.iteration
    if not t:
        return "The bound touches the log-likelihood once every point is shared out; each M-step lifts both."
    if not known:
        return f"Computing the gap of iteration {count(t)} from all points …"
    if not math.isfinite(gap):
        return f"The gap of iteration {count(t)} is beyond what numbers hold."
    if snapshot.phase == "E":
        return f"E-step {count(t)}: the bound rose by {number(gap, 3)} and touches the log-likelihood."
    rise = float(snapshot.log_likelihoods[t] - snapshot.log_likelihoods[t - 1])
    return (
        f"{half_name('M', snapshot.settings)} {count(t)}: log-likelihood {_moved(rise)}, bound {_moved(rise - gap)}; "
        f"gap {number(gap, 3)}."
    )


def _moved(by: float) -> str:
    return f"{'up' if by >= 0 else 'down'} by {number(abs(by), 3)}"


def iteration_title(snapshot: Snapshot) -> str:
    """What an iteration is, as a title of an axis."""
    by = accelerated_by(snapshot.settings)
    return f"iteration (a stride of {by})" if by else "iteration"
