"""A window that is killed while it saves its session leaves the old file or the new one, and the next start says so.

20 moments in the usual run, more with ``--moments N``.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
USUAL, FEWER = 50, 20  # what is asked for where nobody asks, and what is tried then


def test_a_window_killed_while_it_saves_loses_nothing(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    asked = request.config.getoption("--moments")
    times = FEWER if asked == USUAL else asked
    command = [sys.executable, str(ROOT / "tests" / "killed_while_keeping.py"), str(tmp_path), str(times), "7"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120 + 20 * times, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(told) == times
    unfinished = 0
    for one in told:
        assert one["held"] == "old" or one["held"].startswith("new "), one
        assert len(one["strays"]) <= 1, one  # named only in the moment of the renaming
        assert one["left"] == [], one
        assert isinstance(one["said"], dict), one
        sentences = one["said"]["told"]
        assert any("ended unexpectedly" in each for each in sentences), one
        assert any("on 'lecture.gmm' is here: 1 run of points.npy" in each for each in sentences), one
        assert (one["said"]["name"], one["saved"]) == ("kept", "kept"), one
        assert ("changed elsewhere" in one["said"]["asked"]) == (one["held"] != "old"), one
        unfinished += any("Not finished" in each and "Saving lecture.gmm" in each for each in sentences)
    assert unfinished, "no kill met a saving window"
