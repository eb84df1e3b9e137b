"""The picture with its one-line caption."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QRect, Qt, QTimer
from PySide6.QtGui import QAction, QFont, QFontMetrics, QPalette, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton

from gmm_desktop.session import Snapshot
from gmm_desktop.ui.beside import SideBySide
from gmm_desktop.ui.captions import caption
from gmm_desktop.ui.card import Card
from gmm_desktop.ui.form import name_widget
from gmm_desktop.ui.paint_strip import PaintStrip
from gmm_desktop.ui.still import Still, show_text
from gmm_desktop.ui.theme import CAPTION, SMALL, Theme, font
from gmm_desktop.ui.unhurried import Unhurried
from gmm_desktop.ui.views.data_plot import DataPlot
from gmm_desktop.ui.views.pointing import Pointing

_CAPTION_SIZES = (CAPTION, 14, SMALL)
_MARGINS = 28
_REPEATED_MILLISECONDS = 600


class PlotPanel(Card):
    """Caption and plot, and beside the caption the button that answers a guess."""

    def __init__(self, actions: Mapping[str, QAction]) -> None:
        super().__init__("")
        self._caption = QLabel()
        self._caption.setTextFormat(Qt.TextFormat.PlainText)
        self._caption.setWordWrap(True)
        self._caption.setFont(font(CAPTION))
        self._hall_size: int | None = None
        self._lines = 2
        self._caption.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        name_widget(self._caption, "data.caption", "What happened", "What the shown iteration did, in one sentence.")
        self._captions = Unhurried(lambda snapshot: self._show_caption(caption(snapshot)), self)
        self.plot = DataPlot()
        self.pointing = Pointing(self.plot)
        self._reveal = QToolButton()
        self._reveal.setText("Reveal")
        self._reveal.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        name_widget(self._reveal, "run.reveal", "Reveal", "Take the M-step and see how far off the guess was (Enter).")
        self._reveal.clicked.connect(actions["run.predict"].trigger)
        self._reveal.hide()
        self._repeated = QTimer(self)
        self._repeated.setSingleShot(True)
        self._repeated.timeout.connect(lambda: self._invert(False))
        self._still = Still(self._caption, fixed=True)
        self._make_room()
        top = QHBoxLayout()
        top.addWidget(self._still, 1)
        top.addWidget(self._reveal)
        self.content.addLayout(top)
        self.strip = PaintStrip(actions)
        self.content.addWidget(self.strip)
        self.beside = SideBySide(self.plot)
        self.content.addWidget(self.beside, 1)
        self.strip.follow_in_tab_order(self.plot)

    def set_theme(self, theme: Theme, scale: float = 1.0) -> None:
        """Take a theme."""
        super().set_theme(theme, scale)
        self.strip.set_theme(theme, scale)
        self.beside.set_theme(theme, scale)
        self._take_caption_size()

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Follow the session."""
        self._captions.show_snapshot(snapshot)
        self._reveal.setVisible(snapshot.guess is not None and not snapshot.guess.revealed)
        self.strip.show_snapshot(snapshot)
        self.beside.show_snapshot(snapshot)
        self.pointing.show_snapshot(snapshot)

    def set_caption_size(self, pixels: int | None) -> None:
        """Give the caption type of so many pixels, with as many lines as it takes; None: the type scale's."""
        if pixels != self._hall_size:
            self._hall_size = pixels
            self._lines = 2
            self._take_caption_size()

    def _take_caption_size(self) -> None:
        self._caption.setFont(self._own_font())
        self._make_room()
        self._fit_caption()

    def repeat(self, sentence: str) -> None:
        """Say a sentence once more, so that it is seen to be said."""
        self._show_caption(sentence)
        self._invert(True)
        self._repeated.start(_REPEATED_MILLISECONDS)

    def _invert(self, inverted: bool) -> None:
        role = QPalette.ColorRole
        self._caption.setBackgroundRole(role.WindowText if inverted else role.NoRole)
        self._caption.setForegroundRole(role.Window if inverted else role.NoRole)
        self._caption.setAutoFillBackground(inverted)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A caption has other room."""
        super().resizeEvent(event)
        self._lines = 2
        self._make_room()
        self._fit_caption()

    def _show_caption(self, text: str) -> None:
        if text != self._caption.text():
            show_text(self._caption, text)
            self._fit_caption()

    def _fit_caption(self) -> None:
        """Its own size where all of it fits, a smaller one where the window is narrow: the plot must not move."""
        room = QRect(0, 0, self.contentsRect().width() - _MARGINS, self._caption.minimumHeight())
        if self._hall_size is not None:
            self._fit_large_caption(room)
            return
        for size in _CAPTION_SIZES:
            wanted = font(size)
            needed = QFontMetrics(wanted).boundingRect(room, int(Qt.TextFlag.TextWordWrap), self._caption.text())
            if needed.height() <= room.height():
                break
        if wanted.pixelSize() != self._caption.font().pixelSize():
            self._caption.setFont(wanted)

    def _fit_large_caption(self, room: QRect) -> None:
        """In a hall the type keeps its size: the room takes another line where one is needed, and keeps it."""
        metrics = self._caption.fontMetrics()
        needed = metrics.boundingRect(QRect(0, 0, room.width(), 0), int(Qt.TextFlag.TextWordWrap), self._caption.text())
        lines = -(-needed.height() // metrics.lineSpacing())
        if lines > self._lines and room.width() > 0:
            self._lines = lines
            self._make_room()

    def _own_font(self) -> QFont:
        return font(CAPTION if self._hall_size is None else self._hall_size)

    def _make_room(self) -> None:
        """For so many lines of the type that the caption has where nothing makes it smaller."""
        self._caption.setMinimumHeight(self._lines * QFontMetrics(self._own_font()).lineSpacing())
        self._still.refit()
