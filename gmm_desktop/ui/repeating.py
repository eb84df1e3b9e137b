"""The shown fit as code that repeats it, on the clipboard or in a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication

if TYPE_CHECKING:
    from gmm_desktop.export import FitReport
    from gmm_desktop.ui.main_window import MainWindow


def copy_command(window: MainWindow) -> None:
    """The shown fit as a command line; what it does not repeat is told."""
    from gmm_desktop.export.repeat import cautions, command_line

    report = _shown(window)
    QApplication.clipboard().setText(command_line(report))
    said = cautions(report)
    window.notices.tell(" ".join(["Copied the command line.", *said]), passing=not said)


def copy_script(window: MainWindow) -> None:
    """The shown fit as a Python script."""
    from gmm_desktop.export.script import python_script, to_do_first

    report = _shown(window)
    QApplication.clipboard().setText(python_script(report))
    said = to_do_first(report)
    window.notices.tell(" ".join(["Copied the Python script.", *said]), passing=not said)


def export_script(window: MainWindow) -> None:
    """Ask for a place and write the script."""
    from gmm_desktop.export import write_whole
    from gmm_desktop.export.script import python_script, to_do_first
    from gmm_desktop.ui import files

    report = _shown(window)
    name = f"{files.stem(report.dataset)}-repeat"
    path = files.ask_where(window, "Save as Python script", name, [(".py", "Python script")])
    if path and Path(path).suffix.lower() != ".py":
        window.notices.tell(f"'{Path(path).name}' was not written: end its name in .py.")
    elif path:
        said = to_do_first(report)
        files.later(
            window,
            f"Writing {Path(path).name}",
            lambda: write_whole(path, python_script(report).encode(errors="replace")),
            lambda _: window.notices.tell(" ".join([f"Wrote the script to {path}.", *said]), passing=not said),
            must_finish=True,
        )


def _shown(window: MainWindow) -> FitReport:
    from gmm_desktop.export import FitReport

    run, frame = window.session.state.run, window.session.state.frame.iteration
    return FitReport(run.dataset, run.settings, run.history, frame, run.ending, run.start, run.used)
