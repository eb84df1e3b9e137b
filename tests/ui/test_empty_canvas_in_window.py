"""What the cards say while nothing is painted yet."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QSpinBox, QToolButton
from pytestqt.qtbot import QtBot

from gmm_desktop.ui.main_window import MainWindow
from gmm_desktop.ui.panels.runs_panel import RunsPanel
from gmm_desktop.ui.runs_table import RunsTable
from tests.ui.driving import Open, action, find, text
from tests.ui.hands import at, click, plot_of
from tests.ui.painting_hands import take


def _behind_a_canvas(open_window: Open, qtbot: QtBot, tmp_path: Path, columns: int = 2) -> MainWindow:
    file = tmp_path / "geysers.csv"
    file.write_text("height,width,age\n" + "".join(f"{i},{i * i},{50 - i}\n" for i in range(30)))
    window = open_window(str(file))
    qtbot.waitUntil(lambda: window.session.state.run.ready, timeout=5000)
    action(window, f"edit.canvas_{columns}d").trigger()
    qtbot.waitUntil(lambda: text(window, "data.caption").startswith("An empty canvas"))
    return window


def _said_by(window: MainWindow) -> list[str]:
    """Every word that is to be seen."""
    boxes = [box.currentText() for box in window.findChildren(QComboBox) if box.isVisible()]
    labels = [label.text() for label in window.findChildren(QLabel) if label.isVisible()]
    buttons = [button.text() for button in window.findChildren(QAbstractButton) if button.isVisible()]
    return boxes + labels + buttons


def test_no_card_names_the_data_behind_an_empty_canvas(open_window: Open, qtbot: QtBot, tmp_path: Path) -> None:
    window = _behind_a_canvas(open_window, qtbot, tmp_path)
    assert not [word for word in _said_by(window) if any(of in word for of in ("geysers", "height", "width"))]
    assert find(window, QComboBox, "data.sample").currentText() == "Empty canvas"
    assert [find(window, QComboBox, f"data.{axis}").currentText() for axis in "xy"] == ["x", "y"]
    assert not find(window, QComboBox, "data.x").isEnabled()
    assert text(window, "data.note").startswith("Nothing is painted yet")
    assert not find(window, QToolButton, "data.columns").isVisible()
    assert not find(window, QAbstractButton, "data.reopen").isVisible()
    assert not action(window, "file.reopen").isEnabled()
    assert "empty" in action(window, "file.reopen").toolTip()


def test_no_runs_are_listed_on_an_empty_canvas(open_window: Open, qtbot: QtBot, tmp_path: Path) -> None:
    window = _behind_a_canvas(open_window, qtbot, tmp_path)
    assert find(window, RunsTable, "runs.list").rowCount() == 0
    assert "none yet" in " ".join(label.text() for label in window.panel(RunsPanel).findChildren(QLabel))
    assert not action(window, "view.compare").isEnabled()


def test_undo_and_a_first_point_say_again_what_there_is(open_window: Open, qtbot: QtBot, tmp_path: Path) -> None:
    window = _behind_a_canvas(open_window, qtbot, tmp_path, columns=1)
    assert find(window, QComboBox, "data.y").currentText() == "none: one column"
    action(window, "edit.undo").trigger()
    qtbot.waitUntil(lambda: find(window, QComboBox, "data.sample").currentText() == "geysers.csv")
    assert find(window, QComboBox, "data.x").currentText() == "height"
    assert find(window, QComboBox, "data.x").isEnabled()
    assert find(window, QAbstractButton, "data.reopen").isVisible()
    assert find(window, RunsTable, "runs.list").rowCount() == 1
    action(window, "edit.canvas_2d").trigger()
    qtbot.waitUntil(lambda: text(window, "data.note").startswith("Nothing is painted yet"))
    take(window, "point")
    click(plot_of(window), at(plot_of(window), (5, 5)))
    qtbot.waitUntil(lambda: find(window, QComboBox, "data.sample").currentText() == "Painted points")
    assert "Nothing is painted" not in text(window, "data.note")


def test_the_empty_canvas_of_generated_data_offers_no_size(open_window: Open, qtbot: QtBot) -> None:
    window = open_window("--sample", "three-groups")
    qtbot.waitUntil(lambda: window.session.state.run.ready, timeout=5000)
    assert find(window, QSpinBox, "data.size").isVisible()
    action(window, "edit.canvas_2d").trigger()
    qtbot.waitUntil(lambda: text(window, "data.note").startswith("Nothing is painted yet"))
    assert not find(window, QSpinBox, "data.size").isVisible()
    assert not find(window, QAbstractButton, "data.new_seed").isVisible()
