"""What the window remembers from one start to the next: its arrangement and how things are shown."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QSettings

from gmm_desktop.ui.panels.components_panel import ComponentsPanel
from gmm_desktop.ui.panels.display_panel import DisplayPanel

if TYPE_CHECKING:
    from gmm_desktop.ui.main_window import MainWindow

_ARRANGEMENT = "2"
"""Counts up when the columns change, so that an older arrangement is not forced on a newer window."""


def settings() -> QSettings:
    """Where it is kept: an INI file in the person's configuration folder."""
    return QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, "gmm-desktop", "gmm-desktop")


def theme_choice() -> str:
    """The remembered choice of colours."""
    choice = str(settings().value("theme", "system"))
    return choice if choice in ("light", "dark") else "system"


def keep(window: MainWindow) -> None:
    """Write down the arrangement."""
    store = settings()
    store.setValue("theme", window.theme_choice)
    store.setValue("folder", window.folder)
    store.setValue("spread", window.panel(ComponentsPanel).spread())
    store.setValue("presentation", json.dumps(window.presentation.choices()))
    store.setValue("display", json.dumps(asdict(window.panel(DisplayPanel).options)))
    store.setValue(f"geometry/{_ARRANGEMENT}", window.saveGeometry())
    store.setValue(f"columns/{_ARRANGEMENT}", window.splitter().saveState())
    store.setValue("folded", json.dumps([not window.has_column(0), not window.has_column(2)]))


def restore(window: MainWindow) -> None:
    """Arrange the window as it was; what cannot be read is passed over."""
    store = settings()
    window.folder = str(store.value("folder", window.folder))
    window.panel(ComponentsPanel).set_spread(str(store.value("spread", "sd")))
    display = _parsed(store.value("display", "{}"))
    if isinstance(display, dict):
        window.panel(DisplayPanel).change(**display)
    presented = _parsed(store.value("presentation", "{}"))
    for part, shown in presented.items() if isinstance(presented, dict) else ():
        window.presentation.choose(str(part), bool(shown))
    geometry, columns = store.value(f"geometry/{_ARRANGEMENT}"), store.value(f"columns/{_ARRANGEMENT}")
    if isinstance(geometry, QByteArray):
        window.restoreGeometry(geometry)
    else:
        window.resize(1280, 800)
    if isinstance(columns, QByteArray):
        window.splitter().restoreState(columns)
    folded = _parsed(store.value("folded", "[]"))
    for index, hidden in zip((0, 2), folded if isinstance(folded, list) else [], strict=False):
        window.column(index).setVisible(not hidden)


def _parsed(text: object) -> object:
    try:
        return json.loads(str(text))
    except ValueError:
        return None
