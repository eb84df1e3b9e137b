"""Zip archives that nobody trusts: looked at before anything is unpacked, and counted while it is."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from gmm_desktop.data.readers.limits import MEGABYTE, check
from gmm_desktop.data.table import DataError, quoted

MAGIC = b"PK\x03\x04"
_MOST_ENTRIES = 10_000
_PIECE = MEGABYTE
_ENCRYPTED = 1
#: Length of an entry's own header without its name, and where the lengths of its name and its extra field stand.
_HEADER, _LENGTHS = 30, 26
_LAST_RECORD, _LAST_RECORD_SIZE, _LONGEST_COMMENT = b"PK\x05\x06", 22, 65535
_COPY_AGAIN = "copy it once more, or unpack it and open what is in it"


@dataclass(frozen=True)
class Entry:
    """One file in an archive: its name, sizes in bytes, where its packed bytes begin, and its checksum."""

    name: str
    size: int
    packed: int
    start: int
    stored: bool
    checksum: int


def entries(content: bytes, name: str) -> list[Entry]:
    """What an archive says that it holds, folders left out.

    Args:
        content: of the archive.
        name: of the archive, for the sentences.

    Raises:
        DataError: it is damaged, locked, packed in an unusual way, or forged: entries that overlap, or too many.
    """
    _check_count(content, name)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir()]
    except Exception as error:  # zipfile throws an IndexError at an entry without a name, and many others
        raise DataError(f"{quoted(name)} is damaged: its table of contents cannot be read; {_COPY_AGAIN}.") from error
    found = [_entry(content, info, name) for info in infos]
    end = 0
    for entry in sorted(found, key=lambda entry: entry.start):
        if entry.start < end or entry.start + entry.packed > len(content):
            raise DataError(f"{quoted(name)} is damaged or forged: parts of it overlap; {_COPY_AGAIN}.")
        end = entry.start + entry.packed
    return found


def _check_count(content: bytes, name: str) -> None:
    """An archive of a million names is refused before the names are read."""
    at = content.rfind(_LAST_RECORD, max(0, len(content) - _LAST_RECORD_SIZE - _LONGEST_COMMENT))
    if at < 0 or at + _LAST_RECORD_SIZE > len(content):
        raise DataError(
            f"{quoted(name)} is a workbook or another zip archive, but cut off: its end is missing; {_COPY_AGAIN}."
        )
    count, size = struct.unpack_from("<HL", content, at + 10)
    if count > _MOST_ENTRIES or (size > 300 * _MOST_ENTRIES and content.count(b"PK\x01\x02") > _MOST_ENTRIES):
        raise DataError(f"{quoted(name)} holds more than {_MOST_ENTRIES} files; unpack it and open one of them.")


def _entry(content: bytes, info: zipfile.ZipInfo, name: str) -> Entry:
    if info.flag_bits & _ENCRYPTED:
        raise DataError(f"{quoted(name)} is locked with a password; unpack it and open what is in it.")
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise DataError(f"{quoted(name)} is packed in an unusual way; unpack it and open what is in it.")
    at = info.header_offset
    if at < 0 or at + _HEADER > len(content) or content[at : at + 4] != MAGIC:
        raise DataError(f"{quoted(name)} is damaged: {quoted(info.filename)} is not where it should be; {_COPY_AGAIN}.")
    start = at + _HEADER + sum(struct.unpack_from("<HH", content, at + _LENGTHS))
    stored = info.compress_type == zipfile.ZIP_STORED
    return Entry(info.filename, info.file_size, info.compress_size, start, stored, info.CRC)


def pieces(content: bytes, entry: Entry, name: str) -> Iterator[bytes]:
    """The bytes of an entry, unpacked piece by piece; as many as it says, not one more.

    Raises:
        DataError: it holds more or fewer, or others.
    """
    view = memoryview(content)[entry.start : entry.start + entry.packed]
    unpacked, checksum = 0, 0
    for piece in _stored(view) if entry.stored else _inflated(view, entry, name):
        unpacked += len(piece)
        if unpacked > entry.size:
            break
        checksum = zlib.crc32(piece, checksum)
        yield piece
    if unpacked != entry.size or checksum != entry.checksum:
        raise DataError(f"{quoted(entry.name)} in {quoted(name)} is damaged or forged; {_COPY_AGAIN}.")


def _stored(view: memoryview) -> Iterator[bytes]:
    for first in range(0, len(view), _PIECE):
        yield bytes(view[first : first + _PIECE])


def _inflated(view: memoryview, entry: Entry, name: str) -> Iterator[bytes]:
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for first in range(0, len(view), _PIECE):
            packed: bytes | memoryview = view[first : first + _PIECE]
            while packed and not inflater.eof:
                yield inflater.decompress(packed, _PIECE)
                packed = inflater.unconsumed_tail
        while not inflater.eof:
            rest = inflater.decompress(b"", _PIECE)
            if not rest:
                break
            yield rest
    except zlib.error as error:
        raise DataError(f"{quoted(entry.name)} in {quoted(name)} is damaged; {_COPY_AGAIN}.") from error


def unpacked(content: bytes, entry: Entry, name: str, limit: int) -> bytes:
    """All bytes of an entry.

    Raises:
        DataError: it claims more than ``limit`` bytes, or is damaged.
    """
    check(entry.size, limit, name, quoted(entry.name))
    whole = bytearray()
    for piece in pieces(content, entry, name):
        whole += piece
    return bytes(whole)
