"""A file that is not plain is seen before it is loaded: its rows, its guesses, its columns."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QFont
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QPushButton,
    QStyle,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)
from pytestqt.qtbot import QtBot

from gmm_desktop.data import ReadOptions, Suspect, Table, read_source
from gmm_desktop.data.readers.source import Source
from gmm_desktop.mixture import FitSettings, fit
from gmm_desktop.ui import files
from gmm_desktop.ui.importing.dialog import ImportDialog
from gmm_desktop.ui.main_window import MainWindow
from tests.ui.driving import Open, action, find, text, wait_for_background

AIR = "ozone,solar,wind,month,w\n" + "\n".join(
    f"{'' if i in (4, 9) else 10 + i * 7 % 31},{-999 if i == 6 else 100 + i * 13 % 57},{i * 5 % 17 + 0.5},"
    f"{'May' if i < 20 else 'June'},{1 + i % 3}"
    for i in range(40)
)


def preview(window: MainWindow, qtbot: QtBot) -> ImportDialog:
    """The preview, when it shows the whole file."""
    qtbot.waitUntil(lambda: bool(window.findChildren(ImportDialog)), timeout=20_000)
    dialog = window.findChildren(ImportDialog)[-1]
    qtbot.waitExposed(dialog)
    settle(dialog, qtbot)
    return dialog


def settle(dialog: ImportDialog, qtbot: QtBot) -> None:
    """Until the newest choice is shown."""
    about = part(dialog, QLabel, "import.about")
    qtbot.waitUntil(
        lambda: dialog.is_up_to_date and "Reading" not in about.text() and "reading the rest" not in about.text(),
        timeout=20_000,
    )


T = TypeVar("T", bound=QWidget)


def part(dialog: QWidget, kind: type[T], name: str) -> T:
    widget = dialog.findChild(kind, name)
    assert isinstance(widget, kind)
    return widget


def opened(open_window: Open, qtbot: QtBot, path: Path, content: str) -> tuple[MainWindow, ImportDialog]:
    path.write_text(content, encoding="utf-8")
    window = open_window()
    files.read(window, str(path))
    return window, preview(window, qtbot)


def gone(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not window.findChildren(ImportDialog), timeout=5000)
    wait_for_background(window, qtbot)


def pick(dialog: QWidget, name: str, entry: str, qtbot: QtBot) -> None:
    """Choose an entry of a box with the keys."""
    box = part(dialog, QComboBox, name)
    box.setFocus()
    wanted = next(i for i in range(box.count()) if box.itemText(i) == entry)
    while box.currentIndex() != wanted:
        before = box.currentIndex()
        qtbot.keyClick(box, Qt.Key.Key_Down if before < wanted else Qt.Key.Key_Up)
        assert box.currentIndex() != before


def tick(dialog: QWidget, name: str, words: str, qtbot: QtBot) -> None:
    """Click the box of an entry of a list."""
    widget = part(dialog, QListWidget, name)
    item = next(widget.item(i) for i in range(widget.count()) if words in widget.item(i).text())
    widget.scrollToItem(item)
    option = QStyleOptionViewItem()
    option.initFrom(widget)
    option.rect = widget.visualItemRect(item)
    option.features = QStyleOptionViewItem.ViewItemFeature.HasCheckIndicator
    box = widget.style().subElementRect(QStyle.SubElement.SE_ItemViewItemCheckIndicator, option, widget)
    qtbot.mouseClick(widget.viewport(), Qt.MouseButton.LeftButton, pos=box.center())


def said(dialog: QWidget) -> str:
    return part(dialog, QPlainTextEdit, "import.messages").toPlainText()


def cells(dialog: QWidget, column: int) -> list[str]:
    model = part(dialog, QTableView, "import.rows").model()
    return [str(model.index(row, column).data()) for row in range(model.rowCount())]


def headers(dialog: QWidget) -> list[str]:
    model = part(dialog, QTableView, "import.rows").model()
    return [str(model.headerData(i, Qt.Orientation.Horizontal)) for i in range(model.columnCount())]


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


def stand_in(source: Source, options: ReadOptions | None = None, **how: object) -> Table:
    """The reader, with a person's marks for missing values, and -999 as a number to be asked about."""
    options = options or ReadOptions()
    table = read_source(source, replace(options, missing=()), **how)  # type: ignore[arg-type]
    columns, suspects = [], []
    for column in table.columns:
        coded = column.values == -999 if column.values is not None else np.zeros(table.rows, dtype=bool)
        if column.values is not None and "-999" in options.missing:
            column = replace(column, values=np.where(coded, np.nan, column.values))
        elif coded.any():
            suspects.append(Suspect(column.name, "-999", int(coded.sum())))
        columns.append(column)
    origin = None if table.origin is None else replace(table.origin, options=options)
    return replace(table, columns=tuple(columns), suspects=tuple(suspects), origin=origin)


