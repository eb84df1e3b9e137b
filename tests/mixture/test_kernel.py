"""The two thin matrix products against the plain formulas."""

from __future__ import annotations

import numpy as np
import pytest

from gmm_desktop.mixture import Mixture, em_steps
from gmm_desktop.mixture.em import e_step
from gmm_desktop.mixture.kernel import Kernel
from gmm_desktop.mixture.points import WeightedPoints, check_points
from gmm_desktop.mixture.statistics import Statistics


def _case(n: int, d: int, k: int, seed: int = 1) -> tuple[np.ndarray, Mixture]:
    rng = np.random.default_rng(seed)
    centres = 4 * rng.normal(size=(k, d))
    points = centres[rng.integers(k, size=n)] + rng.normal(size=(n, d))
    factors = np.eye(d) + 0.3 * rng.normal(size=(k, d, d))
    weights = rng.dirichlet(np.full(k, 5.0))
    return points, Mixture(weights, centres + rng.normal(size=(k, d)), factors @ factors.transpose(0, 2, 1))


def _both(data: WeightedPoints, mixture: Mixture) -> tuple[Statistics, Statistics]:
    """What the kernel says, and what the formulas say about the same centre."""
    centred = mixture.moved(-data.origin)
    with np.errstate(divide="ignore"):
        fast = Kernel(data, mixture.n_components).statistics(centred)
    assert fast is not None
    assert fast.centres is None
    return fast, e_step(data, centred, centres=np.zeros_like(mixture.means))


@pytest.mark.parametrize("d", [1, 2, 3, 6])
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize(("scale", "offset"), [(1.0, 0.0), (1e-90, 0.0), (1e90, 0.0), (1.0, 1e6)])
def test_it_gives_the_sums_of_the_plain_formulas(d: int, weighted: bool, scale: float, offset: float) -> None:
    points, mixture = _case(3000, d, 3)
    points = points * scale + offset
    mixture = Mixture(mixture.weights, mixture.means * scale + offset, mixture.covariances * scale**2)
    weight = np.random.default_rng(3).uniform(0, 2, len(points)) if weighted else None
    data = check_points(points, weight)
    fast, plain = _both(data, mixture)
    assert fast.log_likelihood == pytest.approx(plain.log_likelihood, rel=1e-12, abs=1e-11 * data.total)
    np.testing.assert_allclose(fast.counts, plain.counts, rtol=1e-11)
    np.testing.assert_allclose(fast.sums / scale, plain.sums / scale, atol=1e-10 * data.total)
    np.testing.assert_allclose(fast.scatters / scale**2, plain.scatters / scale**2, atol=1e-10 * data.total)


def test_points_far_from_every_component_do_not_underflow() -> None:
    points, mixture = _case(500, 2, 2)
    far = Mixture(mixture.weights, mixture.means + 60.0, mixture.covariances / 4)
    fast, plain = _both(check_points(points), far)
    assert np.isfinite(fast.log_likelihood)
    assert fast.log_likelihood == pytest.approx(plain.log_likelihood, rel=1e-12)


@pytest.mark.parametrize("d", [1, 2])
def test_a_component_that_would_lose_digits_is_left_to_the_plain_formulas(d: int) -> None:
    points, mixture = _case(500, d, 2)
    data = check_points(points)
    covariances = mixture.covariances.copy()
    covariances[0] *= 1e-8
    kernel = Kernel(data, 2)
    assert kernel.statistics(mixture.moved(-data.origin)) is not None
    assert kernel.statistics(Mixture(mixture.weights, mixture.means - data.origin, covariances)) is None


@pytest.mark.parametrize("d", [1, 2])
def test_one_without_weight_may_lie_anywhere(d: int) -> None:
    points, mixture = _case(500, d, 2)
    lost = Mixture(np.array([1.0, 0.0]), np.array([mixture.means[0], np.full(d, 1e9)]), mixture.covariances)
    fast, plain = _both(check_points(points), lost)
    assert fast.counts[1] == 0
    assert fast.log_likelihood == pytest.approx(plain.log_likelihood, rel=1e-12)


def test_an_outlier_costs_the_others_no_digits() -> None:
    points, mixture = _case(500, 2, 2)
    data = check_points(np.vstack([points, [[1e12, 0.0]]]))
    with_it, without_it = _both(data, mixture)[0], _both(check_points(points), mixture)[1]
    np.testing.assert_allclose(with_it.counts.sum(), without_it.counts.sum() + 1)
    owner = np.argmax(with_it.counts - without_it.counts)
    np.testing.assert_allclose(np.delete(with_it.counts, owner), np.delete(without_it.counts, owner), rtol=1e-12)


def test_features_kept_or_made_anew_give_the_same_bits(monkeypatch: pytest.MonkeyPatch) -> None:
    points, start = _case(40_000, 2, 3)
    kept = [step.log_likelihood for step, _ in zip(em_steps(points, start), range(5), strict=False)]
    monkeypatch.setattr("gmm_desktop.mixture.kernel.KEPT_BYTES", 0)
    anew = [step.log_likelihood for step, _ in zip(em_steps(points, start), range(5), strict=False)]
    assert kept == anew
