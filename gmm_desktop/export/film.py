"""What an encoder of films is told of one, and how it is given the frames."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from PIL.Image import Image

Picture = bytes
"""A frame's pixels, row by row from the top; four bytes each: blue, green, red, and one without a meaning."""

HOLD_SECONDS = 2.0
"""How long the last frame stays, before a film begins again or ends."""


@dataclass(frozen=True)
class Film:
    """Size and pace of a film.

    Attributes:
        width, height: in pixels; MP4 wants both even.
        count: how many frames there are.
        rate: frames a second; the last one stays for ``HOLD_SECONDS``.
        colours: (red, green, blue) that come out exactly where a format has few colours; at most 100.
    """

    width: int
    height: int
    count: int
    rate: float
    colours: tuple[tuple[int, int, int], ...] = ()

    @property
    def seconds(self) -> float:
        """How long it runs."""
        return (self.count - 1) / self.rate + HOLD_SECONDS

    def durations(self, unit: int, least: int = 1) -> list[int]:
        """The time of each frame in ``unit`` milliseconds; roundings do not add up.

        Args:
            unit: milliseconds in which a format counts.
            least: of the units, the fewest that players follow.
        """
        ends = np.rint(np.arange(self.count) * 1000 / (self.rate * unit)).astype(int)
        return [*(max(int(d), least) for d in np.diff(ends)), round(HOLD_SECONDS * 1000 / unit)]


def image_of(film: Film, picture: Picture) -> Image:
    """A frame as Pillow takes it, in RGB."""
    from PIL import Image

    return Image.frombuffer("RGB", (film.width, film.height), picture, "raw", "BGRX", 0, 1)
