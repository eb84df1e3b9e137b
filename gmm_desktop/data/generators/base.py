"""What all generators share: fields that know how a person enters them, and the way from a seed to a data set."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from types import MappingProxyType
from typing import Any, ClassVar, NamedTuple, Self, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from gmm_desktop.data.dataset import Dataset
from gmm_desktop.data.table import DataError
from gmm_desktop.mixture import Mixture

LARGEST_SAMPLE = 20_000_000

Points = NDArray[np.float64]
Labels = NDArray[np.intp]
Value = TypeVar("Value")


@dataclass(frozen=True)
class Entry:
    """How a person enters a field of a generator.

    Attributes:
        label: its words, as in "The label must be between ...".
        tip: one sentence.
        low, high: what it may be, both ends included; for a choice unused.
        step: by how much an arrow changes it.
        choices: where there are only some: each value with its words.
        dimensions: how many columns the data must have for it to mean anything; 0 for any number.
    """

    label: str
    tip: str
    low: float = -math.inf
    high: float = math.inf
    step: float = 1.0
    choices: Mapping[int, str] = field(default_factory=dict)
    dimensions: int = 0


def entry(default: Value, label: str, tip: str, **about: Any) -> Value:
    """A field of a generator: its default, and the further fields of its ``Entry``."""
    return field(default=default, metadata=MappingProxyType({"entry": Entry(label, tip, **about)}))


def size_entry(default: int) -> int:
    """The field ``size``, which every generator has."""
    return entry(default, "Number of points", "How many points are drawn.", low=1, high=LARGEST_SAMPLE)


def dimensions_entry() -> int:
    """The field ``dimensions`` of generators that draw in one dimension or in two."""
    choices = {1: "One", 2: "Two"}
    return entry(2, "Dimensions", "One column of data, or two.", low=1, high=2, choices=choices)


def groups_entry(default: int, most: int = 12) -> int:
    """The field ``groups``."""
    return entry(default, "Number of groups", "How many groups of equal size there are.", low=1, high=most)


class Drawn(NamedTuple):
    """What was drawn: points (n, d), the group of each (n,) where there are groups, the mixture where it was one."""

    points: Points
    labels: Labels | None = None
    truth: Mixture | None = None


class PointGenerator:
    """Draws points from a seed. A subclass is a frozen dataclass whose fields are made by ``entry``.

    Attributes:
        label: what a person calls it.
        tip: what it draws, in one sentence.
        lesson: what can be learnt from it, in one sentence.
        size: how many points, n.
    """

    label: ClassVar[str]
    tip: ClassVar[str]
    lesson: ClassVar[str]
    size: int

    def __post_init__(self) -> None:
        check_entries(self)

    @property
    def components(self) -> int:
        """A sensible k to begin with."""
        return int(getattr(self, "groups", 2))

    def draw(self, rng: np.random.Generator) -> Drawn:
        """Draws the points, group after group."""
        raise NotImplementedError

    def sample(self, rng: np.random.Generator) -> tuple[Points, Labels | None]:
        """The points (n, d), and the group of each, (n,), where there are groups."""
        return self.draw(rng)[:2]

    def said(self) -> tuple[str, ...]:
        """Sentences that a person should read about what was asked for."""
        return ()

    def of_size(self, size: int) -> Self:
        """The same, drawing so many points."""
        return cast(Self, replace(cast(Any, self), size=size))

    def dataset(self, seed: int, source: str = "") -> Dataset:
        """The points that a seed gives, with the mixture that they came from where it was one."""
        points, labels, truth = self.draw(np.random.default_rng(seed))
        d = points.shape[1]
        points.setflags(write=False)
        if labels is not None:
            labels.setflags(write=False)
        return Dataset(
            points,
            ("x", "y")[:d] if d <= 2 else tuple(f"x{i + 1}" for i in range(d)),
            source or self.label,
            components=self.components,
            labels=labels,
            truth=truth,
            seed=seed,
            generator=self,
            messages=self.said(),
        )


def entries_of(kind: type[PointGenerator]) -> dict[str, Entry]:
    """How the fields of a generator are entered, in their order; those that have a form of their own are left out."""
    every = {row.name: row.metadata.get("entry") for row in fields(cast(Any, kind))}
    return {name: about for name, about in every.items() if about is not None}


def check_entries(generator: PointGenerator) -> None:
    """Whether each field is what it may be.

    Raises:
        DataError: one is not; the sentence says between which numbers it must be.
    """
    for name, about in entries_of(type(generator)).items():
        value = getattr(generator, name)
        if about.choices and value not in about.choices:
            raise DataError(f"{about.label} must be {' or '.join(map(str, about.choices))}; {value} is not.")
        if not about.low <= value <= about.high:
            raise DataError(
                f"The {about.label[0].lower()}{about.label[1:]} must be between {_plain(about.low)} and "
                f"{_plain(about.high)}; it is {_plain(value)}."
            )


def _plain(value: float) -> str:
    return f"{int(value):,}" if math.isfinite(value) and value == int(value) else f"{value:g}"


def shares(weights: NDArray[np.float64], size: int) -> NDArray[np.intp]:
    """How many of ``size`` points each component gets: its share, rounded so that the sum is exact.

    Largest remainders first; of equal ones the earlier component.
    """
    wanted = weights * size
    counts = np.floor(wanted + 1e-9).astype(np.intp)
    order = np.argsort(-(wanted - counts), kind="stable")
    counts[order[: size - counts.sum()]] += 1
    return counts


def _in_rows(counts: NDArray[np.intp] | NDArray[np.int64]) -> Labels:
    """A 0 for each of the first count, a 1 for each of the second ... np.repeat would hold up the window's thread."""
    labels = np.empty(counts.sum(), dtype=np.intp)
    start = 0
    for group, count in enumerate(counts.tolist()):
        labels[start : start + count] = group
        start += count
    return labels


def equal_groups(groups: int, size: int) -> Labels:
    """(size,) the group of each point, group after group, all of one size give or take a point."""
    return _in_rows(shares(np.full(groups, 1 / groups), size))


def apart(groups: int, distance: float, dimensions: int) -> Points:
    """(groups, d) centres around the origin, neighbours ``distance`` apart: in a row, or in 2-D on a circle."""
    if dimensions == 1 or groups == 1:
        row = (np.arange(groups) - (groups - 1) / 2) * distance
        return np.asarray(row[:, np.newaxis] * np.eye(1, dimensions))
    angles = np.pi + 2 * np.pi * np.arange(groups) / groups
    radius = distance / (2 * np.sin(np.pi / groups))
    return np.asarray(radius * np.stack([np.cos(angles), np.sin(angles)], axis=1))


def draw_from(rng: np.random.Generator, mixture: Mixture, size: int, *, exact: bool = False) -> tuple[Points, Labels]:
    """Points from a mixture, component after component, and the component of each.

    Args:
        rng: what is random.
        mixture: what is drawn from.
        size: how many points.
        exact: whether each component gives its share of the points exactly; else as many as come of it.
    """
    counts = shares(mixture.weights, size) if exact else rng.multinomial(size, mixture.weights)
    labels = _in_rows(counts)
    points = np.empty((size, mixture.dimension))
    start = 0
    for mean, factor, count in zip(mixture.means, mixture.cholesky, counts.tolist(), strict=True):
        points[start : start + count] = mean + rng.standard_normal((count, mixture.dimension)) @ factor.T
        start += count
    return points, labels
