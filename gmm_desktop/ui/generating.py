"""Data that are made up, as a person asks for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from gmm_desktop.ui import files

if TYPE_CHECKING:
    from gmm_desktop.data.generators import PointGenerator
    from gmm_desktop.ui.main_window import MainWindow


def generate(window: MainWindow) -> None:
    """Ask for a generator and draw points from it."""
    from gmm_desktop.ui.generate_dialog import GenerateDialog

    dialog = GenerateDialog(window.theme, window.session.state.run.dataset, window)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    window.theme_taken.connect(dialog.set_theme)
    dialog.accepted.connect(lambda: draw(window, *dialog.chosen()))
    dialog.open()


def draw(window: MainWindow, generator: PointGenerator, seed: int) -> None:
    """Draw points and take them."""
    files.later(
        window,
        f"Drawing {generator.size} points",
        lambda: generator.dataset(seed),
        lambda dataset: files.show(window, dataset),
    )
