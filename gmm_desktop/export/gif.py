"""Films as animated GIF."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence

from gmm_desktop.export.film import Film, Picture
from gmm_desktop.export.film_palette import TRANSPARENT, SharedPalette, changes

_UNIT = 10  # milliseconds
_LEAST = 2  # browsers show a frame of 1 unit for 10
_LOOP_FOR_EVER = b"!\xff\x0bNETSCAPE2.0\x03\x01\x00\x00\x00"
_GLOBAL_TABLE_OF_256 = 0xF7
_LEAVE_IN_PLACE = 1


def gif(film: Film, samples: Sequence[Picture], pictures: Iterator[Picture]) -> Iterator[bytes]:
    """The pieces of a GIF file that loops for ever, each made when its frame comes.

    Pillow's own writer keeps every frame until the last has come; here it compresses one at a time.
    """
    from PIL import Image
    from PIL.GifImagePlugin import getdata

    palette = SharedPalette(film, samples)
    screen = struct.pack("<6sHHBBB", b"GIF89a", film.width, film.height, _GLOBAL_TABLE_OF_256, 0, 0)
    yield screen + palette.colours.tobytes() + bytes(3) + _LOOP_FOR_EVER
    boxes = changes(palette.indices(picture) for picture in pictures)
    for duration, (left, top, indices) in zip(film.durations(_UNIT, _LEAST), boxes, strict=True):
        height, width = indices.shape
        image = Image.frombytes("L", (width, height), indices.tobytes())
        yield b"".join(
            getdata(
                image,
                (left, top),
                duration=duration * _UNIT,
                transparency=TRANSPARENT,
                disposal=_LEAVE_IN_PLACE,
            )
        )
    yield b";"
