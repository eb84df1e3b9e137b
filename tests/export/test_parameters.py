"""The parameter file holds every bit of the fit."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from gmm_desktop.data import DataError, Dataset, dataset_from_array, read_fit
from gmm_desktop.export import EXPORTERS, Exporter, ExportError, FitReport, export, file_filters
from gmm_desktop.mixture import FitSettings, Mixture, fit
from gmm_desktop.options import SUFFIXES
from tests.export.made import made


def stored(report: FitReport) -> dict[str, Any]:
    content = json.loads(made(report, "fit.json", "parameters"))
    assert isinstance(content, dict)
    return content


class TestJson:
    def test_every_number_survives_to_the_last_bit(self, faithful_report: FitReport) -> None:
        content, history = stored(faithful_report), faithful_report.history
        order = np.argsort(history.mixture.means[:, 0])
        for name, mixture in (("mixture", history.mixture), ("start", history.mixture_at(0))):
            assert_array_equal(content[name]["weights"], mixture.weights[order])
            assert_array_equal(content[name]["means"], mixture.means[order])
            assert_array_equal(content[name]["covariances"], mixture.covariances[order])
        assert_array_equal(content["history"]["log_likelihood"], history.log_likelihoods)
        assert content["result"]["log_likelihood"] == history.log_likelihood

    def test_the_shape_that_others_rely_on(self, faithful_report: FitReport) -> None:
        content = stored(faithful_report)
        assert list(content) == [
            "format",
            "version",
            "software",
            "data",
            "settings",
            "result",
            "mixture",
            "start",
            "history",
            "messages",
        ]
        assert (content["format"], content["version"]) == ("gmm-desktop-fit", 1)
        assert content["data"]["columns"] == ["eruptions", "waiting"]
        assert (content["data"]["rows"], content["data"]["rows_skipped"]) == (272, 0)
        assert content["settings"] == dataclasses.asdict(faithful_report.settings)
        assert set(content["result"]) == {
            "outcome",
            "iterations",
            "log_likelihood",
            "parameters",
            "aic",
            "aicc",
            "bic",
            "icl",
        }
        assert content["result"]["outcome"] == "converged"
        assert set(content["mixture"]) == set(content["start"]) == {"names", "weights", "means", "covariances"}

    def test_the_criteria_are_those_of_the_formulas(self, faithful_report: FitReport) -> None:
        result = stored(faithful_report)["result"]
        level, p, n = faithful_report.history.log_likelihood, 11, 272
        assert result["parameters"] == p
        assert_allclose(result["aic"], -2 * level + 2 * p)
        assert_allclose(result["aicc"], -2 * level + 2 * p + 2 * p * (p + 1) / (n - p - 1))
        assert_allclose(result["bic"], -2 * level + p * math.log(n))
        shares = faithful_report.mixture.responsibilities(faithful_report.dataset.points)
        assert_allclose(result["icl"], result["bic"] - 2 * np.log(shares.max(axis=1)).sum())

    def test_components_are_sorted_and_keep_their_letters(self, groups_report: FitReport) -> None:
        content = stored(groups_report)
        means = content["mixture"]["means"]
        assert means == sorted(means)
        assert content["mixture"]["names"] == ["B", "A"]
        assert content["start"]["names"] == ["B", "A"]
        assert content["start"]["means"] == [[1.5, 3.5], [8.5, 1.5]]

    def test_ties_are_sorted_by_the_next_coordinate(self) -> None:
        rng = np.random.default_rng(0)
        points = np.concatenate([rng.normal([0, c], 0.1, (20, 2)) for c in (5, 0)])
        start = Mixture([0.5, 0.5], [[1, 5], [1, 0]], [np.eye(2)] * 2)
        settings = FitSettings(components=2, max_iterations=1)
        report = FitReport(dataset_from_array(points), settings, fit(points, settings, start=start), iteration=0)
        assert stored(report)["mixture"]["means"] == [[1, 0], [1, 5]]

    def test_the_rows_of_the_file_and_those_skipped(self, groups_report: FitReport) -> None:
        content = stored(groups_report)
        assert (content["data"]["rows"], content["data"]["rows_skipped"]) == (8, 2)
        assert "1 of 8 rows skipped: no number in 'y' (row 2)." in content["messages"]

    def test_never_nan(self, groups: Dataset) -> None:
        """With so few points AICc has no value."""
        settings = FitSettings(components=1)
        report = FitReport(groups, settings, fit(groups.points, settings))
        assert stored(report)["result"]["aicc"] is None
        assert b"NaN" not in made(report, "fit.json", "parameters")

    def test_an_earlier_iteration_is_provisional(self, faithful_report: FitReport) -> None:
        report = dataclasses.replace(faithful_report, iteration=1)
        content = stored(report)
        assert content["result"]["iterations"] == 1
        assert content["result"]["outcome"] == "stopped"
        assert len(content["history"]["log_likelihood"]) == 2
        assert content["result"]["log_likelihood"] == content["history"]["log_likelihood"][-1]
        assert any("provisional" in said for said in content["messages"])

    def test_weighted_rows_are_said(self) -> None:
        points, weight = np.arange(12.0)[:, np.newaxis], np.full(12, 0.5)
        dataset = dataset_from_array(points, sample_weight=weight)
        settings = FitSettings(components=1)
        report = FitReport(dataset, settings, fit(points, settings, sample_weight=weight))
        content = stored(report)
        assert content["data"]["weight"] == 6.0
        assert_allclose(
            content["result"]["bic"],
            -2 * content["result"]["log_likelihood"] + 2 * math.log(6),
        )
        assert any("n in the criteria is their sum, 6." in said for said in content["messages"])


class TestCsv:
    def test_one_line_a_component(self, groups_report: FitReport) -> None:
        text = made(groups_report, "fit.csv", "parameters").decode()
        rows = list(csv.DictReader(io.StringIO(text)))
        assert [row["component"] for row in rows] == ["B", "A"]
        mixture = groups_report.mixture
        for row, index in zip(rows, (1, 0), strict=True):
            assert float(row["weight"]) == mixture.weights[index]
            assert float(row["mean x"]) == mixture.means[index, 0]
            assert float(row["mean y"]) == mixture.means[index, 1]
            assert float(row["variance x"]) == mixture.covariances[index, 0, 0]
            assert float(row["covariance x y"]) == mixture.covariances[index, 0, 1]
            assert float(row["variance y"]) == mixture.covariances[index, 1, 1]


class TestReadFit:
    def test_what_was_written(self, faithful_report: FitReport, tmp_path: Path) -> None:
        export(faithful_report, tmp_path / "fit.json", "parameters")
        read = read_fit(tmp_path / "fit.json")
        assert_array_equal(read.mixture.weights, faithful_report.mixture.weights[faithful_report.order])
        assert_array_equal(read.mixture.covariances, faithful_report.mixture.covariances[faithful_report.order])
        assert read.names == ("A", "B")
        assert read.columns == ("eruptions", "waiting")
        assert FitSettings(**read.settings) == faithful_report.settings

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("", "is empty"),
            ("weights", "not a parameter file"),
            ("[1, 2]", "not a parameter file"),
            ('{"format": "other"}', "not a parameter file"),
            ("[" * 100_000, "not a parameter file"),
            ('{"format": "gmm-desktop-fit", "version": 2}', "later version of the program"),
            ('{"format": "gmm-desktop-fit", "version": "x"}', "no version that is known"),
            ('{"format": "gmm-desktop-fit", "version": 1}', "'mixture' is missing"),
            ('{"format": "gmm-desktop-fit", "version": 1, "mixture": {"weights": [1]}}', "'means' is missing"),
            ('{"format": "gmm-desktop-fit", "version": 1, "mixture": []}', "cannot be used"),
            (
                '{"format": "gmm-desktop-fit", "version": 1, "mixture": '
                '{"weights": [1], "means": [[0]], "covariances": [[[-1]]]}}',
                "positive definite",
            ),
            (
                '{"format": "gmm-desktop-fit", "version": 1, "mixture": '
                '{"weights": [NaN], "means": [[0]], "covariances": [[[1]]]}}',
                "not a parameter file",
            ),
            (
                '{"format": "gmm-desktop-fit", "version": 1, "mixture": '
                '{"weights": ["x"], "means": [[0]], "covariances": [[[1]]]}}',
                "weights, means and covariances are no tables of numbers",
            ),
            (
                '{"format": "gmm-desktop-fit", "version": 1, "mixture": '
                '{"weights": [0.5, 0.5], "means": [[0, 1], [0]], "covariances": [[[1]]]}}',
                "weights, means and covariances are no tables of numbers",
            ),
            (
                '{"format": "gmm-desktop-fit", "version": 1, "data": [1], "mixture": '
                '{"weights": [1], "means": [[0]], "covariances": [[[1]]]}}',
                "its parts are not what they should be",
            ),
            (
                '{"format": "gmm-desktop-fit", "version": 1, "settings": "full", "mixture": '
                '{"weights": [1], "means": [[0]], "covariances": [[[1]]]}}',
                "its parts are not what they should be",
            ),
            (
                '{"format": "gmm-desktop-fit", "version": 1, "data": {"columns": 3}, "mixture": '
                '{"weights": [1], "means": [[0]], "covariances": [[[1]]]}}',
                "its names are no lists",
            ),
        ],
    )
    def test_a_bad_file_is_one_sentence(self, tmp_path: Path, text: str, said: str) -> None:
        path = tmp_path / "bad.json"
        path.write_text(text)
        with pytest.raises(DataError) as refusal:
            read_fit(path)
        assert said in str(refusal.value)
        assert "'bad.json'" in str(refusal.value)
        assert "\n" not in str(refusal.value)


class TestTable:
    @pytest.mark.parametrize("row", EXPORTERS, ids=lambda row: row.kind + row.suffix)
    def test_every_format_is_offered_and_makes_a_file_whatever_the_case(
        self, row: Exporter, groups_report: FitReport
    ) -> None:
        assert made(groups_report, f"name{row.suffix.upper()}", row.kind)
        assert row.suffix in SUFFIXES[row.kind]
        assert (row.suffix, row.label) in file_filters(row.kind)

    def test_other_suffixes_are_refused(self, groups_report: FitReport, tmp_path: Path) -> None:
        with pytest.raises(ExportError, match=r"fit\.xlsx"):
            export(groups_report, tmp_path / "fit.xlsx", "parameters")
        assert not list(tmp_path.glob("fit*"))
