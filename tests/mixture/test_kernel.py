"""The two thin matrix products against the plain formulas."""

from __future__ import annotations

import numpy as np
import pytest

from gmm_desktop.mixture import Mixture, em_steps
from gmm_desktop.mixture.em import e_step
from gmm_desktop.mixture.kernel import Kernel, can_use_kernel
from gmm_desktop.mixture.points import check_points


def _case(n: int, d: int, k: int, seed: int = 1) -> tuple[np.ndarray, Mixture]:
    rng = np.random.default_rng(seed)
    centres = 4 * rng.normal(size=(k, d))
    points = centres[rng.integers(k, size=n)] + rng.normal(size=(n, d))
    factors = np.eye(d) + 0.3 * rng.normal(size=(k, d, d))
    weights = rng.dirichlet(np.full(k, 5.0))
    return points, Mixture(weights, centres + rng.normal(size=(k, d)), factors @ factors.transpose(0, 2, 1))


@pytest.mark.parametrize("d", [1, 2, 3, 6])
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize(("scale", "offset"), [(1.0, 0.0), (1e-90, 0.0), (1e90, 0.0), (1.0, 1e6)])
def test_it_gives_the_sums_of_the_plain_formulas(d: int, weighted: bool, scale: float, offset: float) -> None:
    points, mixture = _case(3000, d, 3)
    points = points * scale + offset
    mixture = Mixture(mixture.weights, mixture.means * scale + offset, mixture.covariances * scale**2)
    weight = np.random.default_rng(3).uniform(0, 2, len(points)) if weighted else None
    data = check_points(points, weight)
    kernel = Kernel(data, 3)
    assert kernel.suits(mixture)
    fast, plain = kernel.statistics(mixture), e_step(data, mixture)
    total = data.total
    assert fast.log_likelihood == pytest.approx(plain.log_likelihood, rel=1e-12, abs=1e-9 * total)
    np.testing.assert_allclose(fast.counts, plain.counts, rtol=1e-11)
    np.testing.assert_allclose(fast.sums / scale, plain.sums / scale, atol=1e-9 * total)
    np.testing.assert_allclose(fast.scatters / scale**2, plain.scatters / scale**2, atol=1e-9 * total)


def test_points_far_from_every_component_do_not_underflow() -> None:
    points, mixture = _case(500, 2, 2)
    far = Mixture(mixture.weights, mixture.means + 60.0, mixture.covariances / 4)
    data = check_points(points)
    fast, plain = Kernel(data, 2).statistics(far), e_step(data, far)
    assert np.isfinite(fast.log_likelihood)
    assert fast.log_likelihood == pytest.approx(plain.log_likelihood, rel=1e-12)


def test_a_component_that_would_lose_digits_is_left_to_the_plain_formulas() -> None:
    points, mixture = _case(500, 1, 2)
    narrow = Mixture(mixture.weights, mixture.means, np.array([1e-8, 1.0]))
    assert not Kernel(check_points(points), 2).suits(narrow)


def test_data_whose_scale_is_ruled_by_an_outlier_are_left_to_the_plain_formulas() -> None:
    points, _ = _case(500, 2, 2)
    assert can_use_kernel(check_points(points))
    assert not can_use_kernel(check_points(np.vstack([points, [[1e12, 0.0]]])))
    assert not can_use_kernel(check_points(np.random.default_rng(1).normal(size=(200, 7))))


def test_features_kept_or_made_anew_give_the_same_bits(monkeypatch: pytest.MonkeyPatch) -> None:
    points, start = _case(40_000, 2, 3)
    kept = [step.log_likelihood for step, _ in zip(em_steps(points, start), range(5), strict=False)]
    monkeypatch.setattr("gmm_desktop.mixture.kernel.KEPT_BYTES", 0)
    anew = [step.log_likelihood for step, _ in zip(em_steps(points, start), range(5), strict=False)]
    assert kept == anew
