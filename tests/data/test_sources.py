"""What may be opened at all."""

from __future__ import annotations

import hashlib
import io
import os
from pathlib import Path

import pytest

from gmm_desktop.data import READERS, DataError, read_table
from gmm_desktop.data.readers import source as sources


def refusal(path: Path | str) -> str:
    with pytest.raises(DataError) as caught:
        read_table(path)
    sentence = str(caught.value)
    assert "\n" not in sentence
    assert sentence.endswith(".")
    return sentence


def test_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    assert "There is no file" in refusal(tmp_path / "nothing.csv")
    assert "is a folder" in refusal(tmp_path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes with a name are a matter of Unix")
def test_pipes_and_devices_are_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    assert "device or a pipe" in refusal(tmp_path / "pipe.csv")
    assert "device or a pipe" in refusal("/dev/zero")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    path = tmp_path / "secret.csv"
    path.write_text("1,2\n")
    path.chmod(0)
    assert "may not be read" in refusal(path)


def test_a_refused_permission_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    path = tmp_path / "secret.csv"
    path.write_text("1,2\n")
    monkeypatch.setattr("gmm_desktop.data.readers.source.os.open", refuse)
    assert "may not be read" in refusal(path)


def test_a_sparse_giant_is_refused_without_reading_it(tmp_path: Path) -> None:
    path = tmp_path / "giant.csv"
    with path.open("wb") as stream:
        stream.truncate(sources.LARGEST_FILE + 1)
    assert "more than the 4 GB" in refusal(path)


def test_a_session_is_not_taken_for_a_table(tmp_path: Path) -> None:
    path = tmp_path / "lecture.gmm"
    path.write_bytes(b"PK")
    with pytest.raises(DataError, match=r"'lecture.gmm' is a session and not a table; open it in the window\."):
        read_table(path)


@pytest.mark.parametrize("suffix", READERS["text"].suffixes)
def test_every_suffix_of_text_is_read(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"data{suffix}"
    path.write_text("1 2\n3 4\n")
    assert read_table(path).rows == 2


def test_an_unknown_suffix_is_tried_as_text(tmp_path: Path) -> None:
    path = tmp_path / "data.measured"
    path.write_text("1 2\n3 4\n")
    assert read_table(path).rows == 2


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    class Piped:
        buffer = io.BytesIO(b"x,y\n1,2\n3,4\n")

    monkeypatch.setattr("sys.stdin", Piped)
    table = read_table("-")
    assert table.source == "standard input"
    assert table.rows == 2
    assert list(table.text_rows()) == [["1", "2"], ["3", "4"]]
    assert "empty" in refusal("-")


def test_the_hash_is_that_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_bytes(b"\xef\xbb\xbfx,y\r\n1,2\r\n")
    assert read_table(path).sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_large_file_that_changed_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "KEPT_IN_MEMORY", 4)
    path = tmp_path / "data.csv"
    path.write_text("x,y\n1,2\n3,4\n")
    table = read_table(path)
    assert list(table.text_rows()) == [["1", "2"], ["3", "4"]]
    path.write_text("x,y\n1,2\n3,5\n")
    with pytest.raises(DataError, match="has changed since"):
        list(table.text_rows())
