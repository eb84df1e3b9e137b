"""How things look in a plot: the theme, the size of everything, and the pens made of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QPen

from gmm_desktop.ui.palette import mixed
from gmm_desktop.ui.scaling import THINNEST
from gmm_desktop.ui.theme import LIGHT, Theme, component_colour, component_dashes, font

_HALL_SCALE, _HALL_WIDTH = 1.3, THINNEST
_FADE = 0.72


@dataclass(frozen=True)
class PlotStyle:
    """A theme at a scale.

    Attributes:
        theme: the colours.
        scale: the factor of the type scale; lines and marks grow with it.
        selected: the highlighted component, the others fade; None highlights none.
        family: the font's; "" is the application's.
    """

    theme: Theme = LIGHT
    scale: float = 1.0
    selected: int | None = None
    family: str = ""

    def width(self, pixels: float) -> float:
        """A line's width in logical pixels."""
        width = pixels * self.scale
        return max(width, _HALL_WIDTH) if self.scale >= _HALL_SCALE else width

    def font(self, size: int, *, bold: bool = False) -> QFont:
        """The font at a size of the type scale."""
        return font(size, self.scale, bold=bold, base=QFont(self.family) if self.family else None)

    def colour(self, component: int) -> str:
        """A component's colour, paler where another one is selected."""
        colour = component_colour(self.theme, component)
        if self.selected is None or self.selected == component:
            return colour
        return mixed(colour, self.theme.card, _FADE)

    def pen(self, colour: str, pixels: float, *, strength: float = 1.0) -> QPen:
        """A pen with round ends, paler by mixing with the background: a translucent one costs four times as much."""
        return QPen(_pen(mixed(self.theme.card, colour, strength), self.width(pixels)))

    def component_pen(self, component: int, pixels: float, *, dashed: bool, strength: float = 1.0) -> QPen:
        """The pen of a component's outline or curve; ``dashed`` before the first E-step."""
        pen = self.pen(self.colour(component), pixels, strength=strength)
        dashes = (5.0, 3.0) if dashed else component_dashes(component)
        if dashes:
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            pen.setDashPattern(list(dashes))
        return pen

    def truth_pens(self, pixels: float = 2.2) -> tuple[QPen, QPen]:
        """The pens of the generating mixture: a casing of the background, then red dashes."""
        dashes = self.pen(self.theme.truth, pixels)
        dashes.setCapStyle(Qt.PenCapStyle.FlatCap)
        dashes.setDashPattern([3.2, 2.0])
        return self.casing_pen(pixels, 1.0), dashes

    def casing_pen(self, pixels: float, rim: float = 1.3) -> QPen:
        """The pen for the casing under a line of ``pixels``, ``rim`` wider on each side."""
        return QPen(_pen(self.theme.card, self.width(pixels) + 2 * rim * self.scale))


@lru_cache(maxsize=512)
def _pen(colour: str, width: float) -> QPen:
    """Some fifty pens a frame are the same as in the last one; copies of one share what is inside."""
    pen = QPen(QColor(colour), width)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return pen
