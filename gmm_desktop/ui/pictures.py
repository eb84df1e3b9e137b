"""Pictures of the data plot, drawn off screen with the same layers as the window's."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from gmm_desktop.session.snapshot import Snapshot
from gmm_desktop.ui.pieces import Pieces, all_at_once
from gmm_desktop.ui.theme import LIGHT, SMALL, Theme
from gmm_desktop.ui.vectors import (
    MILLIMETRES_AN_INCH,
    PAPER_RATIO,
    POINTS_AN_INCH,
    SCREEN_UNIT,
    Recorded,
    paint_rows,
    pdf_bytes,
    png_bytes,
    record,
    svg_bytes,
)
from gmm_desktop.ui.views import DataPlot, ViewOptions
from gmm_desktop.ui.views.content import Cloud, cloud
from gmm_desktop.ui.views.plot import ThemedPlot

AnyPlot = TypeVar("AnyPlot", bound=ThemedPlot)


@dataclass(frozen=True)
class PictureLook:
    """How a picture looks.

    Attributes:
        width, height: of the plot as laid out, in logical pixels.
        scale: device pixels in a logical one, for formats of pixels.
        theme: the colours.
        options: how the data plot is drawn.
        unit: the points (1/72 inch) that a logical pixel measures on paper.
        family: of the font; "" is the application's.
        dots: whether points are recorded as dots of a round pen, not as circles.
    """

    width: int = 1280
    height: int = 720
    scale: float = 1.0
    theme: Theme = LIGHT
    options: ViewOptions = field(default_factory=ViewOptions)
    unit: float = SCREEN_UNIT
    family: str = ""
    dots: bool = False


def look_for_print(
    width: float, height: float, text: float, dots: float, theme: Theme, options: ViewOptions, family: str = ""
) -> PictureLook:
    """The look of a picture of ``width`` x ``height`` millimetres at ``dots`` an inch, numbers ``text`` points high."""
    unit = text / SMALL
    pixels = [max(1, round(side / MILLIMETRES_AN_INCH * POINTS_AN_INCH / unit)) for side in (width, height)]
    return PictureLook(pixels[0], pixels[1], dots / POINTS_AN_INCH * unit, theme, options, unit, family)


def draw_picture(
    snapshot: Snapshot,
    options: ViewOptions,
    theme: Theme,
    width: int = 1280,
    height: int = 720,
    scale: float = 1.0,
) -> QImage:
    """The data plot of a snapshot, with axes fitted to the data and no caption.

    ``width`` and ``height`` are those of the plot as laid out, in logical pixels; the image has ``scale`` pixels
    for each of them, 3 makes one fit for print.

    Raises:
        ValueError: the image would have no pixels or more than memory holds.
    """
    return all_at_once(picture_pieces(snapshot, PictureLook(width, height, scale, theme, options)))


def picture_pieces(snapshot: Snapshot, look: PictureLook, shown: Cloud | None = None) -> Pieces[QImage]:
    """As ``draw_picture``, piece by piece; ``shown`` is the snapshot's data where somebody has prepared them."""
    image = QImage(round(look.width * look.scale), round(look.height * look.scale), QImage.Format.Format_RGB32)
    if image.isNull():
        pixels = f"{look.width * look.scale:.0f} x {look.height * look.scale:.0f}"
        raise ValueError(f"A picture of {pixels} pixels cannot be made; choose a smaller size or fewer dots an inch.")
    with _plot(look) as plot:
        yield from _ready(plot, snapshot, shown, image.height() / look.height)
        image.fill(look.theme.card)
        yield from paint_rows(plot, image)
    dots_a_metre = round(look.scale / look.unit * POINTS_AN_INCH / (MILLIMETRES_AN_INCH / 1000))
    image.setDotsPerMeterX(dots_a_metre)
    image.setDotsPerMeterY(dots_a_metre)
    return image


def vector_pieces(snapshot: Snapshot, look: PictureLook, shown: Cloud | None = None) -> Pieces[Recorded]:
    """The same plot as lines, shapes and letters, one unit a logical pixel."""
    if min(look.width, look.height) < 1:
        raise ValueError("A picture without width or height cannot be made; choose a larger size.")
    with _plot(look) as plot:
        yield from _ready(plot, snapshot, shown, PAPER_RATIO)
        recorded = yield from record(plot, look)
    return recorded


@contextmanager
def _plot(look: PictureLook) -> Generator[DataPlot]:
    with off_screen(DataPlot(), look) as plot:
        plot.set_options(look.options)
        yield plot


@contextmanager
def off_screen(plot: AnyPlot, look: PictureLook) -> Generator[AnyPlot]:
    """A plot that no screen shows, in the looks of a picture, as long as it is drawn."""
    try:
        plot.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
        plot.viewport().setUpdatesEnabled(False)  # else it is painted for a screen that it is not on, too
        plot.setMinimumSize(1, 1)
        plot.resize(look.width, look.height)
        plot.set_theme(look.theme)
        plot.set_family(look.family)
        plot.show()
        yield plot
    finally:
        plot.hide()
        plot.deleteLater()


def _ready(plot: DataPlot, snapshot: Snapshot, shown: Cloud | None, ratio: float) -> Pieces[None]:
    """Give the plot what it is to show, and everything that painting it at a ratio takes."""
    yield None
    if shown is None:
        prepared: list[Cloud] = []
        yield lambda: prepared.append(cloud(snapshot.dataset, snapshot.columns))
        shown = prepared[0]
    plot.show_prepared(snapshot, shown)
    yield plot.work_before_painting(ratio)


Encode = Callable[[], bytes]
"""Makes a file's content of what is drawn, in whatever thread."""


def _pixels(snapshot: Snapshot, look: PictureLook, shown: Cloud | None) -> Pieces[Encode]:
    image = yield from picture_pieces(snapshot, look, shown)
    return lambda: png_bytes(image)


def _vectors(encode: Callable[[Recorded, PictureLook], bytes], *, dots: bool = False) -> Callable[..., Pieces[Encode]]:
    def draw(snapshot: Snapshot, look: PictureLook, shown: Cloud | None) -> Pieces[Encode]:
        recorded = yield from vector_pieces(snapshot, replace(look, dots=dots), shown)
        return lambda: encode(recorded, look)

    return draw


@dataclass(frozen=True)
class PictureFormat:
    """A row of ``PICTURES``: what a dialog calls a format, and how a snapshot becomes a file's content."""

    id: str
    label: str
    draw: Callable[[Snapshot, PictureLook, Cloud | None], Pieces[Encode]]


PICTURES = {
    row.id: row
    for row in (
        PictureFormat(".png", "PNG picture", _pixels),
        PictureFormat(".svg", "SVG drawing", _vectors(svg_bytes)),
        PictureFormat(".pdf", "PDF page", _vectors(pdf_bytes, dots=True)),
    )
}


def picture_bytes(suffix: str, snapshot: Snapshot, look: PictureLook) -> bytes:
    """The content of a picture file; ``suffix`` is a key of ``PICTURES``. Raises as ``draw_picture`` does."""
    return all_at_once(PICTURES[suffix].draw(snapshot, look, None))()
