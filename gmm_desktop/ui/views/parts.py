"""One vertical axis in two parts: values above, and below them what is small, on a logarithmic scale."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gmm_desktop.ui.views.coordinates import Scale
from gmm_desktop.ui.views.ticks import Ticks, decades, ticks

Array = NDArray[np.float64]

_LEAST_SPAN = 1e-12  # of the values: below, there is nothing but their roundings


_LEAST_APART = 0.45  # of the room that a tick has where they are spread evenly: a little more than its height


@dataclass(frozen=True)
class Part:
    """A stretch of the axis, from ``bottom`` to ``top`` in view coordinates, that shows ``low`` to ``high``."""

    bottom: float
    top: float
    low: float = 0.0
    high: float = 1.0

    @property
    def scale(self) -> Scale:
        """From view coordinates to values."""
        factor = (self.high - self.low) / (self.top - self.bottom)
        return Scale(self.low - factor * self.bottom, factor)

    def to_view(self, values: Array) -> Array:
        """Where values are shown."""
        return np.asarray(self.bottom + (values - self.low) * ((self.top - self.bottom) / (self.high - self.low)))


@dataclass(frozen=True)
class PartTicks:
    """The ticks of an axis of one or two parts: round numbers above, powers of ten below.

    Attributes:
        upper: shows values.
        lower: shows logarithms, or None.
    """

    upper: Part
    lower: Part | None = None

    def __call__(self, low: float, high: float, most: int) -> Ticks:
        """As ``PlotAxis.set_ticker`` wants them."""
        share = (self.upper.top - self.upper.bottom) / (high - low)
        above = ticks(self.upper.bottom, self.upper.top, self.upper.scale, max(3, round(most * share)))
        if self.lower is None:
            return above
        share = (self.lower.top - self.lower.bottom) / (high - low)
        below = decades(self.lower.low, self.lower.high, max(1, round(most * share)))
        places = self.lower.to_view(np.array(below.positions)).tolist()
        # Where the parts meet, a number of the lower one would lie on one of the upper.
        room = min(above.positions, default=high) - _LEAST_APART * (high - low) / most
        kept = [(place, word) for place, word in zip(places, below.strings, strict=True) if place <= room]
        return Ticks(
            [*(place for place, _ in kept), *above.positions], [*(word for _, word in kept), *above.strings], above.note
        )


def around(part: Part, values: Array, *, legend: bool = False) -> Part:
    """The same stretch, showing all values that are numbers with some room around them, or for a legend below them."""
    seen = values[np.isfinite(values)]
    low, high = (float(seen.min()), float(seen.max())) if seen.size else (0.0, 1.0)
    span = max(high - low, _LEAST_SPAN * max(abs(low), abs(high)), 1e-300)
    if low == high and seen.size == 1:
        span = max(abs(low) * 0.1, 1.0)
    below = 0.45 if legend else 0.16
    return Part(part.bottom, part.top, low - below * span, high + 0.16 * span)


def logarithms(values: Array) -> tuple[Array, float, float]:
    """log10 of values, NaN where they are none or not positive, and a range that holds them with some room."""
    logs = np.full(values.shape, np.nan)
    positive = np.isfinite(values) & (values > 0)
    logs[positive] = np.log10(values[positive])
    if not positive.any():
        return logs, -3.0, 0.0
    low, high = float(logs[positive].min()), float(logs[positive].max())
    return logs, low - 0.12 * (high - low) - 0.7, high + 0.08 * (high - low) + 0.3
