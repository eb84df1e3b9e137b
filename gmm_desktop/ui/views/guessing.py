"""The tool that lets a person guess where the next M-step takes a mean, and shows how far off that was."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QPainter

from gmm_desktop.mixture import component_letter
from gmm_desktop.session.guessing import Guess, Verdict, judge
from gmm_desktop.session.snapshot import Snapshot
from gmm_desktop.ui.numbers import coordinate, number
from gmm_desktop.ui.theme import BODY, CAPTION
from gmm_desktop.ui.views.coordinates import Mapping
from gmm_desktop.ui.views.handle_marks import draw_guess, draw_label, draw_way
from gmm_desktop.ui.views.handles import REACH
from gmm_desktop.ui.views.marks import place_badges
from gmm_desktop.ui.views.sheet import Sheet
from gmm_desktop.ui.views.style import PlotStyle
from gmm_desktop.ui.views.tool import ARROWS, LARGE_NUDGE, NUDGE, Tool

_CLEAR = 11.0  # pixels around a cross
_STEPS = 12  # of the way
_REVEALS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


def verdict_words(verdict: Verdict) -> str:
    """How far off a guess was, and how far that is."""
    return f"off by {number(verdict.off, 2)} (the mean moved {number(verdict.moved, 2)})"


class Guessing(Tool):
    """A cross of the person's own, dragged from a mean to where it may go.

    Signals:
        moved: the place of the guess, in data coordinates of the shown columns.
        chosen: another component's mean is guessed at.
        revealed: the person wants to know.
        left: the person has done.
    """

    moved = Signal(object)
    chosen = Signal(int)
    revealed = Signal()
    left = Signal()

    def __init__(self, sheet: Callable[[], Sheet | None], parent: QObject) -> None:
        super().__init__(sheet, parent)
        self._guess: Guess | None = None
        self._verdict: Verdict | None = None
        self._held: tuple[float, float] | None = None  # from the mouse to the middle of the cross
        self._before: tuple[float, ...] = ()  # where the guess was when the mouse took it
        self._mouse: tuple[float, float] | None = None

    def follow(self, snapshot: Snapshot) -> None:
        earlier, self._guess = self._guess, snapshot.guess
        self._verdict = None
        if self._guess is None or self._guess.revealed:
            self._held = None
        if self._guess is not None and snapshot.phase == "M" and snapshot.colouring and snapshot.mixture:
            self._verdict = judge(self._guess, snapshot.colouring, snapshot.mixture)
        if self._guess != earlier:
            self.said.emit(self._words())
        self.changed.emit()

    @property
    def busy(self) -> bool:
        return self._held is not None

    @property
    def cursor(self) -> Qt.CursorShape:
        if self._held is not None:
            return Qt.CursorShape.ClosedHandCursor
        sheet = self._sheet()
        if self._done or sheet is None or self._mouse is None or not sheet.holds(*self._mouse):
            return Qt.CursorShape.ArrowCursor
        return Qt.CursorShape.OpenHandCursor if self._is_on_guess(*self._mouse) else Qt.CursorShape.CrossCursor

    def press(self, x: float, y: float) -> None:
        sheet, guess = self._sheet(), self._guess
        if sheet is None or guess is None or self._done or not sheet.holds(x, y):
            return
        if self._is_on_guess(x, y):
            self._before = guess.place
            gx, gy = self._pixel(sheet, guess.place)
            self._held = (gx - x, gy - y)
            return
        means = [sheet.mean(c) for c in range(sheet.mixture.n_components)]
        nearest = min(range(len(means)), key=lambda c: math.hypot(means[c][0] - x, means[c][1] - y))
        if (
            nearest != guess.component
            and math.hypot(means[nearest][0] - x, means[nearest][1] - y) <= REACH * sheet.scale
        ):
            self.chosen.emit(nearest)
            return
        self._before = guess.place
        self._held = (0.0, 0.0)
        self._move_to(sheet.place(x, y))

    def move(self, x: float, y: float, pressed: bool) -> None:
        self._mouse = (x, y)
        sheet = self._sheet()
        if self._held is not None and sheet is not None:
            self._move_to(sheet.place(x + self._held[0], y + self._held[1]))

    def release(self, x: float, y: float) -> None:
        self._held = None
        self._mouse = (x, y)

    def cancel(self) -> bool:
        if self._held is None:
            return False
        self._held = None
        self._move_to(self._before)
        return True

    def let_go(self) -> None:
        self._held = self._guess = self._verdict = None

    def wants(self, key: Qt.Key) -> bool:
        if key == Qt.Key.Key_Escape:
            return True
        return not self._done and (key in ARROWS or key in _REVEALS)

    def key(self, key: Qt.Key, large: bool) -> None:
        sheet, guess = self._sheet(), self._guess
        if key in ARROWS and sheet is not None and guess is not None and not self.busy:
            step = np.array(ARROWS[key])[: len(sheet.columns)] * sheet.spans * (LARGE_NUDGE if large else NUDGE)
            self._move_to(tuple(map(float, np.asarray(guess.place) + step)))
        elif key in _REVEALS:
            self._held = None
            self.revealed.emit()
        elif key == Qt.Key.Key_Escape and not self.cancel():
            self.left.emit()

    def tab(self, forward: bool) -> bool:
        sheet, guess = self._sheet(), self._guess
        if sheet is None or guess is None or self._done:
            return False
        after = guess.component + (1 if forward else -1)
        if not 0 <= after < sheet.mixture.n_components:
            return False
        self.chosen.emit(after)
        return True

    def draw(self, painter: QPainter, mapping: Mapping, style: PlotStyle) -> None:
        sheet, guess = self._sheet(), self._guess
        if sheet is None or guess is None or guess.component >= sheet.mixture.n_components:
            return
        here = QPointF(*self._pixel(sheet, guess.place))
        mean = QPointF(*sheet.mean(guess.component))
        draw_way(painter, mean, here, style, dashed=self._verdict is None)
        current = self.focused and self._verdict is None
        draw_guess(painter, here, style, guess.component, current=current)

    def draw_words(self, painter: QPainter, mapping: Mapping, style: PlotStyle) -> None:
        sheet, guess = self._sheet(), self._guess
        if sheet is None or guess is None or guess.component >= sheet.mixture.n_components:
            return
        here, mean = QPointF(*self._pixel(sheet, guess.place)), QPointF(*sheet.mean(guess.component))
        bounds = QRectF(0, 0, mapping.width, mapping.height)
        taken, lines = _taken(sheet, mean, here, style, bounds), _lines(sheet, style, bounds)
        if self._verdict is None:
            words = f"your guess: mean of {component_letter(guess.component)}"
            draw_label(painter, words, [here], style, bounds, BODY, taken, lines)
        else:
            draw_label(painter, verdict_words(self._verdict), [here, mean], style, bounds, CAPTION, taken, lines)

    @property
    def _done(self) -> bool:
        return self._guess is None or self._guess.revealed

    def _pixel(self, sheet: Sheet, place: tuple[float, ...]) -> tuple[float, float]:
        """Where the guess is drawn; in one column as high as the peak of its component."""
        assert self._guess is not None
        x, y = sheet.pixel(np.asarray(place))
        return (x, sheet.mean(self._guess.component)[1]) if sheet.flat else (x, y)

    def _is_on_guess(self, x: float, y: float) -> bool:
        sheet, guess = self._sheet(), self._guess
        if sheet is None or guess is None:
            return False
        gx, gy = self._pixel(sheet, guess.place)
        return math.hypot(gx - x, gy - y) <= REACH * sheet.scale

    def _move_to(self, place: tuple[float, ...]) -> None:
        if self._guess is not None:
            self._guess = replace(self._guess, place=place)
            self.moved.emit(place)
            self.said.emit(self._words())
            self.changed.emit()

    def _words(self) -> str:
        """For a screen reader."""
        sheet, guess = self._sheet(), self._guess
        if sheet is None or guess is None:
            return ""
        if self._verdict is not None:
            return verdict_words(self._verdict)
        places = [coordinate(v, float(span)) for v, span in zip(guess.place, sheet.spans, strict=True)]
        return f"your guess for the mean of {component_letter(guess.component)} at ({', '.join(places)})"


def _taken(sheet: Sheet, mean: QPointF, guess: QPointF, style: PlotStyle, bounds: QRectF) -> list[QRectF]:
    """What words must not hide: the means with their letters, the guess, and the way from one to the other."""
    means = [QPointF(*sheet.mean(c)) for c in range(sheet.mixture.n_components)]
    way = [mean + (guess - mean) * (step / _STEPS) for step in range(1, _STEPS)]
    half = _CLEAR * style.scale
    around = [QRectF(at.x() - half, at.y() - half, 2 * half, 2 * half) for at in (*means, guess, *way)]
    return around + place_badges(means, style, bounds)


def _lines(sheet: Sheet, style: PlotStyle, bounds: QRectF) -> list[QRectF]:
    """In one column the line from each peak down to the axis."""
    if not sheet.flat:
        return []
    peaks, wide = [sheet.mean(c) for c in range(sheet.mixture.n_components)], _CLEAR * style.scale
    return [QRectF(x - wide / 2, y, wide, max(bounds.bottom() - y, 0.0)) for x, y in peaks]
