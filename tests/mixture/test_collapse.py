"""What happens to a component that shrinks onto a few points is a choice."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from gmm_desktop.mixture import COLLAPSES, COVARIANCE_TYPES, CollapseChoice, FitHistory, FitSettings, Mixture, fit
from gmm_desktop.mixture.collapse import MOST_RELOCATIONS
from tests.mixture.cases import three_groups

# Two equal points, which a narrow component takes for itself.
POINTS = np.concatenate([three_groups(300)[:, 0], [20.0, 20.0]])
ONTO_THEM = Mixture([0.5, 0.5], [0.0, 20.0], [20.0, 0.01])
SETTINGS = FitSettings(variance_floor=1e-4, tolerance=1e-9)


def _fit(choice: str, **changes: object) -> FitHistory:
    return fit(POINTS, replace(SETTINGS, collapse=choice, **changes), start=ONTO_THEM)  # type: ignore[arg-type]


@pytest.mark.parametrize("row", COLLAPSES.values(), ids=lambda row: row.id)
class TestEveryChoice:
    def test_has_words_for_a_person(self, row: CollapseChoice) -> None:
        assert COLLAPSES[row.id] is row
        assert row.label
        assert row.tip.endswith(".")

    def test_changes_nothing_where_nothing_collapses(self, row: CollapseChoice) -> None:
        chosen = fit(three_groups(), FitSettings(3, collapse=row.id))
        np.testing.assert_array_equal(chosen.log_likelihoods, fit(three_groups(), FitSettings(3)).log_likelihoods)

    @pytest.mark.parametrize("covariance", COVARIANCE_TYPES)
    def test_leaves_a_valid_mixture(self, row: CollapseChoice, covariance: str) -> None:
        points = np.column_stack([POINTS, POINTS[::-1]])
        start = Mixture([0.4, 0.6], [[0.0, 0.0], [20.0, -5.0]], [20 * np.eye(2), 0.01 * np.eye(2)])
        history = fit(points, replace(SETTINGS, covariance=covariance, collapse=row.id), start=start)
        assert np.isfinite(history.log_likelihoods).all()
        assert history.mixture.weights.sum() == pytest.approx(1)
        np.linalg.cholesky(history.mixture.covariances)


def test_the_floor_holds_it_unless_something_else_is_chosen() -> None:
    assert FitSettings().collapse == "floor"
    history = _fit("floor")
    assert history.outcome == "converged"
    assert history.mixture.covariances[1, 0, 0] == pytest.approx(1e-4 * POINTS.var())
    assert any("Component B rests on the variance floor" in m and "unbounded" in m for m in history.messages)


def test_stopping_says_which_component_and_keeps_what_there_was() -> None:
    history = _fit("stop")
    assert history.outcome == "failed"
    assert history.messages[0].startswith("Component B has collapsed")
    assert len(history) >= 1
    assert history.mixture.covariances[1, 0, 0] > 1e-4 * POINTS.var()


class TestStartingElsewhere:
    def test_the_component_finds_a_place_in_the_data(self) -> None:
        history = _fit("restart")
        assert history.outcome == "converged"
        said = [event for step in history.steps for event in step.events]
        assert "Component B was started again elsewhere." in said
        assert history.mixture.covariances.min() > 1e-3 * POINTS.var()
        assert history.log_likelihood > fit(POINTS, FitSettings(1)).log_likelihood + 10

    def test_the_seed_decides_where(self) -> None:
        one, same, other = (_fit("restart", seed=seed).means[2] for seed in (3, 3, 4))
        np.testing.assert_array_equal(one, same)
        assert (one != other).any()

    def test_one_that_owns_nothing_begins_again_too(self) -> None:
        start = Mixture([0.5, 0.5], [0.0, 1e6], [20.0, 1.0])
        history = fit(POINTS, replace(SETTINGS, collapse="restart"), start=start)
        assert history.mixture.weights.min() > 0

    def test_it_ends_after_so_many_times(self) -> None:
        # Nothing but pairs of equal points far apart: whatever begins anew collapses again.
        points = np.repeat(np.arange(12.0) ** 3, 2)
        settings = FitSettings(9, variance_floor=1e-5, collapse="restart", max_iterations=2000)
        history = fit(points, settings)
        relocated = sum(any("again elsewhere" in event for event in step.events) for step in history.steps)
        assert 0 < relocated <= MOST_RELOCATIONS

    def test_it_needs_a_floor_that_tells_when(self) -> None:
        with pytest.raises(ValueError, match="needs a variance floor"):
            _fit("restart", variance_floor=0.0)
