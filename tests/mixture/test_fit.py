"""Whole fits: start, restarts, stop, messages."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from gmm_desktop.mixture import STOP_RULES, FitSettings, Mixture, fit, fit_steps, initialise
from gmm_desktop.mixture.points import BLOCK_NUMBERS
from tests.mixture.cases import blobs, bundled, collect, three_groups

THREE = FitSettings(components=3)
PETALS = ("Petal.Length", "Petal.Width")


class TestOneStart:
    def test_finds_the_three_groups(self) -> None:
        history = fit(three_groups(), THREE)
        assert history.outcome == "converged"
        assert history.messages == ()
        np.testing.assert_allclose(history.mixture.means[:, 0], [-5, 0, 5], atol=0.3)
        np.testing.assert_allclose(history.mixture.covariances[:, 0, 0], [1.2, 1.6, 1.8], atol=0.6)

    def test_begins_at_its_own_start(self) -> None:
        history = fit(three_groups(), THREE)
        np.testing.assert_array_equal(history.mixture_at(0).means, initialise(three_groups(), THREE).means)

    def test_begins_at_a_given_start_as_it_stands(self) -> None:
        start = Mixture([0.3, 0.7], [4.0, -4.0], [1.0, 1.0])
        settings = FitSettings(components=5, restarts=4)
        steps, _ = collect(three_groups(), settings, start=start)
        assert steps[0].mixture is start
        assert not any(step.racing for step in steps)
        assert [step.iteration for step in steps] == list(range(len(steps)))

    def test_the_same_seed_gives_the_same_bits(self) -> None:
        first, again = (fit(blobs(), FitSettings(components=3, restarts=3, seed=5)) for _ in range(2))
        np.testing.assert_array_equal(first.log_likelihoods, again.log_likelihoods)
        np.testing.assert_array_equal(first.mixture.covariances, again.mixture.covariances)
        assert first.messages == again.messages

    def test_the_maximum_of_iterations_counts_m_steps(self) -> None:
        history = fit(three_groups(), FitSettings(components=3, tolerance=1e-15, max_iterations=4))
        assert len(history) == 5
        assert history.outcome == "stopped"
        assert "maximum of 4 iterations" in history.messages[0]

    def test_none_at_all_gives_the_start_alone(self) -> None:
        history = fit(three_groups(), FitSettings(components=3, max_iterations=0))
        assert len(history) == 1
        assert history.outcome == "stopped"

    def test_a_fixed_number_of_iterations_is_nothing_to_warn_of(self) -> None:
        history = fit(three_groups(), FitSettings(components=3, stop_rule="iterations", max_iterations=30))
        assert (len(history), history.outcome, history.messages) == (31, "stopped", ())

    @pytest.mark.parametrize("components", [1, 2, 5])
    def test_one_gaussian_needs_one_m_step(self, components: int) -> None:
        points = blobs()
        history = fit(points, FitSettings(components=components))
        if components == 1:
            np.testing.assert_allclose(history.mixture_at(1).means[0], points.mean(axis=0))
            np.testing.assert_allclose(history.mixture_at(1).covariances[0], np.cov(points.T, bias=True))
        assert history.mixture.n_components == components

    def test_weights_of_rows_count(self) -> None:
        points = three_groups()
        weight = np.where(points[:, 0] > 2.5, 0.0, 1.0)
        weighted = fit(points, FitSettings(components=2), sample_weight=weight)
        without = fit(points[weight > 0], FitSettings(components=2))
        assert weighted.mixture.means.max() < 2.5
        np.testing.assert_allclose(weighted.mixture.means, without.mixture.means, atol=0.05)


class TestSeveralStarts:
    def test_all_race_then_the_winner_comes_again(self) -> None:
        steps, ending = collect(three_groups(), FitSettings(components=3, restarts=4))
        racing = [step for step in steps if step.racing]
        final = steps[len(racing) :]
        assert not any(step.racing for step in final)
        assert sorted({step.run for step in racing}) == [0, 1, 2, 3]
        assert [step.iteration for step in final] == list(range(len(final)))
        assert {step.run for step in final} == {ending.run}
        raced = [step.log_likelihood for step in racing if step.run == ending.run]
        assert [step.log_likelihood for step in final] == raced
        ends = [last.log_likelihood for last, after in zip(racing, steps[1:], strict=False) if after.iteration == 0]
        assert final[-1].log_likelihood == max(ends)
        assert ending.messages[0].startswith("The best of 4 starts was found by ")
        assert ending.messages[0].endswith(" of them, which is no proof that it is the global maximum.")

    def test_the_first_is_that_of_a_single_start(self) -> None:
        alone = fit(three_groups(), THREE)
        steps, _ = collect(three_groups(), replace(THREE, restarts=3))
        first = [step.log_likelihood for step in steps if step.racing and step.run == 0]
        np.testing.assert_array_equal(first, alone.log_likelihoods)

    def test_a_degenerate_maximum_does_not_win_but_is_told(self) -> None:
        petals = bundled("iris.csv", PETALS)
        settings = FitSettings(components=4, restarts=10, seed=1)
        history = fit(petals, settings)
        assert history.log_likelihood == pytest.approx(-122.924, abs=0.01)
        told = [message for message in history.messages if "set aside as degenerate" in message]
        assert len(told) == 1
        assert "of the data's variance in its thinnest direction" in told[0]
        # It is not that none was there to win.
        steps, _ = collect(petals, settings)
        assert max(step.log_likelihood for step in steps if step.racing) > -50

    def test_where_all_are_degenerate_the_best_of_them_is_given_and_said_to_be(self) -> None:
        history = fit(np.arange(6.0) ** 2, FitSettings(components=4, restarts=3))
        assert "None of the 3 starts reached a regular maximum." in history.messages
        assert any("The maximum is degenerate: component" in message for message in history.messages)

    def test_a_better_maximum_is_found_than_by_one_start(self) -> None:
        # Random responsibilities stop at the saddle where all components lie on top of each other.
        alone = fit(three_groups(), replace(THREE, initialization="random-responsibilities"))
        raced = fit(three_groups(), replace(THREE, initialization="random-responsibilities", restarts=10))
        assert raced.log_likelihood > alone.log_likelihood + 40


class TestCancelling:
    def test_stops_before_the_first_step(self) -> None:
        history = fit(three_groups(), THREE, cancelled=lambda: True)
        assert (len(history), history.outcome) == (0, "stopped")
        with pytest.raises(IndexError, match="no iteration"):
            _ = history.mixture

    @pytest.mark.parametrize("restarts", [1, 5])
    def test_keeps_what_there_is(self, restarts: int) -> None:
        points, asked = blobs(BLOCK_NUMBERS), 0

        def cancelled() -> bool:
            nonlocal asked
            asked += 1
            return asked > 60

        settings = FitSettings(components=3, restarts=restarts, stop_rule="iterations", max_iterations=50)
        history = fit(points, settings, cancelled=cancelled)
        assert history.outcome == "stopped"
        assert 0 < len(history) < 51
        assert asked == 61

    def test_a_race_given_up_gives_the_best_so_far(self) -> None:
        points = three_groups()
        ran = 0
        steps, cancel = [], False
        generator = fit_steps(points, replace(THREE, restarts=10), cancelled=lambda: cancel)
        while True:
            try:
                step = next(generator)
            except StopIteration as end:
                ending = end.value
                break
            steps.append(step)
            ran = max(ran, step.run)
            cancel = ran == 4
        shown = [step for step in steps if not step.racing]
        assert ending.outcome == "stopped"
        assert (
            ending.messages[0] == "Stopped while start 5 of 10 was being computed: the best of those before is shown."
        )
        assert sum(maximum.reached for maximum in ending.maxima) == 4
        assert [step.iteration for step in shown] == list(range(len(shown)))
        assert shown[-1].log_likelihood == ending.maxima[0].log_likelihood


class TestMessages:
    def test_components_on_top_of_each_other(self) -> None:
        settings = FitSettings(components=3, initialization="random-responsibilities", tolerance=1e-5)
        history = fit(three_groups(), settings)
        assert any("on top of each other" in message for message in history.messages)
        assert not any("on top of each other" in message for message in fit(three_groups(), THREE).messages)

    @pytest.mark.parametrize("covariance", ["full", "tied", "diag", "spherical"])
    def test_on_top_of_each_other_for_every_type(self, covariance: str) -> None:
        points = np.random.default_rng(0).normal(size=(2000, 2)) * 1e-90
        settings = FitSettings(covariance=covariance, initialization="random-responsibilities", max_iterations=5)
        history = fit(points, settings)
        assert any("on top of each other" in message for message in history.messages)

    def test_a_component_on_the_floor_is_named(self) -> None:
        points = np.concatenate([three_groups(), [[30.0]] * 5])
        start = Mixture([0.9, 0.1], [0.0, 30.0], [20.0, 0.01])
        history = fit(points, FitSettings(), start=start)
        assert any(message.startswith("Component B rests on the variance floor") for message in history.messages)

    def test_without_a_floor_the_fit_fails_and_says_what_to_do(self) -> None:
        points = np.concatenate([three_groups(), [[30.0]] * 5])
        start = Mixture([0.9, 0.1], [0.0, 30.0], [20.0, 0.01])
        history = fit(points, FitSettings(variance_floor=0.0), start=start)
        assert history.outcome == "failed"
        assert history.messages[0].startswith("Component B has collapsed")
        assert np.isfinite(history.log_likelihoods).all()

    def test_a_constant_column_is_named(self) -> None:
        points = np.column_stack([three_groups(), np.full(300, 9.0)])
        history = fit(points, THREE)
        assert history.messages[0].startswith("Column 2 has the same value in every row")
        assert np.isfinite(history.log_likelihoods).all()

    def test_collinear_columns_are_said_to_be(self) -> None:
        points = three_groups() * [1.0, -2.0]
        assert any("One column follows from the others" in message for message in fit(points, THREE).messages)

    def test_every_message_is_a_sentence(self) -> None:
        petals = bundled("iris.csv", PETALS)
        said: set[str] = set()
        for settings in (FitSettings(6, restarts=3, max_iterations=3), FitSettings(40), FitSettings(8, seed=2)):
            said.update(fit(petals, settings).messages)
        assert len(said) > 3
        for message in said:
            assert message[0].isupper()
            assert message.endswith(".")


class TestRefusals:
    @pytest.mark.parametrize(
        ("change", "sentence"),
        [
            ({"components": 0}, "number of components must be a whole number of at least 1; it is 0"),
            ({"components": 2.5}, "whole number"),
            ({"tolerance": 0.0}, "tolerance must be a positive number, such as 1e-6"),
            ({"tolerance": "abc"}, "tolerance must be a positive number"),
            ({"tolerance": float("nan")}, "tolerance must be a positive number"),
            ({"max_iterations": -1}, "maximum number of iterations"),
            ({"restarts": 0}, "number of starts"),
            ({"seed": -3}, "seed"),
            ({"variance_floor": 1.0}, "variance floor must be a fraction"),
            ({"covariance": "square"}, "there are: full, tied, diag, spherical"),
            ({"covariance": ["full"]}, "there are: full, tied, diag, spherical"),
            ({"components": True}, "whole number"),
            ({"initialization": "lucky"}, r"there are: k-means\+\+, k-means"),
            ({"stop_rule": "bored"}, "there are: mean-gain, gain"),
            ({"summarise": "perhaps"}, '"auto", "never", "always"'),
            ({"collapse": "faint"}, "there are: floor, stop, restart"),
            ({"acceleration": "turbo"}, "there are: none, squarem"),
        ],
    )
    def test_settings(self, change: dict[str, object], sentence: str) -> None:
        with pytest.raises(ValueError, match=sentence) as refusal:
            fit_steps(three_groups(), replace(THREE, **change))  # type: ignore[arg-type]
        assert str(refusal.value).endswith(".")

    def test_a_constant_column_where_nothing_holds_a_component(self) -> None:
        points = np.column_stack([three_groups(), np.full(300, 9.0)])
        for collapse in ("stop", "restart"):
            with pytest.raises(ValueError, match=r"Column 2 has the same value in every row.*leave it out"):
                fit(points, replace(THREE, collapse=collapse))

    @pytest.mark.parametrize("seed", [2.0, np.int64(2)])
    def test_whole_numbers_of_other_types_are_whole_numbers(self, seed: object) -> None:
        other = fit(three_groups(), replace(THREE, seed=seed, restarts=2))  # type: ignore[arg-type]
        assert other.log_likelihood == fit(three_groups(), replace(THREE, seed=2, restarts=2)).log_likelihood

    def test_fewer_different_points_than_components(self) -> None:
        with pytest.raises(ValueError, match="only 2 different points for 3 components: choose at most 2"):
            fit_steps([1.0, 2.0, 1.0, 2.0, 2.0], THREE)
        with pytest.raises(ValueError, match="only 2 different points"):
            fit_steps([1.0, 2.0, 3.0], THREE, sample_weight=[1.0, 1.0, 0.0])

    def test_data_that_cannot_be_fitted(self) -> None:
        for points in ([], [np.nan, 1.0, 2.0], [5.0] * 10):
            with pytest.raises(ValueError, match=r"\.$"):
                fit(points, THREE)


@pytest.mark.parametrize("stop_rule", STOP_RULES)
def test_every_stop_rule_ends_the_fit(stop_rule: str) -> None:
    history = fit(three_groups(), FitSettings(components=3, stop_rule=stop_rule, tolerance=1e-4, max_iterations=300))
    assert history.outcome == ("stopped" if stop_rule == "iterations" else "converged")
    assert (len(history) < 301) is (stop_rule != "iterations")
