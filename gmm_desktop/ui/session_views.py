"""How a session is looked at: what of the window's own belongs to it. Theme and sizes are the person's, not its.

Plain JSON, each part of which may be missing:

    {"axes": [[low, high], [low, high]] of the shown data, in view coordinates; see ``ui.views.coordinates``,
     "other_axes": [{"runs": [the first run of each of the data sets that share these axes],
                     "of": [{"columns": [indices], "axes": as above}, ...]}, ...],
     "canvas": {"axes": as above, "scales": [[offset, factor], [offset, factor]]} of an empty canvas,
     "display": the switches of the card "Display", "folded": [left, right], "curve", "switches": [those that are on],
     "beside": whether two runs are side by side, "unfolded": the cards that are; in version 1 "formulas": whether
     those are,
     "pinned": {"row": number} or {"place": [x]}, "paint": the tool in hand, while data are painted,
     "selected_runs": [those selected in the list], "presented": whether the window was the presentation}

A session that was presented opens in the window as it is, and offers the presentation in a line: a screen is not
taken over by opening a file.
"""

from __future__ import annotations

import math
from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton

from gmm_desktop.data import Dataset
from gmm_desktop.ui.card import FoldingCard
from gmm_desktop.ui.inspection import Target
from gmm_desktop.ui.paint_tools import LARGEST_RADIUS, MOST_AT_ONCE, PAINT_TOOLS, SMALLEST_RADIUS
from gmm_desktop.ui.panels.curves_panel import CURVES, CurvesPanel
from gmm_desktop.ui.panels.display_panel import COLOURINGS, DisplayPanel
from gmm_desktop.ui.panels.formulas_panel import FormulasPanel
from gmm_desktop.ui.panels.hall_panel import HallPanel
from gmm_desktop.ui.panels.playback_panel import PlaybackPanel
from gmm_desktop.ui.panels.plot_panel import PlotPanel
from gmm_desktop.ui.panels.runs_panel import RunsPanel
from gmm_desktop.ui.views.coordinates import Limits, Scale
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
        "other_axes": _other_axes(window),
        "canvas": _canvas(window),
        "display": asdict(window.panel(DisplayPanel).options),
        "folded": [not window.has_column(0), not window.has_column(2)],
        "curve": window.panel(CurvesPanel).shown,
        "switches": [button.objectName() for button in switches if button is not None and button.isChecked()],
        "beside": window.panel(PlotPanel).beside.wanted,
        "unfolded": [card.unfold.objectName() for card in window.findChildren(FoldingCard) if card.unfold.isChecked()],
        "pinned": _pinned(pointing.target) if pointing.pinned else None,
        "paint": asdict(window.panel(PlotPanel).strip.settings) if window.session.mode == "painting" else None,
        "selected_runs": list(window.panel(RunsPanel).selected()),
        "presented": window.presentation.is_on,
    }


def show_views(window: MainWindow, views: dict[str, Any]) -> None:
    """Look at the session as it was looked at; what makes no sense is passed over."""
    hall = window.session.hall  # what follows shows the work, where another question than that of before is closed
    _know_axes(window, views.get("other_axes"))
    display = _dict(views.get("display"))
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
    formulas = window.panel(FormulasPanel).unfold.objectName()
    unfolded = _list(views.get("unfolded", [formulas] if views.get("formulas") is True else []))
    for card in window.findChildren(FoldingCard):
        card.unfold.setChecked(card.unfold.objectName() in unfolded)
    window.panel(PlaybackPanel).show_rate(window.session.rate)
    runs = tuple(run for run in _list(views.get("selected_runs")) if isinstance(run, int))
    window.panel(RunsPanel).select_later(runs)
    snapshot = window.session.snapshot()
    window.show_snapshot(snapshot)
    window.panel(HallPanel).take(hall, snapshot, window.panel(PlotPanel).plot.shown_ranges())
    if snapshot.canvas is not None:
        _show_canvas(window, views.get("canvas"))
    else:
        _when_prepared(window, views)
    if snapshot.mode == "painting":
        window.panel(PlotPanel).strip.change(**_paint_settings(views.get("paint")))


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
    limits = _limits(views.get("axes"))
    if limits is not None:
        plot.view_box.setRange(xRange=limits[:2], yRange=limits[2:], padding=0)
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


