"""The curves below the plot, in the sizes of a presentation."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QFontMetricsF
from pytestqt.qtbot import QtBot

from gmm_desktop.ui.panels.curves_panel import CURVES, CurvesPanel
from gmm_desktop.ui.theme import BODY, SMALL
from tests.ui.driving import Open, action, run_to_the_end
from tests.ui.presenting import present, settle


@pytest.mark.parametrize("curve", [row.id for row in CURVES])
@pytest.mark.parametrize("size", [(1280, 800), (1920, 1080)])
def test_numbers_and_title_of_the_axis_have_room(
    open_window: Open, qtbot: QtBot, curve: str, size: tuple[int, int]
) -> None:
    window = open_window()
    run_to_the_end(window, qtbot)
    present(window, qtbot, size)
    action(window, f"view.{curve}").trigger()
    settle()
    plot = window.panel(CurvesPanel).plot(curve)
    qtbot.waitUntil(lambda: not getattr(plot, "sentence", "").startswith("Computing"))
    axis, style = plot.y_axis, plot.plot_style
    assert axis.ticks.strings
    low, high = axis.range
    pixels = np.sort(np.array(axis.ticks.positions)) / (high - low) * axis.size().height()
    assert (np.diff(pixels) >= 0.95 * QFontMetricsF(style.font(SMALL)).height()).all()
    top = axis.mapToScene(0, 0).y()
    title = QFontMetricsF(style.font(BODY)).horizontalAdvance(axis.title)
    assert title <= plot.height() - top + 8 * style.scale
