"""What is asked about a file: which numbers and words mean a missing value, which dates are to be numbers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QListWidgetItem

from gmm_desktop.data import ReadOptions, Table
from gmm_desktop.data.table import counted, quoted
from gmm_desktop.ui.form import name_widget
from gmm_desktop.ui.importing.boxes import TickList
from gmm_desktop.ui.importing.words import tip, visible

_MOST = 200
_KEY = Qt.ItemDataRole.UserRole
Key = tuple[str, str]  # the field of ReadOptions, and what is added to it


class QuestionsList(TickList):
    """Questions with a box each; an answer can be taken back, so a question stays when it has been answered.

    Signals:
        edited: the new ReadOptions.
    """

    edited = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._asked: dict[Key, str] = {}
        self._options = ReadOptions()
        self.setUniformItemSizes(False)
        self.setWordWrap(True)
        name_widget(self, "import.questions", "Questions about this file", "Tick what is so; Space ticks.")
        self.itemChanged.connect(self._on_changed)

    def show_questions(self, options: ReadOptions, table: Table | None) -> None:
        """Ask what the table asks, and what was answered before."""
        if table is not None:
            answered = {("missing", cell) for cell in options.missing} | {("dates", name) for name in options.dates}
            if options.part != self._options.part:
                self._asked = {}
            kept = {key: text for key, text in self._asked.items() if key in answered}
            self._asked = kept | {key: text for key, text in _questions(table).items() if key not in kept}
        self._options = options
        self._fill()

    @property
    def is_empty(self) -> bool:
        """Whether nothing is asked."""
        return not self._asked

    def _fill(self) -> None:
        self.blockSignals(True)
        current = self.currentRow()
        self.clear()
        for (name, value), text in sorted(self._asked.items(), key=lambda entry: (entry[0][0] == "dates", entry[0])):
            item = QListWidgetItem(text)
            item.setToolTip(tip(text))
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable)
            answered = value in getattr(self._options, name)
            item.setCheckState(Qt.CheckState.Checked if answered else Qt.CheckState.Unchecked)
            item.setData(_KEY, [name, value])
            self.addItem(item)
        self.setCurrentRow(min(current, self.count() - 1))
        self.blockSignals(False)

    def _on_changed(self, item: QListWidgetItem) -> None:
        name, value = item.data(_KEY)
        rest = tuple(each for each in getattr(self._options, name) if each != value)
        changed: dict[str, Any] = {name: (*rest, value) if item.checkState() == Qt.CheckState.Checked else rest}
        self._options = replace(self._options, **changed)
        self.edited.emit(self._options)


def _questions(table: Table) -> dict[Key, str]:
    where: dict[str, list[str]] = {}
    for suspect in table.suspects:
        where.setdefault(suspect.cell, []).append(f"{counted(suspect.count, 'time')} in {quoted(suspect.column, 24)}")
    asked: dict[Key, str] = {
        ("missing", cell): f"{visible(cell, 24)} is missing ({', '.join(columns[:3])}{' ...' if columns[3:] else ''})"
        for cell, columns in where.items()
    }
    for column in table.columns:
        if column.stray:
            cell, row = column.stray
            text = f"{quoted(cell, 24)} is missing (row {row + 1} of {quoted(column.name, 24)})"
            asked.setdefault(("missing", cell.strip()), text)
        if column.dates:
            asked["dates", column.name] = f"{quoted(column.name, 24)} as numbers, {column.dates}"
        if len(asked) >= _MOST:
            break
    return asked
