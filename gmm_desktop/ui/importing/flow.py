"""The ways in: a file, a drop, the clipboard, and the file that is loaded once more."""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData

from gmm_desktop.data import DataError, Dataset
from gmm_desktop.data.choice import Choice
from gmm_desktop.data.table import listed, quoted
from gmm_desktop.session.background import Progress
from gmm_desktop.session.conditions import can_change
from gmm_desktop.ui import files
from gmm_desktop.ui.importing import opened as opening
from gmm_desktop.ui.importing import remembered
from gmm_desktop.ui.importing.opened import Opened

if TYPE_CHECKING:
    from gmm_desktop.ui.importing.reading import Whole
    from gmm_desktop.ui.main_window import MainWindow

_CHANGE = "Change …"


def read(window: MainWindow, path: str) -> None:
    """Open a file: at once where it is plain or was opened before, else with the preview."""
    progress, known = Progress(), remembered.recall(path)
    window.folder = str(Path(path).parent)
    name = f"Reading {Path(path).name}"
    files.later(window, name, lambda: opening.open_path(path, known, progress.tell), partial(take, window), progress)


def take_text(window: MainWindow, text: str, source: str = "the clipboard") -> None:
    """Open a table of text that is no file."""
    progress = Progress()
    files.later(
        window,
        f"Reading {source}",
        lambda: opening.open_text(text, source, progress.tell),
        partial(take, window),
        progress,
    )


def drop(window: MainWindow, dropped: QMimeData) -> bool:
    """Open the first file dropped, or the text, or say why not; False where it is neither."""
    if not dropped.hasUrls() and not dropped.hasText():
        return False
    if reason := can_change(window.session.snapshot()):
        window.notices.tell(reason)
    elif _takes_files(window, dropped, "dropped"):
        pass
    elif dropped.urls() or _is_link(dropped.text()):
        window.notices.tell("A link was dropped: save the file that it leads to, and drop that file here.")
    else:
        take_text(window, dropped.text(), "the dropped text")
    return True


def paste(window: MainWindow, copied: QMimeData | None) -> None:
    """Open the first file on the clipboard, or the text; say where there is neither, or nothing at all."""
    if copied is None:
        copied = QMimeData()
    if _takes_files(window, copied, "copied"):
        return
    if copied.urls() or _is_link(copied.text()):
        window.notices.tell("The clipboard holds a link: save the file that it leads to, and open that file.")
    elif copied.text().strip():
        take_text(window, copied.text())
    else:
        window.notices.tell("The clipboard holds no text: copy some cells of a table first.")


def _takes_files(window: MainWindow, given: QMimeData, how: str) -> bool:
    """Open the first file that was ``how`` given; whether there was one."""
    paths = [url.toLocalFile() for url in given.urls() if url.isLocalFile()]
    if paths:
        files.read(window, paths[0])
    if len(paths) > 1:
        window.notices.tell_in_turn(f"{len(paths)} files were {how}; the first of them is opened.")
    return bool(paths)


def _is_link(text: str) -> bool:
    return bool(re.fullmatch(r"(?i)\s*(?:https?|ftps?)://\S+\s*", text))


def reopen(window: MainWindow) -> None:
    """Look at the file of the data that are loaded, to read it in another way."""
    dataset = window.session.state.run.dataset
    files.later(window, f"Reading {dataset.source}", lambda: opening.open_again(dataset), partial(preview, window))


def take(window: MainWindow, opened: Opened) -> None:
    """Load what is plain; show what is not; say what cannot be read, and offer to try another way."""
    if opened.dataset is not None:
        _show(window, opened, opened.dataset)
        if opened.again:
            window.notices.tell(_said_of_choice(opened.dataset), passing=True, answer=(_CHANGE, lambda: reopen(window)))
    elif opened.table is not None:
        preview(window, opened)
    else:
        window.refresh_panels()
        window.notices.tell(opened.refusal, answer=("Another way …", lambda: preview(window, opened)))


def preview(window: MainWindow, opened: Opened) -> None:
    """Show a file before it is loaded."""
    from gmm_desktop.ui.importing.dialog import ImportDialog

    window.notices.hide()
    dialog = ImportDialog(window, opened)
    dialog.taken.connect(lambda dataset, choice: _load(window, opened, dataset, choice))
    dialog.awaited.connect(lambda whole, choice: _wait(window, opened, whole, choice))
    dialog.open()


def _load(window: MainWindow, opened: Opened, dataset: Dataset, choice: Choice) -> None:
    if opened.source.path is not None:
        remembered.keep(opened.source.path, choice)
    _show(window, opened, dataset)


def _show(window: MainWindow, opened: Opened, dataset: Dataset) -> None:
    files.show(window, dataset, str(opened.source.path or ""))


def _wait(window: MainWindow, opened: Opened, whole: Whole, choice: Choice) -> None:
    """Load when the rest has been read; where that brings up a new question, ask it."""
    progress = Progress()

    def work() -> Opened:
        chosen = Opened(opened.source, choice)
        try:
            return opening.with_table(chosen, whole.wait(progress))
        except DataError as error:
            return Opened(opened.source, choice, refusal=str(error))

    def done(result: Opened) -> None:
        if result.dataset is not None:
            _load(window, result, result.dataset, choice)
        else:
            take(window, result)

    files.later(window, f"Reading {opened.source.name}", work, done, progress)


def _said_of_choice(dataset: Dataset) -> str:
    weights = f", weights {quoted(dataset.weights_from)}" if dataset.weights_from else ""
    labels = f", labels {quoted(dataset.labels_from)}" if dataset.labels_from else ""
    return f"{quoted(dataset.source)} was read as the last time: {listed(dataset.names, 4)}{weights}{labels}."
