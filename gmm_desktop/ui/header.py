"""The line on top: what is shown, and the three things that a guest looks for first."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QSizePolicy, QToolButton, QWidget

from gmm_desktop.session import Snapshot
from gmm_desktop.ui.form import name_widget
from gmm_desktop.ui.mnemonics import spoken
from gmm_desktop.ui.numbers import plural
from gmm_desktop.ui.short_names import seen
from gmm_desktop.ui.still import show_text
from gmm_desktop.ui.switch_button import SwitchButton
from gmm_desktop.ui.theme import HEADING, font

_EXPORTS = (
    "file.export_parameters",
    "file.export_data",
    "file.export_picture",
    "file.export_animation",
    "file.export_report",
    "file.export_script",
)


class Header(QWidget):
    """Title, a line about the data, and the buttons."""

    def __init__(self, actions: Mapping[str, QAction]) -> None:
        super().__init__()
        self._title = QLabel()
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        self._title.setFont(font(HEADING, bold=True))
        name_widget(self._title, "data.title", "Data set", "The data that are being fitted.")
        self._about = QLabel()
        self._about.setTextFormat(Qt.TextFormat.PlainText)
        self._about.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        name_widget(self._about, "data.about", "About the data set", "Size and columns of the data.")
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._title)
        row.addWidget(self._about, 1)
        row.addWidget(_button(actions["file.open"], "Open …"))
        export = QToolButton()
        export.setText("Export")
        export.setIcon(actions["file.export_parameters"].icon())
        export.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        export.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        export.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        name_widget(export, "header.export", "Export", "Write parameters, labelled data or the picture to a file.")
        menu = QMenu(export)
        menu.addActions([actions[name] for name in _EXPORTS])
        export.setMenu(menu)
        self._export = export
        row.addWidget(export)
        for name, text in (("view.left", ""), ("view.right", "")):
            row.addWidget(_button(actions[name], text))

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Follow the session."""
        data = snapshot.dataset
        if snapshot.canvas is not None:
            show_text(self._title, "Empty canvas")
            show_text(self._about, f"no points yet · {' × '.join(name[:40] for name in snapshot.canvas.names)}")
            return
        names = [seen(data.names[i][:40]) for i in snapshot.columns]
        about = f"{plural(data.size, 'point')} · {' × '.join(names)}"
        if data.dimension > len(names):
            about += f" · a projection: fitted in {data.dimension} dimensions"
        if data.unit:
            about += f" · {data.unit}"
        show_text(self._title, seen(data.source[:60]))
        show_text(self._about, about)

    def tint(self, actions: Mapping[str, QAction]) -> None:
        """Take the actions' icons anew after a change of theme."""
        self._export.setIcon(actions["file.export_parameters"].icon())


def _button(action: QAction, text: str) -> QToolButton:
    button = SwitchButton()
    button.setDefaultAction(action)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setAccessibleName(spoken(action.text()))
    if text:
        action.setIconText(text)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    return button
