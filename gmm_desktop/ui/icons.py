"""Icons: plain SVG shapes of the resources, drawn in a colour of the theme at the sizes screens ask for."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QIcon, QImage, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

# Device pixels: what buttons ask for at ratios of 1, 1.5, 2 and 3, so that none is ever enlarged.
_SIZES = (16, 20, 24, 30, 40, 60)
_BUTTON_SIZES = (20, 30, 40)  # of a button that is larger than on a desktop, for each pixel of its scale
_DISABLED_OPACITY = 0.35


def icon(name: str, colour: str, scale: float = 1.0) -> QIcon:
    """The icon ``resources/icons/<name>.svg`` tinted with ``colour`` ("#rrggbb"), fainter where disabled.

    ``scale``: how many times as large as on a desktop it may be asked for.

    Raises:
        FileNotFoundError: there is no such icon.
    """
    larger = [round(scale * size) for size in _BUTTON_SIZES] if scale > 1.0 else []
    return _rendered(_source(f"icons/{name}.svg").replace("currentColor", colour), larger)


def application_icon() -> QIcon:
    """The program's own icon, in its own colours."""
    return _rendered(_source("gmm-desktop.svg"))


def _rendered(svg: str, larger: Sequence[int] = ()) -> QIcon:
    renderer = QSvgRenderer(QByteArray(svg.encode()))
    result = QIcon()
    for size in (*_SIZES, *larger):
        normal = _blank(size)
        painter = QPainter(normal)
        renderer.render(painter, QRectF(0, 0, size, size))
        painter.end()
        result.addPixmap(QPixmap.fromImage(normal), QIcon.Mode.Normal)
        # The finished picture is faded, not its strokes: where two of them meet they would show through.
        disabled = _blank(size)
        painter = QPainter(disabled)
        painter.setOpacity(_DISABLED_OPACITY)
        painter.drawImage(0, 0, normal)
        painter.end()
        result.addPixmap(QPixmap.fromImage(disabled), QIcon.Mode.Disabled)
    return result


def _blank(size: int) -> QImage:
    image = QImage(size, size, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    return image


@cache
def _source(path: str) -> str:
    return (files("gmm_desktop.resources") / path).read_text(encoding="utf-8")
