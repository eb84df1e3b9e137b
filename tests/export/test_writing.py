"""A file is written whole or not at all."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gmm_desktop.export import ExportError, write_whole

MODULE = "gmm_desktop.export.writing"
OLD, NEW = b"the old content", b"the new content, which is longer" * 1000


def failing(code: int) -> Callable[..., Any]:
    def fail(*_: object, **__: object) -> None:
        raise OSError(code, os.strerror(code))

    return fail


def short_write(path: Path, content: bytes, mode: int) -> None:
    path.write_bytes(content[: len(content) // 2])
    written = path.stat().st_size
    raise OSError(f"only {written} of {len(content)} bytes arrived")


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


@pytest.mark.parametrize("step", ["open", "fsync", "replace", "write", "stat"])
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO, errno.EACCES])
def test_a_failure_leaves_the_old_file_and_no_temporary_one(
    target: Path, monkeypatch: pytest.MonkeyPatch, step: str, code: int
) -> None:
    before = state(target)
    if step == "write":
        monkeypatch.setattr(f"{MODULE}._write", short_write)
    elif step == "stat":
        real = Path.stat

        def stat(path: Path, **options: Any) -> os.stat_result:
            if path.name.endswith(".part"):
                raise OSError(code, os.strerror(code))
            return real(path, **options)

        monkeypatch.setattr(Path, "stat", stat)
    else:
        monkeypatch.setattr(f"{MODULE}.os.{step}", failing(code))
    with pytest.raises(ExportError) as refusal:
        write_whole(target, NEW)
    monkeypatch.undo()
    assert state(target) == before
    assert "was not written" in str(refusal.value)
    assert "\n" not in str(refusal.value)


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


def test_a_very_long_name(tmp_path: Path) -> None:
    path = tmp_path / ("x" * 250 + ".json")
    write_whole(path, NEW)
    assert path.read_bytes() == NEW
