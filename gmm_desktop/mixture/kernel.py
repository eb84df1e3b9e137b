"""The E-step as two thin matrix products: the same sums as ``em.e_step``, several times faster.

With the features phi(x) = (1, x_1 .. x_d, x_1 x_1, x_1 x_2 .. x_d x_d) the logarithm of weight times density is linear:
a component is one row of coefficients, and theta (k, F) @ phi (F, B) is the whole of the E-step before its exponential.
The sums that the M-step needs are linear in the same features: with the density p of each point, exp(theta phi) / p are
the responsibilities, and exp(theta phi) (k, B) @ (phi / p)' (B, F) are the sums.

The points are counted from the origin of the data and divided by a power of two near their standard deviations, which
rounds nothing; the model stays in data units. What is lost: a variance is a difference of two sums, so a component
that is narrow against its distance from the origin loses digits. There, ``statistics`` declines.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import log

import numpy as np
from numpy.typing import NDArray

from gmm_desktop.mixture.parameters import HALF_LOG_2_PI, Mixture
from gmm_desktop.mixture.points import WeightedPoints
from gmm_desktop.mixture.statistics import Statistics

Array = NDArray[np.float64]

# How many of its standard deviations a component may lie from the origin: the square of that many roundings are lost,
# at 300 about 1e-11 of a variance.
FARTHEST = 300.0

# The features grow with the square of d, and so does their cost against the whitened differences.
MOST_DIMENSIONS = 6

# Numbers in the largest array of a block, and points in a block at the most: what stays in the second-level cache.
BLOCK_NUMBERS, MOST_ROWS = 250_000, 16_384

# So few sums of long rows are made one by one: a matrix product with so small a result is, on some processors, several
# times slower.
LONG_ROWS, FEW_SUMS = 4_096, 18

# Features that are kept from one iteration to the next, in bytes; beyond, they are made again for each block.
KEPT_BYTES = 64e6

# The logarithm of a weight of zero, as matrix products bear it.
LOG_OF_NOTHING = -1e300

# A density this small (in scaled units) may have lost digits, or be zero, without the largest exponent taken out.
SMALLEST_DENSITY = 1e-280


class Kernel:
    """The features of one set of points, for E-steps with one mixture after the other."""

    def __init__(self, data: WeightedPoints, components: int) -> None:
        d = data.dimension
        self._data = data
        self._scale = np.exp2(np.round(np.log2(data.scale)))
        self._units = np.outer(self._scale, self._scale)
        # The density of the scaled points is larger by this much.
        self._log_unit = float(np.log(self._scale).sum())
        upper = np.triu_indices(d)
        self._pairs = tuple(zip(upper[0].tolist(), upper[1].tolist(), strict=True))
        # Where a pair of columns stands in a (d, d) matrix laid out in one row, and where an entry of that is among
        # the pairs.
        self._entries = upper[0] * d + upper[1]
        self._among_pairs = np.array([self._pairs.index((min(i, j), max(i, j))) for i in range(d) for j in range(d)])
        # -1/2 on the diagonal of a symmetric matrix, and twice that for each pair off it.
        self._halves = np.where(upper[0] == upper[1], -0.5, -1.0)
        self._features = 1 + d + len(self._pairs)
        self._rows = min(data.size, MOST_ROWS, max(256, BLOCK_NUMBERS // (components * self._features)))
        self._one_by_one = self._rows >= LONG_ROWS and components * self._features <= FEW_SUMS
        # Work space for one block, used again for every one.
        self._joint = np.empty((components, self._rows))
        self._shared = np.empty((self._features, self._rows))
        keeps = data.size * self._features * 8 <= KEPT_BYTES
        self._kept = list(self._made()) if keeps else None

    def statistics(self, mixture: Mixture) -> Statistics | None:
        """What ``e_step`` gives, about the origin, or None where too many digits would be lost with this mixture.

        To be called with numpy's warnings off: what leaves the range of numbers shows in the result.

        Raises:
            FitCancelledError: the data's ``cancelled()`` said yes.
        """
        theta = self._coefficients(mixture)
        if theta is None:
            return None
        log_likelihood, sums = 0.0, None
        for features, weight in self._made() if self._kept is None else self._kept:
            self._data.check_cancelled()
            gained, part = self._block_sums(theta, features, weight)
            log_likelihood += gained
            sums = part if sums is None else np.add(sums, part, out=sums)
        assert sums is not None
        k, d = mixture.means.shape
        log_likelihood -= self._data.total * self._log_unit
        second = sums[:, d + 1 :] if d == 1 else sums[:, d + 1 :].take(self._among_pairs, axis=1)
        scatters = second.reshape(k, d, d) * self._units
        return Statistics(log_likelihood, sums[:, 0], None, sums[:, 1 : d + 1] * self._scale, scatters)

    def _block_sums(self, theta: Array, features: Array, weight: Array | None) -> tuple[float, Array]:
        """The log-likelihood of one block, and its sums (k, F)."""
        joint, shared, log_joint = self._joint, self._shared, None
        if features.shape[1] < self._rows:  # the last block
            joint, shared = joint[:, : features.shape[1]], shared[:, : features.shape[1]]
        np.matmul(theta, features, out=joint)
        np.exp(joint, out=joint)
        density = np.add.reduce(joint, axis=0)
        if not np.minimum.reduce(density) >= SMALLEST_DENSITY:
            # Some points are far from every component: once more, with the largest exponent taken out.
            log_joint = theta @ features
            top = log_joint.max(axis=0)
            np.exp(np.subtract(log_joint, top, out=log_joint), out=joint)
            density = np.add.reduce(joint, axis=0)
        np.divide(features, density, out=shared)
        if weight is not None:
            shared *= weight
        sums = np.vecdot(joint[:, np.newaxis, :], shared) if self._one_by_one else joint @ shared.T
        log_density = np.log(density, out=density)
        if log_joint is not None:
            log_density += top
        return float(np.add.reduce(log_density) if weight is None else weight @ log_density), sums

    def _made(self) -> Iterator[tuple[Array, Array | None]]:
        """The features of the points, (F, B) a block."""
        d = self._data.dimension
        for x, weight in self._data.centred_blocks(rows=self._rows):
            features = np.empty((self._features, x.shape[1]))
            features[0] = 1.0
            scaled = np.divide(x, self._scale[:, np.newaxis], out=features[1 : d + 1])
            for row, (i, j) in enumerate(self._pairs, start=d + 1):
                np.multiply(scaled[i], scaled[j], out=features[row])
            yield features, weight

    def _coefficients(self, mixture: Mixture) -> Array | None:
        """theta, (k, F): log(weight times density) as a linear function of the features; None: too few digits."""
        k, d = mixture.means.shape
        if d == 1:
            return self._coefficients_on_a_line(mixture)
        at_origin = mixture.at_origin
        distances = at_origin.ravel().tolist()
        if not (min(distances) >= -FARTHEST and max(distances) <= FARTHEST):
            owning = (mixture.weights > 0)[:, np.newaxis]
            at_origin = np.where(owning, at_origin, 0.0)
            if owning.all() or not np.abs(at_origin).max() <= FARTHEST:
                return None
        whitening = mixture.whitening * self._scale
        turned = whitening.transpose(0, 2, 1)
        # Half the log-determinant of the precision less half the squared distance, and that in one sum.
        height = np.add.reduce(np.log(whitening.diagonal(0, 1, 2)) - 0.5 * at_origin * at_origin, axis=1)
        theta = np.empty((k, self._features))
        np.maximum(np.log(mixture.weights) + (height - d * HALF_LOG_2_PI), LOG_OF_NOTHING, out=theta[:, 0])
        theta[:, 1 : d + 1] = (turned @ at_origin[:, :, np.newaxis])[:, :, 0]
        theta[:, d + 1 :] = self._halves * (turned @ whitening).reshape(k, d * d).take(self._entries, axis=1)
        return theta

    def _coefficients_on_a_line(self, mixture: Mixture) -> Array | None:
        """The same for d = 1, number by number: with a few hundred points, calls of numpy would take most of the time.

        log(weight) - log(sigma) - log(2 pi) / 2 - (x - mean)^2 / (2 sigma^2), multiplied out.
        """
        unit = float(self._scale[0])
        means, deviations = mixture.means[:, 0].tolist(), mixture.cholesky[:, 0, 0].tolist()
        theta: list[float] = []
        for weight, mean, deviation in zip(mixture.weights.tolist(), means, deviations, strict=True):
            if weight == 0:
                theta += (LOG_OF_NOTHING, 0.0, 0.0)
                continue
            distance, narrowness = mean / deviation, unit / deviation
            if not abs(distance) <= FARTHEST:
                return None
            constant = log(weight * narrowness) - HALF_LOG_2_PI - 0.5 * distance * distance
            theta += (constant, distance * narrowness, -0.5 * narrowness * narrowness)
        return np.array(theta).reshape(-1, 3)


def can_use_kernel(data: WeightedPoints) -> bool:
    """Whether the features are few enough."""
    return data.dimension <= MOST_DIMENSIONS
