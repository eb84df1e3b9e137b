"""The formulas in the real window: typeset beside it, sharp, in both themes, with the numbers of the moment."""

from __future__ import annotations

import re
import threading

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication, QTableWidget, QWidget
from pytestqt.qtbot import QtBot

from gmm_desktop.ui import files, typesetting
from gmm_desktop.ui.main_window import MainWindow
from gmm_desktop.ui.panels.formulas_panel import FormulasPanel
from gmm_desktop.ui.theme import component_colour
from gmm_desktop.ui.views.formulas import FormulasView
from tests.ui.driving import Open, action, fast, find
from tests.ui.showing import count_near
from tests.ui.test_point_in_window import click, pixel, step


def view(window: MainWindow) -> FormulasView:
    return find(window, FormulasView, "formulas.view")


def opened(window: MainWindow, qtbot: QtBot) -> FormulasView:
    qtbot.keyClick(window, Qt.Key.Key_F)
    qtbot.waitUntil(lambda: view(window).page is not None, timeout=10_000)
    qtbot.wait(30)
    return view(window)


def said(window: MainWindow) -> str:
    return view(window).accessibleDescription()


def wait_for(window: MainWindow, qtbot: QtBot, words: str) -> None:
    qtbot.waitUntil(lambda: words in said(window), timeout=10_000)


def drawn(shown: QWidget, scale: float) -> QImage:
    QApplication.processEvents()
    image = QImage(round(shown.width() * scale), round(shown.height() * scale), QImage.Format.Format_RGB32)
    image.fill(shown.palette().window().color())
    painter = QPainter(image)
    painter.scale(scale, scale)
    shown.render(painter, QPoint(), QRect(QPoint(), shown.size()), QWidget.RenderFlag(0))
    painter.end()
    return image


def grey(image: QImage) -> np.ndarray:
    converted = image.convertToFormat(QImage.Format.Format_Grayscale8)
    lines = np.frombuffer(converted.constBits(), dtype=np.uint8).reshape(image.height(), -1)
    return lines[:, : image.width()].astype(float)


def test_the_card_is_one_line_until_a_key_opens_it(open_window: Open, qtbot: QtBot) -> None:
    window = open_window()
    card = window.panel(FormulasPanel)
    folded = card.height()
    assert not view(window).isVisible()
    assert not action(window, "view.formulas").isChecked()
    opened(window, qtbot)
    assert view(window).isVisible()
    qtbot.waitUntil(lambda: card.height() > folded + 100, timeout=2000)
    assert window.column(2).isVisible()
    qtbot.keyClick(window, Qt.Key.Key_F)
    qtbot.waitUntil(lambda: card.height() == folded, timeout=2000)


def test_the_key_unfolds_the_column_too(open_window: Open, qtbot: QtBot) -> None:
    window = open_window()
    action(window, "view.right").trigger()
    opened(window, qtbot)
    assert view(window).isVisible()


def test_it_follows_half_steps_and_the_selected_component(open_window: Open, qtbot: QtBot) -> None:
    window = open_window("--sample", "faithful", "--components", "2")
    opened(window, qtbot)
    assert said(window).startswith("The start, for A (blue).")
    step(window, qtbot, "run.half_step")
    wait_for(window, qtbot, "E-step of iteration 0, for A (blue). Responsibility")
    seen = set()
    for iteration in (1, 2):
        step(window, qtbot, "run.half_step")
        wait_for(window, qtbot, f"M-step of iteration {iteration}, for A (blue).")
        seen.add(said(window))
        step(window, qtbot, "run.half_step")
        wait_for(window, qtbot, f"E-step of iteration {iteration},")
    assert len({re.sub("iteration .", "", text) for text in seen}) == 2, "the numbers move too"
    action(window, "run.half_back").trigger()
    table = find(window, QTableWidget, "parameters.table")
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=table.visualItemRect(table.item(2, 3)).center())
    wait_for(window, qtbot, "M-step of iteration 2, for B (orange).")
    snapshot = window.session.snapshot()
    assert snapshot.colouring is not None
    r = snapshot.colouring.responsibilities(snapshot.dataset.points)[:, 1]
    mean = np.average(snapshot.dataset.points, axis=0, weights=r)
    assert f"pi_B = {r.sum():.1f} / 272 = {r.mean():.4f}" in said(window)
    assert f"mu_B = ({mean[0]:.3f}, {mean[1]:.2f})" in said(window)


def test_a_pinned_point_has_its_responsibility_written_out(open_window: Open, qtbot: QtBot) -> None:
    window = open_window("--sample", "faithful")
    step(window, qtbot, "run.step")
    opened(window, qtbot)
    assert "r_iA" not in said(window)
    click(window, pixel(window, *window.session.snapshot().dataset.points[0]))
    wait_for(window, qtbot, "r_iA = ")
    assert "Here i is row 1: eruptions = 3.6, waiting = 79." in said(window)


