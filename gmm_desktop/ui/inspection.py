"""One point under the magnifying glass: its responsibilities, and the numbers of Bayes' rule that gave them."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gmm_desktop.data import Dataset
from gmm_desktop.mixture import Mixture
from gmm_desktop.session import Snapshot
from gmm_desktop.ui.captions import name
from gmm_desktop.ui.numbers import count, exponential, plural, tidy
from gmm_desktop.ui.short_names import seen
from gmm_desktop.ui.views.content import MANY

Array = NDArray[np.float64]

SMALLEST = math.log(5e-324)
"""The natural logarithm of the smallest number above 0 that a computer's floating point holds."""


@dataclass(frozen=True, eq=False)
class Target:
    """What is looked at: a point of the data, or a place on the axis of one column.

    Attributes:
        dataset: that it belongs to.
        place: (d,) its coordinates, in data units.
        row: its index among the points, or None where it is a mere place.
        others: how many more points are at the very same place, as far as that was looked for.
    """

    dataset: Dataset
    place: Array
    row: int | None = None
    others: int = 0

    @classmethod
    def of_row(cls, dataset: Dataset, row: int) -> Target:
        """A point of the data."""
        place = dataset.points[row]
        few = dataset.size <= MANY
        same = int(np.count_nonzero((dataset.points == place).all(axis=1))) if few else 1
        return cls(dataset, place, row, same - 1)

    def title(self) -> str:
        """ "Row 17" of the file, "Point 17" where there is none, "Place" on an axis."""
        if self.row is None:
            return "Place"
        rows = self.dataset.rows
        called = f"Point {count(self.row + 1)}" if rows is None else f"Row {count(int(rows[self.row]) + 1)}"
        return f"{called} and {plural(self.others, 'other')} there" if self.others else called

    def coordinates(self) -> str:
        """ "eruptions = 3.6, waiting = 79": six digits of each column that is fitted."""
        values = (tidy(float(f"{value:.6g}")) for value in self.place)
        return ", ".join(
            f"{seen(label[:24])} = {value}" for label, value in zip(self.dataset.names, values, strict=True)
        )


@dataclass(frozen=True, eq=False)
class Shares:
    """Bayes' rule for one point: responsibility = weight times density, over the sum of these products.

    The densities are kept as logarithms, which far from all components hold what a density no longer can.

    Attributes:
        weights: (k,).
        log_densities: (k,) log N(x; mean_c, covariance_c).
        log_sum: log of the sum over c of weight_c times density_c.
        log_responsibilities: (k,).
    """

    weights: Array
    log_densities: Array
    log_sum: float
    log_responsibilities: Array

    @property
    def underflows(self) -> bool:
        """Whether the sum, and so every product in it, is 0 in floating point."""
        return self.log_sum < SMALLEST

    def numbers(self, c: int) -> tuple[str, str, str, str]:
        """Weight, density, sum and responsibility of a component."""
        logs = (_log(float(self.weights[c])), self.log_densities[c], self.log_sum, self.log_responsibilities[c])
        weight, density, total, responsibility = (exponential(float(log)) for log in logs)
        return weight, density, total, responsibility

    def rule(self, c: int) -> str:
        """ "0.312 × 0.0142 / 0.00612 = 0.724"."""
        weight, density, total, responsibility = self.numbers(c)
        return f"{weight} × {density} / {total} = {responsibility}"

    def responsibility(self, c: int) -> str:
        """ "0.724"."""
        return self.numbers(c)[-1]


def shares(mixture: Mixture, place: Array) -> Shares | None:
    """Bayes' rule for a point (d,), or None where it is too far away for any number."""
    differences = place - mixture.means
    with np.errstate(over="ignore", invalid="ignore"):
        z = np.einsum("kij,kj->ki", mixture.whitening, differences)
        squares = np.einsum("ki,ki->k", z, z)
    if not np.isfinite(squares).all():
        return None
    half_log_det = np.log(np.diagonal(mixture.cholesky, axis1=1, axis2=2)).sum(axis=1)
    log_densities = -0.5 * squares - half_log_det - 0.5 * mixture.dimension * math.log(2 * math.pi)
    log_joint = log_densities + np.array([_log(weight) for weight in mixture.weights.tolist()])
    top = float(log_joint.max())
    log_sum = top + math.log(float(np.exp(log_joint - top).sum()))
    return Shares(mixture.weights, log_densities, log_sum, log_joint - log_sum)


def _log(value: float) -> float:
    return math.log(value) if value > 0 else -math.inf


@dataclass(frozen=True, eq=False)
class Inspection:
    """What is told of a target at one frame.

    Attributes:
        target: what is looked at.
        whose: which E-step the responsibilities come from, in a sentence.
        shares: Bayes' rule, or None before the first E-step.
        notes: what else should be known, in sentences.
    """

    target: Target
    whose: str
    shares: Shares | None
    notes: tuple[str, ...] = ()

    def sum_line(self) -> str:
        """The denominator that all components share."""
        return "" if self.shares is None else f"Sum of weight × density: {exponential(self.shares.log_sum)}"

    def spoken(self) -> str:
        """All of it for a screen reader."""
        said = [f"{self.target.title()}: {self.target.coordinates()}.", self.whose]
        if self.shares is not None:
            said += [f"{name(c)}: {self.shares.rule(c)}." for c in range(len(self.shares.weights))]
            said.append(f"{self.sum_line()}.")
        return " ".join((*said, *self.notes))


def inspect(target: Target, snapshot: Snapshot) -> Inspection:
    """The target as the shown frame's points are coloured."""
    dataset, iteration = snapshot.dataset, snapshot.frame.colouring
    notes = []
    if target.row is not None and dataset.sample_weight is not None:
        notes.append(f"This row counts as {tidy(float(f'{dataset.sample_weight[target.row]:.6g}'))} points.")
    if dataset.dimension > len(snapshot.columns):
        notes.append(f"All {dataset.dimension} fitted columns count, not only what is shown.")
    if snapshot.colouring is None or iteration is None:
        return Inspection(target, "No E-step has happened yet.", None, tuple(notes))
    given = shares(snapshot.colouring, target.place)
    if given is None:
        notes.append("This place is too far from all components to compute with.")
    elif given.underflows:
        notes.append("Every density here is 0 in floating point; logarithms still give the responsibilities.")
    whose = f"After the E-step of iteration {count(iteration)}"
    moved = ", before the M-step that moved the mixture" if snapshot.phase == "M" else ""
    return Inspection(target, f"{whose}{moved}.", given, tuple(notes))
