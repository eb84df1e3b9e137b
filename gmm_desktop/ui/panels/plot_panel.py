"""The picture with its one-line caption."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QLabel

from gmm_desktop.session import Snapshot
from gmm_desktop.ui.beside import SideBySide
from gmm_desktop.ui.captions import caption
from gmm_desktop.ui.card import Card
from gmm_desktop.ui.form import name_widget
from gmm_desktop.ui.still import Still, show_text
from gmm_desktop.ui.theme import CAPTION, SMALL, Theme, font
from gmm_desktop.ui.unhurried import Unhurried
from gmm_desktop.ui.views.data_plot import DataPlot

_CAPTION_SIZES = (CAPTION, 14, SMALL)
_MARGINS = 28


class PlotPanel(Card):
    """Caption and plot."""

    def __init__(self) -> None:
        super().__init__("")
        self._caption = QLabel()
        self._caption.setTextFormat(Qt.TextFormat.PlainText)
        self._caption.setWordWrap(True)
        self._caption.setFont(font(CAPTION))
        self._caption.setMinimumHeight(2 * self._caption.fontMetrics().lineSpacing())
        self._caption.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        name_widget(self._caption, "data.caption", "What happened", "What the shown iteration did, in one sentence.")
        self._captions = Unhurried(lambda snapshot: self._show_caption(caption(snapshot)), self)
        self.plot = DataPlot()
        self.content.addWidget(Still(self._caption, fixed=True))
        self.beside = SideBySide(self.plot)
        self.content.addWidget(self.beside, 1)

    def set_theme(self, theme: Theme, scale: float = 1.0) -> None:
        """Take a theme."""
        super().set_theme(theme, scale)
        self.beside.set_theme(theme)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Follow the session."""
        self._captions.show_snapshot(snapshot)
        self.beside.show_snapshot(snapshot)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A caption has other room."""
        super().resizeEvent(event)
        self._fit_caption()

    def _show_caption(self, text: str) -> None:
        if text != self._caption.text():
            show_text(self._caption, text)
            self._fit_caption()

    def _fit_caption(self) -> None:
        """Its own size where all of it fits, a smaller one where the window is narrow: the plot must not move."""
        room = QRect(0, 0, self.contentsRect().width() - _MARGINS, self._caption.minimumHeight())
        for size in _CAPTION_SIZES:
            wanted = font(size)
            needed = QFontMetrics(wanted).boundingRect(room, int(Qt.TextFlag.TextWordWrap), self._caption.text())
            if needed.height() <= room.height():
                break
        if wanted.pixelSize() != self._caption.font().pixelSize():
            self._caption.setFont(wanted)
