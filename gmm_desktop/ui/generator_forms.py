"""Forms of generators: each builds itself from the fields of its dataclass."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Protocol, cast

from PySide6.QtCore import Signal
from PySide6.QtGui import QValidator
from PySide6.QtWidgets import QDoubleSpinBox, QVBoxLayout, QWidget

from gmm_desktop.data.generators import Entry, MixtureGenerator, PointGenerator, entries_of
from gmm_desktop.ui.form import ChoiceEditor, Field, Form, IntegerEditor, SwitchEditor, guard
from gmm_desktop.ui.mixture_table import MixtureTable
from gmm_desktop.ui.numbers import tidy

_WIDEST = 1e9
"""Of what can be typed: what a field may be is said in a sentence, not by refusing keys."""


class GeneratorForm(Protocol):
    """What a person makes a generator with."""

    edited: Any  # Signal(): something has changed

    def generator(self, size: int) -> PointGenerator:
        """As entered, drawing so many points.

        Raises:
            DataError: it cannot be; one sentence.
        """

    def show_generator(self, generator: Any) -> None:
        """Enter the fields of a generator."""


class DecimalEditor(QDoubleSpinBox):
    """A number with a point or a comma; arrows keep to the range, and a typed one beyond it is for others to refuse."""

    edited = Signal(object)

    def __init__(self, low: float, high: float, step: float) -> None:
        super().__init__()
        self._low, self._high = low, high
        self.setRange(-_WIDEST, _WIDEST)
        self.setDecimals(6)
        self.setSingleStep(step)
        self.valueChanged.connect(self.edited.emit)
        guard(self)

    def show_value(self, value: float) -> None:
        """Show without telling anybody."""
        self.blockSignals(True)
        self.setValue(value)
        self.blockSignals(False)

    def stepBy(self, steps: int) -> None:
        """One arrow, which ends where the range does."""
        wanted = round(self.value() + steps * self.singleStep(), 9)
        self.setValue(min(max(wanted, self._low), self._high))
        self.selectAll()

    def textFromValue(self, value: float) -> str:
        """No more digits than it has."""
        return tidy(round(value, 9))

    def valueFromText(self, text: str) -> float:
        """The number, or the value before where it is none yet."""
        try:
            value = float(text.replace(",", "."))
        except ValueError:
            return self.value()
        return value if math.isfinite(value) else self.value()

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        """Whether it is a number, or may become one."""
        try:
            fine = math.isfinite(float(text.replace(",", ".")))
        except ValueError:
            fine = False
        begins = not fine and set(text) <= set("0123456789.,-+eE")
        states = QValidator.State
        return (states.Acceptable if fine else states.Intermediate if begins else states.Invalid, text, position)


class FieldsForm(QWidget):
    """A row for each field of a generator, ``size`` excepted, which all have."""

    edited = Signal()

    def __init__(self, name: str, kind: type[PointGenerator]) -> None:
        super().__init__()
        self._kind = kind
        self._entries = {field: about for field, about in entries_of(kind).items() if field != "size"}
        self._values: dict[str, object] = {}
        self._form = Form(f"generate.{name}", [form_field(field, kind, row) for field, row in self._entries.items()])
        self._form.edited.connect(self._take)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addWidget(self._form)
        rows.addStretch(1)
        self.show_generator(kind())

    def generator(self, size: int) -> PointGenerator:
        """As entered. Raises as ``GeneratorForm``."""
        return cast(Any, self._kind)(size=size, **self._values)  # type: ignore[no-any-return]

    def show_generator(self, generator: Any) -> None:
        """Enter the fields of a generator."""
        self._values = {field: getattr(generator, field) for field in self._entries}
        self._form.show_values(generator)
        self._show_rows()

    def _take(self, field: str, value: object) -> None:
        self._values[field] = value
        self._show_rows()
        self.edited.emit()

    def _show_rows(self) -> None:
        """What means nothing in so many dimensions is not asked for."""
        for field, about in self._entries.items():
            if about.dimensions:
                self._form.set_row_visible(field, about.dimensions == self._values.get("dimensions"))


@dataclass(frozen=True)
class _Choice:
    label: str
    tip: str = ""


def form_field(name: str, kind: type[PointGenerator], about: Entry) -> Field:
    """The row of a form that edits a field."""
    default = getattr(kind(), name)

    def editor() -> QWidget:
        if about.choices:
            # The keys of a ChoiceEditor are whatever its rows are known by.
            return ChoiceEditor(cast(Any, {value: _Choice(label) for value, label in about.choices.items()}))
        if isinstance(default, bool):
            return SwitchEditor()
        if isinstance(default, int):
            whole = IntegerEditor(int(about.low), int(about.high))
            whole.setKeyboardTracking(True)
            return whole
        return DecimalEditor(about.low, about.high, about.step)

    return Field(name, about.label, f"{about.tip}{_range(about)}", editor)


def _range(about: Entry) -> str:
    """The range as the end of a tool tip."""
    return "" if about.choices else f" From {tidy(about.low)} to {tidy(about.high)}."


def make_form(name: str, kind: type[PointGenerator]) -> GeneratorForm:
    """The form of a generator: its rows, or for a mixture its table."""
    return MixtureTable() if issubclass(kind, MixtureGenerator) else FieldsForm(name, kind)
