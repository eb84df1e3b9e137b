"""The script that makes a GaussianMixture of scikit-learn."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.mixture import GaussianMixture
from sklearn.mixture._gaussian_mixture import _compute_precision_cholesky
from sklearn.utils.validation import check_is_fitted

from gmm_desktop.data import dataset_from_array
from gmm_desktop.export import FitReport
from gmm_desktop.mixture import FitSettings, Mixture, fit
from tests.export.fits import NASTY, report_of, run_python, wanted
from tests.export.made import made


class TestScikitLearn:
    def rebuilt(self, report: FitReport) -> Any:
        """A GaussianMixture whose attributes are set as scikit-learn's own users set them."""
        kind, arrays = report.settings.covariance, wanted(report)
        diagonals = np.diagonal(arrays["covariances"], axis1=1, axis2=2)
        short = {"tied": arrays["covariances"][0], "diag": diagonals, "spherical": diagonals[:, 0]}
        covariances = short.get(kind, arrays["covariances"])
        mixture = GaussianMixture(len(report.letters), covariance_type=kind)
        mixture.weights_, mixture.means_, mixture.covariances_ = arrays["weights"], arrays["means"], covariances
        mixture.precisions_cholesky_ = _compute_precision_cholesky(covariances, kind)
        return mixture

    def test_every_bit_is_that_of_a_mixture_with_these_parameters(self, report: FitReport) -> None:
        exported = run_python(made(report, "fit.py", "parameters"))["mixture"]
        expected, points = self.rebuilt(report), report.dataset.points
        assert exported.covariance_type == report.settings.covariance
        assert exported.covariances_.shape == expected.covariances_.shape
        assert_array_equal(exported.predict_proba(points), expected.predict_proba(points))
        assert_array_equal(exported.score_samples(points), expected.score_samples(points))
        assert exported.bic(points) == expected.bic(points)

    def test_its_numbers_are_ours(self, report: FitReport) -> None:
        exported = run_python(made(report, "fit.py", "parameters"))["mixture"]
        points, mixture = report.dataset.points, report.mixture
        shares = mixture.responsibilities(points)[:, report.order]
        # scikit-learn multiplies out the squares of these two types, which costs it digits where a component is narrow.
        close = 1e-10 if report.settings.covariance in ("diag", "spherical") else 1e-12
        assert_allclose(exported.predict_proba(points), shares, rtol=0, atol=close)
        assert_allclose(exported.score_samples(points), mixture.log_density(points), rtol=close, atol=close)
        assert_allclose(exported.bic(points), report.criteria.bic, rtol=close)
        assert exported.lower_bound_ == report.log_likelihood / len(points)
        assert (exported.converged_, exported.n_iter_) == (report.outcome == "converged", report.shown)

    def test_it_has_all_that_scikit_learn_sets(self, report: FitReport) -> None:

        exported = run_python(made(report, "fit.py", "parameters"))["mixture"]
        own = GaussianMixture(len(report.letters), covariance_type=report.settings.covariance)
        own.fit(report.dataset.points)
        assert {name for name in vars(own) if name.endswith("_")} <= set(vars(exported))
        check_is_fitted(exported)
        for name in ("precisions_", "precisions_cholesky_", "covariances_"):
            assert getattr(exported, name).shape == getattr(own, name).shape
        assert exported.sample(5)[0].shape == (5, report.dataset.dimension)

    def test_it_runs_by_itself(self, tmp_path: Path) -> None:
        path = tmp_path / "fit.py"
        path.write_bytes(made(report_of(NASTY, 3, "tied"), path, "parameters"))
        command = [sys.executable, "-W", "error", "-I", str(path)]
        done = subprocess.run(command, capture_output=True, timeout=60)
        assert done.returncode == 0, done.stderr
        assert done.stdout.decode().startswith("A 0.")

    def test_names_come_back(self) -> None:
        assert run_python(made(report_of(NASTY, 2, "full"), "fit.py", "parameters"))["columns"] == list(NASTY)

    def test_a_start_that_is_not_of_the_type_is_given_in_full(self) -> None:
        start = Mixture([0.5, 0.5], [[0.0, 0.0], [3.0, 3.0]], [[[1, 0.5], [0.5, 1]], [[2, 0], [0, 1]]])
        points = np.random.default_rng(0).normal(size=(50, 2))
        settings = FitSettings(components=2, covariance="spherical")
        report = FitReport(dataset_from_array(points), settings, fit(points, settings, start=start), iteration=0)
        exported = run_python(made(report, "fit.py", "parameters"))["mixture"]
        assert exported.covariance_type == "full"
        assert_allclose(exported.score_samples(points), start.log_density(points), rtol=1e-12)


class TestStandardisedSpheres:
    @pytest.fixture
    def spheres(self) -> FitReport:
        rng = np.random.default_rng(5)
        points = rng.normal(size=(300, 2)) * [1.0, 40.0] + np.where(np.arange(300) % 3, 0.0, 5.0)[:, np.newaxis]
        settings = FitSettings(components=2, covariance="spherical", standardise=True)
        return FitReport(dataset_from_array(points), settings, fit(points, settings))

    def test_they_are_diagonal_and_say_the_same_of_the_points(self, spheres: FitReport) -> None:
        exported = run_python(made(spheres, "fit.py", "parameters"))["mixture"]
        points, mixture = spheres.dataset.points, spheres.mixture
        assert exported.covariance_type == "diag"
        shares = mixture.responsibilities(points)[:, spheres.order]
        assert_allclose(exported.predict_proba(points), shares, rtol=0, atol=1e-10)
        assert_allclose(exported.score_samples(points), mixture.log_density(points), rtol=1e-10)

    def test_a_comment_says_what_scikit_learn_counts(self, spheres: FitReport) -> None:
        content = made(spheres, "fit.py", "parameters")
        exported, n = run_python(content)["mixture"], spheres.dataset.size
        assert spheres.criteria.parameters == 7
        more = exported.bic(spheres.dataset.points) - spheres.criteria.bic
        assert_allclose(more, 2 * np.log(n), rtol=1e-9)
        text = content.decode()
        assert "count the 9 free parameters of diag covariances; AIC and BIC above count 7." in text
        assert "# covariance type: spherical, in columns divided by their standard deviations" in text
        assert "given as diagonal ones" in text
        assert "in full" not in text + made(spheres, "fit.R", "parameters").decode()

    def test_it_says_nothing_where_scikit_learn_counts_the_same(self, report: FitReport) -> None:
        assert "mixture.bic" not in made(report, "fit.py", "parameters").decode()

    def test_weights_of_rows(self, spheres: FitReport) -> None:
        dataset = replace(spheres.dataset, sample_weight=np.linspace(1, 2, 300))
        content = made(replace(spheres, dataset=dataset), "fit.py", "parameters").decode()
        assert "mixture.aic and mixture.bic count every row once, whatever its weight." in content
