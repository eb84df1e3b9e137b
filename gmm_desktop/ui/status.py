"""The status bar: what is happening, how fast, and what the mouse does."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QStatusBar

from gmm_desktop.session import Snapshot
from gmm_desktop.session.editing import ALONG_THE_COLUMNS
from gmm_desktop.ui.captions import thinned, thinned_briefly
from gmm_desktop.ui.form import name_widget
from gmm_desktop.ui.numbers import number
from gmm_desktop.ui.still import Still, show_text
from gmm_desktop.ui.unhurried import Unhurried

_WATCHING = "Shift + drag moves the plot, Ctrl + wheel zooms, 0 shows all"

_GUESSING = "Guess: drag the cross, Tab or a click takes another mean; Enter reveals, Esc ends"
_REVEALED = "The next step goes on; Esc takes the guess away"

_PAINTING = "Painting: click or drag; 1 to 5 take a tool; arrows and Enter paint too; D ends"

_WHAT = "What is happening"


class StatusBar(QStatusBar):
    """Three plain sentences."""

    def __init__(self) -> None:
        super().__init__()
        self._activity = QLabel()
        self._rate = QLabel()
        self._mouse = QLabel(_WATCHING)
        for label, name, words in (
            (self._activity, "status.activity", _WHAT),
            (self._rate, "status.rate", "Iterations a second"),
            (self._mouse, "status.mouse", "What the mouse does"),
        ):
            label.setTextFormat(Qt.TextFormat.PlainText)
            name_widget(label, name, words, f"{words}.")
        self._activity.setMinimumWidth(1)  # it must not make the window wider
        self.setContentsMargins(12, 0, 12, 0)
        self.addWidget(self._activity)
        self._place_of_rate = Still(self._rate)
        self.addWidget(self._place_of_rate)
        self.addPermanentWidget(self._mouse)

        self._unhurried = Unhurried(self._show, self)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Follow the session."""
        self._unhurried.show_snapshot(snapshot)

    def _show(self, snapshot: Snapshot) -> None:
        thin = snapshot.every > 1
        show_text(self._activity, activity(snapshot) + (f" · {thinned_briefly(snapshot.every)}" if thin else ""))
        tip = f"{_WHAT}; {thinned(snapshot.every)}." if thin else f"{_WHAT}."
        if tip != self._activity.toolTip():
            self._activity.setToolTip(tip)
        self._place_of_rate.setVisible(bool(snapshot.rate))  # its room is kept while it is seen
        show_text(self._rate, f"{number(snapshot.rate, 2)} iterations a second" if snapshot.rate else "")
        show_text(self._mouse, mouse(snapshot))


_ENDINGS = {
    "converged": "Converged",
    "stopped": "Stopped before convergence",
    "failed": "Stopped: a component collapsed",
}


def mouse(snapshot: Snapshot) -> str:
    """What the mouse does in the plot of the data now."""
    if snapshot.mode == "watching":
        return _WATCHING
    if snapshot.mode == "painting":
        return _PAINTING
    if snapshot.guess is not None:
        return _REVEALED if snapshot.guess.revealed else _GUESSING
    if len(snapshot.columns) == 1:
        shape = "drag a peak; the square sets the width"
    elif snapshot.settings.covariance not in ALONG_THE_COLUMNS:
        shape = "drag a mean; a square pulls the axis, the round one turns"
    else:
        shape = "drag a mean; a square pulls the axis"
    return f"Editing: {shape}; click adds a group; E ends"


def activity(snapshot: Snapshot) -> str:
    """What is happening, in plain words."""
    if snapshot.canvas is not None:
        return "Nothing is painted yet"
    if snapshot.outcome == "failed" and snapshot.stop_iteration is None:
        return "These data cannot be fitted with these settings."
    match snapshot.activity:
        case "starting":
            return "Making a start …"
        case "racing":
            done = f"start {snapshot.race[0]} of {snapshot.race[1]}" if snapshot.race else "the starts"
            return f"Running {done}"
        case "computing":
            return "EM is running"
        case "replaying":
            return "Playing backwards" if snapshot.backwards else "Replaying what is computed"
        case _:
            return _resting(snapshot)


def _resting(snapshot: Snapshot) -> str:
    if snapshot.outcome and snapshot.iteration >= snapshot.last_iteration:
        return _ENDINGS[snapshot.outcome]
    return "Ready: Space plays" if snapshot.iteration == 0 else "Paused: Space plays on"
