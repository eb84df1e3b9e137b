"""The one button that must be seen from the back row: filled with the accent colour."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QToolButton

from gmm_desktop.ui.scaling import line_width

_RADIUS = 8
_PADDING = 14
_GAP = 8


class PlayButton(QToolButton):
    """Play or Pause, or what else matters most, in the palette's highlight colour: no style sheet cascades from it."""

    def __init__(self, words: tuple[str, ...] = ("Play", "Pause")) -> None:
        """Args:
        words: all that it will ever read.
        """
        super().__init__()
        self._words = words
        self._scale = 1.0
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)

    def set_scale(self, scale: float) -> None:
        """Its paddings are ``scale`` times as large as on a desktop; type, icon and height are the panel's to set."""
        self._scale = scale
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Room for the widest of its words, so that nothing moves when it changes."""
        metrics = self.fontMetrics()
        width = max(metrics.horizontalAdvance(word) for word in self._words)
        room = round((2 * _PADDING + _GAP) * self._scale)
        return QSize(room + self.iconSize().width() + width, self.minimumHeight())

    def minimumSizeHint(self) -> QSize:
        """It is never cut."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Fill, icon, word, and a ring where it has the keyboard."""
        palette = self.palette()
        enabled = self.isEnabled()
        fill = palette.color(QPalette.ColorRole.Highlight) if enabled else palette.color(QPalette.ColorRole.Mid)
        if enabled and self.isDown():
            fill = fill.darker(120)
        elif enabled and self.underMouse():
            fill = fill.lighter(112)
        text = palette.color(QPalette.ColorRole.HighlightedText)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        radius = _RADIUS * self._scale
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(fill)
        painter.drawRoundedRect(area, radius, radius)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(text, line_width(1.0, self._scale)))
            inset = 3 * self._scale
            painter.drawRoundedRect(area.adjusted(inset, inset, -inset, -inset), radius - inset, radius - inset)
        size = self.iconSize()
        x, y = round(_PADDING * self._scale), (self.height() - size.height()) // 2
        self.icon().paint(painter, x, y, size.width(), size.height())
        painter.setPen(text)
        left = x + size.width() + round(_GAP * self._scale)
        painter.drawText(
            QRectF(left, 0, self.width() - left, self.height()),
            Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft,
            self.defaultAction().text() if self.defaultAction() else self.text(),
        )
