"""All of a person's work at one moment, to be kept in a file; and going on from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from gmm_desktop.data import Dataset
from gmm_desktop.data.painting import Canvas
from gmm_desktop.mixture.history_parts import HistoryParts
from gmm_desktop.session.editing import Draft
from gmm_desktop.session.guessing import Guess
from gmm_desktop.session.pace import AUTO
from gmm_desktop.session.painting import Painted
from gmm_desktop.session.questions import Hall
from gmm_desktop.session.state import Run, State
from gmm_desktop.session.stop_watch import watch
from gmm_desktop.session.undo import Acts

if TYPE_CHECKING:
    from gmm_desktop.session.session import Session

_MANY = 1_000_000
MOST_ACTS = 200
"""So many acts can be undone after opening; the runs that they made are all kept."""


@dataclass(frozen=True, eq=False)
class Work:
    """What a session holds.

    Attributes:
        state: data, runs and the shown frame.
        undo: the acts that can be taken back, with the state before each.
        redo: those that were taken back, with the state after each.
        compared: the run that is compared with, or None.
        before: the run that was shown before this one, or None.
        selected: the component that is highlighted, or None.
        rate: the pace; see ``pace``.
        loops: whether playing begins again where it ends.
        edits: whether the mouse places components.
        draft: what a person is still at, or None.
        paints: whether the mouse paints points.
        canvas: the empty surface that is painted on, or None.
        painted: what is known of the data that were painted.
        guess: where a person thinks that a mean goes, or None.
        hall: what a hall was asked and has answered.
    """

    state: State
    undo: Acts = ()
    redo: Acts = ()
    compared: int | None = None
    before: int | None = None
    selected: int | None = None
    rate: float = AUTO
    loops: bool = False
    edits: bool = False
    draft: Draft | None = None
    paints: bool = False
    canvas: Canvas | None = None
    painted: tuple[Painted, ...] = ()
    guess: Guess | None = None
    hall: Hall = field(default_factory=Hall)

    def datasets(self) -> list[Dataset]:
        """All data sets of its runs, each once, and those that their columns were chosen from."""
        return datasets_of(self.state)


@dataclass(frozen=True, eq=False)
class WorkNow:
    """The work, and each history as it is now, by the run's id: the session may go on meanwhile."""

    work: Work
    histories: Mapping[int, HistoryParts | None]


def work_now(session: Session) -> WorkNow:
    """All that a session holds at this moment, in the window's thread; the rest can be done in another."""
    work = session.work()
    work = replace(work, undo=work.undo[-MOST_ACTS:], redo=work.redo[-MOST_ACTS:])
    return WorkNow(work, {run.id: run.history.parts() if run.ready else None for run in work.state.runs})


def take_work(session: Session, work: Work) -> None:
    """Go on from ``work``; what the session held before is left."""
    if max(run.dataset.size for run in session.state.runs) > _MANY:
        watch.cache_clear()  # which would hold the points that are left
    session.take(work)


def mark_of(session: Session) -> tuple[object, ...]:
    """What differs as soon as there is something to save: anything but how the shown picture is looked at."""
    state = session.state
    return (state.run.id, state.frame, state.columns, *session.in_hand, *map(_mark_of_run, state.runs))


def _mark_of_run(run: Run) -> tuple[object, ...]:
    return (run.id, id(run.dataset), run.settings, run.last, run.name, run.deleted)


def datasets_of(state: State) -> list[Dataset]:
    """All data sets of its runs, each once, and those that their columns were chosen from."""
    found: dict[int, Dataset] = {}
    for run in state.runs:
        found.setdefault(id(run.dataset), run.dataset)
        if run.dataset.whole is not None:
            found.setdefault(id(run.dataset.whole), run.dataset.whole)
    return list(found.values())
