"""A mixture on the plot."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from gmm_desktop.mixture import Mixture
from gmm_desktop.session.editing import Rules
from gmm_desktop.ui.views.coordinates import Mapping, Scale
from gmm_desktop.ui.views.surface import OnAxes

Array = NDArray[np.float64]

_ROOT_2_PI = math.sqrt(2 * math.pi)


@dataclass(frozen=True, eq=False)
class Sheet(OnAxes):
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

    def showing(self, mixture: Mixture) -> Sheet:
        """The same plot with another mixture."""
        return replace(self, mixture=mixture)

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
