"""The parameters, live: one block of rows a component, in its colour and with its letter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor

from gmm_desktop.mixture import Mixture, component_letter
from gmm_desktop.session import Snapshot
from gmm_desktop.ui.card import Card
from gmm_desktop.ui.components_table import EXACT, LINE, TRUTH, ComponentsTable
from gmm_desktop.ui.form import ChoiceEditor, name_widget
from gmm_desktop.ui.numbers import decimals_for, shortened
from gmm_desktop.ui.palette import component_name
from gmm_desktop.ui.short_names import seen
from gmm_desktop.ui.theme import Theme, component_colour
from gmm_desktop.ui.unhurried import Unhurried

_TALLEST = 376
_SPREAD_WIDTH = 108
_PADDING = 8
_LONGEST_NAME = 60


@dataclass(frozen=True)
class Spread:
    """One way to give a component's spread: what stands in the columns for dimension j, with a short heading."""

    label: str
    short: str
    tip: str
    values: Callable[[NDArray[np.float64], int], NDArray[np.float64]]
    matrix: bool = False


SPREADS = {
    "sd": Spread(
        "SD", "SD", "Standard deviation: the square root of the variance.", lambda c, j: np.sqrt(c[j, j : j + 1])
    ),
    "variance": Spread(
        "Variance", "Var.", "Variance: the mean squared distance from the mean.", lambda c, j: c[j, j : j + 1]
    ),
    "precision": Spread("Precision", "Prec.", "Precision: 1 / variance.", lambda c, j: 1.0 / c[j, j : j + 1]),
    "covariance": Spread(
        "Covariance", "Cov.", "The variance-covariance matrix, row by row.", lambda c, j: c[j], matrix=True
    ),
}


