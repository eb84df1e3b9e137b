"""A plot as lines, shapes and letters: recorded once, and written as SVG or PDF."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QBrush, QFont, QFontInfo, QImage, QImageWriter, QPageSize, QPainter, QPdfWriter, QPicture
from PySide6.QtWidgets import QGraphicsItem

from gmm_desktop.ui.pieces import Pieces
from gmm_desktop.ui.views.plot import ThemedPlot
from gmm_desktop.ui.views.stamp import Recording

if TYPE_CHECKING:
    from gmm_desktop.ui.pictures import PictureLook

POINTS_AN_INCH, MILLIMETRES_AN_INCH = 72.0, 25.4
SCREEN_UNIT = 0.75  # points in a logical pixel of a desktop, 96 an inch
PAPER_RATIO = 3.0
"""Pixels in a logical one where a part of a vector picture is pixels: some 300 an inch."""
_PIXELS_AT_ONCE = 6_000_000
"""Painted in one piece: some twenty milliseconds, of which what is drawn takes most, not its pixels."""
_PDF_DOTS_AN_INCH = 1200
_PAPER = re.compile(r'width="[^"]*mm" height="[^"]*mm"')
_FAMILY = re.compile(r'font-family="([^"]*)"')


@dataclass(frozen=True)
class Recorded:
    """What a plot paints, one unit a logical pixel.

    Attributes:
        inside: from back to front what lies between the axes, and the background; an image has ``PAPER_RATIO`` pixels
            in each unit.
        outside: the axes, on top of it.
        frame: the rectangle that ``inside`` is seen in. Qt writes no clipping into SVG files.
    """

    inside: tuple[QPicture | QImage, ...]
    outside: QPicture
    frame: QRectF


def record(plot: ThemedPlot, look: PictureLook) -> Pieces[Recorded]:
    """Record a plot of the size of ``look``, which is of no use for a screen any more.

    A QPicture would compress an image at once, in the window's thread.
    """
    axes: list[QGraphicsItem] = [plot.x_axis, plot.y_axis]
    frame = plot.viewportTransform().mapRect(plot.view_box.sceneBoundingRect())
    pixels = plot.layers_of_pixels()
    if not pixels:
        inside: tuple[QPicture | QImage, ...] = (_recorded(plot, look, without=axes),)
        _clear_background(plot)
    else:
        depth = pixels[0].zValue()
        others = [item for item in plot.view_box.childItems() if item not in pixels]
        above = [item for item in others if item.zValue() > depth]
        behind = _recorded(plot, look, without=[*axes, *pixels, *above])
        _clear_background(plot)
        image = yield from _image(plot, look, without=[*axes, *others])
        below = [item for item in others if item not in above]
        inside = (behind, image, _recorded(plot, look, without=[*axes, *pixels, *below]))
    yield None
    return Recorded(inside, _recorded(plot, look, without=[plot.view_box]), frame)


def _clear_background(plot: ThemedPlot) -> None:
    plot.setBackgroundBrush(QBrush(Qt.BrushStyle.NoBrush))


@contextmanager
def _unseen(items: list[QGraphicsItem]) -> Generator[None]:
    """Items that are not painted; hidden ones would leave their room to the others."""
    before = [item.opacity() for item in items]
    for item in items:
        item.setOpacity(0.0)
    yield
    for item, opacity in zip(items, before, strict=True):
        item.setOpacity(opacity)


def _recorded(plot: ThemedPlot, look: PictureLook, without: list[QGraphicsItem]) -> QPicture:
    recorded = Recording(with_dots=look.dots)
    with _unseen(without):
        painter = QPainter(recorded)
        plot.render(painter, QRectF(0, 0, look.width, look.height), plot.rect(), Qt.AspectRatioMode.IgnoreAspectRatio)
        painter.end()
    return recorded


def _image(plot: ThemedPlot, look: PictureLook, without: list[QGraphicsItem]) -> Pieces[QImage]:
    size = round(look.width * PAPER_RATIO), round(look.height * PAPER_RATIO)
    image = QImage(*size, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    with _unseen(without):
        yield from paint_rows(plot, image)
    return image


def paint_rows(plot: ThemedPlot, image: QImage) -> Pieces[None]:
    """Paint a plot on an image as large as you please, some rows at a time."""
    rows = max(1, _PIXELS_AT_ONCE // max(image.width(), 1))
    for top in range(0, image.height(), rows):
        painter = QPainter(image)
        painter.setClipRect(0, top, image.width(), rows)
        plot.render(painter, QRectF(image.rect()), plot.rect(), Qt.AspectRatioMode.IgnoreAspectRatio)
        painter.end()
        yield None


def png_bytes(image: QImage) -> bytes:
    """An image as the content of a PNG file."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QImageWriter(buffer, QByteArray(b"png"))
    if not writer.write(image):
        raise ValueError(f"The picture could not be written as PNG: {writer.errorString()}.")
    return bytes(buffer.data().data())


def paint_recorded(painter: QPainter, recorded: Recorded, look: PictureLook) -> None:
    """Paint a recorded plot at the origin, one unit of the painter a logical pixel."""
    painter.save()
    painter.fillRect(QRectF(0, 0, look.width, look.height), look.theme.card)
    for part in (*recorded.inside, recorded.outside):
        if isinstance(part, QImage):
            painter.drawImage(QRectF(0, 0, look.width, look.height), part)
        else:
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
    inside = [_svg_image(part, look) if isinstance(part, QImage) else _svg(part, look)[1] for part in recorded.inside]
    head, outside, tail = _svg(recorded.outside, look)
    frame = recorded.frame
    sides = zip(("x", "y", "width", "height"), (frame.x(), frame.y(), frame.width(), frame.height()), strict=True)
    rectangle = " ".join(f'{name}="{side:.3f}"' for name, side in sides)
    parts = [
        head,
        f'<rect width="{look.width}" height="{look.height}" fill="{look.theme.card}"/>',
        f'<clipPath id="frame"><rect {rectangle}/></clipPath>',
        f'<g clip-path="url(#frame)">{"".join(inside)}</g>',
        outside,
        tail,
    ]
    return "\n".join(parts).encode()


def _svg_image(image: QImage, look: PictureLook) -> str:
    """Pixels as a part of an SVG file. Qt's own writer would hold up the window until they are compressed."""
    content = b64encode(png_bytes(image)).decode()
    size = f'width="{look.width}" height="{look.height}" preserveAspectRatio="none"'
    return f'<image x="0" y="0" {size} xlink:href="data:image/png;base64,{content}"/>'


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
