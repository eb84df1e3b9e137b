"""Getting data in and results out, with dialogs. Whatever goes wrong is one sentence; what was there stays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog

from gmm_desktop.data import SAMPLES, DataError, Dataset, dataset_from_table, with_columns
from gmm_desktop.ui.waiting import waiting_cursor

if TYPE_CHECKING:
    from gmm_desktop.ui.main_window import MainWindow

_OPENED = "Tables of numbers (*.csv *.tsv *.txt *.npy);;All files (*)"


def open_file(window: MainWindow) -> None:
    """Ask for a file and read it."""
    path, _ = QFileDialog.getOpenFileName(window, "Open data", window.folder, _OPENED)
    if path:
        read(window, path)


def read(window: MainWindow, path: str) -> None:
    """Read a file and fit its first two numeric columns, or the one there is."""
    from gmm_desktop.data import read_table  # the readers' library is not needed for the first picture

    window.folder = str(Path(path).parent)
    take(window, lambda: dataset_from_table(read_table(path), None))


def paste(window: MainWindow) -> None:
    """Read the text on the clipboard."""
    from gmm_desktop.data import read_text

    text = QGuiApplication.clipboard().text()
    if not text.strip():
        window.notices.tell("The clipboard holds no text: copy some cells of a table first.")
        return
    take(window, lambda: dataset_from_table(read_text(text), None))


def load_sample(window: MainWindow, sample: str) -> None:
    """Take a bundled or generated data set."""
    take(window, SAMPLES[sample].load)


def draw_anew(window: MainWindow, size: int, seed: int) -> None:
    """Draw other points from the mixture that generated these."""
    old = window.session.state.run.dataset

    def load() -> Dataset:
        assert old.generator is not None
        drawn = replace(old.generator, size=size).dataset(seed, old.source)
        drawn = replace(drawn, components=old.components, sample=old.sample)
        return drawn if drawn.names == old.names else with_columns(drawn, old.names)

    take(window, load)


def change_columns(window: MainWindow, fitted: list[str], shown: list[str]) -> None:
    """Fit other columns of the same data, or show another pair of those that are fitted."""
    dataset = window.session.state.run.dataset
    try:
        with waiting_cursor():
            chosen = dataset if list(dataset.names) == fitted else with_columns(dataset, fitted)
    except DataError as error:
        window.notices.tell(str(error))
        window.refresh_panels()
        return
    rest = [name for name in chosen.names if name not in shown]
    pair = (shown + rest)[: min(2, chosen.dimension)] if len(shown) < 2 else shown
    window.session.change_columns(chosen, tuple(chosen.names.index(name) for name in pair))


def take(window: MainWindow, load: Callable[[], Dataset]) -> None:
    """Show other data, or say why they cannot be had and keep what is there."""
    try:
        with waiting_cursor():
            dataset = load()
    except DataError as error:
        window.notices.tell(str(error))
        window.refresh_panels()
        return
    except MemoryError:
        window.notices.tell("There is not enough memory to read these data; a part of them may fit.")
        return
    window.notices.hide()
    old = window.session.state.run.settings
    window.session.open(dataset, replace(old, components=dataset.components))


def generate(window: MainWindow) -> None:
    """Ask for a mixture and draw points from it."""
    from gmm_desktop.ui.mixture_dialog import MixtureDialog

    dialog = MixtureDialog(window)
    if dialog.exec() == MixtureDialog.DialogCode.Accepted:
        take(window, dialog.dataset)
    dialog.deleteLater()


def export_parameters(window: MainWindow) -> None:
    """Write the shown mixture."""
    _export(window, "parameters", "Export parameters")


def export_data(window: MainWindow) -> None:
    """Write the data with labels and responsibilities."""
    _export(window, "data", "Export labelled data")


def _export(window: MainWindow, kind: str, title: str) -> None:
    from gmm_desktop.export import ExportError, FitReport, export, file_filters

    run, frame = window.session.state.run, window.session.state.frame
    filters = file_filters(kind)
    path = _ask_where(window, title, f"{_stem(run.dataset)}-{kind}", filters)
    if not path:
        return
    try:
        with waiting_cursor():
            export(FitReport(run.dataset, run.settings, run.history, frame, run.ending), path, kind)
    except ExportError as error:
        window.notices.tell(str(error))
        return
    window.notices.tell(f"Wrote iteration {frame} to {path}.", passing=True)


def export_picture(window: MainWindow) -> None:
    """Ask for size and place, and write the plot."""
    from gmm_desktop.export import ExportError, write_whole
    from gmm_desktop.ui import pictures
    from gmm_desktop.ui.dialogs import ask_picture_size

    size = ask_picture_size(window)
    if size is None:
        return
    path = _ask_where(
        window,
        "Export picture",
        _stem(window.session.state.run.dataset),
        [(row.id, row.label) for row in pictures.PICTURES.values()],
    )
    if not path:
        return
    try:
        with waiting_cursor():
            content = pictures.picture_bytes(
                Path(path).suffix,
                window.session.snapshot(),
                window.display.options,
                window.theme,
                *size,
            )
            write_whole(path, content)
    except (ExportError, ValueError) as error:
        window.notices.tell(str(error))
        return
    window.notices.tell(f"Wrote the picture to {path}.", passing=True)


def _ask_where(window: MainWindow, title: str, name: str, filters: list[tuple[str, str]]) -> str:
    """A path with one of the suffixes offered; the first where none was typed. "" where nothing was chosen."""
    offered = ";;".join(f"{label} (*{suffix})" for suffix, label in filters)
    start = str(Path(window.folder) / f"{name}{filters[0][0]}")
    path, chosen = QFileDialog.getSaveFileName(window, title, start, offered)
    if not path:
        return ""
    window.folder = str(Path(path).parent)
    if not Path(path).suffix:
        path += next((suffix for suffix, label in filters if chosen.startswith(label)), filters[0][0])
    return path


def _stem(dataset: Dataset) -> str:
    stem = Path(dataset.source).stem.lower()
    return "-".join("".join(c if c.isalnum() else " " for c in stem).split())[:60] or "mixture"
