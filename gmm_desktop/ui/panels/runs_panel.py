"""All runs of the shown data: show one, name it, delete it, compare two."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QToolButton

from gmm_desktop.session import Snapshot
from gmm_desktop.ui.card import FoldingCard
from gmm_desktop.ui.columns import reveal
from gmm_desktop.ui.form import name_widget
from gmm_desktop.ui.mnemonics import spoken
from gmm_desktop.ui.numbers import plural
from gmm_desktop.ui.runs_table import RunsTable
from gmm_desktop.ui.switch_button import SwitchButton
from gmm_desktop.ui.unhurried import Unhurried

_BUTTONS = {"view.compare": "Overlay", "view.side_by_side": "Beside"}


class RunsPanel(FoldingCard):
    """The Runs card: one line that opens.

    Signals:
        run_chosen: the id of a run to show.
        run_named: (id, name).
        run_unwanted: the id of a run to delete.
        selection_changed: other runs are selected.
    """

    run_chosen = Signal(int)
    run_named = Signal(int, str)
    run_unwanted = Signal(int)
    selection_changed = Signal()

    def __init__(self, actions: Mapping[str, QAction]) -> None:
        super().__init__("Runs", "runs.fold")
        self._table = RunsTable()
        name_widget(
            self._table,
            "runs.list",
            "Runs of these data",
            "Click to show a run; with Ctrl select a second one to compare. "
            "F2 names a run, Delete deletes it, Ctrl+C copies the list, Shift+F10 or a right click offers more ways.",
        )
        self._table.chosen.connect(self.run_chosen)
        self._table.named.connect(self.run_named)
        self._table.unwanted.connect(self.run_unwanted)
        self._table.selected.connect(self._on_selected)
        self._table.selected.connect(self.selection_changed)
        self._delete = QPushButton("Delete")
        name_widget(self._delete, "runs.delete", "Delete the selected run", "Delete the selected run (Delete key).")
        self._delete.clicked.connect(self._delete_selected)
        buttons = QHBoxLayout()
        buttons.setSpacing(4)
        for name, words in _BUTTONS.items():
            buttons.addWidget(_button(actions[name], words))
        buttons.addStretch(1)
        buttons.addWidget(self._delete)
        self.inside.addWidget(self._table)
        self.inside.addLayout(buttons)
        self._unhurried = Unhurried(self._show, self)
        self.unfold.toggled.connect(lambda _: reveal(self))

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Follow the session."""
        self._unhurried.show_snapshot(snapshot)

    def selected(self) -> tuple[int, ...]:
        """The ids of the selected runs."""
        return self._table.selected_ids()

    def select_later(self, ids: tuple[int, ...]) -> None:
        """Select these runs when the list is shown next."""
        self._table.select_later(ids)

    def _show(self, snapshot: Snapshot) -> None:
        self.set_summary("none yet" if snapshot.canvas is not None else plural(len(snapshot.runs), "run"))
        self._table.show_rows(snapshot.runs)
        self._on_selected()

    def _on_selected(self) -> None:
        self._delete.setEnabled(len(self.selected()) == 1 and self._table.rowCount() > 1)

    def _delete_selected(self) -> None:
        for run in self.selected():
            self.run_unwanted.emit(run)


def _button(action: QAction, words: str) -> QToolButton:
    action.setIconText(words)
    button = SwitchButton()
    button.setDefaultAction(action)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setAccessibleName(spoken(action.text()))
    return button
