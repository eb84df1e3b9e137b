"""A mixture as a plot shows it: the columns shown, in view coordinates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gmm_desktop.mixture import Mixture
from gmm_desktop.ui.views.coordinates import Scale

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class ShownMixture:
    """The marginal of a mixture on one or two columns.

    Attributes:
        weights: (k,).
        means: (k, d), in view coordinates, d = 1 or 2.
        cholesky: (k, d, d), lower factors of the covariances, in view coordinates.
    """

    weights: Array
    means: Array
    cholesky: Array

    def log_joint(self, *coordinates: Array, precision: type[np.floating] = np.float64) -> NDArray[np.floating]:
        """log(weight times density) of each component at m places, (k, m); one array (m,) for each column.

        In single ``precision``, which is enough for colours, it takes half the time.

        Element by element and not as a matrix product: a threaded BLAS in the middle of painting costs more than
        the whole frame.
        """
        d = len(coordinates)
        result = np.empty((len(self.weights), coordinates[0].size), dtype=precision)
        with np.errstate(divide="ignore"):  # a weight of zero
            log_weights = np.log(self.weights)
        for c, row in enumerate(result):
            factor = self.cholesky[c]
            z = ((coordinates[0] - self.means[c, 0]) * (1 / factor[0, 0])).astype(precision, copy=False)
            np.multiply(z, z, out=row)
            if d == 2:
                second = ((coordinates[1] - self.means[c, 1]) * (1 / factor[1, 1])).astype(precision, copy=False)
                z *= precision(factor[1, 0] / factor[1, 1])
                second -= z
                second *= second
                row += second
            row *= precision(-0.5)
            row += precision(log_weights[c] - np.log(np.diagonal(factor)).sum() - 0.5 * d * np.log(2 * np.pi))
        return result

    def relative_density(self, x: Array, y: Array) -> Array:
        """The density on a grid, (rows, columns) for ``y`` (rows,) and ``x`` (columns,), in units of its maximum there.

        The first coordinate of a whitened difference depends on x alone, so that most of the work is done on
        rows; two decimals of a contour's level need no more than single precision.
        """
        logs = np.empty((len(self.weights), y.size, x.size), dtype=np.float32)
        with np.errstate(divide="ignore"):
            tops = np.log(self.weights) - np.log(np.diagonal(self.cholesky, axis1=1, axis2=2)).sum(axis=1)
        for c, (mean, factor) in enumerate(zip(self.means, self.cholesky, strict=True)):
            z = (x - mean[0]) / factor[0, 0]
            across = z * (factor[1, 0] / factor[1, 1])
            second = ((y - mean[1]) / factor[1, 1])[:, np.newaxis] - across
            second *= second
            second += z * z
            second *= -0.5
            np.add(second, tops[c], out=logs[c], casting="unsafe")
        logs -= logs.max()
        density: Array = np.exp(logs, out=logs).sum(axis=0, dtype=np.float64)
        return density


def shown_mixture(mixture: Mixture, columns: Sequence[int], scales: Sequence[Scale]) -> ShownMixture:
    """The marginal of ``mixture`` on ``columns``, in view coordinates."""
    marginal = mixture.marginal(columns)
    factors = np.array([scale.factor for scale in scales])
    offsets = np.array([scale.offset for scale in scales])
    return ShownMixture(
        marginal.weights, (marginal.means - offsets) / factors, marginal.cholesky / factors[:, np.newaxis]
    )
