"""Holds the one State: verbs go in, `changed(Snapshot)` comes out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from gmm_desktop.data import Dataset
from gmm_desktop.mixture import INITIALIZERS, FitSettings, Mixture, check_settings
from gmm_desktop.session.by_hand import BY_HAND
from gmm_desktop.session.change import change_between
from gmm_desktop.session.comparison import comparison_with, ghost_of
from gmm_desktop.session.painting import Painting
from gmm_desktop.session.questions import Hall
from gmm_desktop.session.runs import run_rows
from gmm_desktop.session.snapshot import Snapshot
from gmm_desktop.session.state import State, first_pair, new_run, same_data
from gmm_desktop.session.undo import UndoList
from gmm_desktop.session.work import Work, datasets_of

STARTS = 20
"""How many starts tell whether a maximum is the best."""

_LONGEST_NAME = 60


class Session(Painting):
    """One person's work: playback, and the deliberate acts that change what is played and can be undone."""

    def __init__(self, dataset: Dataset, settings: FitSettings, start: Mixture | None = None) -> None:
        super().__init__(dataset, settings, start)
        self._acts = UndoList()
        self._other: int | None = None  # the run that is compared with
        self._before: int | None = None  # the run that was shown before this one
        self._hall = Hall()

    def snapshot(self) -> Snapshot:
        """What a view may know now."""
        snapshot = super().snapshot()
        return replace(
            snapshot,
            undo=snapshot.sketched or self._acts.undoable,
            redo=self._acts.redoable,
            runs=() if snapshot.canvas is not None else run_rows(self.state),
            other=comparison_with(self.state, self._other),
            ghost=ghost_of(self.state),
        )

    @property
    def hall(self) -> Hall:
        """What a hall was asked and has answered."""
        return self._hall

    def note_hall(self, hall: Hall) -> None:
        """Remember what a hall is asked and answers."""
        if hall != self._hall:
            self._hall = hall
            self.touch()

    @property
    def in_hand(self) -> tuple[object, ...]:
        """What a person is at that is no run yet; the same as long as nothing of it changes."""
        return (self._draft, self.guess, self._canvas, self._hall)

    def work(self) -> Work:
        """All that it holds."""
        state, run = self.state, self.state.run
        if run.ready and not run.outcome and self._runner.taken_up is not None:
            state = state.with_run(replace(run, taken_up=self._runner.taken_up))
        undo, redo = self._acts.acts()
        return Work(
            state.left(),
            undo,
            redo,
            compared=self._other,
            before=self._before,
            selected=self._selected,
            rate=self.rate,
            loops=self.loops,
            edits=self._edits,
            draft=self._draft,
            paints=self._paints,
            canvas=self._canvas,
            painted=self.painted(datasets_of(state)),
            guess=self.guess,
            hall=self._hall,
        )

    def take(self, work: Work) -> None:
        """Go on from what another session held, or this one before; what it holds now is left."""
        self.pause()
        self._acts.take(work.undo, work.redo)
        self._show_run(work.state)
        self._other, self._before, self._selected = work.compared, work.before, work.selected
        self._walk.loops = work.loops
        self.set_rate(work.rate)
        self._edits, self._draft, self._guess = work.edits, work.draft, work.guess
        self._take_painting(work.painted, work.paints, work.canvas)
        self._hall = work.hall
        self.touch()

    def open(self, dataset: Dataset, settings: FitSettings | None = None, start: Mixture | None = None) -> None:
        """Take other data with their own k; the old run is kept."""
        settings = settings or replace(self.state.run.settings, components=dataset.components)
        self._acts.remember(f"opening {dataset.source}", self.state)
        self._begin_run(dataset, settings, start, columns=first_pair(dataset))

    def change_columns(self, dataset: Dataset, columns: tuple[int, ...] | None = None) -> None:
        """The same data with other columns fitted, or another pair of them shown."""
        self._acts.remember("the choice of columns", self.state)
        if dataset is self.state.run.dataset and columns is not None:
            self._state = replace(self.state, columns=columns)
            self.touch()
        else:
            self._begin_run(dataset, self.state.run.settings, None, columns=columns or first_pair(dataset))

    def change_settings(self, **changes: Any) -> None:
        """Change settings of the fit. Those of the stop move the stop mark along the run; others make a new start.

        Raises:
            ValueError: a setting that cannot be, in one plain sentence; nothing has changed then.
        """
        run = self.state.run
        settings = replace(run.settings, **changes)
        check_settings(settings)
        if settings == run.settings:
            return
        change, canvas = change_between(run.settings, settings), self._canvas
        self._acts.remember(change.name, self.state)
        if change.moves_only_the_stop and not self._failure:
            self._move_stop(settings)
        else:
            self._begin_run(run.dataset, settings, run.start if change.keeps_the_start else None)
        self._put_back(canvas)

    def new_start(self) -> None:
        """The next seed."""
        self.change_settings(seed=self.state.run.settings.seed + 1)

    def try_starts(self) -> None:
        """Race 20 starts under these settings, as a run of its own, and show the end of the best at once.

        After such a race it races the next 20.
        """
        run, settings = self.state.run, self.state.run.settings
        if not INITIALIZERS[settings.initialization].offered and settings.initialization != "labels":
            settings = replace(settings, initialization=FitSettings.initialization)
        again = run.start is None and settings.restarts == STARTS
        self._acts.remember(f"{STARTS} starts", self.state)
        self._begin_run(run.dataset, replace(settings, restarts=STARTS, seed=settings.seed + again), None)
        self.to_end()

    def use_fit(self, mixture: Mixture, name: str, dataset: Dataset, **constraint: Any) -> None:
        """Show a mixture that was fitted elsewhere, as it is: a run that begins there and has not moved.

        Args:
            mixture: of as many columns as ``dataset``.
            name: what the fit is called.
            dataset: the shown data, or other columns of them.
            constraint: the settings that say what family the mixture is of.
        """
        run = self.state.run
        settings = replace(run.settings, components=mixture.n_components, initialization=BY_HAND, **constraint)
        self._acts.remember(f"using {name}", self.state)
        columns = self.state.columns if dataset is run.dataset else first_pair(dataset)
        self._begin_run(dataset, settings, mixture, columns=columns, used=name)

    def show_run(self, run_id: int) -> None:
        """Pause and show another run, at the frame at which it was left."""
        if run_id != self.state.run.id:
            self.pause()
            state, run = self.state.left(), self.state.find(run_id)
            same = same_data(run.dataset, state.run.dataset)  # a list that is about to change may offer others
            columns = state.columns if same else first_pair(run.dataset)
            self._show_run(replace(state, columns=columns, run=run, frame=run.frame))

    @property
    def compared(self) -> int | None:
        """The id of the run that the shown one is compared with, or None."""
        other = comparison_with(self.state, self._other)
        return None if other is None else other.run

    def compare(self, run_id: int | None) -> None:
        """Show another run of the same data beside the shown one; None: no more."""
        self._other = run_id
        self.touch()

    def counterpart(self) -> int | None:
        """The run to compare with where nobody picked one: the one shown before, else the newest, or None."""
        others = [run.id for run in self.state.listed() if run.id != self.state.run.id and run.ready]
        if self._before in others:
            return self._before
        return others[-1] if others else None

    def name_run(self, run_id: int, name: str) -> None:
        """Call a run by a name; by its number again where that is empty."""
        run, name = self.state.find(run_id), " ".join(name.split())[:_LONGEST_NAME]
        if name != run.label and name != run.name:
            self._acts.remember(f"naming run {run.label}", self.state)
            self._state = self.state.with_run(replace(run, name=name))
            self.touch()

    def delete_run(self, run_id: int) -> None:
        """Take a run out of the list; in the place of the shown one the newest other is shown.

        Raises:
            ValueError: it is the only run of the shown data.
        """
        run = self.state.find(run_id)
        others = [other for other in self.state.listed() if other.id != run_id]
        if not others:
            raise ValueError("This is the only run of these data; it stays.")
        self._acts.remember(f"deleting run {run.label}", self.state)
        state = self.state.with_run(replace(run, deleted=True))
        if run_id == self.state.run.id:
            self.pause()
            self._show_run(replace(state.left(), run=others[-1], frame=others[-1].frame))
        else:
            self._state = state
            self.touch()

    def undo(self) -> None:
        """Take the last deliberate act back: data, settings, run and frame; of a draft, the draft alone."""
        if not self.restore():
            state = self._acts.undo(self.state)
            if state is not None:
                self._show_undone(state)

    def redo(self) -> None:
        """Do again what undo took back."""
        self._go_to(self._acts.redo(self.state))

    def _show_run(self, state: State) -> None:
        """Take a state whose shown run is another one; what was compared with that is now compared with this."""
        before = self.state.run.id
        if state.run.id != before:
            self._before = before
            if state.run.id == self._other:
                self._other = before
        super()._show_run(state)

    def _go_to(self, state: State | None) -> None:
        if state is not None:
            self._show_run(state)

    def _begin_data(
        self,
        dataset: Dataset,
        settings: FitSettings,
        start: Mixture | None,
        columns: tuple[int, ...] | None,
        name: str,
    ) -> None:
        self._acts.remember(name, self.state)
        self._begin_run(dataset, settings, start, columns=columns or first_pair(dataset))
        self._state = self._acts.make_room(self.state)

    def _move_stop(self, settings: FitSettings) -> None:
        """Other rules for the same history: the worker, which obeys the old ones, is not needed any more."""
        self._runner.end()
        self.pause()
        self._beyond = False
        self._state = self.state.with_run(replace(self.state.run, settings=settings))
        if not len(self.state.run.history):
            self._runner.begin(self.state.run)

    def _begin_by_hand(self, mixture: Mixture, name: str, parent: tuple[int, int] | None) -> None:
        run = self.state.run
        settings = replace(run.settings, components=mixture.n_components, initialization=BY_HAND)
        self._acts.remember(name, self.state)
        self._begin_run(run.dataset, settings, mixture, parent=parent)

    def _begin_run(
        self,
        dataset: Dataset,
        settings: FitSettings,
        start: Mixture | None,
        columns: tuple[int, ...] | None = None,
        parent: tuple[int, int] | None = None,
        used: str = "",
    ) -> None:
        if start is None and settings.initialization == self.state.run.settings.initialization == BY_HAND:
            settings = replace(settings, initialization=self._last_initialization())
        run = new_run(self.state.runs, dataset, settings, start)
        run = replace(run, parent=parent, name=used[:_LONGEST_NAME], used=used)
        self._show_run(State(columns or self.state.columns, (*self.state.left().runs, run), run))

    def _last_initialization(self) -> str:
        """How the last start was made that no person placed."""
        made = (run.settings.initialization for run in reversed(self.state.runs))
        return next((name for name in made if name != BY_HAND), FitSettings.initialization)