def test_a_number_that_may_mean_missing_is_asked_about(
    open_window: Open, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gmm_desktop.data.read_source", stand_in)
    rows = "\n".join(f"{-999 if i in (2, 5) else i},{i * 3 % 7}" for i in range(30))
    path = tmp_path / "coded.csv"
    window, dialog = opened(open_window, qtbot, path, f"a,b\n{rows}\n")
    assert cells(dialog, 0)[2] == "−999"
    assert "-999" in said(dialog)
    tick(dialog, "import.questions", "-999 is missing (2 times in 'a')", qtbot)
    settle(dialog, qtbot)
    assert cells(dialog, 0)[2] == "missing"
    assert "2 of 30 rows skipped: no number in 'a' (rows 3, 6)." in said(dialog)
    assert part(dialog, QLineEdit, "import.missing").text() == "-999"
    tick(dialog, "import.questions", "-999", qtbot)
    settle(dialog, qtbot)
    assert cells(dialog, 0)[2] == "−999"
    tick(dialog, "import.questions", "-999", qtbot)
    settle(dialog, qtbot)
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    gone(window, qtbot)
    assert window.session.state.run.dataset.size == 28
    files.read(window, str(path))
    wait_for_background(window, qtbot)
    assert not window.findChildren(ImportDialog)
    assert window.session.state.run.dataset.size == 28
    assert window.notices.text() == "'coded.csv' was read as the last time: 'a', 'b'."


def test_a_file_is_read_as_the_last_time_until_its_columns_go(open_window: Open, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "air.csv"
    window, dialog = opened(open_window, qtbot, path, AIR)
    pick(dialog, "import.y", "wind", qtbot)
    settle(dialog, qtbot)
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    gone(window, qtbot)
    window.session.undo()
    files.read(window, str(path))
    wait_for_background(window, qtbot)
    assert window.session.state.run.dataset.names == ("ozone", "wind")
    find(window, QPushButton, "notice.button").click()
    dialog = preview(window, qtbot)
    assert headers(dialog)[2] == "wind\ny"
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    gone(window, qtbot)
    path.write_text(AIR.replace("wind", "breeze"))
    files.read(window, str(path))
    dialog = preview(window, qtbot)
    assert headers(dialog)[:3] == ["ozone\nx", "solar\nnumbers", "breeze\nnumbers"]
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    gone(window, qtbot)


def test_the_loaded_file_is_read_in_another_way(open_window: Open, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "plain.csv"
    path.write_text("1,2\n3,5\n4,4\n7,1\n")
    window = open_window(str(path))
    assert window.session.state.run.dataset.size == 4
    qtbot.keyClick(window, Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    dialog = preview(window, qtbot)
    pick(dialog, "import.header", "yes", qtbot)
    settle(dialog, qtbot)
    assert headers(dialog)[0] == "1\nx"
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    gone(window, qtbot)
    assert window.session.state.run.dataset.names == ("1", "2")
    assert window.session.state.run.dataset.size == 3


def test_what_came_from_no_file_has_no_other_way(open_window: Open) -> None:
    window = open_window("--sample", "iris")
    assert not action(window, "file.reopen").isEnabled()
    assert find(window, QPushButton, "data.reopen").isHidden()


def test_a_paste_and_a_drop_have_the_same_preview(open_window: Open, qtbot: QtBot, tmp_path: Path) -> None:
    window = open_window()
    QApplication.clipboard().setText(AIR.replace(",", "\t"))
    qtbot.keyClick(window, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    dialog = preview(window, qtbot)
    assert "the clipboard" in part(dialog, QLabel, "import.about").text()
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    gone(window, qtbot)
    assert window.session.state.run.dataset.size == 38
    path = tmp_path / "air.csv"
    path.write_text(AIR)
    for drop in (_urls(path), _text(AIR)):
        window.dropEvent(
            QDropEvent(
                QPointF(9, 9), Qt.DropAction.CopyAction, drop, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
            )
        )
        dialog = preview(window, qtbot)
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)
        gone(window, qtbot)


def _urls(path: Path) -> QMimeData:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    return mime


def _text(content: str) -> QMimeData:
    mime = QMimeData()
    mime.setText(content)
    return mime


def test_what_cannot_be_read_can_be_tried_in_another_way(open_window: Open, qtbot: QtBot, tmp_path: Path) -> None:
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


def large(tmp_path: Path, last: str) -> Path:
    path = tmp_path / "large.csv"
    rows = "".join(f"{i % 97}.{i % 10},{i * 31 % 101}.5,{i % 7}\n" for i in range(120_000))
    path.write_text(f"a,b,c\n{rows}{last}\n")
    return path


def test_a_large_file_shows_its_beginning_and_can_be_taken_before_its_end(
    open_window: Open, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    released = _held(monkeypatch)
    window = open_window()
    files.read(window, str(large(tmp_path, "1,2,3")))
    qtbot.waitUntil(lambda: bool(window.findChildren(ImportDialog)), timeout=20_000)
    dialog = window.findChildren(ImportDialog)[-1]
    about = part(dialog, QLabel, "import.about")
    qtbot.waitUntil(lambda: "the first 500 rows" in about.text() and "reading the rest" in about.text(), timeout=20_000)
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not window.findChildren(ImportDialog))
    qtbot.waitUntil(lambda: window.notices.text().startswith("Reading large.csv …"))
    released()
    wait_for_background(window, qtbot)
    assert window.session.state.run.dataset.size == 120_001


def test_what_only_the_end_of_a_large_file_brings_up_is_asked(
    open_window: Open, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    released = _held(monkeypatch)
    window = open_window()
    before = window.session.state
    files.read(window, str(large(tmp_path, "-999,2,3")))
    qtbot.waitUntil(lambda: bool(window.findChildren(ImportDialog)), timeout=20_000)
    dialog = window.findChildren(ImportDialog)[-1]
    qtbot.waitUntil(lambda: "reading the rest" in part(dialog, QLabel, "import.about").text(), timeout=20_000)
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not window.findChildren(ImportDialog))
    released()
    dialog = preview(window, qtbot)
    assert window.session.state is before
    assert "120001 rows" in part(dialog, QLabel, "import.about").text()
    listed = part(dialog, QListWidget, "import.questions")
    assert listed.item(0).text() == "-999 is missing (1 time in 'a')"
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    gone(window, qtbot)
    assert window.session.state.run.dataset.size == 120_001


def _held(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Reading whole files waits until it is released; beginnings are short, as readers will make them."""
    import threading

    gate = threading.Event()

    def reads(source: Source, options: ReadOptions | None = None, **how: object) -> Table:
        options = options or ReadOptions()
        if options.rows is None:
            gate.wait(20)
            return stand_in(source, options, **how)
        lines = b"\n".join(source.content.split(b"\n", options.rows + 1)[: options.rows + 1])
        return stand_in(replace(source, content=lines), replace(options, rows=None))

    monkeypatch.setattr("gmm_desktop.data.read_source", reads)
    return gate.set


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


def test_what_is_remembered_is_bounded_and_may_be_nonsense(tmp_path: Path) -> None:
    from gmm_desktop.data.choice import Choice
    from gmm_desktop.ui import memory
    from gmm_desktop.ui.importing import remembered

    for i in range(60):
        remembered.keep(tmp_path / f"{i}.csv", Choice(columns=("a",)))
    assert remembered.recall(tmp_path / "9.csv") is None
    assert remembered.recall(tmp_path / "10.csv") == Choice(columns=("a",))
    for nonsense in ("{", "[]", "[[1, 2], 3]", json.dumps([[str(tmp_path / "10.csv"), {"columns": 7}]])):
        memory.settings().setValue("files", nonsense)
        assert remembered.recall(tmp_path / "10.csv") is None


def test_the_preview_fits_a_small_screen(open_window: Open, qtbot: QtBot, tmp_path: Path) -> None:
    _, dialog = opened(open_window, qtbot, tmp_path / "air.csv", AIR)
    dialog.resize(1000, 690)
    settle(dialog, qtbot)
    for widget in dialog.findChildren(QWidget):
        if widget.isVisible() and widget.objectName().startswith("import."):
            corner = widget.mapTo(dialog, QPoint(widget.width(), widget.height()))
            assert corner.x() <= dialog.width(), widget.objectName()
            assert corner.y() <= dialog.height(), widget.objectName()
