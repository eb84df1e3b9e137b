"""The table of the Components card: its columns, and cells of several lines."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableWidget,
    QTableWidgetItem,
)

from gmm_desktop.ui.copying import Copied, OffersCopies
from gmm_desktop.ui.short_names import short_names
from gmm_desktop.ui.tool_tips import shows_plain_tips

TRUTH = Qt.ItemDataRole.UserRole
EXACT = Qt.ItemDataRole.UserRole + 1
LINE = 20
"""Pixels."""

_BELOW = Qt.ItemDataRole.UserRole + 2
_LETTER_WIDTH = 22
_BESIDE_NUMBERS, _BESIDE_HEADER = 7, 10
_WIDEST_NAME = 120
_LEAST_PADDING = 14  # pixels that all columns together can do without
_NAMES, _MOST_STRETCHED = 2, 5


class ComponentsTable(QTableWidget):
    """Values and, in further lines of a cell, what belongs to them.

    Attributes:
        truth_colour: of the generating values.
        copies: puts it on the clipboard.
    """

    def __init__(self) -> None:
        super().__init__()
        self.copies = OffersCopies(self, self.copied)
        self.truth_colour = QColor("red")
        self._headers: list[str] = []
        self._widths: list[int] = []
        self._named = False
        self._shortened: tuple[list[str], int] = ([], 0)
        self.viewport().installEventFilter(shows_plain_tips())
        self.setItemDelegate(_LinesBelow(self))
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setShowGrid(False)
        self.setFrameShape(QTableWidget.Shape.NoFrame)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.horizontalHeader().setMinimumSectionSize(_LETTER_WIDTH)
        self.horizontalHeader().setHighlightSections(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)

    def lay_out(self, headers: list[str], components: int, dimension: int) -> None:
        """Rows and columns for so many components; nothing changes where they fit already."""
        rows = components * dimension
        if headers == self._headers and rows == self.rowCount():
            return
        self._headers = headers
        self.clearSpans()
        self.setRowCount(rows)
        self.setColumnCount(len(headers))
        self.setHorizontalHeaderLabels(headers)
        for row in range(rows):
            for column in range(len(headers)):
                self.setItem(row, column, QTableWidgetItem())
        if dimension > 1:
            for component in range(components):
                for column in (0, 1):
                    self.setSpan(component * dimension, column, dimension, 1)
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.resizeSection(0, _LETTER_WIDTH)
        self._named = dimension > 1
        if self._named and len(headers) <= _MOST_STRETCHED:
            header.setSectionResizeMode(_NAMES, QHeaderView.ResizeMode.Stretch)
        self._widths = [0] * len(headers)
        self._shortened = ([], 0)

    def take_widths(self) -> None:
        """Columns of numbers as wide as what they hold; what is left is for the names, or shared where there are none.

        They grow only, so that nothing moves while a run plays.
        """
        for column, before in enumerate(self._widths):
            self._widths[column] = max(before, self._needed(column)) if column else _LETTER_WIDTH
        self._share_room()

    def is_wider_than_its_room(self) -> bool:
        """Whether columns are out of sight."""
        return self.horizontalHeader().length() > self.viewport().width()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Columns have other room."""
        super().resizeEvent(event)
        self._share_room()

    def _share_room(self) -> None:
        header = self.horizontalHeader()
        stretched = self._named and len(self._widths) <= _MOST_STRETCHED
        spare = 0 if self._named else max(self.viewport().width() - sum(self._widths), -_LEAST_PADDING)
        for column, width in enumerate(self._widths):
            if column and not (stretched and column == _NAMES):
                header.resizeSection(column, width + spare // max(len(self._widths) - 1, 1))
        self._shorten_names()

    def _shorten_names(self) -> None:
        """Names that are cut are still told apart."""
        if not self._named or not self.rowCount():
            return
        names = [item.toolTip() for row in range(self.rowCount()) if (item := self.item(row, _NAMES)) is not None]
        room, metrics = self.horizontalHeader().sectionSize(_NAMES) - _BESIDE_NUMBERS + 1, self.fontMetrics()
        if (names, room) == self._shortened:
            return
        self._shortened = (names, room)
        ways = (Qt.TextElideMode.ElideRight, Qt.TextElideMode.ElideMiddle)
        right, middle = (partial(_cut, metrics, way, room) for way in ways)
        different = list(dict.fromkeys(names))
        short = dict(zip(different, short_names(different, right, middle), strict=True))
        for row, name in enumerate(names):
            item = self.item(row, _NAMES)
            if item is not None and item.text() != short[name]:
                item.setText(short[name])

    def _needed(self, column: int) -> int:
        """Pixels that the numbers of a column need, or its names where they have no more than that."""
        metrics = self.fontMetrics()
        widest = metrics.horizontalAdvance(self._headers[column]) + _BESIDE_HEADER
        named = self._named and column == _NAMES
        for row in range(self.rowCount()):
            item = self.item(row, column)
            if item is not None:
                for text in (item.toolTip() if named else item.text(), item.data(TRUTH), item.data(_BELOW)):
                    widest = max(widest, metrics.horizontalAdvance(str(text or "")) + _BESIDE_NUMBERS)
        return min(widest, _WIDEST_NAME) if named else widest

    def set_name(self, row: int, name: str) -> str:
        """The name of a row's column of the data; what is shown of it, which may be less."""
        item = self.item(row, _NAMES)
        assert item is not None
        if item.toolTip() != name:
            item.setToolTip(name)
            item.setText(name)
        return item.text()

    def set_below(self, row: int, column: int, text: str) -> None:
        """A further line of a cell."""
        item = self.item(row, column)
        if item is not None and item.data(_BELOW) != text:
            item.setData(_BELOW, text)

    def clear_quietly(self) -> None:
        """Select nothing without telling anybody."""
        self.blockSignals(True)
        self.clearSelection()
        self.blockSignals(False)

    def copied(self) -> Copied:
        """The selected rows, or all with the headers where none is selected; every digit."""
        from gmm_desktop.export.tables import TextTable

        chosen = sorted({item.row() for item in self.selectedItems()})
        rows = [tuple(self._exact(row, column) for column in range(self.columnCount())) for row in self._rows(chosen)]
        return Copied(TextTable(tuple(self._headers), tuple(rows)), header=not chosen)

    def _rows(self, chosen: list[int]) -> Iterable[int]:
        return chosen or range(self.rowCount())

    def _exact(self, row: int, column: int) -> str | float | None:
        """A cell as it is, not as it is shown."""
        item = self.item(row, column)
        if item is None:
            return None
        exact = item.data(EXACT)
        if column == 0 or (self._named and column == _NAMES):
            return str(exact or item.text())
        return float(exact) if exact else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape selects nothing; where nothing is selected it is for others."""
        if event.key() == Qt.Key.Key_Escape and self.selectedItems():
            self.clearSelection()
        else:
            super().keyPressEvent(event)


class _LinesBelow(QStyledItemDelegate):
    """Draws below a value the generating one, in brackets and the truth's colour, and what else belongs to it."""

    def __init__(self, table: ComponentsTable) -> None:
        super().__init__(table)
        self._table = table

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """The lines of the cell, centred as a block."""
        below = index.data(_BELOW)
        truth = index.data(TRUTH)
        if not (truth or below):
            super().paint(painter, option, index)
            return
        cell = QStyleOptionViewItem(option)
        self.initStyleOption(cell, index)
        widget = option.widget
        text, cell.text = cell.text, ""
        widget.style().drawControl(widget.style().ControlElement.CE_ItemViewItem, cell, painter, widget)
        colour = widget.palette().text().color()
        lines = [(text, colour)] + [(truth, self._table.truth_colour)] * bool(truth) + [(below, colour)] * bool(below)
        area: QRect = option.rect
        top = area.center().y() - len(lines) * LINE // 2 + 1
        painter.save()
        painter.setFont(option.font)
        for number, (words, pen) in enumerate(lines):
            line = QRect(area.left(), top + number * LINE, area.width() - 4, LINE)
            painter.setPen(pen)
            painter.drawText(line, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, str(words))
        painter.restore()


def _cut(metrics: QFontMetrics, way: Qt.TextElideMode, room: int, text: str) -> str:
    return metrics.elidedText(text, way, room)
