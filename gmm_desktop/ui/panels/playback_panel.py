"""Play, step, scrub: the controls between the plot and the curve that they walk along."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSlider, QToolButton, QVBoxLayout

from gmm_desktop.session import Snapshot
from gmm_desktop.session.pace import RATES, describe
from gmm_desktop.ui.card import Card
from gmm_desktop.ui.form import guard, name_widget
from gmm_desktop.ui.numbers import count
from gmm_desktop.ui.play_button import PlayButton

_BUTTONS = ("run.reset", "run.back", "run.play", "run.step", "run.end", "run.go_on")
_BUTTON_SIZE = 36
_ICON_SIZE = 20


class PlaybackPanel(Card):
    """The card between plot and curve.

    Signals:
        iteration_chosen: the timeline was moved to an iteration.
        rate_chosen: iterations a second; see ``session.pace``.
    """

    iteration_chosen = Signal(int)
    rate_chosen = Signal(float)

    def __init__(self, actions: Mapping[str, QAction]) -> None:
        super().__init__("")
        row = QHBoxLayout()
        row.setSpacing(4)
        for name in _BUTTONS:
            button = PlayButton() if name == "run.play" else QToolButton()
            button.setDefaultAction(actions[name])
            button.setIconSize(QSize(_ICON_SIZE, _ICON_SIZE))
            button.setMinimumHeight(_BUTTON_SIZE)
            if name != "run.play":
                button.setMinimumWidth(_BUTTON_SIZE)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setAccessibleName(actions[name].text().replace("&", ""))
            row.addWidget(button)
        row.addStretch(1)
        self._speed_text = QLabel()
        self._speed_text.setMinimumWidth(self._speed_text.fontMetrics().horizontalAdvance("1000/s "))
        self._speed = QSlider(Qt.Orientation.Horizontal)
        self._speed.setRange(0, len(RATES) - 1)
        self._speed.setPageStep(1)
        self._speed.setMinimumWidth(48)
        self._speed.setMaximumWidth(140)
        name_widget(
            self._speed,
            "run.speed",
            "Speed",
            "Iterations a second: auto begins slowly and quickens; at the right end as fast as it goes (+ and −).",
        )
        self._speed.valueChanged.connect(self._on_speed)
        guard(self._speed)
        label = QLabel("Speed")
        label.setBuddy(self._speed)
        for widget in (label, self._speed, self._speed_text):
            row.addWidget(widget)
        line = QHBoxLayout()
        line.setSpacing(12)
        self._timeline = QSlider(Qt.Orientation.Horizontal)
        self._timeline.setPageStep(10)
        name_widget(self._timeline, "run.timeline", "Iteration", "Drag to any iteration computed so far.")
        self._timeline.valueChanged.connect(self.iteration_chosen)
        guard(self._timeline)
        self._counter = QLabel()
        self._counter.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        name_widget(self._counter, "run.counter", "Shown iteration", "The shown iteration, and how many are known.")
        line.addWidget(self._timeline, 1)
        line.addWidget(self._counter)
        rows = QVBoxLayout()
        rows.setSpacing(4)
        rows.addLayout(row)
        rows.addLayout(line)
        self.content.addLayout(rows)
        self.show_rate(RATES[0])

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Follow the session."""
        self._timeline.blockSignals(True)
        self._timeline.setRange(0, snapshot.last_iteration)
        self._timeline.setValue(snapshot.iteration)
        self._timeline.blockSignals(False)
        self._timeline.setEnabled(snapshot.last_iteration > 0)
        self._counter.setText(f"{count(snapshot.iteration)} / {count(snapshot.last_iteration)}")

    def show_rate(self, rate: float) -> None:
        """Show the pace without telling anybody."""
        self._speed.blockSignals(True)
        self._speed.setValue(RATES.index(rate))
        self._speed.blockSignals(False)
        self._speed_text.setText(describe(rate))

    def change_speed(self, notches: int) -> None:
        """Faster or slower by notches of the slider."""
        self._speed.setValue(self._speed.value() + notches)

    def _on_speed(self, notch: int) -> None:
        self._speed_text.setText(describe(RATES[notch]))
        self.rate_chosen.emit(RATES[notch])
