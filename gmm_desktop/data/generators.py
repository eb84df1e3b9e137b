"""Data made up from a seed. Each generator is a frozen dataclass, so that its form can build itself."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from gmm_desktop.data.dataset import Dataset
from gmm_desktop.data.table import DataError
from gmm_desktop.mixture import Mixture

LARGEST_SAMPLE = 20_000_000


@dataclass(frozen=True)
class MixtureGenerator:
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

    weights: tuple[float, ...] = (0.5, 0.5)
    means: tuple[tuple[float, ...], ...] = ((-2.0,), (2.0,))
    covariances: tuple[tuple[tuple[float, ...], ...], ...] = (((1.0,),), ((1.0,),))
    size: int = 300
    exact: bool = False

    def __post_init__(self) -> None:
        if not 1 <= self.size <= LARGEST_SAMPLE:
            raise DataError(f"The number of points must be between 1 and {LARGEST_SAMPLE:,}; it is {self.size:,}.")
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

    def sample(self, rng: np.random.Generator) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
        """Draws the points, component after component.

        Returns:
            points (n, d) and the component of each, (n,).
        """
        mixture = self.mixture()
        counts = shares(mixture.weights, self.size) if self.exact else rng.multinomial(self.size, mixture.weights)
        labels = np.repeat(np.arange(mixture.n_components), counts)
        points = np.empty((self.size, mixture.dimension))
        start = 0
        for mean, factor, count in zip(mixture.means, mixture.cholesky, counts.tolist(), strict=True):
            points[start : start + count] = mean + rng.standard_normal((count, mixture.dimension)) @ factor.T
            start += count
        return points, labels

    def of_size(self, size: int) -> MixtureGenerator:
        """The same mixture, drawing so many points."""
        return replace(self, size=size)

    def dataset(self, seed: int, source: str = "generated mixture") -> Dataset:
        """The points that a seed gives, with the mixture that they came from."""
        points, labels = self.sample(np.random.default_rng(seed))
        mixture = self.mixture()
        points.setflags(write=False)
        labels.setflags(write=False)
        return Dataset(
            points,
            ("x", "y")[: mixture.dimension]
            if mixture.dimension <= 2
            else tuple(f"x{i + 1}" for i in range(mixture.dimension)),
            source,
            components=mixture.n_components,
            labels=labels,
            truth=mixture,
            seed=seed,
            generator=self,
            messages=self._said_of_weights(mixture),
        )

    def _said_of_weights(self, mixture: Mixture) -> tuple[str, ...]:
        if abs(sum(self.weights) - 1) <= 1e-6:
            return ()
        given, taken = (", ".join(f"{w:.4g}" for w in weights) for weights in (self.weights, mixture.weights))
        return (f"The weights {given} do not sum to 1 and were taken as proportions: {taken}.",)


def shares(weights: NDArray[np.float64], size: int) -> NDArray[np.intp]:
    """How many of ``size`` points each component gets: its share, rounded so that the sum is exact.

    Largest remainders first; of equal ones the earlier component.
    """
    wanted = weights * size
    counts = np.floor(wanted + 1e-9).astype(np.intp)
    order = np.argsort(-(wanted - counts), kind="stable")
    counts[order[: size - counts.sum()]] += 1
    return counts


GENERATORS: dict[str, type[MixtureGenerator]] = {"mixture": MixtureGenerator}
