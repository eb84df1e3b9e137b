"""The first rows as they are read: what is fitted stands out, what is skipped is struck out."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPalette
from PySide6.QtWidgets import QHeaderView, QTableView

from gmm_desktop.data.choice import Choice
from gmm_desktop.data.table import Column, counted
from gmm_desktop.ui.copying import Copied, OffersCopies
from gmm_desktop.ui.form import name_widget
from gmm_desktop.ui.importing.look import Look
from gmm_desktop.ui.importing.words import tip, visible
from gmm_desktop.ui.palette import mixed
from gmm_desktop.ui.theme import SMALL, font

if TYPE_CHECKING:
    from gmm_desktop.export.tables import TextTable

_TIP = (
    "The first rows as they are read; skipped ones are struck out. Ctrl+C copies them, Shift+F10 or a right click "
    "offers more ways."
)
Index = QModelIndex | QPersistentModelIndex
_NARROW, _WIDE, _MEASURED, _ROWS_MEASURED = 84, 176, 40, 20
_ROLE = Qt.ItemDataRole
_NUMBERS = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_TEXT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


def role_of(name: str, choice: Choice) -> str:
    """What a column is for, in a word; "" for nothing."""
    columns = choice.columns or ()
    if name in columns:
        place = columns.index(name)
        return ("x", "y")[place] if place < 2 else "fitted"
    return "weights" if name == choice.weights else ""


class RowsModel(QAbstractTableModel):
    """The rows of a Look."""

    def __init__(self, view: QTableView) -> None:
        super().__init__(view)
        self._view = view
        self._look: Look | None = None
        self._columns: tuple[Column, ...] = ()

    def show_look(self, look: Look) -> None:
        """Show another look."""
        self.beginResetModel()
        self._look = look
        self._columns = look.table.columns if look.table is not None else ()
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() or self._look is None or not self._columns else len(self._look.cells)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._columns)

    def data(self, index: Index, role: int = _ROLE.DisplayRole) -> Any:
        """What a cell says, and how it looks."""
        look = self._look
        if look is None or not index.isValid():
            return None
        column, row = self._columns[index.column()], index.row()
        if role == _ROLE.DisplayRole:
            return self._text(column, row, index.column())
        if role == _ROLE.TextAlignmentRole:
            return _NUMBERS if column.numeric else _TEXT
        if role == _ROLE.ToolTipRole:
            return tip(self._about(column, row, index.column()))
        if role == _ROLE.FontRole:
            face = QFont(self._view.font())
            face.setStrikeOut(bool(look.reasons[row]))
            face.setBold(not look.reasons[row] and bool(role_of(column.name, look.choice)))
            return face
        palette = self._view.palette()
        if role == _ROLE.ForegroundRole and not role_of(column.name, look.choice):
            return palette.color(QPalette.ColorRole.PlaceholderText)
        if role == _ROLE.BackgroundRole and role_of(column.name, look.choice):
            base, accent = (palette.color(part).name() for part in (QPalette.ColorRole.Base, QPalette.ColorRole.Accent))
            return QColor(mixed(base, accent, 0.12))
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _ROLE.DisplayRole) -> Any:
        """The name of a column over what it is for; the number of a row, marked where it is skipped."""
        look = self._look
        if look is None:
            return None
        if orientation == Qt.Orientation.Vertical:
            return self._row_header(look, section, role)
        if not 0 <= section < len(self._columns):
            return None
        column = self._columns[section]
        if role == _ROLE.DisplayRole:
            header = self._view.horizontalHeader()
            room = header.sectionSize(section) - 18
            metrics = header.fontMetrics()
            return "\n".join(
                metrics.elidedText(line, Qt.TextElideMode.ElideMiddle, room)
                for line in (visible(column.name), self._kind(column, look.choice))
            )
        if role == _ROLE.ToolTipRole:
            return tip(f"{column.name}: {_about_column(column, look)}")
        if role == _ROLE.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignRight if column.numeric else Qt.AlignmentFlag.AlignLeft
        if role == _ROLE.FontRole:
            return font(SMALL, bold=bool(role_of(column.name, look.choice)), base=self._view.font())
        return None

    def _row_header(self, look: Look, row: int, role: int) -> Any:
        skipped = bool(row < len(look.reasons) and look.reasons[row])
        if role == _ROLE.DisplayRole:
            return f"skipped {row + 1}" if skipped else str(row + 1)
        if role == _ROLE.ToolTipRole and skipped:
            return tip(f"Skipped: {look.reasons[row]}.")
        if role == _ROLE.TextAlignmentRole:
            return _NUMBERS
        return None

    def _kind(self, column: Column, choice: Choice) -> str:
        unit = f" ({visible(column.unit, 16)})" if column.unit else ""
        roles = [part for part in (role_of(column.name, choice), "labels" * (column.name == choice.labels)) if part]
        return (", ".join(roles) or ("numbers" if column.numeric else "dates" if column.dates else "text")) + unit

    def _text(self, column: Column, row: int, place: int) -> str:
        if column.values is None:
            return visible(self._cell(row, place))
        value = float(column.values[row])
        if math.isnan(value):
            return "missing"
        return ("∞" if value > 0 else "−∞") if math.isinf(value) else _shortest(value)

    def _cell(self, row: int, place: int) -> str:
        cells = self._look.cells[row] if self._look is not None else ()
        return cells[place] if place < len(cells) else ""

    def _about(self, column: Column, row: int, place: int) -> str:
        cell = self._cell(row, place)
        written = f"in the file: {cell}" if cell else "empty in the file"
        return f"{self._text(column, row, place)} ({written})" if column.numeric else cell or "empty"

    def table(self) -> TextTable:
        """The rows as they are read, numbers with every digit; the last column says why a row is skipped."""
        from gmm_desktop.export.tables import TextTable

        look, columns = self._look, self._columns
        skipped = look is not None and any(look.reasons)
        rows = []
        for row in range(self.rowCount()):
            assert look is not None
            cells: list[str | float] = [
                self._cell(row, place) if column.values is None else float(column.values[row])
                for place, column in enumerate(columns)
            ]
            rows.append((*cells, look.reasons[row]) if skipped else tuple(cells))
        return TextTable((*(column.name for column in columns), *(["skipped"] * skipped)), tuple(rows))

    def width_of(self, section: int) -> int:
        """The room that a column's name and its first cells want, within reason."""
        look = self._look
        if look is None:
            return _NARROW
        column, metrics = self._columns[section], QFontMetrics(font(SMALL, bold=True, base=self._view.font()))
        lines = [visible(column.name), self._kind(column, look.choice)]
        lines += [self._text(column, row, section) for row in range(min(_ROWS_MEASURED, len(look.cells)))]
        return min(_WIDE, max(_NARROW, *(metrics.horizontalAdvance(line) + 20 for line in lines)))


