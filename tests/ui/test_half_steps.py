"""E and M apart, as a hall sees them: the caption, the colours, the outlines, the glide."""

from __future__ import annotations

import re

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QTableWidget
from pytestqt.qtbot import QtBot

from gmm_desktop.mixture import em_steps
from gmm_desktop.ui.main_window import MainWindow
from gmm_desktop.ui.panels.display_panel import DisplayPanel
from gmm_desktop.ui.panels.plot_panel import PlotPanel
from gmm_desktop.ui.theme import LIGHT, component_colour
from gmm_desktop.ui.views.glide import SECONDS
from tests.ui.driving import Open, action, find, text
from tests.ui.showing import count_near, picture_of, pixel_of

FAITHFUL = ("--sample", "faithful", "--components", "2", "--seed", "5")
BELOW = Qt.ItemDataRole.UserRole + 2  # what a cell of the table has on its second line
# Points and the one-sigma outline alone.
BARE = {"contours": False, "trails": False, "truth": False}


def half_step(window: MainWindow, qtbot: QtBot) -> None:
    before = window.session.snapshot().frame
    qtbot.keyClick(window, Qt.Key.Key_H)
    qtbot.waitUntil(lambda: window.session.snapshot().frame != before, timeout=5000)
    qtbot.wait(60)


def settled(qtbot: QtBot) -> None:
    """The glide is over, and the next may begin."""
    qtbot.wait(round(SECONDS * 1000) + 150)


@pytest.fixture
def window(open_window: Open, qtbot: QtBot) -> MainWindow:
    made = open_window(*FAITHFUL)
    made.resize(1280, 800)
    made.panel(DisplayPanel).change(**BARE)
    qtbot.waitUntil(lambda: made.session.state.run.ready, timeout=5000)
    return made


def test_the_e_step_says_how_many_points_changed_and_rings_them(window: MainWindow, qtbot: QtBot) -> None:
    for _ in range(3):
        half_step(window, qtbot)
        settled(qtbot)
    assert window.session.snapshot().frame[:2] == (1, "E")
    steps = em_steps(window.session.state.run.dataset.points, window.session.state.run.history.mixture_at(0))
    first, second = next(steps).mixture, next(steps).mixture
    points = window.session.state.run.dataset.points
    owners = [m.responsibilities(points).argmax(axis=1) for m in (first, second)]
    changed = np.flatnonzero(owners[0] != owners[1])
    assert 2 <= changed.size <= 20
    qtbot.waitUntil(lambda: f"{changed.size} points change their likeliest component" in text(window, "data.caption"))
    plot = window.panel(PlotPanel).plot
    image = picture_of(plot)

    def ring_share(x: float, y: float) -> float:
        """How much of the circle just outside of a point is in the colour of text."""
        centre = pixel_of(plot, x, y)
        angles = np.linspace(0, 2 * np.pi, 16, endpoint=False)
        dark = 0
        for a in angles:
            at = [
                image.pixelColor(round(centre.x() + r * np.cos(a)), round(centre.y() + r * np.sin(a)))
                for r in (4.5, 5.0, 5.5, 6.0)
            ]
            dark += any(colour.lightness() < 60 for colour in at)
        return dark / angles.size

    ringed = [ring_share(*points[i]) for i in changed]
    others = [ring_share(*points[i]) for i in range(0, len(points), 7) if i not in changed]
    assert np.median(ringed) > 0.6  # ellipses pass over some
    assert np.median(others) < 0.3
    half_step(window, qtbot)
    assert "change their" not in text(window, "data.caption")
    assert window.session.snapshot().before is None


def test_the_numbers_of_the_m_step_are_those_of_em(window: MainWindow, qtbot: QtBot) -> None:
    for _ in range(2):
        half_step(window, qtbot)
    assert window.session.snapshot().frame[:2] == (1, "M")
    steps = em_steps(window.session.state.run.dataset.points, window.session.state.run.history.mixture_at(0))
    before, after = next(steps).mixture, next(steps).mixture
    pattern = r"mean of ([AB]) \((blue|orange)\) moved ([\d.]+).*weight (rose|fell) from ([\d.]+) to ([\d.]+)\.$"
    qtbot.waitUntil(lambda: re.search(pattern, text(window, "data.caption")) is not None, timeout=2000)
    said = re.search(pattern, text(window, "data.caption"))
    assert said is not None
    c = "AB".index(said[1])
    move = after.means[c] - before.means[c]
    assert min(abs(float(said[3]) / abs(m) - 1) for m in move) < 0.06  # two digits of its larger part
    assert float(said[5]) == pytest.approx(before.weights[c], abs=6e-4)
    assert float(said[6]) == pytest.approx(after.weights[c], abs=6e-4)
    assert (said[4] == "rose") == (after.weights[c] > before.weights[c])


def test_the_table_tells_the_points_of_the_e_step_that_is_shown(window: MainWindow, qtbot: QtBot) -> None:
    """The mixture stands still in E, the effective numbers of points do not."""
    table = find(window, QTableWidget, "parameters.table")
    told = []
    for _ in range(5):
        half_step(window, qtbot)
        shown = window.session.snapshot()
        assert shown.colouring is not None
        counts = shown.colouring.responsibilities(shown.dataset.points).sum(axis=0)
        cells = [table.item(row, 1) for row in (0, 2)]
        drawn = [str(cell.data(BELOW)) for cell in cells if cell is not None]
        assert [float(one.removesuffix(" pts")) for one in drawn] == pytest.approx(counts, rel=5e-3)
        told.append(drawn)
    assert told[1] != told[2]


