"""The data plot as a person sees and moves it."""

from __future__ import annotations

import sys
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gmm_desktop.data import dataset_from_array
from gmm_desktop.ui.theme import DARK, LIGHT, THEMES, Theme, component_colour
from gmm_desktop.ui.views import VIEWS, DataPlot, View, ViewOptions
from tests.ui.showing import Paints, count_near, mixture, picture_of, pixel_of, snapshot, two_groups

TWO = mixture([[-4, 0], [4, 0]])
# Points and bars alone; nothing else may have their colours.
BARE = ViewOptions(ellipses=False, contours=False, trails=False, truth=False)


@pytest.fixture
def plot(qtbot: QtBot) -> DataPlot:
    made = DataPlot()
    qtbot.addWidget(made)
    made.resize(800, 500)
    made.show()
    qtbot.waitExposed(made)
    return made


def ranges(plot: DataPlot) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return np.array(plot.getViewBox().viewRange())


def one_column(n: int = 300, scale: float = 1.0, offset: float = 0.0) -> object:
    points = np.random.default_rng(2).normal(size=(n, 1)) * scale + offset
    return dataset_from_array(points, ("x",), "one column")


@pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS)
class TestEveryView:
    def test_it_is_named_for_tests_and_screen_readers(self, qtbot: QtBot, view: View) -> None:
        widget = view.widget()
        qtbot.addWidget(widget)
        assert widget.objectName() == view.id
        assert widget.accessibleName()
        assert widget.toolTip()

    @pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
    def test_it_follows_the_theme(self, qtbot: QtBot, view: View, theme: Theme) -> None:
        widget = view.widget()
        qtbot.addWidget(widget)
        widget.resize(400, 200)
        widget.set_theme(theme)
        widget.show_snapshot(snapshot(two_groups(), TWO))
        image = widget.grab().toImage()
        assert image.pixelColor(1, 1).name() == theme.card
        assert count_near(image, theme.axis) > 50


