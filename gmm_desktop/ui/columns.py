"""The columns of the window: cards below each other, scrolled where the screen is low."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QPoint, Qt, QTimer
from PySide6.QtWidgets import QApplication, QScrollArea, QStyle, QVBoxLayout, QWidget

from gmm_desktop.ui.scrolling import ScrollArea

GAP = 8


def column(cards: Iterable[tuple[QWidget, bool]], spare: bool) -> QWidget:
    """Cards below each other, each with whether it stretches; ``spare`` leaves the spare height at the end."""
    whole = QWidget()
    layout = QVBoxLayout(whole)
    layout.setContentsMargins(0, 0, 0, GAP)
    layout.setSpacing(GAP)
    for card, stretches in cards:
        layout.addWidget(card, 1 if stretches else 0)
    if spare:
        layout.addStretch(1)
    return whole


def reveal(card: QWidget) -> None:
    """Scroll the column to a card that has just opened, once the layout knows how high it is: its top goes first."""
    QTimer.singleShot(0, card, lambda: _scroll_to(card))


def _scroll_to(card: QWidget) -> None:
    area: QWidget | None = card
    while area is not None and not isinstance(area, QScrollArea):
        area = area.parentWidget()
    column = None if area is None else area.widget()
    if area is None or column is None:
        return
    for _ in range(3):  # from the card by way of its column to the scroll area
        QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
    top = card.mapTo(column, QPoint(0, 0)).y()
    bar, bottom = area.verticalScrollBar(), top + card.height() + GAP
    bar.setValue(min(top, max(bar.value(), bottom - area.viewport().height())))


def scrolled(column: QWidget, width: int) -> ScrollArea:
    """A column at least so wide, with a scroll bar, which covers nothing, only where the window is too low."""
    area = ScrollArea(column)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    bar = area.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent)
    area.setMinimumWidth(max(width, column.minimumSizeHint().width() + bar))
    return area
