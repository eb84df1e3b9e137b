"""A small picture of the points that a generator would draw."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from gmm_desktop.data.generators import PointGenerator
from gmm_desktop.mixture import FitSettings
from gmm_desktop.session.snapshot import take_snapshot
from gmm_desktop.session.state import State, first_pair, new_run
from gmm_desktop.ui.form import name_widget
from gmm_desktop.ui.numbers import count, plural
from gmm_desktop.ui.theme import Theme
from gmm_desktop.ui.views.data_plot import DataPlot

MOST_POINTS = 2000
"""Of a preview: they are drawn, and shown, within a frame."""


class Preview(QWidget):
    """The plot of the data before there is a fit, with the truth where it is known, and a sentence about it."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._plot = DataPlot(self)
        name_widget(
            self._plot,
            "generate.preview",
            "Preview of the points",
            "The points as they would be drawn. Shift and drag moves the plot, Ctrl and the wheel zooms.",
        )
        self._plot.set_theme(theme)
        self._plot.setMinimumSize(300, 240)
        self._note = QLabel()
        self._note.setTextFormat(Qt.TextFormat.PlainText)
        self._note.setWordWrap(True)
        name_widget(self._note, "generate.note", "About the preview", "How many points are shown and drawn.")
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addWidget(self._plot, 1)
        rows.addWidget(self._note)

    @property
    def plot(self) -> DataPlot:
        """Where the points are."""
        return self._plot

    def show_generator(self, generator: PointGenerator, seed: int) -> None:
        """Show what a seed gives, or of many points as good a picture.

        Raises:
            ValueError: it cannot be drawn; one sentence.
        """
        dataset = generator.of_size(min(generator.size, MOST_POINTS)).dataset(seed)
        run = new_run((), dataset, FitSettings(components=dataset.components), None)
        self._plot.show_snapshot(take_snapshot(State(first_pair(dataset), (run,), run)))
        self._note.setText(
            " ".join((_sentence(generator.size), f"k begins at {dataset.components}.", *generator.said()))
        )


def _sentence(size: int) -> str:
    if size > MOST_POINTS:
        return f"A preview of {count(MOST_POINTS)} points; {count(size)} will be drawn."
    return "This one point will be drawn." if size == 1 else f"These {plural(size, 'point')} will be drawn."
