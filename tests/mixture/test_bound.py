"""The bound and its gap, against F = E_q[log p(x, z)] + H(q) as scipy computes it."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import entropy, multivariate_normal

from gmm_desktop.mixture import FitHistory, FitSettings, Mixture, Trace, fit
from gmm_desktop.mixture.bound import bound_gaps
from gmm_desktop.mixture.points import FitCancelledError

Array = NDArray[np.float64]


def run(d: int, n: int = 120, **settings: object) -> tuple[Array, FitHistory]:
    rng = np.random.default_rng(d)
    points = np.concatenate([rng.normal(size=(n // 2, d)), rng.normal(2.0, 1.5, size=(n - n // 2, d))])
    return points, fit(points, FitSettings(3, max_iterations=30, tolerance=1e-9, **settings))  # type: ignore[arg-type]


def log_joint(mixture: Mixture, points: Array) -> Array:
    return np.stack(
        [
            np.log(w) + multivariate_normal(m, c).logpdf(points).reshape(-1)
            for w, m, c in zip(mixture.weights, mixture.means, mixture.covariances, strict=True)
        ],
        axis=1,
    )


def free_energy(before: Mixture, after: Mixture, points: Array, weight: Array) -> float:
    """E_q[log p(x, z)] + H(q), q from the mixture before."""
    joint = log_joint(before, points)
    q = np.exp(joint - np.logaddexp.reduce(joint, axis=1)[:, np.newaxis])
    return float(weight @ ((q * log_joint(after, points)).sum(axis=1) + entropy(q, axis=1)))


@pytest.mark.parametrize("d", [1, 2, 4])
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("acceleration", ["none", "squarem"])
def test_the_bound_is_the_expected_log_joint_plus_the_entropy(d: int, weighted: bool, acceleration: str) -> None:
    points, history = run(d, acceleration=acceleration)
    weight = np.random.default_rng(1).uniform(0, 2, len(points)) if weighted else np.ones(len(points))
    gaps = bound_gaps(points, history.trace(), weight if weighted else None)
    assert gaps.shape == (len(history) - 1,)
    for t in range(len(history) - 1):
        before, after = history.mixture_at(t), history.mixture_at(t + 1)
        likelihood = float(weight @ np.logaddexp.reduce(log_joint(after, points), axis=1))
        assert likelihood - gaps[t] == pytest.approx(free_energy(before, after, points, weight), abs=1e-9)


def test_an_m_step_raises_the_bound_and_an_e_step_lets_it_touch() -> None:
    points, history = run(2)
    values = history.log_likelihoods
    bounds = values[1:] - bound_gaps(points, history.trace())
    assert (bounds >= values[:-1] - 1e-9).all()
    assert (bounds <= values[1:]).all()
    assert bound_gaps(points, Trace(*(np.repeat(array[-1:], 2, axis=0) for array in history.trace()[:4]))) == 0.0


def test_a_tiny_gap_keeps_its_digits() -> None:
    """Two components, of which one moves by h: the divergence is h^2 / 2 times a sum that can be written down."""
    points = np.random.default_rng(0).normal(size=(50, 1)) * 3
    h = 1e-9
    means = np.array([[[-1.0], [1.0]], [[-1.0], [1.0 + h]]])
    weights, covariances = np.full((2, 2), 0.5), np.ones((2, 2, 1, 1))
    [gap] = bound_gaps(points, Trace(np.zeros(2), weights, means, covariances))
    r = 1 / (1 + np.exp(-2 * points[:, 0]))
    expected = h**2 / 2 * (r * (1 - r) * (points[:, 0] - 1.0) ** 2).sum()
    assert gap == pytest.approx(expected, rel=1e-5)
    assert gap < 1e-15


def test_many_points_and_many_mixtures_are_taken_in_parts() -> None:
    points, history = run(2, n=200)
    trace = Trace(*(np.concatenate([array] * 20) for array in history.trace()[:4]))
    gaps = bound_gaps(points, trace)
    once = bound_gaps(points, history.trace())
    np.testing.assert_allclose(gaps[: len(once)], once, rtol=1e-9)
    np.testing.assert_allclose(gaps[-len(once) :], once, rtol=1e-9)
    repeated = np.concatenate([points] * 60)
    np.testing.assert_allclose(bound_gaps(repeated, history.trace()), 60 * once, rtol=1e-9)


def test_a_component_that_owns_nothing_and_far_points_give_numbers() -> None:
    points = np.array([[0.0], [1.0], [500.0]])
    weights = np.array([[0.5, 0.5], [1.0, 0.0]])
    means = np.array([[[0.5], [-4000.0]], [[0.4], [-4000.0]]])
    [gap] = bound_gaps(points, Trace(np.zeros(2), weights, means, np.ones((2, 2, 1, 1))))
    assert gap == 0.0


def test_it_can_be_given_up() -> None:
    points, history = run(1)
    with pytest.raises(FitCancelledError):
        bound_gaps(points, history.trace(), cancelled=lambda: True)
