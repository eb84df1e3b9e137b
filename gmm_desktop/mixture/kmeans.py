"""k-means: centres, the nearest of which owns a point."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def squared_distances(points: Array, centres: Array) -> Array:
    """(k, n) squared Euclidean distances of points (n, d) from centres (k, d)."""
    differences = points.T - centres[:, :, np.newaxis]
    return np.asarray(np.einsum("kdn,kdn->kn", differences, differences))


def choose_centres(points: Array, weight: Array, k: int, rng: np.random.Generator) -> Array:
    """k different points (k, d) as centres by k-means++ (Arthur and Vassilvitskii 2007).

    Each next one is drawn with a probability that grows with its squared distance from the nearest centre so
    far; of a few such draws the one that leaves the smallest sum of squared distances is kept. There must be at
    least k different points of positive weight.
    """
    draws = 2 + int(np.log(k))
    chosen = [int(rng.choice(len(points), p=weight / weight.sum()))]
    nearest = squared_distances(points, points[chosen])[0]
    while len(chosen) < k:
        odds = np.cumsum(weight * nearest)
        candidates = np.searchsorted(odds, rng.random(draws) * odds[-1], side="right").clip(max=len(points) - 1)
        distances = np.minimum(nearest, squared_distances(points, points[candidates]))
        best = int(np.argmin(distances @ weight))
        chosen.append(int(candidates[best]))
        nearest = distances[best]
    return points[chosen]


def lloyd(points: Array, weight: Array, centres: Array, most_iterations: int = 100) -> Array:
    """The centres (k, d) after Lloyd's iterations; one that loses all its points stays where it is."""
    owner = np.full(len(points), -1)
    for _ in range(most_iterations):
        nearest = squared_distances(points, centres).argmin(axis=0)
        if (nearest == owner).all():
            break
        owner = nearest
        owned = (owner == np.arange(len(centres))[:, np.newaxis]) * weight
        mass = owned.sum(axis=1)
        moved = owned @ points / np.where(mass > 0, mass, 1.0)[:, np.newaxis]
        centres = np.where(mass[:, np.newaxis] > 0, moved, centres)
    return centres
