"""A card: a titled group of controls on its own quiet background."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from gmm_desktop.ui.scaling import line_width, scale_type
from gmm_desktop.ui.theme import LIGHT, SMALL, Theme, font

_RADIUS = 8.0


class Card(QFrame):
    """A frame with rounded corners that paints itself, since a style sheet would cascade into what it holds.

    Attributes:
        title: the label on top; hidden without a text.
        header: the row of the title, with room for more at its right.
        content: the layout that takes what the card holds.
    """

    def __init__(self, title: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = LIGHT
        self._scale = 1.0
        self.title = QLabel(title.upper(), self)
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self.title.setVisible(bool(title))
        self.header = QHBoxLayout()
        self.header.setSpacing(8)
        self.header.addWidget(self.title)
        self.content = QVBoxLayout()
        self.content.setSpacing(8)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(12, 10, 12, 12)
        outer.setSpacing(8)
        outer.addLayout(self.header)
        outer.addLayout(self.content)
        Card.set_theme(self, LIGHT)

    def set_theme(self, theme: Theme, scale: float = 1.0) -> None:
        """Take a theme's colours, and the type scale times ``scale``."""
        self._theme = theme
        self._scale = scale
        scale_type(self, scale)
        heading = font(SMALL, scale, bold=True)
        heading.setLetterSpacing(heading.SpacingType.PercentageSpacing, 106)
        self.title.setFont(heading)
        palette = QPalette(self.title.palette())
        palette.setColor(QPalette.ColorRole.WindowText, QColor(theme.muted))
        self.title.setPalette(palette)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Background and edge."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge = line_width(1.0, self._scale)
        painter.setPen(QPen(QColor(self._theme.border), edge))
        painter.setBrush(QColor(self._theme.card))
        painter.drawRoundedRect(
            QRectF(self.rect()).adjusted(edge / 2, edge / 2, -edge / 2, -edge / 2), _RADIUS, _RADIUS
        )
        painter.end()


class _Fold(QToolButton):
    """Enter presses it: Space, which would, plays."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter is a click."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)


class FoldingCard(Card):
    """A card that is one line until it is opened: its title, and in a few words what is set inside."""

    def __init__(self, title: str, object_name: str, parent: QWidget | None = None) -> None:
        super().__init__(title, parent)
        self._inside = QWidget()
        self.inside = QVBoxLayout(self._inside)
        self.inside.setContentsMargins(0, 0, 0, 0)
        self.inside.setSpacing(8)
        self._summary = QLabel()
        self._summary.setTextFormat(Qt.TextFormat.PlainText)
        self._summary.setFont(font(SMALL))
        self._summary.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.unfold = _Fold()
        self.unfold.setObjectName(object_name)
        self.unfold.setAccessibleName(f"Open or fold {title}")
        self.unfold.setToolTip(f"Open or fold {title} (click, or Enter).")
        self.unfold.setAutoRaise(True)
        self.unfold.setCheckable(True)
        self.unfold.setArrowType(Qt.ArrowType.RightArrow)
        self.unfold.toggled.connect(self._on_toggled)
        self._summary.setWordWrap(True)
        self._summary.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.header.addWidget(self._summary, 1)
        self.header.addWidget(self.unfold)
        self.content.addWidget(self._inside)
        self._inside.hide()

    def set_summary(self, text: str) -> None:
        """What is set inside, shown beside the title."""
        if text != self._summary.text():
            self._summary.setText(text)
            self._summary.setToolTip(escape(text))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The whole title line opens and folds."""
        if event.position().y() < self.header.geometry().bottom() + 8:
            self.unfold.toggle()

    def _on_toggled(self, opened: bool) -> None:
        self._inside.setVisible(opened)
        self.unfold.setArrowType(Qt.ArrowType.DownArrow if opened else Qt.ArrowType.RightArrow)
