"""Files that do harm where nobody looks: each is read or refused soon, and without the memory that it claims."""

from __future__ import annotations

import gzip
import io
import os
import subprocess
import sys
import tracemalloc
import zlib
from pathlib import Path
from typing import IO, Any

import numpy as np
import pytest

from gmm_desktop.data import DataError, Table, read_table
from gmm_desktop.data.readers import source as sources
from gmm_desktop.data.readers import unpacking
from tests.data.mutations import check_sentence, check_table

GOOD = b"x,y\n" + b"".join(b"%d,%d.5\n" % (i, i) for i in range(200))


def refusal(path: Path | str) -> str:
    with pytest.raises(DataError) as caught:
        read_table(path)
    check_sentence(str(caught.value))
    return str(caught.value)


def written(folder: Path, content: bytes, name: str = "data.csv") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def is_good(table: Table) -> bool:
    values = [column.values for column in table.columns]
    i = np.arange(200)
    return bool(
        values[0] is not None and values[1] is not None and (values[0] == i).all() and (values[1] == i + 0.5).all()
    )


def test_holes_are_refused_without_reading_them(tmp_path: Path) -> None:
    for name, beginning in {"zeros.csv": b"", "header.csv": b"x,y\n1,2\n"}.items():
        with (tmp_path / name).open("wb") as stream:
            stream.write(beginning)
            stream.truncate(2 * 1024**3)
        tracemalloc.start()
        refusal(tmp_path / name)
        assert tracemalloc.get_traced_memory()[1] < 100 * 1024**2
        tracemalloc.stop()


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="links are a matter of Unix")
def test_links_lead_to_files_alone(tmp_path: Path) -> None:
    (tmp_path / "good.csv").symlink_to(written(tmp_path, GOOD))
    assert is_good(read_table(tmp_path / "good.csv"))
    (tmp_path / "zero.csv").symlink_to("/dev/zero")
    assert "device or a pipe" in refusal(tmp_path / "zero.csv")
    (tmp_path / "a.csv").symlink_to(tmp_path / "b.csv")
    (tmp_path / "b.csv").symlink_to(tmp_path / "a.csv")
    assert "cannot be opened" in refusal(tmp_path / "a.csv")
    (tmp_path / "lost.csv").symlink_to(tmp_path / "nowhere")
    assert "There is no file" in refusal(tmp_path / "lost.csv")


