"""The verbs of playback: play both ways, loop, step, scrub."""

from __future__ import annotations

from gmm_desktop.session.player import Player
from gmm_desktop.session.timeline import Frame, next_half, next_whole, previous_half, whole


class Playback(Player):
    """What a person does along the timeline of the shown run; nothing here deletes an iteration."""

    def play(self) -> None:
        """Go forward from the shown frame, replaying what is known before computing more; from 0 after the end."""
        if (self.is_running and not self._walk.backwards) or self._failure:
            return
        run = self._state.run
        if run.outcome and self._state.frame.iteration >= run.last:
            self._show_frame(whole(0))
        if self._state.frame.iteration < run.last:
            self._replay(backwards=False)
        elif not run.outcome:
            self._compute(None)
        self.touch()

    def play_back(self) -> None:
        """Go back from the shown frame to the start; from the last known iteration where the start is shown."""
        run = self._state.run
        if not run.last or not run.ready or (self.is_running and self._walk.backwards):
            return
        self.pause()
        if self._state.frame.phase == "start":
            self._show_frame(whole(run.last))
        self._replay(backwards=True)

    def toggle_back(self) -> None:
        """Play backwards, or pause where it does."""
        if self.is_running and self._walk.backwards:
            self.pause()
        else:
            self.play_back()

    def toggle_loop(self) -> None:
        """Whether an ended run, played to one end, goes on from the other."""
        self._walk.loops = not self._walk.loops
        self.touch()

    def toggle_play(self) -> None:
        """Play, or pause where it plays."""
        if self.is_running:
            self.pause()
        else:
            self.play()

    def step(self) -> None:
        """One iteration forward, computed if it is not known yet."""
        self._go_to_frame(next_whole(self._state.frame))

    def half_step(self) -> None:
        """The next E-step or M-step alone."""
        self._go_to_frame(next_half(self._state.frame))

    def half_back(self) -> None:
        """The half step before; nothing is deleted."""
        if self._state.run.ready:
            self.pause()
            self._show_frame(previous_half(self._state.frame), towards=-1)

    def back(self) -> None:
        """One iteration back; nothing is deleted."""
        self.show_iteration(self._state.frame.iteration - 1)

    def show_iteration(self, iteration: int, *, onward: bool = True) -> None:
        """Pause and show a computed iteration, or where it was thinned out the nearest there is.

        ``onward``: one step was to be made, which must not end where it began.
        """
        if self._state.run.ready:
            self.pause()
            shown, wanted = self._state.frame.iteration, min(max(iteration, 0), self._state.run.last)
            self._show_frame(whole(wanted))
            if onward and self._state.frame.iteration == shown != wanted:
                self._show_frame(whole(wanted), towards=1 if wanted > shown else -1)

    def to_end(self) -> None:
        """Show the end at once: the last iteration known, or what is still to compute at full speed."""
        run = self._state.run
        if run.outcome:
            self.show_iteration(run.last)
        elif not self._failure:
            self.pause()
            self._show_frame(whole(run.last))
            self._compute(None, at_once=True)

    def go_on(self) -> None:
        """Compute past the stop, for as many iterations again as the settings allow or until paused."""
        run = self._state.run
        if run.outcome in ("converged", "stopped") and not self._failure:
            self.pause()
            self._show_frame(whole(run.last))
            self._beyond = True
            self._runner.end()
            self._compute(None)

    def _go_to_frame(self, frame: Frame) -> None:
        """Pause and show a frame that may have to be computed first."""
        self.pause()
        run = self._state.run
        if frame.iteration <= run.last and run.ready:
            self._show_frame(frame, towards=1)
        elif not run.outcome and not self._failure:
            self._compute(1)
            self._awaited = frame
