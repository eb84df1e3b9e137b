"""One palette for all frames of a film, and what changes from one frame to the next.

Both make films small: a frame keeps only the box that has changed, and in that the rest is transparent.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gmm_desktop.export.film import Film, Picture, image_of

if TYPE_CHECKING:
    from PIL import Image

TRANSPARENT = 255
"""The index that no colour has."""

_APART = 9
"""Levels of a channel by which the other colours keep away from those that are to be exact: Pillow takes what is
nearest to the lower corner of a cell of 4 x 4 x 4, from which the exact one may be sqrt(27) away."""

_AREA = 5e-4  # of all pixels
_MOST_AREAS = 80
_ENOUGH = 1e6  # pixels of a sample that are looked at

Indices = NDArray[np.uint8]


class SharedPalette:
    """At most 255 colours that serve every frame: those of the theme and of areas exactly, and what edges need besides.

    Attributes:
        colours: (255, 3) red, green and blue.
    """

    def __init__(self, film: Film, samples: Sequence[Picture]) -> None:
        from PIL import Image

        self._film = film
        every = math.ceil(math.sqrt(film.width * film.height / _ENOUGH))
        width, height = film.width // every, film.height // every
        montage = Image.new("RGB", (width, height * len(samples)))
        for row, sample in enumerate(samples):
            fewer = image_of(film, sample).resize((width, height), Image.Resampling.NEAREST)
            montage.paste(fewer, (0, row * height))
        exact: list[tuple[int, ...]] = list(film.colours)
        for colour in _areas(montage)[:_MOST_AREAS]:
            if _far_from(exact, colour):
                exact.append(colour)
        # Of Pillow's methods the one with the smallest largest error: 13 levels, where median cut has 80.
        others = montage.quantize(TRANSPARENT - len(exact), method=Image.Quantize.MAXCOVERAGE)
        found = np.array(others.getpalette(), dtype=np.int64).reshape(-1, 3)
        colours = np.array([*exact, *(colour for colour in found if _far_from(exact, colour))])
        self.colours = np.zeros((TRANSPARENT, 3), dtype=np.uint8)
        self.colours[: len(colours)] = colours
        self.colours[len(colours) :] = colours[0]
        self._palette = Image.new("P", (1, 1))
        self._palette.putpalette(self.colours[: len(colours)].tobytes())

    def indices(self, picture: Picture) -> Indices:
        """The nearest colour of each pixel, (height, width)."""
        from PIL import Image

        image = image_of(self._film, picture).quantize(palette=self._palette, dither=Image.Dither.NONE)
        return np.asarray(image)


def _areas(montage: Image.Image) -> list[tuple[int, ...]]:
    """The colours that fill areas, the most frequent first."""
    from PIL import Image

    # A ninth of the pixels: counting them holds the interpreter's lock, and the window with it.
    few = montage.resize((max(montage.width // 3, 1), max(montage.height // 3, 1)), Image.Resampling.NEAREST)
    pixels = few.width * few.height
    counted = few.getcolors(pixels) or []
    return [colour for n, colour in sorted(counted, reverse=True) if n >= _AREA * pixels and isinstance(colour, tuple)]


def _far_from(colours: Sequence[Sequence[int]], colour: Sequence[int] | NDArray[np.int64]) -> bool:
    return not colours or int(np.abs(np.array(colours) - colour).max(axis=1).min()) >= _APART


def changes(frames: Iterator[Indices]) -> Iterator[tuple[int, int, Indices]]:
    """Of each frame the box that has changed since the one before: its left, its top, and its indices.

    What has not changed inside of it is ``TRANSPARENT``. Left and top are even, as WebP counts them in twos; where
    nothing has changed the box is one pixel.
    """
    earlier: Indices | None = None
    for frame in frames:
        if earlier is None:
            yield 0, 0, frame
        else:
            changed = frame != earlier
            (top, bottom), (left, right) = _extent(changed.any(axis=1)), _extent(changed.any(axis=0))
            box = np.s_[top:bottom, left:right]
            yield left, top, np.where(changed[box], frame[box], np.uint8(TRANSPARENT))
        earlier = frame


def _extent(changed: NDArray[np.bool_]) -> tuple[int, int]:
    """The first place that has changed, made even, and the one after the last."""
    places = np.flatnonzero(changed)
    return (int(places[0]) // 2 * 2, int(places[-1]) + 1) if places.size else (0, 1)
