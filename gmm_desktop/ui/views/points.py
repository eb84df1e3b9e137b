"""Up to some ten thousand points as discs, stamped from one atlas in one call."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from pyqtgraph.Qt.internals import PrimitiveArray
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPixmap

from gmm_desktop.ui.views.colours import LEVELS, Shades, shade_colours
from gmm_desktop.ui.views.coordinates import Mapping
from gmm_desktop.ui.views.style import PlotStyle

Array = NDArray[np.float64]


def disc_radius(n: int, scale: float) -> float:
    """The radius of a point among n, in logical pixels: large while there are few."""
    return scale * min(4.4, max(2.0, 4.4 - 0.9 * math.log10(max(n, 100) / 100)))


def casing_width(n: int, scale: float) -> float:
    """The rim of the background's colour around a disc, in logical pixels: among many it would be mere noise, and it
    is gone where the image takes over from the discs."""
    return scale * min(0.9, max(0.0, 0.9 - 0.45 * math.log10(max(n, 200) / 200)))


class Discs:
    """Draws points as discs; keeps the atlas and the fragments as long as they fit."""

    def __init__(self) -> None:
        self._fragments = PrimitiveArray(QPainter.PixmapFragment, 10)
        self._atlas = QPixmap()
        self._atlas_key: object = None
        self._tile = 0

    def draw(
        self, painter: QPainter, mapping: Mapping, x: Array, y: Array, shade: Shades, style: PlotStyle, k: int
    ) -> None:
        """Draw n points at ``x`` and ``y`` (n,), view coordinates, in the shades of k components (n,)."""
        radius = disc_radius(x.size, style.scale)
        self._make_atlas(radius, casing_width(x.size, style.scale), mapping.ratio, style, k)
        across, down = mapping.x(x), mapping.y(y)
        visible = (np.abs(across - mapping.width / 2) < mapping.width / 2 + radius) & (
            np.abs(down - mapping.height / 2) < mapping.height / 2 + radius
        )
        across, down, shade = across[visible], down[visible], shade[visible]
        if not across.size:
            return
        self._fragments.resize(across.size)
        fields = self._fragments.ndarray()
        fields[:, 0], fields[:, 1] = across, down
        row, column = np.divmod(shade, LEVELS + 1)
        fields[:, 2], fields[:, 3] = column * self._tile, row * self._tile
        fields[:, 4] = fields[:, 5] = self._tile
        fields[:, 6] = fields[:, 7] = 1 / mapping.ratio
        fields[:, 8], fields[:, 9] = 0.0, 1.0
        first, count = self._fragments.drawargs()
        painter.drawPixmapFragments(first, count, self._atlas)

    def _make_atlas(self, radius: float, rim_width: float, ratio: float, style: PlotStyle, k: int) -> None:
        key = (radius, rim_width, ratio, style, k)
        if key == self._atlas_key:
            return
        self._atlas_key = key
        casing = rim_width * ratio
        core = radius * ratio
        self._tile = 2 * math.ceil(core + casing + 1)
        colours = shade_colours(style, k)
        rows = -(-len(colours) // (LEVELS + 1))
        image = QImage(self._tile * (LEVELS + 1), self._tile * rows, QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        rim = QColor(style.theme.card)
        rim.setAlphaF(0.9)
        for index, colour in enumerate(colours):
            row, column = divmod(index, LEVELS + 1)
            centre = QPointF((column + 0.5) * self._tile, (row + 0.5) * self._tile)
            if casing:
                painter.setBrush(rim)
                painter.drawEllipse(centre, core + casing, core + casing)
            painter.setBrush(QColor(colour))
            painter.drawEllipse(centre, core, core)
        painter.end()
        self._atlas = QPixmap.fromImage(image)
