"""The real window, driven with keys and mouse as a person drives it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QAction, QDropEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QSlider,
    QSpinBox,
    QTableWidget,
    QWidget,
)
from pytestqt.qtbot import QtBot

from gmm_desktop.session.pace import RATES
from gmm_desktop.ui.main_window import MainWindow

Open = Callable[..., MainWindow]

# fmt: off
ACTIONS = (
    "file.open", "file.paste", "file.save_session", "file.export_parameters", "file.export_data",
    "file.export_picture", "file.export_animation", "run.play", "run.step", "run.half_step", "run.back", "run.reset",
    "view.presentation", "help.shortcuts",
)
WIDGETS = (
    "data.sample", "data.x", "data.y", "data.size", "data.seed", "fit.components", "fit.covariance",
    "fit.initialization", "fit.stop_rule", "fit.tolerance", "fit.max_iterations", "fit.restarts", "fit.seed",
    "run.timeline", "run.speed", "parameters.table", "log_likelihood.plot", "data.plot", "data.caption",
    "point.inspector", "formulas.view", "bound.plot", "gain.plot",
)
# fmt: on


def _action(window: MainWindow, name: str) -> QAction:
    action = window.findChild(QAction, name)
    assert isinstance(action, QAction)
    return action


def _text(window: MainWindow, name: str) -> str:
    label = window.findChild(QLabel, name)
    assert isinstance(label, QLabel)
    return label.text()


T = TypeVar("T", bound=QWidget)


def _find(window: MainWindow, kind: type[T], name: str) -> T:
    widget = window.findChild(kind, name)
    assert isinstance(widget, kind)
    return widget


def _fast(window: MainWindow) -> None:
    speed = _find(window, QSlider, "run.speed")
    speed.setValue(speed.maximum())


def _run_to_the_end(window: MainWindow, qtbot: QtBot) -> None:
    _fast(window)
    _action(window, "run.play").trigger()
    qtbot.waitUntil(lambda: bool(window.session.snapshot().outcome), timeout=20_000)
    qtbot.waitUntil(lambda: _action(window, "run.play").text() == "Play", timeout=5000)
    qtbot.wait(50)


def test_space_alone_takes_a_guest_from_the_first_screen_to_convergence(open_window: Open, qtbot: QtBot) -> None:
    window = open_window()
    qtbot.waitUntil(lambda: _text(window, "data.caption") == "Three groups, three guesses. Press Space.")
    qtbot.keyClick(window, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: _action(window, "run.play").text() == "Pause")
    qtbot.waitUntil(lambda: "Converged" in _text(window, "data.caption"), timeout=12_000)
    qtbot.waitUntil(lambda: _action(window, "run.play").text() == "Play", timeout=300)


def test_all_that_others_rely_on_is_there_at_the_first_paint(open_window: Open) -> None:
    window = open_window()
    for name in ACTIONS:
        assert _action(window, name).parent() is window
    for name in WIDGETS:
        widget = _find(window, QWidget, name)
        assert widget.accessibleName(), name
        assert widget.toolTip(), name


def test_every_control_has_a_name_for_screen_readers_and_a_tool_tip(open_window: Open) -> None:
    window = open_window()
    kinds = (QAbstractButton, QComboBox, QAbstractSpinBox, QSlider, QTableWidget)
    for kind in kinds:
        for widget in window.findChildren(kind):
            if widget.isVisible() and not widget.objectName().startswith("qt_") and widget.accessibleName() == "":
                assert type(widget.parent()).__name__ in ("QTableWidget", "_Table", "QMenuBar"), widget.parent()


def test_work_not_yet_done_is_disabled_and_says_so(open_window: Open) -> None:
    window = open_window()
    for name in ("file.save_session", "file.export_animation", "run.half_step", "view.presentation"):
        assert not _action(window, name).isEnabled()
        assert "later version" in _action(window, name).toolTip()


def test_space_plays_from_a_numeric_field_too(open_window: Open, qtbot: QtBot) -> None:
    window = open_window()
    field = _find(window, QSpinBox, "fit.components")
    field.setFocus()
    qtbot.keyClick(field, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: _action(window, "run.play").text() == "Pause")
    qtbot.keyClick(window, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: _action(window, "run.play").text() == "Play")


def test_digits_set_k_only_while_the_plot_has_the_focus(open_window: Open, qtbot: QtBot) -> None:
    window = open_window()
    plot = _find(window, QWidget, "data.plot")
    plot.setFocus()
    qtbot.keyClick(plot, Qt.Key.Key_5)
    qtbot.waitUntil(lambda: _find(window, QSpinBox, "fit.components").value() == 5)
    _find(window, QTableWidget, "parameters.table").setFocus()
    qtbot.keyClick(_find(window, QTableWidget, "parameters.table"), Qt.Key.Key_2)
    assert window.session.state.run.settings.components == 5


def test_settings_are_locked_only_while_it_computes_and_say_why(open_window: Open, qtbot: QtBot) -> None:
    window = open_window()
    field = _find(window, QSpinBox, "fit.components")
    _action(window, "run.play").trigger()
    qtbot.waitUntil(lambda: not field.isEnabled())
    assert "pause" in field.toolTip().lower()
    _action(window, "run.play").trigger()
    qtbot.waitUntil(field.isEnabled)
    assert "Locked" not in field.toolTip()


@pytest.mark.parametrize("text", ["0", "abc", "-1", "nan", "inf", ""])
def test_a_tolerance_that_cannot_be_is_told_and_the_old_one_stays(open_window: Open, qtbot: QtBot, text: str) -> None:
    window = open_window()
    before = window.session.state
    _find(window, QAbstractButton, "fit.stop").click()
    field = _find(window, QLineEdit, "fit.tolerance")
    field.selectAll()
    qtbot.keyClick(field, Qt.Key.Key_Backspace)
    qtbot.keyClicks(field, text)
    qtbot.keyClick(field, Qt.Key.Key_Return)
    errors = [label.text() for label in window.findChildren(QLabel, "fit.error") if label.isVisible()]
    assert len(errors) == 1
    assert "tolerance" in errors[0]
    assert "above 0" in errors[0]
    assert window.session.state is before


def test_a_tolerance_typed_by_hand_moves_the_stop_mark(open_window: Open, qtbot: QtBot) -> None:
    window = open_window()
    _run_to_the_end(window, qtbot)
    end = window.session.snapshot().stop_iteration
    field = _find(window, QLineEdit, "fit.tolerance")
    field.selectAll()
    qtbot.keyClicks(field, "1e-3")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    snapshot = window.session.snapshot()
    assert snapshot.settings.tolerance == 1e-3
    assert end is not None
    assert snapshot.stop_iteration is not None
    assert snapshot.stop_iteration < end == snapshot.last_iteration


def test_the_timeline_and_the_keys_walk_the_history(open_window: Open, qtbot: QtBot) -> None:
    window = open_window()
    _run_to_the_end(window, qtbot)
    last = window.session.snapshot().last_iteration
    timeline = _find(window, QSlider, "run.timeline")
    assert (timeline.value(), timeline.maximum()) == (last, last)
    timeline.setValue(2)
    assert window.session.snapshot().iteration == 2
    qtbot.waitUntil(lambda: _text(window, "data.caption").startswith("Iteration 2 "))
    qtbot.keyClick(window, Qt.Key.Key_B)
    assert window.session.snapshot().iteration == 1
    qtbot.keyClick(window, Qt.Key.Key_S)
    assert window.session.snapshot().iteration == 2
    qtbot.keyClick(window, Qt.Key.Key_Home)
    assert window.session.snapshot().iteration == 0
    assert window.session.snapshot().last_iteration == last
    qtbot.keyClick(window, Qt.Key.Key_End)
    assert window.session.snapshot().iteration == last


def test_plus_and_minus_change_the_speed_which_prints_its_value(open_window: Open, qtbot: QtBot) -> None:
    window = open_window()
    speed = _find(window, QSlider, "run.speed")
    assert speed.value() == 0
    assert window.session.rate == RATES[0]
    qtbot.keyClick(window, Qt.Key.Key_Plus)
    assert window.session.rate == RATES[1] == 0.5
    speed.setValue(speed.maximum())
    assert window.session.rate == float("inf")
    qtbot.keyClick(window, Qt.Key.Key_Minus)
    assert window.session.rate == RATES[-2]


def test_the_table_shows_what_the_engine_has(open_window: Open, qtbot: QtBot) -> None:
    window = open_window("--sample", "faithful")
    _run_to_the_end(window, qtbot)
    table = _find(window, QTableWidget, "parameters.table")
    mixture = window.session.snapshot().mixture
    assert mixture is not None
    weights = [float(table.item(2 * c, 1).text()) for c in range(2)]
    np.testing.assert_allclose(weights, mixture.weights, atol=5e-4)
    means = [[float(table.item(2 * c + j, 3).text()) for j in range(2)] for c in range(2)]
    np.testing.assert_allclose(means, mixture.means, rtol=2e-3)
    assert [table.item(2 * c, 0).text() for c in range(2)] == ["A", "B"]


def test_copied_parameters_have_every_digit(open_window: Open, qtbot: QtBot) -> None:
    window = open_window()
    _run_to_the_end(window, qtbot)
    _action(window, "edit.copy_table").trigger()
    lines = [line.split("\t") for line in QApplication.clipboard().text().splitlines()]
    mixture = window.session.snapshot().mixture
    assert mixture is not None
    assert lines[0] == ["", "Weight", "Mean", "SD", "Points"]
    assert [float(line[2]) for line in lines[1:]] == mixture.means[:, 0].tolist()
    assert [float(line[3]) for line in lines[1:]] == np.sqrt(mixture.covariances[:, 0, 0]).tolist()
    assert sum(float(line[4]) for line in lines[1:]) == pytest.approx(300)


def test_selecting_a_row_highlights_its_component(open_window: Open, qtbot: QtBot) -> None:
    window = open_window()
    table = _find(window, QTableWidget, "parameters.table")
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=table.visualItemRect(table.item(1, 2)).center())
    assert window.session.snapshot().selected == 1


def test_the_fit_card_shows_the_published_figures_of_old_faithful(open_window: Open, qtbot: QtBot) -> None:
    window = open_window("--sample", "faithful", "--components", "2", "--tolerance", "1e-10")
    qtbot.waitUntil(lambda: "Provisional" in _text(window, "fit_card.note"))
    _run_to_the_end(window, qtbot)
    assert _text(window, "fit_card.log_likelihood").replace("\u2009", "") == "-1130.26"
    assert _text(window, "fit_card.bic").replace("\u2009", "") == "2322.19"
    assert _text(window, "fit_card.parameters") == "11"
    assert "Provisional" not in _text(window, "fit_card.note")


def test_a_file_can_be_dropped_and_takes_its_place(open_window: Open, qtbot: QtBot, tmp_path: Path) -> None:
    window = open_window()
    path = tmp_path / "two columns.csv"
    path.write_text("height,weight\n" + "\n".join(f"{i % 7},{i % 5 + i / 10}" for i in range(40)))
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    event = QDropEvent(
        QPointF(9, 9), Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    window.dropEvent(event)
    qtbot.waitUntil(lambda: _text(window, "data.title") == "two columns.csv")
    assert _find(window, QComboBox, "data.x").currentText() == "height"
    assert _find(window, QComboBox, "data.y").currentText() == "weight"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("missing.csv", None),
        ("text.csv", "a,b\nred,green\nblue,white\n"),
        ("empty.csv", ""),
        ("noise.npy", "\x93NUMPY nonsense"),
        ("one.xlsx", "PK\x03\x04"),
    ],
)
def test_a_file_that_cannot_be_used_is_told_and_the_old_data_stay(
    open_window: Open, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, content: str | None
) -> None:
    window = open_window()
    qtbot.keyClick(window, Qt.Key.Key_S)
    qtbot.waitUntil(lambda: window.session.snapshot().iteration == 1)
    before = window.session.state
    path = tmp_path / name
    if content is not None:
        path.write_text(content, encoding="latin-1")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(path), ""))
    _action(window, "file.open").trigger()
    assert window.notices.text().endswith(".")
    assert "Traceback" not in window.notices.text()
    assert window.session.state is before


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("a\n" + "3\n" * 20, "the same"),
        ("a\n1\n2\n1\n2\n", "different points for 3 components"),
    ],
)
def test_data_that_cannot_be_fitted_get_a_sentence_and_no_nan(
    open_window: Open, qtbot: QtBot, tmp_path: Path, content: str, words: str
) -> None:
    path = tmp_path / "data.csv"
    path.write_text(content)
    window = open_window()
    window.session.change_settings(components=3)
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    event = QDropEvent(
        QPointF(9, 9), Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    window.dropEvent(event)
    qtbot.waitUntil(lambda: _text(window, "data.title") == "data.csv")
    window.session.change_settings(components=3)
    qtbot.waitUntil(lambda: words in _text(window, "data.caption"), timeout=5000)
    shown = " ".join(label.text() for label in window.findChildren(QLabel))
    assert "nan" not in shown.lower().split()


def test_skipped_rows_are_counted_on_screen(open_window: Open, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "gaps.csv"
    path.write_text("u,v\n" + "\n".join(f"{i},{'' if i in (3, 7) else i * i % 11}" for i in range(30)))
    window = open_window(str(path))
    qtbot.waitUntil(lambda: "2 of 30 rows" in _text(window, "data.note"))
    assert _text(window, "data.about").startswith("28 points")


def test_paste_takes_cells_of_a_spreadsheet(open_window: Open, qtbot: QtBot) -> None:
    window = open_window()
    QApplication.clipboard().setText("x\ty\n" + "\n".join(f"{i}\t{i * 7 % 13}" for i in range(25)))
    _action(window, "file.paste").trigger()
    qtbot.waitUntil(lambda: _text(window, "data.about").startswith("25 points"))
    QApplication.clipboard().setText("no numbers here")
    _action(window, "file.paste").trigger()
    assert window.notices.text().endswith(".")
    assert window.session.state.run.dataset.size == 25


def test_iris_is_fitted_in_four_dimensions_and_shown_as_a_pair(open_window: Open, qtbot: QtBot) -> None:
    window = open_window("--sample", "iris")
    assert window.session.state.run.dataset.dimension == 4
    assert "projection" in _text(window, "data.about")
    x, y = _find(window, QComboBox, "data.x"), _find(window, QComboBox, "data.y")
    x.setCurrentIndex(x.findText("Petal.Length"))
    y.setCurrentIndex(y.findText("Petal.Width"))
    snapshot = window.session.snapshot()
    assert snapshot.dataset.dimension == 4
    assert [snapshot.dataset.names[i] for i in snapshot.columns] == ["Petal.Length", "Petal.Width"]
    _run_to_the_end(window, qtbot)
    assert window.session.snapshot().mixture.dimension == 4  # type: ignore[union-attr]


def test_columns_of_a_pair_are_what_is_fitted(open_window: Open, qtbot: QtBot) -> None:
    window = open_window("--sample", "faithful")
    y = _find(window, QComboBox, "data.y")
    y.setCurrentIndex(0)
    assert window.session.state.run.dataset.names == ("eruptions",)
    qtbot.waitUntil(lambda: window.session.state.run.ready)
    y.setCurrentIndex(y.findText("waiting"))
    assert window.session.state.run.dataset.names == ("eruptions", "waiting")


def test_another_size_and_seed_draw_other_points_from_the_same_mixture(open_window: Open, qtbot: QtBot) -> None:
    window = open_window()
    size, seed = _find(window, QSpinBox, "data.size"), _find(window, QSpinBox, "data.seed")
    first = window.session.state.run.dataset.points
    size.setValue(600)
    data = window.session.state.run.dataset
    assert data.size == 600
    size.setValue(300)
    np.testing.assert_array_equal(window.session.state.run.dataset.points, first)
    seed.setValue(1)
    assert not np.array_equal(window.session.state.run.dataset.points, first)
    assert window.session.state.run.dataset.truth is not None


def test_exported_parameters_are_those_on_screen(
    open_window: Open, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window()
    assert not _action(window, "file.export_parameters").isEnabled()
    _run_to_the_end(window, qtbot)
    path = tmp_path / "fit.json"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    _action(window, "file.export_parameters").trigger()
    stored = json.loads(path.read_text())
    snapshot = window.session.snapshot()
    assert snapshot.mixture is not None
    order = np.argsort(snapshot.mixture.means[:, 0])
    assert stored["mixture"]["means"] == snapshot.mixture.means[order].tolist()
    assert stored["result"]["log_likelihood"] == snapshot.log_likelihoods[-1]
    assert stored["result"]["outcome"] == "converged"
    assert stored["result"]["iterations"] == snapshot.iteration
    assert f"{stored['result']['bic']:.2f}" == _text(window, "fit_card.bic").replace("\u2009", "")
    window.session.show_iteration(3)
    _action(window, "file.export_parameters").trigger()
    half_way = json.loads(path.read_text())
    assert (half_way["result"]["iterations"], half_way["result"]["outcome"]) == (3, "stopped")
    assert len(half_way["history"]["log_likelihood"]) == 4


def test_a_file_that_cannot_be_written_is_told(
    open_window: Open, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window()
    _run_to_the_end(window, qtbot)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "none" / "fit.json"), ""))
    _action(window, "file.export_parameters").trigger()
    assert "fit.json" in window.notices.text()


def test_undo_names_the_act_and_takes_it_back(open_window: Open, qtbot: QtBot) -> None:
    window = open_window()
    assert not _action(window, "edit.undo").isEnabled()
    _find(window, QSpinBox, "fit.components").setValue(4)
    qtbot.waitUntil(lambda: "number of components" in _action(window, "edit.undo").text())
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: _find(window, QSpinBox, "fit.components").value() == 3)


def test_new_start_is_the_next_seed(open_window: Open, qtbot: QtBot) -> None:
    window = open_window("--initialization", "random-points")
    before = window.session.snapshot().mixture
    qtbot.keyClick(window, Qt.Key.Key_N)
    qtbot.waitUntil(lambda: window.session.state.run.ready and window.session.state.run.settings.seed == 1)
    after = window.session.snapshot().mixture
    assert before is not None
    assert after is not None
    assert not np.array_equal(before.means, after.means)


def test_a_click_on_the_curve_goes_to_that_iteration(open_window: Open, qtbot: QtBot) -> None:
    window = open_window()
    _run_to_the_end(window, qtbot)
    plot = window.likelihood.plot
    place = plot.mapFromScene(plot.view_box.mapViewToScene(QPointF(4.0, plot.view_box.viewRange()[1][0])))
    qtbot.mouseClick(plot.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(place.x(), place.y() - 20))
    qtbot.waitUntil(lambda: window.session.snapshot().iteration == 4)


def test_it_closes_at_once_while_it_computes(open_window: Open, qtbot: QtBot) -> None:
    window = open_window("--sample", "two-groups", "--components", "9", "--tolerance", "1e-300", "--run")
    _fast(window)
    qtbot.wait(100)
    window.close()
    assert not window.session._runner.is_alive


def test_what_is_not_foreseen_is_told_with_details_and_the_window_goes_on(open_window: Open, qtbot: QtBot) -> None:
    from PySide6.QtCore import QTimer

    window = open_window()

    def fail() -> None:
        raise RuntimeError("planted for this test")

    QTimer.singleShot(0, fail)
    qtbot.waitUntil(lambda: bool(window.notices.text()))
    assert "did not foresee" in window.notices.text()
    _find(window, QAbstractButton, "notice.copy").click()
    assert "planted for this test" in QApplication.clipboard().text()
    qtbot.keyClick(window, Qt.Key.Key_S)
    qtbot.waitUntil(lambda: window.session.snapshot().iteration == 1)


def test_arrangement_and_colours_are_remembered(open_window: Open) -> None:
    window = open_window()
    _action(window, "view.theme_dark").trigger()
    _action(window, "view.left").trigger()
    window.components.set_spread("variance")
    window.close()
    again = open_window()
    assert again.theme.name == "dark"
    assert not again.has_column(0)
    assert again.has_column(2)
    assert again.components.spread() == "variance"


def test_a_small_screen_is_enough(open_window: Open) -> None:
    window = open_window("--sample", "iris")
    hint = window.minimumSizeHint()
    assert hint.width() <= 1024
    assert hint.height() <= 700
    window.resize(1024, 740)
    QApplication.processEvents()
    for label in window.findChildren(QLabel):
        if label.isVisible() and not label.wordWrap() and label.objectName() not in ("data.about",):
            parent = label.parentWidget()
            assert parent is not None
            assert label.geometry().right() <= parent.rect().right() + 1, label.text()


def test_unknown_data_on_the_command_line_open_the_example_and_say_so(open_window: Open, tmp_path: Path) -> None:
    window = open_window(str(tmp_path / "nothing.csv"))
    assert "nothing.csv" in window.notices.text()
    assert window.session.state.run.dataset.sample == "three-groups"


def test_it_begins_at_a_start_from_a_file(
    open_window: Open, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window()
    _run_to_the_end(window, qtbot)
    path = tmp_path / "fit.json"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    _action(window, "file.export_parameters").trigger()
    fitted = window.session.snapshot().mixture
    window.close()
    again = open_window("--start", str(path))
    start = again.session.snapshot().mixture
    assert start is not None
    assert fitted is not None
    np.testing.assert_array_equal(np.sort(start.means[:, 0]), np.sort(fitted.means[:, 0]))
