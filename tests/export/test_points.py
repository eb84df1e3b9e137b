"""The data as text: every digit, and nothing that a spreadsheet would run."""

from __future__ import annotations

import csv
import io

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from gmm_desktop.data import Dataset, GivenUpError, dataset_from_array, dataset_from_table, read_text
from gmm_desktop.data.groups import NO_LABEL
from gmm_desktop.export.points import points_csv, points_tsv

AWKWARD = [[0.1, 1e-300], [1 / 3, -1.5e300], [-0.0, 2**53 + 2.0], [5e-324, 1.7e9 + 1e-7]]


def rows_of(dataset: Dataset, delimiter: str = ",") -> list[list[str]]:
    pieces = points_csv(dataset) if delimiter == "," else points_tsv(dataset)
    text = b"".join(pieces).decode()
    assert text.endswith("\n")
    return list(csv.reader(io.StringIO(text), delimiter=delimiter))


@pytest.mark.parametrize("delimiter", [",", "\t"])
def test_every_number_comes_back_to_the_last_bit(delimiter: str) -> None:
    header, *rows = rows_of(dataset_from_array(AWKWARD, ["u", "v"]), delimiter)
    assert header == ["u", "v"]
    back = np.array([[float(cell) for cell in row] for row in rows])
    assert back.tobytes() == np.array(AWKWARD).tobytes()


def test_more_points_than_are_made_at_once() -> None:
    points = np.random.default_rng(0).normal(size=(12_345, 3))
    _, *rows = rows_of(dataset_from_array(points))
    assert_array_equal(np.array(rows, dtype=float), points)


def test_weights_and_known_labels_are_columns_of_their_own() -> None:
    dataset = dataset_from_array(
        [1, 2, 3], ["weight"], sample_weight=np.array([1.0, 0.5, 2.25]), labels=np.array([0, 2, 1])
    )
    assert rows_of(dataset) == [
        ["weight", "weight (known)", "label"],
        ["1.0", "1.0", "group-1"],
        ["2.0", "0.5", "group-3"],
        ["3.0", "2.25", "group-2"],
    ]


def test_what_is_saved_is_read_again_as_what_it_was() -> None:
    rng = np.random.default_rng(1)
    for d in (1, 2):
        dataset = dataset_from_array(rng.normal(size=(50, d)) * 1e-9, labels=rng.integers(0, 3, 50))
        back = dataset_from_table(read_text(b"".join(points_csv(dataset)).decode()))
        assert back.names == dataset.names, "a label is no column to fit"
        assert back.points.tobytes() == dataset.points.tobytes()


def test_labels_come_back_in_their_order_and_none_where_there_is_none() -> None:
    labels = np.array([*range(12), NO_LABEL, 3])
    dataset = dataset_from_array(np.arange(14.0), labels=labels)
    back = dataset_from_table(read_text(b"".join(points_csv(dataset)).decode()), labels="label")
    assert back.labels is not None
    assert_array_equal(back.labels, labels)


def test_rows_that_were_skipped_are_no_points() -> None:
    dataset = dataset_from_table(read_text("u,v,name\n1,2,a\nNA,3,b\n4,5,c\n"))
    assert rows_of(dataset) == [["u", "v"], ["1.0", "2.0"], ["4.0", "5.0"]]


@pytest.mark.parametrize("delimiter", [",", "\t"])
@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("=HYPERLINK('http://x')", "'=HYPERLINK('http://x')"),
        ("+1+cmd|' /C calc'!A0", "'+1+cmd|' /C calc'!A0"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\tx", "'\tx"),
        ("-5", "-5"),
        ('a "quoted", name\nof two\tlines', 'a "quoted", name\nof two\tlines'),
    ],
)
def test_a_name_is_one_cell_and_never_a_formula(name: str, written: str, delimiter: str) -> None:
    header, *rows = rows_of(dataset_from_array([[1, 2]], [name, "v"]), delimiter)
    assert header == [written, "v"]
    assert rows == [["1.0", "2.0"]]


def test_a_name_that_is_no_text_still_gives_a_file() -> None:
    assert rows_of(dataset_from_array([1.5], ["x\udc80"])) == [["x?"], ["1.5"]]


def test_it_tells_how_far_it_is_and_can_be_given_up() -> None:
    dataset = dataset_from_array(np.zeros(10_000))
    told: list[float] = []
    assert len(list(points_csv(dataset, told.append))) == 6
    assert told == pytest.approx([0.0, 0.2, 0.4, 0.6, 0.8])

    def stop(share: float) -> None:
        if share > 0.5:
            raise GivenUpError

    with pytest.raises(GivenUpError):
        list(points_csv(dataset, stop))
