"""SQUAREM: the same maximum in fewer passes over the points, never a step down, and said to be what it is."""

from __future__ import annotations

from itertools import islice

import numpy as np
import pytest

from gmm_desktop.mixture import ACCELERATIONS, COVARIANCE_TYPES, Acceleration, EMStep, FitSettings, fit, initialise
from gmm_desktop.mixture.acceleration import Squarem
from gmm_desktop.mixture.engine import Ascent, Engine, em_from, steps_from
from gmm_desktop.mixture.parameters import Mixture
from gmm_desktop.mixture.points import check_points
from gmm_desktop.mixture.statistics import Statistics
from tests.mixture.cases import blobs, bundled, case_points, reference, three_groups

# Creeps: EM needs thousands of iterations here.
CREEPING = next(case for case in reference("best_fits.json") if case["id"] == "faithful_eruptions/1d/k3/unequal")


def _overlapping() -> np.ndarray:
    rng = np.random.default_rng(3)
    return np.concatenate([rng.normal(0, 1, 300), rng.normal(1.6, 1, 300)])


@pytest.mark.parametrize("row", ACCELERATIONS.values(), ids=lambda row: row.id)
class TestEveryAcceleration:
    def test_has_words_for_a_person(self, row: Acceleration) -> None:
        assert ACCELERATIONS[row.id] is row
        assert row.label
        assert row.tip.endswith(".")
        assert not row.note or row.note.endswith(".")

    @pytest.mark.parametrize("covariance", COVARIANCE_TYPES)
    def test_never_falls_keeps_the_type_and_starts_at_the_start(self, row: Acceleration, covariance: str) -> None:
        points = blobs(400, 2, 4)
        settings = FitSettings(4, covariance, "random", acceleration=row.id, stop_rule="iterations", max_iterations=40)
        history = fit(points, settings)
        assert np.diff(history.log_likelihoods).min() > -1e-9 * np.abs(history.log_likelihoods).max()
        np.testing.assert_array_equal(history.mixture_at(0).means, initialise(points, settings).means)
        for step in history.steps:
            of_type = COVARIANCE_TYPES[covariance].constrain(step.mixture.covariances * 7, np.full(4, 7.0))
            np.testing.assert_allclose(of_type, step.mixture.covariances, rtol=1e-9, atol=1e-12)
            assert step.log_likelihood == pytest.approx(step.mixture.log_density(points).sum(), rel=1e-10)

    def test_is_noted_unless_it_is_plain(self, row: Acceleration) -> None:
        messages = fit(three_groups(), FitSettings(3, acceleration=row.id)).messages
        assert any("SQUAREM" in message for message in messages) is (row.id == "squarem")


def test_it_is_off_unless_asked_for() -> None:
    assert FitSettings().acceleration == "none"


class TestSquarem:
    def test_reaches_the_maximum_in_far_fewer_passes(self, monkeypatch: pytest.MonkeyPatch) -> None:
        points = _overlapping()
        passes = {"none": 0, "squarem": 0}
        found = {}
        look = Ascent.look
        for name in passes:

            def counted(self: Ascent, mixture: Mixture, name: str = name) -> Statistics:
                passes[name] += 1
                return look(self, mixture)

            monkeypatch.setattr(Ascent, "look", counted)
            settings = FitSettings(2, tolerance=1e-12, max_iterations=50_000, acceleration=name)
            found[name] = fit(points, settings)
        assert found["squarem"].log_likelihood >= found["none"].log_likelihood - 1e-6
        np.testing.assert_allclose(found["squarem"].mixture.means, found["none"].mixture.means, atol=1e-2)
        assert passes["squarem"] < passes["none"] / 3

    def test_ends_at_the_best_maximum_known(self) -> None:
        settings = FitSettings(3, acceleration="squarem", restarts=10, tolerance=1e-10)
        history = fit(case_points(CREEPING), settings)
        assert history.log_likelihood == pytest.approx(CREEPING["loglik"], abs=1e-3)

    def test_a_stride_that_leads_down_is_not_taken(self, monkeypatch: pytest.MonkeyPatch) -> None:
        points = three_groups()
        wide = Mixture([0.3, 0.3, 0.4], [-9.0, 0.0, 9.0], [400.0, 400.0, 400.0])
        moved = wide.moved(-check_points(points).origin)
        monkeypatch.setattr("gmm_desktop.mixture.acceleration._extrapolated", lambda *_: (1.0, moved))
        settings = FitSettings(3, acceleration="squarem", stop_rule="iterations", max_iterations=10)
        strided = fit(points, settings)
        assert np.diff(strided.log_likelihoods).min() > -1e-9
        # Without strides an iteration is two steps of EM.
        plain = fit(points, FitSettings(3, stop_rule="iterations", max_iterations=20))
        np.testing.assert_allclose(strided.log_likelihoods, plain.log_likelihoods[::2], rtol=1e-12)

    @pytest.mark.parametrize("scale", [1e-90, 1e90])
    def test_knows_no_units(self, scale: float) -> None:
        points = bundled("faithful.csv", ("eruptions", "waiting"))
        start = initialise(points, FitSettings(2))
        moved = Mixture(start.weights, start.means * scale, start.covariances * scale**2)
        settings = FitSettings(2, acceleration="squarem", stop_rule="iterations", max_iterations=8)
        plain, scaled = fit(points, settings, start=start), fit(points * scale, settings, start=moved)
        np.testing.assert_allclose(scaled.mixture.means / scale, plain.mixture.means, rtol=1e-9)

    def test_takes_the_double_step_where_a_component_is_lost(self) -> None:
        points = three_groups()
        start = Mixture([0.5, 0.5], [0.0, 1e6], [20.0, 1.0])
        data = check_points(points)
        ascent = Ascent(Engine(data, 2), COVARIANCE_TYPES["full"], 1e-6)
        plain = next(islice(em_from(ascent, start), 1, None))
        strided = next(islice(steps_from(ascent, EMStep(0, start, 0.0), Squarem()), 1, None))
        assert strided.mixture.weights[1] == plain.mixture.weights[1] == 0
        assert strided.events == plain.events

    def test_a_floor_holds(self) -> None:
        points = np.concatenate([three_groups(100)[:, 0], [20.0, 20.0]])
        start = Mixture([0.5, 0.5], [0.0, 20.0], [20.0, 0.01])
        settings = FitSettings(acceleration="squarem", variance_floor=1e-4)
        history = fit(points, settings, start=start)
        assert history.mixture.covariances[1, 0, 0] == pytest.approx(1e-4 * points.var())
        assert np.diff(history.log_likelihoods[1:]).min() > -1e-9
