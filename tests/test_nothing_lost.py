"""Whatever fails while a file is written, the old one or the new one is whole, the person is told, nothing strays."""

from __future__ import annotations

import ast
import contextlib
import errno
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication

from gmm_desktop.data import dataset_from_array
from gmm_desktop.export import EXPORTERS, ExportError
from gmm_desktop.export.animations import ANIMATIONS
from gmm_desktop.export.writing import write_whole
from gmm_desktop.mixture import FitSettings
from gmm_desktop.options import SUFFIXES
from gmm_desktop.session import Session
from gmm_desktop.session.autosave import Autosave, kept_work, open_kept
from gmm_desktop.session.work import WorkNow, work_now
from tests.failing_system import FAILING, FailingSystem, contents
from tests.writers import WRITERS, Writer

ROOT = Path(__file__).resolve().parents[1]
OLD = b"the old content"


CALLERS = {
    "command_line.py": ("parameters", "data", "picture", "animation", "report"),
    "export/__init__.py": ("parameters", "data"),
    "session/archive.py": ("session",),
    "session/autosave.py": ("session",),  # and a test of its own, since it writes more than one file
    "ui/data_out.py": ("points",),
    "ui/picturing.py": ("picture",),
    "ui/repeating.py": ("script",),
    "ui/reporting.py": ("report",),
    "ui/filming.py": ("animation", "numbered pictures"),
    "ui/reports.py": ("bytes",),
    "ui/settings_file.py": ("settings",),
}
"""The modules that call what writes, and what each of them writes: rows, or kinds of rows, of ``WRITERS``."""


@pytest.fixture(params=WRITERS)
def writer(request: pytest.FixtureRequest) -> Writer:
    suffix = request.param.partition(" ")[2]
    if request.param.startswith("animation") and (missing := ANIMATIONS[suffix].missing()):
        pytest.skip(missing)
    row = next((row for row in EXPORTERS if request.param == f"{row.kind} {row.suffix}"), None)
    if missing := getattr(row, "missing", lambda: "")():
        pytest.skip(missing)
    return WRITERS[request.param]


@pytest.fixture
def fresh(tmp_path: Path) -> Callable[[Writer, bool], Path]:
    """An empty folder, or one with old files of the writer's names."""
    count = iter(range(10_000))

    def make(writer: Writer, old: bool) -> Path:
        folder = tmp_path / str(next(count))
        folder.mkdir()
        for name in writer.names if old else ():
            (folder / name).write_bytes(writer.old)
        return folder

    return make


def rehearsed(writer: Writer, folder: Path, system: FailingSystem) -> dict[str, bytes]:
    """What the writer writes where nothing fails; how often it asks the system for what is in ``system.counts``."""
    with pytest.MonkeyPatch.context() as patch:
        system.install(patch)
        writer.write(folder)
    made = contents(folder)
    assert set(made) == set(writer.names)
    assert writer.old not in made.values()
    return made


@pytest.mark.parametrize("nameless", [True, False], ids=["nameless", "named"])
@pytest.mark.parametrize("call", FAILING)
def test_a_failure_at_each_call_in_turn(
    writer: Writer, fresh: Callable[[Writer, bool], Path], call: str, nameless: bool
) -> None:
    first = FailingSystem(nameless=nameless)
    new = rehearsed(writer, fresh(writer, True), first)
    asked = first.counts[call]
    if not asked:
        pytest.skip(f"{call} is not used this way")
    refused = 0
    for number in range(min(asked, 40)):
        for for_good in (False, True):
            for old in (True, False):
                refused += _fails(
                    writer, fresh(writer, old), FailingSystem(call, number, for_good, nameless=nameless), new
                )
    if nameless or call != "link":
        assert refused, "that it failed was never noticed"


def _fails(writer: Writer, folder: Path, system: FailingSystem, new: dict[str, bytes]) -> bool:
    before, told = contents(folder), ""
    with pytest.MonkeyPatch.context() as patch:
        system.install(patch)
        try:
            writer.write(folder)
        except ExportError as refusal:
            told = str(refusal)
    after = contents(folder)
    assert system.failed
    if not told:  # it made no difference, as where only the folder's own sync fails
        assert after == new
        return False
    assert "was not written" in told
    assert "\n" not in told
    assert set(after) <= set(writer.names), "a temporary file strays"
    arrived = [name for name in writer.names if after.get(name) == new[name]]
    for name in set(writer.names) - set(arrived):
        assert after.get(name) == before.get(name), name
    if system.call != "replace":
        assert arrived == []
    for name in arrived:
        assert f"{name}'" in told.partition("New and whole")[2], "what is new already is told"
    return True


