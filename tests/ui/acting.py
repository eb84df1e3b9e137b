"""A person who does anything at all with the real window: every action is drawn from a seed and written down."""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QDesktopServices, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialog,
    QDoubleSpinBox,
    QFileDialog,
    QLineEdit,
    QMenu,
    QSpinBox,
    QTableWidget,
    QWidget,
)

import gmm_desktop.app
from gmm_desktop.ui.commands import COMMANDS
from gmm_desktop.ui.main_window import MainWindow

LARGEST = 400
"""What is typed into a field of numbers, unless its least is more: the machine is to be tried, not its memory."""

TABLE = "a\tb\n" + "\n".join(f"{n % 7}\t{n * n % 11}" for n in range(40))
TEXTS = (
    *("", "3", "-1", "0.5", "1e9", "nan", "x", "1 2 3", "=1+1", "<b>", "ünd 🙂", "9" * 40),
    *(TABLE, "a\n1\nx\n2\n", "1\n"),
)
FIELDS = QAbstractSpinBox | QComboBox | QLineEdit | QAbstractSlider
KEYS = [getattr(Qt.Key, f"Key_{name}") for name in (
    *"ABCDEFGHILMNOPRSTUV0123456789", "Space", "Escape", "Return", "Tab", "Backtab", "Delete", "Insert", "Home", "End",
    "PageUp", "PageDown", "Left", "Right", "Up", "Down", "Plus", "Minus", "Comma", "Period", "BracketLeft",
    "BracketRight", "Question", "F1", "F2", "F5", "F7", "F8", "F9", "F10", "F11",
)]  # fmt: skip
NONE, SHIFT, CONTROL, ALT = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
)
LEFT, RIGHT, MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton, Qt.MouseButton.MiddleButton
REMEMBERED = 25


