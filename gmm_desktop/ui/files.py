"""Getting data in and results out, with dialogs. Whatever goes wrong is one sentence; what was there stays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QMimeData, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog

from gmm_desktop.data import SAMPLES, DataError, Dataset, with_columns
from gmm_desktop.session.background import Progress
from gmm_desktop.ui import recent, sessions
from gmm_desktop.ui.panels.display_panel import DisplayPanel
from gmm_desktop.ui.reports import details_of

if TYPE_CHECKING:
    from gmm_desktop.ui.filming import Filming
    from gmm_desktop.ui.main_window import MainWindow

Result = TypeVar("Result")

_OTHERS = "Sessions (*.gmm);;Fits (*.json)"
_SMALL = 100_000
"""Points that are drawn at once; more are drawn in the background."""
_PATIENCE_MILLISECONDS, _TELL_EVERY_MILLISECONDS = 250, 100


def open_file(window: MainWindow) -> None:
    """Ask for a file and read it."""
    from gmm_desktop.data.readers import open_filters

    path, _ = QFileDialog.getOpenFileName(window, "Open data", window.folder, f"{open_filters()};;{_OTHERS}")
    if path:
        read(window, path)


def read(window: MainWindow, path: str) -> None:
    """Read a file, as far as it is plain; else show it first. A session is gone on from, a stored fit used."""
    if sessions.is_session(path):
        sessions.read(window, path)
        return
    from gmm_desktop.ui.importing import flow  # not needed by the first picture, as all that takes files apart

    if path.lower().endswith(".json"):
        from gmm_desktop.ui import using

        using.use(window, path)
        return
    flow.read(window, path)


def paste(window: MainWindow) -> None:
    """Read the text on the clipboard, or the file that was copied."""
    from gmm_desktop.ui.importing import flow

    flow.paste(window, QGuiApplication.clipboard().mimeData())


def drop(window: MainWindow, dropped: QMimeData) -> bool:
    """Read a dropped file or table; False where it is neither."""
    from gmm_desktop.ui.importing import flow

    return flow.drop(window, dropped)


def reopen(window: MainWindow) -> None:
    """Show the file of these data once more, to read it in another way."""
    from gmm_desktop.ui.importing import flow

    flow.reopen(window)


def load_sample(window: MainWindow, sample: str) -> None:
    """Take a bundled or generated data set."""
    _now(window, SAMPLES[sample].load, lambda dataset: show(window, dataset))


def draw_anew(window: MainWindow, size: int, seed: int) -> None:
    """Draw other points from what generated these."""
    old = window.session.state.run.dataset
    if old.generator is None:  # the data have changed since the panel was last drawn
        window.refresh_panels()
        return

    def load() -> Dataset:
        assert old.generator is not None
        drawn = old.generator.of_size(size).dataset(seed, old.source)
        drawn = replace(drawn, components=old.components, sample=old.sample)
        return drawn if drawn.names == old.names else with_columns(drawn, old.names)

    if size <= _SMALL:
        _now(window, load, lambda dataset: show(window, dataset))
    else:
        later(window, f"Drawing {size} points", load, lambda dataset: show(window, dataset))


def change_columns(window: MainWindow, fitted: list[str], shown: list[str]) -> None:
    """Fit other columns of the same data, or show another pair of those that are fitted."""
    dataset = window.session.state.run.dataset

    def take(chosen: Dataset) -> None:
        rest = [name for name in chosen.names if name not in shown]
        pair = shown if len(shown) == 2 or chosen.dimension == 1 else (shown + rest)[:2]
        window.session.change_columns(chosen, tuple(chosen.names.index(name) for name in pair))

    if list(dataset.names) == fitted:
        take(dataset)
    elif dataset.size <= _SMALL:
        _now(window, lambda: with_columns(dataset, fitted), take)
    else:
        later(window, "Choosing columns", lambda: with_columns(dataset, fitted), take)


def export_parameters(window: MainWindow) -> None:
    """Write the shown mixture."""
    _export(window, "parameters", "Export parameters")


def export_data(window: MainWindow) -> None:
    """Write the data with labels and responsibilities."""
    _export(window, "data", "Export labelled data")


def _export(window: MainWindow, kind: str, title: str) -> None:
    from gmm_desktop.export import FitReport, export, file_filters

    run, frame = window.session.state.run, window.session.state.frame.iteration
    path = ask_where(window, title, f"{stem(run.dataset)}-{kind}", file_filters(kind))
    if not path:
        return
    report = FitReport(run.dataset, run.settings, run.history, frame, run.ending, run.start, run.used)
    progress = Progress()
    later(
        window,
        f"Writing {Path(path).name}",
        lambda: export(report, path, kind, progress.tell),
        lambda _: window.notices.tell(f"Wrote iteration {frame} to {path}.", passing=True),
        progress,
        must_finish=True,
    )


def export_animation(window: MainWindow) -> None:
    """Ask for looks, pace and place, and write the shown run as a film."""
    from gmm_desktop.ui import filming
    from gmm_desktop.ui.animation_dialog import ask_for_film

    run, history = window.session.snapshot(), window.session.state.run.history
    plan = ask_for_film(window, run.last_iteration, window.theme, window.panel(DisplayPanel).options)
    if plan is None:
        return
    path = ask_where(window, "Export animation", f"{stem(run.dataset)}-run", filming.file_filters())
    if not path:
        return
    film = filming.Filming(plan, run, history, path)
    if film.refusal:
        window.notices.tell(film.refusal)
    elif in_the_way := film.in_the_way():
        more = f", and {len(in_the_way) - 1} more" if in_the_way[1:] else ""
        sentence = f"'{in_the_way[0].name}' is there already{more}."
        window.notices.tell(sentence, answer=("Replace", lambda: _write_film(window, film)))
    else:
        _write_film(window, film)


def _write_film(window: MainWindow, film: Filming) -> None:
    progress = Progress()
    done = f"Wrote {len(film.plan.frames)} frames to {film.path}."
    _now(
        window,
        lambda: film.begin(window, progress),
        lambda _: later(
            window,
            f"Writing {Path(film.path).name}",
            film.write,
            lambda _: window.notices.tell(done, passing=True),
            progress,
            must_finish=True,
        ),
    )


def _now(window: MainWindow, work: Callable[[], Result], take: Callable[[Result], object]) -> None:
    try:
        result = work()
    except Exception as error:
        fail(window, error)
    else:
        take(result)


def later(
    window: MainWindow,
    name: str,
    work: Callable[[], Result],
    take: Callable[[Result], object],
    progress: Progress | None = None,
    must_finish: bool = False,
) -> None:
    """In the background; what takes long is said to be under way, with how far it is, and can be given up.

    Args:
        window: whose background it is.
        name: of the work, such as "Reading data.csv".
        work: done in a thread; what it raises is told as ``fail`` does.
        take: given the result, in the window's thread.
        progress: that the work tells how far it is.
        must_finish: whether the window waits for it when it is closed.
    """
    background = window.background
    background.start(name, work, take, lambda error: fail(window, error), progress=progress, must_finish=must_finish)

    def tell() -> None:
        if background.name == name:
            window.notices.tell(f"{name} …", answer=("Cancel", background.give_up))
            background.ended.connect(window.notices.hide, Qt.ConnectionType.SingleShotConnection)
            QTimer.singleShot(_TELL_EVERY_MILLISECONDS, window, tell_more)

    def tell_more() -> None:
        if background.name == name and window.notices.text().startswith(name):
            window.notices.say_how_far(background.share)
            QTimer.singleShot(_TELL_EVERY_MILLISECONDS, window, tell_more)

    QTimer.singleShot(_PATIENCE_MILLISECONDS, window, tell)


def show(window: MainWindow, dataset: Dataset, opened: str = "") -> None:
    """Take other data; ``opened`` is the path for the list of recent files, or ""."""
    window.notices.hide()
    if opened:
        recent.DATA.add(opened)
    old = window.session.state.run.settings
    window.session.open(dataset, replace(old, components=dataset.components))


def fail(window: MainWindow, error: Exception) -> None:
    """Say what went wrong; the boxes show again what holds."""
    from gmm_desktop.export import ExportError

    window.refresh_panels()
    if isinstance(error, MemoryError):
        window.notices.tell(
            "There is not enough memory for this; a part of the rows may fit.", details=details_of(error)
        )
    elif isinstance(error, DataError | ExportError | ValueError):
        window.notices.tell(str(error), details=details_of(error))
    else:
        raise error


def ask_where(window: MainWindow, title: str, name: str, filters: list[tuple[str, str]]) -> str:
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


def stem(dataset: Dataset) -> str:
    """The beginning of the names of files that come from these data."""
    name = Path(dataset.source).stem.lower()
    return "-".join("".join(c if c.isalnum() else " " for c in name).split())[:60] or "mixture"
