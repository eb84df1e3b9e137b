"""A session file that is broken, of another version or made to do harm is refused in a sentence."""

from __future__ import annotations

import io
import json
import os
import random
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from gmm_desktop.data import SAMPLES, DataError
from gmm_desktop.session.archive import VERSION, open_session, save_session
from gmm_desktop.session.work import work_now
from gmm_desktop.session.work_checks import check_work
from tests.session.saving import begun, step

Change = Callable[[dict[str, Any]], object]


@pytest.fixture
def saved(qtbot: QtBot, tmp_path: Path) -> Path:
    session = begun(qtbot, SAMPLES["faithful"].load(), components=2)
    step(session, qtbot, 4)
    session.new_start()
    qtbot.waitUntil(lambda: session.state.run.ready)
    session.show_run(1)
    path = tmp_path / "lecture.gmm"
    save_session(path, work_now(session), {})
    session.close()
    return path


def members(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def write(path: Path, parts: dict[str, bytes], method: int = zipfile.ZIP_STORED) -> None:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


def changed(path: Path, change: Change) -> None:
    parts = members(path)
    document = json.loads(parts["session.json"])
    change(document)
    write(path, {**parts, "session.json": json.dumps(document).encode()})


def first(document: dict[str, Any], kind: str) -> dict[str, Any]:
    found: dict[str, Any] = next(one for one in document["objects"] if one["is"] == kind)
    return found


def refusal(path: Path) -> str:
    with pytest.raises(DataError) as caught:
        open_session(path)
    sentence = str(caught.value)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    return sentence


def test_it_opens_as_it_is_and_packed_by_others(saved: Path) -> None:
    assert len(open_session(saved).work.state.runs) == 2
    write(saved, members(saved), zipfile.ZIP_DEFLATED)
    assert len(open_session(saved).work.state.runs) == 2


def test_a_newer_version_is_refused_politely(saved: Path) -> None:
    changed(saved, lambda document: document.update(version=VERSION + 1, work="in words nobody knows yet"))
    before = saved.read_bytes()
    assert "newer version" in refusal(saved)
    assert "update the program" in refusal(saved)
    assert saved.read_bytes() == before


CHANGES: dict[str, Change] = {
    "another format": lambda d: d.update(format="gmm-desktop-fit"),
    "no version": lambda d: d.pop("version"),
    "version is true": lambda d: d.update(version=True),
    "no work": lambda d: d.pop("work"),
    "work is a list": lambda d: d.update(work=[]),
    "objects are none": lambda d: d.update(objects={}),
    "an object in itself": lambda d: d.update(work={"#": 0}) or d["objects"].insert(0, {"#": 0}),
    "a reference to nowhere": lambda d: d["work"].update(state={"#": 999}),
    "an unknown class": lambda d: first(d, "Run").update({"is": "os.system"}),
    "an unknown generator": lambda d: first(d, "Dataset").update(generator={"generator": "subprocess", "size": 3}),
    "an unknown field": lambda d: first(d, "Run").update(harm=1),
    "an unknown covariance": lambda d: first(d, "Run")["settings"].update(covariance="round"),
    "text for a number": lambda d: first(d, "Run")["settings"].update(tolerance="1e-6"),
    "no components": lambda d: first(d, "Run")["settings"].update(components=0),
    "true for a number": lambda d: first(d, "Run")["settings"].update(components=True),
    "NaN": lambda d: first(d, "Run")["settings"].update(tolerance={"float": "nan"}),
    "a bare NaN": lambda d: first(d, "Run")["settings"].update(tolerance=float("nan")),
    "a frame beyond the end": lambda d: first(d, "State")["frame"].update(iteration=10**9),
    "an unknown phase": lambda d: first(d, "State")["frame"].update(phase="X"),
    "columns that are not there": lambda d: first(d, "State").update(columns=[0, 7]),
    "one column twice": lambda d: first(d, "State").update(columns=[1, 1]),
    "two runs of one number": lambda d: [one.update(id=1) for one in d["objects"] if one["is"] == "Run"],
    "a branch of nothing": lambda d: first(d, "Run").update(parent=[77, 0]),
    "a pace that is none": lambda d: d["work"].update(rate=0.123),
    "names are too few": lambda d: first(d, "Dataset").update(names=["a"]),
    "a range of all memory": lambda d: first(d, "Dataset").update(rows={"range": 10**12}),
    "a range of others": lambda d: first(d, "Dataset").update(rows={"range": 5}),
    "a range below nothing": lambda d: first(d, "Dataset").update(rows={"range": -5}),
    "a member that is not there": lambda d: first(d, "Dataset").update(points={"array": "../../etc/passwd"}),
    "a blob": lambda d: first(d, "Dataset").update(points={"array": "blobs/x.npy"}),
    "a history of others": lambda d: first(d, "FitHistory").update(means=first(d, "FitHistory")["weights"]),
    "an impossible history": lambda d: first(d, "FitHistory").update(every=0),
    "room without end": lambda d: first(d, "FitHistory").update(run=-1),
    "a negative seed": lambda d: first(d, "Dataset").update(seed=-1),
}


@pytest.mark.parametrize("name", list(CHANGES))
def test_a_document_that_says_what_cannot_be_is_refused(saved: Path, name: str) -> None:
    changed(saved, CHANGES[name])
    assert "lecture.gmm" in refusal(saved) or "GB" in refusal(saved)


def test_nesting_without_end_is_refused(saved: Path) -> None:
    deep: Any = []
    for _ in range(400):
        deep = [deep]
    changed(saved, lambda d: d["work"].update(undo=deep))
    refusal(saved)
    write(saved, {**members(saved), "session.json": b"[" * 200_000})
    refusal(saved)


def test_room_is_not_taken_on_trust(saved: Path) -> None:
    changed(saved, lambda d: first(d, "FitHistory").update(room=10**15))
    history = open_session(saved).work.state.run.history
    assert len(history._weights) <= max(2 * len(history), 64)


def npy(shape: str, content: bytes = b"", descr: str = "<f8") -> bytes:
    header = f"{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}".encode()
    header += b" " * (-(10 + len(header) + 1) % 64) + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + content


@pytest.mark.parametrize(
    "array",
    [
        npy("(1000000000000, 2)"),
        npy("(-1, -2)"),
        npy("(3, 2)", bytes(8)),
        npy("(1,)", bytes(8), "|O"),
        npy("(1,)", bytes(16), "<c16"),
        npy("(1, 2)", np.array([np.nan, 1.0]).tobytes()),
        npy("(0, 2)"),
        b"",
        b"\x93NUMPY\x01\x00\xff\xff",
    ],
    ids=["terabytes", "negative", "short", "objects", "complex", "NaN", "empty", "nothing", "cut off"],
)
def test_an_array_that_is_none_is_refused(saved: Path, array: bytes) -> None:
    parts = members(saved)
    points = first(json.loads(parts["session.json"]), "Dataset")["points"]["array"]
    write(saved, {**parts, points: array})
    refusal(saved)


def test_a_zip_bomb_is_refused_before_it_is_unpacked(saved: Path) -> None:
    parts = members(saved)
    points = first(json.loads(parts["session.json"]), "Dataset")["points"]["array"]
    with zipfile.ZipFile(saved, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            if name != points:
                archive.writestr(name, content)
        with archive.open(points, "w", force_zip64=True) as stream:
            for _ in range(1100):
                stream.write(bytes(2**20))
    assert saved.stat().st_size < 3 * 2**20
    assert "GB" in refusal(saved) or "too large" in refusal(saved)


def test_names_twice_and_too_many_parts_are_refused(saved: Path) -> None:
    parts = members(saved)
    with zipfile.ZipFile(saved, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("session.json", parts["session.json"])
    assert "twice" in refusal(saved)
    write(saved, {**parts, **{f"arrays/x{i}": b"" for i in range(12_000)}})
    assert "too many" in refusal(saved)


def test_what_is_no_session_is_refused(tmp_path: Path) -> None:
    for content in (b"", b"PK", b"a,b\n1,2\n", bytes(100), b"PK\x05\x06" + bytes(18)):
        path = tmp_path / "a.gmm"
        path.write_bytes(content)
        refusal(path)
    refusal(tmp_path / "missing.gmm")
    refusal(tmp_path)
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.gmm")
        refusal(tmp_path / "pipe.gmm")


def test_no_other_file_is_opened(saved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[object] = []
    real = os.open
    monkeypatch.setattr(os, "open", lambda path, *rest, **more: opened.append(path) or real(path, *rest, **more))
    changed(saved, lambda d: first(d, "Table").update(sample="", path="/etc/passwd", beside="../../etc/passwd"))
    open_session(saved)
    assert opened == [saved]


def test_a_thousand_mutations_open_or_are_refused_in_a_sentence(saved: Path) -> None:
    """Of single bytes of the file, and of single bytes of its document and arrays under a right checksum."""
    rng = random.Random(20)
    content, parts = bytearray(saved.read_bytes()), members(saved)
    refused = 0
    for trial in range(1000):
        if trial % 2:
            mutated = bytearray(content)
            mutated[rng.randrange(len(mutated))] = rng.randrange(256)
            saved.write_bytes(mutated)
        else:
            name = "session.json" if trial % 4 else rng.choice(list(parts))
            part = bytearray(parts[name])
            part[rng.randrange(len(part))] = rng.randrange(256)
            stream = io.BytesIO()
            with zipfile.ZipFile(stream, "w") as archive:
                for other, bits in {**parts, name: bytes(part)}.items():
                    archive.writestr(other, bits)
            saved.write_bytes(stream.getvalue())
        sentence = ""
        try:
            work = open_session(saved).work
        except DataError as error:
            sentence = str(error)
        if sentence:
            refused += 1
            assert sentence.endswith(".")
        else:
            check_work(work)
            assert np.isfinite(work.state.run.dataset.points).all()
    assert 100 < refused < 1000
