"""The submenu of what was opened lately."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from gmm_desktop.session.conditions import can_change
from gmm_desktop.ui import files
from gmm_desktop.ui.recent import DATA, RecentFiles, plain, short, visible
from gmm_desktop.ui.tool_tips import shown

if TYPE_CHECKING:
    from gmm_desktop.ui.main_window import MainWindow


class RecentMenu(QMenu):
    """The submenu of a list: an entry for each file, and one that clears it."""

    def __init__(self, window: MainWindow, action: QAction, recent: RecentFiles, read: Callable[[str], object]) -> None:
        """Args:
        window: whose menu it is.
        action: the command that becomes the submenu; the entries are named after it.
        recent: the list.
        read: opens a path that is there.
        """
        super().__init__(window)
        self._window, self._recent, self._read = window, recent, read
        self._name = action.objectName()
        self.setObjectName(f"{self._name}.menu")
        self.setToolTipsVisible(True)
        action.setMenu(self)
        self.aboutToShow.connect(self.fill)
        self.fill()

    def fill(self) -> None:
        """Show what is on the list now."""
        self.clear()
        paths = self._recent.paths()
        for number, path in enumerate(paths, start=1):
            action = self.addAction(f"&{number % 10} {plain(path)}")
            action.setObjectName(f"{self._name}.{number}")
            action.setToolTip(shown(visible(path)))
            action.setStatusTip(f"Open {short(path)}.")
            action.triggered.connect(lambda _=False, path=path: self._open(path))
        if not paths:
            self.addAction("Nothing was opened yet").setEnabled(False)
        self.addSeparator()
        clear = self.addAction("&Clear list")
        clear.setObjectName(f"{self._name}.clear")
        clear.setToolTip("Forget these files; the files themselves stay.")
        clear.setStatusTip(clear.toolTip())
        clear.setEnabled(bool(paths))
        clear.triggered.connect(self._forget)

    def _forget(self) -> None:
        self._recent.clear()
        self.fill()

    def _open(self, path: str) -> None:
        """Open a file, or say that it is gone. It is looked for in the background: a network may keep silent."""
        if reason := can_change(self._window.session.snapshot()):
            self._window.notices.tell(reason)
            return
        name = f"Looking for {Path(path).name}"
        files.later(self._window, name, lambda: os.path.exists(path), lambda there: self._go(path, there))

    def _go(self, path: str, there: bool) -> None:
        if there:
            self._read(path)
            return
        self._recent.remove(path)
        self.fill()
        self._window.notices.tell(
            f"{short(path)} is not there any more, or cannot be reached; it was taken off the list of recent files."
        )


def install(window: MainWindow) -> RecentMenu:
    """Make the command of recent data files a submenu."""
    return RecentMenu(window, window.actions_by_id["file.open_recent"], DATA, lambda path: files.read(window, path))


def pop_up(window: MainWindow) -> None:
    """Show the list of recent data files on its own, for the keyboard."""
    menu = window.findChild(RecentMenu, "file.open_recent.menu")
    assert isinstance(menu, RecentMenu)
    menu.fill()
    menu.popup(window.header.mapToGlobal(window.header.rect().bottomLeft()))
    menu.setActiveAction(menu.actions()[0])
