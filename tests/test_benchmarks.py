"""The benchmarks run with the program as it is: nobody runs them daily, so a renamed panel would be noticed late."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from gmm_desktop.ui import picturing
from gmm_desktop.ui.main_window import MainWindow
from tests.benchmarks import frames, freezes, reading

pytest.importorskip("matplotlib")


def test_a_frame_is_measured_beside_matplotlib(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(frames, "_CASES", ((2, 300),))
    monkeypatch.setattr(frames, "_LARGE_CASES", ())
    monkeypatch.setattr(frames, "_COMPARED", (300,))
    monkeypatch.setattr(frames, "_SECONDS", 0.3)
    frames.run()
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert any(line[:2] == ["2", "300"] for line in lines)
    assert any(line[:2] == ["300", "|"] for line in lines), "beside matplotlib"


def test_an_export_is_waited_for(open_window: Callable[..., MainWindow], tmp_path: Path) -> None:
    window = open_window()
    freezes._export(window, picturing.export_picture, tmp_path / "picture.png")
    assert (tmp_path / "picture.png").stat().st_size > 1000


def test_reading_is_measured_beside_pandas(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(reading, "ROWS", 2000)
    reading.run()
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert [line[0] for line in lines] == ["Reading", "plain", "Windows", "gzip"]
    assert all(float(line[-1]) > 0 for line in lines[1:])
