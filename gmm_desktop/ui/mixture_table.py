"""A small table in which a person types a mixture to draw points from."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from gmm_desktop.data import DataError, MixtureGenerator
from gmm_desktop.mixture import component_letter
from gmm_desktop.ui.copying import Copied, OffersCopies
from gmm_desktop.ui.form import guard, name_widget
from gmm_desktop.ui.numbers import tidy

_HEADERS = {
    1: ("Weight", "Mean", "Variance"),
    2: ("Weight", "Mean x", "Mean y", "Var. x", "Var. y", "Cov."),
}
_WORDS = {"Var. x": "variance along x", "Var. y": "variance along y", "Cov.": "covariance of x and y"}
_FIRST = {
    1: ((0.5, 0.0, 1.0), (0.5, 5.0, 1.0)),
    2: ((0.5, 0.0, 0.0, 1.0, 1.0, 0.7), (0.5, 2.0, 0.0, 0.5, 0.5, 0.4)),
}
_EXACT = "Each component gives exactly its share of the points"


class MixtureTable(QWidget):
    """Weights, means and covariances, a row for each component.

    Attributes:
        copies: puts them on the clipboard.

    Signals:
        edited: something has changed.
    """

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._dimensions = QComboBox()
        for d, text in ((1, "One dimension"), (2, "Two dimensions")):
            self._dimensions.addItem(text, d)
        name_widget(self._dimensions, "mixture.dimensions", "Dimensions", "One or two columns of data.")
        guard(self._dimensions)
        self._dimensions.currentIndexChanged.connect(lambda _: self._fill(_FIRST[self._d()]))
        self._table = QTableWidget()
        tip = (
            "One row a component; double-click a cell, or press F2, to change it. Ctrl+C copies them, Shift+F10 or a "
            "right click offers more ways."
        )
        name_widget(self._table, "mixture.table", "Components", tip)
        self._table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self._table.setTabKeyNavigation(False)  # Tab leaves the table; the arrows move in it
        self._table.setMinimumHeight(120)
        self.copies = OffersCopies(self._table, self._copied)
        self._table.itemChanged.connect(lambda _: self.edited.emit())
        self._exact = QCheckBox(_EXACT)
        name_widget(self._exact, "mixture.exact", "Exact shares", "Otherwise the number from each component is random.")
        self._exact.toggled.connect(lambda _: self.edited.emit())
        self._lay_out()
        self._fill(_FIRST[1])

    def generator(self, size: int) -> MixtureGenerator:
        """As typed.

        Raises:
            DataError: it is no mixture; one sentence.
        """
        weights: list[float] = []
        means: list[tuple[float, ...]] = []
        covariances: list[tuple[tuple[float, ...], ...]] = []
        for row in range(self._table.rowCount()):
            weight, *numbers = (self._number(row, column) for column in range(self._table.columnCount()))
            weights.append(weight)
            if self._d() == 1:
                means.append((numbers[0],))
                covariances.append(((numbers[1],),))
            else:
                x, y, xx, yy, xy = numbers
                means.append((x, y))
                covariances.append(((xx, xy), (xy, yy)))
        return MixtureGenerator(tuple(weights), tuple(means), tuple(covariances), size, self._exact.isChecked())

    def show_generator(self, generator: MixtureGenerator) -> None:
        """Show a mixture; one of more than two dimensions has no room and changes nothing."""
        mixture = generator.mixture()
        if mixture.dimension > 2:
            return
        rows = []
        for weight, mean, covariance in zip(generator.weights, generator.means, generator.covariances, strict=True):
            spread = [covariance[0][0]] if len(mean) == 1 else [covariance[0][0], covariance[1][1], covariance[0][1]]
            rows.append([weight, *mean, *spread])
        self.blockSignals(True)
        self._dimensions.setCurrentIndex(self._dimensions.findData(mixture.dimension))
        self._exact.setChecked(generator.exact)
        self._fill(rows)
        self.blockSignals(False)

    def _lay_out(self) -> None:
        add, remove = QPushButton("Add a component"), QPushButton("Remove the last")
        name_widget(add, "mixture.add", "Add a component", "Add a row.")
        name_widget(remove, "mixture.remove", "Remove the last component", "Remove the last row.")
        add.clicked.connect(self._add_row)
        remove.clicked.connect(self._remove_row)
        buttons = QHBoxLayout()
        for button in (add, remove):
            button.setAutoDefault(False)
            buttons.addWidget(button)
        buttons.addStretch(1)
        dimensions = QHBoxLayout()
        label = QLabel("Dimensions")
        label.setBuddy(self._dimensions)
        dimensions.addWidget(label)
        dimensions.addWidget(self._dimensions, 1)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(8)
        rows.addLayout(dimensions)
        rows.addWidget(self._table, 1)
        rows.addLayout(buttons)
        rows.addWidget(self._exact)

    def _d(self) -> int:
        return int(self._dimensions.currentData())

    def _fill(self, rows: Sequence[Sequence[float]]) -> None:
        headers = _HEADERS[self._d()]
        self._table.blockSignals(True)
        self._table.setColumnCount(len(headers))
        for column, header in enumerate(headers):
            item = QTableWidgetItem(header)
            item.setToolTip(f"The {_words(header)} of each component.")
            self._table.setHorizontalHeaderItem(column, item)
        self._table.setRowCount(0)
        for row in rows:
            self._append(row)
        self._table.blockSignals(False)
        self.edited.emit()

    def _append(self, values: Sequence[float]) -> None:
        row = self._table.rowCount()
        self._table.insertRow(row)
        self._table.setVerticalHeaderItem(row, QTableWidgetItem(component_letter(row)))
        for column, value in enumerate(values):
            self._table.setItem(row, column, QTableWidgetItem(tidy(value)))

    def _add_row(self) -> None:
        self._table.blockSignals(True)
        self._append(_FIRST[self._d()][0])
        self._table.blockSignals(False)
        self.edited.emit()

    def _remove_row(self) -> None:
        if self._table.rowCount() > 1:
            self._table.removeRow(self._table.rowCount() - 1)
            self.edited.emit()

    def _copied(self) -> Copied:
        """What is typed: numbers as numbers, and what is none as it stands."""
        from gmm_desktop.export.tables import TextTable

        rows = []
        for row in range(self._table.rowCount()):
            cells: list[str | float] = []
            for column in range(self._table.columnCount()):
                try:
                    cells.append(self._number(row, column))
                except DataError:
                    item = self._table.item(row, column)
                    cells.append("" if item is None else item.text())
            rows.append((component_letter(row), *cells))
        return Copied(TextTable(("Component", *_HEADERS[self._d()]), tuple(rows)))

    def _number(self, row: int, column: int) -> float:
        item = self._table.item(row, column)
        text = item.text().strip() if item is not None else ""
        try:
            return float(text.replace(",", "."))
        except ValueError:
            raise DataError(
                f"The {_words(_HEADERS[self._d()][column])} of component {component_letter(row)} must be a number "
                f"such as 0.5; “{text[:40]}” is not."
            ) from None


def _words(header: str) -> str:
    return _WORDS.get(header, header.lower())
