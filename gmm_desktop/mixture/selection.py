"""How good a fit is: information criteria, and whether its maximum is a regular one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gmm_desktop.mixture.covariance import COVARIANCE_TYPES
from gmm_desktop.mixture.parameters import Mixture
from gmm_desktop.mixture.points import BLOCK_NUMBERS

Array = NDArray[np.float64]

# A regular maximum: every component holds at least d + 1.5 points, and its smallest eigenvalue relative to the
# data's covariance is at least this.
SPARE_POINTS, THINNEST = 1.5, 1e-3


@dataclass(frozen=True)
class Criteria:
    """Information criteria of one mixture; lower is better.

    Attributes:
        parameters: p, the free parameters of the mixture.
        aic: -2 L + 2 p (Akaike 1974).
        aicc: aic + 2 p (p + 1) / (n - p - 1) (Hurvich and Tsai 1989); None where n <= p + 1.
        bic: -2 L + p ln n (Schwarz 1978).
        icl: bic - 2 sum_i ln max_c r_ic (Biernacki, Celeux and Govaert 2000, with hard labels); None where its
            term was not given.
    """

    parameters: int
    aic: float
    aicc: float | None
    bic: float
    icl: float | None


def free_parameters(components: int, dimension: int, covariance_type: str) -> int:
    """p = (k - 1) + k d + what the covariance type leaves free."""
    covariances = COVARIANCE_TYPES[covariance_type].free_parameters(components, dimension)
    return components - 1 + components * dimension + covariances


def criteria(
    mixture: Mixture, log_likelihood: float, n: float, covariance_type_id: str, icl_term: float | None = None
) -> Criteria:
    """The criteria of a mixture.

    Args:
        mixture: k components in d dimensions.
        log_likelihood: its total log-likelihood L.
        n: the number of points; with weights, their sum.
        covariance_type_id: a key of ``COVARIANCE_TYPES``.
        icl_term: what ``classification_entropy`` says, where the ICL is wanted.
    """
    p = free_parameters(mixture.n_components, mixture.dimension, covariance_type_id)
    aic = -2 * log_likelihood + 2 * p
    bic = -2 * log_likelihood + p * float(np.log(n))
    return Criteria(
        parameters=p,
        aic=aic,
        aicc=aic + 2 * p * (p + 1) / (n - p - 1) if n > p + 1 else None,
        bic=bic,
        icl=None if icl_term is None else bic + icl_term,
    )


def classification_entropy(mixture: Mixture, points: ArrayLike, sample_weight: ArrayLike | None = None) -> float:
    """-2 sum_i ln max_c r_ic, weighted by row: what the ICL adds to the BIC for uncertain labels."""
    x = np.asarray(points, dtype=np.float64)
    weight = np.ones(len(x)) if sample_weight is None else np.asarray(sample_weight, dtype=np.float64)
    rows = max(256, BLOCK_NUMBERS // mixture.n_components)
    total = 0.0
    for first in range(0, len(x), rows):
        largest = mixture.responsibilities(x[first : first + rows]).max(axis=1)
        total += float(weight[first : first + rows] @ np.log(largest))
    return -2.0 * total + 0.0


def thinnest_variances(mixture: Mixture, covariance: Array) -> Array:
    """(k,) the smallest eigenvalue of each covariance matrix relative to the data's covariance (d, d).

    Directions in which the data themselves have no extent are left out.
    """
    scale = np.sqrt(np.diagonal(covariance))
    scale = np.where(scale > 0, scale, 1.0)
    values, vectors = np.linalg.eigh(covariance / np.outer(scale, scale))
    kept = values > 1e-12 * values[-1]
    whiten = vectors[:, kept] / np.sqrt(values[kept]) / scale[:, np.newaxis]
    # Singular values of the factor, not eigenvalues of the product, which overflows where columns differ much in unit.
    smallest = np.linalg.svd(whiten.T @ mixture.cholesky, compute_uv=False)[:, -1]
    with np.errstate(over="ignore"):
        return np.asarray(smallest**2)


def irregular_components(mixture: Mixture, counts: Array, covariance: Array) -> dict[int, str]:
    """The components that make a maximum degenerate, each with its fault; empty for a regular maximum.

    Args:
        mixture: k components in d dimensions.
        counts: (k,) effective numbers of points.
        covariance: (d, d) of the data.
    """
    fewest = mixture.dimension + SPARE_POINTS
    thinnest = thinnest_variances(mixture, covariance)
    faults = {}
    for c, (count, ratio) in enumerate(zip(counts, thinnest, strict=True)):
        if count < fewest:
            faults[c] = f"holds only {count:.3g} point{'s' * (f'{count:.3g}' != '1')}"
        elif ratio < THINNEST:
            faults[c] = f"has only {ratio:.2g} of the data's variance in its thinnest direction"
    return faults
