"""The tool that paints the data: points put down and taken away in strokes, with mouse or keys."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QPainter

from gmm_desktop.data import Dataset
from gmm_desktop.data.painting import MOST_PAINTED
from gmm_desktop.session.snapshot import Snapshot
from gmm_desktop.ui.numbers import coordinate, count, plural
from gmm_desktop.ui.paint_tools import PAINT_TOOLS, PaintSettings
from gmm_desktop.ui.views.brushes import PaintMarks, few
from gmm_desktop.ui.views.coordinates import Mapping
from gmm_desktop.ui.views.strokes import Place, Stroke, begin_stroke, stamp_of
from gmm_desktop.ui.views.style import PlotStyle
from gmm_desktop.ui.views.surface import Surface
from gmm_desktop.ui.views.tool import ARROWS, LARGE_NUDGE, NUDGE, Tool

_PUFF_MILLISECONDS = 100
_PUTS_DOWN = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_TOOL_KEYS = dict(zip((Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_3, Qt.Key.Key_4, Qt.Key.Key_5), PAINT_TOOLS, strict=True))
_SIZES = {Qt.Key.Key_Plus: 1, Qt.Key.Key_Equal: 1, Qt.Key.Key_Minus: -1}


class Painting(Tool):
    """Paints with the tool of its settings. What a stroke does is seen at once and counts when the button goes up.

    Signals:
        painted: (points (m, 1) or (m, 2) in data units, what undo will call it).
        erased: (rows, what undo will call it).
        tool_chosen: a key of ``PAINT_TOOLS``, by its number.
        size_wanted: +1 for larger, -1 for smaller.
        taken: how much the axes show, a number a column in data units, when it is taken into the hand on other data.
        left: the person has done.
        refused: a sentence: this cannot be.

    Attributes:
        settings: the tool in hand and how it paints.
        data: gives the data that the next stroke changes, None on an empty canvas: they may not be shown yet.
    """

    painted = Signal(object, str)
    erased = Signal(object, str)
    tool_chosen = Signal(str)
    size_wanted = Signal(int)
    taken = Signal(object)
    left = Signal()
    refused = Signal(str)

    def __init__(self, surface: Callable[[], Surface | None], parent: QObject) -> None:
        super().__init__(lambda: None, parent)
        self._plot = surface
        self.settings = PaintSettings()
        self.data: Callable[[], Dataset | None] = lambda: None
        # Never begun anew, so that no two stamps are alike, and the same acts give the same points again.
        self._rng = np.random.default_rng(0)
        self._stroke: Stroke | None = None
        self._on: object = None  # what it paints on: an empty canvas, or data of some columns
        self._place: Place | None = None  # of the cross that the keys move
        self._mouse: tuple[float, float] | None = None
        self._marks = PaintMarks()
        self._puffs = QTimer(self)
        self._puffs.setInterval(_PUFF_MILLISECONDS)
        self._puffs.timeout.connect(self._on_puff)

    def set_settings(self, settings: PaintSettings) -> None:
        """Paint with other settings; a stroke under way goes on with its own tool."""
        self.settings = settings
        self.changed.emit()

    def follow(self, snapshot: Snapshot) -> None:
        """Other data are shown: what was put down has become part of them, or was undone."""
        self._marks.follow(None if snapshot.canvas is not None else snapshot.dataset)
        stroke = self._stroke
        if stroke is not None and stroke.dataset is not self.data():
            self._end_stroke()
        on = snapshot.canvas or (snapshot.dataset.names, snapshot.columns)
        if on != self._on:
            surface = self._surface()
            self._on, self._place = on, None
            if surface is not None:
                self.taken.emit(tuple(map(float, surface.spans)))
        self.changed.emit()

    def _surface(self) -> Surface | None:
        """The plot to paint on, or None: also while it still shows columns that the data have not."""
        surface, data = self._plot(), self.data()
        return surface if surface is None or data is None or max(surface.columns) < data.dimension else None

    # Mouse --------------------------------------------------------------------------------------------------------

    @property
    def busy(self) -> bool:
        return self._stroke is not None

    @property
    def cursor(self) -> Qt.CursorShape:
        surface = self._surface()
        inside = surface is not None and self._mouse is not None and surface.holds(*self._mouse)
        return Qt.CursorShape.CrossCursor if inside else Qt.CursorShape.ArrowCursor

    def press(self, x: float, y: float) -> None:
        surface = self._surface()
        self._mouse, self._place = (x, y), None
        if surface is None or not surface.holds(x, y) or self._stroke is not None:
            return
        if self._begin_stroke(surface, surface.place(x, y)).tool == "spray":
            self._puffs.start()
        self.changed.emit()

    def move(self, x: float, y: float, pressed: bool) -> None:
        surface, stroke = self._surface(), self._stroke
        if (x, y) != self._mouse:
            self._mouse, self._place = (x, y), None
        if surface is not None and stroke is not None and pressed:
            self._tell_full(stroke, stroke.go(self._rng, self.settings, surface, surface.place(x, y)))
        self.changed.emit()

    def release(self, x: float, y: float) -> None:
        self.move(x, y, pressed=True)
        self._commit()
        self.changed.emit()

    def cancel(self) -> bool:
        had = self._stroke is not None
        self._end_stroke()
        return had

    def let_go(self) -> None:
        self._end_stroke()
        self._marks.forget()
        self._mouse = self._place = self._on = None

    def leave(self) -> None:
        if self._stroke is None:
            self._mouse = None
            self.changed.emit()

    def axes_moved(self) -> None:
        """A stroke is in data units and goes on."""

    # Keys ---------------------------------------------------------------------------------------------------------

    def wants(self, key: Qt.Key) -> bool:
        return key in ARROWS or key in _PUTS_DOWN or key in _TOOL_KEYS or key in _SIZES or key == Qt.Key.Key_Escape

    def key(self, key: Qt.Key, large: bool) -> None:
        surface = self._surface()
        if key == Qt.Key.Key_Escape:
            if not self.cancel():
                self.left.emit()
        elif key in _TOOL_KEYS:
            self.tool_chosen.emit(_TOOL_KEYS[key])
            self.said.emit(PAINT_TOOLS[_TOOL_KEYS[key]].label)
        elif key in _SIZES:
            self.size_wanted.emit(_SIZES[key])
        elif surface is not None and self._stroke is None:
            if key in ARROWS:
                self._nudge(surface, *ARROWS[key], LARGE_NUDGE if large else NUDGE)
            else:
                self._place = self._at(surface)
                self._begin_stroke(surface, self._place)
                self._commit()
        self.changed.emit()

    def enter(self, forward: bool) -> None:
        surface = self._surface()
        if surface is not None:
            self._place = self._at(surface)
            self._say_place(surface)
            self.changed.emit()

    def _nudge(self, surface: Surface, right: int, up: int, share: float) -> None:
        step = np.array((right, up))[: len(surface.columns)] * surface.spans * share
        x, y = surface.pixel(np.asarray(self._at(surface)) + step)
        self._place = surface.place(x, y if not surface.flat else surface.mapping.height / 2)
        self._say_place(surface)

    def _at(self, surface: Surface) -> Place:
        """Where the next thing goes: at the cross of the keys, at the mouse, or in the middle."""
        if self._place is not None and len(self._place) == len(surface.columns):
            return self._place
        inside = self._mouse is not None and surface.holds(*self._mouse)
        middle = (surface.mapping.width / 2, surface.mapping.height / 2)
        return surface.place(*(self._mouse if inside and self._mouse is not None else middle))

    # A stroke -----------------------------------------------------------------------------------------------------

    def _begin_stroke(self, surface: Surface, place: Place) -> Stroke:
        self._stroke = begin_stroke(self.settings.tool, self.data(), surface.columns, place)
        self._put(surface, self._stroke)
        return self._stroke

    def _put(self, surface: Surface, stroke: Stroke) -> None:
        self._tell_full(stroke, stroke.put(self._rng, self.settings, surface))

    def _tell_full(self, stroke: Stroke, fits: bool) -> None:
        if not fits and not stroke.full:
            stroke.full = True
            self.refused.emit(f"Up to {count(MOST_PAINTED)} points can be painted: erase some to make room.")

    def _on_puff(self) -> None:
        surface, stroke = self._surface(), self._stroke
        if surface is not None and stroke is not None:
            self._put(surface, stroke)
            self.changed.emit()

    def _end_stroke(self) -> None:
        self._puffs.stop()
        if self._stroke is not None:
            self._stroke = None
            self.changed.emit()

    def _commit(self) -> None:
        """The stroke counts: one act. It stays to be seen until the data are shown that it has changed."""
        stroke, self._stroke = self._stroke, None
        self._puffs.stop()
        if stroke is None or stroke.dataset is not self.data():
            return
        if stroke.size:
            points = np.concatenate(stroke.fresh)
            self._marks.add(points)
            self.painted.emit(points, stroke.act)
        elif stroke.erased:
            rows = np.flatnonzero(stroke.gone)
            self._marks.take(few(stroke.points, rows))
            self.erased.emit(rows, stroke.act)
        now = self.data()
        self._marks.wait_for(now)
        self.said.emit(f"{stroke.words}, {plural(0 if now is None else now.size, 'point')} in all")

    # Drawing ------------------------------------------------------------------------------------------------------

    def draw(self, painter: QPainter, mapping: Mapping, style: PlotStyle) -> None:
        surface, stroke = self._surface(), self._stroke
        if surface is None:
            return
        fresh = [] if stroke is None else stroke.fresh
        gone = [] if stroke is None or not stroke.erased else [few(stroke.points, np.flatnonzero(stroke.gone))]
        self._marks.draw_strokes(painter, surface, style, fresh, gone)
        by_keys = self._place is not None and self.focused
        if by_keys or (self._mouse is not None and surface.holds(*self._mouse)):
            tool = self.settings.tool if stroke is None else stroke.tool
            height = mapping.height / 2 if by_keys or self._mouse is None else self._mouse[1]
            self._marks.draw_ghost(
                painter,
                surface,
                style,
                tool,
                self._at(surface),
                self.settings.radius,
                stamp_of(self.settings, surface),
                height,
            )
        if by_keys:
            self._marks.draw_cross(painter, surface, style, self._at(surface))

    def draw_words(self, painter: QPainter, mapping: Mapping, style: PlotStyle) -> None:
        surface, stroke = self._surface(), self._stroke
        if surface is not None and stroke is not None and (stroke.size > 1 or stroke.erased):
            self._marks.draw_words(painter, surface, style, stroke.words, self._mouse, self.settings.radius)

    def _say_place(self, surface: Surface) -> None:
        places = [coordinate(v, float(span)) for v, span in zip(self._at(surface), surface.spans, strict=True)]
        self.said.emit(f"{PAINT_TOOLS[self.settings.tool].label} at ({', '.join(places)})")
