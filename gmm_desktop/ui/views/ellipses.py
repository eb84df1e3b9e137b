"""Ellipses of one, two and three standard deviations."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from pyqtgraph.functions import arrayToQPolygonF
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter

from gmm_desktop.ui.views.coordinates import Mapping
from gmm_desktop.ui.views.lines import Line, draw_curve, draw_curves
from gmm_desktop.ui.views.shown import ShownMixture
from gmm_desktop.ui.views.style import PlotStyle

Array = NDArray[np.float64]

# In two dimensions they hold 39, 86 and 99 % of a component.
SIGMAS = (1.0, 2.0, 3.0)
_WIDTHS = (2.4, 1.7, 1.2)
_STRENGTHS = (1.0, 0.9, 0.7)
_FILL = {"light": 0.16, "dark": 0.24}
_ANGLES = np.linspace(0.0, 2 * np.pi, 73)
_CIRCLE = np.stack([np.cos(_ANGLES), np.sin(_ANGLES)])

Outlines = list[list[Line]]  # [component][sigma], pixels


def outlines(mixture: ShownMixture, mapping: Mapping) -> Outlines:
    """The ellipses of each component in pixels, one for each of ``SIGMAS``."""
    unit = mixture.cholesky @ _CIRCLE  # (k, 2, angles)
    sizes = np.array(SIGMAS)[:, np.newaxis]
    across = mapping.x(mixture.means[:, 0, np.newaxis, np.newaxis] + sizes * unit[:, np.newaxis, 0])
    down = mapping.y(mixture.means[:, 1, np.newaxis, np.newaxis] + sizes * unit[:, np.newaxis, 1])
    return [list(zip(x, y, strict=True)) for x, y in zip(across, down, strict=True)]


def fill_ellipses(painter: QPainter, shapes: Outlines, style: PlotStyle) -> None:
    """Fill one standard deviation of each component, translucent.

    Not antialiased, which costs four times as much where colours are translucent: the outline covers the edge.
    """
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(Qt.PenStyle.NoPen)
    for c, shape in enumerate(shapes):
        colour = QColor(style.colour(c))
        colour.setAlphaF(_FILL[style.theme.name])
        painter.setBrush(colour)
        painter.drawPolygon(arrayToQPolygonF(*shape[0]))


def draw_outlines(painter: QPainter, shapes: Outlines, style: PlotStyle, *, dashed: bool) -> None:
    """Outline one, two and three standard deviations of each component, the selected one last."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    rest = [c for c in range(len(shapes)) if c != style.selected]
    front = [style.selected] if style.selected is not None and style.selected < len(shapes) else []
    for group, wider in ((rest, 1.0), (front, 1.4)):
        if not dashed:  # a solid line lies among points of its own colour
            for sigma, width in enumerate(_WIDTHS):
                draw_curves(painter, style.casing_pen(width * wider, 0.9), [shapes[c][sigma] for c in group])
        for c in group:
            for line, width, strength in zip(shapes[c], _WIDTHS, _STRENGTHS, strict=True):
                draw_curve(painter, style.component_pen(c, width * wider, dashed=dashed, strength=strength), *line)


def draw_truth(painter: QPainter, shapes: Outlines, style: PlotStyle) -> None:
    """The generating components, dashed red with a casing, one and two standard deviations."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for pen in style.truth_pens():
        draw_curves(painter, pen, [line for shape in shapes for line in shape[:2]])
