"""The table of the Components card: its columns, and cells of several lines."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QColor, QKeyEvent, QKeySequence, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableWidget,
    QTableWidgetItem,
)

from gmm_desktop.ui.tool_tips import shows_plain_tips

TRUTH = Qt.ItemDataRole.UserRole
EXACT = Qt.ItemDataRole.UserRole + 1
LINE = 20
"""Pixels."""

_BELOW = Qt.ItemDataRole.UserRole + 2
_LETTER_WIDTH = 22
_BESIDE_NUMBERS = 8
_WIDEST_NAME = 120
_NAMES, _MOST_STRETCHED = 2, 5


class ComponentsTable(QTableWidget):
    """Values and, in further lines of a cell, what belongs to them.

    Attributes:
        truth_colour: of the generating values.
    """

    def __init__(self) -> None:
        super().__init__()
        self.truth_colour = QColor("red")
        self._headers: list[str] = []
        self._widths: list[int] = []
        self.viewport().installEventFilter(shows_plain_tips)
        self.setItemDelegate(_LinesBelow(self))
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setShowGrid(False)
        self.setFrameShape(QTableWidget.Shape.NoFrame)
        self.setWordWrap(False)
        # Names of columns are known by their beginnings and often differ in their ends alone.
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
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
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed if dimension > 1 else QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Fixed)
        header.resizeSection(0, _LETTER_WIDTH)
        if dimension > 1 and len(headers) <= _MOST_STRETCHED:
            header.setSectionResizeMode(_NAMES, QHeaderView.ResizeMode.Stretch)
        self._widths = [0] * len(headers)

    def take_widths(self) -> None:
        """Columns of numbers as wide as what they hold; what is left is for the names, where there are such.

        They grow only, so that nothing moves while a run plays.
        """
        header = self.horizontalHeader()
        for column, before in enumerate(self._widths):
            if header.sectionResizeMode(column) == QHeaderView.ResizeMode.Fixed and column:
                self._widths[column] = max(before, self._needed(column))
                if self._widths[column] != header.sectionSize(column):
                    header.resizeSection(column, self._widths[column])

    def _needed(self, column: int) -> int:
        """Pixels that the numbers of a column need, or its names where they have no more than that."""
        metrics, widest = self.fontMetrics(), self.horizontalHeader().sectionSizeFromContents(column).width()
        for row in range(self.rowCount()):
            item = self.item(row, column)
            if item is not None:
                for text in (item.text(), item.data(TRUTH), item.data(_BELOW)):
                    widest = max(widest, metrics.horizontalAdvance(str(text or "")) + _BESIDE_NUMBERS)
        return min(widest, _WIDEST_NAME) if column == _NAMES else widest

    def tell_whole(self, row: int, name: str) -> None:
        """The whole name of a row's column of the data, where it is cut."""
        item = self.item(row, _NAMES)
        if item is not None and item.toolTip() != name:
            item.setToolTip(name)

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

    def copy(self) -> None:
        """Tab-separated text of the selected rows, or of all with the headers where none is selected."""
        rows = sorted({item.row() for item in self.selectedItems()})
        lines = [] if rows else ["\t".join(self._headers)]
        for row in rows or range(self.rowCount()):
            items = [self.item(row, column) for column in range(self.columnCount())]
            lines.append("\t".join(str(item.data(EXACT) or item.text()) for item in items if item is not None))
        QApplication.clipboard().setText("\n".join(lines))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+C copies; Escape selects nothing."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.key() == Qt.Key.Key_Escape:
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
