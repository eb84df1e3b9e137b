"""Pictures off screen."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from gmm_desktop.ui.pictures import PICTURES, draw_picture, picture_bytes
from gmm_desktop.ui.theme import DARK, LIGHT, component_colour
from gmm_desktop.ui.views import ViewOptions
from tests.ui.showing import count_near, mixture, snapshot, two_groups


@pytest.mark.parametrize("suffix", PICTURES)
def test_a_picture_reads_back_at_its_size(qtbot: QtBot, suffix: str) -> None:
    shown = snapshot(two_groups(), mixture([[-4, 0], [4, 0]]))
    content = picture_bytes(suffix, shown, ViewOptions(), LIGHT, 640, 360, 2.0)
    image = QImage.fromData(content)
    assert (image.width(), image.height()) == (1280, 720)
    assert count_near(image, component_colour(LIGHT, 0)) > 200


def test_print_size_is_the_same_picture_with_more_pixels(qtbot: QtBot) -> None:
    shown = snapshot(two_groups(), mixture([[-4, 0], [4, 0]]))
    small = draw_picture(shown, ViewOptions(), LIGHT, 640, 360, 1.0)
    large = draw_picture(shown, ViewOptions(), LIGHT, 640, 360, 3.0)
    for c in (0, 1):
        few, many = (count_near(i, component_colour(LIGHT, c), 12) for i in (small, large))
        assert many / few == pytest.approx(9, rel=0.35)  # the small one has more half-covered pixels


def test_it_follows_the_theme_and_the_options(qtbot: QtBot) -> None:
    shown = snapshot(two_groups(), mixture([[-4, 0], [4, 0]]), truth=mixture([[-4, 0], [4, 0]]))
    dark = draw_picture(shown, ViewOptions(), DARK, 640, 360)
    assert dark.pixelColor(2, 2).name() == DARK.card
    assert count_near(dark, DARK.truth) > 50
    without = draw_picture(shown, ViewOptions(truth=False), DARK, 640, 360)
    assert count_near(without, DARK.truth) == 0


def test_many_points_are_there_at_once(qtbot: QtBot) -> None:
    shown = snapshot(two_groups(30_000), mixture([[-4, 0], [4, 0]]))
    image = draw_picture(shown, ViewOptions(), LIGHT, 640, 360)
    assert count_near(image, component_colour(LIGHT, 0)) > 2000
    assert count_near(image, component_colour(LIGHT, 1)) > 2000


def test_an_impossible_size_is_refused_with_a_sentence(qtbot: QtBot) -> None:
    shown = snapshot(two_groups(), None)
    with pytest.raises(ValueError, match="cannot be made"):
        draw_picture(shown, ViewOptions(), LIGHT, 0, 360)
