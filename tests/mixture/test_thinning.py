"""A history past its bound drops mixtures in pairs, and nothing else."""

from __future__ import annotations

import numpy as np
import pytest

from gmm_desktop.mixture import EMStep, FitHistory, FitSettings, fit, quantities, stop_iteration
from gmm_desktop.mixture import history as history_module
from gmm_desktop.mixture.thinning import FEWEST_ROWS
from tests.mixture.cases import blobs, collect, three_groups

LONG = FitSettings(components=3, stop_rule="iterations", max_iterations=2000)


@pytest.fixture(scope="module")
def steps() -> list[EMStep]:
    return collect(three_groups(), LONG)[0]


def grown(steps: list[EMStep], most_bytes: int = 0, pinned: int | None = None) -> FitHistory:
    history = FitHistory(most_bytes)
    for step in steps:
        history.append(step)
        if step.iteration == pinned:
            history.pin(pinned)
    return history


@pytest.mark.parametrize("most_bytes", [0, 30_000, 60_000])
@pytest.mark.parametrize("length", [63, 64, 65, 128, 500, 1000, 1001, 2001])
def test_log_likelihoods_stay_and_pairs_are_whole(steps: list[EMStep], most_bytes: int, length: int) -> None:
    given = steps[:length]
    history = grown(given, most_bytes)
    assert len(history) == length
    np.testing.assert_array_equal(history.log_likelihoods, [step.log_likelihood for step in given])
    kept = history.kept
    assert (np.diff(kept) > 0).all()
    assert len(kept) <= max(FEWEST_ROWS, most_bytes // (8 * 3 * 4))
    pairs = set((kept // 2).tolist())
    assert {t for p in pairs for t in (2 * p, 2 * p + 1) if t < length} == set(kept.tolist())
    assert pairs >= set(range(0, (length - 1) // 2, history.every)), "every pair that is promised"
    assert {0, 1, length - 2, length - 1} <= set(kept.tolist())
    assert (history.every == 1) == (len(kept) == length)


def test_what_is_kept_is_as_it_went_in(steps: list[EMStep]) -> None:
    history = grown(steps)
    assert history.every > 1
    assert len(history.steps) == len(history.kept) == len(list(history.steps))
    for made, t in zip(history.steps, history.kept, strict=True):
        given = steps[t]
        assert (made.iteration, made.log_likelihood, made.events) == (t, given.log_likelihood, given.events)
        for name in ("weights", "means", "covariances", "cholesky"):
            np.testing.assert_array_equal(getattr(made.mixture, name), getattr(given.mixture, name))
        np.testing.assert_array_equal(made.counts, given.counts)
    np.testing.assert_array_equal(history.means, [steps[t].mixture.means for t in history.kept])
    assert history.steps[-1].iteration == 2000
    assert [step.iteration for step in history.steps[:3]] == [0, 1, 2]


def test_what_is_dropped_is_refused_by_name(steps: list[EMStep]) -> None:
    history = grown(steps)
    dropped = next(t for t in range(2000) if not history.is_kept(t))
    for ask in (history.mixture_at, history.counts_at, history.step):
        with pytest.raises(IndexError, match=f"Iteration {dropped} was thinned out"):
            ask(dropped)
    with pytest.raises(IndexError, match="There is no iteration"):
        history.mixture_at(2001)
    assert not history.is_kept(-1)
    assert not history.is_kept(2001)


def test_the_nearest_kept_ones(steps: list[EMStep]) -> None:
    history = grown(steps)
    kept = history.kept.tolist()
    for t in range(0, 2001, 7):
        assert history.nearest(t) == min(kept, key=lambda one: (abs(one - t), one))
        assert history.nearest(t, towards=1) == min(one for one in kept if one >= t)
        assert history.nearest(t, towards=-1) == max(one for one in kept if one <= t)


def test_early_iterations_and_pinned_ones_stay(steps: list[EMStep]) -> None:
    history = grown(steps, pinned=777)
    assert history.every >= 32
    assert history.kept[:16].tolist() == list(range(16))
    assert history.is_kept(777)
    assert history.is_kept(776)
    assert not grown(steps).is_kept(777)


def test_pins_without_end_grow_the_history_and_lose_nothing(steps: list[EMStep]) -> None:
    history = FitHistory(0)
    for step in steps[:400]:
        history.append(step)
        history.pin(step.iteration)
    assert history.kept.tolist() == list(range(400))


def test_views_taken_before_are_untouched(steps: list[EMStep]) -> None:
    history = grown(steps[:64])
    means, kept = history.means, history.kept
    for step in steps[64:300]:
        history.append(step)
    np.testing.assert_array_equal(kept, range(64))
    np.testing.assert_array_equal(means, [step.mixture.means for step in steps[:64]])


@pytest.mark.parametrize("rule", ["mean-gain", "gain", "relative-gain", "aitken"])
def test_rules_of_log_likelihoods_see_every_iteration(steps: list[EMStep], rule: str) -> None:
    whole, thinned = grown(steps, 1 << 30), grown(steps)
    np.testing.assert_array_equal(quantities(thinned, rule, 300, np.ones(1)), quantities(whole, rule, 300, np.ones(1)))
    np.testing.assert_array_equal(
        quantities(thinned, rule, 300, np.ones(1), first=900), quantities(whole, rule, 300, np.ones(1))[900:]
    )


def test_the_rule_of_parameters_sees_what_is_kept(steps: list[EMStep]) -> None:
    whole = quantities(grown(steps, 1 << 30), "parameters", 300, np.ones(1))
    history = grown(steps)
    for first in (0, 1, 900):
        seen = quantities(history, "parameters", 300, np.ones(1), first=first)
        known = np.array([t > 0 and history.is_kept(t) and history.is_kept(t - 1) for t in range(first, 2001)])
        np.testing.assert_array_equal(np.isfinite(seen), known)
        np.testing.assert_array_equal(seen[known], whole[first:][known])


@pytest.mark.parametrize("rule", ["mean-gain", "parameters"])
def test_a_fit_ends_where_it_would_have(monkeypatch: pytest.MonkeyPatch, rule: str) -> None:
    points = three_groups()
    settings = FitSettings(components=3, stop_rule=rule, tolerance=1e-12, initialization="random", max_iterations=3000)
    whole = fit(points, settings)
    monkeypatch.setattr(history_module, "MOST_BYTES", 0)
    thinned = fit(points, settings)
    assert thinned.every > 1
    np.testing.assert_array_equal(thinned.log_likelihoods, whole.log_likelihoods)
    assert (thinned.outcome, thinned.messages) == (whole.outcome, whole.messages)
    np.testing.assert_array_equal(thinned.mixture.means, whole.mixture.means)
    assert stop_iteration(thinned, settings, 300, np.array([points.std()])) == len(whole) - 1


def test_a_race_yields_every_step_of_its_best_run(monkeypatch: pytest.MonkeyPatch) -> None:
    points = blobs()
    settings = FitSettings(components=4, restarts=3, initialization="random-points", tolerance=1e-9, seed=4)
    steps, ending = collect(points, settings)
    monkeypatch.setattr(history_module, "MOST_BYTES", 0)
    again, same = collect(points, settings)
    best = [step for step in steps if not step.racing]
    assert len(best) > FEWEST_ROWS
    assert [step.log_likelihood for step in again if not step.racing] == [step.log_likelihood for step in best]
    assert [step.iteration for step in again if not step.racing] == list(range(len(best)))
    assert (same.outcome, same.messages, same.run) == (ending.outcome, ending.messages, ending.run)
