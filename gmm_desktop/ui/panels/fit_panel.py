"""How it is fitted: the mixture's settings, how EM steps, and when it stops."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QPushButton, QSizePolicy, QVBoxLayout, QWidget

from gmm_desktop.mixture import ACCELERATIONS, COLLAPSES, COVARIANCE_TYPES, INITIALIZERS, STOP_RULES, FitSettings
from gmm_desktop.session import Snapshot
from gmm_desktop.session.conditions import can_change
from gmm_desktop.ui.captions import accelerated_by
from gmm_desktop.ui.card import Card, FoldingCard
from gmm_desktop.ui.columns import GAP
from gmm_desktop.ui.form import ChoiceEditor, Field, Form, IntegerEditor, NumberEditor, SwitchEditor, name_widget
from gmm_desktop.ui.numbers import tidy
from gmm_desktop.ui.switch_button import SwitchButton


class FitPanel(Card):
    """The Mixture card.

    Signals:
        edited: (field of FitSettings, new value).
        new_start_wanted: the next seed.
    """

    edited = Signal(str, object)
    new_start_wanted = Signal()

    def __init__(self, actions: Mapping[str, QAction]) -> None:
        super().__init__("Mixture")
        self._form = Form("fit", _MIXTURE_FIELDS)
        self._form.edited.connect(self.edited)
        self._new = QPushButton("New")
        self._new.setMaximumWidth(self._new.fontMetrics().horizontalAdvance("New") + 16)
        name_widget(self._new, "fit.new_seed", "New start", "Begin from another start: the next seed (N).")
        self._new.clicked.connect(self.new_start_wanted)
        self._form.add_beside("seed", self._new)
        self.content.addWidget(self._form)
        by_hand = SwitchButton()
        by_hand.setDefaultAction(actions["edit.place"])
        by_hand.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        by_hand.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        by_hand.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        by_hand.setObjectName("fit.by_hand")
        by_hand.setAccessibleName("Place by hand")
        self.content.addWidget(by_hand)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Follow the session."""
        self._form.show_values(snapshot.settings)
        starts = self._form.editor("initialization")
        assert isinstance(starts, ChoiceEditor)
        starts.offer("labels", snapshot.dataset.labels is not None)
        reason = can_change(snapshot)
        self._form.set_locked(reason)
        mixes = COVARIANCE_TYPES[snapshot.settings.covariance].mixes_columns and snapshot.dataset.dimension > 1
        self._form.set_row_visible("standardise", mixes or snapshot.settings.standardise)
        self._new.setEnabled(not reason)

    def show_error(self, sentence: str) -> None:
        """A sentence about a setting that cannot be."""
        self._form.show_error(sentence)


class StopPanel(QWidget):
    """The EM card and the Stop card: one line each, that opens.

    Signals:
        edited: (field of FitSettings, new value).
    """

    edited = Signal(str, object)

    def __init__(self) -> None:
        super().__init__()
        self._steps_card, self._stop_card = FoldingCard("EM", "fit.steps"), FoldingCard("Stop", "fit.stop")
        self._steps, self._stop = Form("fit", _STEP_FIELDS), Form("fit", _STOP_FIELDS)
        self._asked = self._stop
        cards = QVBoxLayout(self)
        cards.setContentsMargins(0, 0, 0, 0)
        cards.setSpacing(GAP)
        for card, form in ((self._steps_card, self._steps), (self._stop_card, self._stop)):
            form.edited.connect(partial(self._on_edited, form))
            card.inside.addWidget(form)
            cards.addWidget(card)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Follow the session."""
        self._steps_card.set_summary(steps_sentence(snapshot.settings))
        self._stop_card.set_summary(stop_sentence(snapshot.settings))
        reason = can_change(snapshot)
        for form in (self._steps, self._stop):
            form.show_values(snapshot.settings)
            form.set_locked(reason)
        if not reason and not STOP_RULES[snapshot.settings.stop_rule].needs_tolerance:
            self._stop.set_locked("This stop rule needs no tolerance.", ("tolerance",))

    def show_error(self, sentence: str) -> None:
        """A sentence about a setting that cannot be, in the card where it was made."""
        self._asked.show_error(sentence)

    def _on_edited(self, form: Form, name: str, value: object) -> None:
        self._asked = form
        self.edited.emit(name, value)


def steps_sentence(settings: FitSettings) -> str:
    """How EM steps, in a line, and in a second one what a collapse does where that is not the usual."""
    by = accelerated_by(settings)
    lines = [f"accelerated: {by}" if by else "as it is taught"]
    if settings.collapse != FitSettings.collapse:
        lines.append(f"collapse: {settings.collapse}")
    return "\n".join(lines)


def stop_sentence(settings: FitSettings) -> str:
    """When EM stops, in one line."""
    rule = STOP_RULES[settings.stop_rule]
    if not rule.needs_tolerance:
        return f"after {settings.max_iterations} iterations"
    return f"{rule.label[0].lower()}{rule.label[1:]} < {tidy(settings.tolerance)}"


def _initialization_editor() -> ChoiceEditor:
    """All of them, so that whatever a run used can be shown; those that need something supplied cannot be picked."""
    editor = ChoiceEditor(INITIALIZERS)
    for key, row in INITIALIZERS.items():
        editor.offer(key, row.offered)
    return editor


_MIXTURE_FIELDS = (
    Field(
        "components",
        "Components",
        "How many groups to look for (k). With the plot focused, keys 1 to 9 set it.",
        lambda: IntegerEditor(1, 50),
    ),
    Field(
        "covariance",
        "Covariance",
        "Which shapes the components may take.",
        lambda: ChoiceEditor(COVARIANCE_TYPES),
    ),
    Field(
        "standardise",
        "Standardise",
        "Circles are circles in columns divided by their standard deviation; every number stays in data units.",
        SwitchEditor,
    ),
    Field(
        "initialization",
        "Start",
        "How the first guess is made; EM only climbs from there.",
        _initialization_editor,
    ),
    Field(
        "restarts",
        "Starts",
        "How many starts race; the best of them is played.",
        lambda: IntegerEditor(1, 1000),
    ),
    Field("seed", "Seed", "The same seed makes the same start.", lambda: IntegerEditor(0, 2**31 - 1)),
)
_STEP_FIELDS = (
    Field(
        "acceleration",
        "Acceleration",
        "How EM goes from one iteration to the next.",
        lambda: ChoiceEditor(ACCELERATIONS),
    ),
    Field(
        "collapse",
        "Collapse",
        "What to do about a component that shrinks onto a few points, where the likelihood grows without bound.",
        lambda: ChoiceEditor(COLLAPSES),
    ),
)
_STOP_FIELDS = (
    Field("stop_rule", "Rule", "What has to become small before EM stops.", lambda: ChoiceEditor(STOP_RULES)),
    Field(
        "tolerance",
        "Tolerance",
        "How small it has to become; moving it recomputes nothing.",
        lambda: NumberEditor("tolerance"),
    ),
    Field(
        "max_iterations",
        "At most",
        "EM stops after so many iterations in any case.",
        lambda: IntegerEditor(1, 1_000_000),
    ),
)
