"""A slider that is thick enough for the last row of a lecture hall."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSlider, QStyle, QStyleOptionSlider

_GROOVE, _HANDLE = 5.0, 16.0  # pixels at a scale of one


class HallSlider(QSlider):
    """A horizontal slider: the style's own at a scale of one, groove and handle drawn here at a larger one."""

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._scale = 1.0

    def set_scale(self, scale: float) -> None:
        """Draw it ``scale`` times as large as on a desktop."""
        self._scale = scale
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Room for the handle."""
        hint = super().sizeHint()
        return hint if self._scale == 1.0 else QSize(hint.width(), round(_HANDLE * self._scale) + 4)

    def minimumSizeHint(self) -> QSize:
        """It is never cut."""
        hint = super().minimumSizeHint()
        return hint if self._scale == 1.0 else QSize(round(6 * _HANDLE * self._scale), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """The style's, or groove and handle where the style's would be."""
        if self._scale == 1.0:
            super().paintEvent(event)
            return
        palette = self.palette()
        groove, handle = _GROOVE * self._scale, _HANDLE * self._scale
        middle = self._middle_of_handle()
        x = min(max(middle, handle / 2), self.width() - handle / 2)
        y = self.height() / 2
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        for right, role in ((float(self.width()), QPalette.ColorRole.Dark), (x, QPalette.ColorRole.Highlight)):
            painter.setBrush(palette.color(role))
            painter.drawRoundedRect(QRectF(0, y - groove / 2, right, groove), groove / 2, groove / 2)
        painter.setBrush(palette.color(QPalette.ColorRole.Highlight))
        painter.drawEllipse(QRectF(x - handle / 2, y - handle / 2, handle, handle))
        painter.end()

    def _middle_of_handle(self) -> float:
        """Where the style has its handle, which the mouse takes hold of."""
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        place = self.style().subControlRect(
            QStyle.ComplexControl.CC_Slider, option, QStyle.SubControl.SC_SliderHandle, self
        )
        return place.center().x() + 0.5
