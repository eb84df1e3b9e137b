"""Where handles are and what a drag of them does, without a window."""

from __future__ import annotations

import math

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication

from gmm_desktop.mixture import Mixture
from gmm_desktop.session.editing import Rules
from gmm_desktop.ui.theme import BODY
from gmm_desktop.ui.views.coordinates import Limits, Mapping, Scale, scale_for
from gmm_desktop.ui.views.handle_marks import draw_label
from gmm_desktop.ui.views.handles import REACH, Grip, Handle, again, at, dragged, grips, handles, nudged, words
from gmm_desktop.ui.views.sheet import Sheet
from gmm_desktop.ui.views.style import PlotStyle
from tests.ui.showing import count_near

MAPPING = Mapping(Limits(-10.0, 10.0, -5.0, 5.0), 800.0, 400.0)


def sheet_of(mixture: Mixture, covariance: str = "full", scales: tuple[Scale, ...] | None = None) -> Sheet:
    d = mixture.dimension
    rules = Rules(covariance, np.ones(d) * (scales[0].factor if scales else 1.0), 1e-6, 100)
    return Sheet(mixture, tuple(range(d)), scales or (Scale(),) * d, MAPPING, rules)


def round_one(place: tuple[float, float] = (0.0, 0.0), spread: float = 2.0) -> Mixture:
    return Mixture([1.0], [place], [np.diag([spread**2, (0.6 * spread) ** 2])])


def one(sheet: Sheet, kind: str, axis: int = 0) -> Handle:
    return next(h for h in handles(sheet, 0) if h.grip.kind == kind and h.grip.axis == axis)


def test_all_means_have_a_handle_and_only_the_component_in_hand_the_others() -> None:
    two = Mixture([0.5, 0.5], [[-5, 0], [5, 0]], [np.eye(2)] * 2)
    seen = handles(sheet_of(two), 1)
    assert [h.grip.component for h in seen if h.grip.kind == "mean"] == [0, 1]
    assert {h.grip.component for h in seen if h.grip.kind != "mean"} == {1}
    assert len(grips(sheet_of(two))) == 8
    assert len(grips(sheet_of(two, "diag"))) == 6
    assert len(grips(sheet_of(Mixture([0.5, 0.5], [0.0, 1.0], [1.0, 1.0])))) == 4


def test_squares_are_at_the_ends_of_the_axes() -> None:
    sheet = sheet_of(round_one())
    long, short = one(sheet, "axis", 0), one(sheet, "axis", 1)
    assert (long.x, long.y) == pytest.approx((400 + 2 * 40, 200))
    assert abs(short.y - 200) == pytest.approx(1.2 * 40)
    assert short.x == pytest.approx(400)
    turning = one(sheet, "turn")
    assert turning.y == pytest.approx(200)
    assert turning.x > long.x + 2 * REACH, "the two do not lie on each other"


@pytest.mark.parametrize("mean", [(9.5, 0.0), (-9.5, 4.8), (0.0, -4.9), (9.9, 4.9)])
@pytest.mark.parametrize("spread", [0.1, 1.0, 30.0])
def test_what_is_out_of_sight_waits_at_the_edge(mean: tuple[float, float], spread: float) -> None:
    sheet = sheet_of(round_one(mean, spread))
    for handle in handles(sheet, 0):
        assert sheet.holds(handle.x, handle.y), handle
        if handle.grip.kind != "turn":
            same = dragged(sheet, handle, handle.x, handle.y)
            np.testing.assert_allclose(same.means, sheet.mixture.means, atol=1e-9)
            np.testing.assert_allclose(same.covariances, sheet.mixture.covariances, rtol=1e-6, atol=1e-9)


def test_a_mean_out_of_sight_can_be_fetched_back() -> None:
    sheet = sheet_of(round_one((40.0, 0.0)))
    (handle,) = handles(sheet, 0)
    assert sheet.holds(handle.x, handle.y)
    fetched = dragged(sheet, handle, 400.0, 100.0)
    assert fetched.means[0] == pytest.approx((0.0, 2.5))


def test_the_nearest_handle_within_reach_is_taken() -> None:
    near, far = Handle(Grip(0), 100, 100), Handle(Grip(1), 120, 100)
    assert at([near, far], 109, 100) is near
    assert at([near, far], 111, 100) is far
    assert at([near, far], 100, 100 + 12) is near
    assert at([near, far], 100, 100 + REACH + 1) is None
    assert at([], 0, 0) is None


