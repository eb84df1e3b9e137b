"""A person guesses where the next M-step takes a mean, in the real window."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, QSizeF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from gmm_desktop.mixture import em_steps
from gmm_desktop.mixture import history as history_module
from gmm_desktop.ui.main_window import MainWindow
from gmm_desktop.ui.numbers import number
from gmm_desktop.ui.views import DataPlot
from gmm_desktop.ui.views.handle_marks import label_box
from gmm_desktop.ui.views.marks import place_badges
from tests.ui.driving import Open, action, fast, find, run_to_the_end, text
from tests.ui.hands import SHIFT, Array, a_pixel, at, click, drag, move, place_of, plot_of, press, release, shown

FAITHFUL = ("--sample", "faithful", "--components", "2")


def guessing(open_window: Open, qtbot: QtBot, *arguments: str) -> tuple[MainWindow, DataPlot]:
    window = open_window(*arguments)
    QTest.keyClick(window, Qt.Key.Key_M)
    qtbot.waitUntil(lambda: plot_of(window).tool is not None)
    return window, plot_of(window)


def truth(window: MainWindow) -> Array:
    """Where the M-step from the shown mixture takes the means."""
    steps = em_steps(window.session.state.run.dataset.points, shown(window), variance_floor=1e-6)
    next(steps)
    return next(steps).mixture.means


def guess_of(window: MainWindow) -> tuple[float, ...]:
    guess = window.session.snapshot().guess
    assert guess is not None
    return guess.place


def test_a_dragged_guess_is_judged_after_the_m_step(open_window: Open, qtbot: QtBot) -> None:
    window, plot = guessing(open_window, qtbot, *FAITHFUL)
    snapshot = window.session.snapshot()
    assert (snapshot.iteration, snapshot.phase) == (0, "E"), "the E-step is taken first"
    assert "mean of A (blue)? Drag the cross there." in text(window, "data.caption")
    assert "drag the cross" in text(window, "status.mouse")
    before, after = shown(window).means[0], truth(window)[0]
    end = at(plot, (2.5, 48.0))
    drag(plot, at(plot, before), end)
    assert (np.abs(np.array(guess_of(window)) - (2.5, 48.0)) <= a_pixel(plot)).all()
    place = guess_of(window)
    assert len(window.session.state.run.history) == 1, "nothing is computed before it is revealed"
    QTest.keyClick(plot, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "your guess is off by" in text(window, "data.caption"))
    off, moved = np.hypot(*(after - place)), np.hypot(*(after - before))
    wanted = f"the mean of A (blue) moved {number(moved, 2)}; your guess is off by {number(off, 2)}."
    assert text(window, "data.caption") == f"M-step: {wanted}"
    assert plot.accessibleDescription() == f"off by {number(off, 2)} (the mean moved {number(moved, 2)})"
    assert window.session.snapshot().phase == "M"
    QTest.keyClick(window, Qt.Key.Key_H)
    qtbot.waitUntil(lambda: plot.tool is None)
    assert "moves the plot" in text(window, "status.mouse")


def test_the_distance_is_drawn(open_window: Open, qtbot: QtBot) -> None:
    window, plot = guessing(open_window, qtbot, *FAITHFUL)
    QTest.keyClick(plot, Qt.Key.Key_Down, SHIFT)
    QTest.keyClick(plot, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.session.snapshot().phase == "M")
    qtbot.waitUntil(lambda: "off by" in text(window, "data.caption"))
    with_guess = plot.grab().toImage()
    QTest.keyClick(plot, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: plot.tool is None)
    qtbot.wait(20)
    assert window.session.snapshot().phase == "M"
    assert plot.grab().toImage() != with_guess


def test_another_mean_is_chosen_by_a_click_or_tab(open_window: Open, qtbot: QtBot) -> None:
    window, plot = guessing(open_window, qtbot, *FAITHFUL)
    means = shown(window).means
    click(plot, at(plot, means[1]) + QPoint(5, 5))
    assert guess_of(window) == tuple(means[1])
    qtbot.waitUntil(lambda: "mean of B (orange)?" in text(window, "data.caption"))
    QTest.keyClick(plot, Qt.Key.Key_Backtab, SHIFT)
    assert guess_of(window) == tuple(means[0])
    qtbot.waitUntil(lambda: "mean of A (blue)?" in text(window, "data.caption"))
    QTest.keyClick(plot, Qt.Key.Key_Tab)
    qtbot.waitUntil(lambda: "mean of B (orange)?" in text(window, "data.caption"))
    assert plot.hasFocus()
    QTest.keyClick(plot, Qt.Key.Key_Tab)
    assert not plot.hasFocus()


def test_arrows_nudge_and_a_press_elsewhere_puts_the_cross_there(open_window: Open, qtbot: QtBot) -> None:
    window, plot = guessing(open_window, qtbot, *FAITHFUL)
    before, spans = np.array(guess_of(window)), np.diff(plot.getViewBox().viewRange())[:, 0]
    QTest.keyClick(plot, Qt.Key.Key_Right)
    QTest.keyClick(plot, Qt.Key.Key_Down, SHIFT)
    np.testing.assert_allclose(guess_of(window), before + spans * (0.01, -0.1))
    where = at(plot, (4.5, 50.0))
    click(plot, where)
    np.testing.assert_allclose(guess_of(window), place_of(plot, where), rtol=1e-6)


def test_escape_gives_the_drag_back_and_then_ends(open_window: Open, qtbot: QtBot) -> None:
    window, plot = guessing(open_window, qtbot, *FAITHFUL)
    before = guess_of(window)
    start = at(plot, before)
    press(plot, start)
    move(plot, start + QPoint(50, 50))
    assert plot.viewport().cursor().shape() == Qt.CursorShape.ClosedHandCursor
    assert guess_of(window) != before
    assert plot.cancel_drag()
    assert guess_of(window) == before
    release(plot, start + QPoint(50, 50))
    assert guess_of(window) == before
    QTest.keyClick(plot, Qt.Key.Key_Escape)
    assert window.session.mode == "watching"
    assert window.session.snapshot().phase == "E"


def test_the_button_reveals_and_goes(open_window: Open, qtbot: QtBot) -> None:
    window = open_window(*FAITHFUL)
    button = find(window, QAbstractButton, "run.reveal")
    assert not button.isVisible()
    action(window, "run.predict").trigger()
    qtbot.waitUntil(button.isVisible)
    assert action(window, "run.predict").text() == "&Reveal the mean"
    button.click()
    qtbot.waitUntil(lambda: window.session.snapshot().phase == "M")
    qtbot.waitUntil(lambda: not button.isVisible())


def test_it_pauses_a_run_and_says_why_it_cannot_be(open_window: Open, qtbot: QtBot) -> None:
    window = open_window(*FAITHFUL)
    for _ in range(3):
        action(window, "run.faster").trigger()
    action(window, "run.play").trigger()
    qtbot.waitUntil(lambda: window.session.snapshot().iteration >= 1, timeout=5000)
    QTest.keyClick(window, Qt.Key.Key_M)
    assert not window.session.is_running
    assert window.session.snapshot().phase == "E"
    assert window.session.mode == "guessing"
    fast(window)
    action(window, "run.play").trigger()
    assert window.session.mode == "watching"
    qtbot.waitUntil(lambda: bool(window.session.snapshot().outcome), timeout=10_000)
    qtbot.waitUntil(lambda: not action(window, "run.predict").isEnabled(), timeout=5000)
    assert "stopped here" in action(window, "run.predict").toolTip()


def test_in_one_column_only_across_counts(open_window: Open, qtbot: QtBot) -> None:
    window, plot = guessing(open_window, qtbot)
    before, after = shown(window), truth(window)[0, 0]
    height = float(before.weights[0]) / np.sqrt(2 * np.pi * before.covariances[0, 0, 0])
    start = at(plot, (before.means[0, 0], height))
    drag(plot, start, start + QPoint(40, 60))
    (place,) = guess_of(window)
    assert place - before.means[0, 0] == pytest.approx(40 * a_pixel(plot)[0], rel=1e-6)
    QTest.keyClick(plot, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "off by" in text(window, "data.caption"))
    assert f"off by {number(abs(after - place), 2)}." in text(window, "data.caption")


def test_before_the_last_e_step_nobody_is_asked_what_will_never_be_shown(open_window: Open, qtbot: QtBot) -> None:
    window = open_window(*FAITHFUL)
    run_to_the_end(window, qtbot)
    action(window, "run.half_back").trigger()
    qtbot.waitUntil(lambda: text(window, "data.caption").partition(" · ")[2].startswith("M-step"))
    assert not action(window, "run.predict").isEnabled()
    assert "stopped here" in action(window, "run.predict").toolTip()
    window.session.predict()
    assert window.session.mode == "watching"


def test_where_the_next_iteration_was_thinned_out_neither_guess_nor_question_is_offered(
    open_window: Open, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history_module, "MOST_BYTES", 0)
    window = open_window(*FAITHFUL, "--stop-rule", "iterations", "--max-iterations", "700")
    run_to_the_end(window, qtbot)
    kept = window.session.state.run.history.kept.tolist()
    for alone in (True, False):
        iteration = next(t for t in kept[5:-1] if (t + 1 not in kept) == alone)
        window.session.show_iteration(iteration)
        qtbot.waitUntil(lambda at=iteration: text(window, "data.caption").startswith(f"Iteration {at} "))
        for name in ("run.predict", "view.ask"):
            assert action(window, name).isEnabled() != alone
            assert ("thinned" in action(window, name).toolTip()) == alone


@pytest.mark.parametrize("arguments", [(), FAITHFUL, ("--sample", "faithful", "--components", "12")])
def test_what_is_said_of_a_guess_hides_no_letter(open_window: Open, qtbot: QtBot, arguments: tuple[str, ...]) -> None:
    window = open_window(*arguments)
    action(window, "view.motion").trigger()
    plot = plot_of(window)
    assert not plot.options.motion
    action(window, "run.predict").trigger()
    qtbot.waitUntil(lambda: plot.tool is not None and window.session.guess is not None)
    mean = at(plot, guess_of(window)) if arguments else None
    qtbot.wait(30)
    if mean is not None:
        drag(plot, mean, mean + QPoint(30, -20))
    QTest.keyClick(plot, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "off by" in text(window, "data.caption"))
    qtbot.wait(30)
    sheet = plot._sheet()
    assert sheet is not None
    bounds = QRectF(0, 0, sheet.mapping.width, sheet.mapping.height)
    means = [QPointF(*sheet.mean(c)) for c in range(sheet.mixture.n_components)]
    boxes = [
        plot.mapFromScene(plot.view_box.mapToScene(box.adjusted(3, 3, -3, -3))).boundingRect()
        for box in place_badges(means, plot.plot_style, bounds)
    ]
    with_words = plot.grab().toImage()
    QTest.keyClick(plot, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: plot.tool is None)
    qtbot.wait(20)
    without = plot.grab().toImage()
    assert with_words != without
    assert [with_words.copy(box) == without.copy(box) for box in boxes] == [True] * len(boxes)


def test_accelerated_it_is_not_called_an_m_step(open_window: Open, qtbot: QtBot) -> None:
    window, plot = guessing(open_window, qtbot, *FAITHFUL)
    window.session.change_settings(acceleration="squarem")
    qtbot.waitUntil(lambda: window.session.state.run.ready and action(window, "run.predict").isEnabled())
    action(window, "run.predict").trigger()
    qtbot.waitUntil(lambda: "Where does the Stride take" in text(window, "data.caption"))
    QTest.keyClick(plot, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: text(window, "data.caption").startswith("Stride: the mean of A (blue) moved"))


def test_a_card_goes_where_it_hides_nothing() -> None:
    bounds, size = QRectF(0, 0, 400, 300), QSizeF(100, 20)
    near = [QPointF(200, 150)]
    above = label_box(size, near, bounds, [[]], 10)
    assert above.bottom() == pytest.approx(140)
    taken = [QRectF(0, 0, 400, 145)]
    assert not any(label_box(size, near, bounds, [taken], 10).intersects(box) for box in taken)
    assert bounds.contains(label_box(size, [QPointF(399, 1)], bounds, [[]], 10))
