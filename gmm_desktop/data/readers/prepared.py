"""A file of text made ready for a parser: in UTF-8, with plain line ends, without comments, its layout known."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from gmm_desktop.data.readers.dialect import LONGEST_LINE, NO_DELIMITER, Dialect, detect, split
from gmm_desktop.data.readers.encoding import decode
from gmm_desktop.data.readers.lines import (
    LeftOut,
    bare_lines,
    check_lengths,
    said_of_comments,
    signs_in,
    with_plain_ends,
    without_comments,
)
from gmm_desktop.data.table import GivenUpError, ReadOptions, Tell, say_nothing

#: A layout shows in so many bytes, if they hold two lines.
_BEGINNING = 1 << 18


class Stretch:
    """A stretch of a text, for pandas to read from.

    It is no stream of the standard library, since pandas decodes what those give and encodes it again.

    Attributes:
        last: the byte behind it.
        unwanted: set by another thread to end the reading.
    """

    def __init__(self, content: bytes, first: int, last: int, tell: Tell = say_nothing) -> None:
        self._content, self._first, self._place, self.last = content, first, first, last
        self._tell, self.unwanted = tell, False

    @property
    def done(self) -> int:
        """How many bytes have been read."""
        return self._place - self._first

    def from_its_beginning(self) -> Stretch:
        """The same, to be read again."""
        self._place = self._first
        return self

    def read(self, size: int = -1) -> bytes:
        """The next bytes, none at its end."""
        if self.unwanted:
            raise GivenUpError
        self._tell(self._place / max(self.last, 1))
        first = self._place
        self._place = self.last if size < 0 else min(first + size, self.last)
        return self._content[first : self._place]

    def __iter__(self) -> Iterator[bytes]:
        """Asked for by pandas, which then reads and does not iterate."""
        return iter(self.read, b"")


@dataclass(frozen=True, eq=False)
class Prepared:
    """A file's text, in UTF-8 with plain line ends and without comments, and its layout.

    Attributes:
        content: the bytes.
        dialect: how they are laid out.
        encoding: of the file.
        comments: the lines among the rows that were comments.
        quotes: whether there are quotation marks.
        messages: plain sentences.
        doubts: those of them about what was not sure.
        line_feeds: how many, where it is known that there are only bare numbers; lines may end as on Windows then.
    """

    content: bytes
    dialect: Dialect
    encoding: str
    comments: LeftOut
    quotes: bool
    messages: tuple[str, ...]
    doubts: tuple[str, ...]
    line_feeds: int | None = None

    @property
    def start(self) -> int:
        """The byte where the rows begin."""
        start = 0
        for _ in range(self.dialect.first_line):
            start = self.content.index(b"\n", start) + 1
        return start

    def raw_rows(self) -> Iterator[list[str]]:
        """The cells of each row, ragged ones as they are."""
        stream = io.BytesIO(self.content)
        stream.seek(self.start)
        lines = io.TextIOWrapper(stream, encoding="utf-8", errors="replace", newline="\n")
        return (row for row in split(lines, self.dialect.delimiter) if row)

    def even_rows(self) -> Iterator[list[str]]:
        """The cells of each row, as many as there are columns."""
        width = self.dialect.width
        return (row if len(row) == width else (row + [""] * width)[:width] for row in self.raw_rows())

    def cells(self, column: int, rows: NDArray[np.intp]) -> Sequence[str]:
        """The cells of a column in some rows, which ascend."""
        wanted = iter(rows.tolist())
        next_one = next(wanted, None)
        found = []
        for number, row in enumerate(self.even_rows()):
            if number == next_one:
                found.append(row[column])
                next_one = next(wanted, None)
            if next_one is None:
                break
        return found

    def first_rows(self, count: int) -> list[list[str]]:
        """The cells of the first rows."""
        return list(islice(self.even_rows(), count))

    def layout(self, options: ReadOptions) -> ReadOptions:
        """What was decided, completed by what was found, but for what groups digits."""
        delimiter = self.dialect.delimiter
        return replace(
            options,
            delimiter="" if delimiter == NO_DELIMITER else delimiter,
            decimal=self.dialect.decimal,
            header=self.dialect.header,
            units=bool(self.dialect.units),
            skip=self.dialect.skip,
            encoding=options.encoding or self.encoding,
        )


def prepare(content: bytes, options: ReadOptions, tell: Tell = say_nothing, *, end: int | None = None) -> Prepared:
    """The text of a file and its layout.

    Args:
        content: the bytes of the file.
        options: what a person has decided already.
        tell: told 0, now and then.
        end: where to cut them, and to leave out the last line, which may not be whole; None to take all.

    Raises:
        GivenUpError: ``tell`` raised it.
        DataError: the bytes are no text, or hold no rows.
    """
    beginning, whole = (content, None) if end is None else (content[:end], content)
    line_feeds = bare_lines(content, tell) if end is None else None
    decoded = decode(beginning, options.encoding, whole=whole, bare=line_feeds is not None, tell=tell)
    plain, encoding, doubts = decoded.content, decoded.encoding, decoded.doubts
    if plain is not content:
        line_feeds = None
    del beginning, decoded  # of a large file two copies are enough
    signs = signs_in(plain) if line_feeds is None else b""
    plain = with_plain_ends(plain, signs, tell)
    if plain.endswith(b"\x1a"):  # as DOS ended its files
        plain = plain.rstrip(b"\x1a")
    if end is not None:
        plain = plain[: plain.rfind(b"\n") + 1] or plain
    check_lengths(plain)
    dialect = detect(_first_lines(plain, options.skip or 0), options)
    plain, comments = without_comments(plain, signs, dialect.delimiter, dialect.first_line, tell)
    return Prepared(
        plain,
        dialect,
        encoding,
        comments,
        b'"' in signs,
        (*doubts, *dialect.messages, *said_of_comments(comments)),
        (*doubts, *dialect.doubts),
        line_feeds,
    )


def _first_lines(content: bytes, skip: int) -> list[str]:
    """Whole lines from the beginning: some beyond those that are left out."""
    start = 0
    for _ in range(max(skip, 0)):
        start = content.find(b"\n", start) + 1
        if not start:
            return []
    end = start + _BEGINNING
    if end < len(content):
        last = content.rfind(b"\n", start, end)
        if last < 0 or content.count(b"\n", start, last) < 1:  # very long lines: two of them
            last = content.find(b"\n", content.find(b"\n", start) + 1, start + 2 * LONGEST_LINE)
        end = last + 1 if last >= 0 else len(content)
    lines = content[:end].decode(errors="replace").replace("\r\n", "\n").split("\n")
    return lines[:-1] if end < len(content) or not lines[-1] else lines
