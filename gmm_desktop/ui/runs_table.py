"""The list of runs as a table: two lines a run, the shown one marked."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QPersistentModelIndex, QPointF, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QPainter, QPalette, QPolygonF, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from gmm_desktop.session.runs import RunRow
from gmm_desktop.ui.copying import Copied, OffersCopies
from gmm_desktop.ui.numbers import count, likelihood
from gmm_desktop.ui.quiet_table import make_quiet
from gmm_desktop.ui.theme import SMALL, font

_COLUMNS = (
    ("Run", "Its name: F2 or a double click changes it."),
    ("Mixture", "The number of components k and the covariance type."),
    ("Log L", "The log-likelihood where it stopped, or as far as it is computed."),
    ("BIC", "The Bayesian criterion there, −2 L + p ln n: lower is better."),
)
_COPIED = ("run", "components", "covariance", "start", "iteration", "log-likelihood", "bic", "outcome")
_NAME, _MIXTURE = 0, 1
_LINE, _PADDING, _MARK, _MARGIN = 17, 3, 13, 4
_FEWEST_NAME = 40
_MOST_ROWS = 6
_SHOWN, _BELOW = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1


class RunsTable(QTableWidget):
    """One row a run, oldest first.

    Attributes:
        copies: puts it on the clipboard.

    Signals:
        chosen: the id of a run to show.
        named: (id, new name).
        unwanted: the id of a run to delete.
        selected: the selection has changed.
    """

    chosen = Signal(int)
    named = Signal(int, str)
    unwanted = Signal(int)
    selected = Signal()

    def __init__(self) -> None:
        super().__init__(0, len(_COLUMNS))
        self.copies = OffersCopies(self, self.copied)
        self._rows: tuple[RunRow, ...] = ()
        self._waiting: tuple[RunRow, ...] | None = None
        self._wanted: tuple[int, ...] | None = None  # what is to be selected with the next rows
        self.setItemDelegate(_TwoLines(self))
        make_quiet(self, _COLUMNS, _alignment)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().setDefaultSectionSize(2 * (_LINE + _PADDING))
        self.cellClicked.connect(self._on_clicked)
        self.cellDoubleClicked.connect(lambda row, _: self._rename(row))
        self.itemChanged.connect(self._on_changed)
        self.itemSelectionChanged.connect(self.selected)

    def show_rows(self, rows: tuple[RunRow, ...]) -> None:
        """Show these runs; the same ones again cost nothing, and what a person is typing stays."""
        if self.state() == QAbstractItemView.State.EditingState:
            self._waiting = rows
            return
        if rows == self._rows and self._wanted is None:
            return
        anew = self._wanted is not None or [row.id for row in rows] != [row.id for row in self._rows]
        moved = [row.id for row in rows if row.shown] != [row.id for row in self._rows if row.shown]
        selected = self.selected_ids() if self._wanted is None else self._wanted
        self._rows, self._wanted = rows, None
        self.blockSignals(True)
        self.setRowCount(len(rows))
        for place, row in enumerate(rows):
            self._fill(place, row)
        if anew:
            self._select(selected)
        self.blockSignals(False)
        self._take_room()
        if moved or anew:
            self._go_to_shown()

    def select_later(self, ids: tuple[int, ...]) -> None:
        """Select these with the next rows, which may be those of other data."""
        self._wanted = ids

    def selected_ids(self) -> tuple[int, ...]:
        """The ids of the selected runs, in the order of the list."""
        places = sorted(index.row() for index in self.selectionModel().selectedRows())
        return tuple(self._rows[place].id for place in places if place < len(self._rows))

    def copied(self) -> Copied:
        """All runs, with every digit."""
        from gmm_desktop.export.tables import TextTable

        rows = tuple(
            (
                *(row.label, row.components, row.covariance, row.start, row.iteration),
                *(row.log_likelihood, row.bic, row.outcome),
            )
            for row in self._rows
        )
        return Copied(TextTable(_COPIED, rows))

    def event(self, event: QEvent) -> bool:
        """Delete is this list's own while it has the keyboard, also where components are placed by hand."""
        claims = event.type() == QEvent.Type.ShortcutOverride
        if claims and isinstance(event, QKeyEvent) and event.matches(QKeySequence.StandardKey.Delete):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter shows, F2 renames, Delete deletes."""
        place = self.currentRow()
        if not 0 <= place < len(self._rows):
            super().keyPressEvent(event)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.chosen.emit(self._rows[place].id)
        elif event.key() == Qt.Key.Key_F2:
            self._rename(place)
        elif event.matches(QKeySequence.StandardKey.Delete):
            self.unwanted.emit(self._rows[place].id)
        else:
            super().keyPressEvent(event)

    def closeEditor(self, editor: QWidget, hint: QStyledItemDelegate.EndEditHint) -> None:
        """What could not be shown while a name was typed is shown now."""
        super().closeEditor(editor, hint)
        rows, self._waiting = self._waiting, None
        if rows is not None:
            self.show_rows(rows)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The columns share what is there."""
        super().resizeEvent(event)
        self._take_room()

    def _fill(self, place: int, row: RunRow) -> None:
        texts = (row.label, f"{row.components} {row.covariance}", _figure(row.log_likelihood), _figure(row.bic))
        shown = " Shown now." if row.shown else ""
        said = f"{row.label}: {row.mixture}; {row.start}; {row.ended}.{shown}"
        for column, text in enumerate(texts):
            item = self.item(place, column)
            if item is None:
                item = QTableWidgetItem()
                item.setTextAlignment(_alignment(column))
                self.setItem(place, column, item)
            item.setText(text)
            item.setToolTip(said)
            item.setData(_SHOWN, row.shown)
            item.setData(_BELOW, (row.start, row.ended))
        first = self.item(place, _NAME)
        if first is not None:
            first.setData(Qt.ItemDataRole.AccessibleTextRole, said)

    def _select(self, ids: Sequence[int]) -> None:
        self.clearSelection()
        flags = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
        for place, row in enumerate(self._rows):
            if row.id in ids:
                self.selectionModel().select(self.model().index(place, 0), flags)

    def _go_to_shown(self) -> None:
        for place, row in enumerate(self._rows):
            if row.shown:
                self.scrollTo(self.model().index(place, 0))
                if len(self.selected_ids()) < 2:
                    self.setCurrentCell(place, _NAME)
                    if not self.selectedItems():  # Qt selects nothing where the current cell stays the same
                        self.selectRow(place)

    def _on_clicked(self, place: int, _column: int) -> None:
        many = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
        if not QApplication.keyboardModifiers() & many:
            self.chosen.emit(self._rows[place].id)

    def _rename(self, place: int) -> None:
        item = self.item(place, _NAME)
        if item is not None:
            self.editItem(item)

    def _on_changed(self, item: QTableWidgetItem) -> None:
        row = self._rows[item.row()]
        if item.column() == _NAME and item.text() != row.label:
            self.named.emit(row.id, item.text())
            self._rows = ()  # so that the list shows what the name has become

    def _take_room(self) -> None:
        header = self.horizontalHeader()
        room = self.viewport().width()
        for column in reversed(range(1, len(_COLUMNS))):
            width = min(max(self.sizeHintForColumn(column), header.sectionSizeHint(column)), room - _FEWEST_NAME)
            header.resizeSection(column, width)
            room -= width
        header.resizeSection(_NAME, max(room, _FEWEST_NAME))
        seen = min(max(self.rowCount(), 1), _MOST_ROWS)
        self.setFixedHeight(header.sizeHint().height() + seen * self.verticalHeader().defaultSectionSize() + 2)