@pytest.mark.parametrize("change", [-30, 30])
def test_a_file_that_changes_while_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: int) -> None:
    """What it holds is asked for first and read afterwards; in between somebody writes."""
    path = written(tmp_path, GOOD)
    expected = sources._expected

    def write_after(stream: IO[bytes], name: str) -> int | None:
        size = expected(stream, name)
        with path.open("ab") as other:
            if change < 0:
                other.truncate(len(GOOD) + change)
            else:
                other.write(b"7,7.5\n" * (change // 6))
        return size

    monkeypatch.setattr(sources, "_expected", write_after)
    if change < 0:
        assert "became 30 bytes shorter while it was read" in refusal(path)
    else:
        table = read_table(path)
        assert any("grew by 30 bytes while it was read" in message for message in table.messages)
        assert table.rows == 205


def test_a_file_that_is_written_over_while_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path, GOOD)
    os.utime(path, (1e9, 1e9))
    assert not [message for message in read_table(path).messages if "while it was read" in message]
    expected = sources._expected

    def write_after(stream: IO[bytes], name: str) -> int | None:
        size = expected(stream, name)
        with path.open("r+b") as other:
            other.write(GOOD[:30])
        return size

    monkeypatch.setattr(sources, "_expected", write_after)
    assert [message for message in read_table(path).messages if "was written to while it was read" in message]


class Piped:
    """Standard input that is no file of the system."""

    def __init__(self, content: bytes) -> None:
        self.buffer = io.BytesIO(content)


@pytest.mark.parametrize(
    "content",
    [
        GOOD,
        gzip.compress(GOOD),
        GOOD.decode().encode("utf-16"),
        GOOD.decode().encode("utf-16-le"),
        gzip.compress(GOOD.decode().encode("utf-16")),
    ],
)
def test_standard_input_is_read_as_a_file_is(monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    monkeypatch.setattr("sys.stdin", Piped(content))
    table = read_table("-")
    assert is_good(table)
    assert table.source == "standard input"


def test_a_real_pipe_and_a_device_at_standard_input(tmp_path: Path) -> None:
    code = """
from gmm_desktop.data import DataError, read_table
try:
    print(read_table("-").rows)
except DataError as refusal:
    print(refusal)
"""

    def fed(**how: Any) -> str:
        done = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, timeout=60, check=True, **how)
        return done.stdout.decode().strip()

    assert fed(input=gzip.compress(GOOD)) == "200"
    with written(tmp_path, GOOD).open("rb") as stream:
        assert fed(stdin=stream) == "200"
    assert "Standard input is empty" in fed(stdin=subprocess.DEVNULL)
    if os.path.exists("/dev/zero"):
        with open("/dev/zero", "rb") as zeros:
            assert "is a device" in fed(stdin=zeros)


def test_what_never_ends_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    class Endless(io.RawIOBase):
        def read(self, size: int = -1) -> bytes:
            return b"1,2\n" * (size // 4)

    class Stream:
        buffer = Endless()

    monkeypatch.setattr(sources, "LARGEST_PIPED", 100 * 1024**2)
    monkeypatch.setattr("sys.stdin", Stream)
    assert "can be opened" in refusal("-")


def test_members_zeros_and_what_follows(tmp_path: Path) -> None:
    half = len(GOOD) // 2
    members = gzip.compress(GOOD[:half]) + gzip.compress(b"") + gzip.compress(GOOD[half:])
    assert is_good(read_table(written(tmp_path, members, "data.csv.gz")))
    assert is_good(read_table(written(tmp_path, members + bytes(100_000), "data.gz")))
    table = read_table(written(tmp_path, members + b"something", "data.gz"))
    assert is_good(table)
    assert any("was left out" in message for message in table.messages)


def test_a_broken_gzip_is_one_sentence(tmp_path: Path) -> None:
    packed = gzip.compress(GOOD)
    for length in range(2, len(packed), 7):
        assert "is cut off" in refusal(written(tmp_path, packed[:length], "data.csv.gz"))
    damaged = bytearray(packed)
    damaged[len(packed) // 2] ^= 255
    assert "is damaged" in refusal(written(tmp_path, bytes(damaged), "data.csv.gz"))
    wrong_sum = packed[:-8] + b"\1\2\3\4" + packed[-4:]
    assert "is damaged" in refusal(written(tmp_path, wrong_sum, "data.csv.gz"))
    assert "is empty once it is unpacked" in refusal(written(tmp_path, gzip.compress(b""), "data.csv.gz"))
    assert "a compressed file" in refusal(written(tmp_path, gzip.compress(packed), "data.csv.gz"))


@pytest.mark.parametrize("filling", [bytes(1 << 22), b"1,2\n" * (1 << 20)])
def test_a_bomb_is_refused_before_it_fills_the_memory(tmp_path: Path, filling: bytes) -> None:
    bomb = zlib.compressobj(9, zlib.DEFLATED, 31)
    packed = b"".join(bomb.compress(filling) for _ in range(128)) + bomb.flush()
    path = written(tmp_path, packed, "bomb.csv.gz")
    tracemalloc.start()
    assert "unpacks to more than" in refusal(path)
    assert tracemalloc.get_traced_memory()[1] < 400 * 1024**2
    tracemalloc.stop()


def test_a_large_file_is_measured_before_it_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    content = np.random.default_rng(0).bytes(50_000)
    packed = gzip.compress(content)
    monkeypatch.setattr(unpacking, "_KEPT", 1000)
    assert unpacking.unpack(packed, "data.gz") == (content, ())
    monkeypatch.setattr(unpacking, "LARGEST_UNPACKED", 40_000)
    with pytest.raises(DataError, match="unpacks to more than"):
        unpacking.unpack(packed, "data.gz")


LONG = {
    "one line": b"1.25,2.5,7," * 1_000_000,
    "one line without a delimiter": b"a" * 10_000_000,
    "a long cell": b"x,y\n1,2\n3," + b"a" * 10_000_000 + b"\n5,6\n",
    "a long quoted cell": b'x,y\n1,2\n3,"' + b"a\n" * 5_000_000 + b'"\n5,6\n',
    "a quotation mark around the whole": b'"x,y\n1,2\n' + b"3.25,4.125\n" * 500_000 + b'"\n',
    "a quotation mark opened at the beginning": b'x,y\n"1,2\n' + b"3.25,4.125\n" * 500_000,
    "too many columns": b",".join(b"c%d" % i for i in range(100_000)) + b"\n" + b",".join([b"1.5"] * 100_000) + b"\n",
    "delimiters alone": (b"," * 1_000_000 + b"\n") * 5,
    "quotation marks alone": b'"' * 6_000_000,
}


@pytest.mark.parametrize("content", LONG.values(), ids=LONG.keys())
def test_what_is_too_long_is_refused(tmp_path: Path, content: bytes) -> None:
    refusal(written(tmp_path, content))


ODD = {
    "empty lines": b"x,y\n1,2\n" + b"\n" * 5_000_000 + b"3,4\n",
    "blanks at the end": b"x,y\n1,2\n3,4\n ",
    "lines of blanks": b"x,y\n1,2\n" + b" \t \n" * 500_000 + b"3,4\n",
    "comments": b"x,y\n1,2\n" + b"#\n" * 500_000 + b"3,4\n",
    "blanks before the cells": b"x y\n" + b" " * 3_000_000 + b"1 2\n3 4\n",
    "very long numbers": b"x,y\n1,2\n" + b"1" * 3_000_000 + b",4\n",
    "a number and a letter": b"x,y\n1,2\n" + b"1" * 3_000_000 + b"x,4\n",
    "groups of three": b"x;y\n1;2\n" + b"1" + b".111" * 700_000 + b"x;4\n",
    "a long name": b"n" * 10_000 + b",y\n1,2\n3,4\n",
    "names that are no names": "<img src=x>,\u202eabc\u202c,\u200b\n1,2,3\n3,4,5\n".encode(),
}


@pytest.mark.parametrize("content", ODD.values(), ids=ODD.keys())
def test_what_is_odd_is_read_and_told_shortly(tmp_path: Path, content: bytes) -> None:
    table = read_table(written(tmp_path, content))
    check_table(table)
    assert table.rows == 2


def test_as_many_columns_as_a_spreadsheet_has(tmp_path: Path) -> None:
    numbers = np.random.default_rng(0).normal(size=(3, 16_384)).round(3)
    text = "\n".join(",".join(map(repr, row)) for row in numbers.tolist())
    table = read_table(written(tmp_path, text.encode()))
    assert np.array_equal(np.stack([c.values for c in table.columns if c.values is not None], axis=1), numbers)
