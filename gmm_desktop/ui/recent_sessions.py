"""The submenu of sessions that were saved or opened lately, and of work that was kept by itself."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from gmm_desktop.session.conditions import can_change
from gmm_desktop.ui import sessions
from gmm_desktop.ui.autosaving import Autosaving, words_for
from gmm_desktop.ui.mnemonics import literal
from gmm_desktop.ui.recent import plain, short, visible
from gmm_desktop.ui.tool_tips import shown

if TYPE_CHECKING:
    from gmm_desktop.ui.main_window import MainWindow

_NAME = "file.recent_sessions"


class RecentSessions(QMenu):
    """An entry for each session and for each autosave; filled when it is opened."""

    def __init__(self, window: MainWindow, action: QAction, autosaving: Autosaving) -> None:
        super().__init__(window)
        self._window, self._autosaving = window, autosaving
        self.setObjectName(f"{_NAME}.menu")
        self.setToolTipsVisible(True)
        action.setMenu(self)
        self.aboutToShow.connect(self.fill)

    def fill(self) -> None:
        """Show what there is now."""
        from gmm_desktop.session.autosave import autosave_root, kept_work

        self.clear()
        for number, path in enumerate(sessions.RECENT.paths(), start=1):
            entry = self._entry(f"&{number % 10} {plain(path)}", partial(self._read, path))
            entry.setObjectName(f"{_NAME}.{number}")
            entry.setToolTip(shown(visible(path)))
        if not self.isEmpty():
            self.addSeparator()
        for kept in kept_work(autosave_root()):
            words = words_for(kept)
            entry = self._entry(literal(words).rstrip("."), partial(self._autosaving.open, kept))
            entry.setObjectName(f"{_NAME}.kept")
            entry.setToolTip("Kept by itself when its window was closed, or lost.")
        if self.isEmpty():
            self.addAction("Nothing was saved yet").setEnabled(False)

    def _entry(self, text: str, run: Callable[[], object]) -> QAction:
        entry = self.addAction(text)
        entry.triggered.connect(lambda _=False: self._run(run))
        return entry

    def _run(self, run: Callable[[], object]) -> None:
        reason = can_change(self._window.session.snapshot())
        if reason:
            self._window.notices.tell(reason)
        else:
            run()

    def _read(self, path: str) -> None:
        if os.path.exists(path):
            sessions.read(self._window, Path(path))
            return
        sessions.RECENT.remove(path)
        self._window.notices.tell(f"{short(path)} is not there any more; it was taken off the list.")


def install(window: MainWindow, autosaving: Autosaving) -> None:
    """Make the command a submenu."""
    RecentSessions(window, window.actions_by_id[_NAME], autosaving)


def pop_up(window: MainWindow) -> None:
    """Show the list on its own, for the keyboard."""
    menu = window.findChild(RecentSessions)
    assert isinstance(menu, RecentSessions)
    menu.fill()
    menu.popup(window.header.mapToGlobal(window.header.rect().bottomLeft()))
    menu.setActiveAction(menu.actions()[0])
