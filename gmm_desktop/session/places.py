"""Where the program keeps what is its own and no setting: the log, reports, what was under way."""

from __future__ import annotations

import os
from pathlib import Path

from PySide6.QtCore import QStandardPaths

_NAME = "gmm-desktop"


def state_folder() -> Path:
    """The folder for the program's state: in ``$XDG_STATE_HOME`` where that is set, else in the system's place.

    It need not exist.
    """
    chosen = os.environ.get("XDG_STATE_HOME", "")
    if not os.path.isabs(chosen):
        chosen = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.GenericStateLocation)
    return Path(chosen or Path.home() / ".local" / "state") / _NAME
