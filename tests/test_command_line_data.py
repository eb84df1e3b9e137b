"""What the command line tells of data that cannot be fitted."""

from __future__ import annotations

from pathlib import Path

import pytest

from gmm_desktop.command_line import main


def test_rows_that_were_skipped_are_told_where_too_few_are_left(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "few.csv"
    path.write_text("a,b\n1,2\nNA,4\n5,NA\n")
    assert main([str(path), "--export-parameters", str(tmp_path / "fit.json")]) == 1
    assert "2 of 3 rows skipped: no number in 'a' or 'b' (rows 2, 3)." in capsys.readouterr().err
