"""Plots as vectors: what every reader of such files needs, beyond what Qt writes."""

from __future__ import annotations

import base64
import io
import re
from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pytest
from pypdf import PdfReader
from PySide6.QtGui import QImage, QPainter
from pytestqt.qtbot import QtBot

from gmm_desktop.data import dataset_from_array
from gmm_desktop.ui.pictures import PictureLook, draw_picture, picture_bytes, vector_pieces
from gmm_desktop.ui.pieces import all_at_once
from gmm_desktop.ui.theme import LIGHT, component_colour
from gmm_desktop.ui.vectors import PAPER_RATIO, paint_recorded
from gmm_desktop.ui.views import ViewOptions
from tests.ui.showing import mixture, snapshot, two_groups

SVG = "{http://www.w3.org/2000/svg}"
LINK = "{http://www.w3.org/1999/xlink}href"
LOOK = PictureLook(640, 360)


def drawing(n: int = 200, **changes: object) -> ElementTree.Element:
    shown = snapshot(two_groups(n), mixture([[-4, 0], [4, 0]]), **changes)
    return ElementTree.fromstring(picture_bytes(".svg", shown, LOOK))


def frame_of(svg: ElementTree.Element) -> tuple[float, float, float, float]:
    rectangle = svg.find(f"{SVG}clipPath/{SVG}rect")
    assert rectangle is not None
    x, y, width, height = (float(rectangle.get(side, "nan")) for side in ("x", "y", "width", "height"))
    return x, y, x + width, y + height


def test_nothing_of_the_data_is_drawn_over_the_axes(qtbot: QtBot) -> None:
    """The third ellipses reach beyond the axes; those who read the file are told where to cut."""
    svg = drawing()
    groups = [one for one in svg.findall(f"{SVG}g") if one.get("clip-path")]
    assert [one.get("clip-path") for one in groups] == ["url(#frame)"]
    blue = component_colour(LIGHT, 0)
    cut = ElementTree.tostring(groups[0], "unicode")
    assert blue in cut
    svg.remove(groups[0])
    assert blue not in ElementTree.tostring(svg, "unicode")


def test_the_cut_is_where_the_picture_has_it(qtbot: QtBot) -> None:
    left, top, right, bottom = frame_of(drawing())
    shown = snapshot(two_groups(), mixture([[-4, 0], [4, 0]], spread=2.0))
    image = draw_picture(shown, ViewOptions(), LIGHT, LOOK.width, LOOK.height, 2.0)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4).astype(int)
    coloured = np.argwhere(np.ptp(rows[..., :3], axis=2) > 60)
    low, high = coloured.min(axis=0) / 2, coloured.max(axis=0) / 2
    assert (low[1], low[0]) == pytest.approx((left, top), abs=1.5)
    assert (high[1], high[0]) == pytest.approx((right, bottom), abs=1.5)


def test_every_font_has_a_name_that_others_know_and_a_substitute(qtbot: QtBot) -> None:
    text = picture_bytes(".svg", snapshot(two_groups(), mixture([[-4, 0], [4, 0]])), LOOK).decode()
    families = set(re.findall(r'font-family="([^"]*)"', text))
    assert families
    for family in families:
        name, substitute = family.split(", ")
        assert substitute == "sans-serif"
        assert name not in ("", "Sans Serif")


def test_many_points_are_one_image_below_the_outlines(qtbot: QtBot) -> None:
    before = mixture([[4, 0], [-4, 0]])  # every point changes sides, so that each has a ring
    svg = drawing(30_000, before=before, halves=True)
    images = list(svg.iter(f"{SVG}image"))
    assert len(images) == 1
    content = images[0].get(LINK, "").removeprefix("data:image/png;base64,")
    image = QImage.fromData(base64.b64decode(content))
    assert (image.width(), image.height()) == (LOOK.width * PAPER_RATIO, LOOK.height * PAPER_RATIO)
    assert image.hasAlphaChannel()
    group = next(one for one in svg.findall(f"{SVG}g") if one.get("clip-path"))
    parts = [element.tag for element in group]
    assert 0 < parts.index(f"{SVG}image") < len(parts) - 1
    shapes = [one for one in svg.iter() if one.tag in (f"{SVG}circle", f"{SVG}ellipse")]
    assert len(shapes) < 100


