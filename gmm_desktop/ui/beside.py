"""Two runs side by side: a second plot of the data with the axes of the first."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from gmm_desktop.session import Snapshot
from gmm_desktop.session.comparison import Comparison
from gmm_desktop.ui.form import name_widget
from gmm_desktop.ui.still import show_text
from gmm_desktop.ui.theme import SMALL, Theme, font
from gmm_desktop.ui.views.data_plot import DataPlot


class SideBySide(QWidget):
    """Holds the plot of the data, and beside it, where that is wanted, one of the run that it is compared with.

    Attributes:
        wanted: whether the run that is compared with is shown beside the other and not over it.
    """

    def __init__(self, plot: DataPlot) -> None:
        super().__init__()
        self.wanted = False
        self._plot = plot
        self._second: DataPlot | None = None
        self._theme: Theme | None = None
        self._scale = 1.0
        self._labels = [_Title(self), _Title(self)]
        self._halves = QHBoxLayout(self)
        self._halves.setContentsMargins(0, 0, 0, 0)
        for label, which in zip(self._labels, ("shown", "other"), strict=True):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setFont(font(SMALL, bold=True))
            name_widget(
                label, f"beside.{which}", f"The {which} run", f"Which run the plot below is of: the {which} one."
            )
            label.hide()
        self._halves.addLayout(_stacked(self._labels[0], plot), 1)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Follow the session."""
        other = snapshot.other if self.wanted else None
        for label in self._labels:
            label.setVisible(other is not None)
        if other is None:
            self._plot.show_snapshot(snapshot)
            if self._second is not None:
                self._second.hide()
                self._halves.setStretch(1, 0)  # a layout keeps its share also where all in it is hidden
            return
        second = self._second or self._make_second()
        second.show()
        self._halves.setStretch(1, 1)
        second.set_options(self._plot.options)
        show_text(self._labels[0], _title(snapshot))
        show_text(self._labels[1], other.words)
        self._plot.show_snapshot(replace(snapshot, other=None))
        second.show_snapshot(_of_other(snapshot, other))
        self._lead()

    def set_theme(self, theme: Theme, scale: float = 1.0) -> None:
        """Take a theme, and for the presentation a scale."""
        self._theme, self._scale = theme, scale
        for plot in (self._plot, self._second):
            if plot is not None:
                plot.set_theme(theme)
                plot.set_scale(scale)

    def _make_second(self) -> DataPlot:
        """When it is wanted first: it costs as much as the other plot."""
        second = self._second = DataPlot(self)
        name_widget(
            second, "data.plot.other", "Plot of the run compared with", "The other run, on the axes of the shown one."
        )
        if self._theme is not None:
            second.set_theme(self._theme)
        second.set_scale(self._scale)
        self._halves.addLayout(_stacked(self._labels[1], second))
        self._plot.view_box.sigRangeChanged.connect(self._lead)
        second.prepared.connect(self._lead)
        second.view_box.sigRangeChangedManually.connect(self._follow)
        return second

    def _lead(self, *_: object) -> None:
        """The second plot has the axes of the first."""
        if self._second is not None and self._second.isVisible():
            _copy_axes(self._plot, self._second)

    def _follow(self, *_: object) -> None:
        """The first has those of the second, where a person moved them."""
        if self._second is not None:
            _copy_axes(self._second, self._plot)


class _Title(QLabel):
    """Above a plot and never wider: of a long name the beginning and the end."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The text, or what there is room for."""
        words = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideMiddle, self.width())
        self.style().drawItemText(
            QPainter(self),
            self.rect(),
            Qt.AlignmentFlag.AlignCenter,
            self.palette(),
            self.isEnabled(),
            words,
            QPalette.ColorRole.WindowText,
        )


def _copy_axes(source: DataPlot, target: DataPlot) -> None:
    x, y = source.view_box.viewRange()
    if target.view_box.viewRange() != [x, y]:
        target.view_box.setRange(xRange=x, yRange=y, padding=0)


def _of_other(snapshot: Snapshot, other: Comparison) -> Snapshot:
    """The snapshot as it would be of the other run."""
    return replace(
        snapshot,
        settings=other.settings,
        run=other.run,
        iteration=other.iteration,
        phase="E" if other.iteration else "start",
        last_iteration=other.last_iteration,
        mixture=other.mixture,
        colouring=other.mixture if other.iteration else None,
        counts=None,
        means=other.way,
        kept=None,
        selected=None,
        other=None,
        ghost=None,
        before=None,
        mode="watching",
        draft=None,
        guess=None,
    )


def _title(snapshot: Snapshot) -> str:
    label = next((row.label for row in snapshot.runs if row.shown), str(snapshot.run))
    settings = snapshot.settings
    return f"run {label} (k = {settings.components}, {settings.covariance}), iteration {snapshot.iteration}"


def _stacked(label: QLabel, plot: DataPlot) -> QVBoxLayout:
    rows = QVBoxLayout()
    rows.setSpacing(0)
    rows.addWidget(label)
    rows.addWidget(plot, 1)
    return rows
