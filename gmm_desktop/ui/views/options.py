"""What a person chose to see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Colouring = Literal["soft", "hard", "plain"]


@dataclass(frozen=True)
class ViewOptions:
    """The choices that change how the data plot is drawn, and nothing else.

    Attributes:
        bins: bars of the histogram over the data's range; 0 picks a sensible number.
        colouring: "soft": a point wears the hue of its largest component, fading to grey with uncertainty;
            "hard": the full hue of its largest component; "plain": grey.
        contours: lines of equal density of the mixture (2-D).
        trails: the way that the means have come (2-D).
        truth: the generating mixture, where it is known.
        motion: after an M-step the components glide to where they are now; off, they jump.
        ellipses: one, two and three standard deviations of each component (2-D).
    """

    bins: int = 0
    colouring: Colouring = "soft"
    contours: bool = True
    trails: bool = True
    truth: bool = True
    ellipses: bool = True
    motion: bool = True
