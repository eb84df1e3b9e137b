"""What a session looked like, and what a person was at in it, is there again in another window."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLabel, QPushButton, QSpinBox
from pytestqt.qtbot import QtBot

from gmm_desktop.data import SAMPLES
from gmm_desktop.data.painting import Canvas
from gmm_desktop.ui.main_window import MainWindow
from gmm_desktop.ui.panels.hall_panel import HallPanel
from gmm_desktop.ui.panels.plot_panel import PlotPanel
from gmm_desktop.ui.session_views import _limits
from tests.ui.driving import Open, action, find, run_to_the_end, text, wait_for_background
from tests.ui.hands import plot_of


@pytest.fixture
def file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The file that every dialog answers with."""
    path = tmp_path / "a.gmm"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(path), ""))
    return path


def saved_and_opened(window: MainWindow, open_window: Open, qtbot: QtBot) -> MainWindow:
    """In a new window of the same size; the old one stays."""
    action(window, "file.save_session").trigger()
    wait_for_background(window, qtbot)
    other = open_window()
    other.resize(window.size())
    action(other, "file.open_session").trigger()
    wait_for_background(other, qtbot)
    qtbot.waitUntil(lambda: not plot_of(other).is_counting)
    qtbot.wait(50)
    return other


def limits(window: MainWindow) -> Any:
    return plot_of(window).view_box.viewRange()


def look_at(window: MainWindow, x: tuple[float, float], y: tuple[float, float], qtbot: QtBot) -> None:
    plot_of(window).view_box.setRange(xRange=x, yRange=y, padding=0)
    qtbot.wait(30)


def fitted(open_window: Open, qtbot: QtBot, *arguments: str) -> MainWindow:
    window = open_window(*(arguments or ("--sample", "faithful")))
    window.resize(1280, 800)
    run_to_the_end(window, qtbot)
    return window


def test_a_guess_that_is_open_is_open_again(open_window: Open, qtbot: QtBot, file: Path) -> None:
    window = fitted(open_window, qtbot)
    window.session.show_iteration(2)
    qtbot.waitUntil(action(window, "run.predict").isEnabled)
    action(window, "run.predict").trigger()
    assert window.session.guess is not None
    window.session.move_guess((3.0, 60.0))
    qtbot.wait(50)
    other = saved_and_opened(window, open_window, qtbot)
    assert (text(other, "data.caption"), other.session.mode) == (text(window, "data.caption"), "guessing")
    assert other.session.guess == window.session.guess
    assert not other.isWindowModified()
    for one in (window, other):
        one.activateWindow()
        plot_of(one).setFocus()
        qtbot.keyClick(plot_of(one), Qt.Key.Key_Return)
        qtbot.waitUntil(lambda one=one: one.session.state.frame.phase == "M")  # type: ignore[misc]
    assert other.session.guess == window.session.guess
    assert other.session.guess is not None
    assert other.session.guess.revealed


def hall_of(window: MainWindow) -> list[str]:
    """Everything that its card says."""
    panel = window.panel(HallPanel)
    labels = [label.text() for label in panel.findChildren(QLabel) if label.isVisible()]
    hands = [str(field.value()) for field in panel.findChildren(QSpinBox)]
    return [str(panel.isVisible()), text(window, "hall.question"), *labels, *hands]


@pytest.mark.parametrize("phase", ["E", "M"])
@pytest.mark.parametrize("answered", [False, True])
def test_a_question_to_the_hall_comes_back_with_its_hands_and_the_tally(
    open_window: Open, qtbot: QtBot, file: Path, answered: bool, phase: str
) -> None:
    window = fitted(open_window, qtbot)
    window.session.show_iteration(1)
    _ask(window, qtbot, 4, 5, 6)
    window.session.half_step()
    qtbot.waitUntil(lambda: "right" in text(window, "hall.tally"))
    if phase == "E":
        window.session.half_step()
    _ask(window, qtbot, 1, 2, 0)
    if answered:
        window.session.half_step()
        qtbot.waitUntil(lambda: "2 times" in text(window, "hall.tally"))
    qtbot.waitUntil(window.isWindowModified)
    other = saved_and_opened(window, open_window, qtbot)
    assert hall_of(other) == hall_of(window)
    assert hall_of(other)[0] == "True"
    assert plot_of(other).ring.row == plot_of(window).ring.row
    assert not other.isWindowModified()
    if not answered:
        for one in (window, other):
            one.session.half_step()
            qtbot.waitUntil(lambda one=one: "2 times" in text(one, "hall.tally"))  # type: ignore[misc]
        assert hall_of(other) == hall_of(window)


def _ask(window: MainWindow, qtbot: QtBot, *hands: int) -> None:
    qtbot.waitUntil(action(window, "view.ask").isEnabled)
    action(window, "view.ask").trigger()
    qtbot.waitUntil(lambda: text(window, "hall.question").startswith("Before"))
    for field, shown in zip(window.panel(HallPanel).findChildren(QSpinBox), hands, strict=True):
        field.setValue(shown)
    qtbot.wait(30)


