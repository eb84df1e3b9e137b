"""Holds the one State: verbs go in, `changed(Snapshot)` comes out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from gmm_desktop.data import Dataset
from gmm_desktop.mixture import FitSettings, Mixture, check_settings
from gmm_desktop.session.change import change_between
from gmm_desktop.session.editing import Draft
from gmm_desktop.session.guessing import Guess
from gmm_desktop.session.player import Player
from gmm_desktop.session.snapshot import Mode, Snapshot
from gmm_desktop.session.state import State, first_pair, new_run
from gmm_desktop.session.timeline import Frame
from gmm_desktop.session.undo import UndoList

BY_HAND = "manual"
"""The initialisation of a start that a person placed."""


class Session(Player):
    """One person's work: playback, and the deliberate acts that change what is played and can be undone."""

    def __init__(self, dataset: Dataset, settings: FitSettings, start: Mixture | None = None) -> None:
        super().__init__(dataset, settings, start)
        self._acts = UndoList()
        self._edits = False
        self._draft: Draft | None = None
        self._guess: Guess | None = None

    @property
    def mode(self) -> Mode:
        """What the mouse does in the plot of the data."""
        if self.guess is not None:
            return "guessing"
        return "editing" if self._edits else "watching"

    @property
    def guess(self) -> Guess | None:
        """The guess, while it is about the shown frame."""
        guess, state = self._guess, self.state
        return guess if guess is not None and guess.holds(state.run.id, state.columns, state.frame) else None

    def snapshot(self) -> Snapshot:
        """What a view may know now."""
        return replace(
            super().snapshot(),
            undo=self._draft.name if self._draft is not None else self._acts.undoable,
            redo=self._acts.redoable,
            mode=self.mode,
            draft=self._draft,
            guess=self.guess,
        )

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
        change = change_between(run.settings, settings)
        self._acts.remember(change.name, self.state)
        if change.moves_only_the_stop and not self._failure:
            self._move_stop(settings)
        else:
            self._begin_run(run.dataset, settings, run.start if change.keeps_the_start else None)

    def new_start(self) -> None:
        """The next seed."""
        self.change_settings(seed=self.state.run.settings.seed + 1)

    # By hand -----------------------------------------------------------------------------------------------------

    def set_editing(self, on: bool) -> None:
        """Have the mouse place components, or watch again; what is drafted then counts."""
        if on:
            self.pause()
            self._guess = None
        else:
            self.accept()
        self._edits = on
        self.touch()

    def sketch(self, mixture: Mixture, name: str, words: str = "") -> None:
        """Show a mixture that a person is still at; no run is made of it before ``accept``."""
        if self._draft is None:
            self.pause()  # what is still computed must not change the picture under the hand
        self._draft = Draft(mixture, name, words)
        self.touch()

    def restore(self) -> bool:
        """Drop the draft; whether there was one."""
        dropped, self._draft = self._draft is not None, None
        if dropped:
            self.touch()
        return dropped

    def accept(self) -> None:
        """Make the draft count, if there is one."""
        if self._draft is not None:
            self.place(self._draft.mixture, self._draft.name)

    def place(self, mixture: Mixture, name: str) -> None:
        """Go on from a mixture that a person made of the shown one: as the start, or as a branch of a later iteration.

        Component i keeps its letter and colour.
        """
        if self.state.frame.iteration:
            self.begin_branch(mixture, name)
        else:
            self.place_start(mixture, name)

    def place_start(self, mixture: Mixture, name: str = "placing the start") -> None:
        """A new run with this start; the old one is kept. The start of a branch stays one of the same parent."""
        self._begin_by_hand(mixture, name, self.state.run.parent)

    def begin_branch(self, mixture: Mixture | None = None, name: str = "a branch") -> None:
        """A new run from the shown iteration, or from this mixture instead of the one shown; the old one is kept."""
        run, at = self.state.run, self.state.frame.iteration
        if mixture is None and not len(run.history):
            return
        self._begin_by_hand(mixture or run.history.mixture_at(at), name, (run.id, at))

    def _begin_by_hand(self, mixture: Mixture, name: str, parent: tuple[int, int] | None) -> None:
        run = self.state.run
        settings = replace(run.settings, components=mixture.n_components, initialization=BY_HAND)
        self._acts.remember(name, self.state)
        self._begin_run(run.dataset, settings, mixture, parent=parent)

    # Guessing -----------------------------------------------------------------------------------------------------

    def predict(self, component: int | None = None) -> None:
        """Pause before the next M-step and let a person guess where it takes a mean; asked again, reveal it.

        Where the next half step is an E-step, it is taken first.
        """
        if self._is_guessed:
            self.half_step()
            return
        self.set_editing(False)
        self.pause()
        if self.state.frame.phase != "E":
            self.half_step()
        chosen = component if component is not None else self._selected
        self.guess_component(chosen or 0)

    def guess_component(self, component: int) -> None:
        """Guess at this mean; the guess begins where the mean is."""
        run, frame, columns = self.state.run, self.state.frame, self.state.columns
        if frame.phase == "E" and frame.iteration <= run.last and len(run.history):
            mean = run.history.mixture_at(frame.iteration).means[component]
            place = tuple(float(mean[column]) for column in columns)
            self._guess = Guess(run.id, frame.iteration, columns, component, place)
            self.touch()

    def move_guess(self, place: tuple[float, ...]) -> None:
        """The guess is ``place``, in data coordinates of the shown columns."""
        if self._is_guessed and self._guess is not None:
            self._guess = replace(self._guess, place=place)
            self.touch()

    def end_guess(self) -> None:
        """Watch again."""
        self._guess = None
        self.touch()

    @property
    def _is_guessed(self) -> bool:
        """Whether there is a guess that waits for the M-step."""
        return self.guess is not None and not self.guess.revealed

    # Playback, where a hand is at work ----------------------------------------------------------------------------

    def play(self) -> None:
        """Go forward from the shown frame or from the draft; the mouse watches again."""
        self.set_editing(False)
        self._guess = None
        super().play()

    def to_end(self) -> None:
        """Show the end at once; the mouse watches again."""
        self.set_editing(False)
        super().to_end()

    def go_on(self) -> None:
        """Compute past the stop; the mouse watches again."""
        self.set_editing(False)
        super().go_on()

    def step(self) -> None:
        """One iteration forward, from the draft where there is one; before a guess only its M-step."""
        self.accept()
        if self._is_guessed:
            self.half_step()
        else:
            super().step()

    def half_step(self) -> None:
        """The next E-step or M-step alone; the latter reveals a guess."""
        self.accept()
        if self._is_guessed and self._guess is not None:
            self._guess = replace(self._guess, revealed=True)
        super().half_step()

    def _show_frame(self, frame: Frame) -> None:
        if frame != self.state.frame:
            self._draft = None
        super()._show_frame(frame)
        self._guess = self.guess  # it would be back with its frame

    def _show_run(self, state: State) -> None:
        self._draft = self._guess = None
        super()._show_run(state)

    # Undo ---------------------------------------------------------------------------------------------------------

    def undo(self) -> None:
        """Take the last deliberate act back: data, settings, run and frame; of a draft, the draft alone."""
        if not self.restore():
            self._go_to(self._acts.undo(self.state))

    def redo(self) -> None:
        """Do again what undo took back."""
        self._go_to(self._acts.redo(self.state))

    def _go_to(self, state: State | None) -> None:
        if state is not None:
            self._show_run(state)

    def _move_stop(self, settings: FitSettings) -> None:
        """Other rules for the same history: the worker, which obeys the old ones, is not needed any more."""
        self._runner.end()
        self.pause()
        self._beyond = False
        self._state = self.state.with_run(replace(self.state.run, settings=settings))
        if not len(self.state.run.history):
            self._runner.begin(self.state.run)

    def _begin_run(
        self,
        dataset: Dataset,
        settings: FitSettings,
        start: Mixture | None,
        columns: tuple[int, ...] | None = None,
        parent: tuple[int, int] | None = None,
    ) -> None:
        if start is None and settings.initialization == self.state.run.settings.initialization == BY_HAND:
            settings = replace(settings, initialization=self._last_initialization())
        run = replace(new_run(self.state.runs, dataset, settings, start), parent=parent)
        self._show_run(State(columns or self.state.columns, (*self.state.runs, run), run))

    def _last_initialization(self) -> str:
        """How the last start was made that no person placed."""
        made = (run.settings.initialization for run in reversed(self.state.runs))
        return next((name for name in made if name != BY_HAND), FitSettings.initialization)
