"""A mixture on the plot, with what turns its numbers into pixels and pixels into numbers."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from gmm_desktop.mixture import Mixture
from gmm_desktop.session.editing import Rules
from gmm_desktop.ui.views.coordinates import Mapping, Scale

Array = NDArray[np.float64]

_ROOT_2_PI = math.sqrt(2 * math.pi)


@dataclass(frozen=True, eq=False)
class Sheet:
    """A mixture on the plot.

    Attributes:
        mixture: in data units, all d columns.
        columns: the one or two that are shown.
        scales: for each, from view to data coordinates.
        mapping: from view coordinates to pixels.
        rules: what an edit has to obey.
        scale: how much larger than on a desk everything is drawn.
    """

    mixture: Mixture
    columns: tuple[int, ...]
    scales: tuple[Scale, ...]
    mapping: Mapping
    rules: Rules
    scale: float = 1.0

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

    def showing(self, mixture: Mixture) -> Sheet:
        """The same plot with another mixture."""
        return replace(self, mixture=mixture)

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

    def mean(self, component: int) -> tuple[float, float]:
        """Pixels of a mean; in one column of the peak."""
        x, y = self.pixel(self.mixture.means[component, list(self.columns)])
        return x, self.peak(component) if self.flat else y

    def deviation(self, component: int) -> float:
        """One column: the standard deviation in pixels."""
        column = self.columns[0]
        return math.sqrt(self.mixture.covariances[component, column, column]) / float(self.unit[0])

    def peak(self, component: int, share: float = 1.0) -> float:
        """One column: the vertical pixel of ``share`` of the height of a component's peak."""
        limits, span = self.mapping.limits, self.mapping.limits.y_high - self.mapping.limits.y_low
        height = share * self.mixture.weights[component] / (_ROOT_2_PI * self._view_deviation(component))
        return float(self.mapping.height * (limits.y_high - height) / span)

    def weight(self, component: int, y: float) -> float:
        """One column: the weight with which a component's peak is at the vertical pixel ``y``."""
        limits, span = self.mapping.limits, self.mapping.limits.y_high - self.mapping.limits.y_low
        return (limits.y_high - y / self.mapping.height * span) * _ROOT_2_PI * self._view_deviation(component)

    def _view_deviation(self, component: int) -> float:
        limits = self.mapping.limits
        return self.deviation(component) / self.mapping.width * (limits.x_high - limits.x_low)
