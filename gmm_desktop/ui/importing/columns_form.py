"""Which columns are fitted and shown, which hold weights and known labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QListWidgetItem, QWidget

from gmm_desktop.data import Table
from gmm_desktop.data.choice import Choice
from gmm_desktop.ui.form import name_widget
from gmm_desktop.ui.importing.boxes import CutBox, TickList
from gmm_desktop.ui.importing.words import tip, visible
from gmm_desktop.ui.mnemonics import spoken
from gmm_desktop.ui.tool_tips import shown

_KEY = Qt.ItemDataRole.UserRole
_ROWS = (
    ("x", "&x", "The column along the horizontal axis.", ""),
    ("y", "&y", "The column along the vertical axis; none fits one dimension.", "none"),
    (
        "weights",
        "&Weights",
        "A column that says how many points each row stands for; without one each is a point.",
        "none",
    ),
    ("labels", "La&bels", "A column of known groups, from which a fit can start.", "none"),
)


class NameBox(CutBox):
    """One of many columns, or none (""); one whose name does not fit says it in its tool tip."""

    def __init__(self, none: str, about: str) -> None:
        super().__init__()
        self._none, self._about = none, about
        self._names: tuple[str, ...] = ()

    def show_names(self, names: tuple[str, ...], current: str) -> None:
        """Offer columns and show the chosen one."""
        if names != self._names or not self.count():
            self._names = names
            self.clear()
            if self._none:
                self.addItem(self._none, "")
            for name in names:
                self.addItem(visible(name, 40), name)
        first = 1 if self._none else 0
        self.setCurrentIndex(names.index(current) + first if current in names else first - 1)
        self.setToolTip(f"{shown(self._about)}{tip(current)}" if current else shown(self._about))


class ColumnsForm(QWidget):
    """The choice of columns.

    Signals:
        edited: the new Choice.
    """

    edited = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._choice = Choice()
        self._table: Table | None = None
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        self._boxes: dict[str, NameBox] = {}
        for row, (name, text, about, none) in enumerate(_ROWS):
            box = NameBox(none, about)
            label = QLabel(text)
            label.setBuddy(box)
            label.setToolTip(about)
            name_widget(box, f"import.{name}", spoken(text), about)
            grid.addWidget(label, row, 0)
            grid.addWidget(box, row, 1)
            box.edited.connect(lambda value, which=name: self._change(which, value))
            self._boxes[name] = box
        self.further_label = QLabel("&Further fitted columns")
        self.further = TickList()
        self.further_label.setBuddy(self.further)
        about = "Columns that are fitted beside the shown pair; Space ticks."
        name_widget(self.further, "import.further", "Further fitted columns", about)
        self.further.itemChanged.connect(lambda _: self._on_further())

    def show_choice(self, choice: Choice, table: Table) -> None:
        """Offer the columns of a table and show which of them are chosen."""
        changed = table is not self._table
        before, self._choice, self._table = self._choice, choice, table
        columns = choice.columns or ()
        numeric = table.numeric_names()
        x, y = columns[0] if columns else "", columns[1] if len(columns) > 1 else ""
        everything = tuple(column.name for column in table.columns)
        self._boxes["x"].show_names(numeric, x)
        self._boxes["y"].show_names(numeric, y)
        self._boxes["weights"].show_names(numeric, choice.weights)
        self._boxes["labels"].show_names(everything, choice.labels)
        if changed or (before.columns, before.weights) != (choice.columns, choice.weights):
            rest = [name for name in numeric if name not in (x, y, choice.weights)]
            self._fill_further(rest if y else [], columns[2:])

    def _fill_further(self, names: Sequence[str], fitted: Sequence[str]) -> None:
        with QSignalBlocker(self.further):
            ticked = set(fitted)
            if [self.further.item(i).data(_KEY) for i in range(self.further.count())] != list(names):
                self.further.clear()
                for name in names:
                    item = QListWidgetItem(visible(name, 40))
                    item.setData(_KEY, name)
                    if item.text() != name:
                        item.setToolTip(tip(name))
                    self.further.addItem(item)
            for i in range(self.further.count()):
                item = self.further.item(i)
                on = item.data(_KEY) in ticked
                item.setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)
        for widget in (self.further, self.further_label):
            widget.setEnabled(bool(names))

    def _on_further(self) -> None:
        items = [self.further.item(i) for i in range(self.further.count())]
        ticked = [item.data(_KEY) for item in items if item.checkState() == Qt.CheckState.Checked]
        shown = (self._choice.columns or ())[:2]
        self._emit(replace(self._choice, columns=(*shown, *ticked)))

    def _change(self, which: str, value: str) -> None:
        choice = self._choice
        if which == "labels":
            self._emit(replace(choice, labels=value))
            return
        columns = list(choice.columns or ())
        x, y, rest = columns[0] if columns else "", columns[1] if len(columns) > 1 else "", columns[2:]
        weights = choice.weights
        if which == "weights":
            weights = value
            x, y = ("" if name == value else name for name in (x, y))
        elif which == "x":
            x, y = value, x if value == y else y
        else:
            x, y = (y or x) if value == x else x, value
        if value and value == weights and which != "weights":
            weights = ""
        free = [name for name in (self._table.numeric_names() if self._table else ()) if name not in (weights, x, y)]
        x = x or y or (free[0] if free else "")
        y = "" if y == x else y
        further = [name for name in rest if name not in (x, y, weights)] if y else []
        chosen = tuple(name for name in (x, y, *further) if name)
        self._emit(replace(choice, columns=chosen or None, weights=weights))

    def _emit(self, choice: Choice) -> None:
        if choice != self._choice:
            self.edited.emit(choice)
        elif self._table is not None:
            self.show_choice(choice, self._table)
