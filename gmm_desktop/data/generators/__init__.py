"""Data made up from a seed: each generator is a frozen dataclass and a row of a table; its form builds itself."""

from __future__ import annotations

from gmm_desktop.data.generators.base import LARGEST_SAMPLE, Entry, PointGenerator, entries_of, shares
from gmm_desktop.data.generators.faulty import GridTiesGenerator, HeavyTailsGenerator, OutliersGenerator
from gmm_desktop.data.generators.gaussian import AnisotropicGenerator, BlobsGenerator
from gmm_desktop.data.generators.mixture import MixtureGenerator
from gmm_desktop.data.generators.shapes import MoonsGenerator, RingsGenerator, UniformGenerator

GENERATORS: dict[str, type[PointGenerator]] = {
    "mixture": MixtureGenerator,
    "blobs": BlobsGenerator,
    "anisotropic": AnisotropicGenerator,
    "moons": MoonsGenerator,
    "rings": RingsGenerator,
    "uniform": UniformGenerator,
    "heavy-tails": HeavyTailsGenerator,
    "outliers": OutliersGenerator,
    "grid-ties": GridTiesGenerator,
}

__all__ = [
    "GENERATORS",
    "LARGEST_SAMPLE",
    "AnisotropicGenerator",
    "BlobsGenerator",
    "Entry",
    "GridTiesGenerator",
    "HeavyTailsGenerator",
    "MixtureGenerator",
    "MoonsGenerator",
    "OutliersGenerator",
    "PointGenerator",
    "RingsGenerator",
    "UniformGenerator",
    "entries_of",
    "shares",
]
