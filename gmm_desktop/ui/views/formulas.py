"""The formulas of the current half step, typeset, with the numbers of one component filled in."""

from __future__ import annotations

import math

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gmm_desktop.session import Snapshot
from gmm_desktop.ui.form import name_widget
from gmm_desktop.ui.formulas import LEGEND, Page, page
from gmm_desktop.ui.inspection import Target
from gmm_desktop.ui.theme import BODY, SMALL, Theme
from gmm_desktop.ui.typesetting import EM, Box, Leaves, laid_out, leaves_of, typeset
from gmm_desktop.ui.unhurried import Unhurried
from gmm_desktop.ui.views.errand import Errand
from gmm_desktop.ui.views.marks import draw_badge
from gmm_desktop.ui.views.sentences import sentence
from gmm_desktop.ui.views.style import PlotStyle

_SIZE = 15.0  # of the type, in pixels at a scale of one
_GAP, _INDENT, _BADGE = 10, 14, 20
_DIGITS = (*"0123456789.-,=()", r"\times")


class FormulasView(QWidget):
    """Follows the session while it is seen; as high as what it shows at its width, times the scale.

    Attributes:
        page: what is shown, or None.

    Signals:
        grown: the first formulas since it was opened are there.
    """

    grown = Signal()

    def __init__(self) -> None:
        super().__init__()
        name_widget(
            self,
            "formulas.view",
            "Formulas of the half step",
            "The formulas of this half step, with the numbers of the selected component.",
        )
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.page: Page | None = None
        self._style = PlotStyle()
        self._snapshot: Snapshot | None = None
        self._target: Target | None = None
        self._leaves: Leaves = {}
        self._boxes: list[tuple[Box, ...]] = []  # each formula, and with its numbers
        self._opening = False
        self._high = 0
        self._room: tuple[object, int] = (None, 0)
        self._typesetting: Errand[Leaves] = Errand(self)
        self._unhurried = Unhurried(self._show, self)

    def set_theme(self, theme: Theme) -> None:
        """Draw in a theme's colours."""
        self._style = PlotStyle(theme, self._style.scale)
        self.update()

    def set_scale(self, scale: float) -> None:
        """Draw everything ``scale`` times as large as on a desktop."""
        self._style = PlotStyle(self._style.theme, scale)
        self._measure()
        self.update()

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Follow the session."""
        if self.isVisible():
            self._unhurried.show_snapshot(snapshot)
        else:
            self._snapshot = snapshot

    def show_target(self, target: Target | None) -> None:
        """Write out the responsibility of a point."""
        self._target = target
        if self._snapshot is not None and self.isVisible():
            self._show(self._snapshot)

    def sizeHint(self) -> QSize:
        """As high as what is shown at this width."""
        return QSize(0, self._high)

    def showEvent(self, event: QShowEvent) -> None:
        """What came while nobody saw it."""
        super().showEvent(event)
        self._opening = True
        if self._snapshot is not None:
            self._show(self._snapshot)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Formulas that were too wide may fit now."""
        super().resizeEvent(event)
        self._measure()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Heading, formulas, notes and the legend."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint(painter)
        painter.end()

    def _show(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        shown = page(snapshot, self._target)
        if shown is None:
            return
        needed = dict.fromkeys(_DIGITS)
        for line in shown.lines:
            for part in (line.symbols, line.filled):
                needed |= dict.fromkeys(leaves_of(part) if part is not None else ())
        missing = [leaf for leaf in needed if leaf not in self._leaves]
        if missing:
            self._typesetting.run(lambda cancelled: typeset(missing), self._on_typeset)
            return
        self.page = shown
        self._boxes = [
            tuple(laid_out(part, self._leaves) for part in (line.symbols, line.filled) if part is not None)
            for line in shown.lines
        ]
        self.setAccessibleDescription(shown.spoken())
        self._measure()
        self.update()
        if self._opening:
            self._opening = False
            self.grown.emit()

    def _on_typeset(self, leaves: Leaves) -> None:
        self._leaves |= leaves
        if self._snapshot is not None:
            self._show(self._snapshot)

    def _measure(self) -> None:
        """Take the height that is needed; while a run plays it grows only, so that the cards below stand still."""
        if self._snapshot is None:
            return
        key = (self._snapshot.run, self.width(), self._style.scale, self._target is None)
        least = self._room[1] if self._room[0] == key else 0
        high = max(self._paint(None), least)
        self._room = (key, high)
        if high != self._high:
            self._high = high
            self.updateGeometry()

    def _paint(self, painter: QPainter | None) -> int:
        """Paint, or only measure; how high it all is."""
        theme, scale = self._style.theme, self._style.scale
        if self.page is None:
            return self._sentence(painter, "Typesetting …", 0, theme.muted)
        gap = round(_GAP * scale)
        y = self._heading(painter, self.page) + gap
        for formula, *filled in self._boxes:
            y = self._formula(painter, formula, 0.0, y, self.page.component)
            for box in filled:
                y = self._formula(painter, box, _INDENT * scale, y + gap // 2, self.page.component)
            y += gap
        for note in self.page.notes:
            y = self._sentence(painter, note, y, theme.text) + gap
        terms = (term.replace(" ", "\u00a0", 1).replace("-", "\u2011") for term in LEGEND.split(", "))
        legend = ", ".join(terms)  # which breaks between terms alone
        return self._sentence(painter, legend, y, theme.muted) + 2

    def _heading(self, painter: QPainter | None, shown: Page) -> int:
        style, scale = self._style, self._style.scale
        high = round(_BADGE * scale)
        if painter is not None:
            draw_badge(painter, QRectF(1, 1, high - 2, high - 2), style, shown.component)
            place = QRectF(high + 8 * scale, 0, self.width() - high - 8 * scale, high)
            face = style.font(BODY, bold=True)
            wide = QFontMetricsF(face).horizontalAdvance(shown.heading) + 1
            face.setPixelSize(max(1, int(face.pixelSize() * min(1.0, place.width() / wide))))
            painter.setFont(face)
            painter.setPen(QColor(style.theme.text))
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, shown.heading)
        chosen = "" if shown.chosen else "; select a row of Components for another"
        return self._sentence(painter, f"with the numbers {shown.whose()}{chosen}", high + 2, style.theme.muted)

    def _formula(self, painter: QPainter | None, box: Box, indent: float, y: int, component: int) -> int:
        """One formula, smaller where it would be wider than the view."""
        size = _SIZE * self._style.scale / EM
        if self.width() > indent and box.width > 0:
            size = min(size, (self.width() - indent - 1) / box.width)
        if painter is not None:
            painter.save()
            painter.translate(indent, y + size * box.ascent)
            painter.scale(size, size)
            colours = {
                "text": QColor(self._style.theme.text),
                "component": QColor(self._style.colour(component)),
            }
            for ink in box.ink:
                painter.save()
                painter.translate(ink.x, ink.y)
                painter.scale(ink.across, ink.down)
                painter.fillPath(ink.outline, colours[ink.role])
                painter.restore()
            painter.restore()
        return y + math.ceil(size * (box.ascent + box.descent))

    def _sentence(self, painter: QPainter | None, text: str, y: int, colour: str) -> int:
        return sentence(painter, text, y, self.width(), self._style.font(SMALL), colour)
