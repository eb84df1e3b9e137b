"""Which frames of a run a film shows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gmm_desktop.session.timeline import Frame, whole

MOST_STEPS = 200
"""Steps of a film for which nobody chose how many."""
_USUAL_SECONDS = 12


def film_steps(last: int, every: int = 0, most: int = MOST_STEPS) -> list[int]:
    """The iterations that a film of a run shows, the start and the ``last`` one always among them.

    Args:
        last: the last iteration of the run.
        every: takes each ``every``-th one; 0 takes all where they are not more than ``most``, else the first half of
            the film one by one, where much happens, and then ever fewer, down to the last.
        most: how many 0 may take, 2 at least.
    """
    if every:
        return [*range(0, last, every), last]
    if last < most:
        return list(range(last + 1))
    dense = most // 2
    sparse = np.rint(np.geomspace(dense, last, most - dense)).astype(int)
    return [*range(dense), *np.unique(sparse).tolist()]


def film_frames(steps: Sequence[int], halves: bool = False) -> list[Frame]:
    """The frames of a film, in order: one a step, or with ``halves`` the M-step and the E-step that follows it."""
    if not halves:
        return [whole(t) for t in steps]
    moves = [Frame(t, phase, halves=True) for t in steps if t for phase in ("M", "E")]
    return [whole(0), Frame(0, "E", halves=True), *moves]


def usual_rate(frames: int) -> float:
    """Frames a second at which a film of so many runs for about twelve seconds and none is too short to read."""
    return float(min(max(round(frames / _USUAL_SECONDS), 2), 20))
