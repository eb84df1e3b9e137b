"""Skipped rows are named; weights and labels come from columns."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from gmm_desktop.data import DataError, Suspect, Table, dataset_from_table, read_text, with_columns
from gmm_desktop.mixture import FitSettings, fit

OZONE = "ozone,wind\n" + "\n".join(f"{'NA' if i % 5 == 4 else i},{i % 7}" for i in range(153)) + "\n"


def test_the_rows_are_counted_as_a_person_counts_them() -> None:
    dataset = dataset_from_table(read_text(OZONE))
    (sentence,) = dataset.messages
    assert sentence == "30 of 153 rows skipped: no number in 'ozone' (rows 5, 10, 15, 20, 25, 30, 35, 40, 45, 50 ...)."
    lines = OZONE.splitlines()[1:]
    assert all(lines[int(number) - 1].startswith("NA") for number in re.findall(r"\d+", sentence.split("(")[1]))


@pytest.mark.parametrize(
    ("weight", "said"),
    [
        ("", "1 of 4 rows skipped: no weight in 'w' (row 2)."),
        ("0", "1 of 4 rows skipped: a weight of zero in 'w' (row 2)."),
        ("-1", "1 of 4 rows skipped: a negative weight in 'w' (row 2)."),
        ("inf", "1 of 4 rows skipped: an infinite weight in 'w' (row 2)."),
    ],
)
def test_a_row_without_a_positive_weight_is_skipped_and_said(weight: str, said: str) -> None:
    dataset = dataset_from_table(read_text(f"x,w\n1,1\n2,{weight}\n3,0.5\n4,2\n"), ["x"], weights="w")
    assert said in dataset.messages
    assert dataset.points[:, 0].tolist() == [1, 3, 4]
    assert dataset.sample_weight is not None
    assert dataset.sample_weight.tolist() == [1, 0.5, 2]
    assert dataset.weights_from == "w"
    assert dataset.total_weight == 3.5


def test_whole_weights_are_repeated_rows() -> None:
    rows = [(x, 1 + i % 3) for i, x in enumerate([0.0, 0.4, 1.0, 1.3, 7.0, 7.5, 8.1, 8.4, 9.0])]
    weighted = dataset_from_table(read_text("x,w\n" + "\n".join(f"{x},{w}" for x, w in rows)), ["x"], weights="w")
    repeated = dataset_from_table(read_text("x,w\n" + "\n".join(f"{x},1" for x, w in rows for _ in range(w))), ["x"])
    settings = FitSettings(components=1)
    one = fit(weighted.points, settings, sample_weight=weighted.sample_weight)
    other = fit(repeated.points, settings)
    assert one.log_likelihood == pytest.approx(other.log_likelihood, rel=1e-12)
    np.testing.assert_allclose(weighted.scale, repeated.scale)


@pytest.mark.parametrize(("weights", "said"), [("g", "no weights"), ("z", "no positive weight"), ("q", "no column")])
def test_weights_that_are_none(weights: str, said: str) -> None:
    with pytest.raises(DataError, match=said):
        dataset_from_table(read_text("x,g,z\n1,a,0\n2,b,-1\n3,b,0\n"), ["x"], weights=weights)


def test_the_usual_columns_leave_the_weights_out() -> None:
    assert dataset_from_table(read_text("w,x,y\n1,2,3\n2,3,5\n"), weights="w").names == ("x", "y")


def test_labels_are_texts_or_numbers_in_their_order_and_may_be_missing() -> None:
    table = read_text("x,name,code\n1,b,10\n2,a,9\n3, ,10\n4,NA,\n5,b,2\nNA,z,1\n")
    named = dataset_from_table(table, ["x"], labels="name")
    assert named.labels is not None
    assert named.labels.tolist() == [1, 0, -1, -1, 1]
    assert named.label_names == ("a", "b")
    assert "2 of 5 points have no label in 'name' (rows 3, 4) and are fitted like the others." in named.messages
    coded = dataset_from_table(table, ["x"], labels="code")
    assert coded.labels is not None
    assert coded.labels.tolist() == [2, 1, 2, -1, 0]
    assert coded.label_names == ("2", "9", "10")


def test_a_start_at_labels_of_which_some_are_missing_is_refused() -> None:
    dataset = dataset_from_table(read_text("x,g\n1,a\n2,a\n7,b\n8,\n9,b\n"), ["x"], labels="g")
    settings = FitSettings(components=2, initialization="labels")
    with pytest.raises(ValueError, match="labels are missing"):
        fit(dataset.points, settings, labels=dataset.start_labels)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("x,g\n" + "\n".join(f"{i},name {i}" for i in range(1500)), "more than 1000 different labels"),
        ("x,g\n" + "\n".join(f"{i},{i}" for i in range(1500)), "more than 1000 different labels"),
        ("x,g\n1,\n2,\n3,\n", "has no labels"),
    ],
)
def test_labels_that_are_no_groups(content: str, said: str) -> None:
    with pytest.raises(DataError, match=said):
        dataset_from_table(read_text(content), ["x"], labels="g")


def test_other_columns_keep_weights_and_labels() -> None:
    table = read_text("x,y,w,g\n1,5,1,a\n2,NA,2,b\n3,7,3,b\n")
    first = dataset_from_table(table, ["x"], weights="w", labels="g")
    other = with_columns(first, ["y"])
    assert other.sample_weight is not None
    assert other.labels is not None
    assert (other.sample_weight.tolist(), other.labels.tolist()) == ([1, 3], [0, 1])
    assert (other.weights_from, other.labels_from) == ("w", "g")


def suspicious(table: Table, *messages: str) -> Table:
    return replace(table, suspects=(Suspect("x", "-999", 2),), messages=messages)


def test_numbers_that_may_mean_missing_are_told_once_and_only_of_fitted_columns() -> None:
    table = suspicious(read_text("x,y\n1,2\n-999,3\n-999,5\n4,4\n"))
    said = "'-999' stands in 2 rows of 'x' and may mean that a value is missing; it was read as a number."
    assert dataset_from_table(table, ["x"]).messages == (said,)
    assert dataset_from_table(table, ["y"]).messages == ()
    own = "In 'x' '-999' stands in 2 rows."
    assert dataset_from_table(suspicious(table, own), ["x"]).messages == (own,)


def test_units_belong_to_columns() -> None:
    table = read_text("x,y\n1,2\n2,3\n")
    table = replace(table, columns=tuple(replace(c, unit={"y": "km"}.get(c.name, "")) for c in table.columns))
    assert dataset_from_table(table, ["y", "x"]).units == ("km", "")
