"""The lines of a text in UTF-8: line ends, comments, empty lines; in pieces, so that no other thread waits long."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

import numpy as np

from gmm_desktop.data.readers.dialect import COMMENT, LONGEST_LINE
from gmm_desktop.data.table import DataError, Tell, counted, say_nothing

#: A piece of this many bytes takes few milliseconds.
_PIECE = 1 << 22
#: So many pieces are turned at the same time.
_AT_ONCE = 16
_FEED, _RETURN, _PLUS = 10, 13, 43
_SIGNS = b'\t\r "#%'
_COMMENTS = re.compile(rb"\n" + COMMENT.encode() + rb"[^\n]*")
_BLANK = re.compile(rb"\n[ \t]+(?=\n|\Z)")
_SPACES_ALONE = re.compile(rb"\n +(?=\n|\Z)")
#: So many lines are named in a sentence.
_NAMED = 10


@dataclass(frozen=True)
class LeftOut:
    """Lines that are no rows.

    Attributes:
        count: how many.
        first: the numbers (from 1) of the first ones.
    """

    count: int = 0
    first: tuple[int, ...] = ()

    def __str__(self) -> str:
        numbers = ", ".join(str(number) for number in self.first) + (" ..." if self.count > len(self.first) else "")
        return f"{'line' if self.count == 1 else 'lines'} {numbers}"


def pieces(content: bytes, start: int = 0, size: int = 0) -> Iterator[tuple[int, int]]:
    """Where pieces of whole lines begin and end.

    Raises:
        DataError: a line is longer than LONGEST_LINE.
    """
    size = size or _PIECE
    while start < len(content):
        last = start + size
        end = len(content) if last >= len(content) else content.rfind(b"\n", start, last) + 1
        if not end:
            end = content.find(b"\n", last, start + max(LONGEST_LINE, size)) + 1 or len(content)
        yield start, end
        start = end


def check_lengths(content: bytes) -> None:
    """Whether all lines can be read.

    Raises:
        DataError: a line is longer than LONGEST_LINE.
    """
    start = 0
    while start + LONGEST_LINE < len(content):
        end = content.rfind(b"\n", start, start + LONGEST_LINE) + 1
        if not end:
            line = content.count(b"\n", 0, start) + 1
            raise DataError(
                f"Line {line} has more than {LONGEST_LINE // 1024**2} million characters, which no row of a table "
                "has; check that its lines end."
            )
        start = end


def signs_in(content: bytes) -> bytes:
    """Which of the characters occur that make a text more than numbers, delimiters and line feeds."""
    places = range(0, len(content), _PIECE)
    return bytes(sign for sign in _SIGNS if any(content.find(sign, first, first + _PIECE) >= 0 for first in places))


def bare_lines(content: bytes, tell: Tell = say_nothing) -> int | None:
    """The line feeds in a text of bare numbers: ASCII, nothing below "+" but line ends, each with a line feed.

    Most large tables are of that kind: letters, blanks and quotation marks stand at most in other ones. One look says
    so in a tenth of the time that the questions take which it answers: whether it is text, and whether there are
    comments, quotation marks, blanks or old line ends in it.

    Returns:
        How many, or None where it is not bare.

    Raises:
        GivenUpError: ``tell`` raised it.
    """
    if _bare_lines(content, 0) is None:
        return None
    total = 0
    with ThreadPoolExecutor(min(4, os.cpu_count() or 1)) as pool:
        places = range(0, len(content), _PIECE)
        for group in range(0, len(places), _AT_ONCE):
            tell(0.0)
            for found in pool.map(partial(_bare_lines, content), places[group : group + _AT_ONCE]):
                if found is None:
                    return None
                total += found
    return total


def _bare_lines(content: bytes, first: int) -> int | None:
    """As ``bare_lines``, of a piece."""
    last = min(first + _PIECE, len(content))
    # As signed numbers what is beyond ASCII is below "+" as well.
    piece = np.frombuffer(content, np.int8, last - first, first)
    feeds = np.count_nonzero(piece == _FEED)
    others = np.count_nonzero(piece < _PLUS) - feeds
    if others:
        following = np.frombuffer(content, np.int8, min(last + 1, len(content)) - first - 1, first + 1)
        returns = (piece[: len(following)] == _RETURN) & (following == _FEED)
        if np.count_nonzero(returns) != others:
            return None
    return int(feeds)


def count_lines(content: bytes, start: int) -> int:
    """The lines from a byte on, the last one with its end or without."""
    ends = sum(
        int(np.count_nonzero(np.frombuffer(content, np.uint8, min(_PIECE, len(content) - first), first) == 10))
        for first in range(start, len(content), _PIECE)
    )
    return ends + (start < len(content) and not content.endswith(b"\n"))


def with_plain_ends(content: bytes, signs: bytes, tell: Tell = say_nothing) -> bytes:
    """The same lines, ending with a line feed alone; ``signs`` are those in the text."""
    if b"\r" not in signs:
        return content
    written = io.BytesIO()
    with ThreadPoolExecutor(min(4, os.cpu_count() or 1)) as pool:
        places = range(0, len(content), _PIECE)
        for group in range(0, len(places), _AT_ONCE):
            tell(0.0)
            for piece in pool.map(partial(_plain_piece, content), places[group : group + _AT_ONCE]):
                written.write(piece)
    return written.getvalue()


def _plain_piece(content: bytes, first: int) -> bytes:
    """A piece of the text with plain line ends; half a line end at its end is left to the next piece."""
    last = min(first + _PIECE, len(content))
    last -= content[last - 1 : last + 1] == b"\r\n"
    piece = np.frombuffer(content, np.uint8, last - first, first)
    returns = piece == _RETURN
    places = np.flatnonzero(returns)
    if len(places) and (places[-1] + 1 == len(piece) or (piece[places + 1] != _FEED).any()):
        return piece.tobytes().replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    plain: bytes = piece[~returns].tobytes()
    return plain


def without_comments(
    content: bytes, signs: bytes, delimiter: str, first_line: int, tell: Tell
) -> tuple[bytes, LeftOut]:
    """The text, in which there are ``signs``, with comments and lines of blanks emptied.

    Returns:
        The text, and the comments from ``first_line`` (from 0) on.
    """
    commented = b"#" in signs or b"%" in signs
    if not commented and b" " not in signs and b"\t" not in signs:
        return content, LeftOut()
    written: io.BytesIO | None = None
    blank = _SPACES_ALONE if delimiter == "\t" else _BLANK
    line, count, numbers = 0, 0, list[int]()
    for first, last in pieces(content):
        tell(0.0)
        piece = b"\n" + content[first:last]
        changed = piece
        if commented:
            before = 0
            for match in _COMMENTS.finditer(piece):
                number = line + piece.count(b"\n", 0, match.start() + 1)
                if number > first_line and len(numbers) == _NAMED:
                    break
                before += number <= first_line
                numbers += [number] if number > first_line else []
            changed, found = _COMMENTS.subn(b"\n", piece)
            count += found - before
            line += piece.count(b"\n") - 1
        if b"\n " in changed or b"\n\t" in changed:
            changed = blank.sub(b"\n", changed)
        if changed is not piece and changed != piece and written is None:
            written = io.BytesIO()
            written.write(content[:first])
        if written is not None:
            written.write(changed[1:])
    return (content if written is None else written.getvalue()), LeftOut(count, tuple(numbers))


def empty_lines(content: bytes, start: int, comments: LeftOut, first_line: int) -> LeftOut:
    """Empty lines among the rows; comments, which were emptied, are none, as far as their numbers are known."""
    end = len(content)
    while end > start and content[end - 1] == 10:
        end -= 1
    count, numbers, line = 0, list[int](), first_line
    before = True
    for first in range(start, end, _PIECE):
        ends = np.frombuffer(content, np.uint8, min(_PIECE, end - first), first) == 10
        empty = ends.copy()
        empty[1:] &= ends[:-1]
        empty[0] &= before
        before = bool(ends[-1])
        count += int(np.count_nonzero(empty))
        if len(numbers) <= 2 * _NAMED and empty.any():
            numbers += (np.cumsum(ends)[np.flatnonzero(empty)[: 2 * _NAMED + 1]] + line).tolist()
        line += int(np.count_nonzero(ends))
    known = [number for number in comments.first if number <= line]
    others = [number for number in numbers if number not in known]
    count -= len(known) if comments.count == len(comments.first) else comments.count
    return LeftOut(max(count, 0), tuple(others[:_NAMED]))


def said_of_empty(left_out: LeftOut) -> list[str]:
    """The sentence about empty lines."""
    if not left_out.count:
        return []
    return [f"{counted(left_out.count, 'empty line')} among the rows left out: {left_out}."]


def said_of_comments(left_out: LeftOut) -> list[str]:
    """The sentence about comments among the rows."""
    if not left_out.count:
        return []
    return [f"{counted(left_out.count, 'line')} beginning with # or % among the rows left out: {left_out}."]