def test_in_m_the_components_glide_and_in_e_they_stand(window: MainWindow, qtbot: QtBot) -> None:
    plot = window.panel(PlotPanel).plot
    half_step(window, qtbot)
    settled(qtbot)
    still = picture_of(plot)
    seen = []
    qtbot.keyClick(window, Qt.Key.Key_H)
    qtbot.waitUntil(lambda: window.session.snapshot().phase == "M", timeout=5000)
    qtbot.waitUntil(lambda: plot._glide.is_moving, timeout=2000)
    while plot._glide.is_moving:
        seen.append(picture_of(plot))
        qtbot.wait(15)
    settled(qtbot)
    end = picture_of(plot)
    between = [image for image in seen if image not in (still, end)]
    assert len(between) >= 2
    # What is drawn at the end is the new mixture: the cross stands on its mean.
    mixture = window.session.snapshot().mixture
    assert mixture is not None
    for mean in mixture.means:
        assert end.pixelColor(pixel_of(plot, *mean)).name() == LIGHT.text
    qtbot.keyClick(window, Qt.Key.Key_H)
    qtbot.waitUntil(lambda: window.session.snapshot().phase == "E", timeout=5000)
    qtbot.wait(50)
    assert not plot._glide.is_moving


@pytest.mark.parametrize("how", ["off", "fast"])
def test_motion_can_be_turned_off_and_is_off_at_speed(window: MainWindow, qtbot: QtBot, how: str) -> None:
    plot = window.panel(PlotPanel).plot
    moved: list[bool] = []
    plot.scene().changed.connect(lambda _: moved.append(plot._glide.is_moving))
    if how == "off":
        assert action(window, "view.motion").isChecked()
        qtbot.keyClick(window, Qt.Key.Key_M, Qt.KeyboardModifier.ShiftModifier)
        assert not action(window, "view.motion").isChecked()
        for _ in range(4):
            half_step(window, qtbot)
            settled(qtbot)
    else:
        window.session.set_rate(20.0)
        window.session.play()
        qtbot.waitUntil(lambda: window.session.snapshot().iteration > 4, timeout=5000)
        window.session.pause()
    assert moved
    assert not any(moved)


def test_a_whole_step_rings_nothing_and_jumps(window: MainWindow, qtbot: QtBot) -> None:
    for _ in range(2):
        qtbot.keyClick(window, Qt.Key.Key_S)
        qtbot.wait(400)
    assert window.session.snapshot().before is None
    assert not window.panel(PlotPanel).plot._glide.is_moving


def test_in_one_dimension_bars_share_their_colours_and_changed_ones_are_outlined(
    open_window: Open, qtbot: QtBot
) -> None:
    window = open_window("--components", "3", "--seed", "0")
    window.resize(1280, 800)
    window.panel(DisplayPanel).change(truth=False)
    plot = window.panel(PlotPanel).plot
    qtbot.waitUntil(lambda: window.session.state.run.ready, timeout=5000)
    for phase in ("E", "M", "E"):
        half_step(window, qtbot)
        settled(qtbot)
        assert window.session.snapshot().phase == phase
    shown = window.session.snapshot()
    assert shown.before is not None
    assert shown.colouring is not None
    one = plot._one
    assert one._content is not None
    bars = one.histogram(one._content)
    owners = [m.log_joint(bars.centres[:, np.newaxis]).argmax(axis=1) for m in (shown.before, shown.colouring)]
    changed = np.flatnonzero((owners[0] != owners[1]) & (bars.heights > 0))
    assert changed.size
    image = picture_of(plot)
    scene = plot.mapFromScene(plot.view_box.mapViewToScene(QPointF(bars.edges[changed[0]], bars.heights[changed[0]])))
    edge = [image.pixelColor(scene.x() + dx, scene.y() + 12).lightness() for dx in range(-3, 4)]
    assert min(edge) < 80
    # Each bar's colours stand in the order and the shares of its responsibilities.
    for colour in (0, 1, 2):
        assert count_near(image, component_colour(LIGHT, colour)) > 50


def test_a_weight_that_hardly_changes_is_said_to_stay(window: MainWindow, qtbot: QtBot) -> None:
    """Not to fall from 0.356 to 0.356."""
    said = set()
    while not window.session.snapshot().outcome:
        half_step(window, qtbot)
        shown = window.session.snapshot()
        if shown.phase == "M":
            wanted = f"Iteration {shown.iteration} · M-step"
            qtbot.waitUntil(lambda wanted=wanted: text(window, "data.caption").startswith(wanted))  # type: ignore[misc]
            said.add(text(window, "data.caption"))
    assert len(said) > 4
    for caption in said:
        numbers = re.search(r"from ([\d.]+) to ([\d.]+)\.$", caption)
        assert numbers is None or numbers[1] != numbers[2], caption
    assert any("stayed at" in caption for caption in said), said
