"""How the shown frame walks along the known iterations while they play."""

from __future__ import annotations

import time

from gmm_desktop.session.pace import MAXIMUM, interval
from gmm_desktop.session.timeline import Frame, next_half, previous_half, whole

_APART = 0.4  # seconds an iteration, from which on playing shows its halves apart
_HOLD = 0.8  # seconds at least that a loop rests at its end, so that it is seen
_MOST_A_TICK = 20_000


class Walk:
    """Which way, at which pace, in halves where it is slow, and whether it begins again at its end.

    Attributes:
        backwards: whether it goes from later iterations to earlier ones.
        loops: whether it goes on from the other end.
    """

    def __init__(self) -> None:
        self.backwards = False
        self.loops = False
        self._at = 0
        self._since = 0.0
        self._settles: float | None = None  # when the first half of a step gives way to the second

    @property
    def is_settling(self) -> bool:
        """Whether the second half of a step is still to be shown."""
        return self._settles is not None

    def begin(self, frame: Frame, rate: float, *, backwards: bool) -> None:
        """From ``frame`` on, which is shown from now on."""
        self.backwards = backwards
        self._since = time.monotonic()
        self._settles = None
        self._at = frame.iteration
        if backwards and frame.phase == "M":
            self._at -= 1
            self._settles = self._since + interval(rate, self._at) / 2

    def rest(self) -> None:
        """Stay where it is."""
        self._settles = None

    def come_to(self, iteration: int, rate: float) -> Frame:
        """The frame with which playing comes to an iteration: where it is slow the first half of the step alone."""
        self._at = iteration
        duration = interval(rate, iteration if self.backwards else iteration - 1)
        if duration < _APART:
            self._settles = None
            return whole(iteration)
        self._settles = time.monotonic() + duration / 2
        return Frame(iteration + self.backwards, "M", halves=True)

    def settled(self, frame: Frame) -> Frame | None:
        """The second half of the step whose first half is ``frame``, once it is due."""
        if self._settles is None or time.monotonic() < self._settles:
            return None
        self._settles = None
        if frame.phase != "M":
            return None
        if not self.backwards:
            return next_half(frame)
        return previous_half(frame) if frame.iteration > 1 else whole(0)

    def advance(self, last: int, rate: float) -> Frame | None:
        """The frame due now, as many iterations further as the time that has passed allows; None: none yet."""
        before, now = self._at, time.monotonic()
        if self.is_at_end(last):
            return self._turn_over(last, rate, now)
        if rate == MAXIMUM:
            self._at, self._since = (0 if self.backwards else last), now
        for _ in range(_MOST_A_TICK):
            duration = interval(rate, self._at - self.backwards)
            if self.is_at_end(last) or now - self._since < duration:
                break
            self._since += duration
            self._at += -1 if self.backwards else 1
        return None if self._at == before else self.come_to(self._at, rate)

    def is_at_end(self, last: int) -> bool:
        """Whether no further iteration lies ahead."""
        return self._at <= 0 if self.backwards else self._at >= last

    def _turn_over(self, last: int, rate: float, now: float) -> Frame | None:
        shown_for = interval(rate, 0 if self.backwards else last - 1)
        if not self.loops or now - self._since < max(_HOLD, shown_for):
            return None
        self._at, self._since = (last if self.backwards else 0), now
        return whole(self._at)
