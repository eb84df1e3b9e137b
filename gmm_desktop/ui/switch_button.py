"""A button that stays in, and is seen to: a bar along its foot says so, in both themes and without colours too."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QToolButton

_BAR, _INSET, _ABOVE_FOOT = 3.0, 6.0, 2.0  # pixels


class SwitchButton(QToolButton):
    """As any tool button while it is out; the style's own shade for one that is in is hardly told from the other."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """The button, and the bar while it is in."""
        super().paintEvent(event)
        if not self.isChecked():
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        role = QPalette.ColorRole.Accent if self.isEnabled() else QPalette.ColorRole.Mid
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.palette().color(role))
        bar = QRectF(_INSET, self.height() - _ABOVE_FOOT - _BAR, self.width() - 2 * _INSET, _BAR)
        painter.drawRoundedRect(bar, _BAR / 2, _BAR / 2)
        painter.end()
