"""The local maxima that several starts found, as a small table that can be copied."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractItemView, QTableWidget, QTableWidgetItem

from gmm_desktop.mixture import LocalMaximum
from gmm_desktop.ui.copying import Copied, OffersCopies
from gmm_desktop.ui.numbers import count, likelihood, shortened, tidy
from gmm_desktop.ui.quiet_table import make_quiet
from gmm_desktop.ui.theme import SMALL, font

MOST_REGULAR, MOST_DEGENERATE = 5, 3
_HEIGHT = 20
_COLUMNS = (
    ("Log L", "The log-likelihood of the maximum."),
    ("Reached", "How many of the starts ended there."),
    ("Smallest", "The effective number of points of its smallest component."),
    ("Thinnest", "The smallest variance of a component in any direction, relative to that of the data."),
)
_COPIED = ("log-likelihood", "reached", "starts", "smallest component", "thinnest variance", "degenerate")


class MaximaTable(QTableWidget):
    """Regular maxima first; degenerate ones under a heading of their own. As high as its rows.

    Attributes:
        copies: puts it on the clipboard.
    """

    def __init__(self) -> None:
        super().__init__(0, len(_COLUMNS))
        self.copies = OffersCopies(self, self.copied)
        self._maxima: Sequence[LocalMaximum] = ()
        self._starts = 0
        make_quiet(self, _COLUMNS, lambda _: Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().setMinimumSectionSize(_HEIGHT)
        self.verticalHeader().setDefaultSectionSize(_HEIGHT)
        self.horizontalHeader().setTextElideMode(Qt.TextElideMode.ElideRight)

    def show_maxima(self, maxima: Sequence[LocalMaximum], starts: int) -> None:
        """Show what so many starts found; the same maxima again cost nothing."""
        if maxima is self._maxima and starts == self._starts:
            return
        self._maxima, self._starts = maxima, starts
        regular = [one for one in maxima if one.regular]
        degenerate = [one for one in maxima if not one.regular]
        self.clearSpans()
        self.setRowCount(0)
        self._add(regular, MOST_REGULAR)
        if degenerate:
            self._add_words("Set aside as degenerate", bold=True)
            self._add(degenerate, MOST_DEGENERATE)
        self._take_room()

    def copied(self) -> Copied:
        """All maxima, with every digit."""
        from gmm_desktop.export.tables import TextTable

        rows = tuple(
            (
                *(one.log_likelihood, one.reached, self._starts, one.smallest_count, one.thinnest_variance),
                "no" if one.regular else "yes",
            )
            for one in self._maxima
        )
        return Copied(TextTable(_COPIED, rows))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """All rows are there: what has to scroll is the column of cards."""
        event.ignore()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The columns share what is there."""
        super().resizeEvent(event)
        self._take_room()

    def _add(self, maxima: Sequence[LocalMaximum], most: int) -> None:
        shown = maxima if len(maxima) <= most + 1 else maxima[:most]  # one more is as short as saying so
        for one in shown:
            texts = (
                likelihood(one.log_likelihood),
                f"{count(one.reached)} of {count(self._starts)}",
                shortened(one.smallest_count),
                tidy(float(f"{one.thinnest_variance:.2g}")),
            )
            row = self.rowCount()
            self.insertRow(row)
            for column, text in enumerate(texts):
                item = QTableWidgetItem(text)
                item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                self.setItem(row, column, item)
        if len(shown) < len(maxima):
            self._add_words(f"and {count(len(maxima) - len(shown))} more")

    def _add_words(self, words: str, bold: bool = False) -> None:
        row = self.rowCount()
        self.insertRow(row)
        item = QTableWidgetItem(words)
        item.setFont(font(SMALL, bold=bold))
        self.setItem(row, 0, item)
        self.setSpan(row, 0, 1, len(_COLUMNS))

    def _take_room(self) -> None:
        """Columns as wide as their numbers, and what is left shared out as their titles want it.

        Where there is too little for the titles, they end in dots; for the numbers, a scroll bar comes.
        """
        header = self.horizontalHeader()
        columns = range(len(_COLUMNS))
        needed = [self.sizeHintForColumn(column) for column in columns]
        wanted = [max(header.sectionSizeHint(column), needed[column]) - needed[column] for column in columns]
        spare = self.viewport().width() - sum(needed)
        share = min(max(spare, 0) / max(sum(wanted), 1), 1.0)
        more = max(spare - sum(wanted), 0) // len(_COLUMNS)
        for column in columns:
            header.resizeSection(column, needed[column] + int(share * wanted[column]) + more)
        bar = self.horizontalScrollBar().sizeHint().height() if spare < 0 else 0
        self.setFixedHeight(header.sizeHint().height() + self.verticalHeader().length() + bar + 2)
