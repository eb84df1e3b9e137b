"""Whether Qt can be loaded here, asked before anything needs it. This file itself imports no Qt."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path


class UnusableQtError(Exception):
    """Qt cannot be used on this machine; one plain sentence that says what to install."""


def load_qt(window: bool) -> None:
    """Loads Qt, or says in a sentence why that fails.

    Raises:
        UnusableQtError: PySide6 is missing, a pair known to crash, or lacks a library of the system.
    """
    try:
        import PySide6
        import PySide6.QtWidgets
    except ModuleNotFoundError as error:
        raise UnusableQtError(
            "PySide6 is not installed; run 'sh setup.sh run', or 'pip install PySide6-Essentials'."
        ) from error
    except ImportError as error:
        raise UnusableQtError(missing_library(str(error))) from error
    bad = unsupported_qt(sys.version_info[:2], PySide6.__version__)
    if bad:
        raise UnusableQtError(bad)
    if window:
        _check_platform_plugin(Path(PySide6.__path__[0]))


def unsupported_qt(python_version: tuple[int, ...], pyside_version: str) -> str | None:
    """Why this pair of Python and PySide6 is refused, or None.

    6.12.0 on Python 3.11 drops references to True and None and kills the process after some hundred signals;
    versions before 6.10.1 were never tried.
    """
    numbers = tuple(int(number) for number in re.findall(r"\d+", pyside_version)[:3])
    if numbers < (6, 10, 1):
        wanted = (
            '"PySide6-Essentials>=6.10.1,<6.12"' if python_version[:2] < (3, 12) else '"PySide6-Essentials>=6.10.1"'
        )
        return f"PySide6 {pyside_version} is too old for this program; install {wanted} with pip."
    if python_version[:2] < (3, 12) and numbers >= (6, 12):
        version = ".".join(str(number) for number in python_version[:2])
        return (
            f"PySide6 {pyside_version} crashes on Python {version}; install "
            '"PySide6-Essentials>=6.10.1,<6.12" with pip, or use Python 3.12 or later.'
        )
    return None


def missing_library(complaint: str) -> str:
    """A sentence for what the loader says when Qt cannot be loaded."""
    found = re.search(r"([\w.+-]+\.so[\w.]*): cannot open shared object file", complaint)
    if not found:
        reason = complaint.strip().rstrip(".")
        return f"Qt cannot be loaded ({reason}); run 'sh setup.sh run', which repairs the installation."
    return (
        f"Qt cannot be loaded, because the system library {found[1]} is missing; run 'sh setup.sh run', "
        "which installs it or names its package."
    )


def _check_platform_plugin(folder: Path) -> None:
    """Qt aborts with a misleading complaint where its X11 plugin lacks a library: ask the loader first."""
    plugin = folder / "Qt" / "plugins" / "platforms" / "libqxcb.so"
    chosen = os.environ.get("QT_QPA_PLATFORM") or ("wayland" if os.environ.get("WAYLAND_DISPLAY") else "xcb")
    if not sys.platform.startswith("linux") or not chosen.startswith("xcb") or not plugin.exists():
        return
    import ctypes

    try:
        ctypes.CDLL(str(plugin))
    except OSError as error:
        raise UnusableQtError(missing_library(str(error))) from error
