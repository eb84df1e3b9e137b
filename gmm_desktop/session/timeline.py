"""Where on the timeline the shown frame lies: an iteration, and which half of it.

A frame draws the mixture of its iteration. In an E frame the points wear the colours that this mixture gives them; in
an M frame, which comes before it, they still wear those of the mixture before. So the frames run
(0, start) (0, E) (1, M) (1, E) (2, M) (2, E) ..., each step changing either the colours or the mixture. At the start
no E-step has happened and the points are grey.
"""

from __future__ import annotations

from typing import Literal, NamedTuple, Protocol

Phase = Literal["start", "E", "M"]


class Frame(NamedTuple):
    """One frame of the timeline.

    Attributes:
        iteration: whose mixture is drawn.
        phase: "start", "E": coloured by that mixture, or "M": coloured by the one before.
        halves: whether the frame was come to by half steps, so that a caption speaks of a half.
    """

    iteration: int
    phase: Phase
    halves: bool = False

    @property
    def colouring(self) -> int | None:
        """The iteration whose responsibilities colour the points; None: no E-step has happened."""
        if self.phase == "start":
            return None
        return self.iteration - 1 if self.phase == "M" else self.iteration

    @property
    def recolours(self) -> bool:
        """Whether it was come to by an E-step alone that takes the points from other colours to these."""
        return self.halves and self.phase == "E" and self.iteration > 0


def whole(iteration: int) -> Frame:
    """The frame in which an iteration is complete."""
    return Frame(iteration, "E" if iteration else "start")


START = whole(0)


def next_half(frame: Frame) -> Frame:
    """The frame one half step later."""
    if frame.phase == "E":
        return Frame(frame.iteration + 1, "M", halves=True)
    return Frame(frame.iteration, "E", halves=True)


def previous_half(frame: Frame) -> Frame:
    """The frame one half step earlier; the start has none."""
    if frame.phase == "M":
        return Frame(frame.iteration - 1, "E", halves=True)
    return Frame(frame.iteration, "M", halves=True) if frame.iteration else whole(0)


def next_whole(frame: Frame) -> Frame:
    """The frame one iteration later; from an M frame the end of its own iteration."""
    return whole(frame.iteration if frame.phase == "M" else frame.iteration + 1)


class Kept(Protocol):
    """A history that may have been thinned out."""

    def is_kept(self, iteration: int) -> bool: ...
    def nearest(self, iteration: int, towards: int = 0) -> int: ...


def kept_near(frame: Frame, history: Kept, towards: int = 0) -> Frame:
    """The frame itself where its mixtures are kept; else that of the nearest kept iteration, as ``towards`` says.

    With 1 it is one that does not come before the frame, with -1 one that does not come after it.
    """
    first = frame.iteration if frame.colouring is None else frame.colouring
    if history.is_kept(first) and history.is_kept(frame.iteration):
        return frame
    return whole(history.nearest(first if towards < 0 else frame.iteration, towards))
