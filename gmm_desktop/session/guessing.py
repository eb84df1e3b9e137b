"""A person's guess where the next M-step takes a mean, and how far off it was."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gmm_desktop.mixture import Mixture
from gmm_desktop.session.timeline import Frame


@dataclass(frozen=True)
class Guess:
    """Where a person thinks that a mean goes.

    Attributes:
        run: the id of the run.
        iteration: the one whose M-step is guessed at.
        columns: the one or two columns shown.
        component: whose mean.
        place: in data coordinates, one number a column.
        revealed: whether the person wants to know.
    """

    run: int
    iteration: int
    columns: tuple[int, ...]
    component: int
    place: tuple[float, ...]
    revealed: bool = False

    def holds(self, run: int, columns: tuple[int, ...], frame: Frame) -> bool:
        """Whether it is about the shown frame: the E-step before the M-step or, once revealed, what that did."""
        if (run, columns) != (self.run, self.columns):
            return False
        if (frame.iteration, frame.phase) == (self.iteration, "E"):
            return True
        return self.revealed and (frame.iteration, frame.phase) == (self.iteration + 1, "M")


@dataclass(frozen=True)
class Verdict:
    """How good a guess was, in data units of the shown columns.

    Attributes:
        place: where the mean went.
        off: the distance from the guess to there.
        moved: the distance that the mean moved.
    """

    place: tuple[float, ...]
    off: float
    moved: float


def judge(guess: Guess, before: Mixture, after: Mixture) -> Verdict:
    """Compare a guess with the M-step from ``before`` to ``after``."""
    columns = list(guess.columns)
    came = before.means[guess.component, columns]
    went = after.means[guess.component, columns]
    off = float(np.linalg.norm(went - np.asarray(guess.place)))
    return Verdict(tuple(map(float, went)), off, float(np.linalg.norm(went - came)))
