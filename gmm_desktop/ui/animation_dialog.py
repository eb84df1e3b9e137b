"""Asks how a film of the run is to look and to run."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QWidget,
)

from gmm_desktop.session.film import usual_rate
from gmm_desktop.ui.film_view import FilmLook
from gmm_desktop.ui.filming import FilmPlan, plan_film
from gmm_desktop.ui.form import IntegerEditor, guard, name_widget
from gmm_desktop.ui.numbers import count, number
from gmm_desktop.ui.theme import Theme
from gmm_desktop.ui.views import ViewOptions

SLOWEST, FASTEST = 0.5, 60.0
MOST_FRAMES = 5000
"""More would take hours to watch and minutes to write."""
_WIDTHS, _HEIGHTS = (480, 2560), (360, 1440)  # to draw a larger frame would hold up the window
_MOST_EVERY = 100_000


class AnimationDialog(QDialog):
    """Size, pace, which steps, how large the type; and what comes of it: how many frames and how long they run."""

    def __init__(self, last: int, theme: Theme, options: ViewOptions, parent: QWidget | None = None) -> None:
        """Args:
        last: the last iteration of the run.
        theme: the colours, those of the window.
        options: how the data plot is drawn.
        parent: the window.
        """
        super().__init__(parent)
        self.setObjectName("animation_dialog")
        self.setWindowTitle("Export animation")
        self._last, self._theme, self._options = last, theme, options
        self._chosen_rate = False
        self._width, self._height = IntegerEditor(*_WIDTHS), IntegerEditor(*_HEIGHTS)
        self._steps, self._text = QComboBox(), QComboBox()
        self._every = IntegerEditor(0, _MOST_EVERY, "auto")
        self._rate = QDoubleSpinBox()
        self._summary = QLabel()
        self._set_up()
        self._buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel, self
        )
        self._lay_out()
        self._follow()

    def plan(self) -> FilmPlan:
        """The film as chosen. Odd sizes become even ones, which MP4 wants."""
        look = FilmLook(
            self._width.value() // 2 * 2,
            self._height.value() // 2 * 2,
            self._theme,
            self._options,
            hall=bool(self._text.currentData()),
        )
        halves = bool(self._steps.currentData())
        return plan_film(look, self._last, rate=self._rate.value(), halves=halves, every=self._every.value())

    def _set_up(self) -> None:
        for editor, what, value in ((self._width, "width", 1280), (self._height, "height", 720)):
            editor.setSingleStep(2)
            editor.setValue(value)
            name_widget(editor, f"animation.{what}", what.capitalize(), f"The {what} of the film in pixels.")
        name_widget(self._steps, "animation.steps", "Steps", "Whether E-step and M-step have frames of their own.")
        name_widget(
            self._every,
            "animation.every",
            "Every n-th step",
            "2 shows every second step; auto shows all, but of a long run ever fewer towards its end.",
        )
        name_widget(self._rate, "animation.rate", "Frames a second", "How many frames are shown in a second.")
        name_widget(self._text, "animation.text", "Text", "How large words, lines and marks are.")
        name_widget(self._summary, "animation.summary", "What comes of it", "How many frames, and how long they run.")
        for box, words in (
            (self._steps, ("Whole steps", "E-step and M-step apart")),
            (self._text, ("As on a desktop", "For a lecture hall")),
        ):
            for large, label in enumerate(words):
                box.addItem(label, bool(large))
            guard(box)
        self._rate.setRange(SLOWEST, FASTEST)
        self._rate.setDecimals(1)
        guard(self._rate)
        self._summary.setTextFormat(Qt.TextFormat.PlainText)
        self._summary.setWordWrap(True)
        self._summary.setMinimumHeight(3 * self._summary.fontMetrics().lineSpacing())

    def _lay_out(self) -> None:
        self._steps.currentIndexChanged.connect(self._follow)
        self._every.valueChanged.connect(self._follow)
        self._rate.valueChanged.connect(self._choose_rate)
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        size = QHBoxLayout()
        size.addWidget(self._width)
        size.addWidget(QLabel("×"))
        size.addWidget(self._height)
        size.addWidget(QLabel("pixels"))
        size.addStretch(1)
        form = QFormLayout(self)
        form.addRow("Size", size)
        form.addRow("Steps", self._steps)
        form.addRow("Every n-th step", self._every)
        form.addRow("Frames a second", self._rate)
        form.addRow("Text", self._text)
        form.addRow(self._summary)
        form.addRow(self._buttons)

    def _choose_rate(self) -> None:
        self._chosen_rate = True
        self._follow()

    def _follow(self) -> None:
        """Say what comes of the choices; until a person chooses one, the rate follows the number of frames."""
        plan = self.plan()
        frames = len(plan.frames)
        if not self._chosen_rate:
            self._rate.blockSignals(True)
            self._rate.setValue(usual_rate(frames))
            self._rate.blockSignals(False)
            plan = self.plan()
        too_many = frames > MOST_FRAMES
        self._buttons.button(QDialogButtonBox.StandardButton.Ok).setDisabled(too_many)
        if too_many:
            self._summary.setText(f"{count(frames)} frames are too many: take fewer steps, or auto.")
            return
        shown = "all" if plan.steps > self._last else f"{count(plan.steps)} of"
        steps = f"{shown} {count(self._last + 1)} steps, the start among them"
        seconds = number(plan.film(1).seconds, 3)
        self._summary.setText(f"{count(frames)} frames show {steps}. They run for {seconds} s, 2 s of it on the last.")


def ask_for_film(parent: QWidget, last: int, theme: Theme, options: ViewOptions) -> FilmPlan | None:
    """The film that a person wants; None where they changed their mind."""
    dialog = AnimationDialog(last, theme, options, parent)
    accepted = dialog.exec() == QDialog.DialogCode.Accepted
    plan = dialog.plan()
    dialog.deleteLater()
    return plan if accepted else None
