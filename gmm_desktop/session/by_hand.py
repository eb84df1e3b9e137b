"""What a hand at the plot does: it drafts and places components, and guesses at means."""

from __future__ import annotations

from dataclasses import replace

from gmm_desktop.data import Dataset
from gmm_desktop.mixture import FitSettings, Mixture
from gmm_desktop.session.editing import Draft
from gmm_desktop.session.guessing import Guess
from gmm_desktop.session.playback import Playback
from gmm_desktop.session.snapshot import Mode, Snapshot
from gmm_desktop.session.state import State
from gmm_desktop.session.timeline import Frame

BY_HAND = "manual"
"""The initialisation of a start that a person placed."""


class ByHand(Playback):
    """Playback with a hand in it. Going forward makes a draft count; looking at anything else drops it."""

    def __init__(self, dataset: Dataset, settings: FitSettings, start: Mixture | None = None) -> None:
        super().__init__(dataset, settings, start)
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
        return replace(super().snapshot(), mode=self.mode, draft=self._draft, guess=self.guess)

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
        if not self._fits(mixture):
            return
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
        if not self._fits(mixture):
            return
        if self.state.frame.iteration:
            self.begin_branch(mixture, name)
        else:
            self.place_start(mixture, name)

    def _fits(self, mixture: Mixture) -> bool:
        """False for what was made of data that have gone before the hand's next picture of them."""
        return mixture.dimension == self.state.run.dataset.dimension

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
        """Begin a run from a mixture; ``name`` is what undo calls it."""
        raise NotImplementedError

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
        ahead = frame.iteration < run.last or not run.outcome
        if frame.phase == "E" and ahead and len(run.history):
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

    def play_back(self) -> None:
        """Go back from the shown frame; the mouse watches again."""
        self.set_editing(False)
        self._guess = None
        super().play_back()

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

    def _show_frame(self, frame: Frame, towards: int = 0) -> None:
        if frame != self.state.frame:
            self._draft = None
        super()._show_frame(frame, towards)
        self._guess = self.guess  # it would be back with its frame

    def _show_run(self, state: State) -> None:
        self._draft = self._guess = None
        super()._show_run(state)
