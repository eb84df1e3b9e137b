"""A stored fit meets data with other columns."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from gmm_desktop.data import DataError, dataset_from_array, find_sample, read_fit
from gmm_desktop.data.using import constraint, data_for


def stored(folder: Path, columns: list[str], **settings: object) -> Path:
    d = len(columns)
    mixture = {"names": ["A"], "weights": [1.0], "means": [[0.5] * d], "covariances": [np.eye(d).tolist()]}
    path = folder / "fit.json"
    content = {"format": "gmm-desktop-fit", "version": 1, "data": {"columns": columns}, "settings": settings}
    path.write_text(json.dumps({**content, "mixture": mixture}))
    return path


class TestDataFor:
    def test_columns_are_found_by_name(self, tmp_path: Path) -> None:
        fit = read_fit(stored(tmp_path, ["Petal.Width", "Sepal.Length"]))
        found, said = data_for(fit, find_sample("iris").load(), "fit.json")
        assert found.names == ("Petal.Width", "Sepal.Length")
        assert said == ""

    def test_other_names_are_told_and_not_guessed_at_silently(self, tmp_path: Path) -> None:
        fit = read_fit(stored(tmp_path, ["a", "b"]))
        data = find_sample("faithful").load()
        found, said = data_for(fit, data, "fit.json")
        assert found is data
        assert said == "'fit.json' is of 'a', 'b', which stand for 'eruptions', 'waiting' here."

    def test_another_number_of_columns_is_refused(self, tmp_path: Path) -> None:
        fit = read_fit(stored(tmp_path, ["a", "b", "c"]))
        with pytest.raises(
            DataError, match=r"is a fit of 3 columns .* but 1 of 'an array' is chosen; choose 3 columns"
        ):
            data_for(fit, dataset_from_array([1.0, 2.0]), "fit.json")

    def test_a_family_that_is_not_known_is_the_one_that_allows_anything(self, tmp_path: Path) -> None:
        assert constraint(read_fit(stored(tmp_path, ["a"], covariance="odd", standardise=3))) == {
            "covariance": "full",
            "standardise": False,
        }
        assert constraint(read_fit(stored(tmp_path, ["a"], covariance="diag")))["covariance"] == "diag"
