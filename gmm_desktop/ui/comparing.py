"""Comparing two runs: which ones, laid over each other or side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gmm_desktop.ui.panels.plot_panel import PlotPanel
from gmm_desktop.ui.panels.runs_panel import RunsPanel

if TYPE_CHECKING:
    from gmm_desktop.ui.main_window import MainWindow


def compares(window: MainWindow, *, beside: bool) -> bool:
    """Whether two runs are shown, side by side or laid over each other."""
    return window.session.compared is not None and window.panel(PlotPanel).beside.wanted == beside


def toggle(window: MainWindow, *, beside: bool) -> None:
    """Show two runs in one of the two ways, or one again where they are shown so already."""
    session, on = window.session, not compares(window, beside=beside)
    if on:
        window.panel(PlotPanel).beside.wanted = beside
        if session.compared is None or len(window.panel(RunsPanel).selected()) == 2:
            _take_pair(window)
    else:
        session.compare(None)
    window.show_snapshot(session.snapshot())


def follow_selection(window: MainWindow) -> None:
    """While two runs are shown, two that are selected take their place."""
    if window.session.compared is not None and len(window.panel(RunsPanel).selected()) == 2:
        _take_pair(window)


def _take_pair(window: MainWindow) -> None:
    """The two selected runs, the shown one first if it is among them; else the shown one and the one before it."""
    session, pair = window.session, window.panel(RunsPanel).selected()
    shown = session.state.run.id
    if len(pair) != 2:
        session.compare(session.counterpart())
        return
    first, second = (shown, sum(pair) - shown) if shown in pair else pair
    session.show_run(first)
    session.compare(second)
