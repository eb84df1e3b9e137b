"""Which fitted component is which generating one."""

from __future__ import annotations

from itertools import permutations

import numpy as np
from numpy.typing import NDArray

from gmm_desktop.mixture.parameters import Mixture

# Up to this many components all assignments are tried, which spares the import of scipy.
FEW = 6


def match_components(mixture: Mixture, truth: Mixture) -> tuple[int, ...]:
    """For each component the index of its counterpart in ``truth``, -1 where none is left.

    The assignment with the smallest sum of Bhattacharyya distances, which compare means and covariances.

    Raises:
        ValueError: the two mixtures differ in dimension.
    """
    if mixture.dimension != truth.dimension:
        raise ValueError(
            f"The mixtures have {mixture.dimension} and {truth.dimension} dimensions and cannot be compared."
        )
    cost = _bhattacharyya(mixture, truth)
    wide = cost if cost.shape[0] <= cost.shape[1] else cost.T
    chosen = _cheapest(wide)
    order = [-1] * mixture.n_components
    for row, column in enumerate(chosen):
        component, counterpart = (row, column) if wide is cost else (column, row)
        order[component] = counterpart
    return tuple(order)


def prepare_matching(components: int) -> None:
    """Load what matching so many components needs, which takes longer than a frame: not in the window's thread."""
    if components > FEW:
        import scipy.optimize  # noqa: F401


def _bhattacharyya(mixture: Mixture, truth: Mixture) -> NDArray[np.float64]:
    """(k, k_truth): 1/8 (m - m')' S^-1 (m - m') + 1/2 ln(det S / sqrt(det C det C')), S = (C + C') / 2."""
    middle = (mixture.covariances[:, np.newaxis] + truth.covariances[np.newaxis]) / 2
    factor = np.linalg.cholesky(middle)
    apart = (mixture.means[:, np.newaxis] - truth.means[np.newaxis])[..., np.newaxis]
    z = np.linalg.solve(factor, apart)[..., 0]
    log_det = _half_log_det(factor) - 0.5 * (
        _half_log_det(mixture.cholesky)[:, np.newaxis] + _half_log_det(truth.cholesky)
    )
    return np.asarray((z**2).sum(axis=-1) / 8 + log_det)


def _half_log_det(factors: NDArray[np.floating]) -> NDArray[np.float64]:
    return np.asarray(np.log(np.diagonal(factors, axis1=-2, axis2=-1)).sum(axis=-1))


def _cheapest(cost: NDArray[np.float64]) -> tuple[int, ...]:
    """For each row (no more than columns) its column in the cheapest assignment."""
    rows, columns = cost.shape
    if columns <= FEW:
        return min(permutations(range(columns), rows), key=lambda chosen: float(cost[range(rows), chosen].sum()))
    from scipy.optimize import linear_sum_assignment

    return tuple(int(column) for column in linear_sum_assignment(cost)[1])
