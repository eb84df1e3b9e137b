"""Using a fit that was stored: labelling other data with it, or comparing it with the fit that is shown."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog

from gmm_desktop.ui import comparing, files

if TYPE_CHECKING:
    from gmm_desktop.data import Dataset, StoredFit
    from gmm_desktop.ui.main_window import MainWindow


def use_fit(window: MainWindow) -> None:
    """Ask for a parameter file and use it."""
    path, _ = QFileDialog.getOpenFileName(window, "Use a fit", window.folder, "Parameter files (*.json);;All files (*)")
    if path:
        use(window, path)


def use(window: MainWindow, path: str) -> None:
    """Bring the fit in a parameter file to the data that are shown, as a run that has not moved."""
    name = Path(path).name
    dataset = window.session.state.run.dataset

    def load() -> tuple[StoredFit, Dataset, str]:
        from gmm_desktop.data import read_fit
        from gmm_desktop.data.using import data_for

        fit = read_fit(path)
        return (fit, *data_for(fit, dataset, name))

    window.folder = str(Path(path).parent)
    files.later(window, f"Reading {name}", load, lambda found: _take(window, name, *found))


def _take(window: MainWindow, name: str, fit: StoredFit, dataset: Dataset, said: str) -> None:
    from gmm_desktop.data.using import constraint

    session, before = window.session, window.session.state.run
    session.use_fit(fit.mixture, name, dataset, **constraint(fit))
    offer = None
    if dataset is before.dataset and before.ready:
        offer = ("Compare", lambda: _compare(window, before.id))
    what = f"These data with the fit in {name} as it is: Export labelled data writes its labels."
    window.notices.tell(f"{said} {what}".lstrip(), answer=offer)


def _compare(window: MainWindow, run: int) -> None:
    window.session.compare(run)
    if window.session.compared is None:
        comparing.toggle(window, beside=False)
