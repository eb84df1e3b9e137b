"""An axis with few round numbers and a plain-text title."""

from __future__ import annotations

from collections.abc import Callable

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from gmm_desktop.ui.theme import BODY, SMALL
from gmm_desktop.ui.views.coordinates import IDENTITY, Scale
from gmm_desktop.ui.views.stamp import Stamps
from gmm_desktop.ui.views.style import PlotStyle
from gmm_desktop.ui.views.ticks import MINUS, Ticks, ticks

_LONGEST_TITLE = 60
_TICK, _GAP = 5.0, 4.0  # pixels at a scale of one, as is what follows
_OVER, _BESIDE = 8.0, 40.0
_USUAL = f"{MINUS}00.0"  # the room for this is always there, so that zooming seldom moves the axis


Ticker = Callable[[float, float, int], Ticks]


class PlotAxis(pg.AxisItem):  # type: ignore[misc]
    """pyqtgraph's axis, painted here: its own title takes HTML, and a column's name may be anything.

    Attributes:
        ticks: what the axis shows now.
    """

    def __init__(self, orientation: str, *, whole: bool = False) -> None:
        self._whole = whole
        self._title = ""
        self._style = PlotStyle()
        self._scale = IDENTITY
        self._ticker: Ticker | None = None
        self._beside = False
        self.ticks = Ticks([], [], "")
        self._arranged: tuple[object, ...] = ()
        self._rooms: dict[float, int] = {}  # by scale
        self._stamps = Stamps()
        super().__init__(orientation)
        self.enableAutoSIPrefix(False)

    def set_title(self, title: str) -> None:
        """Show ``title`` as it is, on one line, shortened where it is very long."""
        line = " ".join("".join(c if c.isprintable() else " " for c in title).split())
        line = line if len(line) <= _LONGEST_TITLE else line[: _LONGEST_TITLE - 1] + "…"
        if line != self._title:
            self._title = line
            self.labelText = line  # what pyqtgraph calls the title, for whoever asks
            self._arrange()

    def set_style(self, style: PlotStyle) -> None:
        """Take colours and sizes."""
        self.prepareGeometryChange()
        self._style = style
        self._arrange()

    def set_data_scale(self, scale: Scale) -> None:
        """Say how view coordinates become the data's."""
        self._scale = scale
        self._arrange()

    def set_ticker(self, ticker: Ticker | None) -> None:
        """Have the ticks chosen from (low, high, about how many); None: round numbers. Equal ones choose the same."""
        self._ticker = ticker
        self._arrange()

    def set_title_beside(self) -> None:
        """Write the title after the numbers, in their line, where height is dear; for a horizontal axis."""
        self._beside = True
        self._arrange()

    @property
    def title(self) -> str:
        """The whole title, with what the numbers leave out."""
        return f"{self._title} {self.ticks.note}".strip()

    def setRange(self, mn: float, mx: float) -> None:
        super().setRange(mn, mx)
        self._arrange()

    def resizeEvent(self, ev: object = None) -> None:
        super().resizeEvent(ev)
        self._arrange()

    @property
    def _upright(self) -> bool:
        return self.orientation in ("left", "right")

    def _arrange(self) -> None:
        """Choose the ticks for the length there is, and take the room that they need."""
        length = self.size().height() if self._upright else self.size().width()
        arranged = (length, *self.range, self._style, self._scale, self._title, self._ticker, self._beside)
        if arranged == self._arranged:
            return
        self._arranged = arranged
        metrics = QFontMetricsF(self._style.font(SMALL))
        apart = metrics.height() * 2.4 if self._upright else metrics.horizontalAdvance("0") * 7.5
        low, high = self.range
        most = max(2, int(length / apart))
        if self._ticker is None:
            self.ticks = ticks(low, high, self._scale, most, whole=self._whole)
        else:
            self.ticks = self._ticker(low, high, most)
        tick, gap = self._tick_and_gap()
        titled = bool(self._title) and not self._beside
        title = QFontMetricsF(self._style.font(BODY)).height() + gap if titled else 0.0
        if self._upright:
            widest = max(metrics.horizontalAdvance(text) for text in (_USUAL, *self.ticks.strings))
            room = round(tick + gap + widest + title + 4)
            before = self._rooms.get(self._style.scale, 0)
            # Shrinking by a digit's width would make the plot jump while a curve grows.
            kept = before if before - 24 * self._style.scale <= room <= before else room
            self._rooms[self._style.scale] = kept
            if kept != self.minimumWidth():
                self.setWidth(kept)
        else:
            self.setHeight(round(tick + gap + metrics.height() + title + 2))
        self.update()

    def _tick_and_gap(self) -> tuple[float, float]:
        return _TICK * self._style.scale, _GAP * self._style.scale

    def _updateWidth(self) -> None:
        if self.fixedWidth is not None:
            super()._updateWidth()

    def _updateHeight(self) -> None:
        if self.fixedHeight is not None:
            super()._updateHeight()

    def boundingRect(self) -> QRectF:
        return QRectF(0, 0, self.size().width(), self.size().height()).adjusted(
            -30 * self._style.scale, -_OVER * self._style.scale, 30 * self._style.scale, _BESIDE * self._style.scale
        )

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        ratio = abs(painter.worldTransform().m22()) * painter.device().devicePixelRatio()
        size = self.size()
        key = (self._arranged, size.width(), size.height())
        self._stamps.draw(painter, self.boundingRect(), ratio, key, self._paint)

    def _paint(self, painter: QPainter) -> None:
        theme = self._style.theme
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(theme.axis), self._style.width(1.0)))
        width, height = self.size().width(), self.size().height()
        line = (QPointF(width, 0), QPointF(width, height)) if self._upright else (QPointF(0, 0), QPointF(width, 0))
        nudge = QPointF(-0.5, 0) if self._upright else QPointF(0, 0.5)  # onto the middle of a pixel: sharp
        painter.drawLine(line[0] + nudge, line[1] + nudge)
        self._paint_ticks(painter, width, height)
        painter.setPen(QColor(theme.muted))
        painter.setFont(self._style.font(BODY))
        if self._upright:
            painter.rotate(-90)
            metrics = QFontMetricsF(painter.font())
            # A low plot lends the title the corner beside the other axis, rather than cut it.
            low = metrics.horizontalAdvance(self.title) > height
            over, beside = self._lent() if low else (0.0, 0.0)
            self._paint_title(painter, QRectF(-height - beside, 0, height + beside + over, metrics.height()))
        else:
            metrics = QFontMetricsF(painter.font())
            text = metrics.height()
            if self._beside:
                left = width - metrics.horizontalAdvance(self.title) - 2
                tick, gap = self._tick_and_gap()
                self._paint_title(painter, QRectF(left, tick + gap / 2, width - left, text))
            else:
                self._paint_title(painter, QRectF(0, height - text, width, text))

    def _lent(self) -> tuple[float, float]:
        """Pixels above and below that the title may use, where the plot has them."""
        scale, whole = self._style.scale, self.parentItem()
        below = _BESIDE * scale
        if whole is not None:
            below = min(below, whole.boundingRect().bottom() - self.pos().y() - self.size().height())
        return min(_OVER * scale, self.pos().y()), max(below, 0.0)

    def _paint_title(self, painter: QPainter, room: QRectF) -> None:
        metrics = QFontMetricsF(painter.font())
        title = metrics.elidedText(self.title, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter, title)

    def _paint_ticks(self, painter: QPainter, width: float, height: float) -> None:
        low, high = self.range
        painter.setFont(self._style.font(SMALL))
        metrics = QFontMetricsF(painter.font())
        line, text = painter.pen(), QColor(self._style.theme.muted)
        taken = QFontMetricsF(self._style.font(BODY)).horizontalAdvance(self.title + " ") if self._beside else -100.0
        flags = Qt.TextFlag.TextDontClip
        tick, gap = self._tick_and_gap()
        for position, string in zip(self.ticks.positions, self.ticks.strings, strict=True):
            share = (position - low) / (high - low)
            painter.setPen(line)
            if self._upright:
                y = round(height * (1 - share)) + 0.5
                painter.drawLine(QPointF(width - tick, y), QPointF(width, y))
                room = QRectF(0, y - metrics.height() / 2, width - tick - gap, metrics.height())
                alignment = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            else:
                x = round(width * share) + 0.5
                painter.drawLine(QPointF(x, 0), QPointF(x, tick))
                room = QRectF(x - 100, tick + gap / 2, 200, metrics.height())
                alignment = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop
            if not self._upright and x + metrics.horizontalAdvance(string) / 2 > width - taken:
                continue
            painter.setPen(text)
            painter.drawText(room, int(alignment | flags), string)
