"""Boxes whose text may be longer than they are: cut in the middle, whole in the tool tip."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QComboBox, QListWidget, QStyle, QStyleOptionComboBox

from gmm_desktop.ui.form import guard


class CutBox(QComboBox):
    """A combo box that tells what a person picks.

    Signals:
        edited: the data of the picked row.
    """

    edited = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(10)
        self.activated.connect(lambda index: self.edited.emit(self.itemData(index)))
        guard(self)

    def initStyleOption(self, option: QStyleOptionComboBox) -> None:
        """A name with too little room loses its middle."""
        super().initStyleOption(option)
        room = self.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, self
        )
        option.currentText = self.fontMetrics().elidedText(
            option.currentText, Qt.TextElideMode.ElideMiddle, room.width() - 4
        )


class TickList(QListWidget):
    """A list of things to tick."""

    def __init__(self) -> None:
        super().__init__()
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setUniformItemSizes(True)
        self._show_edges()

    def changeEvent(self, event: QEvent) -> None:
        """Follow a change of theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ApplicationPaletteChange:
            self._show_edges()

    def _show_edges(self) -> None:
        # The style draws the edges of the boxes darker than the window, which in the dark theme nobody sees.
        palette = QPalette()
        palette.setColor(QPalette.ColorRole.Window, QPalette().color(QPalette.ColorRole.PlaceholderText))
        self.setPalette(palette)
