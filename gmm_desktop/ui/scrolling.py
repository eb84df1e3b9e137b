"""Scroll areas whose content may be lower where it is narrower."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QScrollArea, QWidget

_DEEPEST = 6  # resizings within each other; what settles at all has settled after two or three


class ScrollArea(QScrollArea):
    """A frameless scroll area that resizes its content.

    A scroll bar makes the content narrower. Where that makes it lower too, as with a formula that shrinks to its room,
    Qt shows the bar because the content is too high and hides it because it is not, within each other until the stack
    is full. Such content keeps the bar, until the area itself gets another size.
    """

    def __init__(self, content: QWidget) -> None:
        self._depth = 0  # before Qt's own initialisation, which sends events already
        super().__init__()
        self.setWidget(content)
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if self._depth >= _DEEPEST:
            self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
            return False
        self._depth += 1
        try:
            return bool(super().eventFilter(watched, event))
        finally:
            self._depth -= 1

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:  # what resizeEvent gets is the viewport's
            self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        return bool(super().event(event))
