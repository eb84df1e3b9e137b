"""Questions that a hall answers with a show of hands before the next half step does.

Each is asked about the shown frame and answered by what EM does next: by the next mixture before an M-step, by the
shown one before an E-step.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gmm_desktop.session.snapshot import Snapshot
from gmm_desktop.session.timeline import Frame

HARDLY = 0.01
"""A mean that moves by less than this share of a column's standard deviation hardly moves."""

UNDECIDED = 0.55
"""A point whose largest of two responsibilities is under this is nobody's."""

_CLEAR = 0.9
_MOST_LOOKED_AT = 20_000

Way = Literal["left", "right", "down", "up", "hardly"]
_WAYS: tuple[tuple[Way, Way], ...] = (("left", "right"), ("down", "up"))

Ranges = Sequence[tuple[float, float]]


class Choice(NamedTuple):
    """What hands are shown for: a way of a mean, a component, or neither: nobody can say."""

    way: Way | None = None
    component: int | None = None


@dataclass(frozen=True)
class Question:
    """A question with three choices.

    Attributes:
        before: the half step that answers it: "M": which way a mean goes, "E": whose a point is.
        run, iteration: the shown frame when it is asked.
        choices: three, in an order that tells nothing.
        right: which of them it will be.
        component: whose mean, before an M-step.
        point: the row of the data, before an E-step.
        amounts: before an M-step the move along the axis asked about, in the data's unit; before an E-step the
            responsibility of each choice for the point, 0 for nobody.
    """

    before: Literal["M", "E"]
    run: int
    iteration: int
    choices: tuple[Choice, Choice, Choice]
    right: int
    component: int | None
    point: int | None
    amounts: tuple[float, ...]

    def is_answered_by(self, run: int, frame: Frame) -> bool:
        """Whether this frame shows the answer: the half step after the question, or the end of that iteration."""
        if run != self.run:
            return False
        if self.before == "M":
            return frame.iteration == self.iteration + 1
        return frame.iteration == self.iteration and frame.phase == "E"


def question(snapshot: Snapshot, within: Ranges | None = None) -> Question | None:
    """The question that fits the next half step; None where there is none.

    Before an M-step the next iteration has to be known. ``within`` are the ranges of the shown columns in which a
    point can be seen.
    """
    if snapshot.mixture is None:
        return None
    if snapshot.phase == "E":
        return _which_way(snapshot) if snapshot.last_iteration > snapshot.iteration else None
    return _whose(snapshot, within) if snapshot.mixture.n_components > 1 else None


def _which_way(snapshot: Snapshot) -> Question | None:
    """About the selected component, or the one whose mean will move furthest among the shown columns."""
    t, columns = snapshot.iteration, list(snapshot.columns)
    before, after = snapshot.means_at(t), snapshot.means_at(t + 1)
    if before is None or after is None:  # thinned out
        return None
    moves = (after - before)[:, columns]
    relative = moves / snapshot.dataset.scale[columns]
    furthest = int(np.argmax(np.linalg.norm(relative, axis=1)))
    component = furthest if snapshot.selected is None else snapshot.selected
    axis = int(np.argmax(np.abs(relative[component])))
    low, high = _WAYS[axis]
    along = float(relative[component, axis])
    return Question(
        before="M",
        run=snapshot.run,
        iteration=t,
        choices=(Choice(low), Choice(high), Choice("hardly")),
        right=2 if abs(along) < HARDLY else int(along > 0),
        component=component,
        point=None,
        amounts=(float(moves[component, axis]),),
    )


