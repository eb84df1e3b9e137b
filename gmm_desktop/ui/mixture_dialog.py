"""A small table in which a person types a mixture to draw points from."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
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
from gmm_desktop.ui.form import IntegerEditor, guard, name_widget

_HEADERS = {
    1: ("Weight", "Mean", "Variance"),
    2: ("Weight", "Mean x", "Mean y", "Variance x", "Variance y", "Covariance"),
}
_FIRST = {
    1: ((0.5, 0.0, 1.0), (0.5, 5.0, 1.0)),
    2: ((0.5, 0.0, 0.0, 1.0, 1.0, 0.7), (0.5, 2.0, 0.0, 0.5, 0.5, 0.4)),
}
_MOST_POINTS = 10_000_000


class MixtureDialog(QDialog):
    """Asks for weights, means and covariances, a size and a seed. It closes only on a mixture that can be."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("mixture_dialog")
        self.setWindowTitle("Generate from a mixture")
        self._accepted: MixtureGenerator | None = None
        self._dimensions = QComboBox()
        for d, text in ((1, "One dimension"), (2, "Two dimensions")):
            self._dimensions.addItem(text, d)
        name_widget(self._dimensions, "mixture.dimensions", "Dimensions", "One or two columns of data.")
        guard(self._dimensions)
        self._dimensions.currentIndexChanged.connect(lambda _: self._fill(_FIRST[self._d()]))
        self._table = QTableWidget()
        name_widget(
            self._table,
            "mixture.table",
            "Components",
            "One row a component; double-click a cell to change it.",
        )
        self._table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self._table.setMinimumSize(560, 200)
        self._size, self._seed = IntegerEditor(1, _MOST_POINTS), IntegerEditor(0, 2**31 - 1)
        name_widget(self._size, "mixture.size", "Points", "How many points are drawn.")
        name_widget(self._seed, "mixture.seed", "Seed", "The same seed draws the same points.")
        self._size.setValue(300)
        self._exact = QCheckBox("Each component gives exactly its share of the points")
        name_widget(
            self._exact,
            "mixture.exact",
            "Exact shares",
            "Otherwise the number from each component is random.",
        )
        self._error = QLabel()
        self._error.setTextFormat(Qt.TextFormat.PlainText)
        self._error.setWordWrap(True)
        self._error.setObjectName("mixture.error")
        self._lay_out()
        self._fill(_FIRST[1])

    def chosen(self) -> tuple[MixtureGenerator, int]:
        """The generator and the seed that were accepted."""
        assert self._accepted is not None
        return self._accepted, self._seed.value()

    def accept(self) -> None:
        """Close, or say what is wrong and stay."""
        try:
            self._accepted = self._generator()
        except DataError as error:
            self._error.setText(str(error))
            return
        super().accept()

    def _lay_out(self) -> None:
        add, remove = QPushButton("Add a component"), QPushButton("Remove the last")
        name_widget(add, "mixture.add", "Add a component", "Add a row.")
        name_widget(remove, "mixture.remove", "Remove the last component", "Remove the last row.")
        add.clicked.connect(self._add_row)
        remove.clicked.connect(self._remove_row)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        rows = QHBoxLayout()
        for button in (add, remove):
            button.setAutoDefault(False)
            rows.addWidget(button)
        rows.addStretch(1)
        form = QFormLayout()
        form.addRow("Dimensions", self._dimensions)
        form.addRow(self._table)
        form.addRow(rows)
        form.addRow("Points", self._size)
        form.addRow("Seed", self._seed)
        form.addRow(self._exact)
        layout = QVBoxLayout(self)
        layout.addLayout(form)
        layout.addWidget(self._error)
        layout.addWidget(buttons)

    def _d(self) -> int:
        return int(self._dimensions.currentData())

    def _fill(self, rows: Sequence[Sequence[float]]) -> None:
        headers = _HEADERS[self._d()]
        self._table.setColumnCount(len(headers))
        self._table.setHorizontalHeaderLabels(list(headers))
        self._table.setRowCount(0)
        for row in rows:
            self._append(row)

    def _append(self, values: Sequence[float]) -> None:
        row = self._table.rowCount()
        self._table.insertRow(row)
        self._table.setVerticalHeaderItem(row, QTableWidgetItem(component_letter(row)))
        for column, value in enumerate(values):
            self._table.setItem(row, column, QTableWidgetItem(f"{value:g}"))

    def _add_row(self) -> None:
        self._append(_FIRST[self._d()][0])

    def _remove_row(self) -> None:
        if self._table.rowCount() > 1:
            self._table.removeRow(self._table.rowCount() - 1)

    def _generator(self) -> MixtureGenerator:
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
        return MixtureGenerator(
            tuple(weights), tuple(means), tuple(covariances), self._size.value(), self._exact.isChecked()
        )

    def _number(self, row: int, column: int) -> float:
        item = self._table.item(row, column)
        text = item.text().strip().replace(",", ".") if item is not None else ""
        try:
            return float(text)
        except ValueError:
            header = _HEADERS[self._d()][column].lower()
            raise DataError(
                f"The {header} of component {component_letter(row)} must be a number such as 0.5; “{text}” is not."
            ) from None