class TestPoints:
    def test_grey_before_the_first_e_step_and_dashed_outlines(self, plot: DataPlot) -> None:
        plot.show_snapshot(snapshot(two_groups(), TWO, started=False))
        plot.set_options(BARE)
        image = picture_of(plot)
        assert count_near(image, LIGHT.points, 4) > 200
        plot.set_options(replace(BARE, ellipses=True))
        dashed = count_near(picture_of(plot), component_colour(LIGHT, 0))
        plot.show_snapshot(snapshot(two_groups(), TWO))
        assert 100 < dashed < count_near(picture_of(plot), component_colour(LIGHT, 0))

    def test_points_wear_the_colour_of_their_component(self, plot: DataPlot) -> None:
        data = two_groups()
        plot.show_snapshot(snapshot(data, TWO))
        plot.set_options(BARE)
        image = picture_of(plot)
        seen = [
            image.pixelColor(pixel_of(plot, x, y)).name()
            for x, y in data.points
            if -1.5 < y < 0.4  # clear of the letters
        ]
        for c in (0, 1):
            assert seen.count(component_colour(LIGHT, c)) > 0.35 * len(seen)

    def test_a_point_between_two_is_grey_unless_labels_are_hard(self, plot: DataPlot) -> None:
        data = dataset_from_array(
            np.array([[-4.0, -2.0], [-4.0, 2.0], [4.0, -2.0], [4.0, 2.0], [0.0, 0.0]]), ("x", "y"), "five"
        )
        plot.show_snapshot(snapshot(data, mixture([[-4.001, 0.0], [4.0, 0.0]], 2.0)))
        plot.set_options(BARE)
        middle = pixel_of(plot, 0, 0)
        assert picture_of(plot).pixelColor(middle).name() == LIGHT.points
        plot.set_options(replace(BARE, colouring="hard"))
        assert picture_of(plot).pixelColor(middle).name() in {component_colour(LIGHT, c) for c in (0, 1)}
        plot.set_options(replace(BARE, colouring="plain"))
        assert picture_of(plot).pixelColor(pixel_of(plot, -4, -2)).name() == LIGHT.points

    def test_columns_that_are_not_shown_count_too(self, plot: DataPlot) -> None:
        """In the two columns shown both groups are one; the third tells them apart."""
        rng = np.random.default_rng(0)
        points = np.column_stack([rng.normal(size=(60, 2)), np.repeat([-50.0, 50.0], 30)])
        data = dataset_from_array(points, ("x", "y", "z"), "three columns")
        plot.show_snapshot(snapshot(data, mixture([[0, 0, -50], [0, 0, 50]])))
        plot.set_options(BARE)
        image = picture_of(plot)
        for c in (0, 1):
            assert count_near(image, component_colour(LIGHT, c), 3) > 200

    def test_a_million_looks_as_some_thousand_do(self, qtbot: QtBot, plot: DataPlot) -> None:
        points = np.concatenate([two_groups(60_000).points, [[0.0, 9.0]]])
        data = dataset_from_array(points, ("x", "y"), "many")
        plot.set_options(BARE)
        plot.show_snapshot(snapshot(data, TWO))
        qtbot.waitUntil(lambda: count_near(picture_of(plot), component_colour(LIGHT, 0), 90) > 3000, timeout=5000)
        image = picture_of(plot)
        for x, c in ((-4, 0), (4, 1)):
            seen, wanted = image.pixelColor(pixel_of(plot, x, -0.6)), QColor(component_colour(LIGHT, c))
            assert seen.hue() == pytest.approx(wanted.hue(), abs=4)
            assert seen.lightness() == pytest.approx(wanted.lightness(), abs=20)
        lone = image.pixelColor(pixel_of(plot, 0, 9))
        assert lone.lightness() < 200, "a lone point must not be lost among many"

    def test_a_mixture_that_is_still_being_made_leaves_the_data(self, plot: DataPlot) -> None:
        plot.show_snapshot(snapshot(two_groups(), None, started=False))
        assert count_near(picture_of(plot), LIGHT.points, 4) > 200


class TestBars:
    def test_grey_first_then_split_by_responsibility(self, plot: DataPlot) -> None:
        data = dataset_from_array(two_groups().points[:, :1], ("x",), "one column")
        shown = mixture([[-4.0], [4.0]])
        plot.show_snapshot(snapshot(data, shown, started=False))
        left, right = pixel_of(plot, -3.6, 0.03), pixel_of(plot, 4.3, 0.03)
        start = picture_of(plot)
        assert start.pixelColor(left).name() == start.pixelColor(right).name() == LIGHT.bars
        plot.show_snapshot(snapshot(data, shown))
        now = picture_of(plot)
        assert now.pixelColor(left).hue() == pytest.approx(210, abs=25)
        assert now.pixelColor(right).hue() == pytest.approx(33, abs=15)

    def test_a_choice_of_bins(self, plot: DataPlot) -> None:
        data = dataset_from_array(np.arange(100.0)[:, np.newaxis], ("x",), "even")
        plot.show_snapshot(snapshot(data, None, started=False))
        plot.set_options(ViewOptions(bins=4))
        row = picture_of(plot)
        y = pixel_of(plot, 50, 0.005).y()
        across = [row.pixelColor(x, y).name() for x in range(pixel_of(plot, 1, 0).x(), pixel_of(plot, 98, 0).x())]
        gaps = sum(a != b and b == LIGHT.card for a, b in pairwise(across))
        assert gaps <= 3
        assert across.count(across[10]) > 0.95 * len(across)

    def test_the_truth_is_red_and_says_so(self, plot: DataPlot) -> None:
        data = dataset_from_array(two_groups().points[:, :1], ("x",), "one column")
        shown = mixture([[-4.0], [4.0]])
        plot.show_snapshot(snapshot(data, shown, truth=shown))
        with_truth = count_near(picture_of(plot), LIGHT.truth, 10)
        plot.set_options(ViewOptions(truth=False))
        assert with_truth > 200
        assert count_near(picture_of(plot), LIGHT.truth, 10) == 0


