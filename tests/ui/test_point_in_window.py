"""The point inspector in the real window, with mouse and keys; its numbers judged by scipy."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot
from scipy.stats import multivariate_normal

from gmm_desktop.mixture import Mixture
from gmm_desktop.session import Snapshot
from gmm_desktop.ui import files
from gmm_desktop.ui.main_window import MainWindow
from gmm_desktop.ui.panels.plot_panel import PlotPanel
from gmm_desktop.ui.panels.point_panel import PointPanel
from gmm_desktop.ui.theme import component_colour
from tests.ui.driving import Open, action, fast, find
from tests.ui.showing import count_near, pixel_of
from tests.ui.test_inspection import RULE


def said(window: MainWindow) -> str:
    return find(window, QWidget, "point.inspector").accessibleDescription()


def pixel(window: MainWindow, x: float, y: float) -> QPoint:
    QApplication.processEvents()
    return pixel_of(window.panel(PlotPanel).plot, x, y)


def hover(window: MainWindow, where: QPoint) -> None:
    QTest.mouseMove(window.panel(PlotPanel).plot.viewport(), where - QPoint(3, 3))
    QTest.mouseMove(window.panel(PlotPanel).plot.viewport(), where)


def click(window: MainWindow, where: QPoint) -> None:
    hover(window, where)
    QTest.mouseClick(window.panel(PlotPanel).plot.viewport(), Qt.MouseButton.LeftButton, pos=where)


def check(window: MainWindow, place: np.ndarray) -> None:
    """What the card says is what scipy finds for the mixture that coloured the points."""
    snapshot = window.session.snapshot()
    mixture = snapshot.colouring
    assert isinstance(mixture, Mixture)
    densities = [multivariate_normal.pdf(place, m, c) for m, c in zip(mixture.means, mixture.covariances, strict=True)]
    products = mixture.weights * densities
    rules = RULE.findall(said(window))
    assert len(rules) == mixture.n_components
    for c, (_, *numbers) in enumerate(rules):
        expected = [mixture.weights[c], densities[c], products.sum(), products[c] / products.sum()]
        np.testing.assert_allclose([float(n) for n in numbers], expected, rtol=6e-3)
    assert f"E-step of iteration {snapshot.frame.colouring}" in said(window)


def step(window: MainWindow, qtbot: QtBot, name: str) -> None:
    before = window.session.snapshot().frame
    action(window, name).trigger()
    qtbot.waitUntil(lambda: window.session.snapshot().frame != before, timeout=3000)
    shown: list[Snapshot] = []
    window.session.changed.connect(shown.append)
    window.session.touch()
    qtbot.waitUntil(lambda: bool(shown), timeout=3000)


@pytest.mark.parametrize(
    ("arguments", "row"),
    [
        (("--sample", "faithful", "--components", "2"), 17),
        (("--sample", "faithful", "--components", "3"), 100),
        (("--sample", "iris", "--columns", "Petal.Length,Petal.Width", "--components", "3"), 50),
    ],
)
def test_a_clicked_point_stays_and_its_numbers_are_right_at_every_half_step(
    open_window: Open, qtbot: QtBot, arguments: tuple[str, ...], row: int
) -> None:
    window = open_window(*arguments)
    place = window.session.snapshot().dataset.points[row]
    click(window, pixel(window, *place))
    assert "No E-step has happened yet." in said(window)
    for name in ("run.half_step", "run.half_step", "run.step", "run.half_step"):
        step(window, qtbot, name)
        check(window, place)
    assert "before the M-step" in said(window)
    columns = window.session.snapshot().dataset.names
    assert f"{columns[0]} = {place[0]:g}, {columns[1]} = {place[1]:g}" in said(window)


@pytest.mark.parametrize("k", ["2", "3"])
def test_a_place_on_the_axis(open_window: Open, qtbot: QtBot, k: str) -> None:
    window = open_window("--components", k)
    step(window, qtbot, "run.step")
    step(window, qtbot, "run.half_step")
    click(window, pixel(window, 1.3, 0.05))
    x = float(said(window).partition("x = ")[2].partition(". ")[0])
    assert x == pytest.approx(1.3, abs=0.05)
    check(window, np.array([x]))


def test_hovering_shows_the_point_under_the_mouse_and_forgets_it(open_window: Open, qtbot: QtBot) -> None:
    window = open_window("--sample", "faithful")
    step(window, qtbot, "run.step")
    card = find(window, QWidget, "point.inspector")
    folded = card.height()
    summary = card.findChildren(QLabel)[1]
    assert summary.text() == "Hover or click a point"
    place = window.session.snapshot().dataset.points[0]
    hover(window, pixel(window, *place) + QPoint(2, 1))
    assert said(window).startswith("Row 1:")
    check(window, place)
    qtbot.waitUntil(lambda: card.height() > folded + 80)
    hover(window, pixel(window, 4.8, 48.0))
    assert said(window) == "Hover or click a point"
    qtbot.waitUntil(lambda: card.height() == folded)


def test_a_pin_is_seen_in_the_plot_by_its_shape(open_window: Open, qtbot: QtBot) -> None:
    window = open_window("--sample", "faithful")
    action(window, "view.theme_light").trigger()
    qtbot.wait(50)
    plot = window.panel(PlotPanel).plot
    place = pixel(window, *window.session.snapshot().dataset.points[1])

    def ink() -> int:
        QApplication.processEvents()
        image = plot.grab().toImage()
        return count_near(image.copy(place.x() - 16, place.y() - 16, 33, 33), window.theme.text)

    before = ink()
    hover(window, place)
    ring = ink()
    click(window, place)
    assert before < ring < ink()


def test_escape_a_click_beside_and_the_button_let_go(open_window: Open, qtbot: QtBot) -> None:
    window = open_window("--sample", "faithful")
    pointing = window.panel(PlotPanel).pointing
    place = pixel(window, *window.session.snapshot().dataset.points[0])
    plot = window.panel(PlotPanel).plot
    click(window, place)
    assert pointing.pinned
    QTest.keyClick(plot.viewport(), Qt.Key.Key_Escape)
    assert not pointing.pinned
    click(window, place)
    click(window, pixel(window, 4.8, 48.0))
    assert not pointing.pinned
    click(window, place)
    find(window, QAbstractButton, "point.unpin").click()
    assert not pointing.pinned
    click(window, place)
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert not pointing.pinned


def test_on_an_axis_a_click_moves_the_pin_and_one_on_it_lets_go(open_window: Open, qtbot: QtBot) -> None:
    window = open_window()
    before = QApplication.doubleClickInterval()
    pointing = window.panel(PlotPanel).pointing
    click(window, pixel(window, 1.3, 0.05))
    click(window, pixel(window, -3.0, 0.05))
    assert pointing.target is not None
    assert pointing.target.place[0] == pytest.approx(-3.0, abs=0.05)
    QApplication.setDoubleClickInterval(0)
    try:
        click(window, pixel(window, -3.0, 0.02))
    finally:
        QApplication.setDoubleClickInterval(before)
    assert not pointing.pinned


def test_keys_walk_through_the_points_and_say_so(
    open_window: Open, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    announced: list[str] = []
    monkeypatch.setattr(
        "gmm_desktop.ui.panels.point_panel.QAccessible.updateAccessibility", lambda e: announced.append(e.message())
    )
    window = open_window("--sample", "faithful")
    step(window, qtbot, "run.step")
    points = window.session.snapshot().dataset.points
    order = np.lexsort((points[:, 1], points[:, 0]))
    for i in (0, 1, 2):
        qtbot.keyClick(window, Qt.Key.Key_BracketRight)
        check(window, points[order[i]])
        assert said(window).startswith(f"Row {order[i] + 1}")
    qtbot.keyClick(window, Qt.Key.Key_BracketLeft)
    check(window, points[order[1]])
    assert announced[-1] == said(window)
    assert len(announced) == 4
    for _ in range(3):
        qtbot.keyClick(window, Qt.Key.Key_BracketLeft)
    check(window, points[order[0]])


def test_keys_walk_along_an_axis_from_value_to_value(open_window: Open, qtbot: QtBot) -> None:
    window = open_window("--sample", "faithful", "--columns", "waiting")
    step(window, qtbot, "run.step")
    values = np.unique(window.session.snapshot().dataset.points)
    click(window, pixel(window, 70.4, 0.01))
    qtbot.keyClick(window, Qt.Key.Key_BracketRight)
    check(window, values[values > 70.4][:1])
    assert "others there" in said(window)
    qtbot.keyClick(window, Qt.Key.Key_BracketLeft)
    check(window, values[values < 70.9][-1:])


def test_the_pin_stays_while_em_runs_and_goes_with_its_data(open_window: Open, qtbot: QtBot) -> None:
    window = open_window("--sample", "faithful", "--components", "3")
    place = window.session.snapshot().dataset.points[42]
    click(window, pixel(window, *place))
    fast(window)
    qtbot.keyClick(window, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: bool(window.session.snapshot().outcome), timeout=20_000)
    last = window.session.snapshot().last_iteration
    qtbot.waitUntil(lambda: f"E-step of iteration {last}." in said(window), timeout=5000)
    check(window, place)
    action(window, "run.new_start").trigger()
    qtbot.waitUntil(lambda: "No E-step" in said(window), timeout=3000)
    assert said(window).startswith("Row 43")
    files.load_sample(window, "iris")
    qtbot.waitUntil(lambda: said(window) == "Hover or click a point", timeout=5000)
    assert not window.panel(PlotPanel).pointing.pinned


def test_all_columns_count_where_two_are_shown(open_window: Open, qtbot: QtBot) -> None:
    window = open_window("--sample", "iris", "--components", "3")
    names = window.session.snapshot().dataset.available_columns
    assert len(names) == 4
    files.change_columns(window, list(names), [names[2], names[3]])
    qtbot.waitUntil(lambda: window.session.snapshot().dataset.dimension == 4)
    step(window, qtbot, "run.step")
    step(window, qtbot, "run.half_step")
    points = window.session.snapshot().dataset.points
    qtbot.keyClick(window, Qt.Key.Key_BracketLeft)
    check(window, points[np.lexsort((points[:, 3], points[:, 2]))[-1]])
    assert "All 4 fitted columns count" in said(window)
    assert all(f"{label} = " in said(window) for label in names)


def test_many_points_are_looked_through_beside_the_window(open_window: Open, qtbot: QtBot) -> None:
    window = open_window()
    files.draw_anew(window, 400_000, 1)
    qtbot.waitUntil(lambda: window.session.snapshot().dataset.size == 400_000, timeout=10_000)
    plot = window.panel(PlotPanel).plot
    qtbot.waitUntil(lambda: plot.cloud is not None and plot.cloud.size == 400_000, timeout=10_000)
    qtbot.keyClick(window, Qt.Key.Key_BracketRight)
    qtbot.waitUntil(lambda: said(window).startswith("Point "), timeout=5000)
    lowest = int(window.session.snapshot().dataset.points[:, 0].argmin())
    assert window.panel(PlotPanel).pointing.target is not None
    assert window.panel(PlotPanel).pointing.target.row == lowest


def test_twelve_components_scroll_inside_the_card(open_window: Open, qtbot: QtBot) -> None:
    window = open_window("--sample", "faithful", "--components", "12")
    window.resize(1024, 740)
    step(window, qtbot, "run.step")
    click(window, pixel(window, *window.session.snapshot().dataset.points[0]))
    qtbot.wait(50)
    check(window, window.session.snapshot().dataset.points[0])
    card = window.panel(PointPanel)
    assert card.height() < 400
    assert card._area.verticalScrollBar().maximum() > 0
    assert card._area.widget().width() <= card._area.viewport().width()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_each_component_has_its_bar_in_its_colour(open_window: Open, qtbot: QtBot, theme: str) -> None:
    window = open_window("--sample", "faithful", "--components", "3")
    action(window, f"view.theme_{theme}").trigger()
    step(window, qtbot, "run.step")
    click(window, pixel(window, 4.2, 80.0))
    qtbot.wait(50)
    rules = RULE.findall(said(window))
    image = window.panel(PointPanel)._view.grab().toImage()
    inked = [count_near(image, component_colour(window.theme, c), 4) for c in range(3)]
    shares = [float(rule[4]) for rule in rules]
    assert min(inked) > 50, "the letters' badges"
    assert np.argsort(inked).tolist()[-1] == int(np.argmax(shares))


def test_the_pixel_of_a_point_is_where_it_is_found(open_window: Open, qtbot: QtBot) -> None:
    window = open_window("--sample", "faithful")
    points = window.session.snapshot().dataset.points
    plot = window.panel(PlotPanel).plot
    scene = plot.mapToScene(pixel(window, *points[5]))
    there = plot.view_box.mapSceneToView(QPointF(scene))
    distances = np.abs((points - [there.x(), there.y()]) / np.ptp(points, axis=0)).max(axis=1)
    click(window, pixel(window, *points[5]))
    target = window.panel(PlotPanel).pointing.target
    assert target is not None
    assert target.row is not None
    assert distances[target.row] == pytest.approx(distances.min(), abs=0.01)
