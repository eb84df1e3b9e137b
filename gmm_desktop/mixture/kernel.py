"""The E-step as two thin matrix products: the same sums as ``em.e_step``, several times faster.

With the features phi(x) = (1, x_1 .. x_d, x_1 x_1, x_1 x_2 .. x_d x_d) the logarithm of weight times density is linear:
a component is one row of coefficients, and theta (k, F) @ phi (F, B) is the whole of the E-step before its exponential.
The sums that the M-step needs are linear in the same features: responsibilities (k, B) @ phi' (B, F).

The points are centred and divided by their standard deviations for this alone; the model stays in data units. What is
lost: a variance is a difference of two sums, so a component that is narrow against its distance from the centre loses
digits. ``suits`` says where that begins; there the plain formulas are used.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from gmm_desktop.mixture.parameters import Mixture
from gmm_desktop.mixture.points import WeightedPoints
from gmm_desktop.mixture.statistics import Statistics

Array = NDArray[np.float64]

# (|place| / width)^2 roundings are lost: at 300 about 1e-11 of a variance.
LARGEST_RATIO = 300.0

# The features grow with the square of d, and so does their cost against the whitened differences.
MOST_DIMENSIONS = 6

# Numbers in the largest array of a block, and points in a block at the most: what stays in the second-level cache.
BLOCK_NUMBERS, MOST_ROWS = 250_000, 16_384

# Features that are kept from one iteration to the next, in bytes; beyond, they are made again for each block.
KEPT_BYTES = 64e6

# A density this small (in scaled units) may have lost digits, or be zero, without the largest exponent taken out.
SMALLEST_DENSITY = 1e-280


# The middle of the points must be wider than this against their standard deviation; else an outlier rules the scale,
# and in scaled columns the other points can hardly be told apart.
NARROWEST_MIDDLE = 1e-3


def can_use_kernel(data: WeightedPoints) -> bool:
    """Whether centred and scaled columns keep the digits of these points, and the features are few enough."""
    if data.dimension > MOST_DIMENSIONS:
        return False
    some = data.points[:: max(1, data.size // 5000)]
    low, high = np.quantile(some, (0.1, 0.9), axis=0)
    return bool((high - low >= NARROWEST_MIDDLE * data.scale).all())


class Kernel:
    """The features of one set of points, for E-steps with one mixture after the other."""

    def __init__(self, data: WeightedPoints, components: int) -> None:
        d = data.dimension
        self._data = data
        self._upper = np.triu_indices(d)
        self._doubled = np.where(self._upper[0] == self._upper[1], 0.5, 1.0)
        self._features = 1 + d + len(self._doubled)
        self._rows = min(MOST_ROWS, max(256, BLOCK_NUMBERS // (components * self._features)))
        keeps = data.size * self._features * 8 <= KEPT_BYTES
        self._kept: list[tuple[Array, Array | None]] | None = list(self._made()) if keeps else None

    def suits(self, mixture: Mixture) -> bool:
        """Whether the digits that are lost with this mixture do not count."""
        place, whitening = self._scaled(mixture)
        reach = np.abs(whitening) @ (np.abs(place) + 3.0)[:, :, np.newaxis]
        return bool(reach.max() <= LARGEST_RATIO)

    def statistics(self, mixture: Mixture) -> Statistics:
        """What ``e_step`` gives, about the mixture's means.

        Raises:
            FitCancelledError: the data's ``cancelled()`` said yes.
        """
        theta = self._coefficients(mixture)
        sums = np.zeros((mixture.n_components, self._features))
        log_likelihood = 0.0
        for features, weight in self._blocks():
            log_density, r = _shares(theta @ features)
            if weight is None:
                log_likelihood += float(log_density.sum())
            else:
                log_likelihood += float(weight @ log_density)
                r *= weight
            sums += r @ features.T
        return self._about_means(mixture, log_likelihood, sums)

    def _blocks(self) -> Iterator[tuple[Array, Array | None]]:
        if self._kept is None:
            yield from self._made()
            return
        for block in self._kept:
            self._data.check_cancelled()
            yield block

    def _made(self) -> Iterator[tuple[Array, Array | None]]:
        """The features of the points, (F, B) a block, so that sums over points run along contiguous memory."""
        data, d = self._data, self._data.dimension
        for x, weight in data.blocks(rows=self._rows):
            features = np.empty((self._features, len(x)))
            features[0] = 1.0
            linear = features[1 : d + 1]
            np.subtract(x.T, data.mean[:, np.newaxis], out=linear)
            linear /= data.scale[:, np.newaxis]
            for row, (i, j) in enumerate(zip(*self._upper, strict=True), start=d + 1):
                np.multiply(linear[i], linear[j], out=features[row])
            yield features, weight

    def _scaled(self, mixture: Mixture) -> tuple[Array, Array]:
        """Means (k, d) and whitening matrices (k, d, d) in centred and scaled columns."""
        place = (mixture.means - self._data.mean) / self._data.scale
        return place, mixture.whitening * self._data.scale

    def _coefficients(self, mixture: Mixture) -> Array:
        """theta, (k, F): log(weight times density) as a linear function of the features."""
        place, whitening = self._scaled(mixture)
        precision = whitening.transpose(0, 2, 1) @ whitening
        at_place = np.einsum("kij,kj->ki", whitening, place)
        theta = np.empty((mixture.n_components, self._features))
        d = mixture.dimension
        theta[:, 0] = mixture.log_normalisers - 0.5 * (at_place**2).sum(axis=1)
        theta[:, 1 : d + 1] = np.einsum("kij,kj->ki", precision, place)
        theta[:, d + 1 :] = -self._doubled * precision[:, self._upper[0], self._upper[1]]
        return theta

    def _about_means(self, mixture: Mixture, log_likelihood: float, sums: Array) -> Statistics:
        """The sums about the centre of the data, moved to the mixture's means and into data units."""
        d, scale = mixture.dimension, self._data.scale
        place = (mixture.means - self._data.mean) / scale
        counts, first = sums[:, 0].copy(), sums[:, 1 : d + 1]
        second = np.empty((len(counts), d, d))
        second[:, self._upper[0], self._upper[1]] = sums[:, d + 1 :]
        second[:, self._upper[1], self._upper[0]] = sums[:, d + 1 :]
        moved = first - counts[:, np.newaxis] * place
        # sum r (z - m)(z - m)' = sum r z z' - m (sum r z)' - (sum r (z - m)) m'
        scatters = second - place[:, :, np.newaxis] * first[:, np.newaxis, :]
        scatters -= moved[:, :, np.newaxis] * place[:, np.newaxis, :]
        scatters *= scale[:, np.newaxis] * scale
        return Statistics(log_likelihood, counts, mixture.means, moved * scale, scatters)


def _shares(log_joint: Array) -> tuple[Array, Array]:
    """Log-density (B,) and responsibilities (k, B) from log(weight times density), which is overwritten.

    The largest exponent is taken out only where a sum without it is too small to be trusted.
    """
    with np.errstate(over="ignore", under="ignore"):
        r = np.exp(log_joint)
        density = r.sum(axis=0)
    if not (density.min() >= SMALLEST_DENSITY and density.max() < np.inf):
        top = log_joint.max(axis=0)
        r = np.exp(np.subtract(log_joint, top, out=log_joint), out=log_joint)
        density = r.sum(axis=0)
        r /= density
        return np.log(density, out=density) + top, r
    r /= density
    return np.log(density, out=density), r
