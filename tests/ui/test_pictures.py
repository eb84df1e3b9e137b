"""Pictures off screen."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from pypdf import PdfReader
from PySide6.QtCore import QByteArray, QObject, QTimer
from PySide6.QtGui import QFont, QFontInfo, QImage, QPainter
from pytestqt.qtbot import QtBot

from gmm_desktop.ui.pictures import PICTURES, PictureLook, draw_picture, look_for_print, picture_bytes, picture_pieces
from gmm_desktop.ui.pieces import PieceByPiece
from gmm_desktop.ui.theme import DARK, LIGHT, component_colour
from gmm_desktop.ui.views import ViewOptions, point_image
from tests.ui.showing import count_near, mixture, snapshot, two_groups


def test_a_png_reads_back_at_its_size(qtbot: QtBot) -> None:
    shown = snapshot(two_groups(), mixture([[-4, 0], [4, 0]]))
    image = QImage.fromData(picture_bytes(".png", shown, PictureLook(640, 360, 2.0)))
    assert (image.width(), image.height()) == (1280, 720)
    assert image.dotsPerMeterX() == round(192 / 0.0254)
    assert count_near(image, component_colour(LIGHT, 0)) > 200


@pytest.mark.parametrize("suffix", PICTURES)
def test_every_format_is_as_large_on_paper_as_was_asked(qtbot: QtBot, suffix: str) -> None:
    look = look_for_print(85, 60, 7, 600, LIGHT, ViewOptions())
    content = picture_bytes(suffix, snapshot(two_groups(), mixture([[-4, 0], [4, 0]])), look)
    if suffix == ".png":
        image = QImage.fromData(content)
        size = (image.width() / image.dotsPerMeterX() * 1000, image.height() / image.dotsPerMeterY() * 1000)
    elif suffix == ".svg":
        size = tuple(float(side) for side in re.findall(r'(?:width|height)="([0-9.]+)mm"', content.decode()))
    else:
        page = PdfReader(io.BytesIO(content)).pages[0].mediabox
        size = (float(page.width) / 72 * 25.4, float(page.height) / 72 * 25.4)
    assert size == pytest.approx((85, 60), abs=0.3)


@pytest.mark.parametrize("n", [200, 2_900, 5_000, 30_000])
def test_an_svg_is_the_same_picture(qtbot: QtBot, n: int) -> None:
    """Drawn by a reader of SVG files at the size of the PNG, as much of it is of each colour."""
    from PySide6.QtSvg import QSvgRenderer

    shown = snapshot(two_groups(n), mixture([[-4, 0], [4, 0]]), truth=mixture([[-4, 0], [4, 0]]))
    reader = QSvgRenderer(QByteArray(picture_bytes(".svg", shown, PictureLook(640, 360))))
    assert reader.isValid()
    drawn = QImage(1280, 720, QImage.Format.Format_RGB32)
    painter = QPainter(drawn)
    reader.render(painter)
    painter.end()
    pixels = draw_picture(shown, ViewOptions(), LIGHT, 640, 360, 2.0)
    for colour in (component_colour(LIGHT, 0), component_colour(LIGHT, 1), LIGHT.text):
        assert count_near(drawn, colour) == pytest.approx(count_near(pixels, colour), rel=0.25)


@pytest.mark.parametrize("suffix", [".svg", ".pdf"])
def test_text_can_be_selected(qtbot: QtBot, suffix: str) -> None:
    shown = snapshot(two_groups(), mixture([[-4, 0], [4, 0]]), truth=mixture([[-4, 0], [4, 0]]))
    content = picture_bytes(suffix, shown, PictureLook(640, 360))
    if suffix == ".pdf":
        words = PdfReader(io.BytesIO(content)).pages[0].extract_text().split()
    else:
        words = " ".join(re.findall(r"<text[^>]*>([^<]*)</text>", content.decode())).split()
    assert {"x", "y", "A", "B", "truth", "0", "6"} <= set(words)


def test_the_letters_of_a_pdf_are_where_those_of_the_picture_are(qtbot: QtBot) -> None:
    shown = snapshot(two_groups(), mixture([[-4, 0], [4, 0]]))
    page = PdfReader(io.BytesIO(picture_bytes(".pdf", shown, PictureLook(640, 360, unit=0.5)))).pages[0]
    places: dict[str, tuple[float, float]] = {}

    def note(text: str, cm: list[float], tm: list[float], *_: object) -> None:
        x, y = tm[4] * cm[0] + tm[5] * cm[2] + cm[4], tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
        places[text.strip()] = (x / float(page.mediabox.width), y / float(page.mediabox.height))

    page.extract_text(visitor_text=note)
    assert places["A"][0] < 0.5 < places["B"][0]
    assert places["A"][1] == pytest.approx(places["B"][1], abs=0.01)
    assert 0.4 < places["A"][1] < 0.75
    assert 0 < places["x"][1] < 0.1


@pytest.mark.parametrize("suffix", PICTURES)
def test_the_font_can_be_another(qtbot: QtBot, suffix: str) -> None:
    shown = snapshot(two_groups(), mixture([[-4, 0], [4, 0]]))
    families = [QFontInfo(QFont(name)).family() for name in ("DejaVu Serif", "DejaVu Sans Mono", "Liberation Serif")]
    other = next((name for name in families if name != QFontInfo(QFont()).family()), "")
    if not other:
        pytest.skip("there is one font on this machine")
    plain, drawn = (picture_bytes(suffix, shown, PictureLook(640, 360, family=name)) for name in ("", other))
    assert plain != drawn
    if suffix == ".svg":
        assert other in drawn.decode()


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
    monkeypatch.setattr("gmm_desktop.ui.vectors._PIXELS_AT_ONCE", 1280 * 77)
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
    by_pieces.start(picture_pieces(shown, PictureLook(640, 360, 2.0)), drawn.append, pytest.fail)
    qtbot.waitUntil(lambda: bool(drawn), timeout=10_000)
    timer.stop()
    assert len(turns) > 3
    assert drawn[0] == draw_picture(shown, ViewOptions(), LIGHT, 640, 360, 2.0)


def test_what_is_left_of_a_picture_can_be_drawn_at_once(qtbot: QtBot) -> None:
    shown = snapshot(two_groups(30_000), mixture([[-4, 0], [4, 0]]))
    drawn: list[QImage] = []
    owner = QObject()
    by_pieces = PieceByPiece(owner)
    by_pieces.start(picture_pieces(shown, PictureLook(640, 360, 2.0)), drawn.append, pytest.fail)
    by_pieces.finish()
    assert len(drawn) == 1
    assert not by_pieces.is_busy


def test_an_error_in_a_piece_is_told(qtbot: QtBot) -> None:
    told: list[Exception] = []
    owner = QObject()
    by_pieces = PieceByPiece(owner)
    shown = snapshot(two_groups(), None)
    by_pieces.start(picture_pieces(shown, PictureLook(0, 360, 2.0)), pytest.fail, told.append)
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