class ComponentsPanel(Card):
    """The Components card.

    Signals:
        component_selected: an index, or None.
    """

    component_selected = Signal(object)

    def __init__(self) -> None:
        super().__init__("Components")
        self._snapshot: Snapshot | None = None
        self._drawn: tuple[object, ...] = ()
        self._unhurried = Unhurried(self._show, self)
        self._spread = ChoiceEditor(SPREADS)
        name_widget(self._spread, "parameters.spread", "Spread", "How the spread of a component is given.")
        self._spread.setMinimumWidth(_SPREAD_WIDTH)
        self._spread.edited.connect(lambda _: self._redraw())
        self.header.addStretch(1)
        self.header.addWidget(self._spread)
        self._table = ComponentsTable()
        name_widget(
            self._table,
            "parameters.table",
            "Parameters of the components",
            "Weight, mean, spread and effective number of points; in red below, the generating values where known. "
            "Select a row to highlight its component; Ctrl+C copies, Shift+F10 or a right click offers more ways.",
        )
        self._table.itemSelectionChanged.connect(self._on_selection)
        self.content.addWidget(self._table)

    def set_theme(self, theme: Theme, scale: float = 1.0) -> None:
        """Take the theme's component colours."""
        super().set_theme(theme, scale)
        self._table.truth_colour = QColor(theme.truth)
        self._redraw()

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Follow the session."""
        self._unhurried.show_snapshot(snapshot)

    def _show(self, snapshot: Snapshot) -> None:
        snapshot = snapshot.drafted
        self._snapshot = snapshot
        drawn = (
            snapshot.mixture,
            snapshot.colouring,  # whose counts are shown, which the mixture alone does not tell in half steps
            snapshot.truth,
            snapshot.truth_order,
            snapshot.dataset,
        )
        if drawn != self._drawn:
            self._drawn = drawn
            self._redraw()
        if snapshot.selected is None and self._table.selectedItems():
            self._table.clear_quietly()

    def spread(self) -> str:
        """The id of the chosen way to give the spread."""
        return str(self._spread.currentData())

    def set_spread(self, spread: str) -> None:
        """Choose the way to give the spread."""
        if spread in SPREADS:
            self._spread.setCurrentIndex(self._spread.findData(spread))

    def copy(self, way: str = "cells") -> None:
        """Put the selected rows, or the whole table, on the clipboard, in a way of ``copying.WAYS``: every digit."""
        self._table.copies.copy(way)

    def _redraw(self) -> None:
        snapshot = self._snapshot
        if snapshot is None:
            return
        if snapshot.mixture is None:
            self._table.setRowCount(0)
            return
        spread = SPREADS[self.spread()]
        self._table.lay_out(_headers(snapshot, spread), snapshot.mixture.n_components, snapshot.dataset.dimension)
        _fill(self._table, snapshot, spread, self._theme)

    def _on_selection(self) -> None:
        rows = {item.row() for item in self._table.selectedItems()}
        d = self._snapshot.dataset.dimension if self._snapshot is not None else 1
        self.component_selected.emit(min(rows) // d if rows else None)


def _headers(snapshot: Snapshot, spread: Spread) -> list[str]:
    d = snapshot.dataset.dimension
    if d == 1:
        return ["", "Weight", "Mean", spread.short, "Points"]
    spreads = [f"Cov. {j + 1}" for j in range(d)] if spread.matrix else [spread.short]
    return ["", "Weight", "", "Mean", *spreads]


def _cells(mixture: Mixture, component: int, j: int, spread: Spread) -> list[float]:
    return [float(mixture.means[component, j]), *map(float, spread.values(mixture.covariances[component], j))]


def _fill(table: ComponentsTable, snapshot: Snapshot, spread: Spread, theme: Theme) -> None:
    mixture = snapshot.mixture
    assert mixture is not None
    k, d = mixture.n_components, mixture.dimension
    scales = [
        decimals_for(np.concatenate([mixture.means[:, j], snapshot.dataset.scale[j : j + 1]]), 4) for j in range(d)
    ]
    height = 0
    for component in range(k):
        matched = snapshot.truth_order[component] if snapshot.truth_order else -1
        for j in range(d):
            row = component * d + j
            columns: list[tuple[str, object, str]] = [
                (component_letter(component), component_letter(component), ""),
                _cell(mixture.weights[component], 3, _true(snapshot, matched, lambda m, c: m.weights[c])),
            ]
            if d > 1:
                name = snapshot.dataset.names[j]
                columns.append((table.set_name(row, _short(name)), name, ""))
            cells = _cells(mixture, component, j, spread)
            truths = [None] * len(cells) if matched < 0 else _cells_of_truth(snapshot, matched, j, spread)
            digits = [scales[j] if i == 0 else decimals_for([v]) for i, v in enumerate(cells)]
            columns += [_cell(v, n, t) for v, n, t in zip(cells, digits, truths, strict=True)]
            if d == 1:
                columns.append(_count_cell(snapshot, component))
            _set_row(table, row, columns, QColor(component_colour(theme, component)), component_name(component))
            if d > 1:
                text, exact, _ = _count_cell(snapshot, component)
                table.set_below(row, 1, f"{text} pts" if exact else "")
            lines = 2 if any(truth for _, _, truth in columns) else 1
            table.setRowHeight(row, lines * LINE + _PADDING)
            height += table.rowHeight(row)
    table.take_widths()
    bar = table.horizontalScrollBar().sizeHint().height() if table.is_wider_than_its_room() else 0
    table.setFixedHeight(min(height, _TALLEST) + table.horizontalHeader().height() + 4 + bar)


def _short(name: str) -> str:
    """A column's name on one line, which the table shortens further."""
    line = " ".join(seen(name).split())
    return line if len(line) <= _LONGEST_NAME else f"{line[: _LONGEST_NAME - 1]}…"


def _true(snapshot: Snapshot, matched: int, value: Callable[[Mixture, int], float]) -> float | None:
    return None if matched < 0 or snapshot.truth is None else float(value(snapshot.truth, matched))


def _cells_of_truth(snapshot: Snapshot, matched: int, j: int, spread: Spread) -> list[float | None]:
    assert snapshot.truth is not None
    return list(_cells(snapshot.truth, matched, j, spread))


def _cell(value: float, decimals: int, truth: float | None) -> tuple[str, object, str]:
    return f"{value:.{decimals}f}", repr(float(value)), "" if truth is None else f"({truth:.3g})"


def _count_cell(snapshot: Snapshot, component: int) -> tuple[str, object, str]:
    if snapshot.counts is None:
        return "–", "", ""
    value = float(snapshot.counts[component])
    return shortened(value), repr(value), ""


def _set_row(
    table: ComponentsTable, row: int, columns: list[tuple[str, object, str]], colour: QColor, name: str
) -> None:
    for column, (text, exact, truth) in enumerate(columns):
        item = table.item(row, column)
        if item is None or (item.text() == text and item.data(TRUTH) == truth and item.data(EXACT) == exact and column):
            continue
        item.setText(text)
        item.setData(TRUTH, truth)
        item.setData(EXACT, exact)
        item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if column == 0:
            font = item.font()
            font.setBold(True)
            item.setFont(font)
            item.setForeground(colour)
            item.setTextAlignment(Qt.AlignmentFlag.AlignCenter)
            item.setToolTip(f"Component {text}, drawn in {name}")
