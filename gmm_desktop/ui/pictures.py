"""Pictures of the data plot, drawn off screen with the same layers as the window's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRect, QRectF, Qt
from PySide6.QtGui import QImage, QImageWriter, QPainter

from gmm_desktop.session.snapshot import Snapshot
from gmm_desktop.ui.theme import Theme
from gmm_desktop.ui.views import DataPlot, ViewOptions


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
    image = QImage(round(width * scale), round(height * scale), QImage.Format.Format_RGB32)
    if image.isNull():
        raise ValueError(f"A picture of {width * scale:.0f} x {height * scale:.0f} pixels cannot be made.")
    plot = DataPlot()
    try:
        plot.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
        plot.resize(width, height)
        plot.wait_for_points()
        plot.set_theme(theme)
        plot.set_options(options)
        plot.show()
        plot.show_snapshot(snapshot)
        image.fill(theme.card)
        painter = QPainter(image)
        plot.render(painter, QRectF(image.rect()), QRect(0, 0, width, height))
        painter.end()
    finally:
        plot.hide()
        plot.deleteLater()
    image.setDotsPerMeterX(round(96 * scale / 0.0254))
    image.setDotsPerMeterY(round(96 * scale / 0.0254))
    return image


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
