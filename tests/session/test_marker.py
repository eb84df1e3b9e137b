"""A run that did not end properly is known to the next one."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from gmm_desktop.session.marker import Mark, left_behind
from gmm_desktop.session.places import state_folder

ROOT = Path(__file__).resolve().parents[2]


def run(code: str) -> int:
    head = (
        "import os\nfrom gmm_desktop.session.marker import Mark, left_behind\nmark = Mark()\nmark.tell_version('9')\n"
    )
    return subprocess.run([sys.executable, "-c", head + code], cwd=ROOT, timeout=60).returncode


def marks() -> list[str]:
    return sorted(os.listdir(state_folder()))


def test_a_run_that_ends_leaves_nothing() -> None:
    mark = Mark()
    assert len(marks()) == 1
    mark.end()
    assert marks() == []
    assert left_behind() == []


@pytest.mark.parametrize("end", ["os._exit(0)", "os.kill(os.getpid(), 9)"])
def test_a_run_that_dies_is_found_once(end: str) -> None:
    run(f"mark.writing('fit.json')\n{end}")
    assert len(marks()) == 1
    (last,) = left_behind()
    assert (last.crashed, last.version, last.unfinished) == (True, "9", ("fit.json",))
    assert left_behind() == []
    assert marks() == []


def test_a_run_that_goes_on_is_not_found() -> None:
    mark = Mark()
    assert left_behind() == []
    assert run("assert left_behind() == []; mark.end()") == 0, "nor by another process"
    assert len(marks()) == 1
    mark.end()


def test_what_was_still_written_at_the_end_is_told_and_is_no_crash() -> None:
    run("mark.writing('a.csv'); mark.writing('b.csv'); mark.written('a.csv'); mark.end(); os._exit(0)")
    (last,) = left_behind()
    assert (last.crashed, last.unfinished) == (False, ("b.csv",))


def test_what_is_finished_after_the_end_leaves_nothing() -> None:
    mark = Mark()
    mark.writing("a.csv")
    mark.end()
    assert len(marks()) == 1
    mark.written("a.csv")
    assert marks() == []


@pytest.mark.parametrize("text", [b"", b"{", b"\xff\xfe", b"[]", b'{"unfinished": 3, "version": [1]}'])
def test_a_mark_that_cannot_be_read_is_of_a_run_that_died(text: bytes) -> None:
    state_folder().mkdir(parents=True)
    (state_folder() / "run-1-abc.json").write_bytes(text)
    (last,) = left_behind()
    assert last.crashed
    assert last.unfinished == ()


def test_what_python_wrote_of_a_fault_comes_with_it() -> None:
    run("import faulthandler\nfaulthandler.enable(mark.fault_path.open('xb'))\nfaulthandler._sigabrt()")
    (last,) = left_behind()
    assert "Fatal Python error: Aborted" in last.fault
    assert marks() == []


def test_where_there_can_be_no_mark_there_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    mark = Mark()
    mark.writing("a.csv")
    mark.end()
    assert left_behind() == []
