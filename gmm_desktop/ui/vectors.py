"""A plot as lines, shapes and letters: recorded once, and written as SVG or PDF."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QBrush, QFont, QFontInfo, QPageSize, QPainter, QPdfWriter, QPicture
from PySide6.QtWidgets import QGraphicsItem

from gmm_desktop.ui.views.plot import ThemedPlot

if TYPE_CHECKING:
    from gmm_desktop.ui.pictures import PictureLook

POINTS_AN_INCH, MILLIMETRES_AN_INCH = 72.0, 25.4
SCREEN_UNIT = 0.75  # points in a logical pixel of a desktop, 96 an inch
_PDF_DOTS_AN_INCH = 1200
_PAPER = re.compile(r'width="[^"]*mm" height="[^"]*mm"')
_FAMILY = re.compile(r'font-family="([^"]*)"')


@dataclass(frozen=True)
class Recorded:
    """What a plot paints, one unit a logical pixel.

    Attributes:
        inside: the background, and what lies between the axes.
        outside: the axes, on top of it.
        frame: the rectangle that ``inside`` is seen in. Qt writes no clipping into SVG files.
    """

    inside: QPicture
    outside: QPicture
    frame: QRectF


def record(plot: ThemedPlot, look: PictureLook) -> Recorded:
    """Record a plot of the size of ``look``, which is of no use for a screen any more."""
    axes: list[QGraphicsItem] = [plot.x_axis, plot.y_axis]
    frame = plot.viewportTransform().mapRect(plot.view_box.sceneBoundingRect())
    inside = _recorded(plot, look, without=axes)
    plot.setBackgroundBrush(QBrush(Qt.BrushStyle.NoBrush))
    return Recorded(inside, _recorded(plot, look, without=[plot.view_box]), frame)


def _recorded(plot: ThemedPlot, look: PictureLook, without: list[QGraphicsItem]) -> QPicture:
    for item in without:
        item.setOpacity(0.0)  # a hidden one would leave its room to the others
    recorded = QPicture()
    painter = QPainter(recorded)
    plot.render(painter, QRectF(0, 0, look.width, look.height), plot.rect(), Qt.AspectRatioMode.IgnoreAspectRatio)
    painter.end()
    for item in without:
        item.setOpacity(1.0)
    return recorded


def paint_recorded(painter: QPainter, recorded: Recorded, look: PictureLook) -> None:
    """Paint a recorded plot at the origin, one unit of the painter a logical pixel."""
    painter.save()
    painter.fillRect(QRectF(0, 0, look.width, look.height), look.theme.card)
    for part in (recorded.inside, recorded.outside):
        _play(painter, part)
    painter.restore()


def _play(painter: QPainter, part: QPicture) -> None:
    painter.save()
    dots = painter.device().logicalDpiX() / part.logicalDpiX()  # by which Qt enlarges a recording by itself
    painter.scale(1 / dots, 1 / dots)
    painter.drawPicture(0, 0, part)
    painter.restore()


def svg_bytes(recorded: Recorded, look: PictureLook) -> bytes:
    """A recorded plot as the content of an SVG file; its text is text."""
    head, inside, tail = _svg(recorded.inside, look)
    _, outside, _ = _svg(recorded.outside, look)
    frame = recorded.frame
    sides = zip(("x", "y", "width", "height"), (frame.x(), frame.y(), frame.width(), frame.height()), strict=True)
    rectangle = " ".join(f'{name}="{side:.3f}"' for name, side in sides)
    parts = [
        head,
        f'<rect width="{look.width}" height="{look.height}" fill="{look.theme.card}"/>',
        f'<clipPath id="frame"><rect {rectangle}/></clipPath>',
        f'<g clip-path="url(#frame)">{inside}</g>',
        outside,
        tail,
    ]
    return "\n".join(parts).encode()


def _svg(part: QPicture, look: PictureLook) -> tuple[str, str, str]:
    """What Qt makes of a recording: the beginning of the file, the drawing itself, the end of the file."""
    from PySide6.QtSvg import QSvgGenerator

    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setResolution(round(POINTS_AN_INCH / SCREEN_UNIT))
    generator.setSize(QSize(look.width, look.height))
    generator.setViewBox(QRectF(0, 0, look.width, look.height))
    generator.setTitle("Gaussian mixture")
    painter = QPainter(generator)
    _play(painter, part)
    painter.end()
    width, height = (side * look.unit / POINTS_AN_INCH * MILLIMETRES_AN_INCH for side in (look.width, look.height))
    # Qt takes whole dots an inch only, which would be another size on paper than the one that was asked for.
    text = _PAPER.sub(f'width="{width:.3f}mm" height="{height:.3f}mm"', bytes(buffer.data().data()).decode(), count=1)
    head, drawing = text.split("</defs>", 1)
    drawing, _, tail = drawing.rpartition("</svg>")
    return f"{head}</defs>", _FAMILY.sub(_with_substitute, drawing), f"</svg>{tail}"


def _with_substitute(found: re.Match[str]) -> str:
    """The family by the name that it has everywhere, and what stands for it where it is not installed."""
    family = QFontInfo(QFont(found[1])).family()
    return f'font-family="{escape(family)}, sans-serif"'


def pdf_bytes(recorded: Recorded, look: PictureLook) -> bytes:
    """A recorded plot as the content of a PDF file of one page of its size; its text can be selected."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(_PDF_DOTS_AN_INCH)
    page = QSizeF(look.width * look.unit, look.height * look.unit)
    exact = QPageSize.SizeMatchPolicy.ExactMatch
    writer.setPageSize(QPageSize(page, QPageSize.Unit.Point, "plot", exact))
    writer.setPageMargins(QMarginsF(0, 0, 0, 0))
    writer.setTitle("Gaussian mixture")
    writer.setCreator("GMM Desktop")
    painter = QPainter(writer)
    dots = look.unit / POINTS_AN_INCH * _PDF_DOTS_AN_INCH
    painter.scale(dots, dots)
    paint_recorded(painter, recorded, look)
    painter.end()
    return bytes(buffer.data().data())
