"""A form built from a frozen settings dataclass: one row a field, the table of fields tells which editor."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QStandardItemModel
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QCheckBox,
    QComboBox,
    QGridLayout,
    QLabel,
    QLineEdit,
    QSizePolicy,
    QSpinBox,
    QStyle,
    QStyleOptionComboBox,
    QWidget,
)

from gmm_desktop.ui.numbers import tidy
from gmm_desktop.ui.tool_tips import shows_plain_tips, tip_of

_NARROWEST = 64


class Choice(Protocol):
    """A row of one of the tables: COVARIANCE_TYPES, INITIALIZERS, STOP_RULES ...; some have formula and source."""

    @property
    def label(self) -> str: ...
    @property
    def tip(self) -> str: ...


class Editor(Protocol):
    """What every editor of a field can do."""

    edited: Any  # Signal(object): a valid value, entered by a person

    def show_value(self, value: Any) -> None: ...


@dataclass(frozen=True)
class Field:
    """One row of a form: the dataclass's field ``name``, the words for it, and what makes its editor."""

    name: str
    label: str
    tip: str
    editor: Callable[[], QWidget]


class PassesSpaceOn(QObject):
    """Lets Space through to the window's Play, and the wheel through to the scroll area, in numeric fields."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            if event.key() == Qt.Key.Key_Space:
                event.ignore()
                return True
        elif event.type() == QEvent.Type.Wheel and isinstance(watched, QWidget) and not watched.hasFocus():
            event.ignore()
            return True
        return False


@cache
def _passes_space_on() -> PassesSpaceOn:
    """The one that all share, made when there is an application."""
    return PassesSpaceOn()


def guard(editor: QWidget) -> None:
    """Give a numeric field or a combo box the manners of this window: Space plays, the wheel wants focus."""
    editor.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    editor.installEventFilter(_passes_space_on())
    if isinstance(editor, QAbstractSpinBox):
        editor.lineEdit().installEventFilter(_passes_space_on())


class IntegerEditor(QSpinBox):
    """A whole number; takes effect on Enter, an arrow, or leaving the field."""

    edited = Signal(object)

    def __init__(self, low: int, high: int, special: str = "") -> None:
        super().__init__()
        self._beyond: int | None = None  # a number that was given elsewhere and is above the range
        self.setRange(low, high)
        self.setSpecialValueText(special)
        self.setKeyboardTracking(False)
        self.setGroupSeparatorShown(False)
        self.valueChanged.connect(self.edited.emit)
        guard(self)

    def show_value(self, value: int) -> None:
        """Show without telling anybody."""
        typing = self.hasFocus() and self.cleanText() not in (
            self.textFromValue(self.value()),
            self.specialValueText(),
        )
        if typing:
            return
        self._beyond = value if value > self.maximum() else None
        within = min(max(value, self.minimum()), self.maximum())
        if within != self.value():
            self.blockSignals(True)
            self.setValue(within)
            self.blockSignals(False)

    def textFromValue(self, value: int) -> str:
        """Also a number that no field of this kind can hold."""
        return (
            str(self._beyond) if self._beyond is not None and value == self.maximum() else super().textFromValue(value)
        )


class NumberEditor(QLineEdit):
    """A number above 0, typed as a person likes: 0.001, 1e-6. A text that is no such number is told."""

    edited = Signal(object)
    refused = Signal(str)

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self._value = 0.0
        self._shown = ""
        self.editingFinished.connect(self._finish)
        guard(self)

    def show_value(self, value: float) -> None:
        """Show without telling anybody; what a person is typing stays."""
        typing = self.text() != self._shown
        if value != self._value:
            self._value = value
            self._shown = tidy(value)
            if not typing:
                self.setText(self._shown)

    def _finish(self) -> None:
        if self.text() == self._shown:
            self.refused.emit("")
            return
        try:
            value = float(self.text().replace(",", "."))
        except ValueError:
            value = 0.0
        if not 0.0 < value < float("inf"):
            self.refused.emit(
                f"The {self._name} must be a number above 0, such as 1e-6; “{self.text()}” is not. "
                f"{self._shown} stays in use."
            )
            return
        self._shown = self.text()
        self.refused.emit("")
        if value != self._value:
            self._value = value
            self.edited.emit(value)


class ChoiceEditor(QComboBox):
    """One row of a table, by its id; its tool tip is the chosen row's, in a form, whose label says what it is for."""

    edited = Signal(object)

    def __init__(self, choices: Mapping[str, Choice]) -> None:
        super().__init__()
        self._purpose: str | None = None
        self._reason = ""
        for key, choice in choices.items():
            self.addItem(choice.label, key)
            self.setItemData(self.count() - 1, tip_of(choice), Qt.ItemDataRole.ToolTipRole)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(8)
        self.currentIndexChanged.connect(lambda index: self.edited.emit(self.itemData(index)))
        self.currentIndexChanged.connect(lambda _: self._show_tip())
        self.installEventFilter(shows_plain_tips())
        self.view().viewport().installEventFilter(shows_plain_tips())
        guard(self)

    def offer(self, key: str, offered: bool) -> None:
        """Whether a row can be picked; it can be shown in any case."""
        model = self.model()
        assert isinstance(model, QStandardItemModel)
        model.item(self.findData(key)).setEnabled(offered)

    def show_value(self, value: str) -> None:
        """Show without telling anybody."""
        index = self.findData(value)
        if index != self.currentIndex():
            self.blockSignals(True)
            self.setCurrentIndex(index)
            self.blockSignals(False)
            self._show_tip()

    def initStyleOption(self, option: QStyleOptionComboBox) -> None:
        """A label with too little room ends in dots, as its tool tip says it in full."""
        super().initStyleOption(option)
        room = self.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, self
        )
        option.currentText = self.fontMetrics().elidedText(
            option.currentText, Qt.TextElideMode.ElideRight, room.width() - 4
        )

    def showPopup(self) -> None:
        """The list is as wide as what it offers, however narrow the box."""
        self.view().setMinimumWidth(self.view().sizeHintForColumn(0) + 2 * self.view().frameWidth())
        super().showPopup()

    def tell(self, purpose: str, reason: str) -> None:
        """Have the tool tip follow the chosen row; ``purpose`` where a row has none, ``reason`` below either."""
        self._purpose, self._reason = purpose, reason
        self._show_tip()

    def _show_tip(self) -> None:
        if self._purpose is not None:
            tip = self.currentData(Qt.ItemDataRole.ToolTipRole) or self._purpose
            self.setToolTip("\n".join(filter(None, (tip, self._reason))))