class TestAxes:
    def test_they_hold_the_data_with_a_margin(self, plot: DataPlot) -> None:
        data = two_groups()
        plot.show_snapshot(snapshot(data, TWO, started=False))
        low, high = data.points.min(axis=0), data.points.max(axis=0)
        np.testing.assert_allclose(ranges(plot)[:, 0], low - 0.05 * (high - low))
        np.testing.assert_allclose(ranges(plot)[:, 1], high + 0.05 * (high - low))

    @pytest.mark.parametrize("columns", [1, 2])
    def test_they_stand_still_during_a_run(self, plot: DataPlot, columns: int) -> None:
        data = dataset_from_array(two_groups().points[:, :columns], ("x", "y")[:columns], "some")
        plot.show_snapshot(snapshot(data, mixture(np.zeros((2, columns))), started=False))
        before, place = ranges(plot), plot.getViewBox().sceneBoundingRect()
        for at in range(1, 6):
            plot.show_snapshot(snapshot(data, mixture(np.full((2, columns), 40.0 * at), 0.01), iteration=at))
            picture_of(plot)
        np.testing.assert_array_equal(ranges(plot), before)
        assert plot.getViewBox().sceneBoundingRect() == place

    def test_they_are_remembered_for_data_seen_before(self, plot: DataPlot) -> None:
        first, second = two_groups(), two_groups(50, far=100)
        plot.show_snapshot(snapshot(first, TWO))
        plot.getViewBox().setRange(xRange=(0, 1), yRange=(2, 3), padding=0)
        plot.show_snapshot(snapshot(second, TWO))
        assert ranges(plot)[0, 1] > 40
        plot.show_snapshot(snapshot(first, TWO))
        np.testing.assert_allclose(ranges(plot), [[0, 1], [2, 3]])
        plot.fit_axes()
        assert ranges(plot)[0, 0] < -4

    def test_names_are_shown_as_they_are(self, plot: DataPlot) -> None:
        hostile = "<img src=/etc/passwd>\n\x1b" + "long " * 40
        data = dataset_from_array(two_groups().points, (hostile, "<b>y</b>"), "hostile")
        plot.show_snapshot(snapshot(data, TWO))
        picture_of(plot)
        assert plot.getAxis("left").title == "<b>y</b>"
        assert plot.getAxis("bottom").title.startswith("<img src=/etc/passwd> long")
        assert len(plot.getAxis("bottom").title) <= 60
        assert not plot.getAxis("bottom").label.isVisible()  # pyqtgraph's own label, which takes HTML


