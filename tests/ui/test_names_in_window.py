"""Names of files and columns that would turn the line around, or break it, wherever the window shows them."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel
from pytestqt.qtbot import QtBot

from gmm_desktop.ui.components_table import ComponentsTable
from gmm_desktop.ui.short_names import seen
from tests.ui.driving import Open, text

TURNED = "\N{RIGHT-TO-LEFT OVERRIDE}\N{RIGHT-TO-LEFT ISOLATE}\N{RIGHT-TO-LEFT MARK}"


def test_no_name_turns_or_breaks_a_line(open_window: Open, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / f"A{TURNED[0]}BC\nD.csv"
    rows = "\n".join(f"{i},{i * i % 11},{i % 5}" for i in range(30))
    path.write_text(f"one{TURNED[0]}two,th{TURNED[1:]}ree,four\n{rows}\n", encoding="utf-8")
    window = open_window(str(path))
    qtbot.waitUntil(lambda: window.session.state.run.ready, timeout=5000)
    window.notices.tell(f"Reading {path.name} …")
    assert text(window, "data.title") == "A\N{REPLACEMENT CHARACTER}BC D.csv"
    assert text(window, "data.about") == "30 points · one\N{REPLACEMENT CHARACTER}two × th" + (
        "\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}ree"
    )
    shown = [window.windowTitle()]
    shown += [label.text() for label in window.findChildren(QLabel)]
    shown += [button.text() for button in window.findChildren(QAbstractButton)]
    shown += [box.itemText(i) for box in window.findChildren(QComboBox) for i in range(box.count())]
    for table in window.findChildren(ComponentsTable):
        items = [table.item(row, i) for row in range(table.rowCount()) for i in range(table.columnCount())]
        shown += [item.text() for item in items if item is not None]
    assert len([line for line in shown if "BC D.csv" in line]) >= 3
    assert len([line for line in shown if "\N{REPLACEMENT CHARACTER}two" in line]) >= 4
    assert not [line for line in shown if set(line) & set(TURNED)]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("height (m)", "height (m)"),
        ("two\nlines\tand\N{NO-BREAK SPACE}more", "two lines and more"),
        ("می\N{ZERO WIDTH NON-JOINER}خواهم", "می\N{ZERO WIDTH NON-JOINER}خواهم"),
        ("a\N{RIGHT-TO-LEFT OVERRIDE}b\x07", "a\N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}"),
    ],
)
def test_what_is_seen_of_a_name(name: str, expected: str) -> None:
    assert seen(name) == expected
