"""The presentation: what the last row reads, the keys of a clicker, and the way back to the window that there was."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QBuffer, QPoint, QRect, Qt
from PySide6.QtGui import QPainter
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QAbstractButton, QLabel, QSpinBox, QWidget
from pytestqt.qtbot import QtBot

from gmm_desktop.ui.main_window import MainWindow
from gmm_desktop.ui.panels.curves_panel import CurvesPanel
from gmm_desktop.ui.panels.playback_panel import PlaybackPanel
from gmm_desktop.ui.panels.plot_panel import PlotPanel
from gmm_desktop.ui.views.points import Discs
from tests.ui.driving import Open, action, find, run_to_the_end
from tests.ui.presenting import present, settle

SIZES = ((1024, 768), (1920, 1080), (3840, 2160))
LINES = ("path", "polyline", "polygon", "line", "circle", "ellipse", "rect")


def drawn(widget: QWidget) -> str:
    """What a widget draws, as SVG, in which every text and line has its size."""
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setResolution(96)
    painter = QPainter(generator)
    widget.render(painter, QPoint())
    painter.end()
    return bytes(buffer.data().data()).decode()


def elements(svg: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Tag and inherited attributes of everything drawn."""

    def walk(node: ET.Element, inherited: dict[str, str]) -> Iterator[tuple[str, dict[str, str]]]:
        attributes = inherited | node.attrib
        for child in node:
            yield from walk(child, attributes)
        yield node.tag.rpartition("}")[2], attributes

    return walk(ET.fromstring(svg), {})


def state(window: MainWindow) -> dict[str, Any]:
    """Everything that the presentation has to give back."""
    widgets = {w.objectName(): (w.isVisible(), w.font().pixelSize()) for w in named(window)}
    places = {w.objectName(): (w.mapTo(window, QPoint()), w.size()) for w in named(window) if w.isVisible()}
    return {
        "geometry": window.geometry(),
        "state": window.windowState(),
        "columns": window.splitter().sizes(),
        "folded": [window.has_column(0), window.has_column(2)],
        "theme": (window.theme_choice, window.theme.name),
        "focus": window.focusWidget(),
        "zoom": window.panel(PlotPanel).plot.getViewBox().viewRange(),
        "curve": window.panel(CurvesPanel).plot("log_likelihood").getViewBox().viewRange(),
        "widgets": widgets,
        "places": places,
        "bars": (window.menuBar().isVisible(), window.statusBar().isVisible(), window.header.isVisible()),
        "least": window.minimumSizeHint(),
    }


def differences(before: dict[str, Any], now: dict[str, Any]) -> dict[str, Any]:
    """What has changed, as (before, now)."""
    flat = {name: (before[name], now[name]) for name in before if not isinstance(before[name], dict)}
    for part in ("widgets", "places"):
        names = before[part].keys() | now[part].keys()
        flat |= {f"{part} {name}": (before[part].get(name), now[part].get(name)) for name in names}
    return {name: pair for name, pair in flat.items() if pair[0] != pair[1]}