def _other_axes(window: MainWindow) -> list[dict[str, Any]]:
    runs: dict[int, int] = {}
    for run in window.session.state.runs:
        runs.setdefault(id(run.dataset), run.id)
    found = []
    for datasets, axes in window.panel(PlotPanel).plot.known_axes():
        numbers = sorted(runs[id(dataset)] for dataset in datasets if id(dataset) in runs)
        if numbers:
            of = [{"columns": list(columns), "axes": _as_json(limits)} for columns, limits in axes.items()]
            found.append({"runs": numbers, "of": of})
    return found


def _know_axes(window: MainWindow, written: object) -> None:
    datasets = {run.id: run.dataset for run in window.session.state.runs}
    for one in _list(written):
        match one:
            case {"runs": [*numbers], "of": [*of]}:
                sharing = [datasets[number] for number in numbers if isinstance(number, int) and number in datasets]
                axes = dict(filter(None, (_axes_of_columns(each, sharing) for each in of)))
                if axes:
                    window.panel(PlotPanel).plot.know_axes(sharing, axes)


def _axes_of_columns(written: object, sharing: list[Dataset]) -> tuple[tuple[int, ...], Limits] | None:
    match written:
        case {"columns": [int()] | [int(), int()] as columns, "axes": axes} if sharing:
            limits, least = _limits(axes), min(dataset.dimension for dataset in sharing)
            if limits is not None and min(columns) >= 0 and max(columns) < least:
                return tuple(columns), limits
    return None


def _canvas(window: MainWindow) -> dict[str, Any] | None:
    shown = window.panel(PlotPanel).plot.canvas_axes
    if shown is None:
        return None
    limits, scales = shown
    return {"axes": _as_json(limits), "scales": [list(scale) for scale in scales]}


def _show_canvas(window: MainWindow, written: object) -> None:
    plot = window.panel(PlotPanel).plot
    match written:
        case {"axes": axes, "scales": [[float() as a, float() as b], [float() as c, float() as d]]}:
            limits = _limits(axes)
            if limits is not None and all(map(math.isfinite, (a, b, c, d))) and min(b, d) > 0:
                plot.show_canvas_axes(limits, (Scale(a, b), Scale(c, d)))
                plot.settle()


def _as_json(limits: Limits) -> list[list[float]]:
    return [[limits.x_low, limits.x_high], [limits.y_low, limits.y_high]]


def _limits(written: object) -> Limits | None:
    ranges = [_range(limits) for limits in _list(written)]
    if len(ranges) == 2 and ranges[0] is not None and ranges[1] is not None:
        return Limits(*ranges[0], *ranges[1])
    return None


def _range(limits: object) -> tuple[float, float] | None:
    match limits:
        case [float() | int() as low, float() | int() as high]:
            # An integer may be larger than any float.
            if abs(low) < 1e12 and abs(high) < 2e12 and 1e-9 < high - low < 1e12:
                return float(low), float(high)
    return None


def _paint_settings(written: object) -> dict[str, Any]:
    """Those that a strip could have."""
    return {name: value for name, value in _dict(written).items() if _is_setting(name, value)}


def _is_setting(name: str, value: object) -> bool:
    if name in _WHOLE:
        low, high = _WHOLE[name]
        return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high
    if name in _STANDARD_DEVIATIONS:
        return isinstance(value, float) and 0 < value < math.inf
    return name == "tool" and isinstance(value, str) and value in PAINT_TOOLS


_STANDARD_DEVIATIONS = ("along", "across")
_WHOLE = {
    "radius": (SMALLEST_RADIUS, LARGEST_RADIUS),
    "dab": (1, 500),
    "puff": (1, 500),
    "angle": (-180, 180),
    "sample": (1, MOST_AT_ONCE),
}


def _is_option(name: str, value: object) -> bool:
    if name not in {field.name for field in fields(ViewOptions)}:
        return False
    if name == "colouring":
        return isinstance(value, str) and value in COLOURINGS
    if name == "bins":
        return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _MOST_BINS
    return isinstance(value, bool)


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _switch(window: MainWindow, name: str) -> QToolButton | None:
    return window.findChild(QToolButton, name)
