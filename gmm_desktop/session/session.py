"""Holds the one State: verbs go in, `changed(Snapshot)` comes out, at most once a frame of the screen."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Signal

from gmm_desktop.data import Dataset
from gmm_desktop.mixture import EMStep, FitEnding, FitHistory, FitSettings, Mixture, check_settings
from gmm_desktop.session.change import change_between
from gmm_desktop.session.clock import FrameClock, Replay
from gmm_desktop.session.pace import AUTO, RateMeter
from gmm_desktop.session.runner import Runner
from gmm_desktop.session.snapshot import Activity, Snapshot, take_snapshot
from gmm_desktop.session.state import Run, State, new_run
from gmm_desktop.session.undo import UndoList

_PATIENCE = 0.15  # seconds after which a start that is still being made is said to be


class Session(QObject):
    """One person's work: data, settings, runs and the shown frame.

    Signals:
        changed: a Snapshot, when anything that a view may know has changed.
        crashed: a traceback from the worker, for the one who shows errors.
    """

    changed = Signal(object)
    crashed = Signal(str)

    def __init__(self, dataset: Dataset, settings: FitSettings, start: Mixture | None = None) -> None:
        super().__init__()
        self._runner = Runner(self)
        self._runner.stepped.connect(self._on_stepped)
        self._runner.ended.connect(self._on_ended)
        self._runner.failed.connect(self._on_failed)
        self._runner.crashed.connect(self._on_crashed)
        self._activity: Activity = "starting"
        self._beyond = False
        self._single = False
        self._race: tuple[int, int] | None = None
        self._rate = AUTO
        self._selected: int | None = None
        self._failure = ""
        self._meter = RateMeter()
        self._replay = Replay()
        self._began = 0.0
        self._acts = UndoList()
        self._clock = FrameClock(self)
        self._clock.ticked.connect(self._on_frame)
        self._dirty = False
        run = new_run((), dataset, settings, start)
        self._state = State(_first_pair(dataset), (run,), run)
        self._runner.begin(run)

    @property
    def state(self) -> State:
        """The one state; replaced by verbs, never changed in place."""
        return self._state

    @property
    def rate(self) -> float:
        """The pace in iterations a second; see ``pace``."""
        return self._rate

    def snapshot(self) -> Snapshot:
        """What a view may know now."""
        return take_snapshot(
            self._state,
            activity=self._activity,
            race=self._race,
            rate=self._meter.rate() if self._activity in ("computing", "racing") else 0.0,
            selected=self._selected,
            failure=self._failure,
            undo=self._acts.undoable,
            redo=self._acts.redoable,
        )

    def play(self) -> None:
        """Go forward from the shown frame, replaying what is known before computing more; from 0 after the end."""
        run, state = self._state.run, self._state
        if self._activity in ("computing", "racing", "replaying") or self._failure:
            return
        if run.outcome and state.frame >= run.last:
            self._show_frame(0)
        if self._state.frame < run.last:
            self._activity = "replaying"
            self._replay.begin()
        elif not run.outcome:
            self._compute(None)
        self.touch()

    def pause(self) -> None:
        """Stop going forward; nothing is lost."""
        self._runner.allow(0)
        if self._activity != "starting":
            self._activity = "paused"
        self.touch()

    def toggle_play(self) -> None:
        """Play, or pause where it plays."""
        if self._activity in ("computing", "racing", "replaying"):
            self.pause()
        else:
            self.play()

    def step(self) -> None:
        """One iteration forward, computed if it is not known yet."""
        self.pause()
        run = self._state.run
        if self._state.frame < run.last:
            self._show_frame(self._state.frame + 1)
        elif not run.outcome and not self._failure:
            self._compute(1)

    def back(self) -> None:
        """One iteration back; nothing is deleted."""
        self.show_iteration(self._state.frame - 1)

    def show_iteration(self, iteration: int) -> None:
        """Pause and show a computed iteration; one out of range is taken as the nearest there is."""
        if self._state.run.ready:
            self.pause()
            self._show_frame(min(max(iteration, 0), self._state.run.last))

    def to_end(self) -> None:
        """Show the end at once: the last iteration known, or what is still to compute at full speed."""
        run = self._state.run
        if run.outcome:
            self.show_iteration(run.last)
        elif not self._failure:
            self.pause()
            self._show_frame(run.last)
            self._compute(None, at_once=True)

    def go_on(self) -> None:
        """Compute past the stop, for as many iterations again as the settings allow or until paused."""
        run = self._state.run
        if run.outcome and not self._failure:
            self.pause()
            self._show_frame(run.last)
            self._beyond = True
            self._runner.end()
            self._compute(None)

    def set_rate(self, rate: float) -> None:
        """Change the pace; acts at once."""
        self._rate = rate
        self._runner.set_rate(rate)
        self.touch()

    def select(self, component: int | None) -> None:
        """Highlight one component, or none."""
        if component != self._selected:
            self._selected = component
            self.touch()

    def open(self, dataset: Dataset, settings: FitSettings | None = None, start: Mixture | None = None) -> None:
        """Take other data with their own k; the old run is kept."""
        settings = settings or replace(self._state.run.settings, components=dataset.components)
        self._acts.remember(f"opening {dataset.source}", self._state)
        self._begin_run(dataset, settings, start, columns=_first_pair(dataset))

    def change_columns(self, dataset: Dataset, columns: tuple[int, ...] | None = None) -> None:
        """The same data with other columns fitted, or another pair of them shown."""
        self._acts.remember("the choice of columns", self._state)
        if dataset is self._state.run.dataset and columns is not None:
            self._state = replace(self._state, columns=columns)
            self.touch()
        else:
            self._begin_run(dataset, self._state.run.settings, None, columns=columns or _first_pair(dataset))

    def change_settings(self, **changes: Any) -> None:
        """Change settings of the fit. Those of the stop move the stop mark along the run; others make a new start.

        Raises:
            ValueError: a setting that cannot be, in one plain sentence; nothing has changed then.
        """
        run = self._state.run
        settings = replace(run.settings, **changes)
        check_settings(settings)
        if settings == run.settings:
            return
        change = change_between(run.settings, settings)
        self._acts.remember(change.name, self._state)
        if change.moves_only_the_stop and not self._failure:
            self._runner.end()
            self.pause()
            self._beyond = False
            self._state = self._state.with_run(replace(run, settings=settings))
            if not len(run.history):
                self._runner.begin(self._state.run)
            self.touch()
        else:
            self._begin_run(run.dataset, settings, run.start if change.keeps_the_start else None)

    def new_start(self) -> None:
        """The next seed."""
        self.change_settings(seed=self._state.run.settings.seed + 1)

    def undo(self) -> None:
        """Take the last deliberate act back: data, settings, run and frame."""
        self._go_to(self._acts.undo(self._state))

    def redo(self) -> None:
        """Do again what undo took back."""
        self._go_to(self._acts.redo(self._state))

    def _go_to(self, state: State | None) -> None:
        if state is None:
            return
        self._runner.end()
        self._state = state
        self._rest("paused" if state.run.ready else "starting")
        if not state.run.ready:
            self._runner.begin(state.run)

    def close(self) -> None:
        """Stop the worker and wait for it; the session emits nothing more."""
        self._runner.end()
        self._clock.rest()

    def _begin_run(
        self,
        dataset: Dataset,
        settings: FitSettings,
        start: Mixture | None,
        columns: tuple[int, ...] | None = None,
    ) -> None:
        run = new_run(self._state.runs, dataset, settings, start)
        self._state = State(columns or self._state.columns, (*self._state.runs, run), run)
        self._rest("starting")
        self._runner.begin(run)

    def _rest(self, activity: Activity) -> None:
        """What every change of the shown run begins from."""
        self._failure = ""
        self._race = None
        self._beyond = False
        self._selected = None
        self._meter.clear()
        self._activity = activity
        self._began = time.monotonic()
        self.touch()

    def _compute(self, steps: int | None, at_once: bool = False) -> None:
        run = self._state.run
        if not self._runner.is_alive:
            self._runner.begin(run, self._beyond)
        if at_once:
            self._runner.hurry()
        else:
            self._runner.set_rate(self._rate)
            self._runner.allow(steps)
        self._single = steps is not None
        self._meter.clear()
        races = not run.ready and run.start is None and run.settings.restarts > 1
        self._activity = "racing" if races else "computing"
        self.touch()

    def _on_stepped(self, step: EMStep) -> None:
        """Append, and no more: drawing waits for the frame timer."""
        run = self._state.run
        if step.racing or step.iteration == 0:
            self._on_beginning(run, step)
            return
        run.history.append(step)
        self._meter.tick()
        if self._activity != "replaying":
            self._state = replace(self._state, frame=run.last)
        if self._single:
            self._activity = "paused"
        if run.outcome and not self._beyond:
            self._runner.hurry()  # the stop has been shown: let the engine say at once how it ended
        self.touch()

    def _on_beginning(self, run: Run, step: EMStep) -> None:
        """A step 0, or any step of a race: no step of the shown history beyond its start."""
        if step.racing:
            self._race = (step.run + 1, run.settings.restarts)
            if step.iteration or len(run.history):
                self.touch()
                return
        else:
            self._race = None
            if len(run.history):  # a race has its best start now, or a start is made once more
                run = replace(run, history=FitHistory())
        run.history.append(step)
        self._state = replace(self._state.with_run(replace(run, ready=not step.racing)), frame=0)
        if self._activity == "starting":
            self._activity = "paused"
        elif self._activity == "racing" and not step.racing:
            self._activity = "computing"
        self.touch()

    def _on_ended(self, ending: FitEnding) -> None:
        self._race = None
        if not self._beyond:  # what went on past the stop does not change how the fit ended
            self._state = self._state.with_run(replace(self._state.run, ending=ending))
        self._beyond = False
        self._activity = "paused"
        self.touch()

    def _on_failed(self, message: str) -> None:
        self._failure = message
        self._race = None
        self._activity = "paused"
        self.touch()

    def _on_crashed(self, details: str) -> None:
        self._on_failed("The fit met an error of this program; its details can be copied from the message.")
        self.crashed.emit(details)

    def _show_frame(self, frame: int) -> None:
        if frame != self._state.frame:
            self._state = replace(self._state, frame=frame)
            self.touch()

    def touch(self) -> None:
        """Send a snapshot with the next frame."""
        self._dirty = True
        self._clock.wake()

    def _on_frame(self) -> None:
        if self._activity == "replaying":
            self._advance_replay()
        if self._activity == "starting" and time.monotonic() - self._began < _PATIENCE:
            return  # the old picture stays until the new start is there
        if self._dirty:
            self._dirty = False
            self.changed.emit(self.snapshot())
        elif self._activity == "paused":
            self._clock.rest()

    def _advance_replay(self) -> None:
        run = self._state.run
        self._show_frame(self._replay.advance(self._state.frame, run.last, self._rate))
        if self._state.frame == run.last:
            if run.outcome:
                self._activity = "paused"
            else:
                self._compute(None)


def _first_pair(dataset: Dataset) -> tuple[int, ...]:
    return (0,) if dataset.dimension == 1 else (0, 1)
