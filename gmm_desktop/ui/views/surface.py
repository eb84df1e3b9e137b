"""The plot as a surface for hands: what turns its numbers into pixels and pixels into numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gmm_desktop.data import Dataset
from gmm_desktop.data.painting import Canvas
from gmm_desktop.ui.views.coordinates import Limits, Mapping, Scale

Array = NDArray[np.float64]

_ALIKE = 3.0


class OnAxes:
    """What is on the axes of one or two shown columns.

    Attributes:
        columns: the one or two that are shown.
        scales: for each, from view to data coordinates.
        mapping: from view coordinates to pixels.
        scale: how much larger than on a desk everything is drawn.
    """

    columns: tuple[int, ...]
    scales: tuple[Scale, ...]
    mapping: Mapping
    scale: float

    @property
    def flat(self) -> bool:
        """Whether one column is shown."""
        return len(self.columns) == 1

    @property
    def spans(self) -> Array:
        """(m,) how much of each column is shown, in data units."""
        limits = self.mapping.limits
        shown = (limits.x_high - limits.x_low, limits.y_high - limits.y_low)
        return np.array([scale.factor * span for scale, span in zip(self.scales, shown, strict=False)])

    @property
    def unit(self) -> Array:
        """(m,) the data units of a pixel."""
        return np.asarray(self.spans / np.array([self.mapping.width, self.mapping.height])[: len(self.columns)])

    def pixel(self, place: Array) -> tuple[float, float]:
        """Pixels of a place (m,) in data coordinates; in one column y is 0."""
        view = [float(s.to_view(v)) for s, v in zip(self.scales, np.asarray(place), strict=True)]
        x = float(self.mapping.x(np.array(view[0])))
        return x, 0.0 if self.flat else float(self.mapping.y(np.array(view[1])))

    def place(self, x: float, y: float) -> tuple[float, ...]:
        """Data coordinates, one number a column, of a pixel; one outside of the plot is taken as the nearest in it."""
        x, y = self.inside(x, y)
        limits = self.mapping.limits
        across = limits.x_low + x / self.mapping.width * (limits.x_high - limits.x_low)
        up = limits.y_high - y / self.mapping.height * (limits.y_high - limits.y_low)
        return tuple(s.to_data(v) for s, v in zip(self.scales, (across, up), strict=False))

    def inside(self, x: float, y: float, margin: float = 0.0) -> tuple[float, float]:
        """The nearest pixel that lies ``margin`` within the plot."""
        wide, high = max(self.mapping.width - margin, margin), max(self.mapping.height - margin, margin)
        return min(max(x, margin), wide), min(max(y, margin), high)

    def holds(self, x: float, y: float = 0.0) -> bool:
        """Whether a pixel is one of the plot."""
        return 0 <= x <= self.mapping.width and 0 <= y <= self.mapping.height


@dataclass(frozen=True, eq=False)
class Surface(OnAxes):
    """The plot to paint on.

    Attributes:
        dataset: the data shown; None on an empty canvas.
    """

    columns: tuple[int, ...]
    scales: tuple[Scale, ...]
    mapping: Mapping
    scale: float = 1.0
    dataset: Dataset | None = None

    @property
    def ratio(self) -> float:
        """How many units of the second column count as long as one of the first: one, unless the units are unlike."""
        if self.flat:
            return 1.0
        ratio = float(self.spans[1] / self.spans[0])
        return 1.0 if 1 / _ALIKE <= ratio <= _ALIKE else ratio

    def reach(self, radius: float) -> Array:
        """(m,) data units of so many pixels along each axis."""
        return np.asarray(radius * self.scale * self.unit)

    def view(self, places: Array) -> list[Array]:
        """View coordinates of places (n, m), for each column (n,)."""
        return [scale.to_view(places[:, i]) for i, scale in enumerate(self.scales)]


def on_canvas(canvas: Canvas, scales: tuple[Scale, ...], mapping: Mapping, scale: float) -> Surface:
    """An empty canvas, whose columns are shown in their order."""
    shown = len(canvas.names)
    return Surface(tuple(range(shown)), scales[:shown], mapping, scale)


def in_scales(limits: Limits, before: tuple[Scale, ...], after: tuple[Scale, ...]) -> Limits:
    """The same part of the data on axes of other scales."""
    if before == after:
        return limits
    (x, y), (new_x, new_y) = before, after
    ends = ((x, new_x, limits.x_low), (x, new_x, limits.x_high), (y, new_y, limits.y_low), (y, new_y, limits.y_high))
    return Limits(*(float(new.to_view(np.array(old.to_data(value)))) for old, new, value in ends))
