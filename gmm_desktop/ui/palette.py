"""The colours of components: told apart with any colour vision, named by a plain word, followed by a letter."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from gmm_desktop.mixture.parameters import component_letter

__all__ = [
    "COMPONENT_COLOURS",
    "ComponentColour",
    "component_dashes",
    "component_letter",
    "component_name",
    "mixed",
    "rgb",
]


class ComponentColour(NamedTuple):
    """One component's colour on a light and on a dark background, and the word that names both."""

    word: str
    light: str
    dark: str


# Hues of Okabe and Ito (2008), with lightness spread so that any two keep a CIEDE2000 distance of 8.9 (light) and
# 10 (dark) for normal vision and for full protanopia, deuteranopia and tritanopia (Machado et al. 2009), the
# first three one of 16. Yellow is darkened on white. Vermillion comes last: to a deuteranope it is the red of
# the truth.
COMPONENT_COLOURS = (
    ComponentColour("blue", "#0a5599", "#2ea5fe"),
    ComponentColour("orange", "#e59632", "#fab628"),
    ComponentColour("green", "#018e70", "#3c8d5b"),
    ComponentColour("pink", "#be5fa3", "#cc6f9e"),
    ComponentColour("sky blue", "#39afff", "#b5e3fe"),
    ComponentColour("brown", "#6a4b43", "#956425"),
    ComponentColour("purple", "#8860e5", "#8650dd"),
    ComponentColour("yellow", "#a08400", "#eef298"),
    ComponentColour("turquoise", "#28ae8e", "#4feed0"),
    ComponentColour("vermillion", "#ba4233", "#fa6908"),
)

# Dash patterns in pen widths, one for each time the hues have been used up; None is solid. Plain dashes are not
# among them: they mean the truth and the start.
_LINE_STYLES: tuple[tuple[float, ...] | None, ...] = (None, (6, 1.6, 1, 1.6), (6, 1.6, 1, 1.6, 1, 1.6))


def component_name(index: int) -> str:
    """The plain word for the colour of component ``index`` (from 0): "blue", "orange" ..."""
    return COMPONENT_COLOURS[index % len(COMPONENT_COLOURS)].word


def component_dashes(index: int) -> tuple[float, ...] | None:
    """The dash pattern of component ``index`` in pen widths, or None for a solid line.

    The first ten components are solid; each further ten repeat the hues with another pattern.
    """
    return _LINE_STYLES[index // len(COMPONENT_COLOURS) % len(_LINE_STYLES)]


@lru_cache(maxsize=1024)
def mixed(first: str, second: str, share: float) -> str:
    """The colour that lies ``share`` (0 to 1) of the way from ``first`` to ``second``, all as "#rrggbb"."""
    a, b = rgb(first), rgb(second)
    return "#" + "".join(f"{round(x + (y - x) * share):02x}" for x, y in zip(a, b, strict=True))


def rgb(colour: str) -> tuple[int, int, int]:
    """The red, green and blue parts, 0 to 255, of "#rrggbb"."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
