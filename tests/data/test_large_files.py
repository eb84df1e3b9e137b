"""Large files: the same numbers by the shorter way, how far the reading is, and giving it up."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from gmm_desktop.data import DataError, GivenUpError, read_table
from gmm_desktop.data.readers.encoding import is_utf8

ROWS = 60_000
NUMBERS = np.random.default_rng(0).normal(size=(ROWS, 2)).round(6)
TABLE = "a,b\n" + "\n".join(f"{a},{b}" for a, b in NUMBERS.tolist()) + "\n"

DRESSES = {
    "plain": TABLE.encode(),
    "without a last line end": TABLE.rstrip().encode(),
    "Windows line ends": TABLE.replace("\n", "\r\n").encode(),
    "comments": ("# made by hand\n" + TABLE).encode(),
    "a comment far down": (TABLE + "# the end\n").encode(),
    "a byte order mark": TABLE.encode("utf-8-sig"),
    "UTF-16": TABLE.encode("utf-16"),
    "Windows-1252": TABLE.replace("a,b", "Länge,b").encode("cp1252"),
    "UTF-8 beyond ASCII": TABLE.replace("a,b", "Länge,b").encode(),
    "blanks before numbers": TABLE.replace("\n", "\n ").encode(),
    "a text column": TABLE.replace("\n", ",naïve\n").encode(),
    "ragged": (TABLE + "1,2,3\n").encode(),
}


@pytest.fixture(autouse=True)
def _large_is_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gmm_desktop.data.readers.encoding._PIECE", 1000)
    monkeypatch.setattr("gmm_desktop.data.readers.lines._PIECE", 1000)


@pytest.mark.parametrize("name", DRESSES)
def test_a_large_file_is_read_as_a_small_one_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    path = tmp_path / "data.csv"
    path.write_bytes(DRESSES[name])
    small = read_table(path)
    monkeypatch.setattr("gmm_desktop.data.readers.parsing._PIECE", 50_000)
    large = read_table(path)
    assert [column.name for column in large.columns] == [column.name for column in small.columns]
    assert large.messages == small.messages
    for one, other in zip(large.columns, small.columns, strict=True):
        assert (one.values is None) is (other.values is None)
        if one.values is not None and other.values is not None:
            np.testing.assert_array_equal(one.values, other.values)
    assert list(large.text_rows())[-3:] == list(small.text_rows())[-3:]


@pytest.mark.parametrize(
    ("content", "utf8"),
    [
        (b"1,2\n" * 3000, True),
        ("ä,ö\n".encode() * 3000, True),
        (b"1,2\n" * 3000 + b"1,\xff\n", False),
        (b"1,2\n" * 3000 + "ä".encode()[:1], False),
        (b"1," * 499 + "é".encode() * 3, True),
    ],
)
def test_utf8_is_seen_across_the_pieces(content: bytes, utf8: bool) -> None:
    assert is_utf8(content) is utf8


def test_it_tells_how_far_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gmm_desktop.data.readers.parsing._PIECE", 50_000)
    path = tmp_path / "data.csv"
    path.write_bytes(DRESSES["plain"])
    shares: list[float] = []
    read_table(path, tell=shares.append)
    assert len(shares) >= 4
    assert shares == sorted(shares)
    assert 0 <= shares[0] < 0.5 < shares[-1] <= 1


def test_it_ends_where_the_rest_is_not_wanted(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_bytes(DRESSES["plain"])
    shares: list[float] = []

    def tell(share: float) -> None:
        shares.append(share)
        if len(shares) == 3:
            raise GivenUpError

    with pytest.raises(GivenUpError):
        read_table(path, tell=tell)
    assert len(shares) == 3


def test_what_cannot_be_read_is_still_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gmm_desktop.data.readers.parsing._PIECE", 50_000)
    path = tmp_path / "data.csv"
    path.write_bytes(DRESSES["plain"] + b'"never closed\n')
    with pytest.raises(DataError, match=r"quotation mark"):
        read_table(path)


def test_it_can_be_given_up_while_it_is_only_looked_through(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gmm_desktop.data.readers.parsing._PIECE", 50_000)
    path = tmp_path / "data.csv"
    path.write_bytes(DRESSES["plain"])
    shares: list[float] = []

    def tell(share: float) -> None:
        shares.append(share)
        if len(shares) == 20:
            raise GivenUpError

    with pytest.raises(GivenUpError):
        read_table(path, tell=tell)
    assert set(shares) == {0.0}
