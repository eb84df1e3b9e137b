"""What must hold whatever the data: properties, tried on thousands of data sets that hypothesis chooses.

The usual run draws the same data sets each time. GMM_PROPERTIES=20 draws twenty times as many, and others each time.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from numpy.typing import NDArray

from gmm_desktop.mixture import (
    EMStep,
    FitSettings,
    Mixture,
    classification_entropy,
    criteria,
    em_steps,
    fit,
    fit_steps,
    initialise,
    quantities,
)
from tests.mixture.recipes import (
    KINDS,
    LARGE,
    RECIPES,
    SETTINGS,
    Problem,
    Recipe,
    assert_says_what_to_do,
    column_deviations,
    properties,
    some_labels,
)

Array = NDArray[np.float64]

# --- What holds of every fit ----------------------------------------------------------------------------------------


@properties(500)
@given(RECIPES, SETTINGS)
@example(LARGE, FitSettings(5, summarise="never", max_iterations=3))
def test_every_reported_number_is_finite(recipe: Recipe, wanted: FitSettings) -> None:
    problem = Problem.of(recipe, wanted)
    points, weight = problem.points, problem.weight
    history = problem.fit()
    for step in history.steps:
        assert step.counts is not None
        for numbers in (step.log_likelihood, step.counts, *_parameters(step.mixture)):
            assert np.isfinite(numbers).all(), f"iteration {step.iteration}"
    entropy = classification_entropy(history.mixture, points, weight)
    scores = criteria(history.mixture, history.log_likelihood, problem.total, wanted.covariance, entropy)
    assert np.isfinite([scores.aic, scores.bic, scores.icl or 0.0, scores.aicc or 0.0]).all()
    assert np.isfinite(history.mixture.log_density(points)).all()
    assert np.isfinite(history.mixture.responsibilities(points)).all()
    for rule in ("gain", "mean-gain", "relative-gain", "parameters"):
        assert np.isfinite(quantities(history, rule, problem.total, problem.deviations)[1:]).all(), rule


@properties(300)
@given(RECIPES, SETTINGS)
def test_a_floored_fit_never_fails_and_says_all_in_sentences(recipe: Recipe, wanted: FitSettings) -> None:
    problem = Problem.of(recipe, replace(wanted, variance_floor=1e-6))
    history = problem.fit()
    assert history.outcome in ("converged", "stopped")
    for message in history.messages:
        assert re.fullmatch(r"[A-Z0-9].*\.", message), message


@properties(700)
@given(RECIPES, SETTINGS)
@example(LARGE, FitSettings(20, "full", "random", variance_floor=0.0, max_iterations=3))
def test_log_likelihood_never_falls(recipe: Recipe, wanted: FitSettings) -> None:
    problem = Problem.of(recipe, wanted)
    heights = np.array([step.log_likelihood for step in problem.steps()])
    gains = np.diff(heights) / np.maximum(np.abs(heights[:-1]), problem.total)
    assert gains.min(initial=0.0) >= -1e-9


@properties(200)
@given(RECIPES, SETTINGS)
def test_it_does_not_where_em_is_accelerated(recipe: Recipe, wanted: FitSettings) -> None:
    problem = Problem.of(recipe, replace(wanted, acceleration="squarem", summarise="never"))
    heights = problem.fit().log_likelihoods
    gains = np.diff(heights) / np.maximum(np.abs(heights[:-1]), problem.total)
    assert gains.min(initial=0.0) >= -1e-9


@properties(300)
@given(RECIPES, SETTINGS)
def test_weights_sum_to_one_and_covariances_are_symmetric_positive_definite(
    recipe: Recipe, wanted: FitSettings
) -> None:
    for step in Problem.of(recipe, wanted).steps():
        weights, _, covariances = _parameters(step.mixture)
        assert (weights >= 0).all()
        assert abs(weights.sum() - 1) < 1e-12
        np.testing.assert_array_equal(covariances, covariances.transpose(0, 2, 1))
        variances = np.diagonal(covariances, axis1=1, axis2=2)
        assert (variances > 0).all()
        # In units of their own deviations: at scales of 1e-100 the eigenvalues themselves vanish.
        units = np.sqrt(variances)[:, :, np.newaxis] * np.sqrt(variances)[:, np.newaxis, :]
        assert np.linalg.eigvalsh(covariances / units).min() > 0
        np.linalg.cholesky(covariances)


@properties(300)
@given(RECIPES, SETTINGS, st.integers(0, 1000))
def test_row_order_does_not_matter(recipe: Recipe, wanted: FitSettings, seed: int) -> None:
    problem = Problem.of(recipe, wanted)
    order = np.random.default_rng(seed).permutation(len(problem.points))
    weight = None if problem.weight is None else problem.weight[order]
    other = replace(problem, points=problem.points[order], weight=weight)
    start = problem.start()
    steps, shuffled = _as_far_as_both_go(problem.steps(start), other.steps(start))
    _assume_well_conditioned(problem, start, steps, 1e-6)
    size = max(abs(steps[-1].log_likelihood), problem.total)
    assert abs(steps[-1].log_likelihood - shuffled[-1].log_likelihood) <= 1e-6 * size
    assert _distance(shuffled[-1].mixture, steps[-1].mixture, problem.deviations) <= 1e-6


@properties(200)
@given(RECIPES, SETTINGS)
def test_the_same_seed_gives_the_same_bits(recipe: Recipe, wanted: FitSettings) -> None:
    problem = Problem.of(recipe, wanted)
    # The same numbers at another address, as in another run of the program.
    moved = np.empty(problem.points.size + 2)[2:].reshape(problem.points.shape)
    moved[:] = problem.points
    first, again = problem.fit(), replace(problem, points=moved).fit()
    assert first.messages == again.messages
    for numbers, same in zip(first.trace(), again.trace(), strict=True):
        np.testing.assert_array_equal(numbers, same)


@properties(200)
@given(RECIPES, SETTINGS)
def test_the_arguments_are_unchanged(recipe: Recipe, wanted: FitSettings) -> None:
    problem = Problem.of(recipe, wanted)
    problem.fit()
    problem.steps()
    # Made anew: the problem has been through the engine's door already.
    np.testing.assert_array_equal(problem.points, recipe.points())
    np.testing.assert_array_equal(
        problem.labels, some_labels(problem.settings.components, recipe.rows, recipe.weights())
    )
    assert problem.points.flags.writeable
    assert problem.labels.flags.writeable
    if problem.weight is not None:
        np.testing.assert_array_equal(problem.weight, recipe.weights())
        assert problem.weight.flags.writeable


# --- Other units ----------------------------------------------------------------------------------------------------

# Multiples of 2^-12 below 2^14: times a power of two plus a multiple of that up to 2^16, they lose no digit.
FINEST, LARGEST = 2.0**-12, 2.0**14


def _on_dyadic_grid(numbers: Array) -> Array:
    return np.clip(np.round(numbers / FINEST) * FINEST, -LARGEST, LARGEST)


@properties(400)
@given(RECIPES, SETTINGS, st.integers(-300, 300), st.sampled_from((0, 1, 2**10, 2**16)), st.booleans())
def test_other_units_give_the_same_result_in_those_units(
    recipe: Recipe, wanted: FitSettings, exponent: int, offset: int, mirrored: bool
) -> None:
    points = _on_dyadic_grid(KINDS[recipe.kind](np.random.default_rng(recipe.seed), recipe.rows, recipe.columns))
    problem = Problem.of_points(points, recipe.weights(), wanted)
    found = problem.start()
    start = Mixture(found.weights, _on_dyadic_grid(found.means), found.covariances)
    d = recipe.columns
    # One variance for all columns is another model where their units differ.
    powers = exponent if wanted.covariance == "spherical" else exponent + np.arange(d) * 30
    a = np.ldexp(np.full(d, -1.0 if mirrored else 1.0), powers)
    b = a * offset
    np.testing.assert_array_equal(((a * points + b) - b) / a, points)
    other_start = Mixture(start.weights, a * start.means + b, start.covariances * np.outer(a, a))

    steps, others = _as_far_as_both_go(problem.steps(start), replace(problem, points=a * points + b).steps(other_start))
    _assume_well_conditioned(problem, start, steps, 1e-9, offset)
    plain, other = steps[-1], others[-1]
    back = Mixture(other.mixture.weights, (other.mixture.means - b) / a, other.mixture.covariances / np.outer(a, a))
    # A constant column has no unit of its own: the variance that the engine gives it means nothing.
    deviations = column_deviations(points, problem.weight)
    varying = np.flatnonzero(deviations).tolist()
    assert _distance(back.marginal(varying), plain.mixture.marginal(varying), deviations[varying]) <= 1e-9
    if len(varying) == d:
        expected = plain.log_likelihood - problem.total * np.log(np.abs(a)).sum()
        size = max(abs(plain.log_likelihood), abs(expected), problem.total)
        assert abs(other.log_likelihood - expected) <= 1e-9 * size


def _parameters(mixture: Mixture) -> tuple[Array, Array, Array]:
    return mixture.weights, mixture.means, mixture.covariances


def _widths(mixture: Mixture) -> Array:
    """(k, d) standard deviations of the components in each column."""
    return np.sqrt(np.diagonal(mixture.covariances, axis1=1, axis2=2))


def _distance(mixture: Mixture, expected: Mixture, deviations: Array) -> float:
    """The largest difference of a parameter, lengths in standard deviations (d,) of the columns."""
    # A spherical component is as wide as the widest column in all of them.
    units = np.maximum(deviations, _widths(expected))
    shapes = (mixture.covariances - expected.covariances) / units[:, :, np.newaxis] / units[:, np.newaxis, :]
    differences = (mixture.weights - expected.weights, (mixture.means - expected.means) / deviations, shapes)
    return max(float(np.abs(difference).max()) for difference in differences)


def _rounding(mixture: Mixture, deviations: Array, offset: float) -> float:
    """How far a component at an offset is moved by the rounding of its parameters alone, in its standard deviations.

    Doubles near a mean lie eps |mean| apart. A covariance matrix whose correlations have the smallest eigenvalue v
    holds its thinnest direction to a part eps / v.
    """
    widths = _widths(mixture)
    correlations = mixture.covariances / widths[:, :, np.newaxis] / widths[:, np.newaxis, :]
    thinnest = np.maximum(np.linalg.eigvalsh(correlations)[:, 0], np.finfo(float).tiny)
    places = ((np.abs(mixture.means) + offset) / np.minimum(widths, deviations)).max(axis=1)
    return float(np.finfo(float).eps * np.maximum(1 / thinnest, places / np.sqrt(thinnest)).max())


def _as_far_as_both_go(steps: list[EMStep], others: list[EMStep]) -> tuple[list[EMStep], list[EMStep]]:
    """The steps that two runs have in common: a component may collapse one step earlier for a rounding."""
    assert abs(len(steps) - len(others)) <= 1
    both = min(len(steps), len(others))
    return steps[:both], others[:both]


def _assume_well_conditioned(
    problem: Problem, start: Mixture, steps: list[EMStep], tolerance: float, offset: float = 0.0
) -> None:
    """Leave out data where moving the start by as little as it is rounded moves the result as well.

    EM leaves a saddle exponentially fast, and components that are nearly flat hold few digits: no engine does better.
    """
    rounding = max(_rounding(step.mixture, problem.deviations, offset) for step in steps)
    assume(rounding < tolerance)
    for seed in range(2):
        signs = np.random.default_rng(seed).choice((-1.0, 1.0), start.means.shape)
        moved = problem.steps(
            Mixture(start.weights, start.means + rounding * signs * _widths(start), start.covariances)
        )
        assume(len(moved) >= len(steps))
        assume(_distance(moved[len(steps) - 1].mixture, steps[-1].mixture, problem.deviations) < tolerance / 30)


# --- Where there is no fit ------------------------------------------------------------------------------------------

DOORS: dict[str, Callable[..., object]] = {
    "fit": fit,
    "fit_steps": fit_steps,
    "initialise": initialise,
    "em_steps": lambda points, wanted, sample_weight=None: em_steps(
        points,
        Mixture(
            np.full(wanted.components, 1 / wanted.components),
            np.zeros((wanted.components, np.atleast_2d(np.transpose(points)).shape[0])),
            np.tile(np.eye(np.atleast_2d(np.transpose(points)).shape[0]), (wanted.components, 1, 1)),
        ),
        covariance=wanted.covariance,
        sample_weight=sample_weight,
        variance_floor=wanted.variance_floor,
    ),
}
ANY_DOOR = st.sampled_from(list(DOORS))


def _assert_refused(door: str, points: Array, wanted: FitSettings, weight: Array | None, subject: str) -> None:
    with pytest.raises(ValueError, match=subject) as refusal:
        DOORS[door](points, wanted, sample_weight=weight)
    assert type(refusal.value) is ValueError
    assert_says_what_to_do(str(refusal.value))


@properties(150)
@given(RECIPES, SETTINGS, st.sampled_from([door for door in DOORS if door != "em_steps"]))
def test_fewer_different_points_than_components_are_refused(recipe: Recipe, wanted: FitSettings, door: str) -> None:
    different = np.random.default_rng(recipe.seed).permutation(wanted.components)[: wanted.components - 1]
    assume(len(different) > 1)
    rows = np.resize(different, max(recipe.rows, len(different)))
    points = (rows[:, np.newaxis] + np.zeros(recipe.columns)) * 10.0**recipe.magnitude
    # A row that does not count adds no point.
    points = np.concatenate([points, points[:1] - 10.0**recipe.magnitude])
    weight = np.append(np.ones(len(rows)), 0.0)
    _assert_refused(door, points, wanted, weight, "different points")


@properties(150)
@given(RECIPES, SETTINGS, ANY_DOOR)
def test_no_variance_in_any_column_is_refused(recipe: Recipe, wanted: FitSettings, door: str) -> None:
    row = recipe.points()[0]
    points = np.tile(row, (recipe.rows, 1))
    subject = "All points are the same" if recipe.rows > 1 else "."
    _assert_refused(door, points, wanted, recipe.weights() if recipe.weighting != "with zeros" else None, subject)


@properties(150)
@given(RECIPES, SETTINGS, ANY_DOOR, st.sampled_from((np.nan, np.inf, -np.inf)))
def test_a_number_that_is_not_finite_is_refused(recipe: Recipe, wanted: FitSettings, door: str, bad: float) -> None:
    points = recipe.points()
    points.flat[recipe.seed % points.size] = bad
    _assert_refused(door, points, wanted, None, "missing or infinite")


@properties(60)
@given(st.integers(1, 5), SETTINGS, ANY_DOOR)
def test_no_points_are_refused(columns: int, wanted: FitSettings, door: str) -> None:
    _assert_refused(door, np.empty((0, columns)), wanted, None, "no points")


@properties(100)
@given(RECIPES, SETTINGS)
def test_collinear_columns_without_a_floor_are_refused(recipe: Recipe, wanted: FitSettings) -> None:
    problem = Problem.of(replace(recipe, kind="collinear", columns=2, offset=1e3), replace(wanted, covariance="full"))
    without = replace(problem.settings, variance_floor=0.0)
    with pytest.raises(ValueError, match=r"One column follows|same value") as refusal:
        fit(problem.points, without, sample_weight=problem.weight, labels=problem.labels)
    assert type(refusal.value) is ValueError
    assert_says_what_to_do(str(refusal.value))
