"""The dialog that asks for the looks of a picture, and the copy on the clipboard."""

from __future__ import annotations

from pathlib import Path

import pytest
from pypdf import PdfReader
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QComboBox, QDialogButtonBox, QDoubleSpinBox, QFileDialog, QLabel, QWidget
from pytestqt.qtbot import QtBot

from gmm_desktop.ui.numbers import count
from gmm_desktop.ui.picture_dialog import SIZES, PictureDialog
from gmm_desktop.ui.picturing import screen_look
from gmm_desktop.ui.theme import DARK
from tests.ui.driving import Open, action, run_to_the_end, wait_for_background


@pytest.fixture
def dialog(open_window: Open, qtbot: QtBot) -> PictureDialog:
    window = open_window("--sample", "faithful")
    made = PictureDialog(window, screen_look(window))
    made.show()
    return made


def part(dialog: QWidget, kind: type, name: str) -> QWidget:
    found = dialog.findChild(kind, f"picture.{name}")
    assert isinstance(found, QWidget)
    return found


def choose(dialog: PictureDialog, name: str, key: str) -> None:
    box = part(dialog, QComboBox, name)
    assert isinstance(box, QComboBox)
    box.setCurrentIndex(box.findData(key))


def summary(dialog: PictureDialog) -> str:
    label = part(dialog, QLabel, "summary")
    assert isinstance(label, QLabel)
    return label.text()


def test_a_column_of_an_article_is_85_millimetres_at_600_dots(dialog: PictureDialog) -> None:
    choose(dialog, "size", "column")
    look = dialog.look()
    assert look.width * look.unit / 72 * 25.4 == pytest.approx(85, abs=0.3)
    assert look.width * look.scale == pytest.approx(85 / 25.4 * 600, abs=5)
    pixels = round(look.width * look.scale), round(look.height * look.scale)
    assert summary(dialog).startswith(f"PNG: {count(pixels[0])} × {count(pixels[1])} pixels")


@pytest.mark.parametrize("key", SIZES)
def test_the_preview_follows_each_size(dialog: PictureDialog, qtbot: QtBot, key: str) -> None:
    preview = part(dialog, QLabel, "preview")
    assert isinstance(preview, QLabel)
    choose(dialog, "size", key)
    qtbot.waitUntil(lambda: not preview.pixmap().isNull(), timeout=5000)
    qtbot.wait(200)
    look = dialog.look()
    shown = preview.pixmap().deviceIndependentSize()
    assert shown.width() / shown.height() == pytest.approx(look.width / look.height, rel=0.02)


def test_a_number_that_is_changed_makes_it_a_size_of_ones_own(dialog: PictureDialog) -> None:
    choose(dialog, "size", "page")
    width = part(dialog, QDoubleSpinBox, "width")
    assert isinstance(width, QDoubleSpinBox)
    width.setValue(120)
    size = part(dialog, QComboBox, "size")
    assert isinstance(size, QComboBox)
    assert size.currentText() == "Own size"
    assert dialog.look().width * dialog.look().unit / 72 * 25.4 == pytest.approx(120, abs=0.3)


def test_what_is_too_large_is_said_and_cannot_be_accepted(dialog: PictureDialog) -> None:
    choose(dialog, "size", "poster")
    dots = part(dialog, QWidget, "dots")
    dots.setValue(2400)  # type: ignore[attr-defined]
    assert "too large" in summary(dialog)
    buttons = dialog.findChild(QDialogButtonBox)
    assert buttons is not None
    assert not buttons.button(QDialogButtonBox.StandardButton.Ok).isEnabled()


def test_colours_are_chosen(dialog: PictureDialog) -> None:
    choose(dialog, "colours", "dark")
    assert dialog.look().theme is DARK


def test_a_pdf_is_written_from_the_window(
    open_window: Open, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window("--sample", "faithful")
    run_to_the_end(window, qtbot)
    path = tmp_path / "plot.pdf"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))

    def accept() -> None:
        asked = QApplication.activeModalWidget()
        assert isinstance(asked, PictureDialog)
        choose(asked, "size", "page")
        qtbot.keyClick(asked, Qt.Key.Key_Return)

    QTimer.singleShot(300, accept)
    action(window, "file.export_picture").trigger()
    wait_for_background(window, qtbot)
    page = PdfReader(path).pages[0]
    assert float(page.mediabox.width) / 72 * 25.4 == pytest.approx(170, abs=0.3)
    assert {"eruptions", "waiting", "A", "B"} <= set(page.extract_text().split())


def test_the_plot_is_copied(open_window: Open, qtbot: QtBot) -> None:
    window = open_window("--sample", "faithful")
    plot = screen_look(window)
    # Not Ctrl + Alt: that is how AltGr arrives, which writes letters on many keyboards.
    qtbot.keyClick(window, Qt.Key.Key_G, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    wait_for_background(window, qtbot)
    copied = QGuiApplication.clipboard().image()
    assert (copied.width(), copied.height()) == (2 * plot.width, 2 * plot.height)
    assert "Copied a picture" in window.notices.text()
