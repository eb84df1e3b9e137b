"""Reports written without a window."""

from __future__ import annotations

from pathlib import Path

import pytest
from pypdf import PdfReader
from pytestqt.qtbot import QtBot

from gmm_desktop.command_line import main


def test_both_reports_are_written(qtbot: QtBot, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page, paper = tmp_path / "fit.html", tmp_path / "fit.pdf"
    status = main(["--sample", "faithful", "--export-report", str(page), "--export-report", str(paper)])
    assert status == 0
    told = capsys.readouterr().out
    assert f"Wrote {page}" in told
    assert f"Wrote {paper}" in told
    assert "-1130.26" in page.read_text("utf-8")
    assert "-1130.26" in PdfReader(paper).pages[0].extract_text()


def test_another_suffix_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--sample", "faithful", "--export-report", "fit.docx"]) == 2
    assert "end the name in .html .pdf" in capsys.readouterr().err


def test_a_start_from_a_file_is_in_the_command_that_repeats_it(qtbot: QtBot, tmp_path: Path) -> None:
    fit, page = tmp_path / "fit.json", tmp_path / "fit.html"
    assert main(["--sample", "faithful", "--export-parameters", str(fit)]) == 0
    assert main(["--sample", "faithful", "--start", str(fit), "--export-report", str(page)]) == 0
    text = page.read_text("utf-8")
    assert "--start gmm-desktop-start-" in text
    assert "placed by a person or from a file" in text