def test_an_axis_that_is_held_keeps_its_square_when_it_becomes_the_shorter_one() -> None:
    sheet = sheet_of(round_one())
    held = one(sheet, "axis", 0)
    shorter = sheet.showing(dragged(sheet, held, 400 + 40, 200))
    now = again(handles(shorter, 0, held), held)
    assert (now.x, now.y) == pytest.approx((440, 200))
    other = next(h for h in handles(shorter, 0, now) if h.grip == Grip(0, "axis", 1))
    assert other.x == pytest.approx(400)
    back = nudged(shorter, now, 1, 0, 40 / 800)
    np.testing.assert_allclose(back.covariances, sheet.mixture.covariances)


def test_the_round_handle_follows_the_mouse_all_the_way_round() -> None:
    sheet = sheet_of(round_one())
    start = held = one(sheet, "turn")
    away = math.hypot(start.x - 400, start.y - 200)
    for degrees in range(0, 361, 15):
        x = 400 + away * math.cos(math.radians(degrees))
        y = 200 - away * math.sin(math.radians(degrees))
        turned = sheet.showing(dragged(sheet, start, x, y))
        held = again(handles(turned, 0, held), held)
        assert (held.x, held.y) == pytest.approx((x, y), abs=1e-6)
    np.testing.assert_allclose(turned.mixture.covariances, sheet.mixture.covariances, atol=1e-9)


def test_nothing_is_dragged_out_of_the_plot() -> None:
    sheet = sheet_of(round_one())
    assert dragged(sheet, one(sheet, "mean"), 5000.0, -300.0).means[0] == pytest.approx((10.0, 5.0))


@pytest.mark.parametrize("unit", [1e-100, 1.0, 1e100])
def test_units_make_no_difference(unit: float) -> None:
    scales = (scale_for(-10 * unit, 10 * unit), scale_for(-5 * unit, 5 * unit))
    # The view keeps to numbers that Qt can draw: here its limits stay the same in units of the scale.
    plain, scaled = round_one(), Mixture([1.0], [[0.0, 0.0]], [np.diag([4.0, 1.44]) * unit**2])
    factor = scales[0].factor
    mapping = Mapping(Limits(*(limit * unit / factor for limit in MAPPING.limits)), 800.0, 400.0)
    rules = Rules("full", np.full(2, unit), 1e-6, 100)
    sheet = Sheet(scaled, (0, 1), scales, mapping, rules)
    for handle, expected in zip(handles(sheet, 0), handles(sheet_of(plain), 0), strict=True):
        assert (handle.x, handle.y) == pytest.approx((expected.x, expected.y))
        here = dragged(sheet, handle, handle.x + 20, handle.y - 25)
        there = dragged(sheet_of(plain), expected, expected.x + 20, expected.y - 25)
        np.testing.assert_allclose(here.means / unit, there.means, atol=1e-9)
        np.testing.assert_allclose(here.covariances / unit**2, there.covariances, rtol=1e-9, atol=1e-12)


def test_words_tell_what_and_where() -> None:
    two = sheet_of(round_one((2.104, 3.0)))
    assert words(two, Grip(0)) == "mean of A at (2.10, 3.00)"
    assert words(two, Grip(0, "axis", 1)) == "second axis of A: standard deviations 2.00 by 1.20"
    assert words(two, Grip(0, "turn")) == "turn of A: correlation 0, standard deviations 2.00 by 1.20"
    assert words(sheet_of(Mixture([1.0], [2.5], [4.0])), Grip(0)) == "mean of A at 2.50, weight 1.00"
    far = Scale(1.7e9, 1.0)
    there = Mixture([1.0], [1.7e9 + 2.25], [4.0])
    assert words(sheet_of(there, scales=(far,)), Grip(0)).startswith("mean of A at 1.700000002")


def test_words_that_do_not_fit_show_their_beginning(qapp: QApplication) -> None:
    """The end of "your guess is off by 0.16" would tell nothing."""
    image = QImage(300, 120, QImage.Format.Format_RGB32)
    image.fill(QColor("red"))
    painter = QPainter(image)
    draw_label(painter, "your guess is off by 0.16", [QPointF(30, 30)], PlotStyle(), QRectF(0, 0, 60, 120), BODY)
    painter.end()
    colours = {image.pixelColor(x, y).name() for x in range(3) for y in range(120)}
    assert colours == {"#ff0000"}, "it begins inside of the bounds"
    assert count_near(image, "red") < 300 * 120