class TestPainting:
    @pytest.mark.parametrize("scale", [1e-100, 1.0, 1e100])
    @pytest.mark.parametrize("columns", [1, 2])
    def test_any_scale_gives_the_same_picture(self, plot: DataPlot, scale: float, columns: int) -> None:
        data = dataset_from_array(two_groups().points[:, :columns] * scale, ("x", "y")[:columns], "scaled")
        shown = mixture(np.array([[-4.0, 0.0], [4.0, 0.0]])[:, :columns] * scale, scale)
        plot.show_snapshot(snapshot(data, shown))
        image = picture_of(plot)
        for c in (0, 1):
            assert count_near(image, component_colour(LIGHT, c)) > 300
        assert len(plot.getAxis("bottom").ticks.strings) > 3

    @pytest.mark.parametrize("columns", [1, 2])
    def test_a_large_offset_is_no_trouble(self, plot: DataPlot, columns: int) -> None:
        data = dataset_from_array(two_groups().points[:, :columns] + 1e9, ("x", "y")[:columns], "far")
        shown = mixture(np.array([[-4.0, 0.0], [4.0, 0.0]])[:, :columns] + 1e9)
        plot.show_snapshot(snapshot(data, shown))
        image = picture_of(plot)
        assert count_near(image, component_colour(LIGHT, 0)) > 500
        assert all(len(text) < 8 for text in plot.getAxis("bottom").ticks.strings)

    @pytest.mark.parametrize("columns", [1, 2])
    def test_constant_columns_and_degenerate_components(self, plot: DataPlot, columns: int) -> None:
        data = dataset_from_array(np.full((5, columns), 3.0), ("x", "y")[:columns], "constant")
        plot.show_snapshot(snapshot(data, mixture(np.full((2, columns), 3.0), 1e-9)))
        assert np.isfinite(ranges(plot)).all()
        picture_of(plot)

    @pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
    @pytest.mark.parametrize("started", [False, True])
    def test_twelve_components(self, plot: DataPlot, theme: Theme, started: bool) -> None:
        angles = np.linspace(0, 2 * np.pi, 12, endpoint=False)
        means = 20 * np.column_stack([np.cos(angles), np.sin(angles)])
        points = np.concatenate([means, means + 1, means - 1])
        plot.set_theme(theme)
        plot.show_snapshot(snapshot(dataset_from_array(points, ("x", "y"), "ring"), mixture(means), started=started))
        image = picture_of(plot)
        for c in range(10):
            assert count_near(image, component_colour(theme, c), 12) > 60

    def test_the_selected_component_stands_out(self, plot: DataPlot) -> None:
        data = two_groups()
        plot.show_snapshot(snapshot(data, TWO))
        both = picture_of(plot)
        plot.show_snapshot(snapshot(data, TWO, selected=1))
        one = picture_of(plot)
        blue, orange = component_colour(LIGHT, 0), component_colour(LIGHT, 1)
        assert count_near(one, blue) < 0.1 * count_near(both, blue)
        assert count_near(one, orange) >= 0.9 * count_near(both, orange)

    def test_the_same_snapshot_draws_nothing_anew(self, plot: DataPlot) -> None:
        shown = snapshot(two_groups(), TWO)
        plot.show_snapshot(shown)
        QApplication.processEvents()
        paints = Paints(plot)
        plot.show_snapshot(replace(shown, rate=17.0, messages=("Something else.",), activity="computing"))
        QApplication.processEvents()
        assert paints.count == 0
        plot.show_snapshot(replace(shown, mixture=mixture([[0, 0], [1, 1]])))
        QApplication.processEvents()
        assert paints.count == 1

    def test_an_error_while_painting_is_told_once_and_hurts_nothing(
        self, qtbot: QtBot, plot: DataPlot, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        told: list[object] = []
        monkeypatch.setattr(sys, "excepthook", lambda kind, error, trace: told.append(error))

        def broken(*_: object, **__: object) -> None:
            raise RuntimeError("broken")

        monkeypatch.setattr("gmm_desktop.ui.views.data_2d.draw_outlines", broken)
        for at in range(3):
            plot.show_snapshot(snapshot(two_groups(), TWO, iteration=at))
            image = picture_of(plot)
        qtbot.waitUntil(lambda: bool(told), timeout=1000)
        assert [str(error) for error in told] == ["broken"]
        assert count_near(image, component_colour(LIGHT, 0)) > 300

    @pytest.mark.parametrize("scale", [1.0, 2.3])
    def test_sharp_and_large_for_a_hall(self, plot: DataPlot, scale: float) -> None:
        plot.set_scale(scale)
        plot.show_snapshot(snapshot(two_groups(), TWO))
        assert picture_of(plot).width() == 800
        assert plot.plot_style.width(1.0) >= (3.0 if scale > 1 else 1.0)

    def test_dark_has_no_light_left(self, plot: DataPlot) -> None:
        plot.show_snapshot(snapshot(two_groups(), TWO))
        plot.set_theme(DARK)
        assert count_near(picture_of(plot), LIGHT.card, 2) < 100
