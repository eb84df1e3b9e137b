"""The window of a real process closes at any moment: soon, with exit status 0, without a word, and nothing is lost.

50 moments in the usual run, more with ``--moments N``; the scenarios are those of ``closed_at_any_moment``.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from gmm_desktop.session.marker import left_behind

ROOT = Path(__file__).resolve().parents[1]
SOON = 2.0  # seconds, on a machine that does nothing else
BUSY = 6.0  # seconds, with everything else that tests are run beside: what hangs is found all the same
USUAL = 50
MADE = ["made.csv", "made.gif", "made.png"]


def test_the_window_closes_at_any_moment(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    times = request.config.getoption("--moments")
    command = [sys.executable, str(ROOT / "tests" / "closed_at_any_moment.py"), str(tmp_path), str(times), "7"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60 + 5 * times, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(told) == times
    limit = SOON if times > USUAL else BUSY
    bad = [
        one
        for one in told
        if one["status"] or one["said"] or one["broken"] or one["files"] != MADE or not (one["took"] or 0) <= limit
    ]
    assert bad == []
    for one in told:
        left = [name for name in one["state"] if name.startswith("run-")]
        assert not left or one["name"] in ("export", "film", "picture"), one
        assert not (left and one["new"]), "what is whole is not called unfinished"


CLOSE = """
import sys
import gmm_desktop.app
from PySide6.QtCore import QTimer
real = gmm_desktop.app.create_window
def create(arguments):
    window = real(arguments)
    QTimer.singleShot({wait}, window, lambda: {act})
    return window
gmm_desktop.app.create_window = create
sys.argv = ["gmm-desktop", "--run"]
import runpy
runpy.run_module("gmm_desktop", run_name="__main__")
"""


@pytest.mark.parametrize("wait", [0, 150, 900])
def test_python_m_gmm_desktop_ends_well(tmp_path: Path, wait: int) -> None:
    done = _run(CLOSE.format(wait=wait, act="window.close()"))
    assert done.returncode == 0
    assert [line for line in done.stderr.splitlines() if "propagateSizeHints" not in line] == []
    assert left_behind() == []


COPY = "(window.actions_by_id['{command}'].trigger(), QTimer.singleShot(600, window.close))"


@pytest.mark.parametrize("command", ["file.copy_data", "edit.copy_table", "edit.copy_picture"])
def test_it_ends_well_with_something_on_the_clipboard(tmp_path: Path, command: str) -> None:
    done = _run(CLOSE.format(wait=300, act=COPY.format(command=command)))
    assert done.returncode == 0
    assert left_behind() == []


def test_a_process_that_is_killed_is_known_as_such(tmp_path: Path) -> None:
    done = _run(CLOSE.format(wait=400, act="__import__('faulthandler')._sigabrt()"))
    assert done.returncode < 0
    (last,) = left_behind()
    assert last.crashed
    assert "Aborted" in last.fault
    assert "most recent call first" in last.fault


STUCK = "(setattr(type(window.session), 'close', lambda _: __import__('time').sleep(60)), window.close())"


def test_what_does_not_end_is_ended(tmp_path: Path) -> None:
    done = _run(CLOSE.format(wait=100, act=STUCK), timeout=20)
    assert done.returncode == 0
    assert "Closing took too long" in (
        Path(os.environ["XDG_STATE_HOME"]) / "gmm-desktop" / "gmm-desktop.log"
    ).read_text("utf-8")
    assert left_behind() == [], "that is no crash"


def _run(code: str, timeout: int = 60) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=timeout, cwd=ROOT, env=environment
    )
