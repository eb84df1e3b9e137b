"""A sentence above a plot, in as many lines as it needs."""

from __future__ import annotations

import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter
from PySide6.QtWidgets import QGraphicsSceneResizeEvent, QGraphicsWidget, QStyleOptionGraphicsItem, QWidget

from gmm_desktop.ui.theme import SMALL
from gmm_desktop.ui.views.style import PlotStyle

_WRAP = int(Qt.TextFlag.TextWordWrap)


class Sentence(QGraphicsWidget):
    """Plain words in a row of a plot's layout.

    Its room grows with a longer text and shrinks only with another width or font, so that the plot below does not
    jump while the words change.
    """

    def __init__(self, plot: pg.PlotItem) -> None:
        super().__init__()
        self._text = ""
        self._style = PlotStyle()
        self._lines = 0
        plot.layout.removeItem(plot.titleLabel)
        plot.layout.addItem(self, 0, 0, 1, 3)

    @property
    def text(self) -> str:
        """What it says."""
        return self._text

    def set_text(self, text: str) -> None:
        """Say something else; the same costs nothing."""
        if text != self._text:
            self._text = text
            self._take_room()
            self.update()

    def set_style(self, style: PlotStyle) -> None:
        """Take colours and sizes."""
        self._style = style
        self._lines = 0
        self._take_room()
        self.update()

    def resizeEvent(self, event: QGraphicsSceneResizeEvent) -> None:
        """Another width may need more lines, or fewer."""
        if event.newSize().width() != event.oldSize().width():
            self._lines = 0
            self._take_room()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """The words."""
        painter.setFont(self._style.font(SMALL))
        painter.setPen(QColor(self._style.theme.text))
        painter.drawText(self._place(), _WRAP | int(Qt.AlignmentFlag.AlignLeft), self._text)

    def _take_room(self) -> None:
        metrics = QFontMetricsF(self._style.font(SMALL))
        place = self._place()
        needed = metrics.boundingRect(QRectF(0, 0, max(place.width(), 1.0), 1e4), _WRAP, self._text).height()
        lines = round(needed / metrics.lineSpacing()) if self._text and place.width() > 0 else 0
        self._lines = max(self._lines, lines, 1)
        height = round(self._lines * metrics.lineSpacing() + 2)
        if height != self.maximumHeight():
            self.setMinimumHeight(height)
            self.setMaximumHeight(height)

    def _place(self) -> QRectF:
        return QRectF(8, 0, self.size().width() - 8, self.size().height())