class _TwoLines(QStyledItemDelegate):
    """Draws the cell's text above, and below across the whole row where the run began and how it ended."""

    def __init__(self, table: RunsTable) -> None:
        super().__init__(table)
        self._table = table

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """One cell, with its part of the second line."""
        cell = QStyleOptionViewItem(option)
        self.initStyleOption(cell, index)
        text, cell.text = cell.text, ""
        table, shown = self._table, bool(index.data(_SHOWN))
        table.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, cell, painter, table)
        chosen = bool(cell.state & QStyle.StateFlag.State_Selected)
        ink = table.palette().color(QPalette.ColorRole.HighlightedText if chosen else QPalette.ColorRole.Text)
        area: QRect = option.rect
        painter.save()
        painter.setClipRect(area)
        painter.setPen(ink)
        painter.setFont(font(SMALL, bold=shown and index.column() == _NAME))
        upper = QRect(area.left(), area.top() + _PADDING, area.width() - _MARGIN, _LINE)
        if index.column() == _NAME:
            upper.setLeft(upper.left() + _MARK)
            if shown:  # not by colour alone
                self._draw_mark(painter, area.left() + _MARGIN, upper.center().y() + 0.5)
        elided = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, upper.width())
        painter.drawText(upper, int(_alignment(index.column())), elided)
        painter.setFont(font(SMALL))
        if not chosen:
            painter.setPen(table.palette().color(QPalette.ColorRole.PlaceholderText))
        self._draw_below(painter, area, index.data(_BELOW) or ("", ""))
        painter.restore()

    def _draw_mark(self, painter: QPainter, left: float, middle: float) -> None:
        """A triangle that points at the shown run."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(painter.pen().color())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawPolygon(
            QPolygonF([QPointF(left, middle - 4.5), QPointF(left + 7, middle), QPointF(left, middle + 4.5)])
        )
        painter.restore()

    def _draw_below(self, painter: QPainter, area: QRect, words: tuple[str, str]) -> None:
        start, ended = words
        whole = QRect(_MARGIN, area.top() + _PADDING + _LINE, self._table.viewport().width() - 2 * _MARGIN, _LINE)
        metrics = painter.fontMetrics()
        room = whole.width() - metrics.horizontalAdvance(ended) - 8
        painter.drawText(
            whole,
            int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter),
            metrics.elidedText(start, Qt.TextElideMode.ElideRight, room),
        )
        painter.drawText(whole, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), ended)

    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """A name has the whole row, whatever it is long."""
        editor.setGeometry(QRect(0, option.rect.top(), self._table.viewport().width(), option.rect.height()))


def _alignment(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignLeft if column in (_NAME, _MIXTURE) else Qt.AlignmentFlag.AlignRight
    return side | Qt.AlignmentFlag.AlignVCenter


def _figure(value: float | None) -> str:
    if value is None:
        return "–"
    return likelihood(value) if not 1e5 <= abs(value) < 1e9 else count(round(value))
