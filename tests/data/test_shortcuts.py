"""Tables of bare numbers are read with shortcuts; what comes of it is what comes of the long way."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest

from gmm_desktop.data import DataError, GivenUpError, ReadOptions, Table, read_table
from gmm_desktop.data.readers import room
from gmm_desktop.data.readers import source as sources
from gmm_desktop.data.readers.lines import bare_lines
from gmm_desktop.data.readers.numbers import MISSING
from gmm_desktop.data.readers.parsing import parse
from gmm_desktop.data.readers.prepared import prepare
from gmm_desktop.data.table import say_nothing

_RNG = np.random.default_rng(1)
_NUMBERS = [
    f"{a!r},{b!r}" for a, b in (_RNG.normal(size=(3000, 2)) * 10.0 ** _RNG.integers(-300, 300, (3000, 2))).tolist()
]
_COMMAS = [line.replace(",", ";").replace(".", ",") for line in _NUMBERS]
_INTEGERS = [f"{a},{b}" for a, b in _RNG.integers(-(2**63), 2**63 - 1, (3000, 2)).tolist()]


def _text(lines: list[str], end: str = "\n", last: str = "\n") -> bytes:
    return (end.join(["x,y", *lines]) + last).encode()


def _with(lines: list[str], *more: str) -> list[str]:
    """Lines with others near the end, where no beginning shows them."""
    return [*lines[:-5], *more, *lines[-5:]]


FILES = {
    "numbers": _text(_NUMBERS),
    "integers, some beyond 2^53": _text(_INTEGERS),
    "integers beyond 2^64": _text(_with(_INTEGERS, "36893488147419103232,1", "-36893488147419103232,")),
    "integers, then a number": _text(_with(_INTEGERS, "1.5,2.5")),
    "no last line end": _text(_NUMBERS, last=""),
    "Windows": _text(_NUMBERS, "\r\n", "\r\n"),
    "Windows, no last line end": _text(_NUMBERS, "\r\n", ""),
    "Windows, half a last line end": _text(_NUMBERS, "\r\n", "\r"),
    "Windows, empty lines": _text(_with(_NUMBERS, "", "", "1,2", ""), "\r\n", "\r\n\r\n"),
    "Windows below plain": _text(_NUMBERS) + _text(_NUMBERS, "\r\n", "\r\n")[5:],
    "old Mac below Windows": _text(_NUMBERS, "\r\n", "\r\n") + b"1,2\r3,4\r",
    "a lone return": _text(_with(_NUMBERS, "1,2\r3,4")),
    "empty lines": _text(_with(_NUMBERS, "", "1,2", "", "")),
    "missing": _text(_with(_NUMBERS, ",", "1,", ",2", "-,?", ".,--")),
    "missing in words": _text(_with(_NUMBERS, "NA,1", "nan,-nan", "NULL,2", "N/A,None")),
    "infinite": _text(_with(_NUMBERS, "inf,-inf", "Infinity,1e999", "-1e-999,1")),
    "a marked number": _text(_with(_NUMBERS, "absent,1", "7777.0,2")),
    "a stray word": _text(_with(_NUMBERS, "1,oops")),
    "true and false": _text(["True,1", "False,0"] * 1500),
    "too long": _text(_with(_NUMBERS, "1,2,3")),
    "too short": _text(_with(_NUMBERS, "1")),
    "too long, Windows": _text(_with(_NUMBERS, "1,2,3"), "\r\n", "\r\n"),
    "too short, Windows": _text(_with(_NUMBERS, "1", ""), "\r\n", "\r\n"),
    "a stray word, Windows": _text(_with(_NUMBERS, "1,oops"), "\r\n", "\r\n"),
    "units, Windows": _text(["m,kg", *_NUMBERS], "\r\n", "\r\n"),
    "lines above, Windows": _text(_NUMBERS, "\r\n", "\r\n").replace(b"x,y", b"Measured\r\n\r\nx,y"),
    "zeros before": _text(_with(_INTEGERS, "007,1"), "\r\n", "\r\n"),
    "one column, Windows": _text(["1", "2.5"] * 1500, "\r\n", "\r\n").replace(b"x,y", b"x"),
    "semicolons and commas": _text(_COMMAS, "\r\n", "\r\n").replace(b"x,y", b"x;y"),
    "other digits": _text(_with(_NUMBERS, "\u0661,2")),
    "a zero": _text(_with(_NUMBERS, "1\0,2")),
}


@pytest.fixture(autouse=True)
def _large_is_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gmm_desktop.data.readers.lines._PIECE", 1001)
    monkeypatch.setattr("gmm_desktop.data.readers.parsing._PIECE", 20_000)
    monkeypatch.setattr("gmm_desktop.data.readers.parsing._BEGINNING", 2000)


def _read(path: Path) -> Table | str:
    try:
        return read_table(path, ReadOptions(missing=("absent", "7777")))
    except DataError as error:
        return str(error)


@pytest.mark.parametrize("name", FILES)
def test_the_short_way_leads_where_the_long_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    path = tmp_path / "data.csv"
    path.write_bytes(FILES[name])
    short = _read(path)
    monkeypatch.setattr("gmm_desktop.data.readers.prepared.bare_lines", lambda *_: None)
    monkeypatch.setattr("gmm_desktop.data.readers.parsing.MISSING", frozenset[str]())
    monkeypatch.setattr("gmm_desktop.data.readers.parsing._PIECE", 1 << 26)
    long = _read(path)
    if isinstance(short, str) or isinstance(long, str):
        assert short == long
        return
    assert (short.messages, short.rows, short.layout) == (long.messages, long.rows, long.layout)
    assert short.suspects == long.suspects
    for one, other in zip(short.columns, long.columns, strict=True):
        assert (one.name, one.stray, one.unit) == (other.name, other.stray, other.unit)
        assert (one.values is None) is (other.values is None)
        if one.values is not None and other.values is not None:
            np.testing.assert_array_equal(one.values.view(np.int64), other.values.view(np.int64))
    assert list(short.text_rows()) == list(long.text_rows())


@pytest.mark.parametrize("name", ["missing", "missing in words"])
def test_the_parser_itself_finds_marks_of_missing_values_far_down(name: str) -> None:
    parsed = parse(prepare(FILES[name], ReadOptions()), MISSING, say_nothing)
    assert [None if column is None else int(np.isnan(column).sum()) for column in parsed.columns] == {
        "missing": [4, 4],
        "missing in words": [4, 2],
    }[name]


@pytest.mark.parametrize(
    ("content", "lines"),
    [
        (b"1,2\n3,4", 1),
        (b"1,2\r\n3,4\r\n", 2),
        (b"1,2\r\n3,4\n" * 900, 1800),
        (b"1,2\r\n" * 900 + b"1,2\r", None),
        (b"1,2\n" * 900 + b"1,2\r3,4\n", None),
        (b"1,2\n" * 900 + b"1, 2\n", None),
        (b'1,2\n"1",2\n', None),
        (b"1,2\n" * 900 + "é,2\n".encode(), None),
        (b"1,2\n" * 900 + b"1\0,2\n", None),
        (b"1,2\n" * 900 + b"1\t2\n", None),
        (b"1,2\n" * 900 + b"#1,2\n", None),
    ],
)
@pytest.mark.parametrize("piece", [7, 1000, 1001, 1 << 20])
def test_bare_numbers_are_told_wherever_they_are_cut(
    monkeypatch: pytest.MonkeyPatch, content: bytes, lines: int | None, piece: int
) -> None:
    monkeypatch.setattr("gmm_desktop.data.readers.lines._PIECE", piece)
    assert bare_lines(content) == lines


@pytest.fixture
def _read_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "_LARGE", 1)
    monkeypatch.setattr(room, "_PIECE", 999)


@pytest.mark.usefixtures("_read_in_pieces")
@pytest.mark.parametrize("size", [1, 998, 999, 1000, 1998, 100_000])
def test_what_is_read_by_several_is_the_file(tmp_path: Path, size: int) -> None:
    path = tmp_path / "data.bin"
    content = _RNG.bytes(size)
    path.write_bytes(content)
    with path.open("rb", 64) as stream:
        assert stream.peek(10)[:10] == content[:10]
        assert room.read_exactly(stream, size) == content
        assert stream.read() == b""
        stream.seek(size // 3)
        assert room.read_exactly(stream, size // 3) == content[size // 3 : size // 3 * 2]
        assert stream.read() == content[size // 3 * 2 :]
        stream.seek(0)
        assert room.read_exactly(stream, size + 5000) == content


@pytest.mark.usefixtures("_read_in_pieces")
def test_the_reading_of_many_bytes_can_be_given_up(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_bytes(FILES["numbers"])

    def tell(_: float) -> None:
        raise GivenUpError

    with path.open("rb") as stream, pytest.raises(GivenUpError):
        room.read_exactly(stream, path.stat().st_size, tell)


@pytest.mark.usefixtures("_read_in_pieces")
def test_a_file_that_becomes_shorter_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "data.csv"
    path.write_bytes(FILES["numbers"])
    monkeypatch.setattr(sources, "_expected", lambda *_: path.stat().st_size + 77)
    with pytest.raises(DataError, match="became 77 bytes shorter while it was read"):
        read_table(path)


def test_a_late_hash_is_that_of_what_was_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gmm_desktop.data.digest._FEW", 1)
    path = tmp_path / "data.csv"
    path.write_bytes(FILES["numbers"])
    for options in (ReadOptions(), ReadOptions(rows=10)):  # of a preview it is made when it is asked for
        table = read_table(path, options)
        path.write_bytes(FILES["integers, some beyond 2^53"])
        assert table.sha256 == hashlib.sha256(FILES["numbers"]).hexdigest()
        path.write_bytes(FILES["numbers"])
