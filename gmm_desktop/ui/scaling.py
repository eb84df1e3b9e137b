"""Type at another size, and back to exactly what it was."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QGraphicsView, QWidget

from gmm_desktop.ui.still import Still

_SIZE, _OWN = "size at a scale of one", "has a font of its own"

THINNEST = 3.0
"""No line may be thinner in a lecture hall, in logical pixels."""


def line_width(pixels: float, scale: float) -> float:
    """The width of a line of ``pixels`` at a scale: as it is on a desktop, ``THINNEST`` or more in a hall."""
    return max(pixels * scale, THINNEST) if scale > 1.0 else pixels


def scale_type(whole: QWidget, scale: float) -> None:
    """Give a widget and all in it their own type times ``scale``; 1.0 gives back the fonts that they had.

    Plots are left alone: they have a scale of their own.
    """
    if scale == 1.0 and whole.property(_SIZE) is None:
        return
    parts = [part for part in (whole, *whole.findChildren(QWidget)) if not _belongs_to_a_plot(part)]
    if scale == 1.0:
        parts = [part for part in parts if part.property(_SIZE) is not None]
    for part in parts:  # before the first is changed, since fonts are inherited
        if part.property(_SIZE) is None:
            part.setProperty(_SIZE, part.font().pixelSize())
            part.setProperty(_OWN, part.testAttribute(Qt.WidgetAttribute.WA_SetFont))
    for part in parts:
        _take_size(part, scale)
    for part in parts:
        if isinstance(part, Still):
            part.refit()


def _take_size(part: QWidget, scale: float) -> None:
    if scale == 1.0 and not part.property(_OWN):
        part.setFont(QFont())
    else:
        face = part.font()
        face.setPixelSize(max(1, round(part.property(_SIZE) * scale)))
        part.setFont(face)
    if scale == 1.0:
        part.setProperty(_SIZE, None)


def _belongs_to_a_plot(part: QWidget) -> bool:
    return isinstance(part, QGraphicsView) or isinstance(part.parentWidget(), QGraphicsView)
