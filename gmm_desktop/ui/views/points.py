"""Up to some ten thousand points as discs, stamped from one atlas in one call."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from pyqtgraph.Qt.internals import PrimitiveArray
from PySide6.QtCore import QLineF, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPixmap

from gmm_desktop.ui.views.colours import LEVELS, Shades, shade_colours
from gmm_desktop.ui.views.coordinates import Mapping
from gmm_desktop.ui.views.stamp import draws_vectors, wants_dots
from gmm_desktop.ui.views.style import PlotStyle

Array = NDArray[np.float64]


_DOT = 1e-3
"""The length of a line that is a dot, in logical pixels: of a mere point Qt's recordings make a circle."""
_MOST_CASED = 500
"""Rings above which their casings would hide the points among them."""


def disc_radius(n: int, scale: float) -> float:
    """The radius of a point among n, in logical pixels: large while there are few."""
    return scale * min(4.4, max(2.0, 4.4 - 0.9 * math.log10(max(n, 100) / 100)))


def casing_width(n: int, scale: float) -> float:
    """The rim of the background's colour around a disc, in logical pixels: among many it would be mere noise, and it
    is gone where the image takes over from the discs."""
    return scale * min(0.9, max(0.0, 0.9 - 0.45 * math.log10(max(n, 200) / 200)))


class Stamping:
    """Many small pictures of one atlas drawn in one call."""

    def __init__(self) -> None:
        self._fragments = PrimitiveArray(QPainter.PixmapFragment, 10)

    def draw(
        self,
        painter: QPainter,
        mapping: Mapping,
        places: tuple[Array, Array],
        tiles: tuple[Shades, Shades],
        atlas: Atlas,
    ) -> None:
        """Draw at ``places``, (n,) pixels across and down, the ``tiles`` of ``atlas`` in a row and a column, (n,)."""
        across, down = places
        margin = atlas.tile / mapping.ratio
        visible = (np.abs(across - mapping.width / 2) < mapping.width / 2 + margin) & (
            np.abs(down - mapping.height / 2) < mapping.height / 2 + margin
        )
        count = int(np.count_nonzero(visible))
        if not count:
            return
        self._fragments.resize(count)
        fields = self._fragments.ndarray()
        fields[:, 0], fields[:, 1] = across[visible], down[visible]
        row, column = tiles
        fields[:, 2], fields[:, 3] = column[visible] * atlas.tile, row[visible] * atlas.tile
        fields[:, 4] = fields[:, 5] = atlas.tile
        fields[:, 6] = fields[:, 7] = 1 / mapping.ratio
        fields[:, 8], fields[:, 9] = 0.0, 1.0
        first, count = self._fragments.drawargs()
        painter.drawPixmapFragments(first, count, atlas.pixmap)


class Atlas(NamedTuple):
    """Square tiles of ``tile`` device pixels in one pixmap."""

    pixmap: QPixmap
    tile: int


class Discs:
    """Draws points as discs; keeps the atlas and the fragments as long as they fit."""

    def __init__(self) -> None:
        self._stamping = Stamping()
        self._atlas = Atlas(QPixmap(), 0)
        self._atlas_key: object = None

    def draw(
        self, painter: QPainter, mapping: Mapping, x: Array, y: Array, shade: Shades, style: PlotStyle, k: int
    ) -> None:
        """Draw n points at ``x`` and ``y`` (n,), view coordinates, in the shades of k components (n,)."""
        radius, rim = disc_radius(x.size, style.scale), casing_width(x.size, style.scale)
        if draws_vectors(painter):
            _draw_shapes(painter, (mapping.x(x), mapping.y(y)), shade, radius, rim, style, k)
            return
        key = (radius, rim, mapping.ratio, style, k)
        if key != self._atlas_key:
            self._atlas_key = key
            self._atlas = _discs(radius * mapping.ratio, rim * mapping.ratio, style, k)
        row, column = np.divmod(shade, LEVELS + 1)
        self._stamping.draw(painter, mapping, (mapping.x(x), mapping.y(y)), (row, column), self._atlas)


