"""Whatever a person does with the window, nothing happens that nobody foresaw.

2 000 actions from a fixed seed in the usual run, more with ``--actions N``.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.ui.acting import Actor
from tests.ui.driving import Open, wait_for_background

A_WINDOW = 2000
"""Actions in one window; the next one begins from another seed."""
SEED = 20260

WINDOWS = 50  # of 2 000: 100 000


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # raising, grabbing: the off-screen platform
@pytest.mark.parametrize("number", range(WINDOWS))
def test_random_actions(
    open_window: Open,
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
    number: int,
) -> None:
    count = min(A_WINDOW, request.config.getoption("--actions") - number * A_WINDOW)
    if count <= 0:
        pytest.skip("more with --actions")
    folder = tmp_path / "files"
    folder.mkdir()
    window = open_window()
    actor = Actor(window, SEED + number, folder, monkeypatch)
    for done in range(count):
        actor.act()
        story = "\n".join(actor.done)
        assert not actor.crashes, f"after {done + 1} actions, the last of which were\n{story}\n{actor.crashes[0]}"
        assert window.isVisible(), story
    actor.settle()
    wait_for_background(window, qtbot)
    assert actor.crashes == []
    assert {path.name for path in folder.iterdir() if path.name.endswith(".part")} == set()
