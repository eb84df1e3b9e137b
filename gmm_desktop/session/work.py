"""All of a person's work at one moment, to be kept in a file; and going on from it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from gmm_desktop.data import Dataset
from gmm_desktop.data.painting import Canvas
from gmm_desktop.mixture.stored_history import HistoryNow, history_now
from gmm_desktop.session.editing import Draft
from gmm_desktop.session.pace import AUTO, RATES
from gmm_desktop.session.session import Session
from gmm_desktop.session.state import Run, State
from gmm_desktop.session.stop_watch import watch

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
    """

    state: State
    undo: tuple[tuple[str, State], ...] = ()
    redo: tuple[tuple[str, State], ...] = ()
    compared: int | None = None
    before: int | None = None
    selected: int | None = None
    rate: float = AUTO
    loops: bool = False
    edits: bool = False
    draft: Draft | None = None
    paints: bool = False
    canvas: Canvas | None = None

    def datasets(self) -> list[Dataset]:
        """All data sets of its runs, each once."""
        found: dict[int, Dataset] = {}
        for run in self.state.runs:
            found.setdefault(id(run.dataset), run.dataset)
            if run.dataset.whole is not None:
                found.setdefault(id(run.dataset.whole), run.dataset.whole)
        return list(found.values())


@dataclass(frozen=True, eq=False)
class WorkNow:
    """The work, and each history as it is now, by the run's id: the session may go on meanwhile."""

    work: Work
    histories: dict[int, HistoryNow | None]


def work_now(session: Session) -> WorkNow:
    """All that a session holds at this moment, in the window's thread; the rest can be done in another."""
    state, runner = session.state, session._runner
    run = state.run
    if run.ready and not run.outcome and runner.taken_up is not None:
        state = state.with_run(replace(run, taken_up=runner.taken_up))
    acts = session._acts
    work = Work(
        state.left(),
        tuple(acts._undo[-MOST_ACTS:]),
        tuple(acts._redo[-MOST_ACTS:]),
        session._other,
        session._before,
        session._selected,
        session.rate,
        session.loops,
        session._edits,
        session._draft,
        session._paints,
        session._canvas,
    )
    return WorkNow(work, {run.id: history_now(run.history) if run.ready else None for run in state.runs})


def take_work(session: Session, work: Work) -> None:
    """Go on from ``work``; what the session held before is left."""
    session.pause()
    if max(run.dataset.size for run in session.state.runs) > _MANY:
        watch.cache_clear()  # which would hold the points that are left
    session._acts._undo[:] = list(work.undo)
    session._acts._redo[:] = list(work.redo)
    session._edits = session._paints = False
    session._canvas = None
    session._show_run(work.state)
    session._other, session._before = work.compared, work.before
    session._selected = work.selected
    session._walk.loops = work.loops
    session.set_rate(work.rate)
    session._edits = work.edits
    session._draft = work.draft
    if work.canvas is not None:
        session.new_canvas(work.canvas)
    elif work.paints:
        session.set_painting(True)
    session.touch()


def mark_of(session: Session) -> tuple[object, ...]:
    """What differs as soon as there is something to save: anything but how the shown picture is looked at."""
    state = session.state
    return (state.run.id, state.frame, state.columns, session._draft, *map(_mark_of_run, state.runs))


def _mark_of_run(run: Run) -> tuple[object, ...]:
    return (run.id, id(run.dataset), run.settings, run.last, run.name, run.deleted)


def check_work(work: Work) -> None:
    """Refuse what no session can hold.

    Raises:
        ValueError: saying what.
    """
    known = {run.id for run in work.state.runs}
    for state in _states(work):
        check_state(state)
        if not {run.id for run in state.runs} <= known:
            raise ValueError("a run is missing")
    shown = work.state.run
    if work.state.frame.iteration > shown.last:
        raise ValueError("its frame is none of its run")
    if work.rate not in RATES or len(work.undo) > MOST_ACTS or len(work.redo) > MOST_ACTS:
        raise ValueError("its pace or its acts are none")
    k = shown.history.mixture.n_components if len(shown.history) else shown.settings.components
    if work.draft is not None:
        if not len(shown.history) or work.draft.mixture.dimension != shown.dataset.dimension:
            raise ValueError("its draft is none of these data")
        k = max(k, work.draft.mixture.n_components)
    if work.canvas is not None:
        check_canvas(work.canvas)
    if work.selected is not None and not 0 <= work.selected < k:
        raise ValueError("a component is missing")


def _states(work: Work) -> Iterator[State]:
    yield work.state
    yield from (state for _, state in (*work.undo, *work.redo))


def check_state(state: State) -> None:
    """Refuse a state that does not fit together.

    Raises:
        ValueError: saying what.
    """
    ids = [run.id for run in state.runs]
    d = state.run.dataset.dimension
    if len(set(ids)) < len(ids) or min(ids, default=0) < 1 or not any(run is state.run for run in state.runs):
        raise ValueError("its runs are none")
    wanted = 1 if d == 1 else 2
    if len(set(state.columns)) != wanted or len(state.columns) != wanted or not set(state.columns) <= set(range(d)):
        raise ValueError("its columns are none")
    for run in state.runs:
        parent = next((one for one in state.runs if run.parent and one.id == run.parent[0]), None)
        if run.parent is not None and (parent is None or run.parent[1] < 0 or parent is run):
            raise ValueError("a branch has no origin")
    check_frame(state.frame.iteration, state.frame.phase)


def check_run(run: Run) -> None:
    """Refuse a run that does not fit together.

    Raises:
        ValueError: saying what.
    """
    d, history = run.dataset.dimension, run.history
    if bool(len(history)) != run.ready or (run.start is not None and run.start.dimension != d):
        raise ValueError("a run has no start")
    if len(history) and history.mixture.dimension != d:
        raise ValueError("a run is of other data")
    check_frame(run.frame.iteration, run.frame.phase)
    if run.frame.iteration > run.last or not 0 <= (run.taken_up or 0) <= run.last:
        raise ValueError("a run shows an iteration that it has not")
    if run.taken_up and not history.is_kept(run.taken_up):
        raise ValueError("a run goes on from an iteration that it has not")


def check_frame(iteration: int, phase: str) -> None:
    """Refuse a frame that no timeline has.

    Raises:
        ValueError: saying so.
    """
    if iteration < 0 or (phase == "start" and iteration) or (phase == "M" and not iteration):
        raise ValueError("a frame is none")


def check_canvas(canvas: Canvas) -> None:
    """Refuse a surface that nobody can paint on.

    Raises:
        ValueError: saying so.
    """
    low, high = canvas.limits or (0.0, 1.0)
    if len(canvas.names) not in (1, 2) or len(set(canvas.names)) < len(canvas.names) or not -1e12 < low < high < 1e12:
        raise ValueError("a canvas is none")