class SwitchEditor(QCheckBox):
    """Yes or no."""

    edited = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.toggled.connect(self.edited.emit)

    def show_value(self, value: bool) -> None:
        """Show without telling anybody."""
        if value != self.isChecked():
            self.blockSignals(True)
            self.setChecked(value)
            self.blockSignals(False)


class Form(QWidget):
    """Rows of label and editor for some fields of one dataclass.

    Signals:
        edited: (field name, new value), from a person.
    """

    edited = Signal(str, object)

    def __init__(self, prefix: str, fields: Sequence[Field]) -> None:
        super().__init__()
        self._fields = {field.name: field for field in fields}
        self._editors: dict[str, QWidget] = {}
        self._locked: dict[str, str] = dict.fromkeys(self._fields, "")
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(8)
        self._grid.setColumnStretch(1, 1)
        self._error = QLabel()
        self._error.setTextFormat(Qt.TextFormat.PlainText)
        self._error.setWordWrap(True)
        self._error.setObjectName(f"{prefix}.error")
        self._error.hide()
        for row, field in enumerate(fields):
            self._add_row(prefix, row, field)
        self._grid.addWidget(self._error, len(fields), 0, 1, 3)

    def _add_row(self, prefix: str, row: int, field: Field) -> None:
        editor = field.editor()
        label = QLabel(field.label)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setBuddy(editor)
        label.setToolTip(field.tip)
        name_widget(editor, f"{prefix}.{field.name}", field.label, field.tip)
        if isinstance(editor, ChoiceEditor):
            editor.tell(field.tip, "")
        editor.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        editor.setMinimumWidth(_NARROWEST)
        self._grid.addWidget(label, row, 0)
        self._grid.addWidget(editor, row, 1, 1, 2)
        self._editors[field.name] = editor
        editor.edited.connect(lambda value, name=field.name: self.edited.emit(name, value))  # type: ignore[attr-defined]
        if isinstance(editor, NumberEditor):
            editor.refused.connect(self.show_error)

    def editor(self, name: str) -> QWidget:
        """The editor of a field."""
        return self._editors[name]

    def add_beside(self, name: str, widget: QWidget) -> None:
        """A button in the row of a field."""
        row = list(self._fields).index(name)
        self._grid.addWidget(self._editors[name], row, 1)
        self._grid.addWidget(widget, row, 2)

    def set_row_visible(self, name: str, visible: bool) -> None:
        """Show or hide a field with its label."""
        row = list(self._fields).index(name)
        for column in range(3):
            item = self._grid.itemAtPosition(row, column)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.setVisible(visible)

    def show_values(self, settings: object) -> None:
        """Show the values of a dataclass that has these fields."""
        for name, editor in self._editors.items():
            editor.show_value(getattr(settings, name))  # type: ignore[attr-defined]

    def show_error(self, sentence: str) -> None:
        """A sentence below the fields; "" takes it away."""
        self._error.setText(sentence)
        self._error.setVisible(bool(sentence))

    def set_locked(self, reason: str, names: Sequence[str] | None = None) -> None:
        """Lock fields (all, or those named) and let their tool tips say why; "" unlocks."""
        for name in names if names is not None else self._fields:
            if self._locked[name] == reason:
                continue
            self._locked[name] = reason
            editor, tip = self._editors[name], self._fields[name].tip
            editor.setEnabled(not reason)
            if isinstance(editor, ChoiceEditor):
                editor.tell(tip, reason)
            else:
                editor.setToolTip(f"{tip}\n{reason}" if reason else tip)


def name_widget(widget: QWidget, object_name: str, accessible_name: str, tip: str) -> None:
    """What every control has: a name for tests and scripts, one for screen readers, and a tool tip."""
    widget.setObjectName(object_name)
    widget.setAccessibleName(accessible_name)
    widget.setToolTip(tip)
