"""What is read beside the plot in the presentation: one point's own numbers, and the formulas."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from gmm_desktop.ui.panels.components_panel import ComponentsPanel
from gmm_desktop.ui.panels.formulas_panel import FormulasPanel
from gmm_desktop.ui.panels.point_panel import PointPanel
from tests.ui.driving import Open, action
from tests.ui.presenting import present


def test_a_pinned_point_and_the_formulas_are_read_in_the_presentation(open_window: Open, qtbot: QtBot) -> None:
    window = open_window("--sample", "faithful")
    window.resize(1280, 800)
    qtbot.waitUntil(lambda: window.session.state.run.ready, timeout=5000)
    widths, place = window.splitter().saveState(), window.geometry()
    present(window, qtbot)
    side, point, formulas = window.column(2), window.panel(PointPanel), window.panel(FormulasPanel)
    assert not side.isVisible()
    action(window, "view.inspect_next").trigger()
    qtbot.waitUntil(lambda: point.isVisible(), timeout=2000)
    smallest = window.height() / 40
    assert point.title.font().pixelSize() >= smallest - 1
    assert not formulas.isVisible()
    assert not window.panel(ComponentsPanel).isVisible()
    action(window, "view.formulas").trigger()
    assert formulas.isVisible()
    point.unpin_wanted.emit()
    qtbot.waitUntil(lambda: not point.isVisible(), timeout=2000)
    assert side.isVisible()
    action(window, "view.presentation").trigger()
    assert all(panel.isVisible() for panel in window.panels(2))
    assert window.splitter().saveState() == widths
    assert window.geometry() == place
    assert window.panel(ComponentsPanel).title.font().pixelSize() == point.title.font().pixelSize() == 12