def test_a_question_that_waits_for_the_next_iteration_is_asked_again(
    open_window: Open, qtbot: QtBot, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window("--sample", "faithful")
    action(window, "run.step").trigger()
    qtbot.waitUntil(lambda: window.session.state.frame.iteration == 1)
    monkeypatch.setattr(window.session, "look_ahead", lambda: None)
    window.panel(HallPanel).ahead_wanted.disconnect()  # it is never computed
    action(window, "view.ask").trigger()
    assert text(window, "hall.question").startswith("Computing")
    other = saved_and_opened(window, open_window, qtbot)
    qtbot.waitUntil(lambda: text(other, "hall.question").startswith("Before the M-step"), timeout=5000)


def test_what_was_presented_takes_over_no_screen_and_is_offered(open_window: Open, qtbot: QtBot, file: Path) -> None:
    window = fitted(open_window, qtbot)
    window.session.show_iteration(3)
    action(window, "view.presentation").trigger()
    assert window.presentation.is_on
    other = saved_and_opened(window, open_window, qtbot)
    window.presentation.leave()
    assert not other.presentation.is_on
    assert not other.isFullScreen()
    assert "was presented" in other.notices.text()
    find(other, QPushButton, "notice.button").click()
    assert other.presentation.is_on
    assert text(other, "run.counter").startswith("3 /")
    other.presentation.leave()


def test_the_axes_of_what_is_not_shown_come_back(open_window: Open, qtbot: QtBot, file: Path) -> None:
    window = fitted(open_window, qtbot, "--sample", "iris", "--columns", "Sepal.Length,Sepal.Width,Petal.Length")
    session, looked_at = window.session, {}
    for columns, x, y in (((0, 1), (4.5, 6.0), (2.25, 4.0)), ((1, 2), (2.0, 3.5), (0.5, 7.0))):
        session.change_columns(session.state.run.dataset, columns)
        qtbot.waitUntil(lambda columns=columns: plot_of(window).cloud.columns == columns)  # type: ignore[misc]
        look_at(window, x, y, qtbot)
        looked_at[columns] = limits(window)
    action(window, "data.sample") if False else None

    session.open(SAMPLES["galaxies"].load())
    qtbot.waitUntil(lambda: session.state.run.ready and plot_of(window).cloud.dataset.sample == "galaxies")
    look_at(window, (10.0, 30.0), (0.0, 0.25), qtbot)
    galaxies = limits(window)
    session.new_start()
    session.undo()
    session.undo()
    qtbot.waitUntil(lambda: limits(window) == looked_at[1, 2], timeout=5000)

    other = saved_and_opened(window, open_window, qtbot)
    assert limits(other) == looked_at[1, 2]
    other.session.undo()
    qtbot.waitUntil(lambda: plot_of(other).cloud.columns == (0, 1))
    assert limits(other) == looked_at[0, 1]
    other.session.show_run(2)
    qtbot.waitUntil(lambda: plot_of(other).cloud.dataset.sample == "galaxies")
    assert limits(other) == galaxies


@pytest.mark.parametrize("bounds", [(0.0, 3.0), None])
def test_the_axes_of_an_empty_canvas_come_back(
    open_window: Open, qtbot: QtBot, file: Path, bounds: tuple[float, float] | None
) -> None:
    window = fitted(open_window, qtbot)
    look_at(window, (1.75, 4.5), (50.0, 80.0), qtbot)
    window.session.set_painting(True)
    if bounds is None:
        window.session.erase(np.arange(272), "erasing everything")
    else:
        window.session.new_canvas(Canvas(limits=bounds))
    qtbot.waitUntil(lambda: plot_of(window).cloud is None)
    if bounds is not None:
        look_at(window, (1.0, 2.0), (0.5, 2.5), qtbot)
    other = saved_and_opened(window, open_window, qtbot)
    assert limits(other) == limits(window)
    assert other.session.snapshot().canvas == window.session.snapshot().canvas
    titles = [(p.x_axis.labelText, p.y_axis.labelText) for p in (plot_of(window), plot_of(other))]
    assert titles[0] == titles[1]
    for one in (window, other):
        one.session.paint(np.array([[1.5, 1.0], [2.0, 1.25]]), "a stroke")
        qtbot.waitUntil(lambda one=one: plot_of(one).cloud is not None)  # type: ignore[misc]
        qtbot.wait(30)
    assert limits(other) == limits(window)


def test_the_tool_that_paints_is_in_hand_again(open_window: Open, qtbot: QtBot, file: Path) -> None:
    window = open_window("--sample", "faithful")
    action(window, "edit.paint").trigger()
    strip = window.panel(PlotPanel).strip
    qtbot.waitUntil(strip.isVisible)
    strip.change(tool="stamp", sample=7, along=0.25)
    other = saved_and_opened(window, open_window, qtbot)
    assert other.panel(PlotPanel).strip.settings == strip.settings
    assert other.session.mode == "painting"


@pytest.mark.parametrize("written", [[10**400, 10**401], [0.0, 10**400], [-(10**400), 1.5], [float("nan"), 1.0]])
def test_axes_that_no_plot_has_are_left_out(written: list[float]) -> None:
    assert _limits([[0.0, 1.0], written]) is None
    assert _limits([[0.0, 1.0], [2, 3]]) is not None
