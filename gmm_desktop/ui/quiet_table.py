"""What the small tables of the cards share: no frame, no grid, headings with tool tips, nothing to edit by accident."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem

from gmm_desktop.ui.theme import SMALL, font


def make_quiet(
    table: QTableWidget,
    columns: Sequence[tuple[str, str]],
    alignment: Callable[[int], Qt.AlignmentFlag],
) -> None:
    """Dress a table whose ``columns`` have a title and a tool tip each, aligned as their cells are."""
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setShowGrid(False)
    table.setFrameShape(QTableWidget.Shape.NoFrame)
    table.setWordWrap(False)
    table.setTabKeyNavigation(False)
    table.setFont(font(SMALL))
    table.verticalHeader().hide()
    header = table.horizontalHeader()
    header.setFont(font(SMALL))
    header.setHighlightSections(False)
    header.setSectionsClickable(False)
    header.setMinimumSectionSize(24)
    header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    for column, (title, tip) in enumerate(columns):
        item = QTableWidgetItem(title)
        item.setTextAlignment(alignment(column))
        item.setToolTip(tip)
        table.setHorizontalHeaderItem(column, item)
