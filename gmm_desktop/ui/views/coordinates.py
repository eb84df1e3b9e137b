"""Between data, view and pixels.

View coordinates are the data's own, except where the data's range is so small, large or far from zero that Qt's
transforms would lose it; there the view works in a shifted and scaled unit, and the axes translate back.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

# Qt takes a scale factor under 1e-12 for zero; ranges in here are far from that.
_SMALLEST_SPAN: Final = 1e-5
_LARGEST_SPAN: Final = 1e9
_FARTHEST: Final = 1e9  # in spans
# Qt's rasteriser works with 16-bit pixels; what lies outside of this is outside of any screen.
_PIXEL_LIMIT: Final = 30000.0


class Scale(NamedTuple):
    """One axis: data = offset + factor * view."""

    offset: float = 0.0
    factor: float = 1.0

    def to_view(self, data: Array) -> Array:
        """Data coordinates in view coordinates."""
        if self == IDENTITY:
            return data
        return (data - self.offset) / self.factor

    def to_data(self, view: float) -> float:
        """A view coordinate in data coordinates."""
        return self.offset + self.factor * view


IDENTITY: Final = Scale()


def scale_for(low: float, high: float) -> Scale:
    """The scale for data between ``low`` and ``high``: the identity unless Qt could not draw them."""
    middle, half = low / 2 + high / 2, high / 2 - low / 2
    far = abs(middle) > _FARTHEST * half if half > 0 else abs(middle) > _LARGEST_SPAN
    if half == 0:
        tiny = middle != 0 and abs(middle) < _SMALLEST_SPAN
        return Scale(middle, max(abs(middle), 1e-300)) if far or tiny else IDENTITY
    if _SMALLEST_SPAN < half < _LARGEST_SPAN and not far:
        return IDENTITY
    factor = 10.0 ** max(-300, min(300, round(math.log10(half))))
    return Scale(middle if abs(middle) > half else 0.0, factor)


class Limits(NamedTuple):
    """What a view shows, in view coordinates."""

    x_low: float
    x_high: float
    y_low: float
    y_high: float


@dataclass(frozen=True)
class Mapping:
    """From view coordinates to pixels of a view's rectangle (logical pixels, y downwards).

    Attributes:
        limits: the ranges shown.
        width, height: of the view, in logical pixels.
        ratio: device pixels in a logical pixel.
    """

    limits: Limits
    width: float
    height: float
    ratio: float = 1.0

    def x(self, view: Array) -> Array:
        """Horizontal pixels of view coordinates."""
        low, high = self.limits.x_low, self.limits.x_high
        return np.asarray(np.clip((view - low) * (self.width / (high - low)), -_PIXEL_LIMIT, _PIXEL_LIMIT))

    def y(self, view: Array) -> Array:
        """Vertical pixels of view coordinates."""
        low, high = self.limits.y_low, self.limits.y_high
        return np.asarray(np.clip((high - view) * (self.height / (high - low)), -_PIXEL_LIMIT, _PIXEL_LIMIT))


def padded(low: float, high: float, share: float = 0.05) -> tuple[float, float]:
    """A range with a margin of ``share`` of it at both ends; never empty."""
    span = high - low
    if not span > 0:
        span = abs(low) if low else 1.0
        return low - span / 2, high + span / 2
    return low - share * span, high + share * span
