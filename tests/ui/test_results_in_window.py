"""What comes out of the real window: the table, the figures, the files."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QFileDialog,
    QTableWidget,
)
from pytestqt.qtbot import QtBot

from gmm_desktop.ui.panels.components_panel import ComponentsPanel
from gmm_desktop.ui.panels.curves_panel import CurvesPanel
from gmm_desktop.ui.pictures import PictureLook
from tests.ui.driving import Open, action, find, run_to_the_end, text, wait_for_background


def test_the_table_shows_what_the_engine_has(open_window: Open, qtbot: QtBot) -> None:
    window = open_window("--sample", "faithful")
    run_to_the_end(window, qtbot)
    table = find(window, QTableWidget, "parameters.table")
    mixture = window.session.snapshot().mixture
    assert mixture is not None
    weights = [float(table.item(2 * c, 1).text()) for c in range(2)]
    np.testing.assert_allclose(weights, mixture.weights, atol=5e-4)
    means = [[float(table.item(2 * c + j, 3).text()) for j in range(2)] for c in range(2)]
    np.testing.assert_allclose(means, mixture.means, rtol=2e-3)
    assert [table.item(2 * c, 0).text() for c in range(2)] == ["A", "B"]


def test_the_names_of_columns_are_read_in_a_small_window(open_window: Open, qtbot: QtBot) -> None:
    window = open_window("--sample", "faithful")
    window.resize(1024, 768)
    run_to_the_end(window, qtbot)
    table = find(window, QTableWidget, "parameters.table")
    for row, name in enumerate(("eruptions", "waiting")):
        assert table.item(row, 2).text() == table.item(row, 2).toolTip() == name
    for row in range(4):
        for column in range(1, 5):
            needed = table.fontMetrics().horizontalAdvance(table.item(row, column).text())
            assert needed + 4 <= table.columnWidth(column), (row, column)
    assert not table.horizontalScrollBar().isVisible()


@pytest.mark.parametrize("spread", ["sd", "variance", "precision", "covariance"])
def test_no_heading_and_no_number_is_cut_in_a_small_window(open_window: Open, qtbot: QtBot, spread: str) -> None:
    window = open_window()
    window.resize(1024, 768)
    run_to_the_end(window, qtbot)
    window.panel(ComponentsPanel).set_spread(spread)
    table = find(window, QTableWidget, "parameters.table")
    for column in range(1, 5):
        texts = [table.horizontalHeaderItem(column).text(), *(table.item(row, column).text() for row in range(3))]
        needed = max(table.fontMetrics().horizontalAdvance(text) for text in texts)
        assert needed + 4 <= table.columnWidth(column), column
    assert table.horizontalHeader().length() <= table.viewport().width()


def test_cut_names_are_told_apart_and_told_whole(open_window: Open, qtbot: QtBot) -> None:
    window = open_window("--sample", "iris")
    window.resize(1024, 768)
    run_to_the_end(window, qtbot)
    table = find(window, QTableWidget, "parameters.table")
    shown = [table.item(row, 2).text() for row in range(4)]
    assert len(set(shown)) == 4
    assert [text[0] for text in shown] == ["S", "S", "P", "P"]
    names = list(window.session.snapshot().dataset.names)
    assert [table.item(row, 2).toolTip() for row in range(4)] == names
    table.selectAll()
    action(window, "edit.copy_table").trigger()
    assert [line.split("\t")[2] for line in QApplication.clipboard().text().splitlines()][-4:] == names


def test_copied_parameters_have_every_digit(open_window: Open, qtbot: QtBot) -> None:
    window = open_window()
    run_to_the_end(window, qtbot)
    action(window, "edit.copy_table").trigger()
    lines = [line.split("\t") for line in QApplication.clipboard().text().splitlines()]
    mixture = window.session.snapshot().mixture
    assert mixture is not None
    assert lines[0] == ["", "Weight", "Mean", "SD", "Points"]
    assert [float(line[2]) for line in lines[1:]] == mixture.means[:, 0].tolist()
    assert [float(line[3]) for line in lines[1:]] == np.sqrt(mixture.covariances[:, 0, 0]).tolist()
    assert sum(float(line[4]) for line in lines[1:]) == pytest.approx(300)


def test_selecting_a_row_highlights_its_component(open_window: Open, qtbot: QtBot) -> None:
    window = open_window()
    table = find(window, QTableWidget, "parameters.table")
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=table.visualItemRect(table.item(1, 2)).center())
    assert window.session.snapshot().selected == 1


def test_the_fit_card_shows_the_published_figures_of_old_faithful(open_window: Open, qtbot: QtBot) -> None:
    window = open_window("--sample", "faithful", "--components", "2", "--tolerance", "1e-10")
    qtbot.waitUntil(lambda: "Provisional" in text(window, "fit_card.note"))
    run_to_the_end(window, qtbot)
    assert text(window, "fit_card.log_likelihood").replace("\u202f", "") == "-1130.26"
    assert text(window, "fit_card.bic").replace("\u202f", "") == "2322.19"
    assert text(window, "fit_card.parameters") == "11"
    assert "Provisional" not in text(window, "fit_card.note")


def test_exported_parameters_are_those_on_screen(
    open_window: Open, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window()
    assert not action(window, "file.export_parameters").isEnabled()
    run_to_the_end(window, qtbot)
    path = tmp_path / "fit.json"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    action(window, "file.export_parameters").trigger()
    wait_for_background(window, qtbot)
    stored = json.loads(path.read_text())
    snapshot = window.session.snapshot()
    assert snapshot.mixture is not None
    order = np.argsort(snapshot.mixture.means[:, 0])
    assert stored["mixture"]["means"] == snapshot.mixture.means[order].tolist()
    assert stored["result"]["log_likelihood"] == snapshot.log_likelihoods[-1]
    assert stored["result"]["outcome"] == "converged"
    assert stored["result"]["iterations"] == snapshot.iteration
    assert f"{stored['result']['bic']:.2f}" == text(window, "fit_card.bic").replace("\u202f", "")
    window.session.show_iteration(3)
    action(window, "file.export_parameters").trigger()
    wait_for_background(window, qtbot)
    half_way = json.loads(path.read_text())
    assert (half_way["result"]["iterations"], half_way["result"]["outcome"]) == (3, "stopped")
    assert len(half_way["history"]["log_likelihood"]) == 4


def test_a_file_that_cannot_be_written_is_told(
    open_window: Open, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window()
    run_to_the_end(window, qtbot)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "none" / "fit.json"), ""))
    action(window, "file.export_parameters").trigger()
    wait_for_background(window, qtbot)
    assert "fit.json" in window.notices.text()


def test_a_click_on_the_curve_goes_to_that_iteration(open_window: Open, qtbot: QtBot) -> None:
    window = open_window()
    run_to_the_end(window, qtbot)
    plot = window.panel(CurvesPanel).plot("log_likelihood")
    place = plot.mapFromScene(plot.view_box.mapViewToScene(QPointF(4.0, plot.view_box.viewRange()[1][0])))
    qtbot.mouseClick(plot.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(place.x(), place.y() - 20))
    qtbot.waitUntil(lambda: window.session.snapshot().iteration == 4)


def test_the_picture_is_written_at_the_size_chosen(
    open_window: Open, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from PySide6.QtGui import QImage

    window = open_window()
    path = tmp_path / "picture"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    monkeypatch.setattr("gmm_desktop.ui.picture_dialog.ask_for_picture", lambda *_: PictureLook(1000, 667, 3.0))
    action(window, "file.export_picture").trigger()
    wait_for_background(window, qtbot)
    image = QImage(str(path.with_suffix(".png")))
    assert (image.width(), image.height()) == (3000, 2001)


def test_a_picture_that_was_asked_for_is_written_though_the_window_closes(
    open_window: Open, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from PySide6.QtGui import QImage

    window = open_window()
    path = tmp_path / "picture.png"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    monkeypatch.setattr("gmm_desktop.ui.picture_dialog.ask_for_picture", lambda *_: PictureLook(1000, 667, 3.0))
    action(window, "file.export_picture").trigger()
    window.close()
    qtbot.waitUntil(path.exists, timeout=10_000)
    assert QImage(str(path)).width() == 3000


def test_labelled_data_have_one_line_for_each_row_of_the_file(
    open_window: Open, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "gaps.csv"
    source.write_text("id,u\n" + "\n".join(f"row {i},{'' if i == 3 else (i % 2) * 10 + i / 10}" for i in range(20)))
    window = open_window(str(source))
    run_to_the_end(window, qtbot)
    path = tmp_path / "labelled.csv"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    action(window, "file.export_data").trigger()
    wait_for_background(window, qtbot)
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 21
    assert lines[0].startswith("id,u,")
    assert lines[4].startswith("row 3,,")
    assert [line.split(",")[2] for line in lines[1:3]] == ["A", "B"]


def test_what_takes_long_can_be_given_up(open_window: Open, qtbot: QtBot) -> None:
    import threading

    from gmm_desktop.ui import files

    window = open_window()
    before = window.session.state
    go = threading.Event()

    def slow() -> object:
        go.wait(5)
        return before.run.dataset

    files.later(window, "Reading a large file", slow, lambda data: files.show(window, data))
    qtbot.waitUntil(lambda: "Reading a large file" in window.notices.text(), timeout=2000)
    find(window, QAbstractButton, "notice.button").click()
    go.set()
    qtbot.wait(100)
    assert window.notices.text() == ""
    assert window.session.state is before


def test_reading_tells_how_far_it_is_and_ends_when_it_is_given_up(
    open_window: Open, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import time

    from gmm_desktop.data import GivenUpError
    from gmm_desktop.ui import files

    ended: list[float] = []

    def slow(source: object, options: object, *, tell: Callable[[float], None]) -> object:
        for share in range(1, 1000):
            try:
                tell(share / 1000)
            except GivenUpError:
                ended.append(share / 1000)
                raise
            time.sleep(0.005)
        raise AssertionError("it was to be given up")

    monkeypatch.setattr("gmm_desktop.data.read_source", slow)
    window = open_window()
    before = window.session.state
    path = tmp_path / "ten million.csv"
    path.write_text("x,y\n1,2\n")
    files.read(window, str(path))
    seen: set[str] = set()

    def counts() -> bool:
        seen.add(window.notices.text())
        return len(seen) > 3

    qtbot.waitUntil(counts, timeout=5000)
    assert all(text.startswith("Reading ten million.csv …") for text in seen if text)
    assert any(text.endswith(" %") for text in seen)
    find(window, QAbstractButton, "notice.button").click()
    qtbot.waitUntil(lambda: bool(ended), timeout=1000)
    assert window.notices.text() == ""
    assert window.session.state is before


def test_a_picture_of_an_unknown_format_is_refused_in_a_sentence(
    open_window: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window()
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "fit.jpg"), ""))
    monkeypatch.setattr("gmm_desktop.ui.picture_dialog.ask_for_picture", lambda *_: PictureLook(300, 200, 1.0))
    action(window, "file.export_picture").trigger()
    assert window.notices.text() == "'fit.jpg' was not written: end its name in .png or .svg or .pdf."
    assert not list(tmp_path.glob("*.jpg"))
