"""What the presentation does with the screen as a whole."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QLayout, QWidget


def layout_of(widget: QWidget) -> QLayout:
    """The layout of a widget that has one."""
    layout = widget.layout()
    assert layout is not None
    return layout


def curtain(window: QWidget) -> QWidget:
    """A black sheet over the whole window."""
    sheet = QWidget(window)
    sheet.setObjectName("presentation.blank")
    sheet.setAccessibleName("The screen is blank")
    sheet.setToolTip("")
    palette = QPalette(sheet.palette())
    palette.setColor(QPalette.ColorRole.Window, Qt.GlobalColor.black)
    sheet.setPalette(palette)
    sheet.setAutoFillBackground(True)
    sheet.setGeometry(window.rect())
    sheet.show()
    sheet.raise_()
    return sheet
