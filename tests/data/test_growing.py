"""Arrays that grow: what was appended to is never changed, and its rows are not copied again."""

from __future__ import annotations

import gc

import numpy as np
import pytest

from gmm_desktop.data import growing
from gmm_desktop.data.growing import appended, memory_of


def rows(first: int, count: int) -> np.ndarray:
    return np.arange(2 * first, 2 * (first + count), dtype=float).reshape(count, 2)


def test_each_array_is_the_beginning_of_the_next() -> None:
    kept = [appended(rows(0, 5), rows(5, 3))]
    for first in range(8, 400, 4):
        kept.append(appended(kept[-1], rows(first, 4)))
    for one in kept:
        np.testing.assert_array_equal(one, rows(0, len(one)))
        assert not one.flags.writeable
    assert len({memory_of(one)[0] for one in kept}) == 1


def test_a_second_way_on_leaves_the_first_alone() -> None:
    base = appended(rows(0, 5), rows(5, 1))
    one = appended(base, rows(6, 2))
    other = appended(base, rows(100, 3))
    np.testing.assert_array_equal(one, rows(0, 8))
    np.testing.assert_array_equal(other, np.concatenate([rows(0, 6), rows(100, 3)]))
    assert not np.shares_memory(one, other)


@pytest.mark.parametrize("part", [np.s_[1:], np.s_[::2], np.s_[:, :1], np.s_[:-1], np.s_[::-1]])
def test_a_part_of_a_grown_array_is_copied(part: object) -> None:
    base = appended(rows(0, 6), rows(6, 2))
    some = base[part]
    more = np.full((3, some.shape[1]), -1.0)
    before = base.copy()
    np.testing.assert_array_equal(appended(some, more), np.concatenate([some, more]))
    np.testing.assert_array_equal(base, before)


def test_one_dimension_and_what_has_died() -> None:
    weights = appended(np.ones(3), np.full(2, 0.5))
    assert weights.tolist() == [1, 1, 1, 0.5, 0.5]
    known = len(growing._taken)
    del weights
    gc.collect()
    assert len(growing._taken) == known - 1
