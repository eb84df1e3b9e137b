"""The responsibilities of one point as bars, with Bayes' rule in numbers below each."""

from __future__ import annotations

import math

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gmm_desktop.ui.inspection import Inspection, Shares
from gmm_desktop.ui.palette import mixed
from gmm_desktop.ui.theme import BODY, SMALL, Theme
from gmm_desktop.ui.views.marks import draw_badge
from gmm_desktop.ui.views.sentences import sentence
from gmm_desktop.ui.views.style import PlotStyle

_GAP, _BAR = 4, 10  # pixels
_BADGE = 20
_LEGEND = "weight × density / sum = responsibility"


class SharesView(QWidget):
    """Paints an Inspection; one widget and no labels, since it changes with every frame."""

    def __init__(self) -> None:
        super().__init__()
        self._style = PlotStyle()
        self._inspection: Inspection | None = None
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._high = 0

    def set_theme(self, theme: Theme, scale: float = 1.0) -> None:
        """Draw in a theme's colours and the type scale times ``scale``."""
        self._style = PlotStyle(theme, scale)
        self._measure()
        self.update()

    def show_inspection(self, inspection: Inspection | None) -> None:
        """Show it from now on; None shows nothing."""
        self._inspection = inspection
        self._measure()
        self.update()

    def sizeHint(self) -> QSize:
        """As high as what is shown at this width."""
        return QSize(0, self._high)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Sentences break elsewhere."""
        super().resizeEvent(event)
        self._measure()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Coordinates, whose responsibilities, a bar a component, the sum, what else to know."""
        if self._inspection is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint(painter, self._inspection, event.rect())
        painter.end()

    def _measure(self) -> None:
        high = 0 if self._inspection is None else self._paint(None, self._inspection, QRect())
        if high != self._high:
            self._high = high
            self.updateGeometry()

    def _paint(self, painter: QPainter | None, inspection: Inspection, seen: QRect) -> int:
        """Paint what is ``seen`` of it, or only measure; how high it all is."""
        theme, scale = self._style.theme, self._style.scale
        gap = round(_GAP * scale)
        coordinates = inspection.target.coordinates().replace(" = ", "\u00a0=\u00a0")  # break between columns alone
        y = self._sentence(painter, coordinates, 0, theme.text, bold=True) + gap
        y = self._sentence(painter, inspection.whose, y, theme.muted) + gap
        given = inspection.shares
        if given is not None:
            high = self._row_height()
            room = self._room_for_values(given) if painter is not None else 0
            for c in range(len(given.weights)):
                if painter is not None and y <= seen.bottom() and y + high >= seen.top():
                    self._component(painter, given, c, y, room)
                y += high + 2 * gap
            y = self._line(painter, _LEGEND, y, theme.muted)
            y = self._line(painter, inspection.sum_line(), y, theme.text) + gap
        for note in inspection.notes:
            y = self._sentence(painter, note, y, theme.muted) + gap
        return y

    def _row_height(self) -> int:
        return self._line(None, "", round(_BADGE * self._style.scale), "")

    def _room_for_values(self, given: Shares) -> float:
        """The same for all, so that the bars have one scale."""
        metrics = QFontMetricsF(self._style.font(BODY, bold=True))
        values = (given.responsibility(c) for c in range(len(given.weights)))
        return max(metrics.horizontalAdvance(text) for text in ("0.0000", *values)) + 2

    def _component(self, painter: QPainter, given: Shares, c: int, y: int, room: float) -> None:
        style = self._style
        high = round(_BADGE * style.scale)
        draw_badge(painter, QRectF(1, y + 1, high - 2, high - 2), style, c)
        left = high + 2 * _GAP
        track = QRectF(left, y + (high - _BAR * style.scale) / 2, self.width() - room - 2 * _GAP - left, 0)
        track.setHeight(_BAR * style.scale)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(mixed(style.theme.card, style.theme.muted, 0.22)))
        painter.drawRect(track)
        painter.setBrush(QColor(style.colour(c)))
        share = math.exp(float(given.log_responsibilities[c]))
        painter.drawRect(QRectF(track.topLeft(), track.size()).adjusted(0, 0, (share - 1) * track.width(), 0))
        painter.setPen(QColor(style.theme.text))
        painter.setFont(style.font(BODY, bold=True))
        place = QRectF(self.width() - room, y, room, high)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(place, right, given.responsibility(c))
        self._line(painter, given.rule(c), y + high, style.theme.text)

    def _line(self, painter: QPainter | None, text: str, y: int, colour: str) -> int:
        """One line that is never broken: in smaller type where it is too wide."""
        face = self._style.font(SMALL)
        metrics = QFontMetricsF(face)
        high = math.ceil(metrics.lineSpacing())
        if painter is not None:
            wide = metrics.horizontalAdvance(text) + 1
            if wide > self.width():
                face = QFont(face)
                face.setPixelSize(max(1, int(face.pixelSize() * self.width() / wide)))
            painter.setFont(face)
            painter.setPen(QColor(colour))
            painter.drawText(QRect(0, y, self.width(), high), Qt.AlignmentFlag.AlignVCenter, text)
        return y + high

    def _sentence(self, painter: QPainter | None, text: str, y: int, colour: str, *, bold: bool = False) -> int:
        """A sentence over as many lines as it needs."""
        return sentence(painter, text, y, self.width(), self._style.font(SMALL, bold=bold), colour)
