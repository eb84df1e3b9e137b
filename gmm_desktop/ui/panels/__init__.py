"""The panels of the window, column by column from top to bottom. No panel knows another."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from gmm_desktop.ui.panels.components_panel import ComponentsPanel
from gmm_desktop.ui.panels.curves_panel import CurvesPanel
from gmm_desktop.ui.panels.data_panel import DataPanel
from gmm_desktop.ui.panels.display_panel import DisplayPanel
from gmm_desktop.ui.panels.fit_card import FitCard
from gmm_desktop.ui.panels.fit_panel import FitPanel, StopPanel
from gmm_desktop.ui.panels.formulas_panel import FormulasPanel
from gmm_desktop.ui.panels.hall_panel import HallPanel
from gmm_desktop.ui.panels.playback_panel import PlaybackPanel
from gmm_desktop.ui.panels.plot_panel import PlotPanel
from gmm_desktop.ui.panels.point_panel import PointPanel
from gmm_desktop.ui.panels.runs_panel import RunsPanel

Actions = Mapping[str, QAction]
LEFT, MIDDLE, RIGHT = range(3)


@dataclass(frozen=True)
class Panel:
    """A row of ``PANELS``.

    Attributes:
        column: LEFT: what goes in, MIDDLE: what happens, RIGHT: what comes out.
        make: makes it from the window's actions; where it follows the session it has ``show_snapshot``.
        stretches: whether it takes the spare height of its column.
    """

    column: int
    make: Callable[[Actions], QWidget]
    stretches: bool = False


PANELS = (
    Panel(LEFT, lambda actions: DataPanel()),
    Panel(LEFT, FitPanel),
    Panel(LEFT, lambda actions: StopPanel()),
    Panel(LEFT, lambda actions: DisplayPanel()),
    Panel(MIDDLE, PlotPanel, stretches=True),
    Panel(MIDDLE, HallPanel),
    Panel(MIDDLE, PlaybackPanel),
    Panel(MIDDLE, lambda actions: CurvesPanel()),
    Panel(RIGHT, lambda actions: ComponentsPanel()),
    Panel(RIGHT, FitCard),
    Panel(RIGHT, lambda actions: PointPanel()),
    Panel(RIGHT, lambda actions: FormulasPanel()),
    Panel(RIGHT, RunsPanel),
)
