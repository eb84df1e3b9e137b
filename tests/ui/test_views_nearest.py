"""Finding a point among many, judged by the plain way."""

from __future__ import annotations

import numpy as np
import pytest

from gmm_desktop.ui.views.nearest import NONE, REACH, following, nearest

RNG = np.random.default_rng(2)
FEW = (RNG.integers(0, 5, 60).astype(float), RNG.integers(0, 5, 60).astype(float))
MANY = (RNG.normal(size=700_000), RNG.normal(size=700_000))


def test_the_nearest_is_the_nearest_on_screen() -> None:
    for place in RNG.normal(size=(20, 2)):
        distances = np.hypot((MANY[0] - place[0]) * 90, (MANY[1] - place[1]) * 40)
        expected = int(distances.argmin()) if distances.min() < REACH else NONE
        assert nearest(MANY, tuple(place), (90, 40)) == expected


def test_nothing_is_meant_far_from_all_points() -> None:
    points = (np.array([0.0]), np.array([0.0]))
    assert nearest(points, (1.19, 0.0), (10, 10)) == 0
    assert nearest(points, (1.21, 0.0), (10, 10)) == NONE


def test_of_points_at_one_place_the_first_is_meant() -> None:
    points = (np.array([5.0, 1.0, 1.0]), np.array([0.0, 2.0, 2.0]))
    assert nearest(points, (1.0, 2.1), (10, 10)) == 1


@pytest.mark.parametrize("direction", [1, -1])
def test_walking_meets_every_point_once_in_order(direction: int) -> None:
    expected = np.lexsort((np.arange(60), FEW[1], FEW[0]))[::direction]
    met: list[int] = []
    after = None
    while (row := following(FEW, after, direction)) not in (NONE, None):
        assert row is not None
        met.append(row)
        after = (FEW[0][row], FEW[1][row], float(row))
    assert met == expected.tolist()


@pytest.mark.parametrize("direction", [1, -1])
def test_walking_along_an_axis_meets_every_value_once(direction: int) -> None:
    values = FEW[:1]
    met: list[int] = []
    after = None
    while (row := following(values, after, direction, each=False)) not in (NONE, None):
        assert row is not None
        met.append(row)
        after = (values[0][row], 0.0)
    assert [values[0][row] for row in met] == np.unique(values[0])[::direction].tolist()
    assert met == [int(np.flatnonzero(values[0] == values[0][row])[0]) for row in met]


def test_walking_from_block_to_block() -> None:
    order = np.lexsort((MANY[1], MANY[0]))
    for at in (0, 350_000, 699_998):
        row = int(order[at])
        assert following(MANY, (MANY[0][row], MANY[1][row], float(row)), 1) == order[at + 1]
    assert following(MANY, None, -1) == order[-1]


def test_it_can_be_given_up() -> None:
    assert nearest(MANY, (0.0, 0.0), (1, 1), lambda: True) is None
    assert following(MANY, None, 1, lambda: True) is None
