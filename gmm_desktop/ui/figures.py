"""Figures one below the other, each with its name: a small table that can be copied with every digit."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QRect, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from gmm_desktop.ui.copying import Copied, OffersCopies
from gmm_desktop.ui.form import name_widget
from gmm_desktop.ui.still import Still, show_text

_LINE = 2  # pixels


class Figures(QWidget):
    """A row a figure.

    Attributes:
        copies: puts them on the clipboard.
    """

    def __init__(
        self, name: str, title: str, rows: Sequence[tuple[str, str, str]], copied: Callable[[], Copied]
    ) -> None:
        """Args:
        name: of the widget; that of a figure is the same with the figure's id after a dot.
        title: what they are, in words.
        rows: id, label and tool tip of each figure.
        copied: what is copied.
        """
        super().__init__()
        tip = f"{title}: Ctrl+C copies them, Shift+F10 or a right click offers more ways."
        name_widget(self, f"{name}.figures", title, tip)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.copies = OffersCopies(self, copied)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, _LINE + 1)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(0, 1)
        self._values: dict[str, QLabel] = {}
        for row, (key, label, about) in enumerate(rows):
            words, value = QLabel(label), QLabel()
            words.setToolTip(about)
            value.setAlignment(Qt.AlignmentFlag.AlignRight)
            # Words in it can be marked and copied; else its keys and its menu are those of all figures.
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            value.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
            value.installEventFilter(self)
            name_widget(value, f"{name}.{key}", label, about)
            grid.addWidget(words, row, 0)
            grid.addWidget(Still(value), row, 1)
            self._values[key] = value

    def show_figure(self, key: str, text: str) -> None:
        """Show another value of a figure."""
        show_text(self._values[key], text)

    def show_nothing(self) -> None:
        """A dash for every figure."""
        for key in self._values:
            self.show_figure(key, "–")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The keys that copy, pressed in a figure of which nothing is marked."""
        if not isinstance(watched, QLabel) or watched.hasSelectedText() or not isinstance(event, QKeyEvent):
            return False
        return self.copies.eventFilter(self, event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show where the keys go."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show that they go elsewhere."""
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A line below while the keys come here."""
        if not self.hasFocus():
            return
        painter = QPainter(self)
        line = QRect(0, self.height() - _LINE, self.width(), _LINE)
        painter.fillRect(line, self.palette().color(QPalette.ColorRole.Accent))
        painter.end()
