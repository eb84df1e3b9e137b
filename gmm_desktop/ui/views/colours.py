"""Which colour a place wears: the hue of its most responsible component, fading to grey with uncertainty."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gmm_desktop.ui.palette import mixed, rgb
from gmm_desktop.ui.views.options import Colouring
from gmm_desktop.ui.views.style import PlotStyle

Array = NDArray[np.float64]
Shades = NDArray[np.intp]

LEVELS = 16
GREY = 0  # the shade of a place that belongs to nobody yet


def shades(log_joint: NDArray[np.floating], colouring: Colouring) -> Shades:
    """A row of ``shade_colours`` for each of m places, (m,), from log(weight times density), (k, m).

    The certainty is the lead of the largest responsibility over the second: it falls to nothing where the largest
    changes from one component to another, so hues never jump.
    """
    k, m = log_joint.shape
    if colouring == "plain":
        return np.zeros(m, dtype=np.intp)
    owner = np.zeros(m, dtype=np.intp)
    top, second = log_joint[0].copy(), np.full(m, -np.inf, dtype=log_joint.dtype)
    for c in range(1, k):
        row = log_joint[c]
        np.maximum(second, np.minimum(top, row), out=second)
        np.copyto(owner, c, where=row > top)
        np.maximum(top, row, out=top)
    shade = owner * LEVELS
    if colouring == "hard" or k == 1:
        shade += LEVELS
        return shade
    total = sum(np.exp(row - top) for row in log_joint)
    lead = (1.0 - np.exp(second - top)) / total
    shade += (lead * (LEVELS - 1) + 1.5).astype(np.intp)
    return shade


def owners(shade: Shades) -> Shades:
    """The likeliest component of each place, (m,), from its shade; -1 where it belongs to nobody."""
    return (shade - 1) // LEVELS


def shade_colours(style: PlotStyle, components: int) -> list[str]:
    """The colours of all shades: grey, then ``LEVELS`` for each component from uncertain to certain."""
    colours = [style.theme.points]
    for c in range(components):
        hue = style.colour(c)
        grey = style.theme.points
        if style.selected is not None and style.selected != c:
            grey = mixed(grey, style.theme.card, 0.6)
        colours += [mixed(grey, hue, level / (LEVELS - 1)) for level in range(LEVELS)]
    return colours


def argb(colours: list[str]) -> NDArray[np.uint32]:
    """Opaque colours as QImage.Format_ARGB32 stores them."""
    parts = np.array([rgb(colour) for colour in colours], dtype=np.uint32)
    return np.asarray(0xFF000000 | parts[:, 0] << 16 | parts[:, 1] << 8 | parts[:, 2], dtype=np.uint32)
