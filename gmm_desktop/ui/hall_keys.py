"""The keys of the presentation, those of clickers among them, which no slider or table gets to see."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from gmm_desktop.session import conditions as can
from gmm_desktop.ui.captions import reason
from gmm_desktop.ui.panels.plot_panel import PlotPanel

if TYPE_CHECKING:
    from gmm_desktop.ui.main_window import MainWindow


@dataclass(frozen=True)
class Act:
    """What a key does.

    Attributes:
        run: does it.
        repeats: whether a key that is held does it again and again.
        shows_the_screen: whether on a black screen it shows the screen again and does nothing else.
    """

    run: Callable[[MainWindow], object]
    repeats: bool = False
    shows_the_screen: bool = True


def _forward(window: MainWindow) -> None:
    """A half step; where there is none, the reason once more."""
    snapshot = window.session.snapshot()
    if can.can_step(snapshot):
        window.panel(PlotPanel).repeat(reason(snapshot))
    else:
        window.session.half_step()


SHOW = Act(lambda window: window.presentation.blank(False))
"""What any other key does on a black screen."""

_FORWARD = Act(_forward, repeats=True)
_BACK = Act(lambda window: window.session.half_back(), repeats=True)
_PLAY = Act(lambda window: window.session.toggle_play())
_BLANK = Act(lambda window: window.presentation.blank(True))
_ESCAPE = Act(lambda window: window.presentation.escape(), shows_the_screen=False)
_LEAVE = Act(lambda window: window.presentation.leave(), shows_the_screen=False)

_KEYS = {
    Qt.Key.Key_PageDown: _FORWARD,
    Qt.Key.Key_Right: _FORWARD,
    Qt.Key.Key_Forward: _FORWARD,
    Qt.Key.Key_PageUp: _BACK,
    Qt.Key.Key_Left: _BACK,
    Qt.Key.Key_Back: _BACK,
    Qt.Key.Key_Space: _PLAY,
    Qt.Key.Key_Period: _BLANK,
    Qt.Key.Key_B: _BLANK,
    Qt.Key.Key_Escape: _ESCAPE,
    Qt.Key.Key_F5: _LEAVE,
    Qt.Key.Key_F11: _LEAVE,
    Qt.Key.Key_P: _LEAVE,
}
_IGNORED = Qt.KeyboardModifier.KeypadModifier


def act_for(event: QKeyEvent) -> Act | None:
    """What a key does in the presentation; None: what it does in the window."""
    if event.modifiers() & ~_IGNORED:
        return None
    return _KEYS.get(Qt.Key(event.key()))
