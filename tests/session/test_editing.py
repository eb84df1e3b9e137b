"""What a hand does to a mixture: valid, of the covariance type, and where it was put."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from gmm_desktop.data import dataset_from_array
from gmm_desktop.mixture import COVARIANCE_TYPES, FitSettings, Mixture
from gmm_desktop.session import editing
from gmm_desktop.session.editing import Rules

Array = NDArray[np.float64]
TYPES = tuple(COVARIANCE_TYPES)
UNITS = np.array([0.01, 0.4])  # data units of a pixel: what a plot of two unlike columns has


def mixture_of(covariance: str, d: int = 2, k: int = 3, scale: float = 1.0) -> Mixture:
    """Components without any symmetry, under the constraint of the type."""
    rng = np.random.default_rng(7)
    roots = rng.normal(size=(k, d, d)) + 2 * np.eye(d)
    scatters = roots @ roots.transpose(0, 2, 1) * scale**2
    weights = np.arange(1.0, k + 1) / np.arange(1.0, k + 1).sum()
    covariances = COVARIANCE_TYPES[covariance].constrain(scatters * weights[:, None, None], weights)
    return Mixture(weights, rng.normal(size=(k, d)) * 5 * scale, covariances)


def rules_of(covariance: str, d: int = 2, scale: float = 1.0) -> Rules:
    return Rules(covariance, np.full(d, 3.0) * scale, 1e-6, 100)


def distance(mixture: Mixture, component: int, columns: list[int], away: Array) -> float:
    """How many standard deviations ``away`` is from the mean of the marginal."""
    block = mixture.covariances[component][np.ix_(columns, columns)]
    return float(np.sqrt(away @ np.linalg.solve(block, away)))


def obeys(mixture: Mixture, covariance: str) -> bool:
    """By what the types promise, not by the code that makes them."""
    c = mixture.covariances
    off = c * (1 - np.eye(c.shape[1]))
    variances = np.diagonal(c, axis1=1, axis2=2)
    if covariance == "tied":
        return bool((c == c[0]).all())
    if covariance == "diag":
        return not off.any()
    return covariance == "full" or bool(not off.any() and (variances == variances[:, :1]).all())


@pytest.mark.parametrize("d", [1, 2, 4])
def test_a_mean_moves_in_the_shown_columns_and_nothing_else_does(d: int) -> None:
    before = mixture_of("full", d)
    columns = [0] if d == 1 else [d - 1, 0]
    after = editing.move_mean(before, 1, columns, np.array([11.0, -3.0])[: len(columns)])
    wanted = before.means.copy()
    wanted[1, columns] = [11.0, -3.0][: len(columns)]
    np.testing.assert_array_equal(after.means, wanted)
    np.testing.assert_array_equal(after.weights, before.weights)
    np.testing.assert_array_equal(after.covariances, before.covariances)


@pytest.mark.parametrize("covariance", TYPES)
@pytest.mark.parametrize(("d", "columns"), [(2, [0, 1]), (4, [2, 0])])
@pytest.mark.parametrize("axis", [0, 1])
def test_a_pulled_axis_ends_where_it_was_put(covariance: str, d: int, columns: list[int], axis: int) -> None:
    before, rules = mixture_of(covariance, d), rules_of(covariance, d)
    lengths, directions = editing.axes(before, 1, columns, UNITS, rules)
    away = 2.5 * lengths[axis] * directions[axis] * UNITS
    assert distance(before, 1, columns, away) == pytest.approx(2.5)
    after = editing.set_axis(before, 1, columns, axis, 2.5 * lengths[axis], UNITS, rules)
    assert distance(after, 1, columns, away) == pytest.approx(1.0)
    other = lengths[1 - axis] * directions[1 - axis] * UNITS
    alone = covariance != "spherical"
    assert distance(after, 1, columns, other) == pytest.approx(1.0 if alone else 1 / 2.5)
    assert obeys(after, covariance)
    still = [0, 2] if covariance != "tied" else []
    np.testing.assert_array_equal(after.covariances[still], before.covariances[still])
    np.testing.assert_array_equal(after.means, before.means)


@pytest.mark.parametrize("covariance", ["full", "tied"])
@pytest.mark.parametrize(("d", "columns"), [(2, [0, 1]), (4, [2, 0])])
def test_a_turned_ellipse_keeps_its_size_as_it_is_drawn(covariance: str, d: int, columns: list[int]) -> None:
    before, rules = mixture_of(covariance, d), rules_of(covariance, d)
    lengths, directions = editing.axes(before, 2, columns, UNITS, rules)
    after = editing.turn(before, 2, columns, np.radians(30), UNITS, rules)
    cosine, sine = np.cos(np.radians(30)), np.sin(np.radians(30))
    for length, (x, y) in zip(lengths, directions, strict=True):
        turned = length * np.array([cosine * x - sine * y, sine * x + cosine * y])
        assert distance(after, 2, columns, turned * UNITS) == pytest.approx(1.0)
    np.testing.assert_allclose(editing.axes(after, 2, columns, UNITS, rules)[0], lengths)
    assert obeys(after, covariance)
    back = editing.turn(after, 2, columns, -np.radians(30), UNITS, rules)
    np.testing.assert_allclose(back.covariances, before.covariances, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("covariance", ["diag", "spherical"])
def test_what_lies_along_the_columns_cannot_be_turned(covariance: str) -> None:
    before, rules = mixture_of(covariance), rules_of(covariance)
    assert not rules.can_turn
    assert editing.turn(before, 0, [0, 1], 1.0, UNITS, rules) is before
    _, directions = editing.axes(before, 0, [0, 1], UNITS, rules)
    np.testing.assert_array_equal(directions, np.eye(2))


def test_columns_that_are_not_shown_stay_and_their_correlations_follow() -> None:
    before, rules = mixture_of("full", 4), rules_of("full", 4)
    lengths, _ = editing.axes(before, 0, [0, 1], UNITS, rules)
    after = editing.set_axis(before, 0, [0, 1], 0, lengths[0] / 30, UNITS, rules)
    np.testing.assert_array_equal(after.covariances[0][2:, 2:], before.covariances[0][2:, 2:])
    assert np.linalg.eigvalsh(after.covariances[0]).min() > 0
    thin = editing.axes(after, 0, [0, 1], UNITS, rules)[0]
    again = editing.set_axis(after, 0, [0, 1], int(np.argmin(np.abs(thin - lengths[0] / 30))), lengths[0], UNITS, rules)
    np.testing.assert_allclose(again.covariances, before.covariances, rtol=1e-9)
    # The conditional of the hidden columns depends on the shown ones as much as before, in their own standard units.
    shown, hidden = [0, 1], [2, 3]

    def explained(mixture: Mixture) -> Array:
        c = mixture.covariances[0]
        cross = c[np.ix_(shown, hidden)]
        return np.asarray(cross.T @ np.linalg.solve(c[np.ix_(shown, shown)], cross))

    np.testing.assert_allclose(explained(after), explained(before), rtol=1e-6)


@pytest.mark.parametrize("covariance", TYPES)
@pytest.mark.parametrize("scale", [1e-100, 1.0, 1e100])
def test_no_pull_makes_a_component_flat(covariance: str, scale: float) -> None:
    mixture, rules = mixture_of(covariance, scale=scale), rules_of(covariance, scale=scale)
    for axis in (0, 1, 0):
        mixture = editing.set_axis(mixture, 0, [0, 1], axis, 0.0, UNITS * scale, rules)
    smallest = np.linalg.eigvalsh(mixture.covariances[0] / (3.0 * scale) ** 2).min()
    assert smallest == pytest.approx(1e-6)
    assert obeys(mixture, covariance)
    assert np.isfinite(mixture.log_density(mixture.means)).all()


def test_a_width_is_a_standard_deviation() -> None:
    before = mixture_of("full", 1)
    after = editing.set_width(before, 1, 0, 4.25, rules_of("full", 1))
    assert np.sqrt(after.covariances[1, 0, 0]) == pytest.approx(4.25)
    tied = editing.set_width(mixture_of("tied", 1), 1, 0, 4.25, rules_of("tied", 1))
    np.testing.assert_allclose(np.sqrt(tied.covariances[:, 0, 0]), 4.25)


@pytest.mark.parametrize(("asked", "got"), [(0.7, 0.7), (2.0, 0.999), (-1.0, 0.001)])
def test_a_weight_is_set_and_the_others_share_the_rest(asked: float, got: float) -> None:
    before = mixture_of("full")
    after = editing.set_weight(before, 1, asked)
    assert after.weights[1] == pytest.approx(got)
    assert after.weights.sum() == pytest.approx(1.0)
    assert after.weights[2] / after.weights[0] == pytest.approx(before.weights[2] / before.weights[0])
    one = editing.remove_component(editing.remove_component(before, 0), 0)
    assert editing.set_weight(one, 0, 0.3).weights.tolist() == [1.0]
    alone = Mixture([1.0, 0.0], [0.0, 1.0], [1.0, 1.0])
    assert editing.set_weight(alone, 0, 0.4).weights.tolist() == pytest.approx([0.4, 0.6])


@pytest.mark.parametrize("covariance", TYPES)
@pytest.mark.parametrize(("d", "columns"), [(1, [0]), (2, [0, 1]), (3, [2, 0])])
def test_a_component_added_lies_at_the_place_and_is_like_the_others(
    covariance: str, d: int, columns: list[int]
) -> None:
    before, rules = mixture_of(covariance, d), rules_of(covariance, d)
    place = np.array([1.5, -2.0])[: len(columns)]
    after = editing.add_component(before, columns, place, rules)
    assert after.n_components == 4
    np.testing.assert_array_equal(after.means[3, columns], place)
    np.testing.assert_array_equal(after.means[:3], before.means)
    assert after.weights[3] == pytest.approx(1 / 4)
    assert after.weights.sum() == pytest.approx(1.0)
    volumes = np.linalg.slogdet(before.covariances)[1]
    assert volumes.min() - 1e-9 <= np.linalg.slogdet(after.covariances[3])[1]
    spread = np.diagonal(before.covariances, axis1=1, axis2=2)
    assert (np.diagonal(after.covariances[3]) <= spread.max(axis=0) * (1 + 1e-12)).all()
    assert obeys(Mixture(after.weights, after.means, after.covariances.round(12)), covariance)
    hidden = [j for j in range(d) if j not in columns]
    assert (after.means[3, hidden] >= before.means[:, hidden].min(axis=0)).all()
    assert (after.means[3, hidden] <= before.means[:, hidden].max(axis=0)).all()


def test_there_is_a_most_of_components() -> None:
    few = Rules("full", np.ones(1), 1e-6, 3)
    with pytest.raises(ValueError, match=r"only 3 points.*\.$"):
        editing.add_component(mixture_of("full", 1), [0], [0.0], few)
    many = Mixture(np.full(50, 1 / 50), np.arange(50.0), np.ones(50))
    with pytest.raises(ValueError, match=r"50 components at the most\.$"):
        editing.add_component(many, [0], [0.0], rules_of("full", 1))


def test_a_component_removed_leaves_its_weight_to_the_others() -> None:
    before = mixture_of("full")
    after = editing.remove_component(before, 1)
    np.testing.assert_array_equal(after.means, before.means[[0, 2]])
    assert after.weights.tolist() == pytest.approx([1 / 4, 3 / 4])
    with pytest.raises(ValueError, match=r"one component at the least.*\.$"):
        editing.remove_component(editing.remove_component(after, 0), 0)


def test_the_rules_are_those_of_the_fit() -> None:
    points = np.column_stack([np.arange(10.0), np.full(10, 4.0)])
    rules = editing.rules_for(FitSettings(covariance="tied", variance_floor=0.0), dataset_from_array(points))
    assert (rules.covariance, rules.all_alike, rules.can_turn, rules.points) == ("tied", True, True, 10)
    assert rules.floor > 0
    assert (rules.scale > 0).all()
