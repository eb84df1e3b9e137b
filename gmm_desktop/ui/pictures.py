"""Pictures of the data plot, drawn off screen with the same layers as the window's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF, Qt
from PySide6.QtGui import QImage, QImageWriter, QPainter

from gmm_desktop.session.snapshot import Snapshot
from gmm_desktop.ui.pieces import Pieces, all_at_once
from gmm_desktop.ui.theme import Theme
from gmm_desktop.ui.views import DataPlot, ViewOptions
from gmm_desktop.ui.views.content import Cloud, cloud

_PIXELS_AT_ONCE = 6_000_000
"""Painted in one piece: some twenty milliseconds, of which what is drawn takes most, not its pixels."""


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
    return all_at_once(picture_pieces(snapshot, options, theme, width, height, scale))


def picture_pieces(
    snapshot: Snapshot,
    options: ViewOptions,
    theme: Theme,
    width: int,
    height: int,
    scale: float,
    shown: Cloud | None = None,
) -> Pieces[QImage]:
    """As ``draw_picture``, piece by piece; ``shown`` is the snapshot's data where somebody has prepared them."""
    image = QImage(round(width * scale), round(height * scale), QImage.Format.Format_RGB32)
    if image.isNull():
        raise ValueError(f"A picture of {width * scale:.0f} x {height * scale:.0f} pixels cannot be made.")
    plot = DataPlot()
    try:
        plot.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
        plot.viewport().setUpdatesEnabled(False)  # else it is painted for a screen that it is not on, too
        plot.resize(width, height)
        plot.set_theme(theme)
        plot.set_options(options)
        plot.show()
        yield None
        if shown is None:
            prepared: list[Cloud] = []
            yield lambda: prepared.append(cloud(snapshot.dataset, snapshot.columns))
            shown = prepared[0]
        plot.show_prepared(snapshot, shown)
        yield plot.work_before_painting(image.height() / height)
        image.fill(theme.card)
        rows = max(1, _PIXELS_AT_ONCE // image.width())
        for top in range(0, image.height(), rows):
            _paint_rows(plot, image, top, rows)
            yield None
    finally:
        plot.hide()
        plot.deleteLater()
    image.setDotsPerMeterX(round(96 * scale / 0.0254))
    image.setDotsPerMeterY(round(96 * scale / 0.0254))
    return image


def _paint_rows(plot: DataPlot, image: QImage, top: int, rows: int) -> None:
    painter = QPainter(image)
    painter.setClipRect(0, top, image.width(), rows)
    plot.render(painter, QRectF(image.rect()), plot.rect(), Qt.AspectRatioMode.IgnoreAspectRatio)
    painter.end()


def _png(image: QImage) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QImageWriter(buffer, QByteArray(b"png"))
    if not writer.write(image):
        raise ValueError(f"The picture could not be written as PNG: {writer.errorString()}.")
    return bytes(buffer.data().data())


@dataclass(frozen=True)
class PictureFormat:
    """A row of ``PICTURES``: what a dialog calls a format, and how an image becomes a file's content."""

    id: str
    label: str
    encode: Callable[[QImage], bytes]


PICTURES = {row.id: row for row in (PictureFormat(".png", "PNG picture", _png),)}


def picture_bytes(
    suffix: str,
    snapshot: Snapshot,
    options: ViewOptions,
    theme: Theme,
    width: int = 1280,
    height: int = 720,
    scale: float = 1.0,
) -> bytes:
    """The content of a picture file; ``suffix`` is a key of ``PICTURES``. Raises as ``draw_picture`` does."""
    return PICTURES[suffix].encode(draw_picture(snapshot, options, theme, width, height, scale))
