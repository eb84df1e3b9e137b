"""What the window remembers from one start to the next: its arrangement and how things are shown."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QByteArray, QSettings

from gmm_desktop.session import logbook
from gmm_desktop.ui.panels.components_panel import ComponentsPanel
from gmm_desktop.ui.panels.display_panel import COLOURINGS, DisplayPanel
from gmm_desktop.ui.settings_file import UnreadableError, read_raw, set_aside, write
from gmm_desktop.ui.views.options import ViewOptions

if TYPE_CHECKING:
    from gmm_desktop.ui.main_window import MainWindow

_ARRANGEMENT = "2"
"""Counts up when the columns change, so that an older arrangement is not forced on a newer window."""

_LONGEST_PATH, _MOST_BINS = 4096, 500


def settings() -> QSettings:
    """Where it is kept: an INI file in the person's configuration folder."""
    return QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, "gmm-desktop", "gmm-desktop")


def settings_path() -> Path:
    """Where that file is, without opening it as Qt would."""
    beside = QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, "gmm-desktop", "none").fileName()
    return Path(beside).with_name("gmm-desktop.ini")


def look_through() -> str:
    """Before anything is read: settings that are none are set aside, and a sentence says so; "" where all is well."""
    path = settings_path()
    try:
        read_raw(path)
        _check(settings())
    except UnreadableError as error:
        logbook.log_error(f"The settings in '{path}' cannot be read: {error}")
        aside = set_aside(path)
        kept = f"the old file is kept as '{aside}'" if aside else f"'{path}' cannot be moved out of the way"
        return f"The remembered settings could not be read, so the window starts as if it were new; {kept}."
    return ""


def theme_choice() -> str:
    """The remembered choice of colours."""
    choice = _readable().value("theme", "system")
    return str(choice) if choice in ("light", "dark") else "system"


def keep(window: MainWindow) -> None:
    """Write down the arrangement. Where that cannot be done, the log says why."""
    values: dict[str, str | bytes] = {
        "theme": window.theme_choice,
        "folder": window.folder,
        "spread": window.panel(ComponentsPanel).spread(),
        "presentation": json.dumps(window.presentation.choices()),
        "display": json.dumps(asdict(window.panel(DisplayPanel).options)),
        f"geometry/{_ARRANGEMENT}": bytes(window.saveGeometry().data()),
        f"columns/{_ARRANGEMENT}": bytes(window.splitter().saveState().data()),
        "folded": json.dumps([not window.has_column(0), not window.has_column(2)]),
    }
    try:
        write(settings_path(), values)
    except Exception as error:  # closing must not fail, whatever became of the folder
        logbook.log_error(f"The settings were not written: {error}")


def restore(window: MainWindow) -> None:
    """Arrange the window as it was."""
    store = _readable()
    folder = str(store.value("folder", window.folder))
    window.folder = folder if os.path.isdir(folder) else window.folder
    window.panel(ComponentsPanel).set_spread(str(store.value("spread", "sd")))
    window.panel(DisplayPanel).change(**_parsed(store, "display", {}))
    for part, shown in _parsed(store, "presentation", {}).items():
        window.presentation.choose(part, shown)
    geometry, columns = store.value(f"geometry/{_ARRANGEMENT}"), store.value(f"columns/{_ARRANGEMENT}")
    if not isinstance(geometry, QByteArray) or not window.restoreGeometry(geometry):
        window.resize(1280, 800)
    if isinstance(columns, QByteArray):
        window.splitter().restoreState(columns)
    for index, hidden in zip((0, 2), _parsed(store, "folded", []), strict=False):
        window.column(index).setVisible(not hidden)


def _readable() -> QSettings:
    """The settings, or none where they could not even be moved out of the way."""
    try:
        read_raw(settings_path())
        _check(settings())
    except UnreadableError:
        return QSettings(os.devnull, QSettings.Format.IniFormat)
    return settings()


def _parsed(store: QSettings, key: str, otherwise: Any) -> Any:
    return otherwise if not store.contains(key) else json.loads(str(store.value(key)))


# --- what each setting may be ---


def _is_text(value: object) -> bool:
    return isinstance(value, str) and len(value) <= _LONGEST_PATH and "\0" not in value


def _is_bytes(value: object) -> bool:
    return isinstance(value, QByteArray)


def _is_json(holds: Callable[[object], bool]) -> Callable[[object], bool]:
    def test(value: object) -> bool:
        try:
            return isinstance(value, str) and holds(json.loads(value))
        except (ValueError, RecursionError):
            return False

    return test


def _are_switches(value: object) -> bool:
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else (None,)
    return all(isinstance(one, bool) for one in inside)


def _are_options(value: object) -> bool:
    """Options of another version are passed over when they are taken, not refused here."""
    if not isinstance(value, dict):
        return False
    usual = asdict(ViewOptions())
    known = {name: one for name, one in value.items() if name in usual}
    return (
        all(type(one) is type(usual[name]) for name, one in known.items())
        and 0 <= known.get("bins", 0) <= _MOST_BINS
        and known.get("colouring", "soft") in COLOURINGS
    )


_RULES: dict[str, Callable[[object], bool]] = {
    "theme": _is_text,
    "folder": _is_text,
    "spread": _is_text,
    "presentation": _is_json(lambda value: isinstance(value, dict) and _are_switches(value)),
    "display": _is_json(_are_options),
    "folded": _is_json(lambda value: isinstance(value, list) and _are_switches(value)),
    f"geometry/{_ARRANGEMENT}": _is_bytes,
    f"columns/{_ARRANGEMENT}": _is_bytes,
}


def _check(store: QSettings) -> None:
    for key, fits in _RULES.items():
        if store.contains(key) and not fits(store.value(key)):
            raise UnreadableError(f"'{key}' is not what it should be")
    if store.status() != QSettings.Status.NoError:
        raise UnreadableError(f"Qt says {store.status().name}")
