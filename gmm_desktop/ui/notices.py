"""Messages that block nothing: a line above the columns that can be copied and closed."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, QTimer
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from gmm_desktop.session import logbook
from gmm_desktop.ui.form import name_widget
from gmm_desktop.ui.scaling import line_width, scale_type
from gmm_desktop.ui.short_names import seen
from gmm_desktop.ui.still import Still, show_text
from gmm_desktop.ui.theme import LIGHT, Theme, icon

_PASSING_MILLISECONDS = 6000

Answer = tuple[str, Callable[[], object]]


@dataclass(frozen=True)
class _InTurn:
    """A message that waits until the bar is free."""

    sentence: str
    answer: Answer | None


class NoticeBar(QFrame):
    """One message at a time; a newer one takes the place of the older.

    Those told in turn wait until the bar is free, give way to others and come back, until a person closes them.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = LIGHT
        self._scale = 1.0
        self._details = ""
        self._act: Callable[[], object] | None = None
        self._waiting: deque[_InTurn] = deque()
        self._in_turn: _InTurn | None = None  # the one that is shown
        self._icon = QLabel()
        self._text = QLabel()
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setWordWrap(True)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        name_widget(self._text, "notice.text", "Message", "")
        self._share = QLabel()
        name_widget(self._share, "notice.share", "Done so far", "How much of it is done.")
        self._copy = QPushButton("Copy details")
        name_widget(self._copy, "notice.copy", "Copy details", "Copy the message and its details to the clipboard.")
        self._copy.clicked.connect(self._copy_details)
        self._button = QPushButton()
        name_widget(self._button, "notice.button", "Answer the message", "What can be done about it.")
        self._button.clicked.connect(self._answer)
        self._close = QToolButton()
        self._close.setAutoRaise(True)
        name_widget(self._close, "notice.close", "Close the message", "Close the message (Escape).")
        self._close.clicked.connect(self.dismiss)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 8, 6)
        row.addWidget(self._icon)
        row.addWidget(self._text, 1)
        row.addWidget(Still(self._share))
        row.addWidget(self._button)
        row.addWidget(self._copy)
        row.addWidget(self._close)
        self._passing = QTimer(self)
        self._passing.setSingleShot(True)
        self._passing.timeout.connect(self.hide)
        self.hide()

    def set_theme(self, theme: Theme, scale: float = 1.0) -> None:
        """Take the theme's colours, and the type scale times ``scale``."""
        self._theme = theme
        self._scale = scale
        scale_type(self, scale)
        self._icon.setPixmap(icon("info", theme.warning).pixmap(20, 20))
        self._close.setIcon(icon("close", theme.text))
        self.update()

    def tell(
        self,
        sentence: str,
        *,
        details: str = "",
        passing: bool = False,
        answer: Answer | None = None,
    ) -> None:
        """Show a sentence; ``passing`` ones go by themselves, the others stay until closed.

        One that stays and asks nothing is about something that went wrong: it is logged, and can be copied.

        Args:
            sentence: plain text.
            details: what a button copies to the clipboard, together with the sentence and the versions.
            passing: whether it goes by itself.
            answer: the word on a further button, and what the button does.
        """
        wrong = not passing and answer is None
        if wrong:
            logbook.log_error(sentence, details)
        if self._in_turn is not None:
            self._waiting.appendleft(self._in_turn)
        self._show(sentence, details, wrong or bool(details), answer)
        if passing:
            self._passing.start(_PASSING_MILLISECONDS)

    def tell_in_turn(self, sentence: str, *, answer: Answer | None = None) -> None:
        """Show a sentence as soon as the bar is free; it stays until a person closes or answers it."""
        self._waiting.append(_InTurn(sentence, answer))
        if self.isHidden():
            self._show_next()

    def hide(self) -> None:
        """Take the message away; one that is told in turn stays, and one that waits for its turn comes."""
        if self._in_turn is None:
            self.dismiss()

    def dismiss(self) -> None:
        """A person has read the message."""
        self._passing.stop()
        self._in_turn = None
        super().hide()
        self._show_next()

    def _show_next(self) -> None:
        if self._waiting:
            one = self._waiting.popleft()
            self._show(one.sentence, "", False, one.answer)
            self._in_turn = one

    def _show(self, sentence: str, details: str, can_be_copied: bool, answer: Answer | None) -> None:
        self._passing.stop()
        self._in_turn = None
        self._details = details
        self._text.setText("\n".join(map(seen, sentence.split("\n"))))
        self._share.setText("")
        self._copy.setVisible(can_be_copied)
        word, self._act = answer or ("", None)
        self._button.setText(word)
        self._button.setVisible(answer is not None)
        self.show()

    def say_how_far(self, share: float) -> None:
        """The share of what the message tells of that is done, 0 to 1; nothing is said of 0."""
        show_text(self._share, f"{100 * share:.0f} %" if share else "")

    def text(self) -> str:
        """The shown sentence, and how far it is; "" where none is."""
        return "" if self.isHidden() else f"{self._text.text()} {self._share.text()}".rstrip()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Escape closes the message, where nothing nearer in the window that this is installed on takes the key."""
        if (
            self.isHidden()
            or event.type() != QEvent.Type.KeyPress
            or not isinstance(event, QKeyEvent)
            or event.key() != Qt.Key.Key_Escape
        ):
            return False
        self.dismiss()
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        """A card with the warning colour's edge."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge = line_width(1.5, self._scale)
        painter.setPen(QPen(QColor(self._theme.warning), edge))
        painter.setBrush(QColor(self._theme.card))
        inset = max(1.0, edge / 2)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), 8, 8)
        painter.end()

    def _answer(self) -> None:
        act = self._act
        self.dismiss()
        if act is not None:
            act()

    def _copy_details(self) -> None:
        from gmm_desktop.ui.reports import about

        parts = (self._text.text(), self._details, about())
        QApplication.clipboard().setText("\n\n".join(part for part in parts if part))
