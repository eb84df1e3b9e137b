"""Files changed at random: whatever becomes of them, they are read or refused with one sentence.

A test that has files of another kind hands a function that makes them to ``survive``.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import numpy as np

from gmm_desktop.data import DataError, Table, read_source
from gmm_desktop.data.readers.source import source_of_bytes

Corpus = Callable[[], list[tuple[str, bytes]]]
"""Makes good files: their names, whose suffix says how they are read, and their bytes."""
Judge = Callable[[str, bytes, Table], None]
"""Asserts what holds of a table that was read."""

#: In seconds: a bad file is refused within this time.
LONGEST = 10.0
_TOKENS = (
    *(b'"', b"'", b",", b";", b"\t", b"|", b" ", b"\n", b"\r", b"\r\n", b"\n\n", b"#", b"%", b".", b"-", b"+", b"e"),
    *(b"\0", b"\xff", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\x80", b"\xef\xbb\xbf", b"\xff\xfe", b"\x1f\x8b"),
    *(b"1e400", b"1e-400", b"-999", b"nan", b"inf", b"0x10", b"9007199254740993", b"1,234,5", b"00", b'"",', b"True"),
    *("½".encode(), "١".encode(), "\u202e".encode(), b"<img src=x>"),
)


def changed(content: bytes, rng: np.random.Generator) -> bytes:
    """The bytes with one to four random changes."""
    result = bytearray(content)
    for _ in range(int(rng.integers(1, 5))):
        first = int(rng.integers(0, len(result) + 1))
        last = min(first + int(rng.integers(1, 9)), len(result))
        match int(rng.integers(0, 8)):
            case 0 | 1:
                result[first:last] = rng.bytes(last - first)
            case 2:
                if first < len(result):
                    result[first] ^= 1 << int(rng.integers(0, 8))
            case 3:
                del result[first:last]
            case 4 | 5:
                token = _TOKENS[int(rng.integers(0, len(_TOKENS)))]
                result[first : first + len(token) * int(rng.integers(0, 2))] = token
            case 6:
                other = int(rng.integers(0, len(result) + 1))
                result[first:first] = result[other : other + int(rng.integers(1, 40))]
            case _:
                if rng.random() < 0.2:
                    del result[first:]
    return bytes(result)


def mutations(corpus: Corpus, count: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """So many changed files, spread over the corpus."""
    files = corpus()
    rng = np.random.default_rng(seed)
    for i in range(count):
        name, content = files[i % len(files)]
        yield name, changed(content, rng)


def survive(corpus: Corpus, count: int, seed: int = 0, judge: Judge | None = None) -> int:
    """Reads changed files; fails on whatever is neither a table nor a sentence.

    Returns:
        How many of them could be read.
    """
    read = 0
    for name, content in mutations(corpus, count, seed):
        began = time.monotonic()
        try:
            table = read_source(source_of_bytes(content, name))
        except DataError as refusal:
            check_sentence(str(refusal), content)
        except BaseException as error:
            error.add_note(f"{name}: {content!r}")
            raise
        else:
            read += 1
            try:
                check_table(table)
                if judge is not None:
                    judge(name, content, table)
            except BaseException as error:
                error.add_note(f"{name}: {content!r}")
                raise
        assert time.monotonic() - began < LONGEST, (name, content)
    return read


def check_sentence(sentence: str, content: bytes = b"") -> None:
    """Whether it is one that a person can be shown."""
    assert sentence.endswith("."), (sentence, content)
    assert sentence.isprintable(), (sentence, content)
    assert len(sentence) < 600, (sentence, content)
    assert "Traceback" not in sentence
    assert "Error)" not in sentence, f"an exception that nobody foresaw: {sentence} of {content!r}"


def check_table(table: Table) -> None:
    """Whether it holds together."""
    for column in table.columns:
        if column.values is not None:
            assert column.values.shape == (table.rows,)
            assert column.values.dtype == np.float64
            assert not column.values.flags.writeable
    assert len({column.name for column in table.columns}) == len(table.columns)
    assert set(table.doubts) <= set(table.messages)
    for message in table.messages:
        check_sentence(message)
    width = len(table.columns)
    rows = list(table.text_rows())
    assert len(rows) == table.rows
    assert all(len(row) == width for row in rows)
