"""The data with labels: nothing of the original is lost or changed."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from gmm_desktop.data import GivenUpError, ReadOptions, dataset_from_array, dataset_from_table, read_table
from gmm_desktop.export import FitReport, export
from gmm_desktop.mixture import FitSettings, fit
from tests.export.made import made


def rows_of(report: FitReport) -> list[list[str]]:
    return list(csv.reader(io.StringIO(made(report, "data.csv", "data").decode(), newline="")))


def test_one_header_and_one_line_a_row_of_the_file(groups_report: FitReport) -> None:
    header, *rows = rows_of(groups_report)
    new = ["label", "largest responsibility", "responsibility B", "responsibility A", "log density", "skipped"]
    assert header == ["name", "x", "y", "note", *new]
    assert [row[0] for row in rows] == list("abcdefgh")


def test_labels_and_responsibilities_are_those_of_the_mixture(groups_report: FitReport) -> None:
    rows = rows_of(groups_report)[1:]
    fitted = [row for row in rows if row[4]]
    points = groups_report.dataset.points
    expected = groups_report.mixture.responsibilities(points)
    assert_array_equal([[float(cell) for cell in row[6:8]] for row in fitted], expected[:, [1, 0]])
    assert_array_equal([float(row[5]) for row in fitted], expected.max(axis=1))
    assert_array_equal([float(row[8]) for row in fitted], groups_report.mixture.log_density(points))
    assert [row[4] for row in fitted] == ["AB"[i] for i in expected.argmax(axis=1)]


def test_skipped_rows_are_there_marked_and_without_a_label(groups_report: FitReport) -> None:
    rows = rows_of(groups_report)[1:]
    assert [row[0] for row in rows if row[4:] == ["", "", "", "", "", "yes"]] == ["b", "f"]
    assert [row[0] for row in rows if row[4] and row[9] == "no"] == list("acdegh")
    assert rows[1][:4] == ["b", "1.5", "NA", "-3"]


def test_numbers_are_untouched_and_decimal_commas_become_points(groups_report: FitReport) -> None:
    assert [row[1] for row in rows_of(groups_report)[1:]] == ["1.0", "1.5", "2.25", "8.0", "9.5", "inf", "7.75", "1.25"]


def test_digits_of_the_file_are_kept(tmp_path: Path) -> None:
    cells = ["3.60", "+1e0", "0.1000000000000000055", "9007199254740993", "-0", ".5"]
    path = tmp_path / "digits.csv"
    path.write_text("x\n" + "\n".join(cells) + "\n")
    dataset = dataset_from_table(read_table(path))
    settings = FitSettings(components=1)
    assert [row[0] for row in rows_of(FitReport(dataset, settings, fit(dataset.points, settings)))[1:]] == cells


def test_text_that_a_spreadsheet_would_run_is_made_harmless(groups_report: FitReport) -> None:
    notes = [row[3] for row in rows_of(groups_report)[1:]]
    assert notes == ["'=1+1", "-3", "'-x", "'@sum", "plain", "+4", 'with "quotes", comma', ""]


def test_names_that_a_spreadsheet_would_run_too(tmp_path: Path) -> None:
    path = tmp_path / "names.csv"
    path.write_text("=cmd(),label\n1,2\n2,5\n4,3\n5,5\n")
    dataset = dataset_from_table(read_table(path))
    settings = FitSettings(components=1)
    header = rows_of(FitReport(dataset, settings, fit(dataset.points, settings)))[0]
    new = ["label (fit)", "largest responsibility", "responsibility A", "log density", "skipped"]
    assert header == ["'=cmd()", "label", *new]


def test_a_row_of_another_length_runs_nothing_either(tmp_path: Path) -> None:
    path = tmp_path / "ragged.csv"
    path.write_text("x,y\n" + "\n".join(f"{i},{i * i}" for i in range(20)) + "\n=cmd(),-5,+7\n1,2\n")
    dataset = dataset_from_table(read_table(path), ["x", "y"])
    settings = FitSettings(components=1)
    rows = rows_of(FitReport(dataset, settings, fit(dataset.points, settings)))
    assert rows[21][:2] == ["'=cmd()", "-5"]
    assert rows[21][-1] == "yes"


def test_generated_points(tmp_path: Path) -> None:
    points = np.random.default_rng(0).normal(size=(10_050, 2))
    settings = FitSettings(components=2, max_iterations=2)
    report = FitReport(dataset_from_array(points), settings, fit(points, settings))
    path = tmp_path / "points.csv"
    path.write_bytes(made(report, path, "data"))
    table = read_table(path)
    assert table.rows == len(points)
    numbers = np.stack([column.values for column in table.columns if column.values is not None], axis=1)
    assert_array_equal(numbers[:, :2], points)
    assert_array_equal(numbers[:, 3:5], report.mixture.responsibilities(points)[:, report.order])
    assert_array_equal(numbers[:, 5], report.mixture.log_density(points))


def test_many_rows_come_in_pieces_and_tell_how_far_they_are(tmp_path: Path) -> None:
    points = np.random.default_rng(0).normal(size=(5_000, 1))
    settings = FitSettings(components=2, max_iterations=2)
    report = FitReport(dataset_from_array(points), settings, fit(points, settings))
    shares: list[float] = []
    export(report, tmp_path / "points.csv", "data", shares.append)
    assert len(shares) > 3
    assert shares == sorted(shares)
    assert shares[-1] < 1


def test_what_is_given_up_half_way_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    points = np.random.default_rng(0).normal(size=(5_000, 1))
    settings = FitSettings(components=2, max_iterations=2)
    report = FitReport(dataset_from_array(points), settings, fit(points, settings))
    path = tmp_path / "points.csv"
    path.write_text("old")

    def tell(share: float) -> None:
        if share > 0.5:
            raise GivenUpError

    with pytest.raises(GivenUpError):
        export(report, path, "data", tell)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_date_that_was_read_as_a_number_stays_a_date(tmp_path: Path) -> None:
    path = tmp_path / "dates.csv"
    days = ["2020-01-10", "2020-02-10", "", "2020-03-11", "2020-03-12"]
    path.write_text("when;y\n" + "\n".join(f"{day};{i * i},5" for i, day in enumerate(days)))
    dataset = dataset_from_table(read_table(path, ReadOptions(dates=("when",))))
    assert dataset.size == 4
    settings = FitSettings(components=1, covariance="diag")
    report = FitReport(dataset, settings, fit(dataset.points, settings))
    assert [row[:2] for row in rows_of(report)[1:]] == [[day, f"{i * i}.5"] for i, day in enumerate(days)]
    parquet = pytest.importorskip("pyarrow.parquet").read_table(io.BytesIO(made(report, "fit.parquet", "data")))
    assert parquet.column("when").to_pylist() == days
    assert parquet.column("skipped").to_pylist() == [False, False, True, False, False]


RUNS = ("=1+1", "+1+1", "-1.5abc", "@A1", "\t=1", "＝1", "＋1", "－1", "＠A1", "-1-1")


def test_of_a_hostile_file_no_text_runs_and_no_number_changes(tmp_path: Path) -> None:
    """Names of columns, text, and numbers that begin as formulas do."""
    numbers = [f"{sign}{i}.{i}" for i, sign in enumerate(("-", "+") * 6, start=1)][: len(RUNS)]
    path = tmp_path / "hostile.csv"
    with path.open("w", newline="", encoding="utf-8") as stream:
        rows = zip(RUNS, numbers, range(len(RUNS)), strict=True)
        csv.writer(stream).writerows([("=cmd()", "@x", "-y"), *rows])
    data = dataset_from_table(read_table(path, ReadOptions(header=True)), ["@x", "-y"])
    report = FitReport(data, FitSettings(components=1), fit(data.points, FitSettings(components=1)))
    header, *rows = csv.reader(io.StringIO(made(report, "out.csv", "data").decode(), newline=""))
    assert header[:3] == ["'=cmd()", "'@x", "'-y"]
    assert [row[0] for row in rows] == [f"'{text}" for text in RUNS]
    assert [row[1] for row in rows] == numbers
    for row in rows:
        assert row[3] == "A"
        assert all(float(cell) is not None for cell in row[4:7]), "numbers, negative ones too, stay numbers"
