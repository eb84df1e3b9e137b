"""Pictures off screen."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from gmm_desktop.ui.pictures import PICTURES, draw_picture, picture_bytes, picture_pieces
from gmm_desktop.ui.pieces import PieceByPiece
from gmm_desktop.ui.theme import DARK, LIGHT, component_colour
from gmm_desktop.ui.views import ViewOptions, point_image
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


@pytest.mark.parametrize("n", [200, 30_000])
def test_piece_by_piece_gives_the_same_pixels(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, n: int) -> None:
    shown = snapshot(two_groups(n), mixture([[-4, 0], [4, 0]]), truth=mixture([[-4, 0], [4, 0]]))
    whole = draw_picture(shown, ViewOptions(), LIGHT, 640, 360, 2.0)
    monkeypatch.setattr("gmm_desktop.ui.pictures._PIXELS_AT_ONCE", 1280 * 77)
    assert draw_picture(shown, ViewOptions(), LIGHT, 640, 360, 2.0) == whole


def test_the_window_lives_between_the_pieces_and_gets_the_same_picture(qtbot: QtBot) -> None:
    shown = snapshot(two_groups(300_000), mixture([[-4, 0], [4, 0]]))
    drawn: list[QImage] = []
    turns: list[int] = []
    owner = QObject()
    timer = QTimer(owner)
    timer.timeout.connect(lambda: turns.append(1))
    timer.start(0)
    by_pieces = PieceByPiece(owner)
    by_pieces.start(picture_pieces(shown, ViewOptions(), LIGHT, 640, 360, 2.0), drawn.append, pytest.fail)
    qtbot.waitUntil(lambda: bool(drawn), timeout=10_000)
    timer.stop()
    assert len(turns) > 3
    assert drawn[0] == draw_picture(shown, ViewOptions(), LIGHT, 640, 360, 2.0)


def test_what_is_left_of_a_picture_can_be_drawn_at_once(qtbot: QtBot) -> None:
    shown = snapshot(two_groups(30_000), mixture([[-4, 0], [4, 0]]))
    drawn: list[QImage] = []
    owner = QObject()
    by_pieces = PieceByPiece(owner)
    by_pieces.start(picture_pieces(shown, ViewOptions(), LIGHT, 640, 360, 2.0), drawn.append, pytest.fail)
    by_pieces.finish()
    assert len(drawn) == 1
    assert not by_pieces.is_busy


def test_an_error_in_a_piece_is_told(qtbot: QtBot) -> None:
    told: list[Exception] = []
    owner = QObject()
    by_pieces = PieceByPiece(owner)
    shown = snapshot(two_groups(), None)
    by_pieces.start(picture_pieces(shown, ViewOptions(), LIGHT, 0, 360, 2.0), pytest.fail, told.append)
    qtbot.waitUntil(lambda: bool(told), timeout=2000)
    assert "cannot be made" in str(told[0])


@pytest.mark.parametrize(("width", "height", "scale"), [(640, 360, 2.0), (1001, 667, 1.5), (333, 777, 1.25)])
def test_many_points_are_counted_once_for_any_size(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, width: int, height: int, scale: float
) -> None:
    really_count, counts = point_image.count_cells, []

    def count(*arguments: Any, **named: Any) -> Any:
        counts.append(1)
        return really_count(*arguments, **named)

    monkeypatch.setattr(point_image, "count_cells", count)
    image = draw_picture(
        snapshot(two_groups(30_000), mixture([[-4, 0], [4, 0]])), ViewOptions(), LIGHT, width, height, scale
    )
    assert image.width() == round(width * scale)
    qtbot.wait(50)
    assert len(counts) == 1
