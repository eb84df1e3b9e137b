"""Every format that the command line writes, and what it says where one cannot be written."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from gmm_desktop.export import EXPORTERS
from gmm_desktop.export.animations import ANIMATIONS
from gmm_desktop.options import SUFFIXES
from gmm_desktop.ui.pictures import PICTURES
from gmm_desktop.ui.reporting import REPORTS
from tests.test_command_line import FAITHFUL, Ran, failed


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_every_format_of_parameters_and_data_is_written(capsys: pytest.CaptureFixture[str]) -> None:
    offered = [(kind, suffix) for kind in ("parameters", "data") for suffix in SUFFIXES[kind]]
    ran = Ran(capsys, str(FAITHFUL), *(word for kind, end in offered for word in (f"--export-{kind}", f"{kind}{end}")))
    assert (ran.status, ran.err) == (0, "")
    assert sorted(os.listdir()) == sorted(f"{kind}{suffix}" for kind, suffix in offered)


def test_parquet_is_refused_before_the_fit_where_it_cannot_be_written(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    monkeypatch.setattr("gmm_desktop.command_line._fit", lambda _: pytest.fail("it was fitted"))
    line = failed(capsys, 1, str(FAITHFUL), "--export-data", "data.parquet")
    assert "pip install 'gmm-desktop[parquet]'" in line


def test_every_suffix_that_is_understood_is_a_row_of_a_table_of_formats() -> None:
    tables = {"picture": PICTURES, "animation": ANIMATIONS, "report": REPORTS}
    for kind, suffixes in SUFFIXES.items():
        rows = tables.get(kind, [row.suffix for row in EXPORTERS if row.kind == kind])
        assert list(rows) == list(suffixes), kind