def named(window: MainWindow) -> list[QWidget]:
    return [w for w in window.findChildren(QWidget) if w.objectName() and not w.objectName().startswith("qt_")]


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("sample", ["three-groups-1d", "faithful"])
class TestSizes:
    @pytest.fixture
    def window(
        self, open_window: Open, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, sample: str, size: tuple[int, int]
    ) -> MainWindow:
        monkeypatch.setattr(Discs, "draw", lambda *_: None)  # stamped by the raster engine only
        window = open_window() if sample == "three-groups-1d" else open_window("--sample", sample)
        run_to_the_end(window, qtbot)
        present(window, qtbot, size)
        return window

    def test_no_text_is_smaller_than_a_fortieth_of_the_height(self, window: MainWindow) -> None:
        texts = [
            w for kind in (QLabel, QAbstractButton) for w in window.findChildren(kind) if w.isVisible() and w.text()
        ]
        assert {"data.caption", "run.counter"} <= {w.objectName() for w in texts}
        assert len(texts) >= 6
        assert [(w.text(), w.font().pixelSize()) for w in texts if w.font().pixelSize() < window.height() / 40] == []
        sizes = [float(a["font-size"]) for tag, a in elements(drawn(window.centralWidget())) if tag == "text"]
        assert len(sizes) > 15
        assert min(sizes) >= window.height() / 40
        assert min(sizes) < window.height() / 40 + 1, "the smallest is what was asked for, no more"

    def test_the_caption_is_a_24th_of_the_height_and_never_cut(self, window: MainWindow, qtbot: QtBot) -> None:
        caption = find(window, QLabel, "data.caption")
        assert caption.font().pixelSize() == window.height() / 24
        for _ in range(6):
            assert caption.heightForWidth(caption.width()) <= caption.height(), caption.text()
            assert caption.height() == caption.parentWidget().height()
            qtbot.keyClick(window, Qt.Key.Key_PageUp)
            qtbot.wait(20)
            settle()

    def test_no_line_is_thinner_than_three_pixels(self, window: MainWindow) -> None:
        lines = [a for tag, a in elements(drawn(window.centralWidget())) if tag in LINES and a["stroke"] != "none"]
        assert len(lines) > 30
        assert {a["stroke-width"] for a in lines if float(a["stroke-width"]) < 3} == set()
        assert all(re.match(r"matrix\((1,0,0,1|0,-1,1,0),", a.get("transform", "matrix(1,0,0,1,")) for a in lines)

    def test_everything_is_within_the_window(self, window: MainWindow) -> None:
        for panel in (PlotPanel, PlaybackPanel, CurvesPanel):
            card = window.panel(panel)
            assert card.isVisible()
            assert window.rect().contains(QRect(card.mapTo(window, QPoint()), card.size()))
            for part in card.findChildren(QWidget):
                if part.isVisible() and part.parentWidget() is card:
                    assert card.rect().contains(part.geometry()), part
        for button in window.panel(PlaybackPanel).findChildren(QAbstractButton):
            if button.isVisible():
                assert button.width() >= button.fontMetrics().horizontalAdvance(button.text())
        plot = window.panel(PlotPanel).plot.getViewBox()
        assert plot.height() > window.height() / 4

    def test_only_the_plot_and_chosen_controls_are_seen(self, window: MainWindow) -> None:
        for widget in (window.menuBar(), window.statusBar(), window.header, window.column(0), window.column(2)):
            assert not widget.isVisible()


class TestTheWayBack:
    def test_a_clicker_that_sends_f5_and_escape_by_turns_changes_nothing(self, open_window: Open, qtbot: QtBot) -> None:
        window = open_window("--sample", "faithful")
        action(window, "view.theme_dark").trigger()
        window.resize(1180, 790)
        window.splitter().setSizes([300, 560, 290])
        plot = window.panel(PlotPanel).plot
        plot.getViewBox().setRange(xRange=(1.23456789, 3.3), yRange=(47.1, 71.7), padding=0)
        spin = find(window, QSpinBox, "fit.components")
        spin.setFocus()
        for _ in range(3):
            window.session.half_step()
            qtbot.waitUntil(lambda: not window.session.is_running)
        qtbot.wait(150)
        settle()
        before, frame = state(window), window.session.snapshot().frame
        for turn in range(20):
            qtbot.keyClick(window.focusWidget(), Qt.Key.Key_F5)
            settle()
            if turn % 5 == 0:
                window.resize(*SIZES[turn % 3])
                settle()
            assert plot.getViewBox().viewRange() == before["zoom"]
            qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Escape)
            settle()
            now = state(window)
            assert differences(before, now) == {}
        assert window.session.snapshot().frame == frame

    def test_a_run_that_plays_keeps_playing(self, open_window: Open, qtbot: QtBot) -> None:
        window = open_window("--sample", "two-groups", "--components", "6", "--tolerance", "1e-300")
        for _ in range(4):
            qtbot.keyClick(window, Qt.Key.Key_Plus)
        qtbot.keyClick(window, Qt.Key.Key_Space)
        iterations = []
        for _ in range(20):
            qtbot.keyClick(window, Qt.Key.Key_F5)
            settle()
            assert window.session.is_running
            qtbot.keyClick(window, Qt.Key.Key_Escape)
            settle()
            assert window.session.is_running
            assert action(window, "run.play").text() == "Pause"
            iterations.append(window.session.snapshot().iteration)
        assert iterations == sorted(iterations)
        count = iterations[-1]
        qtbot.waitUntil(lambda: window.session.snapshot().iteration > count)

    def test_a_maximised_window_is_maximised_again(self, open_window: Open, qtbot: QtBot) -> None:
        window = open_window()
        window.showMaximized()
        settle()
        present(window, qtbot)
        qtbot.keyClick(window, Qt.Key.Key_Escape)
        assert window.isMaximized()
        assert not window.isFullScreen()

    def test_folded_columns_stay_folded_and_are_remembered_when_it_is_closed_presenting(
        self, open_window: Open, qtbot: QtBot
    ) -> None:
        window = open_window()
        action(window, "view.theme_dark").trigger()
        qtbot.keyClick(window, Qt.Key.Key_F7)
        present(window, qtbot)
        for key in (Qt.Key.Key_F7, Qt.Key.Key_F8):
            qtbot.keyClick(window, key)
            assert not window.column(0).isVisible()
            assert not window.column(2).isVisible()
        window.close()
        again = open_window()
        assert (again.has_column(0), again.has_column(2)) == (False, True)
        assert again.theme.name == "dark"
        assert not again.isFullScreen()

    def test_it_starts_light_and_a_theme_chosen_in_it_stays_there(self, open_window: Open, qtbot: QtBot) -> None:
        window = open_window()
        action(window, "view.theme_dark").trigger()
        present(window, qtbot)
        assert window.theme.name == "light"
        action(window, "view.theme_dark").trigger()
        assert find(window, QLabel, "data.caption").font().pixelSize() == 45, "a change of theme keeps the sizes"
        qtbot.keyClick(window, Qt.Key.Key_Escape)
        assert window.theme.name == "dark"
        action(window, "view.theme_light").trigger()
        present(window, qtbot)
        action(window, "view.theme_dark").trigger()
        qtbot.keyClick(window, Qt.Key.Key_Escape)
        assert (window.theme_choice, window.theme.name) == ("light", "light")


