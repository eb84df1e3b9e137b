"""The parameters of a Gaussian mixture, and what follows from them alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]

HALF_LOG_2_PI = 0.5 * float(np.log(2 * np.pi))


@dataclass(frozen=True, eq=False)
class Mixture:
    """k Gaussian components in d dimensions; the arrays are read-only copies.

    Attributes:
        weights: (k,), not negative, summing to one.
        means: (k, d), in data units; (k,) is taken as d = 1.
        covariances: (k, d, d), symmetric, positive definite, in squared data units; (k,) is taken as d = 1.

    Raises:
        ValueError: a shape does not fit, a number is not finite, the weights are not weights, or a covariance
            matrix is not positive definite.
    """

    weights: Array
    means: Array
    covariances: Array
    cholesky: Array = field(init=False, repr=False)

    def __init__(self, weights: ArrayLike, means: ArrayLike, covariances: ArrayLike) -> None:
        w = np.array(weights, dtype=np.float64)
        m = np.array(means, dtype=np.float64)
        c = np.array(covariances, dtype=np.float64)
        m = m[:, np.newaxis] if m.ndim == 1 else m
        c = c[:, np.newaxis, np.newaxis] if c.ndim == 1 else c
        k, d = m.shape if m.ndim == 2 else (0, 0)
        if k == 0 or d == 0 or w.shape != (k,) or c.shape != (k, d, d):
            raise ValueError(
                f"A mixture needs weights (k,), means (k, d) and covariances (k, d, d); "
                f"these are {w.shape}, {m.shape} and {c.shape}."
            )
        if not (np.isfinite(w).all() and np.isfinite(m).all() and np.isfinite(c).all()):
            raise ValueError("A mixture's weights, means and covariances must be finite numbers.")
        if (w < 0).any() or abs(w.sum() - 1) > 1e-6:
            raise ValueError(f"A mixture's weights must not be negative and must sum to 1; these sum to {w.sum():g}.")
        # Against the variances: where nothing is correlated, rounding leaves different tiny numbers on the two sides.
        deviations = np.sqrt(np.abs(np.diagonal(c, axis1=1, axis2=2)))
        slack = 1e-8 * deviations[:, :, np.newaxis] * deviations[:, np.newaxis, :]
        if (np.abs(c - c.transpose(0, 2, 1)) > slack).any():
            raise ValueError("A covariance matrix must be symmetric.")
        c = (c + c.transpose(0, 2, 1)) / 2
        try:
            cholesky = np.linalg.cholesky(c)
        except np.linalg.LinAlgError:
            raise ValueError("A covariance matrix must be positive definite.") from None
        for name, array in (("weights", w), ("means", m), ("covariances", c), ("cholesky", cholesky)):
            array.setflags(write=False)
            object.__setattr__(self, name, array)

    @classmethod
    def trusted(cls, weights: Array, means: Array, covariances: Array, cholesky: Array) -> Mixture:
        """A mixture from arrays that are known to be valid and that nobody else holds: no checks, no copies.

        The EM loop makes one an iteration; on a few hundred points the checks would cost as much as the rest.
        """
        mixture = object.__new__(cls)
        for array in (weights, means, covariances, cholesky):
            array.setflags(write=False)
        vars(mixture).update(weights=weights, means=means, covariances=covariances, cholesky=cholesky)
        return mixture

    def moved(self, by: Array) -> Mixture:
        """The same mixture elsewhere: ``by``, (d,) or (k, d), is added to the means."""
        means = self.means + by
        means.setflags(write=False)
        mixture = object.__new__(Mixture)
        known = vars(mixture)
        known.update(vars(self), means=means)
        known.pop("at_origin", None)  # all else that may have been computed stays as it is
        return mixture

    @property
    def n_components(self) -> int:
        """k."""
        return len(self.weights)

    @property
    def dimension(self) -> int:
        """d."""
        return int(self.means.shape[1])

    @cached_property
    def log_normalisers(self) -> Array:
        """(k,) log weight - d/2 log 2 pi - 1/2 log det, the log-determinant from the Cholesky factors only."""
        half_log_det = np.add.reduce(np.log(np.diagonal(self.cholesky, axis1=1, axis2=2)), axis=1)
        if np.minimum.reduce(self.weights) > 0:
            log_weights = np.log(self.weights)
        else:
            log_weights = np.log(self.weights, out=np.full(len(self.weights), -np.inf), where=self.weights > 0)
        return np.asarray(log_weights - half_log_det - self.dimension * HALF_LOG_2_PI)

    @cached_property
    def whitening(self) -> Array:
        """(k, d, d) the inverses of the Cholesky factors: one of them times x - mean has unit covariance."""
        if self.dimension == 1:
            return 1.0 / self.cholesky
        return _triangular_inverses(self.cholesky)

    @cached_property
    def at_origin(self) -> Array:
        """(k, d) the means in the whitened coordinates of their component: their lengths are distances from 0."""
        if self.dimension == 1:
            return np.asarray(self.means / self.cholesky[:, :, 0])
        return np.asarray((self.whitening @ self.means[:, :, np.newaxis])[:, :, 0])

    def log_joint(self, points: ArrayLike) -> Array:
        """(n, k) log weight_c + log N(point_i; mean_c, covariance_c) of points (n, d) or, where d = 1, (n,)."""
        x = self._rows(points)
        joint = np.empty((len(x), self.n_components))
        for c, (mean, whitening) in enumerate(zip(self.means, self.whitening, strict=True)):
            z = (x - mean) @ whitening.T
            joint[:, c] = self.log_normalisers[c] - 0.5 * np.einsum("ij,ij->i", z, z)
        return joint

    def log_density(self, points: ArrayLike) -> Array:
        """The log of the mixture's density at each point, (n,): log-sum-exp over the components."""
        joint = self.log_joint(points)
        top = joint.max(axis=1)
        return np.asarray(top + np.log(np.exp(joint - top[:, np.newaxis]).sum(axis=1)))

    def responsibilities(self, points: ArrayLike) -> Array:
        """The probability that a point came from a component, (n, k); each row sums to one."""
        joint = self.log_joint(points)
        share = np.exp(joint - joint.max(axis=1, keepdims=True))
        return np.asarray(share / share.sum(axis=1, keepdims=True))

    def sample(self, n: int, rng: np.random.Generator) -> tuple[Array, NDArray[np.intp]]:
        """n points (n, d) drawn from the mixture, and the component (n,) that each one came from."""
        labels = rng.choice(self.n_components, size=n, p=self.weights / self.weights.sum())
        z = rng.standard_normal((n, self.dimension))
        return self.means[labels] + np.einsum("nij,nj->ni", self.cholesky[labels], z), labels.astype(np.intp)

    def marginal(self, columns: Sequence[int]) -> Mixture:
        """The mixture of these columns alone: the same weights, parts of the means and covariances."""
        chosen = list(columns)
        return Mixture(self.weights, self.means[:, chosen], self.covariances[:, chosen][:, :, chosen])

    def sorted(self) -> Mixture:
        """The same components by first mean coordinate, ties by the next."""
        return self.reordered(np.lexsort(self.means.T[::-1]))

    def reordered(self, order: NDArray[np.intp]) -> Mixture:
        """The same components in another order, (k,)."""
        return Mixture.trusted(self.weights[order], self.means[order], self.covariances[order], self.cholesky[order])

    def _rows(self, points: ArrayLike) -> Array:
        x = np.asarray(points, dtype=np.float64)
        x = x[:, np.newaxis] if x.ndim == 1 and self.dimension == 1 else x
        if x.ndim != 2 or x.shape[1] != self.dimension:
            raise ValueError(
                f"The mixture has {self.dimension} dimensions and needs points of shape "
                f"(n, {self.dimension}); these have the shape {x.shape}."
            )
        return x


def _triangular_inverses(lower: Array) -> Array:
    """The inverses of lower triangular matrices (k, d, d), by forward substitution for all of them at once."""
    d = lower.shape[1]
    inverses = np.zeros_like(lower)
    for i in range(d):
        reciprocal = 1.0 / lower[:, i, i]
        inverses[:, i, i] = reciprocal
        for j in range(i):
            row = lower[:, i, j] * inverses[:, j, j]
            for m in range(j + 1, i):
                row = row + lower[:, i, m] * inverses[:, m, j]
            inverses[:, i, j] = -reciprocal * row
    return inverses


def component_letter(index: int) -> str:
    """The letter of component ``index`` (from 0): A to Z, then AA, AB ..."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
