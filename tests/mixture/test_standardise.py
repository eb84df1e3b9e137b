"""Constraints in columns divided by their standard deviation; parameters in data units all the same."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.mixture import GaussianMixture

from gmm_desktop.data import find_sample
from gmm_desktop.mixture import COVARIANCE_TYPES, INITIALIZERS, FitSettings, fit

POINTS = find_sample("faithful").load().points
SCALE = POINTS.std(axis=0)


class TestStandardise:
    def test_spherical_is_what_scikit_learn_fits_to_the_scaled_columns(self) -> None:
        """Back in data units the log-likelihood is lower by n sum log s, and the spheres are ellipses."""
        ours = fit(POINTS, FitSettings(2, "spherical", tolerance=1e-13, max_iterations=2000, standardise=True))
        theirs = GaussianMixture(2, covariance_type="spherical", tol=1e-13, reg_covar=0, max_iter=2000, random_state=1)
        theirs.fit(POINTS / SCALE)
        order, expected = np.argsort(ours.mixture.means[:, 0]), np.argsort(theirs.means_[:, 0])
        np.testing.assert_allclose(ours.mixture.means[order], theirs.means_[expected] * SCALE, rtol=1e-5)
        variances = theirs.covariances_[expected][:, np.newaxis] * SCALE**2
        np.testing.assert_allclose(np.diagonal(ours.mixture.covariances[order], 0, 1, 2), variances, rtol=1e-4)
        total = len(POINTS) * (theirs.score(POINTS / SCALE) - np.log(SCALE).sum())
        assert ours.log_likelihood == pytest.approx(total, abs=1e-6)

    @pytest.mark.parametrize("covariance", ["full", "tied", "diag"])
    def test_other_types_are_the_same_model(self, covariance: str) -> None:
        plain = fit(POINTS, FitSettings(2, covariance, summarise="never"))
        standard = fit(POINTS, FitSettings(2, covariance, summarise="never", standardise=True))
        np.testing.assert_array_equal(plain.mixture.covariances, standard.mixture.covariances)

    @pytest.mark.parametrize("covariance", COVARIANCE_TYPES)
    def test_one_column_is_the_same_model(self, covariance: str) -> None:
        line = POINTS[:, :1]
        plain, standard = (fit(line, FitSettings(2, covariance, standardise=on)) for on in (False, True))
        np.testing.assert_array_equal(plain.mixture.covariances, standard.mixture.covariances)

    @pytest.mark.parametrize("initialization", [name for name, row in INITIALIZERS.items() if row.offered])
    def test_a_change_of_units_changes_nothing_but_the_units(self, initialization: str) -> None:
        """Which is what standardising is for: minutes or hours, the clusters are the same."""
        hours = np.array([1.0, 1 / 64])
        settings = FitSettings(3, "spherical", initialization, standardise=True, max_iterations=30, seed=3)
        a, b = fit(POINTS, settings), fit(POINTS * hours, settings)
        np.testing.assert_allclose(a.mixture.means * hours, b.mixture.means, rtol=1e-6)
        np.testing.assert_allclose(a.mixture.covariances * np.outer(hours, hours), b.mixture.covariances, rtol=1e-5)

    def test_the_floor_holds_the_shape(self) -> None:
        """A component that collapses onto one point is held at the floor, in both columns by the same share."""
        points = np.vstack([POINTS, np.tile(POINTS[:1] + 40, (60, 1))])
        found = fit(points, FitSettings(3, "spherical", "quantiles", standardise=True, max_iterations=300))
        variances = np.diagonal(found.mixture.covariances, 0, 1, 2) / points.std(axis=0) ** 2
        np.testing.assert_allclose(variances[:, 0], variances[:, 1], rtol=1e-9)
        assert variances.min() == pytest.approx(1e-6, rel=1e-6)

    def test_anything_but_yes_or_no_is_refused(self) -> None:
        with pytest.raises(ValueError, match="Standardising is either True or False"):
            fit(POINTS, FitSettings(2, standardise="yes"))  # type: ignore[arg-type]
