"""Play, step, scrub: the controls between the plot and the curve that they walk along."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLabel, QSlider, QToolButton, QVBoxLayout

from gmm_desktop.session import Snapshot
from gmm_desktop.session.pace import RATES, describe
from gmm_desktop.ui.captions import STRIDE
from gmm_desktop.ui.card import Card
from gmm_desktop.ui.form import guard, name_widget
from gmm_desktop.ui.hall_slider import HallSlider
from gmm_desktop.ui.mnemonics import spoken
from gmm_desktop.ui.numbers import count
from gmm_desktop.ui.play_button import PlayButton
from gmm_desktop.ui.still import Still, show_text
from gmm_desktop.ui.switch_button import SwitchButton
from gmm_desktop.ui.theme import SMALL, Theme, font

_BUTTONS = ("run.reset", "run.back", "run.play", "run.half_step", "run.step", "run.end", "run.go_on")
_WORDS = {
    "run.reset": "Start",
    "run.back": "Back",
    "run.half_step": "E-step",
    "run.step": "Step",
    "run.end": "End",
    "run.go_on": "Go on",
}
_IN_A_HALL = ("run.back", "run.play", "run.half_step", "run.step")
_ALSO = {"run.half_step": ("M-step", STRIDE)}  # so that nothing moves when the word changes
_BUTTON_WIDTH, _BUTTON_SIZE, _BUTTON_PADDING = 40, 44, 10
_SPEED_WIDTH = 72
_ICON_SIZE = 20


class PlaybackPanel(Card):
    """The card between plot and curve.

    Signals:
        iteration_chosen: the timeline was moved to an iteration; whether a mouse drags it there.
        rate_chosen: iterations a second; see ``session.pace``.
    """

    iteration_chosen = Signal(int, bool)
    rate_chosen = Signal(float)

    def __init__(self, actions: Mapping[str, QAction]) -> None:
        super().__init__("")
        row = QHBoxLayout()
        row.setSpacing(4)
        self._buttons = {name: _button(name, actions[name]) for name in _BUTTONS}
        for button in self._buttons.values():
            row.addWidget(button)
        row.addStretch(1)
        self._speed_text = QLabel()
        self._speed_text.setFont(font(SMALL))
        self._speed = QSlider(Qt.Orientation.Horizontal)
        self._speed.setRange(0, len(RATES) - 1)
        self._speed.setPageStep(1)
        self._speed.setMinimumWidth(_SPEED_WIDTH)
        self._speed.setMaximumWidth(2 * _SPEED_WIDTH)
        name_widget(
            self._speed,
            "run.speed",
            "Speed",
            "Iterations a second: auto begins slowly and quickens; at the right end as fast as it goes (+ and -).",
        )
        self._speed.valueChanged.connect(self._on_speed)
        guard(self._speed)
        speed = QVBoxLayout()
        speed.setSpacing(0)
        speed.addWidget(self._speed)
        speed.addWidget(self._speed_text)
        row.addLayout(speed)
        line = QHBoxLayout()
        line.setSpacing(12)
        self._timeline = HallSlider()
        self._timeline.setPageStep(10)
        name_widget(self._timeline, "run.timeline", "Iteration", "Drag to any iteration computed so far.")
        self._timeline.valueChanged.connect(lambda t: self.iteration_chosen.emit(t, self._timeline.isSliderDown()))
        guard(self._timeline)
        self._counter = QLabel()
        self._counter.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        name_widget(self._counter, "run.counter", "Shown iteration", "The shown iteration, and how many are known.")
        self._play_back = _small_button(actions["run.play_back"])
        line.addWidget(self._play_back)
        line.addWidget(self._timeline, 1)
        line.addWidget(Still(self._counter))
        self._loop = _small_button(actions["run.loop"])
        self._present = _present_button(actions["view.presentation"])
        line.addWidget(self._loop)
        line.addWidget(self._present)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(4)
        self._rows.addLayout(row)
        self._rows.addLayout(line, 1)
        self.content.addLayout(self._rows)
        self.show_rate(RATES[0])

    def set_theme(self, theme: Theme, scale: float = 1.0) -> None:
        """Take a theme. Larger than on a desktop it is one row of what a lecture needs."""
        super().set_theme(theme, scale)
        large = scale > 1.0
        for name, button in self._buttons.items():
            button.setVisible(not large or name in _IN_A_HALL)
            _size_button(name, button, scale)
        for part in (self._speed, self._speed_text, self._present, self._play_back, self._loop):
            part.setVisible(not large)
        self._timeline.set_scale(scale)
        across = QBoxLayout.Direction.LeftToRight if large else QBoxLayout.Direction.TopToBottom
        self._rows.setDirection(across)
        self._rows.setSpacing(round(12 * scale) if large else 4)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Follow the session."""
        self._timeline.blockSignals(True)
        self._timeline.setRange(0, snapshot.last_iteration)
        self._timeline.setValue(snapshot.iteration)
        self._timeline.blockSignals(False)
        self._timeline.setEnabled(snapshot.last_iteration > 0)
        show_text(self._counter, f"{count(snapshot.iteration)} / {count(snapshot.last_iteration)}")

    def show_rate(self, rate: float) -> None:
        """Show the pace without telling anybody."""
        self._speed.blockSignals(True)
        self._speed.setValue(RATES.index(rate))
        self._speed.blockSignals(False)
        self._show_speed(rate)

    def change_speed(self, notches: int) -> None:
        """Faster or slower by notches of the slider."""
        self._speed.setValue(self._speed.value() + notches)

    def _on_speed(self, notch: int) -> None:
        self._show_speed(RATES[notch])
        self.rate_chosen.emit(RATES[notch])

    def _show_speed(self, rate: float) -> None:
        self._speed_text.setText(f"Speed: {describe(rate)}")


def _button(name: str, action: QAction) -> QToolButton:
    """Play is large and filled; the others have their word below the icon."""
    if name == "run.play":
        button: QToolButton = PlayButton()
    else:
        button = QToolButton()
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        button.setFont(font(SMALL))
        action.setIconText(_WORDS[name])
    button.setDefaultAction(action)
    _size_button(name, button, 1.0)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setAccessibleName(spoken(action.text()))
    return button


def _size_button(name: str, button: QToolButton, scale: float) -> None:
    """Icon, width and height at a scale; its type has been scaled before. In a hall it has no thin frame."""
    button.setIconSize(QSize(round(_ICON_SIZE * scale), round(_ICON_SIZE * scale)))
    button.setFixedHeight(round(_BUTTON_SIZE * scale))
    if isinstance(button, PlayButton):
        button.set_scale(scale)
        return
    button.setAutoRaise(scale > 1.0)
    widest = max((_WORDS[name], *_ALSO.get(name, ())), key=len)
    needed = button.fontMetrics().horizontalAdvance(widest) + _BUTTON_PADDING * scale
    button.setMinimumWidth(round(max(_BUTTON_WIDTH * scale, needed)))


def _present_button(action: QAction) -> QToolButton:
    button = QToolButton()
    action.setIconText("Present")
    button.setDefaultAction(action)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setAccessibleName("Presentation")
    return button


def _small_button(action: QAction) -> QToolButton:
    """Beside the timeline: an icon alone."""
    button = SwitchButton()
    button.setAutoRaise(True)
    button.setDefaultAction(action)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setAccessibleName(spoken(action.text()))
    return button
