"""Which frames of a run a film shows."""

from __future__ import annotations

import numpy as np
import pytest

from gmm_desktop.mixture import FitHistory, FitSettings, em_steps
from gmm_desktop.session import snapshot_of
from gmm_desktop.session.film import film_frames, film_steps, usual_rate
from gmm_desktop.session.snapshot import snapshot_at
from gmm_desktop.session.timeline import Frame, next_half, whole
from tests.ui.showing import mixture, two_groups


@pytest.mark.parametrize("last", [0, 1, 7, 199])
def test_a_short_run_is_shown_whole(last: int) -> None:
    assert film_steps(last) == list(range(last + 1))


@pytest.mark.parametrize("last", [200, 201, 500, 5923, 100_000])
def test_a_long_run_is_shown_densely_first_and_then_ever_more_sparsely(last: int) -> None:
    steps = film_steps(last)
    assert 100 < len(steps) <= 200
    assert (steps[0], steps[-1]) == (0, last)
    assert steps[:100] == list(range(100))
    gaps = np.diff(steps)
    assert gaps.min() == 1
    assert gaps[-1] == pytest.approx(gaps.max(), abs=1)


def test_each_nth_step_ends_with_the_last() -> None:
    assert film_steps(10, 4) == [0, 4, 8, 10]
    assert film_steps(8, 4) == [0, 4, 8]
    assert film_steps(3, 100) == [0, 3]
    assert film_steps(300, 1) == list(range(301))


def test_half_steps_walk_the_timeline() -> None:
    frames = film_frames(film_steps(3), halves=True)
    walked = [whole(0)]
    while len(walked) < len(frames):
        walked.append(next_half(walked[-1]))
    assert frames == walked
    assert frames[-1] == Frame(3, "E", halves=True)


@pytest.mark.parametrize("frames", [2, 12, 60, 200, 5000])
def test_the_usual_rate_lets_a_film_be_read(frames: int) -> None:
    assert 2 <= usual_rate(frames) <= 20
    if 24 <= frames <= 240:
        assert frames / usual_rate(frames) == pytest.approx(12, rel=0.25)


def test_another_frame_of_a_run_is_what_it_was_when_it_was_shown() -> None:
    data = two_groups()
    history = FitHistory()
    for step in em_steps(data.points, mixture([[-1, 0], [1, 0]])):
        history.append(step)
        if step.iteration == 6:
            break
    end = snapshot_of(data, FitSettings(components=2), history, 6)
    early = snapshot_at(end, history, Frame(2, "M", halves=True))
    assert early.mixture is not None
    assert early.colouring is not None
    np.testing.assert_array_equal(early.mixture.means, history.means[2])
    np.testing.assert_array_equal(early.colouring.means, history.means[1])
    assert (early.iteration, early.phase, early.halves) == (2, "M", True)
    assert early.last_iteration == 6
    start = snapshot_at(end, history, whole(0))
    assert (start.colouring, start.counts) == (None, None)
