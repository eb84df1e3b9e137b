"""Asks how large a picture is to be on paper or on a slide, with a look at what comes of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QFont, QImage, QPixmap
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFontComboBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from gmm_desktop.ui.form import IntegerEditor, guard, name_widget
from gmm_desktop.ui.numbers import count
from gmm_desktop.ui.pictures import PictureLook, look_for_print, picture_pieces
from gmm_desktop.ui.pieces import PieceByPiece
from gmm_desktop.ui.theme import DARK, LIGHT

if TYPE_CHECKING:
    from gmm_desktop.ui.main_window import MainWindow

_CUSTOM, _SCREEN = "custom", "screen"
SIZES: dict[str, tuple[str, tuple[float, float, float, int] | None]] = {
    _SCREEN: ("As on screen", None),
    "slide": ("Slide, 16 : 9", (254.0, 142.875, 12.0, 192)),
    "column": ("One column of an article", (85.0, 60.0, 7.0, 600)),
    "page": ("The width of a page", (170.0, 110.0, 9.0, 300)),
    "poster": ("Poster", (400.0, 280.0, 24.0, 150)),
    _CUSTOM: ("Own size", None),
}
"""What is offered: label, and width and height in millimetres, text in points, dots an inch; None: as it stands."""
_PREVIEW = QSize(420, 280)
_PAUSE_MILLISECONDS = 150
_MOST_PIXELS = 200_000_000


class PictureDialog(QDialog):
    """Size on paper, size of the text, font, dots an inch, colours; and a preview."""

    def __init__(self, window: MainWindow, screen: PictureLook) -> None:
        """Args:
        window: whose shown frame is drawn.
        screen: the look of the plot in the window.
        """
        super().__init__(window)
        self.setObjectName("picture_dialog")
        self.setWindowTitle("Export picture")
        self._window, self._screen = window, screen
        self._size, self._colours = QComboBox(), QComboBox()
        self._width, self._height, self._text = _measure(10, 2000), _measure(10, 2000), _measure(3, 96)
        self._dots = IntegerEditor(36, 2400)
        self._family = QFontComboBox()
        self._preview, self._summary = QLabel(), QLabel()
        self._pieces = PieceByPiece(self)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self._draw)
        self._name()
        self._lay_out()
        self._choose_size()

    def look(self) -> PictureLook:
        """The picture as chosen."""
        theme = DARK if self._colours.currentData() == "dark" else LIGHT
        family = "" if self._family.currentFont().family() == self.font().family() else self._family.currentText()
        if self._size.currentData() == _SCREEN:
            return replace(self._screen, theme=theme, family=family)
        return look_for_print(
            self._width.value(),
            self._height.value(),
            self._text.value(),
            self._dots.value(),
            theme,
            self._screen.options,
            family,
        )

    def _name(self) -> None:
        name_widget(self._size, "picture.size", "Size", "For what the picture is meant.")
        name_widget(self._width, "picture.width", "Width", "How wide the picture is on paper.")
        name_widget(self._height, "picture.height", "Height", "How high the picture is on paper.")
        name_widget(self._text, "picture.text", "Text", "How high the numbers at the axes are on paper.")
        name_widget(self._dots, "picture.dots", "Dots an inch", "How fine a PNG is; SVG and PDF are as fine as can be.")
        name_widget(self._family, "picture.family", "Font", "The font of all words and numbers.")
        name_widget(self._colours, "picture.colours", "Colours", "Light for paper, dark for dark slides.")
        name_widget(self._preview, "picture.preview", "Preview", "The picture, drawn small.")
        name_widget(self._summary, "picture.summary", "What comes of it", "How large the picture is.")

    def _lay_out(self) -> None:
        for key, (label, _) in SIZES.items():
            self._size.addItem(label, key)
        for key, label in (("light", "Light"), ("dark", "Dark")):
            self._colours.addItem(label, key)
        self._colours.setCurrentIndex(int(self._screen.theme is DARK))
        self._family.setCurrentFont(QFont(self.font().family()))
        for box in (self._size, self._colours, self._family):
            guard(box)
        self._family.setMinimumContentsLength(12)
        for editor, suffix in ((self._width, " mm"), (self._height, " mm"), (self._text, " pt")):
            editor.setSuffix(suffix)
            editor.valueChanged.connect(self._own_size)
        self._dots.valueChanged.connect(self._own_size)
        self._size.currentIndexChanged.connect(self._choose_size)
        self._colours.currentIndexChanged.connect(self._follow)
        self._family.currentFontChanged.connect(self._follow)
        self._preview.setFixedSize(_PREVIEW)
        self._preview.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._summary.setTextFormat(Qt.TextFormat.PlainText)
        self._summary.setWordWrap(True)
        self._summary.setMinimumHeight(2 * self._summary.fontMetrics().lineSpacing())
        form = QFormLayout()
        rows: tuple[tuple[str, QWidget], ...] = (
            ("&Size", self._size),
            ("&Width", self._width),
            ("&Height", self._height),
            ("&Text", self._text),
            ("&Font", self._family),
            ("&Dots an inch", self._dots),
            ("&Colours", self._colours),
        )
        for label, field in rows:
            form.addRow(label, field)
        self._buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel, self
        )
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        halves = QHBoxLayout()
        halves.addLayout(form)
        halves.addWidget(self._preview)
        layout = QVBoxLayout(self)
        layout.addLayout(halves)
        layout.addWidget(self._summary)
        layout.addWidget(self._buttons)

    def _choose_size(self) -> None:
        """Show the numbers of a size that has some; those of the screen cannot be changed."""
        key = str(self._size.currentData())
        numbers = SIZES[key][1]
        editors = (self._width, self._height, self._text, self._dots)
        for editor in editors:
            editor.blockSignals(True)
            editor.setEnabled(key != _SCREEN)
        if key == _SCREEN:
            look = self._screen
            millimetres = look.unit / 72 * 25.4
            numbers = (look.width * millimetres, look.height * millimetres, 9.0, round(96 * look.scale))
        if numbers is not None:
            self._width.setValue(numbers[0])
            self._height.setValue(numbers[1])
            self._text.setValue(numbers[2])
            self._dots.setValue(numbers[3])
        for editor in editors:
            editor.blockSignals(False)
        self._follow()

    def _own_size(self) -> None:
        self._size.blockSignals(True)
        self._size.setCurrentIndex(self._size.findData(_CUSTOM))
        self._size.blockSignals(False)
        self._follow()

    def _follow(self) -> None:
        """Say what comes of the choices, and draw it when the person has paused."""
        look = self.look()
        pixels = (round(look.width * look.scale), round(look.height * look.scale))
        self._too_large = pixels[0] * pixels[1] > _MOST_PIXELS
        self._buttons.button(QDialogButtonBox.StandardButton.Ok).setDisabled(self._too_large)
        if self._too_large:
            self._summary.setText("That is too large: choose a smaller size or fewer dots an inch.")
            return
        self._summary.setText(
            f"PNG: {count(pixels[0])} × {count(pixels[1])} pixels. SVG and PDF: lines and text, of any fineness."
        )
        self._soon.start(_PAUSE_MILLISECONDS)

    def _draw(self) -> None:
        from gmm_desktop.ui.picturing import prepared

        look, ratio = self.look(), self.devicePixelRatioF()
        fit = min(_PREVIEW.width() / look.width, _PREVIEW.height() / look.height) * ratio
        snapshot = self._window.session.snapshot()
        pieces = picture_pieces(snapshot, replace(look, scale=fit), prepared(self._window, snapshot))
        self._pieces.start(pieces, self._show, lambda error: self._summary.setText(str(error)))

    def _show(self, image: QImage) -> None:
        pixmap = QPixmap.fromImage(image)
        pixmap.setDevicePixelRatio(self.devicePixelRatioF())
        self._preview.setPixmap(pixmap)


def _measure(low: float, high: float) -> QDoubleSpinBox:
    box = QDoubleSpinBox()
    box.setRange(low, high)
    box.setDecimals(1)
    guard(box)
    return box


def ask_for_picture(window: MainWindow, screen: PictureLook) -> PictureLook | None:
    """The picture that a person wants; None where they changed their mind."""
    dialog = PictureDialog(window, screen)
    accepted = dialog.exec() == QDialog.DialogCode.Accepted
    look = dialog.look()
    dialog.deleteLater()
    return look if accepted else None