def _whose(snapshot: Snapshot, within: Ranges | None) -> Question | None:
    """About a point that is in doubt, best one that changes its owner."""
    mixture = snapshot.mixture
    assert mixture is not None
    rows = _rows_to_look_at(snapshot, within)
    if not rows.size:
        return None
    points = snapshot.dataset.points[rows]
    responsibilities = mixture.responsibilities(points)
    before = None if snapshot.colouring is None else snapshot.colouring.responsibilities(points).argmax(axis=1)
    at = _in_doubt(responsibilities, before)
    shares = responsibilities[at]
    ranked = [int(c) for c in np.argsort(-shares, kind="stable")[:3]]
    decided = len(ranked) == 3 or shares[ranked[0]] >= UNDECIDED
    named = sorted(ranked)
    choices = [Choice(component=c) for c in named]
    if len(choices) == 2:
        choices.append(Choice())
    return Question(
        before="E",
        run=snapshot.run,
        iteration=snapshot.iteration,
        choices=(choices[0], choices[1], choices[2]),
        right=named.index(ranked[0]) if decided else 2,
        component=None,
        point=int(rows[at]),
        amounts=tuple(0.0 if c.component is None else float(shares[c.component]) for c in choices),
    )


def _rows_to_look_at(snapshot: Snapshot, within: Ranges | None) -> NDArray[np.intp]:
    """Some thousand rows that can be seen, evenly over the data: to look at millions would take too long."""
    n = snapshot.dataset.size
    rows = np.arange(n) if n <= _MOST_LOOKED_AT else np.linspace(0, n - 1, _MOST_LOOKED_AT).astype(np.intp)
    seen = np.ones(rows.size, dtype=bool)
    for column, (low, high) in zip(snapshot.columns, within or (), strict=False):
        values = snapshot.dataset.points[rows, column]
        seen &= (values > low) & (values < high)
    return rows[seen]


def _in_doubt(responsibilities: NDArray[np.float64], before: NDArray[np.intp] | None) -> int:
    """The row whose largest responsibility is in the middle of what is neither a toss-up nor clear; of those that
    change their owner, if there are any."""
    largest = responsibilities.max(axis=1)
    middle = (UNDECIDED + _CLEAR) / 2
    far = np.abs(largest - middle)
    doubtful = (largest >= UNDECIDED) & (largest <= _CLEAR)
    if before is not None:
        changed = doubtful & (responsibilities.argmax(axis=1) != before)
        doubtful = changed if changed.any() else doubtful
    if doubtful.any():
        far = np.where(doubtful, far, np.inf)
    return int(np.argmin(far))


@dataclass(frozen=True)
class Answer:
    """A question that has been answered, and the hands that were shown for each choice."""

    question: Question
    hands: tuple[int, int, int]

    @property
    def correct(self) -> int:
        """Hands for what was right."""
        return self.hands[self.question.right]

    @property
    def was_right(self) -> bool:
        """Whether what was right had more hands than anything else."""
        others = [hands for i, hands in enumerate(self.hands) if i != self.question.right]
        return self.correct > max(others)


@dataclass(frozen=True)
class Tally:
    """All questions of a session at which hands were shown."""

    answers: tuple[Answer, ...] = ()

    def with_answer(self, asked: Question, hands: tuple[int, int, int]) -> Tally:
        """With one more; a question without any hands does not count."""
        return replace(self, answers=(*self.answers, Answer(asked, hands))) if any(hands) else self

    @property
    def right(self) -> int:
        """How often the hall was right."""
        return sum(answer.was_right for answer in self.answers)

    @property
    def correct(self) -> int:
        """Hands that were right."""
        return sum(answer.correct for answer in self.answers)

    @property
    def hands(self) -> int:
        """Hands in all."""
        return sum(sum(answer.hands) for answer in self.answers)


@dataclass(frozen=True)
class Hall:
    """What a hall is asked and has answered.

    Attributes:
        is_open: whether something is being asked, or has been and its answer is shown.
        question: what; None where nothing is, or where it waits for the next iteration.
        hands: those that were shown for each choice up to now.
        answered: whether the answer is shown.
        tally: all that was answered before.
    """

    is_open: bool = False
    question: Question | None = None
    hands: tuple[int, int, int] = (0, 0, 0)
    answered: bool = False
    tally: Tally = Tally()