def test_names_are_no_markup(qtbot: QtBot) -> None:
    points = two_groups().points
    data = dataset_from_array(points, ('<script>"&', "\u202e\x1bevil"), "s")
    svg = ElementTree.fromstring(picture_bytes(".svg", snapshot(data, mixture([[-4, 0], [4, 0]])), LOOK))
    assert not list(svg.iter(f"{SVG}script"))
    words = {(one.text or "").strip() for one in svg.iter(f"{SVG}text")}
    assert '<script>"&' in words
    assert "evil" in words


def test_a_pdf_of_many_points_has_one_image_and_letters(qtbot: QtBot) -> None:
    shown = snapshot(two_groups(30_000), mixture([[-4, 0], [4, 0]]))
    page = PdfReader(io.BytesIO(picture_bytes(".pdf", shown, LOOK))).pages[0]
    assert {"x", "y", "A", "B"} <= set(page.extract_text().split())
    sizes = {(one.image.width, one.image.height) for one in page.images if one.image is not None}
    assert sizes == {(LOOK.width * 3, LOOK.height * 3)}


def test_points_are_dots_of_a_pen_on_paper_each_at_its_place(qtbot: QtBot) -> None:
    """Of circles a page of 3 000 is so long that compressing it, in one go, holds the window up."""
    data = two_groups(3000)
    content = picture_bytes(".pdf", snapshot(data, mixture([[-4, 0], [4, 0]])), LOOK)
    (page,) = PdfReader(io.BytesIO(content)).pages
    contents = page.get_contents()
    assert contents is not None
    drawn = contents.get_data().decode("latin-1")
    assert len(drawn) < 300 * data.size
    lines = re.findall(r"^([\d.]+) ([\d.]+) m\n([\d.]+) ([\d.]+) l\nS$", drawn, re.MULTILINE)
    ends = np.array(lines, dtype=float)
    places = ends[(ends[:, 0] == ends[:, 2]) & (np.abs(ends[:, 1] - ends[:, 3] + 1e-3) < 1e-4)][:, :2]
    expected = data.points
    assert len(places) in (len(expected), 2 * len(expected)), "one each, or a rim and a core"
    places = places[:: len(places) // len(expected)]
    for axis in (0, 1):
        slope, start = np.polyfit(expected[:, axis], places[:, axis], 1)
        assert np.abs(slope * expected[:, axis] + start - places[:, axis]).max() < 0.01 * abs(slope)


def test_in_an_svg_they_are_circles(qtbot: QtBot) -> None:
    assert picture_bytes(".svg", snapshot(two_groups(50), mixture([[-4, 0], [4, 0]])), LOOK).count(b"<circle") >= 50


def test_dots_look_like_the_circles_that_they_stand_for(qtbot: QtBot) -> None:
    """Both painted on pixels: the same colours, but for the edges."""
    shown = snapshot(two_groups(60), mixture([[-4, 0], [4, 0]]))
    images = []
    for dots in (False, True):
        look = replace(LOOK, dots=dots)
        image = QImage(2 * LOOK.width, 2 * LOOK.height, QImage.Format.Format_RGB32)
        painter = QPainter(image)
        painter.scale(2, 2)
        paint_recorded(painter, all_at_once(vector_pieces(shown, look)), look)
        painter.end()
        pixels = np.frombuffer(image.constBits(), dtype=np.uint8).reshape(image.height(), -1, 4)[..., :3]
        images.append(pixels.astype(int))
    different = np.abs(images[0] - images[1]).max(axis=2)
    assert (different > 40).mean() < 2e-4
    assert (different > 40).sum() < 0.02 * (np.abs(images[0] - images[0][0, 0]).max(axis=2) > 40).sum()
