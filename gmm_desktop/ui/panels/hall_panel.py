"""Ask the hall: a question about the next half step, a show of hands, the answer, and the tally."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QLabel,
    QToolButton,
)

from gmm_desktop.session import Snapshot
from gmm_desktop.session.conditions import can_ask
from gmm_desktop.session.questions import Answer, Hall, Question, Ranges, Tally, question
from gmm_desktop.session.timeline import Frame
from gmm_desktop.ui.card import Card
from gmm_desktop.ui.form import name_widget
from gmm_desktop.ui.hall_choice import Choice
from gmm_desktop.ui.hall_words import (
    choice_words,
    hands_words,
    question_words,
    tally_table,
    tally_words,
    verdict,
)
from gmm_desktop.ui.play_button import PlayButton
from gmm_desktop.ui.theme import CAPTION, SMALL, Theme, font, icon

_ICON, _BUTTON_HEIGHT = 20, 32
_REVEAL, _NEXT = "Reveal", "Next"


class HallPanel(Card):
    """The card between plot and playback; hidden until something is asked.

    Signals:
        ahead_wanted: the next iteration is to be computed without being shown.
        reveal_wanted: the half step is to be made.
        next_wanted: another question is wanted.
        point_asked: the row of the point that is asked about, or None.
        turned: it was opened or closed.
        noted: a Hall, when something was asked, answered, or hands were shown.
        left: it was closed while it had the keyboard.
    """

    ahead_wanted = Signal()
    reveal_wanted = Signal()
    next_wanted = Signal()
    point_asked = Signal(object)
    turned = Signal()
    noted = Signal(object)
    left = Signal()

    def __init__(self, actions: Mapping[str, QAction]) -> None:
        super().__init__("")
        self.setObjectName("hall.panel")
        self.tally = Tally()
        self._question: Question | None = None
        self._waits = False  # for the next iteration, which is computed
        self._asked_at: tuple[int, Frame] | None = None  # the run and the frame
        self._answered = False
        self._within: Ranges | None = None
        self._words = QLabel()
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setWordWrap(True)
        self._words.setFont(font(CAPTION))
        name_widget(self._words, "hall.question", "Question to the hall", "What is asked, and after it the answer.")
        self._copy = _small_button("hall.copy", "Copy the tally", "Copy all questions, hands and answers as a table.")
        self._copy.clicked.connect(lambda: QApplication.clipboard().setText(tally_table(self.tally)))
        self._close = _small_button("hall.close", "Close the question", "Close the question; the tally stays (Escape).")
        self._close.clicked.connect(self.close_question)
        self._taking = False  # what is asked from elsewhere
        self._choices = [Choice(place) for place in range(3)]
        for choice in self._choices:
            choice.field.valueChanged.connect(lambda _: self._note())
        self._reveal = PlayButton((_REVEAL, _NEXT))
        self._reveal.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        name_widget(self._reveal, "hall.reveal", "Reveal", "Make the half step and see who is right (Enter).")
        self._reveal.clicked.connect(self._press)
        self._score = QLabel()
        self._score.setFont(font(SMALL))
        self._score.setWordWrap(True)
        name_widget(self._score, "hall.tally", "Tally", "How often the hall was right in this session.")
        self._arrange()
        self.hide()

    def _arrange(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self._words, 1)
        for button in (self._reveal, self._copy, self._close):
            top.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        row = QHBoxLayout()
        row.setSpacing(8)
        for choice in self._choices:
            row.addWidget(choice, 1)
        self.content.addLayout(top)
        self.content.addLayout(row)
        self.content.addWidget(self._score)

    @property
    def is_open(self) -> bool:
        """Whether a question waits for its answer."""
        return not self.isHidden() and not self._answered

    # What a person does ------------------------------------------------------------------------------------------

    def ask(self, snapshot: Snapshot, within: Ranges | None = None) -> None:
        """Ask what fits the next half step; ``within`` are the ranges in which a point can be seen."""
        self._within = within
        self._answered = False
        self._question = None
        self._asked_at = (snapshot.run, snapshot.frame)
        self._waits = snapshot.phase == "E" and snapshot.last_iteration <= snapshot.iteration
        if self._waits:
            self._say("Computing the next step, which is not shown …")
            self.ahead_wanted.emit()
        else:
            self._put(snapshot)
        if self.isHidden():
            self.show()
            self.turned.emit()
        self._choices[0].field.setFocus()
        self._choices[0].field.selectAll()
        self._note()

    def take(self, hall: Hall, snapshot: Snapshot, within: Ranges | None = None) -> None:
        """Ask what was asked, with the hands that were shown then, where ``snapshot`` still shows what it is about.

        What waited for the next iteration is asked anew.
        """
        self._taking = True
        self.close_question()
        self.tally = hall.tally
        if hall.is_open and hall.question is None and not can_ask(snapshot):
            self.ask(snapshot, within)
        elif hall.question is not None and _is_about(hall, snapshot):
            self._within, self._asked_at = within, (snapshot.run, snapshot.frame)
            self._put_question(hall.question, snapshot)
            for choice, shown in zip(self._choices, hall.hands, strict=True):
                choice.field.setValue(shown)
            if hall.answered:
                self._show_answer(Answer(hall.question, hall.hands))
            self.show()
            self.turned.emit()
        self._taking = False
        self._note()

    def _note(self) -> None:
        if self._taking:
            return
        if self.isHidden():
            self.noted.emit(Hall(tally=self.tally))
            return
        first, second, third = (choice.field.value() for choice in self._choices)
        self.noted.emit(Hall(True, self._question, (first, second, third), self._answered, self.tally))

    def close_question(self) -> None:
        """Ask nothing any more; the tally stays."""
        self._question = None
        self._answered = self._waits = False
        self.point_asked.emit(None)
        if not self.isHidden():
            focus = QApplication.focusWidget()
            had_keyboard = focus is not None and self.isAncestorOf(focus)
            self.hide()
            self.turned.emit()
            if had_keyboard:
                self.left.emit()
        self._note()

    def _press(self) -> None:
        if self._answered:
            self.next_wanted.emit()
        elif self._question is not None:
            self.reveal_wanted.emit()

    # What the session says ---------------------------------------------------------------------------------------

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Ask when the next iteration is known; answer when it is shown; be gone when another frame is."""
        if self.isHidden():
            return
        at, asked = (snapshot.run, snapshot.frame), self._question
        answered = asked is not None and asked.is_answered_by(*at)
        if asked is not None and answered and not self._answered:
            self._answer(asked)
        elif not answered and at != self._asked_at:
            self.close_question()
        elif self._waits and snapshot.last_iteration > snapshot.iteration:
            self._waits = False
            self._put(snapshot)
        elif self._waits and snapshot.outcome:
            self._waits = False
            self._say(can_ask(snapshot))
        if self._answered:
            self._reveal.setEnabled(not can_ask(snapshot))

    def _put(self, snapshot: Snapshot) -> None:
        asked = question(snapshot, self._within)
        if asked is None:
            self._question = None
            self.point_asked.emit(None)
            self._say("There is no point to be asked about in this part of the plot.")
        else:
            self._put_question(asked, snapshot)
        self._note()

    def _put_question(self, asked: Question, snapshot: Snapshot) -> None:
        self._question = asked
        self.point_asked.emit(asked.point)
        self._words.setText(question_words(asked, snapshot.settings))
        for choice, meant in zip(self._choices, asked.choices, strict=True):
            choice.put(choice_words(meant))
        self._name_button(_REVEAL)
        self._show_score()

    def _answer(self, asked: Question) -> None:
        """Mark what was right, and count."""
        first, second, third = (choice.hands() for choice in self._choices)
        given = Answer(asked, (first, second, third))
        self.tally = self.tally.with_answer(asked, given.hands)
        self._show_answer(given)
        self._reveal.setFocus()
        self._note()

    def _show_answer(self, given: Answer) -> None:
        """What was right, with a tick and words."""
        asked, self._answered = given.question, True
        counted = f" {hands_words(given)}" if any(given.hands) else ""
        self._words.setText(verdict(asked) + counted)
        for place, choice in enumerate(self._choices):
            choice.mark(place == asked.right)
        self._name_button(_NEXT)
        self._show_score()

    def _say(self, sentence: str) -> None:
        self._words.setText(sentence)
        for choice in self._choices:
            choice.put("")
        self._name_button(_REVEAL)
        self._show_score()

    def _name_button(self, word: str) -> None:
        self._reveal.setText(word)
        self._reveal.setAccessibleName(word)
        self._reveal.setEnabled(self._question is not None)

    def _show_score(self) -> None:
        self._score.setText(tally_words(self.tally))
        self._score.setVisible(bool(self.tally.answers))
        self._copy.setVisible(bool(self.tally.answers))

    # Looks ---------------------------------------------------------------------------------------------------------

    def set_theme(self, theme: Theme, scale: float = 1.0) -> None:
        """Take a theme."""
        super().set_theme(theme, scale)
        size = round(_ICON * scale)
        for button, name in ((self._copy, "copy"), (self._close, "close")):
            button.setIcon(icon(name, theme.text, scale))
            button.setIconSize(button.iconSize().scaled(size, size, Qt.AspectRatioMode.IgnoreAspectRatio))
        self._reveal.setIcon(icon("half_step", theme.on_accent, scale))
        self._reveal.setIconSize(self._copy.iconSize())
        self._reveal.set_scale(scale)
        self._reveal.setFixedHeight(round(_BUTTON_HEIGHT * scale))
        for choice in self._choices:
            choice.set_theme(theme, scale)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes on, Escape closes it."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_question()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._press()
        else:
            super().keyPressEvent(event)


def _is_about(hall: Hall, snapshot: Snapshot) -> bool:
    """Whether a frame is the one that is asked about or, once that is answered, one that shows the answer."""
    asked = hall.question
    if asked is None:
        return False
    if asked.is_answered_by(snapshot.run, snapshot.frame):
        return True
    at = (snapshot.run, snapshot.iteration, "M" if snapshot.phase == "E" else "E")
    return not hall.answered and at == (asked.run, asked.iteration, asked.before)


def _small_button(object_name: str, accessible_name: str, tip: str) -> QToolButton:
    button = QToolButton()
    button.setAutoRaise(True)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    name_widget(button, object_name, accessible_name, tip)
    return button