def test_a_system_that_takes_little_at_once_gets_all(writer: Writer, fresh: Callable[[Writer, bool], Path]) -> None:
    new = rehearsed(writer, fresh(writer, False), FailingSystem())
    assert rehearsed(writer, fresh(writer, True), FailingSystem(at_most=1000)) == new


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (errno.ENOSPC, "the disk is full; free some space"),
        (errno.EDQUOT, "all that you may use of the disk is in use; free some space"),
        (errno.EROFS, "may not be written to"),
        (errno.EACCES, "may not be written to"),
        (errno.EIO, "whether it is still there"),
        (errno.EFBIG, "no file as large as this"),
        (errno.ENAMETOOLONG, "shorter"),
    ],
)
def test_the_person_is_told_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, words: str) -> None:
    FailingSystem("write", code=code).install(monkeypatch)
    with pytest.raises(ExportError, match=words):
        WRITERS["bytes"].write(tmp_path)


def test_a_file_that_another_program_holds_is_not_said_to_be_its_folders_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Windows refuses to replace a file that is open elsewhere, as in a spreadsheet."""
    (tmp_path / "fit.json").write_bytes(OLD)
    FailingSystem("replace", code=errno.EACCES).install(monkeypatch)
    with pytest.raises(ExportError, match=r"another program has it open; close it there, or give another name\.$"):
        WRITERS["bytes"].write(tmp_path)
    assert contents(tmp_path) == {"fit.json": OLD}


def test_a_folder_that_vanishes_while_it_is_written_to(tmp_path: Path) -> None:
    folder = tmp_path / "drive"
    folder.mkdir()

    def content() -> Iterator[bytes]:
        yield b"one"
        shutil.rmtree(folder)
        yield b"two"

    with pytest.raises(ExportError, match="there is no folder"):
        write_whole(folder / "fit.json", content())
    assert not folder.exists()


def test_of_several_files_those_that_took_their_places_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    FailingSystem("replace", number=2).install(monkeypatch)
    with pytest.raises(
        ExportError, match=r"run-0003.png' was not written.*whole before that: .*0001.png', .*0002.png'\."
    ):
        WRITERS["numbered pictures"].write(tmp_path)
    assert list(contents(tmp_path)) == ["run-0001.png", "run-0002.png"]


# --- disks that are really full, and folders that are really read-only ---


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 64 KB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    made = shutil.which("mount") and subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)], capture_output=True, text=True
    )
    if not made or made.returncode:
        pytest.skip(f"no file system can be made here: {made.stderr.strip() if made else 'no mount'}")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(disk: Path, leave: int) -> None:
    stuffing = disk / "stuffing"
    with stuffing.open("wb", buffering=0) as stream, contextlib.suppress(OSError):
        while stream.write(bytes(4096)) == 4096:
            pass
    os.truncate(stuffing, stuffing.stat().st_size // 4096 * 4096 - leave)


@pytest.mark.parametrize("leave", [0, 8192])
def test_a_disk_that_is_really_full(small_disk: Path, leave: int) -> None:
    old = small_disk / "fit.json"
    old.write_bytes(OLD)
    fill(small_disk, leave)
    with pytest.raises(ExportError, match="free some space"):
        write_whole(old, (bytes(1000) for _ in range(100)))
    assert old.read_bytes() == OLD
    assert sorted(os.listdir(small_disk)) == ["fit.json", "stuffing"]
    os.unlink(small_disk / "stuffing")
    write_whole(old, bytes(30_000))
    assert old.stat().st_size == 30_000


def test_each_writer_on_a_full_disk(small_disk: Path, writer: Writer) -> None:
    for name in writer.names:
        (small_disk / name).write_bytes(writer.old)
    fill(small_disk, 0)
    with pytest.raises(ExportError, match="free some space"):
        writer.write(small_disk)
    (small_disk / "stuffing").unlink()
    assert contents(small_disk) == dict.fromkeys(sorted(writer.names), writer.old)


def test_a_disk_that_is_really_read_only(small_disk: Path, writer: Writer) -> None:
    for name in writer.names:
        (small_disk / name).write_bytes(writer.old)
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    with pytest.raises(ExportError, match="may not be written to"):
        writer.write(small_disk)
    assert contents(small_disk) == dict.fromkeys(sorted(writer.names), writer.old)


# --- what is kept without being asked for ---


@pytest.mark.parametrize("call", FAILING)
def test_a_failure_while_work_is_kept_leaves_what_was_kept_before_or_all_of_the_new(
    tmp_path: Path, qapp: QApplication, call: str
) -> None:
    """A file of points that stay the same, one of all else and one of words: any of them may fail."""
    rng = np.random.default_rng(0)
    works = []
    for k in (2, 3):
        session = Session(dataset_from_array(rng.normal(size=(70_000, 2))), FitSettings(components=k))
        works.append(work_now(session))
        session.close()
    told, counts = 0, _keep(tmp_path / "all", works, FailingSystem())[1].counts
    for number in range(min(counts[call], 12)):
        for for_good in (False, True):
            root = tmp_path / f"{number} {for_good}"
            refused, system = _keep(root, works, FailingSystem(call, number, for_good))
            assert system.failed
            told += refused
            (kept,) = kept_work(root)
            run = open_kept(kept).work.state.run
            before = works[run.settings.components - 2].work.state.run
            assert np.array_equal(run.dataset.points, before.dataset.points)
            assert refused or run.settings.components == 3
            assert not [path for path in root.rglob("*") if path.name.endswith(".part")]
    assert told or not counts[call] or call == "close"


def _keep(root: Path, works: list[WorkNow], system: FailingSystem) -> tuple[bool, FailingSystem]:
    """Keep one work and then another while the system fails; whether that was refused."""
    autosave = Autosave(root)
    autosave.begin()
    autosave.write(works[0], {})
    refused = False
    with pytest.MonkeyPatch.context() as patch:
        system.install(patch)
        try:
            autosave.write(works[1], {})
        except ExportError:
            refused = True
    autosave.close()
    return refused, system


# --- kills ---


def test_a_process_killed_at_200_random_moments(tmp_path: Path) -> None:
    """Each time the file is whole, and after the next write nothing strays. A process that is not killed stands by."""
    command = [sys.executable, str(ROOT / "tests" / "killed_while_saving.py"), str(tmp_path), "200"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, cwd=ROOT)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "200 kills" in done.stdout


# --- nobody writes otherwise ---


def _calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            function = node.func
            yield (function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")), node


def test_every_caller_of_what_writes_is_known_here() -> None:
    callers = set()
    for path in (ROOT / "gmm_desktop").rglob("*.py"):
        name = path.relative_to(ROOT / "gmm_desktop").as_posix()
        called = {call for call, _ in _calls(ast.parse(path.read_text("utf-8")))}
        if called & {"write_whole", "write_together", "export_together"} and name != "export/writing.py":
            callers.add(name)
    assert callers == set(CALLERS), "a new writer is a line in WRITERS and in CALLERS"
    kinds = {*WRITERS, *(name.partition(" ")[0] for name in WRITERS)}
    assert {kind for written in CALLERS.values() for kind in written} <= kinds


def test_every_format_that_is_offered_is_written_here() -> None:
    offered = {f"{kind} {suffix}" for kind, suffixes in SUFFIXES.items() for suffix in suffixes}
    assert offered <= set(WRITERS)


def test_nothing_writes_in_another_way() -> None:
    other = []
    for path in (ROOT / "gmm_desktop").rglob("*.py"):
        name = path.relative_to(ROOT / "gmm_desktop").as_posix()
        text = path.read_text("utf-8")
        for call, node in _calls(ast.parse(text)):
            modes = [a.value for a in (*node.args, *(k.value for k in node.keywords)) if isinstance(a, ast.Constant)]
            writes = call == "open" and any(str(mode)[:1] in "wax" and len(str(mode)) <= 3 for mode in modes)
            if writes or call in {"write_text", "write_bytes", "QSaveFile"}:
                other.append(name)
    said = "what Python writes of a fault, for which nothing can be prepared, and the members of an archive in memory"
    assert sorted(other) == ["session/archive_zip.py", "ui/reports.py"], said
