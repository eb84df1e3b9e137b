"""The densities of many mixtures at once: all iterations of a history at the same points.

Element by element, with no matrix products: these sums are made beside a running fit and beside the drawing, which a
threaded linear algebra would hold up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from gmm_desktop.mixture.history_parts import Trace
from gmm_desktop.mixture.parameters import HALF_LOG_2_PI
from gmm_desktop.mixture.points import FitCancelledError

Array = NDArray[np.float64]

#: Numbers in the largest array of a block: what stays in the second-level cache.
BLOCK_NUMBERS = 32_768


class Densities:
    """T mixtures of k components in d dimensions, ready to be evaluated.

    Attributes:
        size: T.
        n_components: k.
    """

    def __init__(self, trace: Trace) -> None:
        self.size, self.n_components = trace.weights.shape
        self._means = trace.means
        self._factors = np.linalg.cholesky(trace.covariances)
        diagonals = np.diagonal(self._factors, axis1=2, axis2=3)
        with np.errstate(divide="ignore"):  # a weight of zero
            log_weights = np.log(trace.weights)
        d = trace.means.shape[2]
        self._heights = log_weights - np.log(diagonals).sum(axis=2) - d * HALF_LOG_2_PI

    def log_joints(self, x: Array, part: slice = slice(None)) -> Array:
        """log weight_c + log N(x_i; mean_c, covariance_c), (T, k, B), of B points (d, B); -inf for a weight of zero.

        Args:
            x: the points, one row a column of the data.
            part: which of the mixtures.
        """
        means, factors = self._means[part, :, :, np.newaxis], self._factors[part, :, :, :, np.newaxis]
        whitened: list[Array] = []
        joint = np.zeros((*means.shape[:2], x.shape[1]))
        for j, row in enumerate(x):
            z = row - means[:, :, j]
            for i, known in enumerate(whitened):
                z -= factors[:, :, j, i] * known
            z /= factors[:, :, j, j]
            whitened.append(z)
            joint += z * z
        joint *= -0.5
        joint += self._heights[part, :, np.newaxis]
        return joint

    def log_densities(self, x: Array, part: slice = slice(None)) -> Array:
        """The log of each mixture's density, (T, B), at B points (d, B)."""
        joint = self.log_joints(x, part)
        return log_sums(joint)

    def parts(self, rows: int) -> Iterator[slice]:
        """The mixtures in parts that suit blocks of so many points."""
        step = max(1, BLOCK_NUMBERS // max(1, rows * self.n_components))
        return (slice(first, min(first + step, self.size)) for first in range(0, self.size, step))


def log_sums(joint: Array) -> Array:
    """log sum_c exp joint_tci, (T, B), of (T, k, B)."""
    top = joint.max(axis=1)
    return np.asarray(top + np.log(np.exp(joint - top[:, np.newaxis]).sum(axis=1)))


def blocks(
    points: Array, sample_weight: Array | None, components: int, cancelled: Callable[[], bool] | None
) -> Iterator[tuple[Array, Array | None]]:
    """Points (d, B), and their weights (B,), block by block.

    Raises:
        FitCancelledError: ``cancelled()`` said yes before a block.
    """
    rows = max(256, BLOCK_NUMBERS // (2 * components))
    for first in range(0, len(points), rows):
        if cancelled is not None and cancelled():
            raise FitCancelledError
        part = slice(first, first + rows)
        yield np.ascontiguousarray(points[part].T), None if sample_weight is None else sample_weight[part]
