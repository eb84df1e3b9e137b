"""Which iterations of a very long history keep their parameters."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

MOST_BYTES = 32 * 2**20
"""What the parameters of one history may take: 170 000 iterations of four components in two columns. Where more are
copied at once to make room, the window is seen to stand still."""

FEWEST_ROWS = 64
"""So many iterations are kept in any case."""

_MOST_EARLY = 200
_LATE = 4  # what stop rules look at


def kept(iterations: NDArray[np.intp], every: int, room: int, pinned: Collection[int]) -> tuple[NDArray[np.bool_], int]:
    """Which of some iterations stay, so that about half of the ``room`` is taken, and the new ``every``.

    Whole pairs (t, t + 1), t even, go or stay: the half steps between the two of a pair draw both of their mixtures.
    The early iterations, in which most happens, the last ones and the pinned ones stay in any case.

    Args:
        iterations: (m,) those that are kept up to now, ascending.
        every: so far every ``every``-th pair is kept.
        room: how many there is room for.
        pinned: iterations that stay, each with the one before it.
    """
    pair = iterations // 2
    always = iterations < 2 * (min(_MOST_EARLY, room // 4) // 2)
    always |= pair >= (iterations[-1] - _LATE + 1) // 2
    always |= np.isin(pair, [(t - before) // 2 for t in pinned for before in (0, 1)])
    stays = always | (pair % every == 0)
    while stays.sum() > room // 2 and every <= iterations[-1]:
        every *= 2
        stays = always | (pair % every == 0)
    return stays, every
