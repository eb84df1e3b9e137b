"""Labelled data as Parquet, read back by pyarrow."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from gmm_desktop.data import Dataset, GivenUpError, dataset_from_array, open_dataset
from gmm_desktop.export import ExportError, FitReport, export
from gmm_desktop.export.parquet import NO_PARQUET
from gmm_desktop.mixture import FitSettings, fit
from tests.export.made import made


def test_numbers_are_floats_text_is_untouched_and_skipped_rows_are_null(
    groups: Dataset, groups_report: FitReport
) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pq.read_table(io.BytesIO(made(groups_report, "data.parquet", "data")))
    assert table.column_names[:4] == ["name", "x", "y", "note"]
    assert table.schema.field("x").type == pa.float64()
    assert table.schema.field("note").type == pa.string()
    read = table.to_pydict()
    assert read["name"] == list("abcdefgh")
    assert read["note"][0] == "=1+1"
    assert read["y"][1] is None
    assert read["x"][5] == float("inf")
    assert read["skipped"] == [name in "bf" for name in "abcdefgh"]
    for name in ("label", "largest responsibility", "responsibility A", "log density"):
        assert [value is None for value in read[name]] == read["skipped"]
    assert len(read["label"]) == groups.table.rows  # type: ignore[union-attr]


def test_many_rows_come_in_pieces_tell_how_far_they_are_and_can_be_given_up(tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    points = np.random.default_rng(0).normal(size=(150_000, 1))
    settings = FitSettings(components=2, max_iterations=2)
    report = FitReport(dataset_from_array(points), settings, fit(points, settings))
    shares: list[float] = []
    path = tmp_path / "points.parquet"
    export(report, path, "data", shares.append)
    assert len(shares) == 3
    assert shares == sorted(shares)
    read = pq.ParquetFile(path)
    assert read.metadata.num_row_groups == 3
    assert_array_equal(read.read(["x"]).column(0).to_numpy(), points[:, 0])

    def tell(share: float) -> None:
        if share > 0.5:
            raise GivenUpError

    before = path.read_bytes()
    with pytest.raises(GivenUpError):
        export(report, path, "data", tell)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_without_pyarrow_one_sentence_says_how_to_get_it(
    faithful_report: FitReport, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    assert "pip install 'gmm-desktop[parquet]'" in NO_PARQUET
    with pytest.raises(ExportError, match="which is not installed"):
        export(faithful_report, tmp_path / "data.parquet", "data")
    assert not list(tmp_path.iterdir())


def test_iris_keeps_its_species() -> None:
    import pyarrow.parquet as pq

    dataset = open_dataset(sample="iris")
    settings = FitSettings(components=3)
    report = FitReport(dataset, settings, fit(dataset.points, settings))
    read = pq.read_table(io.BytesIO(made(report, "data.parquet", "data"))).to_pydict()
    assert dataset.table is not None
    assert read["Species"] == list(dataset.table.column("Species").text)
