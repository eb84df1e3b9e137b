"""How fast iterations are shown."""

from __future__ import annotations

import math
import time
from collections import deque

AUTO = 0.0
"""The pace that quickens by itself."""

MAXIMUM = math.inf
"""As fast as the machine computes."""

RATES = (AUTO, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0, MAXIMUM)
"""What the speed control offers, in iterations a second."""

_QUICKENING = 0.85


def interval(rate: float, iteration: int) -> float:
    """Seconds from showing ``iteration`` to showing the next.

    The automatic pace is a geometric series: one second at first, and less than 1 / (1 - 0.85) = 6.7 s for any
    number of iterations, so that the first moves are seen and every run soon ends.
    """
    if rate == MAXIMUM:
        return 0.0
    if rate == AUTO:
        return float(_QUICKENING ** min(iteration, 200))
    return 1.0 / rate


def describe(rate: float) -> str:
    """The pace in words."""
    if rate == AUTO:
        return "auto"
    return "max" if rate == MAXIMUM else f"{rate:g}/s"


class RateMeter:
    """How many iterations a second there were lately: over the last ones, at most two seconds back."""

    def __init__(self) -> None:
        self._times: deque[float] = deque(maxlen=400)

    def tick(self) -> None:
        """One iteration more."""
        self._times.append(time.monotonic())

    def clear(self) -> None:
        """Begin anew, after a pause."""
        self._times.clear()

    def rate(self) -> float:
        """Iterations a second; 0.0 while there are too few to tell."""
        if len(self._times) < 2:
            return 0.0
        recent = [t for t in self._times if t > self._times[-1] - 2.0]
        passed = recent[-1] - recent[0]
        return (len(recent) - 1) / passed if passed > 0 else 0.0
