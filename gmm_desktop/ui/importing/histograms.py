"""Small histograms of the shown columns."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QWidget

from gmm_desktop.ui.form import name_widget
from gmm_desktop.ui.importing.look import Bars
from gmm_desktop.ui.importing.words import visible
from gmm_desktop.ui.numbers import tidy
from gmm_desktop.ui.palette import mixed
from gmm_desktop.ui.theme import SMALL, font
from gmm_desktop.ui.views.ticks import MINUS

_GAP = 16


class Histograms(QWidget):
    """One histogram beside the other, each with its column's name and the ends of its range."""

    def __init__(self) -> None:
        super().__init__()
        self._bars: tuple[Bars, ...] = ()
        name_widget(self, "import.histograms", "Histograms", "How the values of the shown columns are distributed.")
        self.setFont(font(SMALL))

    def sizeHint(self) -> QSize:
        """Room for two."""
        return QSize(280, 150)

    def minimumSizeHint(self) -> QSize:
        """Room enough to see a shape."""
        return QSize(160, 100)

    def show_bars(self, bars: tuple[Bars, ...]) -> None:
        """Show one or two histograms, or none."""
        self._bars = bars
        self.setAccessibleDescription("; ".join(_said(each) for each in bars))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Bars over a line, the name above, the ends below."""
        painter = QPainter(self)
        painter.setFont(self.font())
        wide = (self.width() - _GAP * (len(self._bars) - 1)) / max(1, len(self._bars))
        for index, each in enumerate(self._bars):
            self._paint(painter, each, QRectF(index * (wide + _GAP), 0, wide, self.height()))
        painter.end()

    def _paint(self, painter: QPainter, bars: Bars, place: QRectF) -> None:
        text = self.palette().color(QPalette.ColorRole.WindowText)
        muted = self.palette().color(QPalette.ColorRole.PlaceholderText)
        base = self.palette().color(QPalette.ColorRole.Window)
        metrics = painter.fontMetrics()
        line = metrics.height() + 2
        unit = f" ({visible(bars.unit, 16)})" if bars.unit else ""
        title = metrics.elidedText(f"{visible(bars.name)}{unit}", Qt.TextElideMode.ElideMiddle, int(place.width()))
        painter.setPen(text)
        painter.drawText(place, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft, title)
        area = place.adjusted(0, line, 0, -line)
        peak = float(bars.counts.max()) or 1.0
        wide = area.width() / len(bars.counts)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(mixed(muted.name(), base.name(), 0.25)))
        for index, count in enumerate(bars.counts.tolist()):
            high = area.height() * count / peak
            painter.drawRect(QRectF(area.left() + index * wide, area.bottom() - high, max(1.0, wide - 1), high))
        painter.setPen(QPen(muted, 1))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        low, high_end = _ends(bars)
        for digits in (3, 2, 1):  # in a narrow place
            if metrics.horizontalAdvance(f"{low}  {high_end}") > place.width():
                low, high_end = _ends(bars, digits)
        painter.drawText(place, Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft, low)
        painter.drawText(place, Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignRight, high_end)


def _ends(bars: Bars, least: int = 4) -> tuple[str, str]:
    digits = next((d for d in (least, 6, 9, 12, 15) if f"{bars.low:.{d}g}" != f"{bars.high:.{d}g}"), least)
    low, high = (tidy(float(f"{end:.{digits}g}")).replace("-", MINUS) for end in (bars.low, bars.high))
    return low, "" if bars.low == bars.high else high


def _said(bars: Bars) -> str:
    return f"{visible(bars.name)}: from {' to '.join(filter(None, _ends(bars)))}"
