"""Groups with what real data have: long tails, points far off, values rounded to a grid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from gmm_desktop.data.generators.base import (
    Drawn,
    PointGenerator,
    Points,
    apart,
    dimensions_entry,
    entry,
    equal_groups,
    groups_entry,
    size_entry,
)


def _distance(default: float) -> float:
    return entry(
        default,
        "Distance of the groups",
        "How far the centres of neighbours are apart; within a group the scale is 1.",
        low=0.0,
        high=1000.0,
    )


@dataclass(frozen=True)
class HeavyTailsGenerator(PointGenerator):
    """Groups of Student's t distribution, of scale 1, which has no variance with two degrees of freedom or fewer.

    In two dimensions it is the multivariate t distribution (Kotz and Nadarajah, 2004): a normal point divided by one
    chi variable for both coordinates.

    Attributes:
        size: how many points, n.
        dimensions: 1 or 2.
        groups: how many groups of equal size.
        distance: of the centres of neighbours.
        freedom: degrees of freedom; 1 is Cauchy's distribution, very many are the normal one.
    """

    label: ClassVar[str] = "Heavy tails"
    tip: ClassVar[str] = "Groups of Student's t distribution, with more points far out than a Gaussian has."
    lesson: ClassVar[str] = (
        "A few far points inflate a variance until one component is left over for all of them; the fewer the degrees "
        "of freedom, the more."
    )

    size: int = size_entry(500)
    dimensions: int = dimensions_entry()
    groups: int = groups_entry(2)
    distance: float = _distance(8.0)
    freedom: float = entry(
        2.0,
        "Degrees of freedom",
        "1 has the heaviest tails; 30 is hardly told from a Gaussian.",
        low=1.0,
        high=1000.0,
        step=0.5,
    )

    def draw(self, rng: np.random.Generator) -> Drawn:
        """Draws the points, group after group."""
        labels = equal_groups(self.groups, self.size)
        normal = rng.standard_normal((self.size, self.dimensions))
        chi = np.sqrt(rng.chisquare(self.freedom, (self.size, 1)) / self.freedom)
        return Drawn(apart(self.groups, self.distance, self.dimensions)[labels] + normal / chi, labels)


@dataclass(frozen=True)
class OutliersGenerator(PointGenerator):
    """Gaussian groups of standard deviation 1, and a share of the points far off in all directions.

    Attributes:
        size: how many points, n, the outliers among them.
        dimensions: 1 or 2.
        groups: how many groups of equal size.
        distance: of the centres of neighbours.
        share: of the points that are outliers, rounded to whole points; their label comes after those of the groups.
        far: an outlier lies between ``far`` and 1.5 times ``far`` from the middle of the data.
    """

    label: ClassVar[str] = "Outliers"
    tip: ClassVar[str] = "Gaussian groups, and a share of the points far off in all directions."
    lesson: ClassVar[str] = (
        "A single far point pulls a mean and inflates a variance; one component more catches the outliers."
    )

    size: int = size_entry(400)
    dimensions: int = dimensions_entry()
    groups: int = groups_entry(2)
    distance: float = _distance(6.0)
    share: float = entry(
        0.05, "Share of outliers", "0.05 makes every twentieth point an outlier.", low=0.0, high=0.5, step=0.01
    )
    far: float = entry(
        15.0,
        "Distance of outliers",
        "From the middle of the data, in standard deviations of a group; some lie up to 1.5 times as far.",
        low=0.0,
        high=1_000_000.0,
    )

    def draw(self, rng: np.random.Generator) -> Drawn:
        """Draws the points, group after group, then the outliers."""
        outliers = round(self.share * self.size)
        labels = equal_groups(self.groups, self.size - outliers)
        centres = apart(self.groups, self.distance, self.dimensions)
        inside = centres[labels] + rng.standard_normal((labels.size, self.dimensions))
        outside = _directions(rng, outliers, self.dimensions) * rng.uniform(self.far, 1.5 * self.far, (outliers, 1))
        return Drawn(np.concatenate([inside, outside]), np.append(labels, np.full(outliers, self.groups)))


@dataclass(frozen=True)
class GridTiesGenerator(PointGenerator):
    """Gaussian groups of standard deviation 1 whose values are rounded to multiples of a spacing.

    Attributes:
        size: how many points, n.
        dimensions: 1 or 2.
        groups: how many groups of equal size.
        distance: of the centres of neighbours.
        spacing: of the grid.
    """

    label: ClassVar[str] = "Grid ties"
    tip: ClassVar[str] = "Gaussian groups whose values are rounded to a grid, so that many points coincide."
    lesson: ClassVar[str] = (
        "Where many points share one value a component may collapse on it: raise k, and watch its variance fall to "
        "the floor."
    )

    size: int = size_entry(300)
    dimensions: int = dimensions_entry()
    groups: int = groups_entry(2)
    distance: float = _distance(5.0)
    spacing: float = entry(
        0.5, "Spacing of the grid", "Every value is a multiple of this.", low=0.001, high=10.0, step=0.1
    )

    def draw(self, rng: np.random.Generator) -> Drawn:
        """Draws the points, group after group."""
        labels = equal_groups(self.groups, self.size)
        centres = apart(self.groups, self.distance, self.dimensions)
        points = centres[labels] + rng.standard_normal((self.size, self.dimensions))
        return Drawn(self.spacing * np.round(points / self.spacing) + 0.0, labels)  # + 0.0 makes 0 of -0


def _directions(rng: np.random.Generator, size: int, dimensions: int) -> Points:
    """(size, d) unit vectors, every direction as likely as any other."""
    if dimensions == 1:
        return rng.choice([-1.0, 1.0], (size, 1))
    angles = rng.uniform(0.0, 2 * np.pi, size)
    return np.stack([np.cos(angles), np.sin(angles)], axis=1)
