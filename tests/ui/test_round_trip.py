"""Whatever a person did, it is the same in another window after it was saved and opened: what it holds, says and draws.

Deliberate sessions in the usual run. With ``--actions N`` above 2 000 also some made by 60 random actions, one for each
500: what these hold depends on how fast EM and the machine are, so that not every one that fails can be repeated.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pytestqt.exceptions import TimeoutError as NeverCameError
from pytestqt.qtbot import QtBot

from gmm_desktop.data import SAMPLES
from gmm_desktop.session.archive import save_session
from gmm_desktop.session.work import work_now
from gmm_desktop.ui import sessions
from gmm_desktop.ui.main_window import MainWindow
from gmm_desktop.ui.panels.components_panel import ComponentsPanel
from gmm_desktop.ui.session_views import views_of
from tests.ui.acting import Actor
from tests.ui.describing import alike, at_rest, described_window, described_work, differences, pictures
from tests.ui.driving import Open, action, run_to_the_end, wait_for_background
from tests.ui.hands import plot_of

SEED = 7100
ACTIONS, FOR_EACH, MOST, USUAL = 60, 500, 200, 2000
SIZE = (1280, 800)


def persons_own(window: MainWindow, other: MainWindow) -> None:
    """What is the person's and not the session's."""
    for one in (window, other):
        one.resize(*SIZE)
    other.choose_theme(window.theme_choice)
    for part, shown in window.presentation.choices().items():
        other.presentation.choose(part, shown)
    other.panel(ComponentsPanel).set_spread(window.panel(ComponentsPanel).spread())


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
@pytest.mark.parametrize("number", range(MOST))
def test_a_session_of_random_actions_is_the_same_in_another_window(
    open_window: Open,
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
    number: int,
) -> None:
    wanted = request.config.getoption("--actions")
    if wanted <= USUAL or number >= wanted // FOR_EACH:
        pytest.skip("with more --actions")
    folder = tmp_path / "files"
    folder.mkdir()
    window = open_window()
    with monkeypatch.context() as patch:
        actor = Actor(window, SEED + number, folder, patch)
        for _ in range(ACTIONS):
            actor.act()
        actor.settle()
    story = "\n".join(actor.done)
    # The formulas' fonts are loaded in a thread, where what is deprecated in that library counts as an error.
    assert [crash for crash in actor.crashes if "importlib-resources" not in crash] == [], story
    wait_for_background(window, qtbot)
    window.resize(*SIZE)
    at_rest(window, qtbot)
    while window.session.snapshot().race is not None:  # it would be begun anew
        window.session.undo()
        at_rest(window, qtbot)
    same_elsewhere(window, open_window, qtbot, tmp_path / "a.gmm", story)


def drafted(window: MainWindow, qtbot: QtBot) -> None:
    """A component of a later iteration is in the hand."""
    qtbot.waitUntil(action(window, "edit.place").isEnabled)
    action(window, "edit.place").trigger()
    qtbot.wait(50)
    window.session.select(1)
    mixture = window.session.snapshot().mixture
    assert mixture is not None
    window.session.sketch(mixture.moved(mixture.means + 0.25), "moving both means", "both means")


def with_deleted_runs(window: MainWindow, qtbot: QtBot) -> None:
    """The run that others branched from is deleted, and one of another data set."""
    session = window.session
    session.name_run(1, "the first")
    session.show_iteration(2)
    session.begin_branch()
    at_rest(window, qtbot)
    session.change_settings(components=3)
    at_rest(window, qtbot)
    session.delete_run(1)
    session.open(SAMPLES["galaxies"].load())
    at_rest(window, qtbot)
    session.new_start()
    at_rest(window, qtbot)
    session.delete_run(session.state.run.id)
    session.show_run(2)


def with_two_runs_beside(window: MainWindow, qtbot: QtBot) -> None:
    window.session.change_settings(covariance="tied")
    run_to_the_end(window, qtbot)
    window.session.show_iteration(4)
    qtbot.waitUntil(action(window, "view.side_by_side").isEnabled)
    action(window, "view.side_by_side").trigger()


def painted_away(window: MainWindow, qtbot: QtBot) -> None:
    """Every point is erased, and three are painted on the axes that stayed."""
    plot_of(window).view_box.setRange(xRange=(1.75, 4.5), yRange=(50.0, 80.0), padding=0)
    window.session.set_painting(True)
    window.session.erase(np.arange(272), "erasing everything")
    at_rest(window, qtbot)
    window.session.paint(np.array([[2.0, 60.0], [3.0, 70.0], [3.5, 55.0]]), "three points")


@pytest.mark.parametrize("work", [drafted, with_deleted_runs, with_two_runs_beside, painted_away])
def test_a_session_of_deliberate_acts_is_the_same_in_another_window(
    open_window: Open, qtbot: QtBot, tmp_path: Path, work: Callable[[MainWindow, QtBot], None]
) -> None:
    window = open_window("--sample", "faithful")
    window.resize(*SIZE)
    run_to_the_end(window, qtbot)
    window.session.show_iteration(6)
    work(window, qtbot)
    at_rest(window, qtbot)
    same_elsewhere(window, open_window, qtbot, tmp_path / "a.gmm", work.__name__)


def look_alike(window: MainWindow, other: MainWindow) -> bool:
    after = pictures(other)
    return all(alike(image, after[name]) for name, image in pictures(window).items())


def become_the_same(
    described: Callable[[MainWindow], dict[str, Any]], window: MainWindow, other: MainWindow, qtbot: QtBot, story: str
) -> None:
    """As soon as both windows have drawn what they hold, such as the title."""

    def agree() -> bool:
        return differences(described(window), described(other)) == {}

    with contextlib.suppress(NeverCameError):
        qtbot.waitUntil(agree, timeout=3000)
    assert differences(described(window), described(other)) == {}, story


def same_elsewhere(window: MainWindow, open_window: Open, qtbot: QtBot, path: Path, story: str) -> None:
    """It is saved and opened in another window; there, and back along undo, everything is as it is here."""
    save_session(path, work_now(window.session), views_of(window))

    other = open_window()
    persons_own(window, other)
    sessions.read(other, path)
    wait_for_background(other, qtbot)
    at_rest(other, qtbot)
    become_the_same(described_work, window, other, qtbot, story)
    become_the_same(described_window, window, other, qtbot, story)
    qtbot.waitUntil(lambda: look_alike(window, other), timeout=5000)
    for acts in (("undo",), ("undo", "undo", "redo"), ("redo", "undo", "undo", "undo")):
        for act in acts:
            for one in (window, other):
                getattr(one.session, act)()
                at_rest(one, qtbot, to_be_read=False)
            become_the_same(described_work, window, other, qtbot, f"{act} after\n{story}")
        for one in (window, other):
            at_rest(one, qtbot)
        become_the_same(described_window, window, other, qtbot, f"{acts} after\n{story}")
