"""Films as animated WebP, without loss but for the shared palette, which makes them a third as large and as slow.

The container is that of https://developers.google.com/speed/webp/docs/riff_container. Pillow encodes one frame at a
time: its own writer of animations keeps every frame until the last has come, and the interpreter's lock with them.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator, Sequence

import numpy as np

from gmm_desktop.export.film import Film, Picture
from gmm_desktop.export.film_palette import SharedPalette, changes

_ANIMATION_WITH_ALPHA = 0x12
_HEADER = 12  # bytes of a file before its first chunk
_EFFORT, _QUALITY = 1, 30  # more makes the files two per cent smaller, and takes twice as long


def webp(film: Film, samples: Sequence[Picture], pictures: Iterator[Picture]) -> Iterator[bytes]:
    """A WebP file that loops for ever. Its beginning says how long it is, so that all of it is there at the end."""
    from PIL import Image

    palette = SharedPalette(film, samples)
    colours = np.zeros((256, 4), dtype=np.uint8)
    colours[:-1] = np.insert(palette.colours, 3, 255, axis=1)
    canvas = struct.pack("<I", _ANIMATION_WITH_ALPHA) + _three_bytes(film.width - 1, film.height - 1)
    for_ever = struct.pack("<IH", 0, 0)
    chunks = [_chunk(b"VP8X", canvas), _chunk(b"ANIM", for_ever)]
    boxes = changes(palette.indices(picture) for picture in pictures)
    for duration, (left, top, indices) in zip(film.durations(1), boxes, strict=True):
        file = io.BytesIO()
        image = Image.fromarray(colours[indices])
        image.save(file, "WEBP", lossless=True, method=_EFFORT, quality=_QUALITY)
        height, width = indices.shape
        place = _three_bytes(left // 2, top // 2, width - 1, height - 1, duration) + bytes(1)
        chunks.append(_chunk(b"ANMF", place + file.getvalue()[_HEADER:]))
    body = b"WEBP" + b"".join(chunks)
    yield _chunk(b"RIFF", body)


def _chunk(name: bytes, content: bytes) -> bytes:
    return name + struct.pack("<I", len(content)) + content + bytes(len(content) % 2)


def _three_bytes(*numbers: int) -> bytes:
    return b"".join(number.to_bytes(3, "little") for number in numbers)
