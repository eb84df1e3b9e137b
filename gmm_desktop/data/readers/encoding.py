"""Bytes to text: UTF-8, UTF-16, UTF-32, Windows-1252; turned into UTF-8 piece by piece."""

from __future__ import annotations

import codecs
import io
from dataclasses import dataclass

from gmm_desktop.data.readers.foreign import foreign
from gmm_desktop.data.table import DataError, Tell, quoted, say_nothing

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
ADVICE = "save it as CSV (text) and open that"
_AFTER_A_GUESS = "check letters with accents, and choose another encoding if they are wrong"
#: A piece of this many bytes takes few milliseconds, in which no other thread runs.
_PIECE = 1 << 22
_BEGINNING = 1 << 16
#: Of a file of which only the beginning is read, so much says whether it is UTF-8.
_JUDGED = 1 << 26
#: Control characters that no text holds; tabs, line ends, form feeds, and the marks of old systems are none.
_NO_TEXT = bytes(set(range(32)) - {9, 10, 12, 13, 26, 28, 29, 30, 31})


@dataclass(frozen=True, eq=False)
class Decoded:
    """The text of a file.

    Attributes:
        content: in UTF-8, without a byte order mark.
        encoding: the codec that the file was read with.
        doubts: sentences about a guess.
    """

    content: bytes
    encoding: str
    doubts: tuple[str, ...] = ()


def decode(
    content: bytes,
    encoding: str | None = None,
    *,
    whole: bytes | None = None,
    bare: bool = False,
    tell: Tell = say_nothing,
) -> Decoded:
    """The text of a file: UTF-8, UTF-16, UTF-32, and where it is neither, Windows-1252.

    Args:
        content: the bytes.
        encoding: a codec's name that a person chose; None means: find out.
        whole: the whole file, where ``content`` is only its beginning, which may end within a letter.
        bare: whether ``content`` is known to be ASCII without control characters but line ends.
        tell: told 0, now and then, before much more time has passed.

    Raises:
        GivenUpError: ``tell`` raised it.
        DataError: it is no text, or none of that encoding.
    """
    cut = whole is not None
    if kind := foreign(content):
        raise DataError(f"This is {kind}, not a table of text; {ADVICE}.")
    if bare and (encoding or "utf-8") == "utf-8":
        return Decoded(content, "utf-8")
    if encoding:
        return _as_chosen(content, encoding, cut, tell)
    marked = next((codec for mark, codec in _BYTE_ORDER_MARKS if content.startswith(mark)), None)
    marked = marked or _utf16_without_mark(content)
    if marked and marked != "utf-8-sig":
        text = _transcoded(content, marked, cut, tell)
        if text is None:
            raise DataError(f"The text is not {marked}, although it begins so; {ADVICE}, in UTF-8.")
        return Decoded(_checked(text), marked)
    _checked(content)
    if is_utf8(content if whole is None else whole[:_JUDGED], cut, tell):
        return Decoded(content.removeprefix(codecs.BOM_UTF8), marked or "utf-8")
    for codec, name in (("cp1252", "Windows-1252"), ("latin-1", "Latin-1")):
        text = _transcoded(content, codec, cut, tell)
        if text is not None:
            return Decoded(text, codec, (f"The text is not UTF-8 and was read as {name}; {_AFTER_A_GUESS}.",))
    raise AssertionError("Latin-1 reads any bytes")


def is_utf8(content: bytes, cut: bool = False, tell: Tell = say_nothing) -> bool:
    """Whether the bytes are UTF-8; looked at in pieces."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for first in range(0, len(content), _PIECE):
            tell(0.0)
            piece = content[first : first + _PIECE]
            if not piece.isascii() or decoder.getstate()[0]:
                decoder.decode(piece)
        decoder.decode(b"", final=not cut)
    except UnicodeDecodeError:
        return False
    return True


def _as_chosen(content: bytes, encoding: str, cut: bool, tell: Tell) -> Decoded:
    try:
        codec = codecs.lookup(encoding)
        "".encode(encoding)  # some codecs turn bytes into bytes, and are no encodings of text
    except (LookupError, ValueError):
        raise DataError(f"There is no encoding {quoted(encoding)}; choose utf-8, utf-16 or cp1252.") from None
    if codec.name == "utf-8" and is_utf8(content, cut, tell):
        return Decoded(_checked(content.removeprefix(codecs.BOM_UTF8)), encoding)
    text = _transcoded(content, encoding, cut, tell)
    if text is None:
        raise DataError(f"The text is not {encoding}; choose another encoding, or let it be found out.")
    return Decoded(_checked(text), encoding)


def _transcoded(content: bytes, codec: str, cut: bool, tell: Tell) -> bytes | None:
    """The text in UTF-8, or None where the bytes are none of that codec."""
    written = io.BytesIO()
    try:
        decoder = codecs.getincrementaldecoder(codec)()
        for first in range(0, len(content), _PIECE):
            tell(0.0)
            last = first + _PIECE >= len(content)
            piece = decoder.decode(content[first : first + _PIECE], last and not cut)
            written.write((piece if first else piece.removeprefix("\ufeff")).encode())
    except (UnicodeError, LookupError):
        return None
    return written.getvalue()


def _checked(content: bytes) -> bytes:
    """The same bytes.

    Raises:
        DataError: they look like those of a machine.
    """
    beginning = content[:_BEGINNING]
    strange = len(beginning) - len(beginning.translate(None, _NO_TEXT))
    zero = b"\0" in beginning or any(
        content.find(b"\0", first, first + _PIECE) >= 0 for first in range(_BEGINNING, len(content), _PIECE)
    )
    if zero or strange > 8:
        raise DataError(f"This is binary data, not text; {ADVICE}.")
    return content


def _utf16_without_mark(content: bytes) -> str | None:
    """UTF-16 of plain text has a zero in every second byte."""
    beginning = content[:512]
    pairs = len(beginning) // 2
    if not pairs:
        return None
    if beginning[1::2].count(0) > 0.8 * pairs and beginning[::2].count(0) == 0:
        return "utf-16-le"
    if beginning[::2].count(0) > 0.8 * pairs and beginning[1::2].count(0) == 0:
        return "utf-16-be"
    return None
