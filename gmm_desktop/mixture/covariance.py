"""Covariance types: constraints that the M-step puts on the covariance matrices, in data units."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class CovarianceType:
    """One constraint.

    Attributes:
        id: its key in ``COVARIANCE_TYPES``.
        label: for a list to choose from.
        tip: one sentence saying what it does.
        constrain: (scatters (k, d, d), counts (k,)) -> the covariances (k, d, d) of highest likelihood that obey
            the constraint. A scatter is a component's weighted sum of squares about its mean, not divided.
        free_parameters: (k, d) -> how many numbers the covariances are free to choose.
        raise_to_floor: (covariances, scale (d,), fraction) -> (covariances, raised (k,)): those of highest
            likelihood among the ones whose eigenvalues, in columns divided by ``scale``, are at least
            ``fraction``; ``raised`` says where that changed anything. Where it did nowhere, the very same array
            comes back. The constraint still holds.
        mixes_columns: whether it compares the variances of different columns, so that in other units it is another
            model.
    """

    id: str
    label: str
    tip: str
    constrain: Callable[[Array, Array], Array]
    free_parameters: Callable[[int, int], int]
    raise_to_floor: Callable[[Array, Array, float], tuple[Array, NDArray[np.bool_]]]
    mixes_columns: bool = False


def _full(scatters: Array, counts: Array) -> Array:
    return np.asarray(scatters / counts[:, np.newaxis, np.newaxis])


def _tied(scatters: Array, counts: Array) -> Array:
    return np.tile(scatters.sum(axis=0) / counts.sum(), (len(counts), 1, 1))


def _diag(scatters: Array, counts: Array) -> Array:
    variances = np.diagonal(scatters, axis1=1, axis2=2) / counts[:, np.newaxis]
    return variances[:, :, np.newaxis] * np.eye(scatters.shape[1])


def _spherical(scatters: Array, counts: Array) -> Array:
    d = scatters.shape[1]
    variances = np.trace(scatters, axis1=1, axis2=2) / (d * counts)
    return np.asarray(variances[:, np.newaxis, np.newaxis] * np.eye(d))


# Rounding alone must not count as a change: what was raised once lies on the floor for good.
UNDER_THE_FLOOR = 1 - 1e-6


def _raise_eigenvalues(covariances: Array, scale: Array, fraction: float) -> tuple[Array, NDArray[np.bool_]]:
    d = covariances.shape[1]
    if d == 1:
        return _raise_variances(covariances, scale, fraction)
    units = np.outer(scale, scale)
    scaled = covariances / units
    try:
        # What is left without the floor is positive definite: no eigenvalue lies under it.
        np.linalg.cholesky(scaled - fraction * UNDER_THE_FLOOR * np.eye(d))
    except np.linalg.LinAlgError:
        pass
    else:
        return covariances, np.zeros(len(covariances), dtype=bool)
    values, vectors = np.linalg.eigh(scaled)
    raised = values[:, 0] < fraction * UNDER_THE_FLOOR
    clipped = np.maximum(values[raised], fraction)[:, np.newaxis, :]
    lifted = (vectors[raised] * clipped) @ vectors[raised].transpose(0, 2, 1)
    result = covariances.copy()
    result[raised] = (lifted + lifted.transpose(0, 2, 1)) / 2 * units
    return result, raised


def _raise_variances(covariances: Array, scale: Array, fraction: float) -> tuple[Array, NDArray[np.bool_]]:
    lowest = fraction * scale**2
    variances = covariances.diagonal(0, 1, 2)
    under = variances < lowest
    if not under.any():
        return covariances, np.zeros(len(covariances), dtype=bool)
    return np.maximum(variances, lowest)[:, :, np.newaxis] * np.eye(len(scale)), np.asarray(under.any(axis=1))


def _raise_common_variance(covariances: Array, scale: Array, fraction: float) -> tuple[Array, NDArray[np.bool_]]:
    # One variance serves all columns, so the widest column sets the floor.
    return _raise_variances(covariances, np.full(len(scale), scale.max()), fraction)


# Correlation matrices with a smaller eigenvalue than this are singular but for rounding: of their thinnest direction
# they hold too few digits for the log-likelihood to climb reliably.
SINGULAR, THICK_ENOUGH = 1e-11, 1e-10


def cholesky_factors(covariances: Array) -> Array | None:
    """The lower triangular factors of the matrices (k, d, d), or None where one is not positive definite."""
    if covariances.shape[1] == 1:
        return np.sqrt(covariances) if min(covariances.ravel().tolist()) > 0 else None
    try:
        return np.asarray(np.linalg.cholesky(covariances), dtype=np.float64)
    except np.linalg.LinAlgError:
        return None


def surely_regular(covariances: Array, cholesky: Array, thinnest: float = 0.0) -> bool:
    """Whether none of the matrices can be ``singular``, nor thinner than a standard deviation, found out fast.

    The share of each column's variance that the columns before do not explain stands in the factor; the product of
    these shares is the determinant of the correlation matrix, a third of which bounds its eigenvalues from below.
    """
    d = covariances.shape[1]
    if d == 1:
        return bool(min(cholesky.ravel().tolist()) > thinnest)
    unexplained = cholesky.diagonal(0, 1, 2)
    shares = unexplained * unexplained / covariances.diagonal(0, 1, 2)
    least = 1e-9 ** (1 / (d - 1))
    return bool(min(shares.ravel().tolist()) > least and min(unexplained.ravel().tolist()) > thinnest)


def singular(covariances: Array) -> NDArray[np.bool_]:
    """(k,) which of the matrices (k, d, d) have no inverse in double precision, whatever the units."""
    variances = np.diagonal(covariances, axis1=1, axis2=2)
    if covariances.shape[1] == 1:
        return np.asarray(variances[:, 0] <= 0)
    deviations = np.sqrt(np.where(variances > 0, variances, 1.0))
    correlations = covariances / deviations[:, :, np.newaxis] / deviations[:, np.newaxis, :]
    flat = np.linalg.eigvalsh(correlations)[:, 0] < SINGULAR
    return np.asarray(flat | (variances <= 0).any(axis=1))


def thickened(covariances: Array) -> tuple[Array, Array]:
    """The matrices (k, d, d), of which one is not positive definite, and their Cholesky factors.

    A floor relative to the data does not help a component that is more than 1e14 times longer than thick; such a
    one is made as thick as double precision needs.
    """
    flat = singular(covariances)
    deviations = np.sqrt(np.diagonal(covariances[flat], axis1=1, axis2=2))
    units = deviations[:, :, np.newaxis] * deviations[:, np.newaxis, :]
    values, vectors = np.linalg.eigh(covariances[flat] / units)
    thick = (vectors * np.maximum(values, THICK_ENOUGH)[:, np.newaxis, :]) @ vectors.transpose(0, 2, 1)
    result = covariances.copy()
    result[flat] = (thick + thick.transpose(0, 2, 1)) / 2 * units
    return result, np.asarray(np.linalg.cholesky(result), dtype=np.float64)


def factored(covariances: Array) -> tuple[Array, Array]:
    """The matrices (k, d, d), thickened where they must be, and their Cholesky factors."""
    cholesky = cholesky_factors(covariances)
    return thickened(covariances) if cholesky is None else (covariances, cholesky)


COVARIANCE_TYPES: dict[str, CovarianceType] = {
    row.id: row
    for row in (
        CovarianceType(
            "full",
            "Full: any ellipse",
            "Each component has its own covariance matrix: an ellipse of any shape and direction.",
            _full,
            lambda k, d: k * d * (d + 1) // 2,
            _raise_eigenvalues,
        ),
        CovarianceType(
            "tied",
            "Tied: one ellipse for all",
            "All components share one covariance matrix: the same ellipse at different places.",
            _tied,
            lambda k, d: d * (d + 1) // 2,
            _raise_eigenvalues,
        ),
        CovarianceType(
            "diag",
            "Diagonal: ellipses along the axes",
            "Each component has its own variance in each column and no correlation: an ellipse along the axes.",
            _diag,
            lambda k, d: k * d,
            _raise_variances,
        ),
        CovarianceType(
            "spherical",
            "Spherical: circles",
            "Each component has one variance for all columns, in data units: a circle of its own size.",
            _spherical,
            lambda k, d: k,
            _raise_common_variance,
            mixes_columns=True,
        ),
    )
}


def in_standard_units(row: CovarianceType, scale: Array) -> CovarianceType:
    """The same constraint on columns divided by ``scale`` (d,); what goes in and comes out is in data units.

    Only a constraint that mixes columns becomes another: spheres in columns divided by their standard deviations are
    ellipses along the axes, all of the shape of the data's own spread.
    """
    if not row.mixes_columns or len(scale) == 1:
        return row
    units, ones = np.outer(scale, scale), np.ones(len(scale))

    def constrain(scatters: Array, counts: Array) -> Array:
        return row.constrain(scatters / units, counts) * units

    def raise_to_floor(covariances: Array, _: Array, fraction: float) -> tuple[Array, NDArray[np.bool_]]:
        scaled = covariances / units
        raised, flags = row.raise_to_floor(scaled, ones, fraction)
        return (covariances if raised is scaled else raised * units), flags

    return replace(row, constrain=constrain, raise_to_floor=raise_to_floor)


def covariance_type(covariance: str, standardise: bool, scale: Array) -> CovarianceType:
    """The row of an id, on columns divided by ``scale`` (d,) where they are to be standardised."""
    row = COVARIANCE_TYPES[covariance]
    return in_standard_units(row, scale) if standardise else row
