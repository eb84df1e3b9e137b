"""Painting the data in the window: what the commands do, and how the plot, its strip and the session are joined."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent

from gmm_desktop.data.painting import Canvas
from gmm_desktop.session import Snapshot
from gmm_desktop.ui.panels.plot_panel import PlotPanel

if TYPE_CHECKING:
    from gmm_desktop.ui.main_window import MainWindow

PAINT, PAINTED = "Pa&int points", "End pa&inting"


def toggle(window: MainWindow) -> None:
    """Paint the data, or watch them again."""
    window.session.set_painting(window.session.mode != "painting")


def new_canvas(window: MainWindow, columns: int) -> None:
    """An empty plot to paint on, of one column or two."""
    window.session.new_canvas(Canvas(("x", "y")[:columns]))


def name_command(window: MainWindow, snapshot: Snapshot) -> None:
    """The command says what it would do."""
    window.actions_by_id["edit.paint"].setText(PAINTED if snapshot.mode == "painting" else PAINT)


class EndsWithEscape(QObject):
    """Ends painting with an Escape that nothing else in the window takes, wherever the keyboard is."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A stroke under way is given up first."""
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        if event.key() != Qt.Key.Key_Escape or self._window.session.mode != "painting":
            return False
        if not self._window.cancel_drag():
            self._window.session.set_painting(False)
        return True


def wire(window: MainWindow) -> None:
    """Strokes go to the session, the strip's settings to the tool; Escape ends it all."""
    EndsWithEscape(window)
    session, panel = window.session, window.panel(PlotPanel)
    tool, strip = panel.plot.painting, panel.strip
    tool.data = lambda: session.painted_data
    tool.painted.connect(session.paint)
    tool.erased.connect(session.erase)
    tool.left.connect(lambda: session.set_painting(False))
    tool.tool_chosen.connect(strip.choose)
    tool.size_wanted.connect(strip.resize_tool)
    tool.taken.connect(strip.suit)
    for refused in (tool.refused, strip.refused):
        refused.connect(lambda sentence: window.notices.tell(sentence, passing=True) if sentence else None)
    strip.changed.connect(tool.set_settings)
    tool.set_settings(strip.settings)
