"""The strip above the plot while it is painted on: the tools, and the settings of the one in hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QToolButton, QVBoxLayout, QWidget

from gmm_desktop.session import Snapshot
from gmm_desktop.ui.form import NumberEditor, name_widget
from gmm_desktop.ui.paint_tools import (
    LARGEST_RADIUS,
    PAINT_FIELDS,
    PAINT_TOOLS,
    SMALLEST_RADIUS,
    PaintSettings,
)
from gmm_desktop.ui.switch_button import SwitchButton
from gmm_desktop.ui.theme import Theme, icon

_ICON = 16
_GROWTH = 1.25
_FINEST, _COARSEST = 0.01, 0.5  # of what an axis shows: a stamp beyond these is of another data set
_STAMP = {"along": 0.08, "across": 0.04}  # what it is given of what the axes show
_FLAT_LABELS = {"along": "SD"}
_HINT = "Every click puts one point down."


class PaintStrip(QWidget):
    """Offers ``PAINT_TOOLS``.

    Signals:
        changed: PaintSettings.
        refused: a sentence: what was typed is no such number; "" takes it back.

    Attributes:
        settings: the tool in hand and how it paints.
    """

    changed = Signal(object)
    refused = Signal(str)

    def __init__(self, actions: Mapping[str, QAction]) -> None:
        super().__init__()
        self.settings = PaintSettings()
        self._flat = False
        self._shaped = False  # whether a person chose the size of the stamp
        self._tools = {tool: self._tool_button(tool, place + 1) for place, tool in enumerate(PAINT_TOOLS)}
        self._canvas = _canvas_button(actions)
        self._leave = QToolButton()
        self._leave.setAutoRaise(True)
        self._leave.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        name_widget(self._leave, "paint.leave", "End painting", "End painting; what is painted stays (D, or Escape).")
        self._leave.clicked.connect(actions["edit.paint"].trigger)
        self._labels: dict[str, QLabel] = {}
        self._editors: dict[str, QWidget] = {}
        self._hint = QLabel(_HINT)
        self._compose()
        self._show()
        self.hide()

    def _compose(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(4)
        for button in self._tools.values():
            top.addWidget(button)
        top.addStretch(1)
        top.addWidget(self._canvas)
        top.addWidget(self._leave)
        row = QHBoxLayout()
        row.setSpacing(6)
        for name in PAINT_FIELDS:
            self._add_field(row, name)
        row.addWidget(self._hint)
        row.addStretch(1)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(4)
        rows.addLayout(top)
        rows.addLayout(row)

    def _tool_button(self, tool: str, number: int) -> SwitchButton:
        row = PAINT_TOOLS[tool]
        button = SwitchButton()
        button.setText(row.label)
        button.setCheckable(True)
        button.setAutoRaise(True)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        name_widget(button, f"paint.{tool}", row.label, f"{row.tip} ({number} in the plot)")
        button.clicked.connect(lambda: self.choose(tool))
        return button

    def _add_field(self, row: QHBoxLayout, name: str) -> None:
        field = PAINT_FIELDS[name]
        label, editor = QLabel(field.label), field.editor()
        label.setBuddy(editor)
        label.setToolTip(field.tip)
        name_widget(editor, f"paint.{name}", f"{field.label} of the tool that paints", field.tip)
        if isinstance(editor, NumberEditor):
            editor.setMaximumWidth(64)
            editor.refused.connect(self.refused)
        editor.edited.connect(lambda value: self._on_edited(name, value))  # type: ignore[attr-defined]
        row.addWidget(label)
        row.addWidget(editor)
        self._labels[name], self._editors[name] = label, editor

    def follow_in_tab_order(self, before: QWidget) -> None:
        """The Tab key goes from ``before`` to the tools, their settings and the rest."""
        order = [before, *self._tools.values(), *self._editors.values(), self._canvas, self._leave]
        for one, next_one in pairwise(order):
            QWidget.setTabOrder(one, next_one)

    # What a person does -------------------------------------------------------------------------------------------

    def choose(self, tool: str) -> None:
        """Take a tool."""
        self.change(tool=tool)

    def _on_edited(self, name: str, value: object) -> None:
        self._shaped |= name in _STAMP
        self.change(**{name: value})

    def change(self, **changes: object) -> None:
        """Paint with other settings."""
        self.settings = replace(self.settings, **changes)  # type: ignore[arg-type]
        self._show()
        self.changed.emit(self.settings)

    def resize_tool(self, steps: int) -> None:
        """The tool in hand is larger or smaller; a stamp keeps its shape."""
        now, factor = self.settings, _GROWTH**steps
        if now.tool == "stamp":
            self._shaped = True
            self.change(**{name: float(f"{getattr(now, name) * factor:.3g}") for name in _STAMP})
        elif PAINT_TOOLS[now.tool].fields:
            larger = max(round(now.radius * factor), now.radius + 1) if steps > 0 else round(now.radius * factor)
            self.change(radius=min(max(larger, SMALLEST_RADIUS), LARGEST_RADIUS))

    # What the session says ----------------------------------------------------------------------------------------

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Be there while the plot is painted on."""
        self.setVisible(snapshot.mode == "painting")
        columns = len(snapshot.columns) if snapshot.canvas is None else len(snapshot.canvas.names)
        if (columns == 1) != self._flat:
            self._flat = columns == 1
            self._show()

    def suit(self, spans: tuple[float, ...]) -> None:
        """Give a stamp a size that is seen where the axes show so much, in data units; one that is stays as chosen."""
        sizes = {
            name: float(f"{share * span:.1g}")
            for (name, share), span in zip(_STAMP.items(), spans, strict=False)
            if not self._shaped or not _FINEST * span <= getattr(self.settings, name) <= _COARSEST * span
        }
        if sizes:
            self.change(**sizes)

    def _show(self) -> None:
        tool = PAINT_TOOLS[self.settings.tool]
        shown = tool.flat_fields if self._flat else tool.fields
        for name, button in self._tools.items():
            button.setChecked(name == tool.id)
        for name, editor in self._editors.items():
            editor.setVisible(name in shown)
            self._labels[name].setVisible(name in shown)
            label = PAINT_FIELDS[name].label
            self._labels[name].setText(_FLAT_LABELS.get(name, label) if self._flat else label)
            editor.show_value(getattr(self.settings, name))  # type: ignore[attr-defined]
        self._hint.setVisible(not shown)
        self._hint.setMinimumHeight(self._editors["radius"].sizeHint().height())  # so that the plot does not move

    def set_theme(self, theme: Theme, scale: float = 1.0) -> None:
        """Take a theme."""
        size = QSize(round(_ICON * scale), round(_ICON * scale))
        for tool, button in self._tools.items():
            button.setIcon(icon(PAINT_TOOLS[tool].icon, theme.text, scale))
            button.setIconSize(size)
        for small, name in ((self._canvas, "new_canvas"), (self._leave, "close")):
            small.setIcon(icon(name, theme.text, scale))
            small.setIconSize(size)
        self._show()


def _canvas_button(actions: Mapping[str, QAction]) -> QToolButton:
    button = QToolButton()
    button.setAutoRaise(True)
    button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    name_widget(button, "paint.canvas", "New canvas", "Paint on an empty surface, in one column or two.")
    menu = QMenu(button)
    menu.addActions([actions["edit.canvas_2d"], actions["edit.canvas_1d"]])
    button.setMenu(menu)
    return button
