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


def shades(log_joint: Array, colouring: Colouring) -> Shades:
    """A row of ``shade_colours`` for each of m places, (m,), from log(weight times density), (k, m).

    The certainty is the lead of the largest responsibility over the second: it falls to nothing where the largest
    changes from one component to another, so hues never jump.
    """
    k, m = log_joint.shape
    if colouring == "plain":
        return np.zeros(m, dtype=np.intp)
    owner = log_joint.argmax(axis=0)
    if colouring == "hard" or k == 1:
        return np.asarray(1 + owner * LEVELS + (LEVELS - 1))
    top = np.take_along_axis(log_joint, owner[np.newaxis], axis=0)[0]
    share = np.exp(log_joint - top)
    total = share.sum(axis=0)
    np.put_along_axis(share, owner[np.newaxis], 0.0, axis=0)
    lead = (1.0 - share.max(axis=0)) / total
    return np.asarray(1 + owner * LEVELS + (lead * (LEVELS - 1) + 0.5).astype(np.intp))


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
