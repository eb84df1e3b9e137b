"""The columns of the window: cards below each other, scrolled where the screen is low."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

GAP = 8


def column(*cards: QWidget | None, stretch: QWidget | None = None) -> QWidget:
    """Cards below each other; None: the spare space."""
    whole = QWidget()
    layout = QVBoxLayout(whole)
    layout.setContentsMargins(0, 0, 0, GAP)
    layout.setSpacing(GAP)
    for card in cards:
        if card is None:
            layout.addStretch(1)
        else:
            layout.addWidget(card, 1 if card is stretch else 0)
    return whole


def scrolled(column: QWidget, width: int) -> QScrollArea:
    """A column at least so wide, with a scroll bar only where the window is too low."""
    area = QScrollArea()
    area.setWidget(column)
    area.setWidgetResizable(True)
    area.setFrameShape(QScrollArea.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setMinimumWidth(max(width, column.minimumSizeHint().width()))
    return area