class RowsTable(QTableView):
    """The table of the preview.

    Attributes:
        copies: puts it on the clipboard.
    """

    def __init__(self) -> None:
        super().__init__()
        self._model = RowsModel(self)
        self.copies = OffersCopies(self, lambda: Copied(self._model.table()))
        self._widths: tuple[object, ...] = ()
        self.setModel(self._model)
        name_widget(self, "import.rows", "First rows", _TIP)
        self.setFont(font(SMALL))
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setEditTriggers(QTableView.EditTrigger.NoEditTriggers)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultSectionSize(_NARROW)
        header.setMinimumSectionSize(_NARROW // 2)
        header.setFixedHeight(2 * header.fontMetrics().height() + 10)
        rows = self.verticalHeader()
        rows.setFont(font(SMALL))
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(rows.fontMetrics().height() + 6)
        rows.setFixedWidth(rows.fontMetrics().horizontalAdvance("skipped 500") + 12)

    def show_look(self, look: Look) -> None:
        """Show another look; where its columns are the same, the place stays."""
        place = self.horizontalScrollBar().value(), self.verticalScrollBar().value()
        self._model.show_look(look)
        names = tuple(column.name for column in look.table.columns) if look.table is not None else ()
        if names != self._widths:
            self._widths = names
            for section in range(min(len(names), _MEASURED)):
                self.setColumnWidth(section, self._model.width_of(section))
            return
        self.horizontalScrollBar().setValue(place[0])
        self.verticalScrollBar().setValue(place[1])


def _shortest(value: float) -> str:
    text = f"{value:.15g}" if float(f"{value:.15g}") == value else repr(value)
    return text.replace("-", "−", 1) if text.startswith("-") else text


def _about_column(column: Column, look: Look) -> str:
    if column.values is None:
        return f"text; dates that can be read as {column.dates}" if column.dates else "text"
    missing, infinite = (int(np.count_nonzero(test(column.values))) for test in (np.isnan, np.isinf))
    where = "" if look.whole else " among the first rows"
    parts = [f"{counted(len(column.values) - missing, 'number')}"]
    parts += [f"{missing} missing"] * bool(missing) + [f"{infinite} infinite"] * bool(infinite)
    return f"{', '.join(parts)}{where}{f'; in {column.unit}' if column.unit else ''}"
