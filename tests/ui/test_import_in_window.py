"""A file that is not plain is seen before it is loaded: its rows, its guesses, its columns."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QPushButton,
    QTableView,
    QWidget,
)
from pytestqt.qtbot import QtBot

from gmm_desktop.data import ReadOptions, Table, read_source
from gmm_desktop.data.readers.source import Source
from gmm_desktop.mixture import FitSettings, fit
from gmm_desktop.ui import files
from gmm_desktop.ui.importing.dialog import ImportDialog
from tests.ui.driving import Open, find, text, wait_for_background
from tests.ui.previewing import (
    AIR,
    cells,
    gone,
    headers,
    opened,
    part,
    pick,
    preview,
    said,
    settle,
    tick,
)


@pytest.mark.parametrize("content", ["u,v\n1,2\n3,5\n4,4\n", "name,u\na,1\nb,2\nc,7\n"])
def test_one_or_two_columns_of_numbers_need_no_look(
    open_window: Open, qtbot: QtBot, tmp_path: Path, content: str
) -> None:
    path = tmp_path / "plain.csv"
    path.write_text(content)
    window = open_window()
    files.read(window, str(path))
    qtbot.waitUntil(lambda: text(window, "data.title") == "plain.csv", timeout=20_000)
    assert not window.findChildren(ImportDialog)
    assert find(window, QPushButton, "data.reopen").isVisible()


def test_the_preview_shows_rows_columns_and_what_is_skipped(open_window: Open, qtbot: QtBot, tmp_path: Path) -> None:
    window, dialog = opened(open_window, qtbot, tmp_path / "air.csv", AIR)
    before = window.session.state
    assert headers(dialog) == ["ozone\nx", "solar\ny", "wind\nnumbers", "month\ntext", "w\nnumbers"]
    assert cells(dialog, 0)[3:6] == ["31", "missing", "14"]
    model = part(dialog, QTableView, "import.rows").model()
    rows = [str(model.headerData(i, Qt.Orientation.Vertical)) for i in range(6)]
    assert rows == ["1", "2", "3", "4", "skipped 5", "6"]
    faces = [model.index(row, 0).data(Qt.ItemDataRole.FontRole) for row in (3, 4)]
    assert all(isinstance(face, QFont) for face in faces)
    assert [face.strikeOut() for face in faces] == [False, True]
    assert "2 of 40 rows skipped: no number in 'ozone' (rows 5, 10)." in said(dialog)
    assert window.session.state is before
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    gone(window, qtbot)
    assert window.session.state is before


def test_enter_opens_what_is_shown(open_window: Open, qtbot: QtBot, tmp_path: Path) -> None:
    window, dialog = opened(open_window, qtbot, tmp_path / "air.csv", AIR)
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    gone(window, qtbot)
    dataset = window.session.state.run.dataset
    assert (dataset.names, dataset.size, dataset.source) == (("ozone", "solar"), 38, "air.csv")


def test_enter_opens_after_the_keys_went_past_the_buttons(open_window: Open, qtbot: QtBot, tmp_path: Path) -> None:
    window, dialog = opened(open_window, qtbot, tmp_path / "air.csv", AIR)
    for name in ("import.open", "import.cancel", "import.delimiter"):
        while (focused := QApplication.focusWidget()) is not None and focused.objectName() != name:
            qtbot.keyClick(focused, Qt.Key.Key_Tab)
    qtbot.keyClick(part(dialog, QComboBox, "import.delimiter"), Qt.Key.Key_Return)
    gone(window, qtbot)
    assert window.session.state.run.dataset.size == 38


def test_columns_weights_and_labels_are_chosen(open_window: Open, qtbot: QtBot, tmp_path: Path) -> None:
    window, dialog = opened(open_window, qtbot, tmp_path / "air.csv", AIR)
    pick(dialog, "import.x", "wind", qtbot)
    settle(dialog, qtbot)
    pick(dialog, "import.y", "ozone", qtbot)
    settle(dialog, qtbot)
    pick(dialog, "import.weights", "w", qtbot)
    settle(dialog, qtbot)
    pick(dialog, "import.labels", "month", qtbot)
    settle(dialog, qtbot)
    tick(dialog, "import.further", "solar", qtbot)
    settle(dialog, qtbot)
    assert headers(dialog) == ["ozone\ny", "solar\nfitted", "wind\nx", "month\nlabels", "w\nweights"]
    qtbot.mouseClick(part(dialog, QPushButton, "import.open"), Qt.MouseButton.LeftButton)
    gone(window, qtbot)
    dataset = window.session.state.run.dataset
    assert dataset.names == ("wind", "ozone", "solar")
    usable = [i for i in range(40) if i not in (4, 9)]
    assert dataset.sample_weight is not None
    assert dataset.sample_weight.tolist() == [1 + i % 3 for i in usable]
    assert dataset.labels is not None
    assert dataset.labels.tolist() == [1 if i < 20 else 0 for i in usable]
    weighted = f"Rows are weighted by 'w': together {sum(1 + i % 3 for i in usable)} points."
    qtbot.waitUntil(lambda: weighted in text(window, "data.note"))
    assert "Labels: 'month', 2 groups ('June', 'May')." in text(window, "data.note")
    window.session.change_settings(components=2)
    window.session.to_end()
    qtbot.waitUntil(lambda: bool(window.session.snapshot().outcome), timeout=10_000)
    alone = fit(dataset.points, FitSettings(components=2), sample_weight=dataset.sample_weight)
    np.testing.assert_array_equal(window.session.snapshot().log_likelihoods, alone.log_likelihoods)


def test_a_column_has_one_part_only(open_window: Open, qtbot: QtBot, tmp_path: Path) -> None:
    _, dialog = opened(open_window, qtbot, tmp_path / "air.csv", AIR)
    pick(dialog, "import.x", "solar", qtbot)
    settle(dialog, qtbot)
    assert headers(dialog)[:2] == ["ozone\ny", "solar\nx"]
    pick(dialog, "import.weights", "solar", qtbot)
    settle(dialog, qtbot)
    assert headers(dialog)[:2] == ["ozone\nx", "solar\nweights"]
    assert "40 rows" in said(dialog)
    assert "a negative weight in 'solar' (row 7)" in said(dialog)


def test_a_guess_is_changed_and_the_rows_follow(open_window: Open, qtbot: QtBot, tmp_path: Path) -> None:
    rows = "\n".join(f"{i},{i * 3 % 7};{i * 5 % 11};{i}" for i in range(30))
    window, dialog = opened(open_window, qtbot, tmp_path / "decimal.csv", f"a;b;c\n{rows}\n")
    assert cells(dialog, 0)[1] == "1.3"
    pick(dialog, "import.delimiter", "comma", qtbot)
    settle(dialog, qtbot)
    assert headers(dialog) == []
    assert "cannot be read" in said(dialog)
    assert not part(dialog, QPushButton, "import.open").isEnabled()
    pick(dialog, "import.delimiter", "semicolon", qtbot)
    settle(dialog, qtbot)
    assert len(headers(dialog)) == 3
    pick(dialog, "import.header", "no", qtbot)
    settle(dialog, qtbot)
    assert headers(dialog)[0].startswith("column 1")
    assert cells(dialog, 0)[0] == "a"
    assert not part(dialog, QPushButton, "import.open").isEnabled()
    assert "holds text such as 'a' (row 1)" in said(dialog)
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    gone(window, qtbot)


def test_a_typed_mark_is_missing_and_enter_only_takes_it(open_window: Open, qtbot: QtBot, tmp_path: Path) -> None:
    content = "a,b,c\n" + "\n".join(f"{'none' if i == 3 else i},{i * 3 % 7},{i * i % 13}" for i in range(20))
    window, dialog = opened(open_window, qtbot, tmp_path / "marks.csv", content.replace("none", "oops"))
    assert headers(dialog)[0] == "a\ntext"
    marks = part(dialog, QLineEdit, "import.missing")
    marks.setFocus()
    qtbot.keyClicks(marks, "oops")
    qtbot.keyClick(marks, Qt.Key.Key_Return)
    assert window.findChildren(ImportDialog)
    settle(dialog, qtbot)
    assert marks.text() == "oops"
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    gone(window, qtbot)


def test_what_is_nearly_numbers_is_seen_first(open_window: Open, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "words.csv"
    path.write_text("a;b\nred;1,5\nblue;oops\ngreen;3,5\n")
    window = open_window()
    before = window.session.state
    files.read(window, str(path))
    dialog = preview(window, qtbot)
    assert not part(dialog, QPushButton, "import.open").isEnabled()
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    gone(window, qtbot)
    assert window.session.state is before


def test_what_has_no_numbers_is_told_and_can_be_seen(open_window: Open, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "names.csv"
    path.write_text("a,b\nred,green\nblue,white\n")
    window = open_window()
    before = window.session.state
    files.read(window, str(path))
    wait_for_background(window, qtbot)
    assert window.notices.text().startswith("There is no column of numbers in 'names.csv'")
    button = find(window, QPushButton, "notice.button")
    assert button.text() == "Another way …"
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    dialog = preview(window, qtbot)
    assert cells(dialog, 0) == ["red", "blue"]
    assert "There is no column of numbers" in said(dialog)
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert window.findChildren(ImportDialog)
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    gone(window, qtbot)
    assert window.session.state is before


def test_names_are_plain_short_and_whole_in_the_tool_tip(open_window: Open, qtbot: QtBot, tmp_path: Path) -> None:
    image = "<img src='x.png'>"
    long = "n" * 10_000 + "end"
    names = [image, long, "a\N{RIGHT-TO-LEFT OVERRIDE}b", *(f"c{i}" for i in range(1000))]
    rows = "\n".join(",".join(str((i * 7 + j * 13) % 17) for i in range(len(names))) for j in range(8))
    _, dialog = opened(open_window, qtbot, tmp_path / "wide.csv", f"{','.join(names)}\n{rows}\n")
    assert dialog.width() <= 1000
    assert dialog.minimumSizeHint().width() <= 1000
    assert dialog.minimumSizeHint().height() <= 690
    shown = headers(dialog)
    assert shown[0].split("\n")[0].startswith("<img")
    assert "…" in shown[1]
    assert shown[2].split("\n")[0] == "a b"
    model = part(dialog, QTableView, "import.rows").model()
    tip = str(model.headerData(0, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole))
    assert "&lt;img" in tip
    assert "<img" not in tip
    assert part(dialog, QListWidget, "import.further").count() == len(names) - 2


def test_every_control_has_a_name_a_tip_and_a_key(open_window: Open, qtbot: QtBot, tmp_path: Path) -> None:
    _, dialog = opened(open_window, qtbot, tmp_path / "air.csv", AIR)
    labels = [label for label in dialog.findChildren(QLabel) if label.buddy() is not None]
    keys = [label.text()[label.text().index("&") + 1].lower() for label in labels]
    keys += [button.text()[button.text().index("&") + 1].lower() for button in dialog.findChildren(QPushButton)]
    assert sorted(keys) == sorted(set(keys))
    named = [label.buddy() for label in labels] + dialog.findChildren(QPushButton)
    assert {widget.objectName() for widget in named} >= {"import.x", "import.questions", "import.rows", "import.open"}
    for widget in named:
        assert widget.accessibleName()
        assert widget.toolTip()


def test_sheets_are_chosen(open_window: Open, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sheets = {"first": b"a,b\n1,2\n2,5\n3,3\n", "second": b"u,v\n5,2\n6,5\n7,7\n9,1\n"}

    def reads(source: Source, options: ReadOptions | None = None, **how: object) -> Table:
        options = options or ReadOptions()
        chosen = options.part or "first"
        table = read_source(replace(source, content=sheets[chosen]), replace(options, part=None))
        return replace(table, parts=tuple(sheets), layout=replace(table.layout, part=chosen))

    monkeypatch.setattr("gmm_desktop.data.read_source", reads)
    window, dialog = opened(open_window, qtbot, tmp_path / "book.csv", "a,b\n1,2\n")
    assert headers(dialog) == ["a\nx", "b\ny"]
    pick(dialog, "import.part", "second", qtbot)
    settle(dialog, qtbot)
    assert headers(dialog) == ["u\nx", "v\ny"]
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    gone(window, qtbot)
    assert window.session.state.run.dataset.names == ("u", "v")
    files.read(window, str(tmp_path / "book.csv"))
    wait_for_background(window, qtbot)
    assert window.session.state.run.dataset.names == ("u", "v")


def test_units_are_shown_in_the_boxes_and_on_the_axes(
    open_window: Open, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def reads(source: Source, options: ReadOptions | None = None, **how: object) -> Table:
        table = read_source(source, options)
        return replace(table, columns=tuple(replace(c, unit={"a": "ppb"}.get(c.name, "")) for c in table.columns))

    monkeypatch.setattr("gmm_desktop.data.read_source", reads)
    path = tmp_path / "units.csv"
    path.write_text("a,b\n1,2\n2,5\n3,3\n")
    window = open_window()
    files.read(window, str(path))
    qtbot.waitUntil(lambda: text(window, "data.title") == "units.csv", timeout=20_000)
    assert find(window, QComboBox, "data.x").currentText() == "a (ppb)"
    assert find(window, QComboBox, "data.y").currentText() == "b"
    from gmm_desktop.ui.panels.plot_panel import PlotPanel

    plot = window.panel(PlotPanel).plot
    qtbot.waitUntil(lambda: plot.x_axis.title == "a (ppb)")


def test_the_preview_fits_a_small_screen(open_window: Open, qtbot: QtBot, tmp_path: Path) -> None:
    _, dialog = opened(open_window, qtbot, tmp_path / "air.csv", AIR)
    dialog.resize(1000, 690)
    settle(dialog, qtbot)
    for widget in dialog.findChildren(QWidget):
        if widget.isVisible() and widget.objectName().startswith("import."):
            corner = widget.mapTo(dialog, QPoint(widget.width(), widget.height()))
            assert corner.x() <= dialog.width(), widget.objectName()
            assert corner.y() <= dialog.height(), widget.objectName()
