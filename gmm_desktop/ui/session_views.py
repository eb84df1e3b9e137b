"""How a session is looked at: what of the window's own belongs to it. Theme and sizes are the person's, not its."""

from __future__ import annotations

import math
from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton

from gmm_desktop.data import Dataset
from gmm_desktop.ui.inspection import Target
from gmm_desktop.ui.panels.curves_panel import CURVES, CurvesPanel
from gmm_desktop.ui.panels.display_panel import COLOURINGS, DisplayPanel
from gmm_desktop.ui.panels.formulas_panel import FormulasPanel
from gmm_desktop.ui.panels.playback_panel import PlaybackPanel
from gmm_desktop.ui.panels.plot_panel import PlotPanel
from gmm_desktop.ui.views.options import ViewOptions

if TYPE_CHECKING:
    from gmm_desktop.ui.main_window import MainWindow

_MOST_BINS = 500


def views_of(window: MainWindow) -> dict[str, Any]:
    """What to write down, as plain JSON."""
    plot, pointing = window.panel(PlotPanel).plot, window.panel(PlotPanel).pointing
    switches = (_switch(window, switch.id) for curve in CURVES for switch in curve.switches)
    return {
        "axes": [list(limits) for limits in plot.view_box.viewRange()] if plot.cloud is not None else None,
        "display": asdict(window.panel(DisplayPanel).options),
        "folded": [not window.has_column(0), not window.has_column(2)],
        "curve": window.panel(CurvesPanel).shown,
        "switches": [button.objectName() for button in switches if button is not None and button.isChecked()],
        "beside": window.panel(PlotPanel).beside.wanted,
        "formulas": window.panel(FormulasPanel).opened,
        "pinned": _pinned(pointing.target) if pointing.pinned else None,
    }


def show_views(window: MainWindow, views: dict[str, Any]) -> None:
    """Look at the session as it was looked at; what makes no sense is passed over."""
    display = views.get("display")
    if isinstance(display, dict):
        window.panel(DisplayPanel).change(**{name: value for name, value in display.items() if _is_option(name, value)})
    folded = views.get("folded")
    if isinstance(folded, list) and len(folded) == 2 and not window.presentation.is_on:
        for index, hidden in zip((0, 2), folded, strict=True):
            if window.has_column(index) == (hidden is True):
                window.toggle_column(index)
    for curve in CURVES:
        for switch in curve.switches:
            button, on = _switch(window, switch.id), switch.id in _list(views.get("switches"))
            if button is not None and button.isChecked() != on:
                button.setChecked(on)
    if views.get("curve") in [curve.id for curve in CURVES]:
        window.panel(CurvesPanel).show_curve(str(views["curve"]))
    window.panel(PlotPanel).beside.wanted = views.get("beside") is True
    if window.panel(FormulasPanel).opened != (views.get("formulas") is True):
        window.panel(FormulasPanel).toggle()
    window.panel(PlaybackPanel).show_rate(window.session.rate)
    window.show_snapshot(window.session.snapshot())
    _when_prepared(window, views)


def _when_prepared(window: MainWindow, views: dict[str, Any]) -> None:
    """Axes and pin, as soon as the plot has looked through the points."""
    plot, dataset = window.panel(PlotPanel).plot, window.session.state.run.dataset
    if plot.cloud is None or plot.cloud.dataset is not dataset:
        plot.prepared.connect(lambda: _show_places(window, views, dataset), Qt.ConnectionType.SingleShotConnection)
    else:
        _show_places(window, views, dataset)


def _show_places(window: MainWindow, views: dict[str, Any], dataset: Dataset) -> None:
    plot = window.panel(PlotPanel).plot
    if plot.cloud is None or plot.cloud.dataset is not dataset:
        return
    ranges = [_range(limits) for limits in _list(views.get("axes"))]
    if len(ranges) == 2 and ranges[0] is not None and ranges[1] is not None:
        plot.view_box.setRange(xRange=ranges[0], yRange=ranges[1], padding=0)
        plot.settle()
    target = _target(views.get("pinned"), dataset)
    if target is not None:
        window.panel(PlotPanel).pointing.pin(target)


def _pinned(target: Target | None) -> dict[str, Any] | None:
    if target is None:
        return None
    return {"row": target.row} if target.row is not None else {"place": target.place.tolist()}


def _target(pinned: object, dataset: Dataset) -> Target | None:
    match pinned:
        case {"row": int(row)} if 0 <= row < dataset.size:
            return Target.of_row(dataset, row)
        case {"place": [float(x)]} if dataset.dimension == 1 and math.isfinite(x):
            return Target(dataset, np.array([x]))
    return None


def _range(limits: object) -> tuple[float, float] | None:
    match limits:
        case [float() | int() as low, float() | int() as high]:
            if math.isfinite(low) and math.isfinite(high) and 1e-9 < high - low < 1e12 and abs(low) < 1e12:
                return float(low), float(high)
    return None


def _is_option(name: str, value: object) -> bool:
    if name not in {field.name for field in fields(ViewOptions)}:
        return False
    if name == "colouring":
        return isinstance(value, str) and value in COLOURINGS
    if name == "bins":
        return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _MOST_BINS
    return isinstance(value, bool)


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _switch(window: MainWindow, name: str) -> QToolButton | None:
    return window.findChild(QToolButton, name)