def test_playback_and_curve_are_chosen_and_remembered(open_window: Open, qtbot: QtBot) -> None:
    window = open_window()
    present(window, qtbot)
    plot, before = window.panel(PlotPanel).plot, window.panel(PlotPanel).plot.height()
    qtbot.keyClick(window, Qt.Key.Key_F10)
    settle()
    assert not window.panel(CurvesPanel).isVisible()
    assert plot.height() > before + 200
    qtbot.keyClick(window, Qt.Key.Key_F9)
    settle()
    assert not window.panel(PlaybackPanel).isVisible()
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert window.panel(CurvesPanel).isVisible()
    assert window.panel(PlaybackPanel).isVisible()
    window.close()
    again = open_window()
    present(again, qtbot)
    assert not again.panel(CurvesPanel).isVisible()
    assert not again.panel(PlaybackPanel).isVisible()
    qtbot.keyClick(again, Qt.Key.Key_F10)
    assert again.panel(CurvesPanel).isVisible()


def test_the_type_follows_the_screen_also_to_a_smaller_and_to_an_upright_one(open_window: Open, qtbot: QtBot) -> None:
    window = open_window()
    sizes = {}
    for width, height in ((3840, 2160), (1080, 1920), (1366, 768)):
        present(window, qtbot, (width, height)) if not sizes else window.resize(width, height)
        settle()
        assert (window.width(), window.height()) == (width, height)
        sizes[height] = find(window, QLabel, "data.caption").font().pixelSize()
        assert window.panel(PlaybackPanel).isVisible() == (width > height), "where it would be cut it is left out"
    assert sizes == {2160: 90, 1920: 80, 768: 32}
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert window.panel(PlaybackPanel).isVisible()
    assert window.minimumSize() == window.minimumSizeHint()


def test_the_button_beside_the_playback_begins_it(open_window: Open, qtbot: QtBot) -> None:
    window = open_window()
    panel = window.panel(PlaybackPanel)
    button = next(b for b in panel.findChildren(QAbstractButton) if b.text() == "Present")
    assert button.isVisible()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert window.presentation.is_on


def test_a_long_sentence_gets_a_third_line_and_no_smaller_type(open_window: Open, qtbot: QtBot) -> None:
    window = open_window("--components", "12")
    present(window, qtbot, (1024, 768))
    qtbot.keyClick(window, Qt.Key.Key_PageDown)
    caption = find(window, QLabel, "data.caption")
    qtbot.waitUntil(lambda: "E-step" in caption.text())
    settle()
    assert len(caption.text()) > 110
    assert caption.font().pixelSize() == 32
    assert caption.heightForWidth(caption.width()) <= caption.height()
    room = caption.height()
    qtbot.keyClick(window, Qt.Key.Key_PageUp)
    qtbot.waitUntil(lambda: "E-step" not in caption.text())
    settle()
    assert caption.height() == room, "the plot does not move again"
