"""A file is written whole or not at all; failures of the system in turn are in tests/test_nothing_lost.py."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from gmm_desktop.export import ExportError, write_whole

MODULE = "gmm_desktop.export.writing"
OLD, NEW = b"the old content", b"the new content, which is longer" * 1000


@pytest.fixture(params=["new", "existing"])
def target(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / "fit.json"
    if request.param == "existing":
        path.write_bytes(OLD)
    return path


def state(path: Path) -> tuple[bytes | None, list[str]]:
    return path.read_bytes() if path.exists() else None, sorted(os.listdir(path.parent))


def test_the_content_arrives_and_nothing_else_stays(target: Path) -> None:
    write_whole(target, NEW)
    assert state(target) == (NEW, ["fit.json"])


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="/dev/full is a matter of Linux")
def test_a_write_that_falls_short_is_noticed(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk, as the operating system reports it."""
    before = state(target)
    real = os.open
    monkeypatch.setattr(f"{MODULE}.os.open", lambda path, flags, mode=0o777: real("/dev/full", os.O_WRONLY))
    with pytest.raises(ExportError, match="was not written"):
        write_whole(target, NEW)
    monkeypatch.undo()
    assert state(target) == before


def test_bytes_that_vanish_are_noticed(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some file systems report success and keep less."""
    before = state(target)
    real = os.fsync

    def lose(descriptor: int) -> None:
        real(descriptor)
        os.ftruncate(descriptor, 10)

    monkeypatch.setattr(f"{MODULE}.os.fsync", lose)
    with pytest.raises(ExportError, match="only 10 of"):
        write_whole(target, NEW)
    monkeypatch.undo()
    assert state(target) == before


def test_a_folder_that_cannot_be_synced_is_no_failure(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.fsync
    calls = []

    def only_files(descriptor: int) -> None:
        calls.append(descriptor)
        if len(calls) > 1:
            raise OSError(errno.EINVAL, "not for folders")
        real(descriptor)

    monkeypatch.setattr(f"{MODULE}.os.fsync", only_files)
    write_whole(target, NEW)
    assert len(calls) == 2
    assert target.read_bytes() == NEW


def test_a_missing_folder_a_folder_and_a_device(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="there is no folder"):
        write_whole(tmp_path / "none" / "fit.json", NEW)
    with pytest.raises(ExportError, match="is a folder"):
        write_whole(tmp_path, NEW)
    with pytest.raises(ExportError, match="not an ordinary file"):
        write_whole(os.devnull, NEW)
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(ExportError, match="file' is not a folder; choose one"):
        write_whole(tmp_path / "file" / "fit.json", NEW)


def test_an_interruption_leaves_nothing(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = state(target)

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(f"{MODULE}.os.replace", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_whole(target, NEW)
    monkeypatch.undo()
    assert state(target) == before


def test_permissions_and_links_stay(tmp_path: Path) -> None:
    real, link = tmp_path / "real.json", tmp_path / "link.json"
    real.write_bytes(OLD)
    real.chmod(0o640)
    link.symlink_to(real)
    write_whole(link, NEW)
    assert link.is_symlink()
    assert real.read_bytes() == NEW
    assert real.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("letter", ["x", "長", "🙂"])
def test_a_very_long_name(tmp_path: Path, letter: str) -> None:
    path = tmp_path / (letter * (250 // len(letter.encode())) + ".json")
    write_whole(path, NEW)
    assert path.read_bytes() == NEW
