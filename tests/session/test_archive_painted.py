"""What a person paints comes back from a session as it was, down to the surface that has no point yet."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from gmm_desktop.data import SAMPLES, DataError
from gmm_desktop.data.painting import Canvas
from gmm_desktop.session.archive import open_session
from tests.session.saving import begun, kept, opened_in_another


def test_an_empty_canvas_and_the_brush_come_back(qtbot: QtBot, tmp_path: Path) -> None:
    first = begun(qtbot, SAMPLES["faithful"].load(), components=2)
    first.new_canvas(Canvas(("x",), "cm", (0.0, 3.0)))
    second = opened_in_another(qtbot, kept(first, tmp_path / "a.gmm"))
    try:
        assert second.mode == "painting"
        assert second.snapshot().canvas == Canvas(("x",), "cm", (0.0, 3.0))
        assert second.snapshot().undo == first.snapshot().undo == "a new canvas"
        second.paint(np.array([[1.0], [2.0]]), "a stroke")
        assert (second.state.run.dataset.names, second.state.run.dataset.unit) == (("x",), "cm")
        third = opened_in_another(qtbot, kept(second, tmp_path / "b.gmm"))
        assert (third.mode, third.snapshot().canvas) == ("painting", None)
        third.close()
    finally:
        first.close()
        second.close()


def test_undo_of_the_first_stroke_shows_the_canvas_that_it_lay_on(qtbot: QtBot, tmp_path: Path) -> None:
    first = begun(qtbot, SAMPLES["faithful"].load(), components=4)
    first.new_canvas(Canvas(("x",), "cm", (0.0, 3.0)))
    first.paint(np.array([[1.0], [2.0]]), "a stroke")
    qtbot.waitUntil(lambda: first.state.run.ready)
    first.paint(np.array([[2.5]]), "another stroke")
    qtbot.waitUntil(lambda: first.state.run.ready)
    second = opened_in_another(qtbot, kept(first, tmp_path / "a.gmm"))
    try:
        for session in (first, second):
            assert session.state.run.settings.components == 3
            session.paint(np.array([[0.5], [0.7]]), "a third stroke")
            assert session.state.run.settings.components == 4, "as many as were wanted before there were few points"
            for _ in range(3):
                session.undo()
            snapshot = session.snapshot()
            assert (snapshot.canvas, snapshot.undo) == (Canvas(("x",), "cm", (0.0, 3.0)), "a new canvas")
            session.undo()
            assert (session.snapshot().canvas, session.state.run.dataset.sample) == (None, "faithful")
    finally:
        first.close()
        second.close()


@pytest.mark.parametrize("canvas", [{"names": []}, {"names": ["x", "x"]}, {"limits": [3.0, 3.0]}, {"limits": [0.0]}])
def test_a_surface_that_is_none_is_refused(qtbot: QtBot, tmp_path: Path, canvas: dict[str, object]) -> None:
    first = begun(qtbot, SAMPLES["faithful"].load(), components=2)
    first.new_canvas(Canvas())
    kept(first, tmp_path / "a.gmm")
    first.close()
    _rewrite(tmp_path / "a.gmm", canvas)
    with pytest.raises(DataError, match="is no session that can be opened"):
        open_session(tmp_path / "a.gmm")


def _rewrite(path: Path, canvas: dict[str, object]) -> None:
    import zipfile

    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    document = json.loads(members["session.json"])
    document["work"]["canvas"].update(canvas)
    members["session.json"] = json.dumps(document).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
