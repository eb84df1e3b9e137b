"""Points from a Gaussian mixture that a person types."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from gmm_desktop.data.generators.base import Drawn, PointGenerator, draw_from, entry, size_entry
from gmm_desktop.data.table import DataError
from gmm_desktop.mixture import Mixture


@dataclass(frozen=True)
class MixtureGenerator(PointGenerator):
    """Draws points from a Gaussian mixture.

    Attributes:
        weights: k numbers; those that do not sum to 1 are taken as proportions.
        means: k rows of d numbers, in data units.
        covariances: k symmetric, positive definite d x d matrices, in squared data units.
        size: how many points, n.
        exact: whether each component gives its share of the points exactly; else its number of points is
            random too, as it is in a sample from a mixture.

    Raises:
        DataError: the numbers make no mixture; the sentence names the component.
    """

    label: ClassVar[str] = "Gaussian mixture"
    tip: ClassVar[str] = "Points from a mixture of which you type weights, means and covariances."
    lesson: ClassVar[str] = "See how near EM comes to the mixture that drew the points, with few and with many."

    weights: tuple[float, ...] = (0.5, 0.5)
    means: tuple[tuple[float, ...], ...] = ((-2.0,), (2.0,))
    covariances: tuple[tuple[tuple[float, ...], ...], ...] = (((1.0,),), ((1.0,),))
    size: int = size_entry(300)
    exact: bool = entry(
        False,
        "Exact shares",
        "Each component gives exactly its share of the points; otherwise the number from each is random.",
        low=0,
        high=1,
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        self.mixture()

    def mixture(self) -> Mixture:
        """The mixture that is drawn from.

        Raises:
            DataError: as the class.
        """
        k = len(self.weights)
        d = len(self.means[0]) if self.means else 0
        if k == 0 or d == 0 or len(self.means) != k or len(self.covariances) != k:
            raise DataError("Each component needs a weight, a mean and a covariance; add at least one component.")
        weights = np.array(self.weights, dtype=np.float64)
        if not np.isfinite(weights).all() or (weights < 0).any() or weights.sum() <= 0:
            raise DataError("Weights must be positive numbers, such as 0.3 and 0.7.")
        for index in range(k):
            self._check(index, d)
        try:
            return Mixture(weights / weights.sum(), self.means, self.covariances)
        except ValueError as error:
            raise DataError(str(error)) from error

    def _check(self, index: int, d: int) -> None:
        """A sentence for what is wrong with one component."""
        mean, covariance = self.means[index], self.covariances[index]
        where = f"Component {index + 1}"
        if len(mean) != d or len(covariance) != d or any(len(row) != d for row in covariance):
            raise DataError(f"{where} must have {d} mean values and a {d} x {d} covariance, like the first one.")
        matrix = np.array(covariance, dtype=np.float64)
        if not (np.isfinite(mean).all() and np.isfinite(matrix).all()):
            raise DataError(f"{where} has a mean or covariance that is not a finite number.")
        if (np.diagonal(matrix) <= 0).any():
            raise DataError(f"{where} has a variance that is not positive; enter a number above 0.")
        if not np.allclose(matrix, matrix.T, rtol=1e-8, atol=0.0):
            raise DataError(
                f"{where} has a covariance matrix that is not symmetric; enter the same number on both sides."
            )
        try:
            np.linalg.cholesky(matrix)
        except np.linalg.LinAlgError:
            raise DataError(
                f"{where} has a covariance too large for its variances; keep it below the product of the "
                "standard deviations."
            ) from None

    @property
    def components(self) -> int:
        """k."""
        return len(self.weights)

    def draw(self, rng: np.random.Generator) -> Drawn:
        """Draws the points, component after component."""
        mixture = self.mixture()
        return Drawn(*draw_from(rng, mixture, self.size, exact=self.exact), mixture)

    def said(self) -> tuple[str, ...]:
        """What became of weights that do not sum to 1."""
        if abs(sum(self.weights) - 1) <= 1e-6:
            return ()
        given, taken = (", ".join(f"{w:.4g}" for w in weights) for weights in (self.weights, self.mixture().weights))
        return (f"The weights {given} do not sum to 1 and were taken as proportions: {taken}.",)
