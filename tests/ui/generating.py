"""Using the dialog that makes data up, by the names of its parts."""

from __future__ import annotations

from typing import Any, TypeVar

from PySide6.QtWidgets import (
    QAbstractButton,
    QDialogButtonBox,
    QDoubleSpinBox,
    QListWidget,
    QSpinBox,
    QWidget,
)
from pytestqt.qtbot import QtBot

from gmm_desktop.data import GENERATORS
from gmm_desktop.ui.generate_dialog import GenerateDialog
from gmm_desktop.ui.views.data_plot import DataPlot

NAMES = list(GENERATORS)
W = TypeVar("W", bound=QWidget)


def part(dialog: QWidget, kind: type[W], name: str) -> W:
    found = dialog.findChild(kind, name)
    assert isinstance(found, kind), name
    return found


def pick(dialog: GenerateDialog, name: str) -> None:
    part(dialog, QListWidget, "generate.list").setCurrentRow(NAMES.index(name))
    settle(dialog)


def settle(dialog: GenerateDialog) -> None:
    """As if the moment had passed in which changes are gathered."""
    if dialog._later.isActive():
        dialog._later.timeout.emit()


def enter(qtbot: QtBot, dialog: GenerateDialog, name: str, words: str) -> None:
    box = dialog.findChild(QSpinBox, name) or dialog.findChild(QDoubleSpinBox, name)
    assert box is not None, name
    box.setFocus()
    box.selectAll()
    qtbot.keyClicks(box, words)
    settle(dialog)


def previewed(dialog: GenerateDialog) -> Any:
    cloud = part(dialog, DataPlot, "generate.preview").cloud
    assert cloud is not None
    return cloud.dataset


def ok(dialog: GenerateDialog) -> QAbstractButton:
    return dialog.findChildren(QDialogButtonBox)[0].button(QDialogButtonBox.StandardButton.Ok)
