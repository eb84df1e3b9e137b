"""How a file is read: each guess shown, each changeable."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QSpinBox, QWidget

from gmm_desktop.data import ReadOptions, Table
from gmm_desktop.ui.form import guard, name_widget
from gmm_desktop.ui.importing.boxes import CutBox
from gmm_desktop.ui.importing.words import sign, visible
from gmm_desktop.ui.mnemonics import spoken

_MOST_LINES = 10_000
_ENCODINGS = ("utf-8", "utf-16", "cp1252", "latin-1", "cp1250", "cp1251", "shift_jis", "gb18030", "mac_roman")


def _yes(value: object) -> str:
    return "yes" if value else "no"


@dataclass(frozen=True)
class Guess:
    """One thing about a file that is guessed.

    Attributes:
        name: the field of ReadOptions.
        label: with the letter of its key marked by &.
        tip: one sentence.
        choices: what can be chosen instead of the guess.
        say: a choice in words.
    """

    name: str
    label: str
    tip: str
    choices: tuple[object, ...]
    say: Callable[[object], str]


# fmt: off
GUESSES = (
    Guess("delimiter", "&Delimiter", "What stands between the cells of a row.", (",", ";", "\t", "|", " ", ""), sign),
    Guess("decimal", "De&cimal mark", "What stands before the decimals of a number.", (".", ","), sign),
    Guess("thousands", "&Thousands", "What groups the digits of large numbers.", ("", ",", ".", " ", "'"), sign),
    Guess("header", "First line &names", "Whether the first line names the columns.", (True, False), _yes),
    Guess("units", "Then &units", "Whether the line under the names gives units.", (True, False), _yes),
    Guess("encoding", "&Encoding", "How letters are stored; wrong accents tell of a wrong one.", _ENCODINGS, str),
)
# fmt: on
_TEXT_HAS = {guess.name for guess in GUESSES} | {"skip"}


class GuessBox(CutBox):
    """What was found (None), and what a person may choose instead."""

    def __init__(self, guess: Guess) -> None:
        super().__init__()
        self._guess = guess
        self.addItem("", None)
        for choice in guess.choices:
            self.addItem(guess.say(choice), choice)

    def show_guess(self, chosen: object, found: object) -> None:
        """Show what was chosen, or what was found without that."""
        if chosen is not None and self._index(chosen) < 0:
            self.addItem(self._guess.say(chosen), chosen)
        if chosen is None or not self.itemText(0):
            known = chosen is None and found is not None
            self.setItemText(0, f"{self._guess.say(found)} (found)" if known else "find out")
        self.setCurrentIndex(max(0, self._index(chosen)))

    def _index(self, choice: object) -> int:
        # Not findData: to Qt, True and 1 are the same, and "" is nothing.
        same = (i for i in range(self.count()) if type(d := self.itemData(i)) is type(choice) and d == choice)
        return next(same, -1)


class LinesBox(QSpinBox):
    """How many lines above the table are left out; its smallest value is: as found.

    Signals:
        edited: a number, or None for what is found.
    """

    edited = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setRange(-1, _MOST_LINES)
        self.valueChanged.connect(lambda value: self.edited.emit(None if value < 0 else value))
        guard(self)

    def show_guess(self, chosen: object, found: object) -> None:
        """Show what was chosen, or what was found without that."""
        self.blockSignals(True)
        if chosen is None or not self.specialValueText():
            known = chosen is None and isinstance(found, int)
            self.setSpecialValueText(f"{found} (found)" if known else "find out")
        self.setValue(chosen if isinstance(chosen, int) else -1)
        self.blockSignals(False)


class MarksEdit(QLineEdit):
    """Cells with commas between them, one that holds a comma in double quotes; Enter takes them and no more.

    Signals:
        edited: a tuple of cells.
    """

    edited = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._cells: tuple[str, ...] = ()
        self.setPlaceholderText("such as -999, none")
        self.editingFinished.connect(self._take)

    def show_guess(self, chosen: object, found: object) -> None:
        """Show the cells."""
        cells = tuple(chosen) if isinstance(chosen, tuple) else ()
        if cells != self._cells or not self.hasFocus():
            self._cells = cells
            self.setText(", ".join(f'"{cell}"' if "," in cell else cell for cell in cells))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter on a change is for the change, and not for the dialog's button."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._typed() != self._cells:
            self._take()
            event.accept()
            return
        super().keyPressEvent(event)

    def _typed(self) -> tuple[str, ...]:
        try:
            cells = next(csv.reader([self.text()], skipinitialspace=True), [])
        except csv.Error:
            cells = [self.text()]
        return tuple(dict.fromkeys(cell.strip() for cell in cells if cell.strip()))

    def _take(self) -> None:
        if self._typed() != self._cells:
            self._cells = self._typed()
            self.edited.emit(self._cells)


class PartBox(CutBox):
    """A sheet, or an array."""

    def show_parts(self, parts: Sequence[str], current: str | None) -> None:
        """Offer the parts and show the one that is read."""
        if [self.itemData(i) for i in range(self.count())] != list(parts):
            self.clear()
            for part in parts:
                self.addItem(visible(part), part)
        self.setCurrentIndex(parts.index(current) if current in parts else -1)


class OptionsForm(QWidget):
    """The rows of the form; those that mean nothing for a format are hidden.

    Signals:
        edited: the new ReadOptions.
    """

    edited = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._options = ReadOptions()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(1, 1)
        self._rows: dict[str, tuple[QLabel, Any]] = {}
        self._add("part", "&Sheet or array", PartBox(), "The part of the file that is read.")
        for guess in GUESSES:
            self._add(guess.name, guess.label, GuessBox(guess), guess.tip)
        self._add("skip", "&Lines left out", LinesBox(), "How many lines above the table are left out.")
        self._add(
            "missing", "&Missing marks", MarksEdit(), "Further cells that mean a missing value; Enter takes them."
        )

    def _add(self, name: str, text: str, editor: QWidget, tip: str) -> None:
        label = QLabel(text)
        label.setBuddy(editor)
        label.setToolTip(tip)
        name_widget(editor, f"import.{name}", spoken(text), tip)
        row = len(self._rows)
        self._grid.addWidget(label, row, 0)
        self._grid.addWidget(editor, row, 1)
        self._rows[name] = label, editor
        editor.edited.connect(lambda value: self._change(name, value))  # type: ignore[attr-defined]

    def show_options(self, options: ReadOptions, table: Table | None, reader: str) -> None:
        """Show what was chosen and what was found; ``reader`` is the format's id where there is no table."""
        self._options = options
        if table is not None:
            for name, rows in self._rows.items():
                for widget in rows:
                    widget.setVisible(_means_something(name, table, reader))
            self._rows["part"][1].show_parts(table.parts, options.part or table.layout.part)
        found = table.layout if table is not None else options
        for name, (_, editor) in self._rows.items():
            if name != "part":
                editor.show_guess(getattr(options, name), getattr(found, name))

    def _change(self, name: str, value: object) -> None:
        if value != getattr(self._options, name):
            changed: dict[str, Any] = {name: value}
            if name == "part":
                changed |= {"header": None, "units": None, "skip": None}
            self._options = replace(self._options, **changed)
            self.edited.emit(self._options)


def _means_something(name: str, table: Table, reader: str) -> bool:
    if name == "part":
        return len(table.parts) > 1
    return name == "missing" or getattr(table.layout, name) is not None or (reader == "text" and name in _TEXT_HAS)
