"""Points that no Gaussian mixture drew: moons, rings, and a cloud without groups."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from gmm_desktop.data.generators.base import (
    Drawn,
    PointGenerator,
    Points,
    dimensions_entry,
    entry,
    equal_groups,
    size_entry,
)


def _noise(default: float, low: float = 0.0) -> float:
    return entry(
        default,
        "Noise",
        "The standard deviation of the scatter about the line, along each axis.",
        low=low,
        high=10.0,
        step=0.05,
    )


@dataclass(frozen=True)
class MoonsGenerator(PointGenerator):
    """Two half circles of radius 1 that reach into each other, as those of scikit-learn's make_moons.

    Attributes:
        size: how many points, n.
        noise: the standard deviation of the scatter about the half circles, along each axis.
    """

    label: ClassVar[str] = "Moons"
    tip: ClassVar[str] = "Two half circles that reach into each other."
    lesson: ClassVar[str] = (
        "Two Gaussians cannot follow two crescents, whatever the start; more components follow the density, "
        "but are no groups."
    )

    size: int = size_entry(500)
    noise: float = _noise(0.1)

    def draw(self, rng: np.random.Generator) -> Drawn:
        """Draws the points, the upper moon first."""
        labels = equal_groups(2, self.size)
        angles = rng.uniform(0.0, np.pi, self.size)
        points = np.stack([np.cos(angles), np.sin(angles)], axis=1)
        lower = labels == 1
        points[lower] = (1.0, 0.5) - points[lower]
        return Drawn(_scattered(rng, points, self.noise), labels)


@dataclass(frozen=True)
class RingsGenerator(PointGenerator):
    """Rings around one centre, the innermost of radius ``gap``, each next one larger by ``gap``.

    Attributes:
        size: how many points, n; every ring has as many.
        rings: how many.
        gap: between a ring and the next.
        noise: the standard deviation of the scatter about the rings, along each axis.
    """

    label: ClassVar[str] = "Rings"
    tip: ClassVar[str] = "Rings around one centre, with equally many points each."
    lesson: ClassVar[str] = (
        "All rings have one mean, so that means cannot tell them apart; more components cut a ring into arcs."
    )

    size: int = size_entry(500)
    rings: int = entry(2, "Number of rings", "How many rings there are.", low=1, high=8)
    gap: float = entry(
        1.0, "Distance", "Between a ring and the next, and the radius of the first.", low=0.01, high=100.0, step=0.1
    )
    noise: float = _noise(0.1)

    @property
    def components(self) -> int:
        """One for each ring."""
        return self.rings

    def draw(self, rng: np.random.Generator) -> Drawn:
        """Draws the points, from the innermost ring outwards."""
        labels = equal_groups(self.rings, self.size)
        angles = rng.uniform(0.0, 2 * np.pi, self.size)
        radii = self.gap * (1.0 + labels)
        points = np.stack([radii * np.cos(angles), radii * np.sin(angles)], axis=1)
        return Drawn(_scattered(rng, points, self.noise), labels)


@dataclass(frozen=True)
class UniformGenerator(PointGenerator):
    """Points without groups, evenly distributed over an interval or a rectangle around the origin.

    Attributes:
        size: how many points, n.
        dimensions: 1 or 2.
        width: of the interval, or of the rectangle along x.
        height: of the rectangle along y.
    """

    label: ClassVar[str] = "Uniform noise"
    tip: ClassVar[str] = "Points evenly distributed over an interval or a rectangle: there are no groups."
    lesson: ClassVar[str] = (
        "EM finds as many groups as it is asked for, where there are none; see which k BIC chooses, and how "
        "more points change that."
    )

    size: int = size_entry(500)
    dimensions: int = dimensions_entry()
    width: float = entry(10.0, "Width", "From the lowest to the highest x.", low=0.001, high=100_000.0)
    height: float = entry(10.0, "Height", "From the lowest to the highest y.", low=0.001, high=100_000.0, dimensions=2)

    @property
    def components(self) -> int:
        """Some, although there are no groups: to see what EM makes of it."""
        return 3

    def draw(self, rng: np.random.Generator) -> Drawn:
        """Draws the points."""
        sides = np.array([self.width, self.height][: self.dimensions])
        return Drawn((rng.random((self.size, self.dimensions)) - 0.5) * sides)


def _scattered(rng: np.random.Generator, points: Points, noise: float) -> Points:
    return points + noise * rng.standard_normal(points.shape)
