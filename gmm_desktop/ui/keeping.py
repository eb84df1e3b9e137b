"""Puts into the window what saves, opens and keeps sessions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

from gmm_desktop.options import Options
from gmm_desktop.ui import recent_sessions, sessions
from gmm_desktop.ui.autosaving import Autosaving
from gmm_desktop.ui.sessions import Sessions

if TYPE_CHECKING:
    from gmm_desktop.ui.main_window import MainWindow

_AFTER_THE_FIRST_FRAME = 50  # milliseconds


def install(window: MainWindow, wanted: Options, *, offers: bool) -> None:
    """Title, menu and autosave; open the session that is wanted, or with ``offers`` say what was left by itself."""
    autosaving = Autosaving(window, Sessions(window))
    recent_sessions.install(window, autosaving)
    if wanted.is_session:
        then = window.session.play if wanted.run else None
        QTimer.singleShot(0, window, lambda: sessions.read(window, str(wanted.data), then))
    elif offers:
        QTimer.singleShot(_AFTER_THE_FIRST_FRAME, autosaving, autosaving.offer)
