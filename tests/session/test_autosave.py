"""Work that is kept by itself: whose folder it is, what is written once, what is deleted when."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from gmm_desktop.data import SAMPLES, DataError
from gmm_desktop.session.autosave import Autosave, Kept, forget, kept_work, open_kept, prune
from gmm_desktop.session.work import work_now
from tests.session.saving import GROUPS, assert_same_history, begun, step

HOLD = """
import sys, time
from pathlib import Path
from gmm_desktop.session.autosave import Autosave
autosave = Autosave(Path(sys.argv[1]))
autosave.begin()
print(autosave.folder, flush=True)
time.sleep(600)
"""


def test_large_points_are_written_once_and_come_back(qtbot: QtBot, tmp_path: Path) -> None:
    session = begun(qtbot, GROUPS.of_size(100_000).dataset(1))
    autosave = Autosave(tmp_path)
    autosave.begin()
    autosave.write(work_now(session), {"curve": "gain"})
    assert autosave.folder is not None
    (blob,) = (autosave.folder / "blobs").iterdir()
    before = blob.stat()
    assert (before.st_size > 1_600_000, (autosave.folder / "session.gmm").stat().st_size < 200_000) == (True, True)
    step(session, qtbot, 3)
    autosave.write(work_now(session), {})
    assert (blob.stat().st_mtime_ns, blob.stat().st_ino) == (before.st_mtime_ns, before.st_ino)
    autosave.close()
    (kept,) = kept_work(tmp_path)
    assert (kept.runs, kept.source, kept.others) == (1, "Gaussian mixture", 0)
    work = open_kept(kept).work
    assert work.state.run.dataset.points.tobytes() == session.state.run.dataset.points.tobytes()
    assert_same_history(work.state.run.history, session.state.run.history)

    content = bytearray(blob.read_bytes())
    content[-3] ^= 1
    blob.write_bytes(content)
    with pytest.raises(DataError, match="changed"):
        open_kept(kept)
    session.close()


def test_what_is_not_used_any_more_is_taken_away(qtbot: QtBot, tmp_path: Path) -> None:
    autosave = Autosave(tmp_path)
    autosave.begin()
    for seed in (1, 2):
        session = begun(qtbot, GROUPS.of_size(100_000).dataset(seed))
        autosave.write(work_now(session), {})
        session.close()
    assert autosave.folder is not None
    assert len(list((autosave.folder / "blobs").iterdir())) == 1
    autosave.discard()
    assert list(tmp_path.iterdir()) == []


def test_what_a_living_process_holds_is_not_offered_and_what_a_dead_one_left_is(qtbot: QtBot, tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        theirs = Path(other.stdout.readline().strip())
        session = begun(qtbot, SAMPLES["faithful"].load(), components=2)
        ours = Autosave(tmp_path)
        ours.begin()
        ours.write(work_now(session), {})
        assert ours.folder is not None
        for name in ("session.gmm", "about.json"):
            (theirs / name).write_bytes((ours.folder / name).read_bytes())
        assert kept_work(tmp_path) == []
        forget(Kept(theirs, 0, 1, "", 0))
        assert theirs.exists()
        other.kill()
    assert [one.folder for one in kept_work(tmp_path)] == [theirs]
    assert len(open_kept(kept_work(tmp_path)[0]).work.state.runs) == 1
    ours.close()
    session.close()


def test_the_last_three_are_kept(qtbot: QtBot, tmp_path: Path) -> None:
    session = begun(qtbot, SAMPLES["faithful"].load(), components=2)
    for _ in range(5):
        autosave = Autosave(tmp_path)
        autosave.begin()
        autosave.write(work_now(session), {})
        autosave.close()
    session.close()
    newest = [one.folder for one in kept_work(tmp_path)]
    assert len(set(newest)) == 5
    prune(tmp_path)
    assert [one.folder for one in kept_work(tmp_path)] == newest[:3]


def test_half_written_and_strange_folders_are_passed_over(tmp_path: Path) -> None:
    abouts = {"a": b"{}", "b": b"[1]", "c": b"\xff", "d": b'{"saved": 1e400, "runs": 1}', "e": None}
    for name, about in abouts.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "session.gmm").write_bytes(b"")
        if about is not None:
            (tmp_path / name / "about.json").write_bytes(about)
    (tmp_path / "a file").write_bytes(b"")
    assert kept_work(tmp_path) == []
    assert kept_work(tmp_path / "nowhere") == []


def test_only_its_owner_may_read_it(qtbot: QtBot, tmp_path: Path) -> None:
    autosave = Autosave(tmp_path / "deep" / "autosave")
    autosave.begin()
    assert autosave.folder is not None
    assert str(os.getpid()) in autosave.folder.name
    assert time.strftime("%Y") in autosave.folder.name
    autosave.discard()


def test_a_folder_that_cannot_be_used_does_not_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gmm_desktop.session.autosave._lock", lambda _: None)
    with pytest.raises(OSError, match="cannot be locked"):
        Autosave(tmp_path).begin()
    assert list(tmp_path.iterdir()) == []
