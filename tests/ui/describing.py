"""Everything that can be told of a window: what it holds, says and draws."""

from __future__ import annotations

import hashlib
from dataclasses import fields
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent
from PySide6.QtGui import QImage
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLabel,
    QTableWidget,
    QWidget,
)
from pytestqt.qtbot import QtBot

from gmm_desktop.data import Dataset
from gmm_desktop.mixture import FitHistory, Mixture
from gmm_desktop.session.state import Run
from gmm_desktop.ui.main_window import MainWindow
from gmm_desktop.ui.panels import LEFT, MIDDLE, RIGHT
from tests.ui.hands import plot_of

_SHADE, _EDGES = 8, 400  # of 255; pixels


def at_rest(window: MainWindow, qtbot: QtBot, *, to_be_read: bool = True) -> None:
    """Nothing moves, is computed, read or waited for any more; where it is to be read, captions have caught up, too."""
    window.session.pause()
    window.notices.dismiss()
    window.refresh_panels()  # what was typed into a field and not taken goes
    plot_of(window).hovered.emit(None)

    def rests() -> bool:
        session = window.session
        return (
            session.snapshot().activity == "paused"
            and not window.background.name
            and not window.pieces.is_busy
            and not plot_of(window).is_counting
        )

    qtbot.waitUntil(rests, timeout=20_000)
    qtbot.wait(700 if to_be_read else 20)  # captions take their time
    QApplication.processEvents()


def described_work(window: MainWindow) -> dict[str, Any]:
    """What the session holds, to the last bit."""
    session = window.session
    state, snapshot = session.state, session.snapshot()
    told: dict[str, Any] = {
        "columns": state.columns,
        "run": state.run.id,
        "frame": state.frame,
        "mode": session.mode,
        "draft": None if snapshot.draft is None else (_bits(snapshot.draft.mixture), *_words(snapshot.draft)),
        "guess": session.guess,
        "canvas": snapshot.canvas,
        "hall": session.hall,
        "selected": snapshot.selected,
        "rate": (session.rate, session.loops),
        "undo": (snapshot.undo, snapshot.redo),
        "compared": session.compared,
        "messages": snapshot.messages,
        "activity": snapshot.activity,
        "truth order": snapshot.truth_order,
        "counts": None if snapshot.counts is None else snapshot.counts.tobytes(),
        "colouring": None if snapshot.colouring is None else _bits(snapshot.colouring),
        "mixture": None if snapshot.mixture is None else _bits(snapshot.mixture),
        "list": snapshot.runs,
        "title": window.windowTitle().replace("[*]", "").split(" – ")[-2:],
    }
    for run in state.runs:
        told[f"run {run.id}"] = _run(run)
    return told


def described_window(window: MainWindow) -> dict[str, Any]:
    """What can be read and seen in its cards, and in its menus."""
    told: dict[str, Any] = {"axes": plot_of(window).view_box.viewRange()}
    for action in window.actions_by_id.values():
        told[f"action {action.objectName()}"] = (action.text(), action.isEnabled(), action.isChecked())
    for side in (LEFT, MIDDLE, RIGHT):
        for card in window.panels(side):
            told[type(card).__name__] = card.isVisible()
            if card.isVisible():
                told |= {f"{type(card).__name__}: {name}": value for name, value in _texts(card)}
    return told


def pictures(window: MainWindow) -> dict[str, QImage]:
    """The plot of the data, where no mouse is."""
    window.setFocus()
    QApplication.sendEvent(plot_of(window), QEvent(QEvent.Type.Leave))  # what follows the mouse
    QApplication.processEvents()
    return {"data": plot_of(window).grab().toImage()}


def differences(one: dict[str, Any], other: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Where two descriptions are not the same."""
    names = {*one, *other}
    return {name: (one.get(name), other.get(name)) for name in sorted(names) if one.get(name) != other.get(name)}


def _texts(card: QWidget) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for number, part in enumerate(card.findChildren(QWidget)):
        if not part.isVisible():
            continue
        name = part.objectName() or f"{type(part).__name__} {number}"
        if isinstance(part, QLabel):
            found.append((name, part.text()))
        elif isinstance(part, QAbstractButton):
            found.append((name, (part.text(), part.isEnabled(), part.isChecked())))
        elif isinstance(part, QAbstractSpinBox):
            found.append((name, (part.text(), part.isEnabled())))
        elif isinstance(part, QComboBox):
            items = [part.itemText(row) for row in range(part.count())]
            found.append((name, (part.currentText(), part.isEnabled(), items)))
        elif isinstance(part, QAbstractSlider) and part.objectName().startswith("run."):
            found.append((name, (part.minimum(), part.maximum(), part.value())))
        elif isinstance(part, QTableWidget):
            found.append((name, _cells(part)))
    return found


def _cells(table: QTableWidget) -> list[list[str]]:
    items = [[table.item(row, column) for column in range(table.columnCount())] for row in range(table.rowCount())]
    return [["" if item is None else item.text() for item in row] for row in items]


def _run(run: Run) -> dict[str, Any]:
    known = ("id", "name", "settings", "ready", "parent", "deleted", "used", "last", "stop", "outcome", "label")
    told: dict[str, Any] = {name: getattr(run, name) for name in known}
    told["dataset"], told["history"] = _dataset(run.dataset), _history(run.history) if run.ready else None
    told["start"] = None if run.start is None else _bits(run.start)
    if run.ready:
        told["measures"] = run.measures.tobytes()
    if run.ending is not None:
        ending = run.ending
        told["ending"] = (ending.outcome, ending.messages, ending.run, ending.rule, ending.still_to_gain)
        told["maxima"] = [(m.log_likelihood, m.reached, m.run, m.regular, _bits(m.mixture)) for m in ending.maxima]
    return told


def _dataset(dataset: Dataset) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for field in fields(Dataset):
        value = getattr(dataset, field.name)
        if isinstance(value, np.ndarray):
            told[field.name] = _hash(value)
        elif field.name == "table":
            told[field.name] = None if value is None else (value.source, value.rows, [c.name for c in value.columns])
        elif field.name == "whole":
            told[field.name] = None if value is None else _dataset(value)
        else:
            told[field.name] = _bits(value) if isinstance(value, Mixture) else value
    return told


def _history(history: FitHistory) -> list[str]:
    trace = history.trace()
    parts = (trace.log_likelihoods, trace.weights, trace.means, trace.covariances, history.kept)
    return [*map(_hash, parts), str(history.every), str(history.run), *_bits(history.mixture)]


def _bits(mixture: Mixture) -> list[str]:
    return [_hash(part) for part in (mixture.weights, mixture.means, mixture.covariances, mixture.cholesky)]


def _words(draft: Any) -> tuple[str, str]:
    return draft.name, draft.words


def _hash(array: Any) -> str:
    return hashlib.sha256(np.ascontiguousarray(array).tobytes()).hexdigest()[:16]


def alike(one: QImage, other: QImage) -> bool:
    """Whether two pictures are the same but for the edges of letters, which Qt draws a shade otherwise now and then."""
    if one.size() != other.size():
        return False
    away = np.abs(_pixels(one).astype(int) - _pixels(other)).max(axis=2)
    return bool(away.max() <= _SHADE and np.count_nonzero(away) <= _EDGES)


def _pixels(image: QImage) -> NDArray[np.uint8]:
    plain = image.convertToFormat(QImage.Format.Format_RGB32)
    rows = np.frombuffer(plain.constBits(), np.uint8).reshape(plain.height(), plain.bytesPerLine() // 4, 4)
    return rows[:, : plain.width(), :3].copy()  # the image goes with its bytes
