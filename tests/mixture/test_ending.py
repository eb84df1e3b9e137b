"""What a result says of itself: the rule that fired, what was still to gain, the maxima that starts found."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gmm_desktop.mixture import STOP_RULES, FitSettings, Mixture, fit
from tests.mixture.cases import COVARIANCE_IDS, blobs, bundled, case_points, reference, three_groups

FAITHFUL = ("eruptions", "waiting")
BEST = [case for case in reference("best_fits.json") if case["confidence"] == "high" and case["k"] in (2, 3)]


class TestTheRule:
    @pytest.mark.parametrize("rule", [rule for rule in STOP_RULES if rule != "iterations"])
    def test_that_fired_is_named(self, rule: str) -> None:
        history = fit(three_groups(), FitSettings(3, stop_rule=rule, tolerance=1e-5))
        assert (history.outcome, history.rule) == ("converged", rule)

    def test_none_is_named_where_none_fired(self) -> None:
        history = fit(three_groups(), FitSettings(3, tolerance=1e-15, max_iterations=3))
        assert (history.outcome, history.rule) == ("stopped", "")
        assert fit(three_groups(), FitSettings(3, stop_rule="iterations", max_iterations=3)).rule == ""

    def test_a_collapse_is_no_rule(self) -> None:
        points = np.concatenate([three_groups(), [[30.0]] * 5])
        start = Mixture([0.9, 0.1], [0.0, 30.0], [20.0, 0.01])
        history = fit(points, FitSettings(variance_floor=0.0), start=start)
        assert (history.outcome, history.rule) == ("failed", "")

    def test_nothing_is_to_gain_where_it_stands_still(self) -> None:
        history = fit(three_groups(), FitSettings(1, stop_rule="aitken"))
        assert (history.outcome, history.rule, history.still_to_gain) == ("converged", "aitken", 0.0)
        assert len(history) <= 4
        tiny = fit(three_groups(), FitSettings(3, stop_rule="aitken", tolerance=1e-300, max_iterations=5000))
        assert tiny.outcome == "converged"


class TestStillToGain:
    @pytest.mark.parametrize("tolerance", [1e-3, 1e-4, 1e-5])
    def test_is_what_going_on_gains(self, tolerance: float) -> None:
        points = bundled("faithful.csv", FAITHFUL)
        early = fit(points, FitSettings(2, tolerance=tolerance))
        end = fit(points, FitSettings(2, tolerance=1e-13, max_iterations=5000))
        assert early.still_to_gain is not None
        assert early.still_to_gain == pytest.approx(end.log_likelihood - early.log_likelihood, rel=0.5)

    def test_is_unknown_after_a_step_or_two(self) -> None:
        assert fit(three_groups(), FitSettings(3, max_iterations=1)).still_to_gain is None

    def test_a_slow_plateau_is_called_one(self) -> None:
        rng = np.random.default_rng(3)
        points = np.concatenate([rng.normal(0, 1, 300), rng.normal(1.6, 1, 300)])
        history = fit(points, FitSettings(2, tolerance=1e-5))
        assert history.still_to_gain is not None
        said = f"about {history.still_to_gain:.2g} or more was still to gain"
        assert [message for message in history.messages if "slow plateau" in message and said in message]
        # It was right to say so.
        end = fit(points, FitSettings(2, tolerance=1e-12, max_iterations=20_000))
        assert end.log_likelihood > history.log_likelihood + history.still_to_gain

    def test_and_so_is_one_on_which_the_gains_grow(self) -> None:
        rng = np.random.default_rng(3)
        points = np.concatenate([rng.normal(0, 1, 300), rng.normal(1.6, 1, 300)])
        history = fit(points, FitSettings(2, tolerance=1e-9, max_iterations=500))
        assert history.still_to_gain is None
        assert [message for message in history.messages if "nobody can say how much is still to gain" in message]

    def test_and_a_quick_end_is_not(self) -> None:
        history = fit(bundled("faithful.csv", FAITHFUL), FitSettings(2))
        assert not [message for message in history.messages if "plateau" in message]


class TestMaxima:
    def test_there_are_none_to_tell_of_with_one_start(self) -> None:
        assert fit(three_groups(), FitSettings(3)).maxima == ()

    @pytest.mark.parametrize("case", BEST, ids=lambda case: case["id"])
    def test_each_is_told_once_and_is_one_that_others_found(self, case: dict[str, Any]) -> None:
        settings = FitSettings(
            case["k"], COVARIANCE_IDS[case["cov_type"]], restarts=10, seed=7, tolerance=1e-9, max_iterations=5000
        )
        history = fit(case_points(case), settings)
        maxima = history.maxima
        assert sum(maximum.reached for maximum in maxima) == 10
        assert [m.regular for m in maxima] == sorted((m.regular for m in maxima), reverse=True)
        regular = [m for m in maxima if m.regular]
        assert regular[0].log_likelihood == history.log_likelihood
        heights = [m.log_likelihood for m in regular]
        assert heights == sorted(heights, reverse=True)
        known = [found for found in case["local_maxima"] if found["cls"] == "regular"]
        best = known[0]
        assert regular[0].log_likelihood == pytest.approx(best["loglik"], abs=1e-3)
        assert regular[0].smallest_count == pytest.approx(best["min_count"], rel=1e-2)
        assert regular[0].thinnest_variance == pytest.approx(best["min_variance_ratio"], rel=1e-2)

    def test_degenerate_ones_stand_apart(self) -> None:
        history = fit(bundled("iris.csv", ("Petal.Length", "Petal.Width")), FitSettings(4, restarts=10, seed=1))
        kinds = [maximum.regular for maximum in history.maxima]
        assert True in kinds
        assert False in kinds
        apart = [maximum for maximum in history.maxima if not maximum.regular]
        assert max(maximum.log_likelihood for maximum in apart) > history.log_likelihood
        for maximum in apart:
            assert maximum.smallest_count < 3.5 or maximum.thinnest_variance < 1e-3

    def test_different_heights_are_different_maxima(self) -> None:
        history = fit(bundled("iris.csv", ("Petal.Length", "Petal.Width")), FitSettings(4, restarts=10, seed=1))
        heights = [maximum.log_likelihood for maximum in history.maxima if maximum.regular]
        assert heights == pytest.approx([-122.92, -126.97, -127.83], abs=0.02)

    def test_mirror_images_are_two(self) -> None:
        half = np.concatenate([blobs(60, 1, 1, seed=3)[:, 0] / 4 + 4, [0.5, 1.0, 1.5, 2.0]])
        points = np.concatenate([half, -half, np.zeros(30)])
        history = fit(points, FitSettings(2, restarts=20, tolerance=1e-10, max_iterations=3000))
        heights = [round(maximum.log_likelihood, 3) for maximum in history.maxima if maximum.regular]
        assert len(heights) >= 2
        assert len(set(heights)) < len(heights), "the same height on either side"
        assert history.messages[0].startswith(f"The best of 20 starts was found by {history.maxima[0].reached} of them")


class TestFlooredComponents:
    def test_many_are_told_in_one_sentence(self) -> None:
        history = fit(np.arange(20.0) ** 2, FitSettings(20))
        resting = [message for message in history.messages if "on the variance floor" in message]
        assert len(resting) == 1
        assert resting[0].startswith("Components ")
        assert " rest on the variance floor" in resting[0]
        assert "unbounded" in resting[0]
        assert all(len(message) < 400 for message in history.messages)

    def test_a_high_floor_is_no_unbounded_likelihood(self) -> None:
        messages = fit(three_groups(), FitSettings(3, variance_floor=0.9)).messages
        assert any("on the variance floor" in message for message in messages)
        assert not any("unbounded" in message for message in messages)


class TestThinComponents:
    def test_one_thinner_than_a_few_thousandths_of_the_spread_is_named(self) -> None:
        rng = np.random.default_rng(0)
        points = np.concatenate([rng.normal(0, 1, 500), rng.normal(3, 0.002, 60)])
        start = Mixture([0.8, 0.2], [0.0, 3.0], [1.0, 1e-4])
        messages = fit(points, FitSettings(), start=start).messages
        assert any(m.startswith("Component B is thinner than 0.3 % of the spread") for m in messages)
        assert not any("thinner" in message for message in fit(three_groups(), FitSettings(3)).messages)
