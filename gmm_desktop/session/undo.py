"""Deliberate acts that can be taken back."""

from __future__ import annotations

from dataclasses import replace

from gmm_desktop.session.state import Run, State
from gmm_desktop.session.timeline import whole

Acts = tuple[tuple[str, State], ...]
"""Names of acts, each with a state; the one that is next to be taken back or repeated last."""


class UndoList:
    """The states before each act, with the act's name. Runs are never lost: going back deletes none."""

    def __init__(self) -> None:
        self._undo: list[tuple[str, State]] = []
        self._redo: list[tuple[str, State]] = []

    @property
    def undoable(self) -> str:
        """The name of the act that undo reverses, or ""."""
        return self._undo[-1][0] if self._undo else ""

    @property
    def redoable(self) -> str:
        """The name of the act that redo repeats, or ""."""
        return self._redo[-1][0] if self._redo else ""

    def acts(self) -> tuple[Acts, Acts]:
        """Those that can be taken back, with the state before each; those to repeat, with the state after each."""
        return tuple(self._undo), tuple(self._redo)

    def take(self, undo: Acts, redo: Acts) -> None:
        """Go on with these, as ``acts`` gave them."""
        self._undo[:], self._redo[:] = undo, redo

    def remember(self, name: str, before: State) -> None:
        """An act is about to change ``before``; what had been taken back cannot be repeated any more."""
        self._undo.append((name, before))
        self._redo.clear()

    def undo(self, now: State) -> State | None:
        """The state before the last act, or None."""
        return _exchange(self._undo, self._redo, now)

    def redo(self, now: State) -> State | None:
        """The state after the act that was taken back last, or None."""
        return _exchange(self._redo, self._undo, now)


def _exchange(source: list[tuple[str, State]], target: list[tuple[str, State]], now: State) -> State | None:
    if not source:
        return None
    name, state = source.pop()
    target.append((name, now))
    newest = {run.id: run for run in now.runs}
    known = {run.id for run in state.runs}
    later = tuple(run for run in now.runs if run.id not in known)
    kept = tuple(_with_what_is_known(run, newest[run.id]) for run in state.runs)
    shown = next(run for run in kept if run.id == state.run.id)
    frame = state.frame if state.frame.iteration <= shown.last else whole(shown.last)
    return replace(state, runs=kept + later, run=shown, frame=frame)


def _with_what_is_known(run: Run, newest: Run) -> Run:
    """A run may have been computed further since: its settings go back, what is known of it does not."""
    ending = newest.ending if newest.settings == run.settings else run.ending
    return replace(run, ready=newest.ready, history=newest.history, ending=ending, frame=newest.frame)
