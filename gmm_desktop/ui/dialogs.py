"""Small dialogs: the keys, about, the size of a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from gmm_desktop.options import version
from gmm_desktop.ui.form import name_widget
from gmm_desktop.ui.scrolling import ScrollArea

if TYPE_CHECKING:
    from gmm_desktop.ui.main_window import MainWindow

_MORE_KEYS = (
    ("1 … 9", "With the plot focused: the number of components"),
    ("← →", "With the plot focused: one iteration back or forward"),
    ("Click", "Pin a point of the plot; Esc lets go"),
    ("↑ ↓", "With the gain focused: the tolerance"),
    ("Enter, F2, Del", "In the list of runs: show, name, delete"),
    ("Shift + ↑ ↓", "In the list of runs: select two to compare"),
    ("Shift + drag", "Move the plot"),
    ("→ ← PgDown PgUp", "Presenting: half steps"),
    (". or B", "Presenting: a black screen, and back"),
    ("Esc", "Presenting: give up a drag, or leave"),
    ("Esc", "Close a message"),
    ("Ctrl + wheel", "Zoom the plot"),
    ("Tab", "By hand: the next handle"),
    ("Arrows", "By hand: 1 % of the range, with Shift 10 %"),
    ("Enter, Esc", "By hand: accept, or restore"),
    ("1 … 5", "Painting: point, brush, spray, eraser, stamp"),
    ("+ -", "Painting: the tool larger, or smaller"),
    ("Arrows, Enter", "Painting: move the cross, paint there"),
)

_LARGEST_PAGE = QSize(960, 700)
"""Of the page of keys: with the frame of a dialog it fits a screen of 1024 by 768."""


def show_shortcuts(window: MainWindow) -> None:
    """All keys on one page."""
    from gmm_desktop.ui.commands import COMMANDS

    rows = [
        (
            " or ".join(
                QKeySequence(k).toString(QKeySequence.SequenceFormat.NativeText) for k in c.shortcut.split(" | ")
            ),
            c.tip,
        )
        for c in COMMANDS
        if c.shortcut
    ]
    dialog = QDialog(window)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setObjectName("shortcuts")
    dialog.setWindowTitle("Keys")
    page = _two_columns([*rows, *_MORE_KEYS])
    area = ScrollArea(page)
    name_widget(area, "shortcuts.page", "Keys", "All keys; the arrows scroll where they do not fit.")
    layout = QVBoxLayout(dialog)
    layout.addWidget(area)
    layout.addWidget(_close_button(dialog))
    bar = area.verticalScrollBar().sizeHint().width()
    room = window.screen().availableSize() - QSize(40, 60)  # the frame of the dialog takes some
    wanted = page.sizeHint() + QSize(bar + 24, 64)
    dialog.resize(wanted.boundedTo(room).boundedTo(_LARGEST_PAGE))
    area.setFocus()
    dialog.open()


def _two_columns(entries: list[tuple[str, str]]) -> QWidget:
    """Keys and what they do, half of them beside the others."""
    page = QWidget()
    grid = QGridLayout(page)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(12)
    grid.setVerticalSpacing(2)
    grid.setColumnStretch(1, 1)
    grid.setColumnStretch(3, 1)
    half = (len(entries) + 1) // 2
    for i, (keys, what) in enumerate(entries):
        key, words = QLabel(keys), QLabel(what)
        face = key.font()
        face.setBold(True)
        key.setFont(face)
        for label in (key, words):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        words.setWordWrap(True)
        grid.addWidget(key, i % half, 2 * (i // half))
        grid.addWidget(words, i % half, 2 * (i // half) + 1)
    return page


def show_about(window: MainWindow) -> None:
    """Version and licence."""
    dialog = QDialog(window)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setObjectName("about")
    dialog.setWindowTitle("About GMM Desktop")
    text = QLabel(
        f"GMM Desktop {version()}\n\nWatch the EM algorithm fit a Gaussian mixture, iteration by iteration.\n\n"
        "Free software under the MIT licence."
    )
    text.setTextFormat(Qt.TextFormat.PlainText)
    layout = QVBoxLayout(dialog)
    layout.addWidget(text)
    layout.addWidget(_close_button(dialog))
    dialog.open()


def _close_button(dialog: QDialog) -> QDialogButtonBox:
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    buttons.rejected.connect(dialog.reject)
    return buttons


def export_report(window: MainWindow) -> None:
    """Write one page about the shown fit; with what it takes, which the first picture does not need."""
    from gmm_desktop.ui import reporting

    reporting.export_report(window)
