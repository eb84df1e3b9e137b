"""The report of a fit as files: the plots in them, the page of paper, and the way there in the window."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pypdf import PdfReader
from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QFileDialog, QToolButton
from pytestqt.qtbot import QtBot

from gmm_desktop.data import Dataset, dataset_from_array, open_dataset
from gmm_desktop.export import FitReport
from gmm_desktop.mixture import FitSettings, fit
from gmm_desktop.session import Snapshot, snapshot_of
from gmm_desktop.ui.pieces import PieceByPiece
from gmm_desktop.ui.reporting import REPORTS, report_bytes, report_pieces
from gmm_desktop.ui.views import ViewOptions
from tests.export.made import made
from tests.ui.driving import Open, action, find, run_to_the_end, wait_for_background
from tests.ui.showing import two_groups


def reported(dataset: Dataset, **chosen: object) -> tuple[FitReport, Snapshot]:
    settings = FitSettings(**{"components": dataset.components, **chosen})  # type: ignore[arg-type]
    report = FitReport(dataset, settings, fit(dataset.points, settings))
    return report, snapshot_of(dataset, settings, report.history, report.shown)


def words_of(pdf: bytes) -> list[str]:
    pages = PdfReader(io.BytesIO(pdf)).pages
    assert len(pages) == 1
    assert float(pages[0].mediabox.width) == pytest.approx(595, abs=1)
    assert float(pages[0].mediabox.height) == pytest.approx(842, abs=1)
    return pages[0].extract_text().split()


def test_the_text_of_a_pdf_can_be_selected_and_has_the_numbers_of_the_parameter_file(qtbot: QtBot) -> None:
    report, shown = reported(open_dataset(sample="faithful"))
    words = words_of(report_bytes(".pdf", report, shown))
    file = json.loads(made(report, "fit.json", "parameters"))
    result, mixture = file["result"], file["mixture"]
    assert f"{result['log_likelihood']:.2f}" in words
    assert f"{result['bic']:.2f}" in words
    numbers = [float(word) for word in words if re.fullmatch(r"-?[\d.]+(e-?\d+)?", word) and word.count(".") <= 1]
    for value in np.concatenate([np.ravel(mixture[key]) for key in ("weights", "means", "covariances")]):
        assert min(abs(number / value - 1) for number in numbers) < 1e-5
    assert "gmm-desktop --sample faithful" in " ".join(words)
    assert {"eruptions", "waiting", "log-likelihood", "iteration", "A", "B"} <= set(words)


@pytest.mark.parametrize("components", [1, 12])
def test_everything_is_on_one_page(qtbot: QtBot, components: int) -> None:
    points = np.random.default_rng(3).normal(size=(500, 4))
    report, shown = reported(
        dataset_from_array(points, ("<b>", "\u202ex", "w" * 10_000, "=1")), components=components, max_iterations=3
    )
    pdf = report_bytes(".pdf", report, shown)
    # This reader finds spaces within words, where others do not.
    assert f"--components{components}--covariancefull" in "".join(words_of(pdf))
    page = PdfReader(io.BytesIO(pdf)).pages[0]
    lowest: list[float] = []

    def note(text: str, cm: list[float], tm: list[float], *_: object) -> None:
        if text.strip():
            lowest.append(tm[4] * cm[1] + tm[5] * cm[3] + cm[5])

    words = page.extract_text(visitor_text=note)
    assert min(lowest) > 20
    assert "The parameter file has every digit." in " ".join(words.split())


def test_the_plots_of_a_web_page_are_drawings(qtbot: QtBot) -> None:
    report, shown = reported(open_dataset(sample="faithful"))
    text = report_bytes(".html", report, shown).decode()
    assert text.count("<svg") == 2
    assert "<image" not in text
    said = re.findall(r"<text[^>]*>([^<]*)</text>", text)
    assert {"A", "B", "eruptions (minutes)", "log-likelihood", "iteration"} <= {word.strip() for word in said}
    names = re.findall(r'\bid="([^"]+)"', text)
    assert len(names) == len(set(names))
    assert set(re.findall(r"url\(#([^)]+)\)", text)) <= set(names)


@pytest.mark.parametrize("suffix", REPORTS)
def test_the_same_fit_makes_the_same_picture_and_words(qtbot: QtBot, suffix: str) -> None:
    report, shown = reported(two_groups())
    one, other = (report_bytes(suffix, report, shown) for _ in range(2))
    if suffix == ".html":
        assert one == other
    else:
        assert words_of(one) == words_of(other)


def test_it_is_drawn_between_turns_of_the_window_and_knows_the_truth(qtbot: QtBot) -> None:
    dataset = replace(open_dataset(sample="three-groups"))
    report, shown = reported(dataset)
    assert shown.truth is not None
    done: list[bytes] = []
    owner = QObject()
    pieces = PieceByPiece(owner)
    pieces.start(
        report_pieces(".html", report, shown, ViewOptions()), lambda encode: done.append(encode()), pytest.fail
    )
    qtbot.waitUntil(lambda: bool(done), timeout=10_000)
    assert re.search(r">truth −[\d.]+<", done[0].decode())
    assert done[0] == report_bytes(".html", report, shown)


@pytest.mark.parametrize("suffix", REPORTS)
def test_a_report_of_the_shown_fit_is_written(
    open_window: Open, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    window = open_window("--sample", "faithful")
    assert not action(window, "file.export_report").isEnabled()
    run_to_the_end(window, qtbot)
    path = tmp_path / f"page{suffix}"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    assert action(window, "file.export_report") in find(window, QToolButton, "header.export").menu().actions()
    action(window, "file.export_report").trigger()
    wait_for_background(window, qtbot)
    assert "Wrote the report of iteration" in window.notices.text()
    content = path.read_bytes()
    said = content.decode() if suffix == ".html" else " ".join(words_of(content))
    assert f"{window.session.snapshot().log_likelihoods[-1]:.2f}" in said


def test_another_suffix_is_refused_in_words(
    open_window: Open, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window("--sample", "faithful")
    run_to_the_end(window, qtbot)
    folder = tmp_path / "reports"
    folder.mkdir()
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(folder / "page.docx"), ""))
    qtbot.keyClick(window, Qt.Key.Key_H, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert "end its name in .html or .pdf" in window.notices.text()
    assert not list(folder.iterdir())


def test_a_failed_write_leaves_the_old_report(
    open_window: Open, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window("--sample", "faithful")
    run_to_the_end(window, qtbot)
    path = tmp_path / "reports" / "page.pdf"
    path.parent.mkdir()
    path.write_bytes(b"old")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    action(window, "file.export_report").trigger()
    wait_for_background(window, qtbot)
    assert "page.pdf" in window.notices.text()
    assert "Wrote" not in window.notices.text()
    assert [one.name for one in path.parent.iterdir()] == ["page.pdf"]
    assert path.read_bytes() == b"old"


def test_what_a_person_is_still_placing_is_not_reported(
    open_window: Open, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window("--sample", "faithful")
    run_to_the_end(window, qtbot)
    path = tmp_path / "page.html"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    contents = []
    for editing in (False, True):
        window.session.set_editing(editing)
        action(window, "file.export_report").trigger()
        wait_for_background(window, qtbot)
        contents.append(path.read_bytes())
    assert contents[0] == contents[1]
