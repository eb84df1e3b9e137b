"""What the next start, the log and whoever mends the program are told of what went wrong."""

from __future__ import annotations

import faulthandler
import platform
import sys
import traceback
from collections.abc import Sequence
from logging import DEBUG, ERROR, WARNING
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from PySide6.QtCore import QMessageLogContext, QTimer, QtMsgType, QUrl, qInstallMessageHandler, qVersion
from PySide6.QtGui import QDesktopServices, QGuiApplication

from gmm_desktop.options import version
from gmm_desktop.session import logbook
from gmm_desktop.session.marker import LastRun, Mark, left_behind
from gmm_desktop.session.places import state_folder

if TYPE_CHECKING:
    from gmm_desktop.ui.main_window import MainWindow

_SETTLED_MILLISECONDS = 200
_NOISE = "This plugin does not support"
_REPORT = "last-crash.txt"
_QT_LEVELS = {QtMsgType.QtDebugMsg: DEBUG, QtMsgType.QtInfoMsg: DEBUG, QtMsgType.QtWarningMsg: WARNING}


def about() -> str:
    """Versions, in a line."""
    return (
        f"GMM Desktop {version()}, Python {platform.python_version()}, Qt {qVersion()}, "
        f"{platform.system()} {platform.release()} {platform.machine()}"
    )


def details_of(error: BaseException) -> str:
    """Where something went wrong, for those who mend it."""
    return "".join(traceback.format_exception(error)).strip()


def begin(window: MainWindow) -> None:
    """Look for what earlier runs have left and mark that this one is running; tell it after the first picture."""
    left = left_behind()
    window.mark = window.background.mark = Mark()
    QTimer.singleShot(_SETTLED_MILLISECONDS, window, lambda: _settle(window, left))


def _settle(window: MainWindow, left: Sequence[LastRun]) -> None:
    """The log begins, and what earlier runs left is told in lines that block nothing."""
    window.mark.tell_version(version())
    logbook.log(f"Started: {about()}")
    crashed = [run for run in left if run.crashed]
    unfinished = [name for run in left for name in run.unfinished]
    if crashed:
        _keep(_report(crashed))
        logbook.warn(f"{len(crashed)} earlier run{'s' * (len(crashed) != 1)} did not end properly")
        window.notices.tell_in_turn(
            "The last run of the program ended unexpectedly. A report for its authors is ready; it holds no data.",
            answer=("Copy the report", lambda: copy_report(window)),
        )
    if unfinished:
        what = ", ".join(dict.fromkeys(unfinished))
        logbook.warn(f"Not finished in the last run: {what}")
        window.notices.tell_in_turn(
            f"Not finished when the program ended: {what}. What was there before is untouched; export or save it again."
        )


def begin_process(mark: Mark) -> None:
    """For a process of its own: a fault is written down, and Qt's messages go to the log, too."""
    _catch_faults(mark.fault_path)
    qInstallMessageHandler(_on_qt_message)


def end_process() -> None:
    """Before the interpreter ends."""
    qInstallMessageHandler(None)
    logbook.close()


def copy_report(window: MainWindow) -> None:
    """Copy the last crash, if there was one, and the end of the log."""
    crash = ""
    try:
        crash = (state_folder() / _REPORT).read_text("utf-8", errors="replace")
    except OSError:
        crash = f"{about()}\nNo crash is known.\n\n{_end_of_log()}"
    QGuiApplication.clipboard().setText(crash)
    window.notices.tell(f"Copied the report. The log is in {state_folder()}.", passing=True)


def show_log(window: MainWindow) -> None:
    """Show the folder of the log where the system can, and say where it is."""
    folder = state_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        window.notices.tell(
            f"There is no log, because the folder '{folder}' cannot be made.", details=details_of(error)
        )
        return
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
    window.notices.tell(f"The log is {logbook.path()}.", passing=True)


def _report(crashed: Sequence[LastRun]) -> str:
    """What those who mend the program want to know; of the data only names."""
    parts = [about()]
    for run in crashed:
        parts.append(f"A run of version {run.version or '?'} that began at {run.began or '?'} ended unexpectedly.")
        if run.fault:
            parts.append(run.fault.strip())
    return "\n\n".join([*parts, _end_of_log()])


def _end_of_log() -> str:
    return f"The end of the log:\n{logbook.tail()}"


def _keep(report: str) -> None:
    from gmm_desktop.export import ExportError, write_whole

    try:
        write_whole(state_folder() / _REPORT, report.encode(errors="replace"))
    except ExportError as error:
        logbook.log_error(str(error))


def _catch_faults(path: Path) -> None:
    """Python writes down where each of its threads was when the process meets a fault."""
    try:
        stream = path.open("xb")
    except OSError:
        return
    faulthandler.enable(stream)
    _kept_open.append(stream)


_kept_open: list[BinaryIO] = []


def _on_qt_message(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    if not message.startswith(_NOISE):
        logbook.log(f"Qt: {message}", level=_QT_LEVELS.get(kind, ERROR))
    if sys.stderr is not None:
        print(message, file=sys.stderr)
