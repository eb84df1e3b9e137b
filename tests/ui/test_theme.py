"""Colours that everybody can tell apart, and a theme that reaches every widget."""

from __future__ import annotations

from importlib.resources import files
from itertools import combinations

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QSize
from PySide6.QtGui import QIcon, QPalette
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gmm_desktop.ui.card import Card
from gmm_desktop.ui.palette import COMPONENT_COLOURS, mixed, rgb
from gmm_desktop.ui.theme import (
    DARK,
    LIGHT,
    THEMES,
    Theme,
    apply,
    component_colour,
    component_dashes,
    component_letter,
    component_name,
    icon,
    primary_palette,
    system_theme,
    theme_of,
)

Array = NDArray[np.float64]

# Machado, Oliveira and Fernandes (2009), severity 1, for linear RGB.
VISIONS = {
    "normal": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}


def linear(colour: str) -> Array:
    parts = np.array(rgb(colour)) / 255
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def luminance(colour: str) -> float:
    return float(linear(colour) @ (0.2126, 0.7152, 0.0722))


def contrast(a: str, b: str) -> float:
    low, high = sorted((luminance(a), luminance(b)))
    return (high + 0.05) / (low + 0.05)


def lab(light: Array) -> Array:
    to_xyz = np.array(
        [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
    )
    xyz = to_xyz @ light / (0.95047, 1.0, 1.08883)
    f = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def ciede2000(first: Array, second: Array) -> float:
    """Sharma, Wu and Dalal (2005)."""
    mean_chroma = (np.hypot(*first[1:]) + np.hypot(*second[1:])) / 2
    g = 0.5 * (1 - np.sqrt(mean_chroma**7 / (mean_chroma**7 + 25.0**7)))
    (l1, a1, b1), (l2, a2, b2) = first, second
    a1, a2 = a1 * (1 + g), a2 * (1 + g)
    c1, c2 = np.hypot(a1, b1), np.hypot(a2, b2)
    h1, h2 = np.degrees(np.arctan2(b1, a1)) % 360, np.degrees(np.arctan2(b2, a2)) % 360
    turn = (h2 - h1 + 180) % 360 - 180
    big_h = 2 * np.sqrt(c1 * c2) * np.sin(np.radians(turn / 2))
    l_mean, c_mean, h_mean = (l1 + l2) / 2, (c1 + c2) / 2, h1 + turn / 2
    t = (
        1
        - 0.17 * np.cos(np.radians(h_mean - 30))
        + 0.24 * np.cos(np.radians(2 * h_mean))
        + 0.32 * np.cos(np.radians(3 * h_mean + 6))
        - 0.20 * np.cos(np.radians(4 * h_mean - 63))
    )
    s_l = 1 + 0.015 * (l_mean - 50) ** 2 / np.sqrt(20 + (l_mean - 50) ** 2)
    s_c, s_h = 1 + 0.045 * c_mean, 1 + 0.015 * c_mean * t
    bend = 60 * np.exp(-((((h_mean % 360) - 275) / 25) ** 2))
    r = -np.sin(np.radians(bend)) * 2 * np.sqrt(c_mean**7 / (c_mean**7 + 25.0**7))
    dl, dc, dh = (l2 - l1) / s_l, (c2 - c1) / s_c, big_h / s_h
    return float(np.sqrt(dl**2 + dc**2 + dh**2 + r * dc * dh))


def smallest_distance(theme: Theme, components: int, vision: str) -> float:
    seen = [lab(np.clip(VISIONS[vision] @ linear(component_colour(theme, c)), 0, 1)) for c in range(components)]
    return min(ciede2000(a, b) for a, b in combinations(seen, 2))


def test_the_distance_agrees_with_the_published_pairs() -> None:
    pairs = [
        ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
        ((50.0, 2.5, 0.0), (73.0, 25.0, -18.0), 27.1492),
        ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
    ]
    for first, second, expected in pairs:
        assert ciede2000(np.array(first), np.array(second)) == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize("vision", VISIONS)
@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
class TestComponentColours:
    def test_ten_are_told_apart(self, theme: Theme, vision: str) -> None:
        assert len(COMPONENT_COLOURS) >= 10
        assert smallest_distance(theme, 10, vision) > (8.9 if theme is LIGHT else 10.0)

    def test_the_first_three_are_far_apart(self, theme: Theme, vision: str) -> None:
        assert smallest_distance(theme, 3, vision) > 16


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
class TestContrast:
    def test_component_colours_on_the_plot(self, theme: Theme) -> None:
        for c in range(10):
            assert contrast(component_colour(theme, c), theme.card) > (2.3 if theme is LIGHT else 3.0)

    def test_words_are_readable(self, theme: Theme) -> None:
        for background in (theme.card, theme.window, theme.control, theme.field):
            assert contrast(theme.text, background) > 7
            assert contrast(theme.muted, background) > 4.5
        assert contrast(theme.accent, theme.card) > 4.5
        assert contrast(theme.on_accent, theme.accent) > 4.5

    def test_the_accent_is_no_component(self, theme: Theme) -> None:
        assert theme.accent not in {component_colour(theme, c) for c in range(10)}

    def test_the_truth_is_not_lost_on_the_plot(self, theme: Theme) -> None:
        assert contrast(theme.truth, theme.card) > 4


def test_every_component_has_a_word_a_letter_and_its_own_line() -> None:
    looks = {(component_name(c), component_dashes(c)) for c in range(30)}
    assert len(looks) == 30
    assert component_name(0) == "blue"
    assert [component_letter(c) for c in (0, 25, 26)] == ["A", "Z", "AA"]
    assert COMPONENT_COLOURS[-1].word == "vermillion"


def test_mixing_ends_at_either_colour() -> None:
    assert mixed("#102030", "#ffffff", 0.0) == "#102030"
    assert mixed("#102030", "#ffffff", 1.0) == "#ffffff"


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_the_palette_of_widgets_follows(qtbot: QtBot, theme: Theme) -> None:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    apply(application, theme, 1.5)
    role = QPalette.ColorRole
    assert application.palette().color(role.Window).name() == theme.window
    assert application.palette().color(role.Text).name() == theme.text
    assert application.font().pixelSize() == 20
    assert application.style().name() == "fusion"
    assert application.styleSheet() == ""
    assert primary_palette(theme).color(role.Button).name() == theme.accent
    apply(application, LIGHT)


def test_a_choice_goes_before_the_system(qtbot: QtBot) -> None:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    assert theme_of("dark", application) is DARK
    assert theme_of("light", application) is LIGHT
    assert theme_of("system", application) is system_theme(application)


ICONS = sorted(p.name[:-4] for p in (files("gmm_desktop.resources") / "icons").iterdir() if p.name.endswith(".svg"))


@pytest.mark.parametrize("name", ICONS)
class TestIcons:
    def test_it_is_drawn_in_the_colour_asked_for(self, qtbot: QtBot, name: str) -> None:
        image = icon(name, "#ff0000").pixmap(QSize(24, 24), 1.0).toImage()
        solid = [image.pixelColor(x, y) for x in range(24) for y in range(24)]
        solid = [colour for colour in solid if colour.alpha() > 250]
        assert len(solid) > 10
        assert {colour.name() for colour in solid} == {"#ff0000"}

    def test_it_is_fainter_where_disabled(self, qtbot: QtBot, name: str) -> None:
        made = icon(name, "#ff0000")
        normal = made.pixmap(QSize(24, 24), 1.0).toImage()
        disabled = made.pixmap(QSize(24, 24), 1.0, QIcon.Mode.Disabled).toImage()
        strongest = [max(i.pixelColor(x, y).alpha() for x in range(24) for y in range(24)) for i in (normal, disabled)]
        assert strongest[1] < 0.5 * strongest[0]

    @pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0, 3.0])
    def test_it_is_sharp_on_any_screen(self, qtbot: QtBot, name: str, ratio: float) -> None:
        assert icon(name, "#000000").pixmap(QSize(20, 20), ratio).width() == 20 * ratio


def test_the_icons_that_the_window_needs() -> None:
    needed = (
        "play pause step step_back reset end go_on open export present data fold_left fold_right new_seed copy close "
        "info warning"
    )
    assert set(needed.split()) <= set(ICONS)


def test_an_unknown_icon_is_refused(qtbot: QtBot) -> None:
    with pytest.raises(FileNotFoundError):
        icon("no such icon", "#000000")


def test_a_card_paints_its_own_background(qtbot: QtBot) -> None:
    card = Card("Data")
    qtbot.addWidget(card)
    card.set_theme(DARK)
    card.resize(200, 100)
    image = card.grab().toImage()
    assert image.pixelColor(100, 80).name() == DARK.card
    assert card.title.text() == "DATA"
    assert card.styleSheet() == ""
