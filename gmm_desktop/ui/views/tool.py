"""What mouse and keys do in a plot while a tool is in hand; without one the plot is watched."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from gmm_desktop.session.snapshot import Snapshot
from gmm_desktop.ui.views.coordinates import Mapping
from gmm_desktop.ui.views.plot import ThemedPlot
from gmm_desktop.ui.views.sheet import Sheet
from gmm_desktop.ui.views.style import PlotStyle

ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, 1),
    Qt.Key.Key_Down: (0, -1),
}
NUDGE, LARGE_NUDGE = 0.01, 0.1  # shares of what an axis shows
CLICK = 4.0  # pixels that a hand trembles in a click


class Tool(QObject):
    """Base of the tools: all places are pixels of the plot's inside. Does nothing by itself.

    Signals:
        changed: it looks different now.
        said: a few words for a screen reader.

    Attributes:
        focused: whether the plot has the keyboard.
    """

    changed = Signal()
    said = Signal(str)

    def __init__(self, sheet: Callable[[], Sheet | None], parent: QObject) -> None:
        """``sheet`` gives the mixture as it is shown at the moment, None where there is none."""
        super().__init__(parent)
        self._sheet = sheet
        self.focused = False

    def begin(self, component: int) -> None:
        """It is taken into the hand; ``component`` is the one selected."""

    def follow(self, snapshot: Snapshot) -> None:
        """Another snapshot is shown."""

    @property
    def busy(self) -> bool:
        """Whether something is being dragged."""
        return False

    @property
    def cursor(self) -> Qt.CursorShape:
        """What the mouse would do where it is."""
        return Qt.CursorShape.ArrowCursor

    def press(self, x: float, y: float) -> None:
        """The left button went down."""

    def move(self, x: float, y: float, pressed: bool) -> None:
        """The mouse moved, with the left button down or not."""

    def release(self, x: float, y: float) -> None:
        """The left button went up."""

    def wants(self, key: Qt.Key) -> bool:
        """Whether a key is meant for it, though a shortcut has it too."""
        return False

    def key(self, key: Qt.Key, large: bool) -> None:
        """A key that it wants; ``large``: with Shift."""

    def enter(self, forward: bool) -> None:
        """The keyboard came with the Tab key, forwards or backwards."""

    def tab(self, forward: bool) -> bool:
        """Go to the next thing or to the one before; False where there is none, so that the next widget is."""
        return False

    def cancel(self) -> bool:
        """Take back what has not been accepted; whether there was anything."""
        return False

    def let_go(self) -> None:
        """Another tool, or none, comes into the hand, or the picture changes under it."""

    def axes_moved(self) -> None:
        """The axes moved: what is dragged would not be under the mouse any more."""
        if self.busy:
            self.cancel()

    def leave(self) -> None:
        """The mouse has left the plot."""

    def draw(self, painter: QPainter, mapping: Mapping, style: PlotStyle) -> None:
        """Paint it above the picture and below the means with their letters."""

    def draw_words(self, painter: QPainter, mapping: Mapping, style: PlotStyle) -> None:
        """Paint what is said of it, above everything."""


class ToolPlot(ThemedPlot):
    """A plot that hands mouse and keys to a tool, if it has one; it does not pan then."""

    def __init__(self, parent: QWidget | None = None) -> None:
        # Before Qt's own initialisation, which sends events already.
        self.tool: Tool | None = None
        self._pressed: Tool | None = None  # which one the button that is down went down for
        super().__init__(parent)

    def use(self, tool: Tool | None) -> None:
        """Take a tool into the hand, or none."""
        if tool is self.tool:
            return
        if self.tool is not None:
            self.tool.let_go()
            self.viewport().unsetCursor()
        self.tool = tool
        if tool is not None:
            tool.focused = self.hasFocus()
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.redraw()

    def cancel_drag(self) -> bool:
        """Take back what is being placed or guessed, or a drag that moves the plot; whether there was one."""
        return super().cancel_drag() if self.tool is None else self.tool.cancel()

    def announce(self, words: str) -> None:
        """Tell a screen reader what the keyboard is at."""
        if words != self.accessibleDescription():
            self.setAccessibleDescription(words)
            if QAccessible.isActive():
                QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, words))

    def mousePressEvent(self, ev: QMouseEvent) -> None:
        if self.tool is None:
            super().mousePressEvent(ev)
            return
        if ev.button() == Qt.MouseButton.LeftButton:
            self._pressed = self.tool
            self.tool.press(*self._inside(ev))
            self._show_cursor()
        ev.accept()

    def mouseMoveEvent(self, ev: QMouseEvent) -> None:
        pressed = self._pressed is not None
        if not pressed:
            super().mouseMoveEvent(ev)
        if self.tool is not None and (not pressed or self._pressed is self.tool):
            self.tool.move(*self._inside(ev), pressed)
            self._show_cursor()

    def mouseReleaseEvent(self, ev: QMouseEvent) -> None:
        pressed = self._pressed
        if pressed is None:
            super().mouseReleaseEvent(ev)
        elif ev.button() == Qt.MouseButton.LeftButton:
            self._pressed = None
            if pressed is self.tool:
                pressed.release(*self._inside(ev))
        self._show_cursor()
        ev.accept()

    def mouseDoubleClickEvent(self, ev: QMouseEvent) -> None:
        if self.tool is None:
            super().mouseDoubleClickEvent(ev)
        else:
            self.mousePressEvent(ev)

    def wheelEvent(self, ev: QWheelEvent) -> None:
        if self.tool is not None and self.tool.busy:
            ev.accept()  # what is dragged stays under the mouse
        else:
            super().wheelEvent(ev)

    def event(self, event: QEvent) -> bool:
        if self.tool is None or not isinstance(event, QKeyEvent):
            return bool(super().event(event))
        key, modifiers = Qt.Key(event.key()), event.modifiers()
        large = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
        plain = not modifiers & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier)
        if event.type() == QEvent.Type.ShortcutOverride and plain and self.tool.wants(key):
            event.accept()
            return True
        if event.type() == QEvent.Type.KeyPress and plain:
            if self.tool.wants(key):
                self.tool.key(key, large)
                return True
            if key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab) and self.tool.tab(key == Qt.Key.Key_Tab):
                return True
        return bool(super().event(event))

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        tabs = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        if self.tool is not None and event.reason() in tabs:
            self.tool.enter(event.reason() == tabs[0])
        self._show_focus(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._show_focus(False)

    def _show_focus(self, focused: bool) -> None:
        if self.tool is not None:
            self.tool.focused = focused
            self.redraw()

    def _show_cursor(self) -> None:
        if self.tool is not None:
            self.viewport().setCursor(self.tool.cursor)

    def _inside(self, ev: QMouseEvent) -> tuple[float, float]:
        place: QPointF = self.view_box.mapFromScene(self.mapToScene(ev.position().toPoint()))
        return place.x(), place.y()
