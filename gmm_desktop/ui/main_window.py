"""Composes the window: three columns, what goes in, what happens, what comes out."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QSplitter, QVBoxLayout, QWidget

from gmm_desktop.session import Session, Snapshot
from gmm_desktop.session.background import Background
from gmm_desktop.session.marker import Mark
from gmm_desktop.ui import commands, files, memory
from gmm_desktop.ui.card import Card
from gmm_desktop.ui.columns import GAP, column, scrolled
from gmm_desktop.ui.header import Header
from gmm_desktop.ui.notices import NoticeBar
from gmm_desktop.ui.panels import LEFT, MIDDLE, PANELS, RIGHT
from gmm_desktop.ui.panels.data_panel import DataPanel
from gmm_desktop.ui.pieces import PieceByPiece
from gmm_desktop.ui.presentation import Presentation
from gmm_desktop.ui.status import StatusBar
from gmm_desktop.ui.theme import apply, theme_of
from gmm_desktop.ui.views.plot import ThemedPlot

PanelKind = TypeVar("PanelKind", bound=QWidget)

_SIDES = (244, 264)


class MainWindow(QMainWindow):
    """The one window. It holds what is arranged here and nothing of the fit: that is the session's.

    Signals:
        closing: the window closes, and the session still holds everything.
    """

    closing = Signal()
    theme_taken = Signal(object)

    session: Session
    theme_choice: str
    mark: Mark
    presentation: Presentation

    def __init__(self, session: Session, theme_choice: str = "system") -> None:
        super().__init__()
        self.session = session
        self.folder = str(Path.home())
        self.theme_choice = theme_choice
        self.theme = theme_of(theme_choice, _application())
        apply(_application(), self.theme)
        self.setWindowTitle("GMM Desktop")
        self.setAcceptDrops(True)
        self.actions_by_id = commands.install(self)
        self.header = Header(self.actions_by_id)
        self.notices = NoticeBar()
        self.background = Background(self)
        self.pieces = PieceByPiece(self)
        self._panels = [row.make(self.actions_by_id) for row in PANELS]
        self._columns = self._compose()
        self.presentation = Presentation(self)
        self.status = StatusBar()
        self.setStatusBar(self.status)
        self.take_theme()
        memory.restore(self)

    def _compose(self) -> QSplitter:
        columns = QSplitter(Qt.Orientation.Horizontal)
        columns.setObjectName("columns")
        columns.setHandleWidth(GAP)
        columns.addWidget(scrolled(self._stacked(LEFT), _SIDES[0]))
        columns.addWidget(self._stacked(MIDDLE))
        columns.addWidget(scrolled(self._stacked(RIGHT), _SIDES[1]))
        columns.setStretchFactor(1, 1)
        columns.setCollapsible(1, False)
        columns.setSizes([_SIDES[0] + 16, 740, _SIDES[1] + 36])
        whole = QWidget()
        rows = QVBoxLayout(whole)
        rows.setContentsMargins(12, GAP, 12, 0)
        rows.setSpacing(GAP)
        rows.addWidget(self.header)
        rows.addWidget(self.notices)
        rows.addWidget(columns, 1)
        self.setCentralWidget(whole)
        return columns

    # What the session says ----------------------------------------------------------------------------------------

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Pass a frame on to everything that shows it."""
        for part in (*self._panels, self.header, self.status):
            show = getattr(part, "show_snapshot", None)
            if show is not None:
                show(snapshot)
        commands.refresh(self, snapshot)

    def panel(self, kind: type[PanelKind]) -> PanelKind:
        """The panel of a class."""
        return next(panel for panel in self._panels if isinstance(panel, kind))

    def panels(self, side: int) -> list[QWidget]:
        """The panels of a column."""
        return [panel for row, panel in zip(PANELS, self._panels, strict=True) if row.column == side]

    def cancel_drag(self) -> bool:
        """Give up what the mouse drags in a plot; False where it drags nothing."""
        return any(plot.cancel_drag() for plot in self.findChildren(ThemedPlot))

    def _stacked(self, side: int) -> QWidget:
        rows = [(panel, row.stretches) for row, panel in zip(PANELS, self._panels, strict=True) if row.column == side]
        return column(rows, spare=not any(stretches for _, stretches in rows))

    def refresh_panels(self) -> None:
        """Show again what holds, after an entry that could not be taken."""
        self.panel(DataPanel).forget()
        self.show_snapshot(self.session.snapshot())

    # Columns and colours ------------------------------------------------------------------------------------------

    def has_column(self, index: int) -> bool:
        """Whether a side column is unfolded; in the presentation, which has none, whether it will be again."""
        return not self.presentation.was_hidden(self.column(index))

    def toggle_column(self, index: int) -> None:
        """Fold a side column away, or unfold it."""
        if self.presentation.is_on:
            return
        self.column(index).setVisible(not self.has_column(index))
        commands.refresh(self, self.session.snapshot())

    def column(self, index: int) -> QWidget:
        """0, 1 or 2 from the left."""
        column = self._columns.widget(index)
        assert column is not None
        return column

    def splitter(self) -> QSplitter:
        """The three columns."""
        return self._columns

    def choose_theme(self, choice: str) -> None:
        """Light, dark, or as the system."""
        self.theme_choice = choice
        self._follow_theme()
        commands.refresh(self, self.session.snapshot())

    def _follow_theme(self) -> None:
        theme = theme_of(self.theme_choice, _application())
        if theme is not self.theme:
            self.theme = theme
            apply(_application(), theme)
            self.take_theme()

    def take_theme(self) -> None:
        """Draw everything in the theme's colours, and what is presented at the presentation's scale."""
        scale = self.presentation.scale
        commands.tint(self.actions_by_id, self.theme, scale)
        self.header.tint(self.actions_by_id)
        self.notices.set_theme(self.theme, scale)
        for card in self.findChildren(Card):
            card.set_theme(self.theme, self.presentation.scale_of(card))
        self.theme_taken.emit(self.theme)

    # Qt's own events ----------------------------------------------------------------------------------------------

    def changeEvent(self, event: QEvent) -> None:
        """Follow the system between light and dark."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ThemeChange and self.theme_choice == "system":
            self._follow_theme()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files, and text from a table."""
        if event.mimeData().hasUrls() or event.mimeData().hasText():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open the first file dropped, or a table of text."""
        if files.drop(self, event.mimeData()):
            event.acceptProposedAction()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Everything is laid out and drawn anew."""
        self.session.make_room()
        super().resizeEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Never ask; what is to be written is, and the worker is stopped first."""
        self.presentation.leave()
        self.pieces.finish()
        self.closing.emit()
        self.background.leave()
        self.session.close()
        memory.keep(self)
        self.mark.end()
        event.accept()


def _application() -> QApplication:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    return application
