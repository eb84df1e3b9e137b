"""A choice of a question to the hall, with the field for its hands."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractSpinBox, QGridLayout, QHBoxLayout, QLabel, QSpinBox, QWidget

from gmm_desktop.ui.form import guard, name_widget
from gmm_desktop.ui.scaling import line_width
from gmm_desktop.ui.theme import BODY, LIGHT, Theme, font, icon

_MOST_HANDS = 9999
_ICON, _FIELD_PADDING = 20, 14  # pixels at a scale of one


class _PassesLettersOn(QObject):
    """Lets the window's keys through a field of digits: Q, H, P ..."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.text().isalpha():
            event.ignore()
            return True
        return False


@cache
def _passes_letters_on() -> _PassesLettersOn:
    """The one that all share, made when there is an application."""
    return _PassesLettersOn()


class Choice(QWidget):
    """A choice with the number of hands that were shown for it."""

    def __init__(self, place: int) -> None:
        super().__init__()
        self._theme, self._scale = LIGHT, 1.0
        self._tick = QLabel()
        self._tick.hide()
        self.words = QLabel()
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setWordWrap(True)
        self.words.setFont(font(BODY))
        self.field = QSpinBox()
        self.field.setRange(0, _MOST_HANDS)
        self.field.setFrame(False)
        self.field.setButtonSymbols(QAbstractSpinBox.ButtonSymbols.NoButtons)
        self.field.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        name_widget(self.field, f"hall.hands_{place + 1}", "Hands", "How many hands are shown for this choice.")
        guard(self.field)
        self.field.installEventFilter(_passes_letters_on())
        self.field.lineEdit().installEventFilter(_passes_letters_on())
        box = QGridLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        self._box = _Box(self.field)
        for column, part in enumerate((self._box, self._tick, self.words)):
            box.addWidget(part, 0, column)
        box.setColumnStretch(2, 1)

    def put(self, words: str) -> None:
        """Ask for hands."""
        self.words.setText(words)
        self.field.setAccessibleName(f"Hands for: {words}")
        self.field.setValue(0)
        self.field.setReadOnly(False)
        self._mark_right(False)

    def hands(self) -> int:
        """Hands shown, as typed up to now."""
        self.field.interpretText()
        return self.field.value()

    def mark(self, right: bool) -> None:
        """Say whether this was right: a tick, bold, and a word."""
        self.field.setReadOnly(True)
        self._mark_right(right)
        if right:
            self.words.setText(f"right: {self.words.text()}")

    def set_theme(self, theme: Theme, scale: float) -> None:
        """Take a theme; type has been scaled before."""
        self._theme, self._scale = theme, scale
        self._tick.setPixmap(icon("check", theme.text, scale).pixmap(round(_ICON * scale), round(_ICON * scale)))
        metrics = self.field.fontMetrics()
        self._box.set_theme(theme, scale)
        self.field.setFixedWidth(metrics.horizontalAdvance("0000") + round(_FIELD_PADDING * scale))

    def _mark_right(self, right: bool) -> None:
        self._tick.setVisible(right)
        face = self.words.font()
        face.setBold(right)
        self.words.setFont(face)


class _Box(QWidget):
    """The edge of a field, as thick as a hall needs it."""

    def __init__(self, field: QSpinBox) -> None:
        super().__init__()
        self._field, self._theme, self._edge = field, LIGHT, 1.0
        self._layout = QHBoxLayout(self)
        self._layout.addWidget(field)
        self.set_theme(LIGHT, 1.0)

    def set_theme(self, theme: Theme, scale: float) -> None:
        """Take a theme."""
        self._theme, self._edge = theme, line_width(1.0, scale)
        inset = round(self._edge) + 1
        self._layout.setContentsMargins(inset, inset, inset, inset)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A frame around the field, in the accent's colour where the keyboard is."""
        painter = QPainter(self)
        colour = self._theme.accent if self._field.hasFocus() else self._theme.axis
        painter.setPen(QPen(QColor(colour), self._edge))
        half = self._edge / 2
        painter.drawRect(self.rect().toRectF().adjusted(half, half, -half, -half))
        painter.end()
