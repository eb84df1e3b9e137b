"""Sentences in what paints itself: over as many lines as they need, or only measured."""

from __future__ import annotations

import math

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter


def sentence(painter: QPainter | None, text: str, y: int, width: int, face: QFont, colour: str) -> int:
    """Write a sentence from ``y`` on in lines of ``width`` pixels, or without a painter only measure it.

    Returns:
        Where it ends.
    """
    flags = int(Qt.TextFlag.TextWordWrap)
    needed = QFontMetricsF(face).boundingRect(QRectF(0, 0, max(width, 1), 1e4), flags, text)
    high = math.ceil(needed.height())
    if painter is not None:
        painter.setFont(face)
        painter.setPen(QColor(colour))
        painter.drawText(QRectF(0, y, width, high), flags, text)
    return y + high
