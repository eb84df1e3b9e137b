"""The data that are shown, taken elsewhere: to the clipboard, and to a CSV file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication

from gmm_desktop.session.background import Progress
from gmm_desktop.ui import files
from gmm_desktop.ui.clipboard import empty_content
from gmm_desktop.ui.numbers import count, plural

if TYPE_CHECKING:
    from gmm_desktop.ui.main_window import MainWindow

MOST_COPIED = 1_000_000
"""Rows; a spreadsheet takes 1 048 576, the header among them."""
_SUFFIX = ".csv"


def copy_data(window: MainWindow) -> None:
    """Copy the points with their columns' names, as a spreadsheet takes them."""
    dataset = window.session.state.run.dataset
    if dataset.size > MOST_COPIED:
        window.notices.tell(
            f"The clipboard is for {count(MOST_COPIED)} rows at the most, about as many as a spreadsheet takes; these "
            f"are {count(dataset.size)}. Save them as CSV instead (Ctrl+Shift+D)."
        )
        return
    progress = Progress()

    def write() -> bytes:
        from gmm_desktop.export.points import points_tsv

        return b"".join(points_tsv(dataset, progress.tell))

    def take(text: bytes) -> None:
        mime = empty_content()
        mime.setData("text/plain", text)  # as a str it would be converted here, which takes longer than a frame
        QGuiApplication.clipboard().setMimeData(mime)
        window.notices.tell(f"Copied {plural(dataset.size, 'row')} with the names of the columns.", passing=True)

    files.later(window, "Copying the data", write, take, progress)


def save_data(window: MainWindow) -> None:
    """Ask for a place and write the points as CSV, with every digit."""
    dataset = window.session.state.run.dataset
    path = files.ask_where(window, "Save data", f"{files.stem(dataset)}-points", [(_SUFFIX, "Table with commas")])
    if not path:
        return
    name = Path(path).name
    if Path(path).suffix.lower() != _SUFFIX:
        window.notices.tell(f"'{name}' was not written: end its name in {_SUFFIX}.")
        return
    progress = Progress()

    def write() -> None:
        from gmm_desktop.export import write_whole
        from gmm_desktop.export.points import points_csv

        write_whole(path, points_csv(dataset, progress.tell))

    done = f"Wrote {plural(dataset.size, 'row')} to {path}."
    files.later(
        window,
        f"Writing {name}",
        write,
        lambda _: window.notices.tell(done, passing=True),
        progress,
        must_finish=True,
    )
