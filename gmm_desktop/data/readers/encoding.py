"""Bytes to text: UTF-8, UTF-16, UTF-32, Windows-1252."""

from __future__ import annotations

import codecs

from gmm_desktop.data.table import DataError, Tell, say_nothing

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
#: The first bytes of files that are no text, whatever their name says.
_OTHER_FORMATS = (
    (b"PK\x03\x04", "a workbook or an archive"),
    (b"\x1f\x8b", "a compressed file"),
    (b"BZh", "a compressed file"),
    (b"\xfd7zXZ", "a compressed file"),
    (b"\x89HDF", "an HDF5 file"),
    (b"PAR1", "a Parquet file"),
    (b"\xd0\xcf\x11\xe0", "an old workbook"),
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a picture"),
    (b"\x93NUMPY", "a numpy array (name it .npy)"),
)
ADVICE = "save it as CSV (text) and open that"


# A piece of this many bytes takes few milliseconds, in which no other thread runs.
_PIECE = 1 << 22


def is_plain(content: bytes, tell: Tell = say_nothing) -> bool:
    """Whether the bytes are UTF-8 with nothing in them that would have to be changed before a parser sees them:
    no mark, no carriage return, comment sign, zero, or blank at the beginning of a line.

    Looked at in pieces; before each ``tell`` is told that nothing is read yet.
    """
    if content.startswith(
        (*(mark for mark, _ in _BYTE_ORDER_MARKS), *(sign for sign, _ in _OTHER_FORMATS), b" ", b"\t")
    ):
        return False
    decoder = codecs.getincrementaldecoder("utf-8")()
    for first in range(0, len(content), _PIECE):
        tell(0.0)
        # One byte more, so that no pair of bytes falls between two pieces.
        piece = content[first : first + _PIECE + 1]
        if any(sign in piece for sign in (b"\r", b"#", b"%", b"\0", b"\n ", b"\n\t")):
            return False
        try:
            decoder.decode(piece[:_PIECE], final=first + _PIECE >= len(content))
        except UnicodeDecodeError:
            return False
    return True


def decode(content: bytes, encoding: str | None = None) -> tuple[str, str, list[str]]:
    """The text of a file: UTF-8, UTF-16, UTF-32, and where it is neither, Windows-1252.

    Returns:
        The text, the codec's name, and sentences about a guess.

    Raises:
        DataError: it is no text.
    """
    for signature, kind in _OTHER_FORMATS:
        if content.startswith(signature):
            raise DataError(f"This is {kind}, not text; {ADVICE}.")
    encoding = encoding or next((codec for mark, codec in _BYTE_ORDER_MARKS if content.startswith(mark)), None)
    encoding = encoding or _utf16_without_mark(content)
    messages: list[str] = []
    for codec in (encoding,) if encoding else ("utf-8", "cp1252", "latin-1"):
        try:
            text = content.decode(codec)
        except (UnicodeError, LookupError):
            continue
        if codec in ("cp1252", "latin-1"):
            messages.append("The text is not UTF-8 and was read as Windows-1252; check letters with accents.")
        if "\0" in text or sum(text[:4096].count(chr(c)) for c in range(32) if c not in (9, 10, 12, 13, 26, 31)) > 8:
            raise DataError(f"This is binary data, not text; {ADVICE}.")
        return text, codec, messages
    raise DataError(f"The text is not {encoding}, although it begins so; {ADVICE}, in UTF-8.")


def _utf16_without_mark(content: bytes) -> str | None:
    """UTF-16 of plain text has a zero in every second byte."""
    beginning = content[:512]
    pairs = len(beginning) // 2
    if not pairs or len(content) % 2:
        return None
    if beginning[1::2].count(0) > 0.8 * pairs and beginning[::2].count(0) == 0:
        return "utf-16-le"
    if beginning[::2].count(0) > 0.8 * pairs and beginning[1::2].count(0) == 0:
        return "utf-16-be"
    return None
