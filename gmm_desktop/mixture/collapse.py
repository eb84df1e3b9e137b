"""What happens to a component that collapses: its variance has come down to the floor.

With a covariance of its own a component can shrink onto a few points and raise the likelihood without bound, so what
is done then is a choice and no result of the data (Day 1969; McLachlan and Peel, Finite Mixture Models, 2000, 3.8).
"""

from __future__ import annotations

from collections.abc import Callable
from copy import copy, deepcopy
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gmm_desktop.mixture.covariance import CovarianceType, factored
from gmm_desktop.mixture.em import CollapseError, Unusual, named
from gmm_desktop.mixture.parameters import Mixture, component_letter
from gmm_desktop.mixture.points import WeightedPoints

Array = NDArray[np.float64]
Response = Callable[[Mixture, Unusual], tuple[Mixture, tuple[str, ...]]]
"""(mixture after the M-step, what was unusual) -> the mixture to go on with, and what to say of it."""

# Components are started again this many times each, at the most; after that the floor holds them.
MOST_RELOCATIONS = 5


def hold_at_floor(mixture: Mixture, unusual: Unusual) -> tuple[Mixture, tuple[str, ...]]:
    """Leave the component on the floor."""
    return mixture, ()


def stop_there(mixture: Mixture, unusual: Unusual) -> tuple[Mixture, tuple[str, ...]]:
    """End the fit.

    Raises:
        CollapseError: naming the components, where there are any.
    """
    if unusual.raised:
        raise CollapseError(
            f"{named([component_letter(c) for c in unusual.raised])} collapsed: the variance fell under the floor. "
            "Choose fewer components, another start, or what else to do about a collapse."
        )
    return mixture, ()


class StartElsewhere:
    """Starts a component again at a random point, with its share of weight and spread; remembers how often."""

    def __init__(
        self, data: WeightedPoints, covariance: CovarianceType, variance_floor: float, rng: np.random.Generator
    ) -> None:
        self._data, self._covariance, self._variance_floor = data, covariance, variance_floor
        self._rng = rng
        self._left = MOST_RELOCATIONS

    def __deepcopy__(self, memo: dict[int, object]) -> StartElsewhere:
        """With a memory of its own; the points, which nobody changes, are shared."""
        twin = copy(self)
        twin._rng = deepcopy(self._rng, memo)
        return twin

    def __call__(self, mixture: Mixture, unusual: Unusual) -> tuple[Mixture, tuple[str, ...]]:
        """The mixture with the collapsed and the empty components elsewhere."""
        lost = sorted({*unusual.raised, *unusual.empty})
        # All at once: the data themselves are that thin, or all share one covariance.
        if self._left == 0 or not lost or len(lost) == mixture.n_components:
            return mixture, ()
        self._left -= 1
        said = tuple(f"Component {component_letter(c)} was started again elsewhere." for c in lost)
        return self._relocated(mixture, lost), said

    def _relocated(self, mixture: Mixture, lost: list[int]) -> Mixture:
        data, k, d = self._data, mixture.n_components, mixture.dimension
        weights, means, covariances = (array.copy() for array in (mixture.weights, mixture.means, mixture.covariances))
        present = data.size if data.present is None else data.present
        means[lost] = data.points[self._rng.choice(present, len(lost))] - data.origin
        spread = self._covariance.constrain(data.covariance[np.newaxis] / k ** (2 / d), np.ones(1))
        spread, _ = self._covariance.raise_to_floor(spread, data.scale, self._variance_floor)
        covariances[lost] = spread
        weights[lost] = 0.0
        weights *= (1 - len(lost) / k) / weights.sum()
        weights[lost] = 1 / k
        covariances, cholesky = factored(covariances)
        return Mixture.trusted(weights, means, covariances, cholesky)


@dataclass(frozen=True)
class CollapseChoice:
    """One thing to do about a component whose variance has come down to the floor.

    Attributes:
        id: its key in ``COLLAPSES``.
        label: for a list to choose from.
        tip: one sentence saying what happens.
        response: (points, covariance type, variance floor, random numbers) -> what is asked after each M-step in which
            something was unusual.
    """

    id: str
    label: str
    tip: str
    response: Callable[[WeightedPoints, CovarianceType, float, np.random.Generator], Response]


COLLAPSES: dict[str, CollapseChoice] = {
    row.id: row
    for row in (
        CollapseChoice(
            "floor",
            "Hold it at the floor",
            "A component that shrinks onto a few points is kept at the variance floor, and the result says so.",
            lambda *_: hold_at_floor,
        ),
        CollapseChoice(
            "stop",
            "Stop and say which",
            "The fit ends as soon as a component's variance falls under the floor, and names the component.",
            lambda *_: stop_there,
        ),
        CollapseChoice(
            "restart",
            "Start it again elsewhere",
            "A component that shrinks onto a few points, or loses all of them, begins again at a random point, up to "
            f"{MOST_RELOCATIONS} times; the log-likelihood falls there.",
            StartElsewhere,
        ),
    )
}
