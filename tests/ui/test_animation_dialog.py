"""The dialog that asks how a film is to look and to run."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFileDialog,
    QLabel,
    QSpinBox,
    QWidget,
)
from pytestqt.qtbot import QtBot

from gmm_desktop.ui.animation_dialog import AnimationDialog
from gmm_desktop.ui.theme import LIGHT
from gmm_desktop.ui.views import ViewOptions
from tests.ui.driving import Open, action, run_to_the_end


@pytest.fixture
def dialog(qtbot: QtBot) -> AnimationDialog:
    dialog = AnimationDialog(1234, LIGHT, ViewOptions())
    qtbot.addWidget(dialog)
    with qtbot.waitActive(dialog):
        dialog.show()
        dialog.activateWindow()
    return dialog


def said(dialog: QWidget) -> str:
    label = dialog.findChild(QLabel, "animation.summary")
    assert isinstance(label, QLabel)
    return label.text().replace("\u202f", "")


def enter(qtbot: QtBot, dialog: QWidget, name: str, text: str) -> None:
    box = dialog.findChild(QSpinBox, name) or dialog.findChild(QDoubleSpinBox, name)
    assert box is not None
    box.setFocus()
    box.selectAll()
    qtbot.keyClicks(box, text)
    qtbot.keyClick(box, Qt.Key.Key_Tab)


def test_it_says_how_many_frames_and_how_long(qtbot: QtBot, dialog: AnimationDialog) -> None:
    assert said(dialog) == (
        "200 frames show 200 of 1235 steps, the start among them. They run for 13.7 s, 2 s of it on the last."
    )
    enter(qtbot, dialog, "animation.every", "100")
    assert said(dialog).startswith("14 frames show 14 of 1235 steps")
    enter(qtbot, dialog, "animation.rate", dialog.locale().toString(4.0))
    assert "They run for 5.25 s" in said(dialog)
    enter(qtbot, dialog, "animation.every", "1")
    assert said(dialog).startswith("1235 frames show all 1235 steps")
    assert "They run for 310 s" in said(dialog), "a rate that was chosen stays"
    box = dialog.findChild(QComboBox, "animation.steps")
    assert isinstance(box, QComboBox)
    box.setCurrentIndex(1)
    assert said(dialog).startswith("2470 frames")


def test_odd_sizes_become_even(qtbot: QtBot, dialog: AnimationDialog) -> None:
    enter(qtbot, dialog, "animation.width", "801")
    enter(qtbot, dialog, "animation.height", "601")
    look = dialog.plan().look
    assert (look.width, look.height) == (800, 600)


def test_too_many_frames_cannot_be_had(qtbot: QtBot) -> None:
    dialog = AnimationDialog(50_000, LIGHT, ViewOptions())
    qtbot.addWidget(dialog)
    with qtbot.waitActive(dialog):
        dialog.show()
        dialog.activateWindow()
    ok = dialog.findChild(QDialogButtonBox).button(QDialogButtonBox.StandardButton.Ok)  # type: ignore[union-attr]
    assert ok.isEnabled()
    enter(qtbot, dialog, "animation.every", "1")
    assert not ok.isEnabled()
    assert "too many" in said(dialog)
    enter(qtbot, dialog, "animation.every", "0")
    assert ok.isEnabled()


def test_every_control_says_what_it_is(dialog: AnimationDialog) -> None:
    controls = [w for kind in (QComboBox, QSpinBox, QDoubleSpinBox) for w in dialog.findChildren(kind)]
    assert len(controls) == 6
    for control in controls:
        assert control.accessibleName()
        assert control.toolTip()


def test_cancelling_asks_for_no_file(open_window: Open, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    window = open_window("--max-iterations", "2")
    run_to_the_end(window, qtbot)
    asked: list[object] = []
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *given: (asked.append(given), ("", ""))[1])

    def answer(key: Qt.Key) -> None:
        dialog = window.findChild(QDialog, "animation_dialog")
        assert isinstance(dialog, QDialog)
        qtbot.keyClick(dialog, key)

    qtbot.waitUntil(lambda: action(window, "file.export_animation").isEnabled())
    QTimer.singleShot(100, lambda: answer(Qt.Key.Key_Escape))
    action(window, "file.export_animation").trigger()
    assert asked == []
    QTimer.singleShot(100, lambda: answer(Qt.Key.Key_Return))
    action(window, "file.export_animation").trigger()
    assert len(asked) == 1
    offered = asked[0][3]  # type: ignore[index]
    assert offered == "Animated GIF (*.gif);;Animated WebP (*.webp);;MP4 film (*.mp4);;Numbered pictures (*.png)"
