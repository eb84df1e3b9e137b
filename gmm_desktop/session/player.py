"""The flow of one run, from the worker or from what is known to the shown frame."""

from __future__ import annotations

import time
from dataclasses import replace

from PySide6.QtCore import QObject, QTimer, Signal

from gmm_desktop.data import Dataset
from gmm_desktop.mixture import EMStep, FitEnding, FitHistory, FitSettings, Mixture
from gmm_desktop.session.clock import FrameClock
from gmm_desktop.session.pace import AUTO, RateMeter
from gmm_desktop.session.runner import Runner
from gmm_desktop.session.snapshot import Activity, Snapshot, take_snapshot
from gmm_desktop.session.state import Run, State, first_pair, new_run
from gmm_desktop.session.timeline import Frame, kept_near, whole
from gmm_desktop.session.walk import Walk

_PATIENCE = 0.15  # seconds after which a start that is still being made is said to be


class Player(QObject):
    """Computes and replays one run, and knows which frame of it is shown; its verbs are in ``playback``.

    Signals:
        changed: a Snapshot, when anything that a view may know has changed; at most one a frame of the screen.
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
        self._clock = FrameClock(self)
        self._clock.ticked.connect(self._on_frame)
        self._activity: Activity = "starting"
        self._beyond = False
        self._awaited: Frame | None = None  # the frame that a single step is computed for
        self._race: tuple[int, int] | None = None
        self._rate = AUTO
        self._meter = RateMeter()
        self._walk = Walk()
        self._at_once = False  # whether what is computed is shown at its end, and not on the way
        self._selected: int | None = None
        self._failure = ""
        self._began = time.monotonic()
        self._dirty = False
        run = new_run((), dataset, settings, start)
        self._state = State(first_pair(dataset), (run,), run)
        self._runner.begin(run)

    @property
    def state(self) -> State:
        """The one state; replaced by verbs, never changed in place."""
        return self._state

    @property
    def rate(self) -> float:
        """The pace in iterations a second; see ``pace``."""
        return self._rate

    @property
    def loops(self) -> bool:
        """Whether playing begins again where it ends."""
        return self._walk.loops

    @property
    def is_running(self) -> bool:
        """Whether it goes on by itself, forwards or backwards."""
        return self._activity in ("computing", "racing", "replaying")

    def snapshot(self) -> Snapshot:
        """What a view may know now."""
        return take_snapshot(
            self._state,
            activity=self._activity,
            race=self._race,
            rate=self._meter.rate() if self._activity in ("computing", "racing") else 0.0,
            selected=self._selected,
            failure=self._failure,
            backwards=self._walk.backwards and self._activity == "replaying",
        )

    def pause(self) -> None:
        """Stop going forward; nothing is lost."""
        self._runner.allow(0)
        self._awaited = None
        self._walk.rest()
        if self._activity != "starting":
            self._activity = "paused"
        self.touch()

    def look_ahead(self) -> None:
        """Compute the iteration after the shown one, if it is not known yet, and stay at the shown frame."""
        self.pause()
        run, frame = self._state.run, self._state.frame
        if run.ready and frame.iteration >= run.last and not run.outcome and not self._failure:
            self._compute(1)
            self._awaited = frame

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

    def close(self) -> None:
        """Stop the worker and wait for it; nothing more is emitted."""
        self._runner.end()
        self._clock.rest()

    def make_room(self) -> None:
        """A person moves or resizes what is seen: short steps wait until that is drawn."""
        self._runner.hold(drawing=True)
        QTimer.singleShot(0, self, lambda: self._runner.hold(drawing=False))

    def touch(self) -> None:
        """Send a snapshot with the next frame."""
        self._dirty = True
        self._clock.wake()

    def _show_frame(self, frame: Frame, towards: int = 0) -> None:
        """Show a frame of the history, or where it was thinned out one near it; see ``kept_near``."""
        if self._state.run.last:
            frame = kept_near(frame, self._state.run.history, towards)
        if frame != self._state.frame:
            self._state = replace(self._state, frame=frame)
            self.touch()

    def _replay(self, *, backwards: bool) -> None:
        self._activity = "replaying"
        self._walk.begin(self._state.frame, self._rate, backwards=backwards)
        self.touch()

    def _show_run(self, state: State) -> None:
        """Take a state whose shown run is another one."""
        self._runner.end()
        if state.run.last:  # it may have been thinned out since
            state = replace(state, frame=kept_near(state.frame, state.run.history))
        self._state = state
        self._failure = ""
        self._race = None
        self._beyond = False
        self._awaited = None
        self._walk.rest()
        self._selected = None
        self._meter.clear()
        self._activity = "paused" if state.run.ready else "starting"
        self._began = time.monotonic()
        self.touch()
        if not state.run.ready:
            self._runner.begin(state.run)

    def _compute(self, steps: int | None, at_once: bool = False) -> None:
        run = self._state.run
        self._walk.backwards = False
        self._at_once = at_once
        if not self._runner.is_alive:
            self._runner.begin(run, self._beyond)
        if at_once:
            self._runner.hurry()
        else:
            self._runner.set_rate(self._rate)
            self._runner.allow(steps)
        self._meter.clear()
        races = not run.ready and run.start is None and run.settings.restarts > 1
        self._activity = "racing" if races else "computing"
        self.touch()

    def _on_stepped(self, step: EMStep) -> None:
        """Append, and no more: drawing waits for the frame clock."""
        run = self._state.run
        if step.racing or step.iteration == 0:
            self._on_beginning(run, step)
            return
        run.history.append(step)
        self._meter.tick()
        if self._awaited is not None:
            self._show_frame(self._awaited)
            self._awaited = None
            self._activity = "paused"
        elif self._activity == "computing":
            self._show_frame(whole(run.last) if self._at_once else self._walk.come_to(run.last, self._rate))
        if run.outcome and not self._beyond:
            run.history.pin(step.iteration)
            self._runner.hurry()  # the stop has been shown: let the engine say at once how it ended
        self.touch()

    def _on_beginning(self, run: Run, step: EMStep) -> None:
        """A step 0, or any step of a race: no step of the shown history beyond its start."""
        if step.racing:
            self._race = (step.run + 1, run.settings.restarts)
            if step.iteration or len(run.history):
                if self._activity == "starting":  # the start of a race that was left half way is there already
                    self._activity = "paused"
                self.touch()
                return
        else:
            self._race = None
            if len(run.history):  # a race has its best start now, or a start is made once more
                run = replace(run, history=FitHistory())
        run.history.append(step)
        frame = Frame(0, "E") if run.used else whole(0)  # a stored fit is shown with the labels that it gives
        self._state = replace(self._state.with_run(replace(run, ready=not step.racing)), frame=frame)
        if self._activity == "starting":
            self._activity = "paused"
        elif self._activity == "racing" and not step.racing:
            self._activity = "computing"
        self.touch()

    def _on_ended(self, ending: FitEnding) -> None:
        self._race = None
        if not self._beyond:  # what went on past the stop does not change how the fit ended
            self._state = self._state.with_run(self._state.run.ended(ending))
        self._beyond = False
        if self._walk.loops and self._activity == "computing" and self._state.run.last and not self._at_once:
            self._replay(backwards=False)
        else:
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

    def _on_frame(self) -> None:
        if self._activity == "replaying":
            self._advance_replay()
        if (second := self._walk.settled(self._state.frame)) is not None:
            self._show_frame(second)
        if self._activity == "starting" and time.monotonic() - self._began < _PATIENCE:
            return  # the old picture stays until the new start is there
        if self._dirty:
            self._dirty = False
            began = time.monotonic()
            self._runner.hold(drawing=True)
            self.changed.emit(self.snapshot())
            # What has to be painted is painted before a timer of no duration.
            QTimer.singleShot(0, self, lambda: self._on_drawn(time.monotonic() - began))
        elif self._activity == "paused" and not self._walk.is_settling:
            self._clock.rest()

    def _on_drawn(self, seconds: float) -> None:
        self._runner.hold(drawing=False)
        self._clock.leave_room(seconds)

    def _advance_replay(self) -> None:
        run = self._state.run
        frame = self._walk.advance(run.last, self._rate)
        if frame is not None:
            self._show_frame(frame)
        if not self._walk.is_at_end(run.last):
            return
        if not run.outcome and not self._walk.backwards:
            self._compute(None)
        elif not self._walk.loops:
            self._activity = "paused"