class Actor:
    """Does one random thing after the other.

    Attributes:
        done: the last things that were done.
        crashes: tracebacks of what nobody foresaw.
    """

    def __init__(self, window: MainWindow, seed: int, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.window = window
        self.done: deque[str] = deque(maxlen=REMEMBERED)
        self.crashes: list[str] = []
        self._chance = random.Random(seed)
        self._folder = folder
        self._prepare_files()
        patch.setattr(gmm_desktop.app, "_tell_crash", lambda _, details: self.crashes.append(details))
        patch.setattr(QFileDialog, "getOpenFileName", lambda *_: (self._path_to_open(), ""))
        patch.setattr(QFileDialog, "getSaveFileName", lambda *_: (self._path_to_write(), ""))
        patch.setattr(QDialog, "exec", lambda dialog: self._drive(dialog))
        patch.setattr(QMenu, "exec", lambda *_: None)
        patch.setattr(QDesktopServices, "openUrl", lambda _: True)
        self._rescue = QTimer(window)  # a button's own menu waits in a loop of its own
        self._rescue.timeout.connect(_let_go)
        self._rescue.start(30)
        self._kinds: list[tuple[int, Callable[[], None]]] = [
            (8, self._command),
            (4, self._mouse),
            (3, self._drag),
            (2, self._wheel),
            (5, self._key),
            (4, self._field),
            (1, self._resize),
            (1, self._clipboard),
            (2, self._undo),
        ]

    def act(self) -> None:
        """One more."""
        weights, kinds = zip(*self._kinds, strict=True)
        self._chance.choices(kinds, weights)[0]()
        if self._chance.random() < 0.04:
            self._tidy()
        QApplication.processEvents()
        state = self.window.session.state
        assert state.columns, self.done
        assert max(state.columns) < state.run.dataset.dimension, self.done

    def settle(self) -> None:
        """Let go of everything that is open."""
        self._rescue.stop()
        self._tidy()
        self.window.presentation.leave()
        self.window.session.pause()

    # --- what is done ---

    def _command(self) -> None:
        command = self._chance.choice([c for c in COMMANDS if c.id != "file.quit"])
        self._note(f"command {command.id}")
        self.window.actions_by_id[command.id].trigger()

    def _undo(self) -> None:
        name = self._chance.choice(("edit.undo", "edit.redo"))
        self._note(f"command {name}")
        self.window.actions_by_id[name].trigger()

    def _mouse(self) -> None:
        widget, at = self._place()
        button = self._chance.choices((LEFT, RIGHT, MIDDLE), (8, 1, 1))[0]
        click = self._chance.choices((QTest.mouseClick, QTest.mouseDClick, _move), (6, 2, 3))[0]
        self._note(f"{click.__name__} {button.name} {_name(widget)} {at.toTuple()}")
        click(widget, button, self._modifier(), at)

    def _drag(self) -> None:
        widget, at = self._place()
        modifier = self._modifier()
        self._note(f"drag {_name(widget)} {at.toTuple()}")
        QTest.mousePress(widget, LEFT, modifier, at)
        for _ in range(3):
            if not _is_there(widget):
                return
            at += QPoint(self._chance.randint(-90, 90), self._chance.randint(-90, 90))
            QTest.mouseMove(widget, at)
        if self._chance.random() < 0.15:
            QTest.keyClick(widget, Qt.Key.Key_Escape)
        if _is_there(widget):
            QTest.mouseRelease(widget, LEFT, modifier, at)

    def _wheel(self) -> None:
        widget, at = self._place()
        angle = QPoint(0, self._chance.choice((-240, -120, 120, 240)))
        self._note(f"wheel {_name(widget)} {angle.y()}")
        there = QPointF(widget.mapToGlobal(at))
        event = QWheelEvent(
            QPointF(at), there, QPoint(), angle, Qt.MouseButton.NoButton, self._modifier(),
            Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(widget, event)

    def _key(self) -> None:
        widget = QApplication.focusWidget() or self.window
        key, modifier = self._chance.choice(KEYS), self._modifier()
        if key == Qt.Key.Key_Q and modifier == CONTROL:
            return
        self._note(f"key {key.name} {modifier.name} {_name(widget)}")
        QTest.keyClick(widget, key, modifier)

    def _field(self) -> None:
        seen = [w for w in self._widgets() if w.isEnabled()]
        fields = [w for w in seen if isinstance(w, FIELDS) or (isinstance(w, QAbstractButton) and w.isCheckable())]
        if fields:
            self._change(self._chance.choice(fields))

    def _resize(self) -> None:
        size = (self._chance.randint(1023, 1700), self._chance.randint(600, 1100))
        self._note(f"resize {size}")
        self.window.resize(*size)

    def _clipboard(self) -> None:
        text = self._chance.choice(TEXTS)
        self._note(f"clipboard {text[:20]!r}")
        QApplication.clipboard().setText(text)

    # --- how ---

    def _change(self, field: QWidget) -> None:
        chance = self._chance
        self._note(f"change {_name(field)}")
        if isinstance(field, QSpinBox):
            field.setValue(chance.randint(field.minimum(), max(field.minimum(), min(field.maximum(), LARGEST))))
        elif isinstance(field, QDoubleSpinBox):
            field.setValue(chance.uniform(field.minimum(), min(field.maximum(), LARGEST)))
        elif isinstance(field, QComboBox):
            if field.count():
                field.setCurrentIndex(chance.randrange(field.count()))
                field.activated.emit(field.currentIndex())
        elif isinstance(field, QLineEdit):
            if not isinstance(field.parent(), QAbstractSpinBox) and not field.isReadOnly():
                field.setText(chance.choice(TEXTS))
                QTest.keyClick(field, Qt.Key.Key_Return)
        elif isinstance(field, QAbstractSlider):
            field.setValue(chance.randint(field.minimum(), field.maximum()))
        elif isinstance(field, QAbstractButton):
            field.click()

    def _drive(self, dialog: QDialog) -> int:
        """A modal dialog: some of its fields are changed, then it is accepted or left."""
        dialog.show()
        QApplication.processEvents()
        fields = [
            w
            for w in dialog.findChildren(QWidget)
            if isinstance(w, QAbstractSpinBox | QComboBox | QLineEdit | QTableWidget)
            and w.isVisible()
            and w.isEnabled()
        ]
        for field in self._chance.sample(fields, min(len(fields), self._chance.randint(0, 4))):
            if isinstance(field, QTableWidget):
                self._fill(field)
            else:
                self._change(field)
        accepts = self._chance.random() < 0.5
        self._note(f"{'accept' if accepts else 'reject'} {dialog.objectName()}")
        (dialog.accept if accepts else dialog.reject)()
        if dialog.isVisible():
            dialog.reject()
        return dialog.result()

    def _fill(self, table: QTableWidget) -> None:
        if table.rowCount() and table.columnCount():
            item = table.item(self._chance.randrange(table.rowCount()), self._chance.randrange(table.columnCount()))
            if item is not None and item.flags() & Qt.ItemFlag.ItemIsEditable:
                item.setText(self._chance.choice(TEXTS))

    def _tidy(self) -> None:
        """Menus and dialogs close."""
        for _ in range(5):
            popup = QApplication.activePopupWidget()
            if popup is None:
                break
            popup.close()
        for dialog in self.window.findChildren(QDialog):
            if dialog.isVisible():
                dialog.reject()

    def _place(self) -> tuple[QWidget, QPoint]:
        widget = self._chance.choice(self._widgets())
        return widget, QPoint(self._chance.randint(0, widget.width()), self._chance.randint(0, widget.height()))

    def _widgets(self) -> list[QWidget]:
        found = [w for w in self.window.findChildren(QWidget) if w.isVisible() and w.width() > 1]
        plots = [w for w in found if any("plot" in each.objectName() for each in (w, w.parent()) if each is not None)]
        return [*found, *plots * 4]  # most happens there

    def _modifier(self) -> Qt.KeyboardModifier:
        return self._chance.choices((NONE, SHIFT, CONTROL, ALT, SHIFT | CONTROL), (12, 3, 3, 1, 1))[0]

    def _prepare_files(self) -> None:
        for number, text in enumerate(TEXTS):
            (self._folder / f"table-{number}.csv").write_text(text.replace("\t", ","))

    def _path_to_open(self) -> str:
        names = [f"table-{number}.csv" for number in range(len(TEXTS))]
        return self._chance.choice(("", *(str(self._folder / name) for name in (*names, "none.csv", "."))))

    def _path_to_write(self) -> str:
        names = ("", "made.json", "made.csv", "made.png", "made.gif", "made", "made.jpg", "none/made.json", "made.mp4")
        name = self._chance.choice(names)
        return str(self._folder / name) if name else ""

    def _note(self, what: str) -> None:
        self.done.append(what)


def _move(widget: QWidget, button: Qt.MouseButton, modifier: Qt.KeyboardModifier, at: QPoint) -> None:
    QTest.mouseMove(widget, at)


def _let_go() -> None:
    popup = QApplication.activePopupWidget()
    if popup is not None:
        popup.close()


def _is_there(widget: QWidget) -> bool:
    try:
        return widget.isVisible()
    except RuntimeError:  # it has been deleted
        return False


def _name(widget: QObject) -> str:
    names = []
    while widget is not None and len(names) < 3:
        names.append(widget.objectName() or type(widget).__name__)
        if widget.objectName():
            break
        widget = widget.parent()
    return " in ".join(names)
