"""A label whose text changes with every frame, and whose neighbours need not move for it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

_SLACK = 8  # pixels kept free beside the text, so that a digit more seldom needs another layout


class Still(QWidget):
    """Holds a label and hides from the layouts around that its text has changed.

    A label tells every new text to its layout, which then lays out the whole window: more work than the plot. This
    place grows where its text needs more room, and does not shrink; each size of type has a room of its own.
    """

    def __init__(self, label: QLabel, *, fixed: bool = False) -> None:
        """Args:
        label: what is shown; it becomes a child.
        fixed: the layout gives the room, whatever the text is; as high as the label's minimum.
        """
        super().__init__()
        self._label = label
        self._fixed = fixed
        self._rooms: dict[int, QSize] = {}
        self._room = QSize(0, 0)
        label.setParent(self)
        if fixed:
            self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._take_room()

    def sizeHint(self) -> QSize:
        """The most room that a text has needed."""
        return self._room

    def minimumSizeHint(self) -> QSize:
        """The same: a number must not be cut."""
        return QSize(0, self._room.height()) if self._fixed else self._room

    def event(self, event: QEvent) -> bool:
        """The label asks for another layout with each text: look only whether it still fits."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._take_room()
            return True
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._take_room()
        return super().event(event)

    def refit(self) -> None:
        """The label has another size of type now: take the room that it had at this size, or needs."""
        self._take_room()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The label has all of it."""
        self._label.setGeometry(self.rect())

    def _take_room(self) -> None:
        if self._fixed:
            room = QSize(0, self._label.minimumHeight())
        else:
            size = self._label.font().pixelSize()
            room, needed = self._rooms.get(size, QSize(0, 0)), self._label.sizeHint()
            if needed.width() > room.width():
                needed.setWidth(needed.width() + (_SLACK if self._label.text() else 0))
            room = self._rooms[size] = needed.expandedTo(room)
        if room != self._room:
            self._room = room
            self.updateGeometry()


def show_text(label: QLabel, text: str) -> None:
    """Set a label's text; the same one costs nothing."""
    if label.text() != text:
        label.setText(text)