class Rings:
    """Draws outlines around points."""

    def __init__(self) -> None:
        self._stamping = Stamping()
        self._atlas = Atlas(QPixmap(), 0)
        self._atlas_key: object = None

    def draw(self, painter: QPainter, mapping: Mapping, x: Array, y: Array, radius: float, style: PlotStyle) -> None:
        """Draw rings at ``x`` and ``y`` (n,), view coordinates, around discs of ``radius`` logical pixels."""
        cased = x.size <= _MOST_CASED
        if draws_vectors(painter):
            _draw_rings(painter, (mapping.x(x), mapping.y(y)), radius, style)
            return
        key = (radius, mapping.ratio, style, cased)
        if key != self._atlas_key:
            self._atlas_key = key
            self._atlas = _ring(radius, mapping.ratio, style, cased=cased)
        none = np.zeros(x.size, dtype=np.intp)
        self._stamping.draw(painter, mapping, (mapping.x(x), mapping.y(y)), (none, none), self._atlas)


def _draw_shapes(
    painter: QPainter, places: tuple[Array, Array], shade: Shades, radius: float, rim: float, style: PlotStyle, k: int
) -> None:
    """The discs as circles, in their order: those on top of others stay there."""
    colours = shade_colours(style, k)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if wants_dots(painter):
        _draw_dots(painter, places, shade, (radius, rim), QColor(style.theme.card), [QColor(c) for c in colours])
        return
    pen = QPen(QColor(style.theme.card), rim) if rim else QPen(Qt.PenStyle.NoPen)
    painter.setPen(pen)
    brushes = [QColor(colour) for colour in colours]
    last = -1
    for x, y, index in zip(places[0].tolist(), places[1].tolist(), shade.tolist(), strict=True):
        if index != last:
            painter.setBrush(brushes[index])
            last = index
        painter.drawEllipse(QPointF(x, y), radius + rim / 2, radius + rim / 2)


def _draw_dots(
    painter: QPainter,
    places: tuple[Array, Array],
    shade: Shades,
    sizes: tuple[float, float],
    background: QColor,
    colours: list[QColor],
) -> None:
    """The same discs, of a radius and in a rim of the background's colour: for each of the two a pen is put down."""
    radius, rim = sizes
    around = _round_pen(background, 2 * (radius + rim))
    pens = [_round_pen(colour, 2 * radius) for colour in colours]
    for x, y, index in zip(places[0].tolist(), places[1].tolist(), shade.tolist(), strict=True):
        dot = QLineF(x, y, x, y + _DOT)
        if rim:
            painter.setPen(around)
            painter.drawLine(dot)
        painter.setPen(pens[index])
        painter.drawLine(dot)


def _round_pen(colour: QColor, width: float) -> QPen:
    return QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)


def _draw_rings(painter: QPainter, places: tuple[Array, Array], radius: float, style: PlotStyle) -> None:
    width = 1.6 * style.scale
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(style.theme.text), width))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for x, y in zip(places[0].tolist(), places[1].tolist(), strict=True):
        painter.drawEllipse(QPointF(x, y), radius + width, radius + width)


def _discs(core: float, casing: float, style: PlotStyle, k: int) -> Atlas:
    """A disc of ``core`` device pixels in each of the shades, each in a rim of the background's colour."""
    tile = 2 * math.ceil(core + casing + 1)
    colours = shade_colours(style, k)
    rows = -(-len(colours) // (LEVELS + 1))
    image = QImage(tile * (LEVELS + 1), tile * rows, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    rim = QColor(style.theme.card)
    # A rim of no width would still darken or brighten the edges of discs: it fades before it is gone.
    rim.setAlphaF(0.9 * min(1.0, 4 * casing))
    for index, colour in enumerate(colours):
        row, column = divmod(index, LEVELS + 1)
        centre = QPointF((column + 0.5) * tile, (row + 0.5) * tile)
        if casing:
            painter.setBrush(rim)
            painter.drawEllipse(centre, core + casing, core + casing)
        painter.setBrush(QColor(colour))
        painter.drawEllipse(centre, core, core)
    painter.end()
    return Atlas(QPixmap.fromImage(image), tile)


def _ring(radius: float, ratio: float, style: PlotStyle, *, cased: bool) -> Atlas:
    """A ring in the colour of text just around a disc."""
    width = 1.6 * style.scale * ratio
    middle = radius * ratio + width
    tile = 2 * math.ceil(middle + width + 1)
    image = QImage(tile, tile, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    centre = QPointF(tile / 2, tile / 2)
    for colour, wide in ((style.theme.card, 2 * width if cased else 0), (style.theme.text, width)):
        if not wide:
            continue
        painter.setPen(QPen(QColor(colour), wide))
        painter.drawEllipse(centre, middle, middle)
    painter.end()
    return Atlas(QPixmap.fromImage(image), tile)
