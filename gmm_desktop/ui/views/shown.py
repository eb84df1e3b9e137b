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

    def log_joint(self, *coordinates: Array) -> Array:
        """log(weight times density) of each component at m places, (k, m); one array (m,) for each column.

        Element by element and not as a matrix product: a threaded BLAS in the middle of painting costs more than
        the whole frame.
        """
        d = len(coordinates)
        result = np.empty((len(self.weights), coordinates[0].size))
        with np.errstate(divide="ignore"):  # a weight of zero
            log_weights = np.log(self.weights)
        for c, row in enumerate(result):
            factor = self.cholesky[c]
            z = (coordinates[0] - self.means[c, 0]) / factor[0, 0]
            np.multiply(z, z, out=row)
            if d == 2:
                z *= factor[1, 0]
                second = (coordinates[1] - self.means[c, 1] - z) / factor[1, 1]
                row += second * second
            row *= -0.5
            row += log_weights[c] - np.log(np.diagonal(factor)).sum() - 0.5 * d * np.log(2 * np.pi)
        return result


def shown_mixture(mixture: Mixture, columns: Sequence[int], scales: Sequence[Scale]) -> ShownMixture:
    """The marginal of ``mixture`` on ``columns``, in view coordinates."""
    marginal = mixture.marginal(columns)
    factors = np.array([scale.factor for scale in scales])
    offsets = np.array([scale.offset for scale in scales])
    return ShownMixture(
        marginal.weights, (marginal.means - offsets) / factors, marginal.cholesky / factors[:, np.newaxis]
    )
