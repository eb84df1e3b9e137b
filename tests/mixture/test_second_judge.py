"""scikit-learn as a second judge: the same start must lead to the same mixture."""

from __future__ import annotations

from itertools import islice

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.exceptions import ConvergenceWarning
from sklearn.mixture import GaussianMixture

from gmm_desktop.mixture import COVARIANCE_TYPES, FitSettings, Mixture, em_steps, initialise
from tests.mixture.cases import blobs

M_STEPS = 15


def _precisions(mixture: Mixture, covariance: str) -> NDArray[np.float64]:
    inverses = np.linalg.inv(mixture.covariances)
    shapes = {
        "full": inverses,
        "tied": inverses[0],
        "diag": np.diagonal(inverses, axis1=1, axis2=2),
        "spherical": inverses[:, 0, 0],
    }
    return shapes[covariance]


def _as_full(judge: GaussianMixture, covariance: str) -> NDArray[np.float64]:
    found, (k, d) = judge.covariances_, judge.means_.shape
    shapes = {
        "full": lambda: found,
        "tied": lambda: np.tile(found, (k, 1, 1)),
        "diag": lambda: found[:, :, np.newaxis] * np.eye(d),
        "spherical": lambda: found[:, np.newaxis, np.newaxis] * np.eye(d),
    }
    return shapes[covariance]()


@pytest.mark.parametrize("covariance", COVARIANCE_TYPES)
@pytest.mark.parametrize("dimension", [1, 2, 4])
def test_same_start_same_mixture(covariance: str, dimension: int) -> None:
    points = blobs(500, dimension, components=3, seed=dimension)
    start = initialise(points, FitSettings(components=3, covariance=covariance, seed=2))
    judge = GaussianMixture(
        3,
        covariance_type=covariance,
        weights_init=start.weights,
        means_init=start.means,
        precisions_init=_precisions(start, covariance),
        max_iter=M_STEPS,
        tol=0.0,
        reg_covar=0.0,
    )
    with pytest.warns(ConvergenceWarning):
        judge.fit(points)
    step = next(islice(em_steps(points, start, covariance=covariance), M_STEPS, None))

    np.testing.assert_allclose(step.mixture.weights, judge.weights_, rtol=1e-8)
    np.testing.assert_allclose(step.mixture.means, judge.means_, rtol=1e-8, atol=1e-10)
    np.testing.assert_allclose(step.mixture.covariances, _as_full(judge, covariance), rtol=1e-7, atol=1e-10)
    # Its own bound is that of one M-step earlier; its score is of the parameters that it returns.
    np.testing.assert_allclose(step.log_likelihood, judge.score(points) * len(points), rtol=1e-10)
    np.testing.assert_allclose(step.mixture.responsibilities(points), judge.predict_proba(points), atol=1e-8)
    np.testing.assert_allclose(step.mixture.log_density(points), judge.score_samples(points), rtol=1e-8)
