"""Tables on the clipboard: as cells for a spreadsheet, as Markdown, as LaTeX; and the menu that offers this."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QAbstractScrollArea, QApplication, QMenu, QWidget

from gmm_desktop.ui.clipboard import empty_content

if TYPE_CHECKING:
    from gmm_desktop.export.tables import TextTable

MENU = "copies"
"""The object name of the menu."""


@dataclass(frozen=True)
class Copied:
    """What is copied of a table.

    Attributes:
        table: rows below headings.
        header: whether a spreadsheet gets the headings too.
    """

    table: TextTable
    header: bool = True


def copy_cells(copied: Copied) -> None:
    """As tab-separated text, and as HTML for those who take it."""
    from gmm_desktop.export.tables import html_table, tsv

    content = empty_content()
    content.setText(tsv(copied.table, copied.header))
    content.setHtml(html_table(copied.table, copied.header))
    QApplication.clipboard().setMimeData(content)


def copy_markdown(copied: Copied) -> None:
    """As a table of Markdown."""
    from gmm_desktop.export.tables import markdown

    QApplication.clipboard().setText(markdown(copied.table) + "\n")


def copy_latex(copied: Copied) -> None:
    """As a tabular environment of LaTeX."""
    from gmm_desktop.export.tables import latex

    QApplication.clipboard().setText(latex(copied.table) + "\n")


WAYS: dict[str, tuple[str, str, Callable[[Copied], None]]] = {
    "cells": ("&Copy", "Ctrl+C", copy_cells),
    "markdown": ("Copy as &Markdown", "", copy_markdown),
    "latex": ("Copy as &LaTeX", "", copy_latex),
}


class OffersCopies(QObject):
    """Copies a table: Ctrl+C takes its cells; the right mouse button, the menu key or Shift+F10 offer all ways."""

    def __init__(self, view: QWidget, copied: Callable[[], Copied]) -> None:
        super().__init__(view)
        self._view = view
        self._copied = copied
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        view.customContextMenuRequested.connect(self._offer)
        view.installEventFilter(self)

    def copy(self, way: str = "cells") -> None:
        """Put the table on the clipboard, in a way of ``WAYS``."""
        WAYS[way][2](self._copied())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The keys; what is not one of them goes on to the view."""
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.key() == Qt.Key.Key_Menu or (
            event.key() == Qt.Key.Key_F10 and event.modifiers() == Qt.KeyboardModifier.ShiftModifier
        ):
            self._offer(self._place())
        else:
            return False
        return True

    def _place(self) -> QPoint:
        """Below the row that the keys are at, where there is one."""
        if not isinstance(self._view, QAbstractItemView):
            return QPoint(0, 0)
        current = self._view.visualRect(self._view.currentIndex())
        return current.bottomLeft() if current.isValid() else QPoint(0, 0)

    def _offer(self, place: QPoint) -> None:
        menu = QMenu(self._view)
        menu.setObjectName(MENU)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for way, (words, keys, _) in WAYS.items():
            # The key is written after a tab: as a shortcut of the entry it would stand in the way of the view's own.
            entry = menu.addAction(f"{words}\t{QKeySequence(keys).toString(_NATIVE)}" if keys else words)
            entry.triggered.connect(lambda _checked=False, way=way: self.copy(way))
        surface = self._view.viewport() if isinstance(self._view, QAbstractScrollArea) else self._view
        menu.popup(surface.mapToGlobal(place))


_NATIVE = QKeySequence.SequenceFormat.NativeText
