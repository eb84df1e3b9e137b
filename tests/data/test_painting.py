"""Points painted and erased: where they fall, and what is no longer claimed of the data."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from gmm_desktop.data import SAMPLES, Dataset, dataset_from_array, dataset_from_table, read_text
from gmm_desktop.data.painting import (
    Canvas,
    dab,
    dataset_on,
    most_components,
    on_the_way,
    puff,
    rows_along,
    stamp,
    stamp_factor,
    with_points,
    without_rows,
)


def rng(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)


def faithful() -> Dataset:
    return SAMPLES["faithful"].load()


def test_a_dab_fills_its_ellipse_evenly() -> None:
    points = dab(rng(), (2.0, 50.0), (0.5, 10.0), 20_000)
    away = (points - (2.0, 50.0)) / (0.5, 10.0)
    radius = np.hypot(*away.T)
    assert radius.max() <= 1.0
    # In a disc that is filled evenly half of the points lie within the square root of a half.
    assert np.mean(radius < np.sqrt(0.5)) == pytest.approx(0.5, abs=0.015)
    line = dab(rng(), (2.0,), (0.5,), 20_000)
    assert (line.min(), line.max()) == (pytest.approx(1.5, abs=0.01), pytest.approx(2.5, abs=0.01))


def test_a_puff_is_densest_in_the_middle() -> None:
    points = puff(rng(), (0.0, 0.0), (2.0, 6.0), 20_000)
    np.testing.assert_allclose(points.std(axis=0), (1.0, 3.0), rtol=0.03)


def test_a_stamp_has_the_shape_that_was_set() -> None:
    points = stamp(rng(), (3.0, 4.0), stamp_factor(2.0, 1.0, 45.0), 100_000)
    np.testing.assert_allclose(points.mean(axis=0), (3.0, 4.0), atol=0.03)
    # Turned by 45 degrees, variances of 4 and 1 give their mean in each column and half their difference between.
    np.testing.assert_allclose(np.cov(points.T), [[2.5, 1.5], [1.5, 2.5]], atol=0.05)


def test_at_no_angle_the_deviations_are_those_of_the_columns_whatever_their_units() -> None:
    np.testing.assert_allclose(stamp_factor(0.3, 8.0, 0.0, ratio=15.0), np.diag([0.3, 8.0]))
    quarter = stamp_factor(0.3, 8.0, 90.0, ratio=15.0)
    np.testing.assert_allclose(quarter @ quarter.T, np.diag([(8.0 / 15) ** 2, (0.3 * 15) ** 2]), atol=1e-12)


def test_the_same_seed_gives_the_same_points() -> None:
    for make in (dab, puff):
        np.testing.assert_array_equal(make(rng(5), (1, 2), (3, 4), 9), make(rng(5), (1, 2), (3, 4), 9))
    np.testing.assert_array_equal(stamp(rng(5), (1,), 2.0, 9), stamp(rng(5), (1,), 2.0, 9))


def test_an_eraser_takes_what_it_passes_over_and_nothing_else() -> None:
    points = rng().uniform(0, 10, (4000, 2))
    start, end, reach = np.array([2.0, 3.0]), np.array([7.0, 6.0]), np.array([0.5, 1.0])
    taken = set(rows_along(points, start, end, reach).tolist())
    places = start + np.linspace(0, 1, 4001)[:, np.newaxis] * (end - start)
    nearest = [float(np.min(np.hypot(*((point - places) / reach).T))) for point in points]
    assert {row for row, away in enumerate(nearest) if away < 0.999} <= taken
    assert taken <= {row for row, away in enumerate(nearest) if away <= 1.001}
    np.testing.assert_array_equal(rows_along(np.array([[1.0], [2.0], [3.0]]), (2.1,), (2.1,), (0.2,)), [1])


def test_a_brush_leaves_no_gap_and_does_not_run_ahead() -> None:
    way = on_the_way((0.0, 0.0), (3.2, 0.0), (1.0, 5.0))
    np.testing.assert_allclose(way, [[0.5, 0], [1, 0], [1.5, 0], [2, 0], [2.5, 0], [3, 0]])
    assert on_the_way((0.0, 0.0), (0.4, 0.0), (1.0, 5.0)).shape == (0, 2)


def test_what_was_read_from_a_file_is_called_edited_and_claims_no_row_of_it() -> None:
    table = read_text("a,b,c\n1,2,5\n2,,5\n3,4,6\n5,9,6\n")
    more = with_points(dataset_from_table(table, ["a", "b"]), np.array([[9.0, 9.5]]))
    np.testing.assert_array_equal(more.points, [[1, 2], [3, 4], [5, 9], [9, 9.5]])
    assert more.source.endswith(", edited")
    assert (more.table, more.rows, more.whole, more.skipped) == (None, None, None, 0)
    assert any("1 of 4 rows skipped" in said for said in more.messages), "what was left out stays said"
    assert any("Edited by hand" in said for said in more.messages)
    assert any("Only 'a', 'b' went along" in said for said in more.messages)
    again = without_rows(more, np.array([0]))
    assert (again.source, again.messages) == (more.source, more.messages), "said once"


def test_points_no_longer_come_from_the_mixture_that_generated_them() -> None:
    groups = SAMPLES["two-groups"].load()
    fewer = without_rows(groups, np.arange(10))
    assert (fewer.truth, fewer.generator, fewer.sample, fewer.seed) == (None, None, "", None)
    assert any("mixture that generated" in said for said in fewer.messages)
    assert fewer.labels is not None
    assert groups.labels is not None
    np.testing.assert_array_equal(fewer.labels, groups.labels[10:])


def test_labels_and_weights_stay_only_where_they_still_say_something() -> None:
    weights, labels = np.array([1.0, 2.0, 6.0]), np.array([0, 1, 1])
    data = dataset_from_array([[1.0], [2.0], [3.0]], sample_weight=weights, labels=labels)
    fewer = without_rows(data, np.array([1]))
    assert fewer.sample_weight is not None
    assert fewer.labels is not None
    assert (fewer.sample_weight.tolist(), fewer.labels.tolist()) == ([1.0, 6.0], [0, 1])
    more = with_points(data, np.array([[7.0]]))
    assert more.sample_weight is not None
    assert more.sample_weight.tolist() == [1.0, 2.0, 6.0, 3.0], "on average a row weighs 3"
    assert more.labels is None
    assert any("labels were dropped" in said for said in more.messages)
    assert any("weighs as much" in said for said in more.messages)


def test_nothing_of_the_old_data_is_changed() -> None:
    data = faithful()
    before = data.points.copy()
    changed = with_points(without_rows(data, np.array([3])), np.array([[1.0, 2.0]]))
    np.testing.assert_array_equal(data.points, before)
    assert not changed.points.flags.writeable


def test_no_data_set_is_made_of_nothing() -> None:
    with pytest.raises(ValueError, match="new canvas"):
        without_rows(dataset_from_array([[1.0], [2.0]]), np.array([0, 1]))


def test_the_first_points_make_a_canvas_a_data_set() -> None:
    data = dataset_on(Canvas(("a", "b"), "cm"), np.array([[1.0, 2.0]]), 3)
    assert (data.names, data.unit, data.components, data.size) == (("a", "b"), "cm", 3, 1)
    assert with_points(data, np.array([[2.0, 2.0]])).source == data.source, "painted data are not called edited"


@pytest.mark.parametrize(
    ("points", "most"), [([1, 1, 1], 1), ([1, 2, 1, 2], 2), ([1, 2, 3, 4], 3), ([5] * 999 + [6], 2)]
)
def test_there_are_no_more_components_than_different_points(points: list[float], most: int) -> None:
    assert most_components(np.array(points, dtype=float)[:, np.newaxis], 3) == most


def test_an_edit_of_one_column_keeps_no_way_back_to_the_other() -> None:
    data = faithful()
    one = replace(data, points=data.points[:, :1], names=data.names[:1], table=None, whole=data)
    assert with_points(one, np.array([[1.0]])).available_columns == ("eruptions",)
