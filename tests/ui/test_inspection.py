"""Bayes' rule with its own numbers, judged by scipy."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest
from scipy.stats import multivariate_normal

from gmm_desktop.data import dataset_from_array
from gmm_desktop.mixture import Mixture
from gmm_desktop.ui.inspection import Inspection, Target, inspect, shares
from tests.ui.showing import snapshot, two_groups

RULE = re.compile(r"([A-Z]) \([a-z ]+\): (\S+) × (\S+) / (\S+) = (\S+)\.(?: |$)")


def some_mixture(k: int, d: int, seed: int = 0) -> Mixture:
    rng = np.random.default_rng(seed)
    factors = rng.normal(size=(k, d, d))
    return Mixture(
        rng.dirichlet(np.ones(k)), rng.normal(size=(k, d)) * 2, factors @ factors.transpose(0, 2, 1) + np.eye(d)
    )


def judged(mixture: Mixture, place: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    logs = [multivariate_normal.logpdf(place, m, c) for m, c in zip(mixture.means, mixture.covariances, strict=True)]
    joint = np.log(mixture.weights) + logs
    return np.array(logs), joint - np.logaddexp.reduce(joint)


@pytest.mark.parametrize("k", [1, 2, 3, 12])
@pytest.mark.parametrize("d", [1, 2, 4])
def test_the_numbers_are_those_of_scipy(k: int, d: int) -> None:
    mixture, place = some_mixture(k, d), np.linspace(0.3, 1.1, d)
    given = shares(mixture, place)
    assert given is not None
    log_densities, log_responsibilities = judged(mixture, place)
    np.testing.assert_allclose(given.log_densities, log_densities, rtol=1e-12)
    np.testing.assert_allclose(given.log_responsibilities, log_responsibilities, rtol=1e-10, atol=1e-13)


def looked_at(place: list[float], mixture: Mixture) -> Inspection:
    dataset = two_groups() if len(place) == 2 else dataset_from_array(np.arange(9.0))
    return inspect(Target(dataset, np.array(place)), snapshot(dataset, mixture))


@pytest.mark.parametrize("place", [[0.0, 0.0], [3.0, -1.0], [30.0, 40.0], [1e4, -1e4]])
def test_each_line_is_a_true_equation(place: list[float]) -> None:
    mixture = some_mixture(3, 2)
    lines = RULE.findall(looked_at(place, mixture).spoken())
    assert [line[0] for line in lines] == ["A", "B", "C"]
    _, responsibilities = judged(mixture, np.array(place))
    for c, (_, weight, density, total, responsibility) in enumerate(lines):
        log = math.log(float(weight)) + log_of(density) - log_of(total)
        assert log == pytest.approx(log_of(responsibility), abs=0.02)
        assert log_of(responsibility) == pytest.approx(responsibilities[c], abs=0.006)


def log_of(text: str) -> float:
    """Of a number that may lie outside of what a float holds."""
    mantissa, _, power = text.partition("e")
    return math.log(float(mantissa)) + int(power or 0) * math.log(10)


def test_where_all_densities_are_zero_in_floating_point_it_says_so_and_still_shares_out() -> None:
    mixture = Mixture([0.5, 0.5], [[-1.0, 0.0], [1.0, 0.0]], [np.eye(2)] * 2)
    far = looked_at([0.01, 60.0], mixture)
    assert multivariate_normal.pdf([0.01, 60.0], [1.0, 0.0]) == 0
    assert any("0 in floating point" in note for note in far.notes)
    responsibilities = [float(line[4]) for line in RULE.findall(far.spoken())]
    assert responsibilities == pytest.approx([1 / (1 + math.exp(0.02)), 1 / (1 + math.exp(-0.02))], abs=5e-4)
    assert not any("floating" in note for note in looked_at([0.01, 1.0], mixture).notes)


def test_a_component_without_weight_gets_nothing() -> None:
    spoken = looked_at([0.0, 0.0], Mixture([1.0, 0.0], [[0.0, 0.0], [1.0, 0.0]], [np.eye(2)] * 2)).spoken()
    assert [line[1] for line in RULE.findall(spoken)] == ["1.00", "0"]
    assert [line[4] for line in RULE.findall(spoken)] == ["1.00", "0"]


@pytest.mark.parametrize("place", [[1e200, 0.0], [-1e300, 1e300]])
def test_a_place_beyond_all_numbers_is_told_in_a_sentence(place: list[float]) -> None:
    spoken = looked_at(place, some_mixture(2, 2)).spoken()
    assert "too far" in spoken
    assert "nan" not in spoken.lower()


def test_tiny_scales_have_numbers_too() -> None:
    mixture = Mixture([0.5, 0.5], [[-1e-100, 0.0], [1e-100, 0.0]], [np.eye(2) * 1e-200] * 2)
    lines = RULE.findall(looked_at([0.0, 0.0], mixture).spoken())
    assert [line[4] for line in lines] == ["0.500", "0.500"]
    assert log_of(lines[0][2]) == pytest.approx(math.log(1e200) - math.log(2 * math.pi) - 0.5, abs=0.01)


def test_it_says_whose_the_responsibilities_are() -> None:
    dataset, mixture = two_groups(), some_mixture(2, 2)
    target = Target.of_row(dataset, 3)
    start = inspect(target, snapshot(dataset, mixture, started=False, phase="start"))
    assert "No E-step has happened yet." in start.spoken()
    assert "×" not in start.spoken()
    assert "After the E-step of iteration 1." in inspect(target, snapshot(dataset, mixture)).spoken()
    later = inspect(target, snapshot(dataset, mixture, iteration=5, phase="M"))
    assert "After the E-step of iteration 4, before the M-step" in later.spoken()


def test_points_at_the_same_place_are_counted() -> None:
    dataset = dataset_from_array([[1.0, 2.0], [0.0, 0.0], [1.0, 2.0], [1.0, 2.0]])
    assert Target.of_row(dataset, 0).title() == "Point 1 and 2 others there"
    assert Target.of_row(dataset, 1).title() == "Point 2"


def test_a_weighted_row_says_how_much_it_counts() -> None:
    dataset = dataset_from_array([[1.0, 2.0], [0.0, 0.0]], sample_weight=np.array([2.5, 1.0]))
    said = inspect(Target.of_row(dataset, 0), snapshot(dataset, some_mixture(2, 2))).spoken()
    assert "This row counts as 2.5 points." in said
