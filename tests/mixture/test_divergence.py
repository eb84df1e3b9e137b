"""The divergence from the truth, against closed forms and numerical integration."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import multivariate_normal, norm

from gmm_desktop.mixture import Mixture, Trace
from gmm_desktop.mixture.divergence import TruthSample, mean_log_likelihood
from gmm_desktop.mixture.points import FitCancelledError

TRUTH = Mixture([0.3, 0.7], [-2.0, 1.5], [1.0, 0.5])


def trace(*mixtures: Mixture) -> Trace:
    arrays = (np.stack([getattr(m, name) for m in mixtures]) for name in ("weights", "means", "covariances"))
    return Trace(np.zeros(len(mixtures)), *arrays)


def gaussian(mean: float, deviation: float) -> Mixture:
    return Mixture([1.0], [mean], [deviation**2])


@pytest.mark.parametrize(("mean", "deviation"), [(0.0, 1.1), (0.5, 1.0), (0.01, 1.0), (-1.0, 3.0), (3.0, 0.7)])
def test_two_gaussians_agree_with_the_closed_form(mean: float, deviation: float) -> None:
    sample = TruthSample(gaussian(0.0, 1.0), 10_000, 5)
    [[estimate], [error]] = sample.divergences(trace(gaussian(mean, deviation)))
    exact = np.log(deviation) + (1 + mean**2) / (2 * deviation**2) - 0.5
    assert abs(estimate - exact) < 4 * error
    assert 0 < error < 0.3 * np.sqrt(exact)


def test_gaussians_in_three_dimensions_agree_with_the_closed_form() -> None:
    rng = np.random.default_rng(3)
    factors = np.eye(3) + 0.2 * rng.normal(size=(2, 3, 3))
    s, c = (f @ f.T for f in factors)
    m = np.array([0.3, -0.1, 0.2])
    sample = TruthSample(Mixture([1.0], [np.zeros(3)], [s]), 10_000, 6)
    [[estimate], [error]] = sample.divergences(trace(Mixture([1.0], [m], [c])))
    inverse = np.linalg.inv(c)
    exact = 0.5 * (np.trace(inverse @ s) + m @ inverse @ m - 3 + np.log(np.linalg.det(c) / np.linalg.det(s)))
    assert abs(estimate - exact) < 4 * error


def test_mixtures_agree_with_numerical_integration() -> None:
    fits = (Mixture([0.35, 0.65], [-1.9, 1.45], [1.1, 0.55]), gaussian(0.4, 2.0), Mixture([0.3, 0.7], [-1, 1], [1, 1]))
    estimates, errors = TruthSample(TRUTH, 10_000, 7).divergences(trace(*(two(m) for m in fits)))

    def density(x: float, mixture: Mixture = TRUTH) -> float:
        parts = zip(mixture.weights, mixture.means[:, 0], mixture.covariances[:, 0, 0], strict=True)
        return float(sum(w * norm.pdf(x, m, np.sqrt(v)) for w, m, v in parts))

    for mixture, estimate, error in zip(fits, estimates, errors, strict=True):
        exact = quad(lambda x, q=mixture: density(x) * np.log(density(x) / density(x, q)), -10, 10, limit=200)[0]
        assert abs(estimate - exact) < 4 * error


def two(mixture: Mixture) -> Mixture:
    """The same with two components."""
    if mixture.n_components == 2:
        return mixture
    return Mixture([0.5, 0.5], np.repeat(mixture.means, 2, axis=0), np.repeat(mixture.covariances, 2, axis=0))


def test_errors_are_as_large_as_estimates_scatter() -> None:
    close = trace(Mixture([0.32, 0.68], [-2.05, 1.45], [1.1, 0.5]))
    found = np.array([TruthSample(TRUTH, 2_000, seed).divergences(close)[:, 0] for seed in range(60)])
    assert found[:, 0].std() == pytest.approx(found[:, 1].mean(), rel=0.35)


def test_the_truth_is_at_no_distance_from_itself() -> None:
    assert TruthSample(TRUTH, 1000, 8).divergences(trace(TRUTH))[0, 0] == pytest.approx(0.0, abs=1e-12)


def test_leads_are_differences_of_log_likelihoods() -> None:
    fitted = Mixture([0.4, 0.6], [-2.1, 1.3], [0.9, 0.6])
    sample = TruthSample(TRUTH, 500, 9)

    def judged(mixture: Mixture) -> float:
        joint = [
            np.log(w) + multivariate_normal(m, c).logpdf(sample.points[:, 0])
            for w, m, c in zip(mixture.weights, mixture.means, mixture.covariances, strict=True)
        ]
        return float(np.logaddexp.reduce(joint).mean())

    np.testing.assert_allclose(sample.leads(trace(fitted, TRUTH)), [judged(fitted) - judged(TRUTH), 0.0], atol=1e-12)
    assert mean_log_likelihood(fitted, sample.points) == pytest.approx(judged(fitted), rel=1e-12)
    weight = np.repeat([0.0, 2.0], 250)
    half = TruthSample(TRUTH, 500, 9).points[250:]
    assert mean_log_likelihood(fitted, sample.points, weight) == pytest.approx(mean_log_likelihood(fitted, half))


def test_samples_are_those_of_their_seed_and_are_not_the_data() -> None:
    one, same, other = (TruthSample(TRUTH, 50, *seed).points for seed in ((4, 1), (4, 1), (4, 2)))
    np.testing.assert_array_equal(one, same)
    assert not np.isin(one, other).any()
    assert not np.isin(one, TRUTH.sample(50, np.random.default_rng(4))[0]).any()


def test_it_can_be_given_up() -> None:
    with pytest.raises(FitCancelledError):
        TruthSample(TRUTH, 100, 1).divergences(trace(TRUTH), lambda: True)
