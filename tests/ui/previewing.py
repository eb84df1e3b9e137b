"""Driving the preview of a file: finding its parts, choosing, ticking, waiting for what comes of it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QLabel,
    QListWidget,
    QPlainTextEdit,
    QStyle,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)
from pytestqt.qtbot import QtBot

from gmm_desktop.data import ReadOptions, Suspect, Table, read_source
from gmm_desktop.data.readers.source import Source
from gmm_desktop.ui import files
from gmm_desktop.ui.importing.dialog import ImportDialog
from gmm_desktop.ui.main_window import MainWindow
from tests.ui.driving import Open, wait_for_background

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
    """What is of that kind and has that name."""
    widget = dialog.findChild(kind, name)
    assert isinstance(widget, kind)
    return widget


def opened(open_window: Open, qtbot: QtBot, path: Path, content: str) -> tuple[MainWindow, ImportDialog]:
    """The window, and its preview of a file with that content."""
    path.write_text(content, encoding="utf-8")
    window = open_window()
    files.read(window, str(path))
    return window, preview(window, qtbot)


def gone(window: MainWindow, qtbot: QtBot) -> None:
    """Until the preview is closed and what it began is done."""
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
    """The sentences under the rows."""
    return part(dialog, QPlainTextEdit, "import.messages").toPlainText()


def cells(dialog: QWidget, column: int) -> list[str]:
    """A column of the shown rows."""
    model = part(dialog, QTableView, "import.rows").model()
    return [str(model.index(row, column).data()) for row in range(model.rowCount())]


def headers(dialog: QWidget) -> list[str]:
    """What stands over the columns: a name and what it is for."""
    model = part(dialog, QTableView, "import.rows").model()
    return [str(model.headerData(i, Qt.Orientation.Horizontal)) for i in range(model.columnCount())]


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


def large(tmp_path: Path, last: str) -> Path:
    """A file that is too large to be read at once, and its last line."""
    path = tmp_path / "large.csv"
    rows = "".join(f"{i % 97}.{i % 10},{i * 31 % 101}.5,{i % 7}\n" for i in range(120_000))
    path.write_text(f"a,b,c\n{rows}{last}\n")
    return path


def held(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Reading whole files waits until it is released; beginnings are short, as readers will make them."""
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
