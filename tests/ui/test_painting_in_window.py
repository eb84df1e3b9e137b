"""Points painted, erased and stamped with a real mouse in the real window."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from gmm_desktop.data.painting import MOST_PAINTED
from gmm_desktop.ui.main_window import MainWindow
from gmm_desktop.ui.views import DataPlot
from tests.ui.driving import Open, action, find, text
from tests.ui.hands import NONE, a_pixel, at, click, drag, move, plot_of, press, release
from tests.ui.painting_hands import at_inside, on_canvas, painting, pixels, points, set_stamp, shows_all, take
from tests.ui.showing import count_near, picture_of


def test_a_click_puts_a_point_where_the_mouse_is(open_window: Open, qtbot: QtBot) -> None:
    window, plot = painting(open_window, qtbot, tool="point")
    click(plot, at(plot, (3.0, 60.0)))
    assert len(points(window)) == 273
    assert (np.abs(points(window)[-1] - (3.0, 60.0)) <= a_pixel(plot)).all()
    assert window.session.snapshot().undo == "painting 1 point"
    qtbot.waitUntil(lambda: text(window, "data.title") == "Old Faithful, edited")
    qtbot.waitUntil(lambda: text(window, "data.caption").startswith("273 points"))


def test_a_brush_paints_all_along_its_way_as_one_act(open_window: Open, qtbot: QtBot) -> None:
    window, plot = painting(open_window, qtbot, tool="brush")
    start, end = QPoint(200, 100), QPoint(400, 100)
    drag(plot, at_inside(plot, start), at_inside(plot, end))
    added = pixels(plot, points(window)[272:])
    assert len(added) > 50
    assert window.session.snapshot().undo == f"painting {len(added)} points"
    assert (np.abs(added[:, 1] - 100) <= 21).all()
    steps = np.histogram(added[:, 0], bins=np.arange(190, 421, 20))[0]
    assert (steps > 0).all(), "there is no gap on the way"
    window.session.undo()
    assert len(points(window)) == 272


def test_what_a_stroke_does_is_seen_before_it_ends_and_counts_when_it_does(open_window: Open, qtbot: QtBot) -> None:
    window, plot = on_canvas(open_window, qtbot, tool="brush")
    grey = plot.plot_style.theme.points
    before = count_near(picture_of(plot), grey)
    press(plot, at(plot, (2, 5)))
    move(plot, *(at(plot, (x, 5)) for x in np.linspace(2, 8, 9)))
    assert count_near(picture_of(plot), grey) > before + 300
    assert window.session.snapshot().canvas is not None
    release(plot, at(plot, (8, 5)))
    assert window.session.snapshot().canvas is None
    shows_all(window, plot, qtbot)
    assert count_near(picture_of(plot), grey) > before + 300


def test_what_was_painted_stays_to_be_seen_while_its_start_is_made(open_window: Open, qtbot: QtBot) -> None:
    window, plot = on_canvas(open_window, qtbot, tool="stamp")
    grey = plot.plot_style.theme.points
    click(plot, at(plot, (5, 5)))
    at_once = plot.grab().toImage()  # mostly before anything is shown of the new data
    assert count_near(at_once, grey) > 1000 or window.session.state.run.ready  # when they have the components' colours
    window.session.undo()
    qtbot.waitUntil(lambda: text(window, "data.caption").startswith("An empty canvas"))
    qtbot.waitUntil(lambda: count_near(picture_of(plot), grey) < 1000)


def test_escape_in_a_stroke_takes_it_back_and_does_not_leave(open_window: Open, qtbot: QtBot) -> None:
    window, plot = painting(open_window, qtbot, tool="brush")
    press(plot, at(plot, (3, 60)))
    move(plot, at(plot, (3.5, 60)))
    qtbot.keyClick(plot, Qt.Key.Key_Escape)
    release(plot, at(plot, (3.5, 60)))
    assert (len(points(window)), window.session.mode) == (272, "painting")
    qtbot.keyClick(plot, Qt.Key.Key_Escape)
    assert window.session.mode == "watching"
    qtbot.waitUntil(lambda: plot.tool is None)
    assert not find(window, QWidget, "paint.brush").isVisible()


def test_the_eraser_takes_the_points_under_it(open_window: Open, qtbot: QtBot) -> None:
    window, plot = painting(open_window, qtbot, tool="erase")
    old = points(window)
    start, end = QPoint(330, 20), QPoint(330, 140)
    drag(plot, at_inside(plot, start), at_inside(plot, end))
    places = pixels(plot, old)
    away = np.hypot(places[:, 0] - 330, np.maximum(np.maximum(20 - places[:, 1], places[:, 1] - 140), 0))
    left = {tuple(point) for point in points(window)}
    assert {tuple(point) for point in old[away > 21]} <= left
    assert not {tuple(point) for point in old[away < 19]} & left
    gone = 272 - len(points(window))
    assert gone > 5
    assert window.session.snapshot().undo == f"erasing {gone} points"


def test_an_eraser_that_meets_nothing_is_no_act(open_window: Open, qtbot: QtBot) -> None:
    window, plot = painting(open_window, qtbot, tool="erase")
    click(plot, at(plot, (1.5, 96)))
    assert window.session.snapshot().undo == ""


def test_the_spray_goes_on_while_the_button_is_held(open_window: Open, qtbot: QtBot) -> None:
    window, plot = on_canvas(open_window, qtbot, tool="spray")
    press(plot, at(plot, (5, 5)))
    tool = plot.painting
    qtbot.waitUntil(lambda: tool._stroke is not None and tool._stroke.size >= 15)
    release(plot, at(plot, (5, 5)))
    sprayed = len(points(window))
    assert sprayed >= 15
    assert window.session.snapshot().undo == f"painting {sprayed} points"
    assert not tool._puffs.isActive()


def test_a_stamp_is_a_gaussian_of_the_shape_that_is_shown(open_window: Open, qtbot: QtBot) -> None:
    window, plot = on_canvas(open_window, qtbot, tool="stamp")
    set_stamp(window, along="1.5", across="0.5", angle=45, size=5000)
    click(plot, at(plot, (4, 6)))
    drawn = points(window)
    assert window.session.snapshot().undo == "a stamp of 5\u202f000 points"
    np.testing.assert_allclose(drawn.mean(axis=0), (4, 6), atol=0.1)
    # Turned by 45 degrees: (2.25 + 0.25) / 2 in both columns and (2.25 - 0.25) / 2 between them.
    np.testing.assert_allclose(np.cov(drawn.T), [[1.25, 1.0], [1.0, 1.25]], atol=0.1)


def test_two_stamps_differ_and_two_sessions_agree(open_window: Open, qtbot: QtBot) -> None:
    made = []
    for _ in range(2):
        window, plot = on_canvas(open_window, qtbot, tool="stamp")
        click(plot, at(plot, (3, 3)))
        shows_all(window, plot, qtbot)
        click(plot, at(plot, (3, 3)))
        made.append(points(window))
    np.testing.assert_array_equal(made[0], made[1])
    assert not np.allclose(made[0][:100], made[0][100:])


def test_the_ghost_of_the_stamp_is_its_ellipse_at_one_and_two_deviations(open_window: Open, qtbot: QtBot) -> None:
    window, plot = on_canvas(open_window, qtbot, tool="stamp")
    set_stamp(window, along="2", across="1", angle=0, size=100)
    move(plot, at(plot, (5, 5)))
    picture, accent = picture_of(plot), plot.plot_style.theme.accent
    for place in ((7, 5), (3, 5), (5, 6), (5, 4)):
        here = at(plot, place)
        assert count_near(picture.copy(here.x() - 4, here.y() - 4, 9, 9), accent, 40) > 0, place
    for place in ((9, 5), (5, 7)):
        here = at(plot, place)
        assert count_near(picture.copy(here.x() - 14, here.y() - 14, 29, 29), accent, 40) > 0, place
    away = at(plot, (1.5, 9))
    assert count_near(picture.copy(away.x() - 9, away.y() - 9, 19, 19), accent, 40) == 0
    QApplication.sendEvent(plot, QEvent(QEvent.Type.Leave))
    assert count_near(picture_of(plot), accent, 40) == 0, "the mouse has left"


def test_the_axes_stay_while_points_are_painted_and_zooming_works(open_window: Open, qtbot: QtBot) -> None:
    window, plot = painting(open_window, qtbot, tool="point")
    before = plot.view_box.viewRange()
    click(plot, at(plot, (before[0][0] + 0.01, before[1][1] - 0.3)))
    shows_all(window, plot, qtbot)
    assert plot.view_box.viewRange() == before
    wheel(plot, at(plot, (3, 70)))
    zoomed = plot.view_box.viewRange()
    assert zoomed != before
    click(plot, at(plot, (3, 70)))
    shows_all(window, plot, qtbot)
    assert plot.view_box.viewRange() == zoomed
    window.session.undo()
    shows_all(window, plot, qtbot)
    assert plot.view_box.viewRange() == zoomed, "nor does undo move them"
    qtbot.keyClick(plot, Qt.Key.Key_0)
    assert plot.view_box.viewRange() != zoomed


def wheel(plot: DataPlot, place: QPoint) -> None:
    ctrl, none = Qt.KeyboardModifier.ControlModifier, Qt.MouseButton.NoButton
    where, far = QPointF(place), QPointF(plot.viewport().mapToGlobal(place))
    event = QWheelEvent(where, far, QPoint(), QPoint(0, 240), none, ctrl, Qt.ScrollPhase.NoScrollPhase, False)
    QApplication.sendEvent(plot.viewport(), event)


def test_one_stroke_right_after_the_other_loses_nothing(open_window: Open, qtbot: QtBot) -> None:
    window, plot = painting(open_window, qtbot, tool="point")
    places = [(2.5, 50.0), (3.0, 60.0), (3.5, 70.0)]
    for place in places:  # faster than a start is made and drawn
        click(plot, at(plot, place))
    assert (np.abs(points(window)[-3:] - places) <= a_pixel(plot)).all()
    take(window, "erase")
    click(plot, at(plot, places[1]))
    left = pixels(plot, points(window))
    assert np.hypot(*(left - pixels(plot, np.array(places[1:2]))).T).min() > 19, "the new one goes as the old ones do"
    assert len(points(window)) > 262


def test_a_canvas_has_axes_from_0_to_10_and_no_fit(open_window: Open, qtbot: QtBot) -> None:
    window, plot = on_canvas(open_window, qtbot)
    assert plot.view_box.viewRange() == [[0, 10], [0, 10]]
    assert not action(window, "run.play").isEnabled()
    assert text(window, "data.title") == "Empty canvas"
    qtbot.keyClick(window, Qt.Key.Key_Space)
    assert window.session.snapshot().canvas is not None
    take(window, "point")
    click(plot, at(plot, (2, 8)))
    assert (np.abs(points(window) - (2, 8)) <= a_pixel(plot)).all()
    qtbot.waitUntil(lambda: "All points are the same" in text(window, "data.caption"))
    assert plot.view_box.viewRange() == [[0, 10], [0, 10]]
    shown = [label.text() for label in window.findChildren(QLabel) if label.isVisible()]
    assert not [words for words in shown if "nan" in words.lower().split()]


def test_painted_groups_are_fitted_like_any_data(open_window: Open, qtbot: QtBot) -> None:
    window, plot = on_canvas(open_window, qtbot, tool="stamp")
    for place in ((2.5, 2.5), (7.5, 7.0)):
        click(plot, at(plot, place))
        shows_all(window, plot, qtbot)
    qtbot.waitUntil(lambda: window.session.state.run.ready, timeout=5000)
    action(window, "run.end").trigger()
    qtbot.waitUntil(lambda: window.session.snapshot().outcome == "converged", timeout=10_000)
    fitted = window.session.snapshot().mixture
    assert fitted is not None
    order = fitted.means[:, 0].argsort()
    np.testing.assert_allclose(fitted.means[order], [[2.5, 2.5], [7.5, 7.0]], atol=0.5)
    assert window.session.mode == "watching"


def test_more_columns_than_two_are_not_painted_and_a_sentence_says_why(open_window: Open, qtbot: QtBot) -> None:
    window = open_window("--sample", "iris", "--columns", "Sepal.Length,Sepal.Width,Petal.Length")
    paint = action(window, "edit.paint")
    assert not paint.isEnabled()
    assert "3 columns are fitted" in paint.toolTip()
    assert action(window, "edit.canvas_2d").isEnabled()


def test_a_stroke_beyond_the_limit_is_refused_in_a_sentence(
    open_window: Open, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gmm_desktop.ui.views.strokes.MOST_PAINTED", 300)
    assert MOST_PAINTED == 1_000_000
    window, plot = painting(open_window, qtbot, tool="stamp")
    click(plot, at(plot, (3, 60)))
    assert len(points(window)) == 272
    assert "points can be painted" in window.notices.text()


def test_a_stamp_that_is_no_number_is_told_and_the_old_one_stays(open_window: Open, qtbot: QtBot) -> None:
    window, _ = on_canvas(open_window, qtbot, tool="stamp")
    field = find(window, QLineEdit, "paint.along")
    field.setText("wide")
    field.editingFinished.emit()
    assert "must be a number above 0" in window.notices.text()
    assert plot_of(window).painting.settings.along == 0.8


def test_an_exported_picture_of_painted_data_shows_no_ghost(open_window: Open, qtbot: QtBot) -> None:
    from gmm_desktop.ui.pictures import draw_picture
    from gmm_desktop.ui.theme import LIGHT
    from gmm_desktop.ui.views import ViewOptions

    window, plot = painting(open_window, qtbot, tool="brush")
    QTest.mouseMove(plot.viewport(), at(plot, (3, 60)))
    drawn = draw_picture(window.session.snapshot(), ViewOptions(), LIGHT, 400, 300)
    assert count_near(drawn, LIGHT.accent, 20) < 30
    action(window, "edit.canvas_2d").trigger()
    assert "canvas is empty" in settled_tip(window, qtbot, "file.export_picture")


def settled_tip(window: MainWindow, qtbot: QtBot, name: str) -> str:
    qtbot.waitUntil(lambda: not action(window, name).isEnabled())
    return action(window, name).toolTip()


def test_press_beside_the_axes_paints_nothing(open_window: Open, qtbot: QtBot) -> None:
    window, plot = painting(open_window, qtbot, tool="point")
    QTest.mouseClick(plot.viewport(), Qt.MouseButton.LeftButton, NONE, QPoint(3, 40))
    assert len(points(window)) == 272