def test_the_numbers_are_the_last_ones_when_the_run_ends(open_window: Open, qtbot: QtBot) -> None:
    window = open_window("--sample", "faithful", "--components", "3")
    opened(window, qtbot)
    fast(window)
    qtbot.keyClick(window, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: bool(window.session.snapshot().outcome), timeout=20_000)
    last = window.session.snapshot()
    wait_for(window, qtbot, f"E-step of iteration {last.last_iteration}, for A")
    assert f"L = {last.log_likelihoods[-1]:,.2f}.".replace(",", "\u202f") in said(window)


def test_typesetting_is_not_done_in_the_window_s_thread(
    open_window: Open, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[threading.Thread] = []

    def noted(latex: list[str]) -> typesetting.Leaves:
        threads.append(threading.current_thread())
        return typesetting.typeset(latex)

    monkeypatch.setattr("gmm_desktop.ui.views.formulas.typeset", noted)
    window = open_window()
    opened(window, qtbot)
    step(window, qtbot, "run.half_step")
    wait_for(window, qtbot, "E-step of iteration 0")
    assert threads
    assert threading.main_thread() not in threads


def test_known_formulas_are_not_typeset_again(open_window: Open, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    window = open_window("--sample", "faithful")
    opened(window, qtbot)
    for _ in range(3):
        step(window, qtbot, "run.half_step")
    wait_for(window, qtbot, "E-step of iteration 1")

    def refuse(latex: list[str]) -> typesetting.Leaves:
        raise AssertionError(latex)

    monkeypatch.setattr("gmm_desktop.ui.views.formulas.typeset", refuse)
    for _ in range(4):
        step(window, qtbot, "run.half_step")
    wait_for(window, qtbot, "E-step of iteration 3")


@pytest.mark.parametrize("sample", ["three-groups", "faithful"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_is_drawn_in_the_theme_s_colours_and_sharp_at_any_size(
    open_window: Open, qtbot: QtBot, theme: str, sample: str
) -> None:
    window = open_window() if sample == "three-groups" else open_window("--sample", sample)
    action(window, f"view.theme_{theme}").trigger()
    step(window, qtbot, "run.step")
    step(window, qtbot, "run.half_step")
    shown = opened(window, qtbot)
    small, large = drawn(shown, 1.0), drawn(shown, 3.0)
    for image in (small, large):
        assert count_near(image, window.theme.text, 40) > 200
        assert count_near(image, component_colour(window.theme, 0), 4) > 20
    blown_up = small.scaled(large.size(), mode=Qt.TransformationMode.SmoothTransformation)
    ink, paper = grey(large).min(), grey(large).max()

    def blurred(image: QImage) -> int:
        """Pixels that are neither ink nor paper."""
        values = grey(image)
        return int(((values > ink + 40) & (values < paper - 40)).sum())

    assert blurred(large) < 0.5 * blurred(blown_up)


@pytest.mark.parametrize("scale", [1.0, 1.6])
def test_nothing_is_cut_in_the_narrowest_window(open_window: Open, qtbot: QtBot, scale: float) -> None:
    window = open_window("--sample", "iris", "--components", "3")
    window.resize(1024, 740)
    names = window.session.snapshot().dataset.available_columns
    files.change_columns(window, list(names), [names[2], names[3]])
    qtbot.waitUntil(lambda: window.session.snapshot().dataset.dimension == 4)
    step(window, qtbot, "run.half_step")
    step(window, qtbot, "run.half_step")
    shown = opened(window, qtbot)
    shown.set_scale(scale)
    qtbot.wait(50)
    wait_for(window, qtbot, "Sigma_A = ((")
    assert shown.visibleRegion().boundingRect().width() == shown.width()
    assert shown.height() >= shown.sizeHint().height()
    values = grey(drawn(shown, 2.0))
    paper = np.median(values)
    assert (np.abs(values - paper) > 60).sum() > 1000
    assert (np.abs(values[:, -2:] - paper) < 60).all()
    assert (np.abs(values[-2:] - paper) < 60).all()


def test_it_grows_with_the_presentation_s_scale(open_window: Open, qtbot: QtBot) -> None:
    window = open_window()
    shown = opened(window, qtbot)
    before = shown.sizeHint().height()
    shown.set_scale(1.5)
    assert shown.sizeHint().height() > 1.2 * before


def test_the_card_keeps_its_height_from_half_step_to_half_step(open_window: Open, qtbot: QtBot) -> None:
    window = open_window("--sample", "faithful")
    shown = opened(window, qtbot)
    for _ in range(2):
        step(window, qtbot, "run.half_step")
    wait_for(window, qtbot, "M-step of iteration 1")
    heights = set()
    for half in ("E", "M", "E"):
        step(window, qtbot, "run.half_step")
        wait_for(window, qtbot, f"{half}-step of iteration")
        heights.add(shown.sizeHint().height())
    assert len(heights) == 1
