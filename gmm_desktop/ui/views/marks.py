"""Small things on top of a plot: the means with their letters, the way they came, and words."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPen

from gmm_desktop.ui.palette import component_letter
from gmm_desktop.ui.theme import BODY, SMALL
from gmm_desktop.ui.views.coordinates import Mapping
from gmm_desktop.ui.views.lines import draw_curve, fewest_places
from gmm_desktop.ui.views.stamp import draws_vectors
from gmm_desktop.ui.views.style import PlotStyle

Array = NDArray[np.float64]

_ARM = 8.5
_MOST_OF_A_TRAIL = 400


def draw_cross(painter: QPainter, place: QPointF, style: PlotStyle, component: int) -> None:
    """The cross of a mean: the strongest colour there is, cased, so that it stands off from its own points."""
    arm = _ARM * style.scale
    lines = [
        QLineF(place.x() - arm, place.y(), place.x() + arm, place.y()),
        QLineF(place.x(), place.y() - arm, place.x(), place.y() + arm),
    ]
    faint = style.selected is not None and style.selected != component
    for colour, width in ((style.theme.card, 7.0), (style.theme.text, 3.4)):
        painter.setPen(style.pen(colour, width, strength=0.45 if faint else 1.0))
        painter.drawLines(lines)


def place_badges(places: list[QPointF], style: PlotStyle, bounds: QRectF) -> list[QRectF]:
    """Where the letter of each mean goes, beside its cross and clear of the letters and crosses before it."""
    metrics = QFontMetricsF(style.font(BODY, bold=True))
    high = metrics.height() + 2 * style.scale
    away = (_ARM + 1.0) * style.scale
    crosses = [QRectF(p.x() - away, p.y() - away, 2 * away, 2 * away) for p in places]
    taken: list[QRectF] = []
    for c, place in enumerate(places):
        wide = max(high, metrics.horizontalAdvance(component_letter(c)) + 8 * style.scale)
        choices = [
            QRectF(
                place.x() + dx * away - (wide if dx < 0 else 0),
                place.y() + dy * away - (high if dy < 0 else 0),
                wide,
                high,
            )
            for dx, dy in (
                (0.35, -0.35),
                (-0.35, -0.35),
                (0.35, 0.35),
                (-0.35, 0.35),
                (1.6, -1.8),
                (-1.6, -1.8),
            )
        ]
        others = taken + [cross for i, cross in enumerate(crosses) if i != c]
        free = [box for box in choices if bounds.contains(box) and not any(box.intersects(o) for o in others)]
        taken.append(free[0] if free else choices[0])
    return taken


def draw_badge(painter: QPainter, box: QRectF, style: PlotStyle, component: int) -> None:
    """A component's letter on its colour."""
    colour = QColor(style.colour(component))
    painter.setPen(QPen(QColor(style.theme.card), style.width(1.6)))
    painter.setBrush(colour)
    painter.drawRoundedRect(box, 4 * style.scale, 4 * style.scale)
    painter.setFont(style.font(BODY, bold=True))
    painter.setPen(QColor(ink_on(colour)))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, component_letter(component))


def ink_on(colour: QColor) -> str:
    """White, or black on colours too light for it (WCAG's contrast of 3 for large type)."""
    parts = np.array([colour.redF(), colour.greenF(), colour.blueF()])
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    luminance = float(linear @ (0.2126, 0.7152, 0.0722))
    return "#ffffff" if 1.05 / (luminance + 0.05) >= 3.0 else "#000000"


def draw_trails(painter: QPainter, mapping: Mapping, x: Array, y: Array, style: PlotStyle) -> None:
    """The way of each mean up to now, from ``x`` and ``y`` (iterations, k): solid, cased, with a ring at the start."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if len(x) < 2:
        return
    steps = _steps_of_a_trail(len(x))
    across, down = mapping.x(x[steps]), mapping.y(y[steps])
    painter.setBrush(QColor(style.theme.card))
    for c in range(x.shape[1]):
        kept = fewest_places(across[:, c], down[:, c])
        for pen in (style.casing_pen(2.2), style.pen(style.colour(c), 2.2)):
            draw_curve(painter, pen, across[kept, c], down[kept, c])
        painter.drawEllipse(QPointF(across[0, c], down[0, c]), 3.6 * style.scale, 3.6 * style.scale)


def _steps_of_a_trail(length: int) -> NDArray[np.intp]:
    """Iterations that show the way: the first ones are the long steps, and all of them are kept."""
    if length <= _MOST_OF_A_TRAIL:
        return np.arange(length)
    half = _MOST_OF_A_TRAIL // 2
    late = np.linspace(half, length - 1, half).round().astype(np.intp)
    return np.concatenate([np.arange(half), late])


def draw_word(
    painter: QPainter,
    word: str,
    place: QPointF,
    colour: str,
    style: PlotStyle,
    bounds: QRectF,
    *,
    bold: bool = True,
) -> None:
    """A word beginning at ``place`` (its base line), moved into ``bounds``, with a casing of the background."""
    face = style.font(BODY if bold else SMALL, bold=bold)
    size = QFontMetricsF(face).boundingRect(word)
    x = min(max(place.x(), bounds.left() + 2), bounds.right() - size.width() - 4)
    y = min(max(place.y(), bounds.top() + size.height() + 2), bounds.bottom() - 4)
    if draws_vectors(painter):  # a path is no text that could be searched and copied, and a casing is for the screen
        painter.setFont(face)
        painter.setPen(QColor(colour))
        painter.drawText(QPointF(x, y), word)
        return
    path = QPainterPath()
    path.addText(QPointF(x, y), face, word)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    casing = QPen(QColor(style.theme.card), 5 * style.scale)
    casing.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.strokePath(path, casing)
    painter.fillPath(path, QColor(colour))
