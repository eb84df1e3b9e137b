"""Points from Gaussian mixtures that make themselves: round groups anywhere, and long ones side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from gmm_desktop.data.generators.base import (
    Drawn,
    PointGenerator,
    dimensions_entry,
    draw_from,
    entry,
    groups_entry,
    size_entry,
)
from gmm_desktop.mixture import Mixture


@dataclass(frozen=True)
class BlobsGenerator(PointGenerator):
    """Round groups whose centres the seed decides.

    Attributes:
        size: how many points, n.
        dimensions: 1 or 2.
        groups: how many groups of equal weight.
        deviation: the standard deviation of each group along each axis.
        reach: the centres lie evenly distributed between -reach and reach along each axis.
    """

    label: ClassVar[str] = "Blobs"
    tip: ClassVar[str] = "Round groups of one size, with centres that the seed decides."
    lesson: ClassVar[str] = (
        "The easy case, where spherical covariances suffice; where two groups lie on top of each other, EM sees one."
    )

    size: int = size_entry(500)
    dimensions: int = dimensions_entry()
    groups: int = groups_entry(3)
    deviation: float = entry(
        1.0, "Standard deviation", "How far the points of a group scatter.", low=0.001, high=1000.0, step=0.1
    )
    reach: float = entry(
        8.0,
        "Reach of the centres",
        "The centres lie anywhere between minus this and this, along each axis.",
        low=0.0,
        high=10_000.0,
    )

    def draw(self, rng: np.random.Generator) -> Drawn:
        """Draws the centres, then the points, group after group."""
        d, k = self.dimensions, self.groups
        centres = rng.uniform(-self.reach, self.reach, (k, d))
        mixture = Mixture(np.full(k, 1 / k), centres, np.array([self.deviation**2 * np.eye(d)] * k))
        return Drawn(*draw_from(rng, mixture, self.size), mixture)


@dataclass(frozen=True)
class AnisotropicGenerator(PointGenerator):
    """Long groups side by side: what k-means and spherical covariances cut across.

    Attributes:
        size: how many points, n.
        groups: how many groups of equal weight.
        deviation: the standard deviation across a group.
        elongation: how many times larger that along a group is.
        angle: of the first group with the x axis, in degrees.
        turn: by how many degrees each group is turned from the one before; 0 keeps them parallel.
        gap: how far the centres of neighbours are apart, in standard deviations across a group.
    """

    label: ClassVar[str] = "Anisotropic groups"
    tip: ClassVar[str] = "Long groups side by side, parallel or each turned from the one before."
    lesson: ClassVar[str] = (
        "Spherical and diagonal covariances cut long groups in pieces; tied ones follow parallel groups, full ones all."
    )

    size: int = size_entry(500)
    groups: int = groups_entry(3)
    deviation: float = entry(
        0.5, "Deviation across", "The standard deviation across a group.", low=0.001, high=1000.0, step=0.1
    )
    elongation: float = entry(
        6.0, "Elongation", "How many times longer than wide a group is.", low=1.0, high=100.0, step=0.5
    )
    angle: float = entry(
        35.0, "Angle", "The angle of the first group with the x axis, in degrees.", low=-180.0, high=180.0, step=5.0
    )
    turn: float = entry(
        0.0,
        "Turn",
        "By how many degrees each group is turned from the one before; 0 keeps them parallel.",
        low=-180.0,
        high=180.0,
        step=5.0,
    )
    gap: float = entry(
        7.0,
        "Gap",
        "How far the centres of neighbours are apart, in standard deviations across a group.",
        low=0.0,
        high=1000.0,
        step=0.5,
    )

    def draw(self, rng: np.random.Generator) -> Drawn:
        """Draws the points, group after group."""
        mixture = self.mixture()
        return Drawn(*draw_from(rng, mixture, self.size), mixture)

    def mixture(self) -> Mixture:
        """The mixture that is drawn from."""
        k = self.groups
        across = _direction(self.angle + 90.0)
        places = (np.arange(k) - (k - 1) / 2) * self.gap * self.deviation
        spreads = np.diag([(self.elongation * self.deviation) ** 2, self.deviation**2])
        covariances = []
        for group in range(k):
            angle = self.angle + group * self.turn
            axes = np.stack([_direction(angle), _direction(angle + 90.0)], axis=1)
            covariance = axes @ spreads @ axes.T
            covariances.append((covariance + covariance.T) / 2)
        return Mixture(np.full(k, 1 / k), places[:, np.newaxis] * across, np.array(covariances))


def _direction(degrees: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    angle = np.radians(degrees)
    return np.array([np.cos(angle), np.sin(angle)])
