"""What killed writers leave is swept by the next one, and nothing else is."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from gmm_desktop.export import temporary, writing
from gmm_desktop.export.writing import write_whole

LEFT = ".fit.json.gmm-0123456789ab.part"
OTHERS = (
    ".fit.json.0123456789ab.part",  # another program's
    "fit.json.gmm-0123456789ab.part",
    ".fit.json.gmm-0123456789ab.part.zip",
    ".fit.json.gmm-xyz.part",
    "film.part",
)


def test_what_a_killed_writer_left_goes_with_the_next_write(tmp_path: Path) -> None:
    for name in (LEFT, *OTHERS):
        (tmp_path / name).write_bytes(b"half")
    write_whole(tmp_path / "other.json", b"new")
    assert sorted(os.listdir(tmp_path)) == sorted([*OTHERS, "other.json"])


def test_folders_and_links_stay(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere.txt"
    elsewhere.write_bytes(b"precious")
    folder = tmp_path / "saved"
    (folder / LEFT).mkdir(parents=True)
    link = folder / LEFT.replace("0123", "4567")
    link.symlink_to(elsewhere)
    temporary.sweep(folder)
    assert sorted(os.listdir(folder)) == sorted([LEFT, link.name])
    assert elsewhere.read_bytes() == b"precious"


@pytest.mark.skipif(temporary.fcntl is None, reason="folders cannot be locked here")
def test_what_another_writer_is_making_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "can_be_nameless", lambda folder: False)
    begun, go_on = threading.Event(), threading.Event()

    def slow() -> Iterator[bytes]:
        yield b"one "
        begun.set()
        assert go_on.wait(10)
        yield b"two"

    thread = threading.Thread(target=write_whole, args=(tmp_path / "slow", slow()))
    thread.start()
    assert begun.wait(10)
    made = [name for name in os.listdir(tmp_path) if name.endswith(".part")]
    assert len(made) == 1
    write_whole(tmp_path / "quick", b"new")
    temporary.sweep(tmp_path)
    assert made[0] in os.listdir(tmp_path)
    go_on.set()
    thread.join()
    assert (tmp_path / "slow").read_bytes() == b"one two"
    assert sorted(os.listdir(tmp_path)) == ["quick", "slow"]


def test_where_folders_cannot_be_locked_only_old_files_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(temporary, "fcntl", None)
    old, young = tmp_path / LEFT, tmp_path / LEFT.replace("0123", "4567")
    for path in (old, young):
        path.write_bytes(b"half")
    os.utime(old, (1e9, 1e9))
    temporary.sweep(tmp_path)
    assert os.listdir(tmp_path) == [young.name]


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    temporary.sweep(tmp_path / "none")
    assert not temporary.can_be_nameless(tmp_path / "none")
