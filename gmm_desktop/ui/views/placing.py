"""The tool that places components by hand: drag handles, click to add a component, all of it with keys too."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QPainter

from gmm_desktop.mixture import Mixture, component_letter
from gmm_desktop.session import editing
from gmm_desktop.session.snapshot import Snapshot
from gmm_desktop.ui.views import handles as hand
from gmm_desktop.ui.views.coordinates import Mapping
from gmm_desktop.ui.views.handle_marks import draw_handle, draw_stem
from gmm_desktop.ui.views.handles import Grip, Handle
from gmm_desktop.ui.views.sheet import Sheet
from gmm_desktop.ui.views.style import PlotStyle
from gmm_desktop.ui.views.tool import ARROWS, CLICK, LARGE_NUDGE, NUDGE, Tool

_ACCEPTS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


@dataclass
class _Drag:
    """A handle that is held: where the mouse took it, and what it belongs to.

    Attributes:
        sheet: as it was when the mouse took it.
        handle: as it was then.
        from_x, from_y: of the mouse then.
        mixture: as it is now, None before the mouse has moved.
    """

    sheet: Sheet
    handle: Handle
    from_x: float
    from_y: float
    mixture: Mixture | None = None


class Placing(Tool):
    """Edits the shown mixture. A drag or a nudge is a sketch until it is let go or accepted.

    Signals:
        sketched: (mixture, what undo will call it, where it is in words).
        placed: (mixture, what undo will call it): it counts.
        accepted: the sketch counts.
        restored: the sketch is given up.
        left: the person has done.
        refused: a sentence: this cannot be.
    """

    sketched = Signal(object, str, str)
    placed = Signal(object, str)
    accepted = Signal()
    restored = Signal()
    left = Signal()
    refused = Signal(str)

    def __init__(self, sheet: Callable[[], Sheet | None], parent: QObject) -> None:
        super().__init__(sheet, parent)
        self._current = Handle(Grip(0), 0.0, 0.0)
        self._drag: _Drag | None = None
        self._clicked: tuple[float, float] | None = None  # where the button went down on nothing
        self._over: Handle | None = None
        self._mouse: tuple[float, float] | None = None
        self._latest: Mixture | None = None  # what was sketched and has not come back yet
        self._draft = False

    def begin(self, component: int) -> None:
        """Begin at the mean of a component."""
        self._current = Handle(Grip(component), 0.0, 0.0)
        self._say()

    def follow(self, snapshot: Snapshot) -> None:
        """Another mixture is shown: what was held is let go, unless it is the draft of what is held."""
        self._latest = None
        drag = self._drag
        if drag is not None:
            changed = snapshot.mixture is not drag.sheet.mixture if drag.mixture is None else self._draft
            if changed and snapshot.draft is None:
                self._drag = None
        self._draft = snapshot.draft is not None
        k = 0 if snapshot.mixture is None else snapshot.mixture.n_components
        if self._current.grip.component >= k > 0:
            self._current = Handle(Grip(k - 1), 0.0, 0.0)
        self.changed.emit()

    def seen(self) -> list[Handle]:
        """The handles, as they are drawn."""
        sheet = self._now()
        return [] if sheet is None else hand.handles(sheet, self._current.grip.component, self._current)

    @property
    def grip(self) -> Grip:
        """The handle that the keyboard is at."""
        return self._current.grip

    # Mouse --------------------------------------------------------------------------------------------------------

    @property
    def busy(self) -> bool:
        return self._drag is not None

    @property
    def cursor(self) -> Qt.CursorShape:
        if self._drag is not None:
            return Qt.CursorShape.ClosedHandCursor
        if self._over is not None:
            return Qt.CursorShape.OpenHandCursor
        sheet = self._now()
        free = sheet is not None and self._mouse is not None and sheet.holds(*self._mouse)
        return Qt.CursorShape.CrossCursor if free else Qt.CursorShape.ArrowCursor

    def press(self, x: float, y: float) -> None:
        sheet = self._now()
        if sheet is None:
            return
        taken = hand.at(self.seen(), x, y, hand.REACH * sheet.scale)
        if taken is None:
            self._clicked = (x, y) if sheet.holds(x, y) else None
            return
        self._current = taken
        self._drag = _Drag(sheet, taken, x, y)
        self._say()
        self.changed.emit()

    def move(self, x: float, y: float, pressed: bool) -> None:
        self._mouse = (x, y)
        drag = self._drag
        if drag is None:
            sheet = self._now()
            over = None if pressed or sheet is None else hand.at(self.seen(), x, y, hand.REACH * sheet.scale)
            if over != self._over:
                self._over = over
                self.changed.emit()
            return
        if drag.mixture is None and math.hypot(x - drag.from_x, y - drag.from_y) < CLICK / 2:
            return
        handle = drag.handle
        drag.mixture = hand.dragged(drag.sheet, handle, handle.x + x - drag.from_x, handle.y + y - drag.from_y)
        self._sketch(drag.sheet, drag.mixture)

    def release(self, x: float, y: float) -> None:
        drag, self._drag = self._drag, None
        clicked, self._clicked = self._clicked, None
        if drag is not None:
            if drag.mixture is not None:
                self.placed.emit(drag.mixture, hand.act(drag.sheet, drag.handle.grip))
        elif clicked is not None and math.hypot(x - clicked[0], y - clicked[1]) < CLICK:
            self._add(*clicked)
        self.move(x, y, pressed=False)
        self.changed.emit()

    def cancel(self) -> bool:
        dragged, self._drag = self._drag, None
        if dragged is None and not self._has_draft:
            return False
        self._latest = None
        self.restored.emit()
        return True

    def let_go(self) -> None:
        self._drag = self._clicked = self._over = self._latest = None

    # Keys ---------------------------------------------------------------------------------------------------------

    def wants(self, key: Qt.Key) -> bool:
        if key == Qt.Key.Key_Escape:
            return True
        return key in ARROWS or (key in _ACCEPTS and self._has_draft)

    def key(self, key: Qt.Key, large: bool) -> None:
        if key in ARROWS:
            self._nudge(*ARROWS[key], LARGE_NUDGE if large else NUDGE)
        elif key in _ACCEPTS:
            self._drag = None
            self.accepted.emit()
        elif not self.cancel():
            self.left.emit()

    def enter(self, forward: bool) -> None:
        sheet = self._now()
        if sheet is not None:
            self._go_to(sheet, hand.grips(sheet)[0 if forward else -1])

    def tab(self, forward: bool) -> bool:
        sheet = self._now()
        if sheet is None or self.busy:
            return self.busy
        order = hand.grips(sheet)
        at = order.index(self.grip) if self.grip in order else -1
        after = at + (1 if forward else -1)
        if not 0 <= after < len(order):
            return False
        self._go_to(sheet, order[after])
        return True

    def _go_to(self, sheet: Sheet, grip: Grip) -> None:
        same = grip.component == self.grip.component
        seen = self.seen() if same else hand.handles(sheet, grip.component)
        self._current = hand.again(seen, Handle(grip, 0.0, 0.0))
        self._say()
        self.changed.emit()

    def add(self) -> None:
        """One component more: where the mouse is, or in the middle."""
        sheet = self._now()
        if sheet is not None and not self.busy:
            middle = (sheet.mapping.width / 2, sheet.mapping.height / 2)
            inside = self._mouse is not None and sheet.holds(*self._mouse)
            self._add(*(self._mouse if inside and self._mouse is not None else middle))

    def remove(self) -> None:
        """The component in hand goes."""
        sheet = self._now()
        if sheet is None or self.busy:
            return
        component = self.grip.component
        try:
            left = editing.remove_component(sheet.mixture, component)
        except ValueError as error:
            self.refused.emit(str(error))
            return
        self._current = Handle(Grip(min(component, left.n_components - 1)), 0.0, 0.0)
        self.placed.emit(left, f"removing {component_letter(component)}")

    # Drawing ------------------------------------------------------------------------------------------------------

    def draw(self, painter: QPainter, mapping: Mapping, style: PlotStyle) -> None:
        seen = self.seen()
        active = self.grip.component
        self._current = hand.again(seen, self._current)
        for handle in seen:
            if handle.grip.kind != "mean" and handle.grip.component < len(seen):
                draw_stem(painter, seen[active], handle, style)
        lit = self._drag.handle.grip if self._drag is not None else self._over.grip if self._over is not None else None
        for handle in seen:
            current = self.focused and handle.grip == self.grip
            draw_handle(painter, handle, style, current=current, lit=handle.grip == lit)

    # What they share ----------------------------------------------------------------------------------------------

    @property
    def _has_draft(self) -> bool:
        return self._draft or self._latest is not None

    def _now(self) -> Sheet | None:
        """The mixture as it is being edited, though the picture may be a frame behind."""
        sheet = self._sheet()
        return sheet if sheet is None or self._latest is None else sheet.showing(self._latest)

    def _sketch(self, sheet: Sheet, mixture: Mixture) -> None:
        self._latest = mixture
        grip = self.grip
        self._current = hand.again(self.seen(), self._current)
        said = hand.words(sheet.showing(mixture), grip)
        self.sketched.emit(mixture, hand.act(sheet, grip), said)
        self.said.emit(said)
        self.changed.emit()

    def _nudge(self, right: int, up: int, share: float) -> None:
        sheet = self._now()
        if sheet is not None and not self.busy:
            self._current = hand.again(self.seen(), self._current)
            self._sketch(sheet, hand.nudged(sheet, self._current, right, up, share))

    def _add(self, x: float, y: float) -> None:
        sheet = self._now()
        if sheet is None:
            return
        try:
            more = editing.add_component(sheet.mixture, sheet.columns, sheet.place(x, y), sheet.rules)
        except ValueError as error:
            self.refused.emit(str(error))
            return
        added = sheet.mixture.n_components
        self._current = Handle(Grip(added), x, y)
        self._latest = more
        self._say()
        self.placed.emit(more, f"adding {component_letter(added)}")

    def _say(self) -> None:
        sheet = self._now()
        if sheet is not None and self.grip in hand.grips(sheet):
            self.said.emit(hand.words(sheet, self.grip))
