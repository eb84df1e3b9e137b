"""The points as the engine takes them: checked once at the door, then handed out block by block."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from math import isfinite

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gmm_desktop.mixture.threads import one_thread

Array = NDArray[np.float64]

# The squares of values outside these bounds, summed with their weights, overflow or vanish in double precision.
LARGEST_VALUE, SMALLEST_SPREAD, LARGEST_WEIGHT = 1e130, 1e-120, 1e30

# Sums of squares below this, in a unit of 1 or of the column where that is smaller, have lost digits.
SMALLEST_SUM = 1e-290

# Numbers in the largest array of a block: small enough to stay in the processor's second-level cache, large
# enough that numpy's cost of a call does not count.
BLOCK_NUMBERS = 16_384

# The origin is the median of at most this many points.
MOST_FOR_ORIGIN = 5_000

# A column that spreads less than so many roundings of its values cannot be told from a constant one.
ROUNDINGS = 16 * float(np.finfo(float).eps)

# A standard deviation of so many roundings of the mean is none.
MEAN_ROUNDINGS = 4 * float(np.finfo(float).eps)


class FitCancelledError(Exception):
    """The caller's ``cancelled()`` said yes."""


@dataclass(frozen=True, eq=False)
class WeightedPoints:
    """Valid points with what every part of the engine asks about them.

    Attributes:
        points: (n, d), finite; the caller's own array where that was one of float64 already, never written to.
        sample_weight: (n,), finite, not negative, or None for ones.
        present: the rows of positive weight, or None for all.
        total: the sum of the weights; n without weights.
        origin: (d,) a value from the middle of each column, which the engine subtracts: an offset, or one outlier that
            drags the mean away, then costs no digits.
        mean: (d,).
        covariance: (d, d), divided by ``total``.
        scale: (d,) standard deviations of the columns; for a constant one what comes from its magnitude.
        constant: the indices of the columns that hold one value only, but for rounding.
        largest: the largest absolute value.
        cancelled: asked once a block.
    """

    points: Array
    sample_weight: Array | None
    present: NDArray[np.intp] | None
    total: float
    origin: Array
    mean: Array
    covariance: Array
    scale: Array
    constant: tuple[int, ...]
    largest: float
    cancelled: Callable[[], bool] | None = None

    @cached_property
    def no_points(self) -> float:
        """Below this many points (in the data's unit, where that is smaller) sums lose digits to underflow."""
        return SMALLEST_SUM * max(1.0, float(self.scale.min()) ** -2)

    @cached_property
    def rounding(self) -> float:
        """What a mean of these points may be off by rounding, or a little more."""
        return MEAN_ROUNDINGS * self.largest

    @property
    def size(self) -> int:
        """n."""
        return int(self.points.shape[0])

    @property
    def dimension(self) -> int:
        """d."""
        return int(self.points.shape[1])

    def blocks(self, numbers_a_row: int = 1, rows: int | None = None) -> Iterator[tuple[Array, Array | None]]:
        """Points and weights in blocks of ``rows`` rows, or of as many as suit what is made of each row.

        Args:
            numbers_a_row: how many numbers the caller makes of each row.
            rows: rows a block, where the caller knows better.

        Raises:
            FitCancelledError: ``cancelled()`` said yes before a block.
        """
        return _blocks(self.points, self.sample_weight, rows or _rows(numbers_a_row), self.cancelled)

    def centred_blocks(self, numbers_a_row: int = 1, rows: int | None = None) -> Iterator[tuple[Array, Array | None]]:
        """As ``blocks``, but points minus origin, (d, rows): sums over points then run along contiguous memory."""
        for x, weight in self.blocks(numbers_a_row, rows):
            centred = np.empty(x.shape[::-1])
            yield np.subtract(x.T, self.origin[:, np.newaxis], out=centred), weight

    def check_cancelled(self) -> None:
        """Raise FitCancelledError where ``cancelled()`` says yes."""
        if self.cancelled is not None and self.cancelled():
            raise FitCancelledError


@one_thread()
def check_points(
    points: ArrayLike, sample_weight: ArrayLike | None = None, cancelled: Callable[[], bool] | None = None
) -> WeightedPoints:
    """The points of a caller, checked and summed up.

    Args:
        points: (n, d), or (n,) for d = 1.
        sample_weight: (n,) weights of the rows, or None.
        cancelled: asked once a block.

    Raises:
        ValueError: no model can be fitted to these points; the text says what to do.
        FitCancelledError: ``cancelled()`` said yes.
    """
    x = _number_array(points, "The points")
    x = x[:, np.newaxis] if x.ndim == 1 else x
    if x.ndim != 2 or x.shape[1] == 0:
        raise ValueError(f"The points must have the shape (n, d) or (n,); these have the shape {x.shape}.")
    if len(x) == 0:
        raise ValueError("There are no points: give at least two different ones.")
    weight = None if sample_weight is None else _check_weights(sample_weight, len(x), cancelled)
    present = None if weight is None else _present(weight, cancelled)
    largest = _largest_value(x, cancelled)
    total = float(len(x)) if weight is None else float(weight.sum())
    origin = _origin(x, weight, present)
    shift, covariance, constant = _moments(x, weight, total, origin, cancelled)
    variances = np.diagonal(covariance)
    if len(constant) == x.shape[1]:
        raise ValueError("All points are the same, so there is nothing to fit: give points that differ.")
    if np.delete(variances, constant).min() < SMALLEST_SPREAD**2:
        raise ValueError(f"A column spreads less than {SMALLEST_SPREAD:g}: use a smaller unit.")
    scale = _scales(variances, origin, constant)
    return WeightedPoints(
        x, weight, present, total, origin, origin + shift, covariance, scale, constant, largest, cancelled
    )


def check_enough_points(data: WeightedPoints, components: int) -> None:
    """Refuse fewer distinct points (of positive weight) than components.

    Raises:
        ValueError: there are fewer; the text says what to do.
    """
    different = len(different_points(data, components))
    if different < components:
        raise ValueError(
            f"There are only {different} different points for {components} components: "
            f"choose at most {different} components or give more points."
        )


def different_points(data: WeightedPoints, enough: int) -> Array:
    """Different points of positive weight, sorted: the first that are ``enough`` or more, or all there are."""
    seen = np.empty((0, data.dimension))
    for x, weight in data.blocks(4):
        counted = x if weight is None else x[weight > 0]
        seen = np.unique(np.concatenate([seen, counted]), axis=0)
        if len(seen) >= enough:
            break
    return seen


def column_scale(points: ArrayLike, sample_weight: ArrayLike | None = None) -> Array:
    """The standard deviation of each column, (d,), as the engine uses it: divided by n, weighted by row.

    Raises:
        ValueError: as ``check_points``.
    """
    return check_points(points, sample_weight).scale


def _number_array(values: ArrayLike, name: str) -> Array:
    try:
        array = np.asarray(values)
        if array.dtype.kind not in "biufO" or np.ma.is_masked(values):
            raise ValueError
        return np.asarray(array, dtype=np.float64)
    except (ValueError, TypeError, OverflowError):
        raise ValueError(
            f"{name} must be an array of real numbers without gaps: convert or remove the others."
        ) from None


def _check_weights(sample_weight: ArrayLike, n: int, cancelled: Callable[[], bool] | None) -> Array:
    weight = _number_array(sample_weight, "The weights of the rows")
    if weight.shape != (n,):
        raise ValueError(f"There must be one weight for each of the {n} rows; these have the shape {weight.shape}.")
    for block, _ in _blocks(weight, None, BLOCK_NUMBERS, cancelled):
        if not isfinite(block.max()) or not block.min() >= 0:
            raise ValueError("The weights of the rows must be finite and not negative.")
    if not 1 / LARGEST_WEIGHT < weight.sum() < LARGEST_WEIGHT:
        raise ValueError("The weights of the rows must sum to a positive number of usual size, such as their count.")
    return weight


def _present(weight: Array, cancelled: Callable[[], bool] | None) -> NDArray[np.intp] | None:
    """The rows of positive weight, or None where that is all."""
    blocks = [block for block, _ in _blocks(weight, None, BLOCK_NUMBERS, cancelled)]
    counts = [int(np.count_nonzero(block)) for block in blocks]
    if sum(counts) == len(weight):
        return None
    present, first = np.empty(sum(counts), dtype=np.intp), 0
    for number, (block, count) in enumerate(zip(blocks, counts, strict=True)):
        present[first : first + count] = np.flatnonzero(block) + number * BLOCK_NUMBERS
        first += count
    return present


def _rows(numbers_a_row: int) -> int:
    return max(256, BLOCK_NUMBERS // numbers_a_row)


def _blocks(
    points: Array, weight: Array | None, rows: int, cancelled: Callable[[], bool] | None
) -> Iterator[tuple[Array, Array | None]]:
    for first in range(0, len(points), rows):
        if cancelled is not None and cancelled():
            raise FitCancelledError
        part = slice(first, first + rows)
        yield points[part], None if weight is None else weight[part]


def _scales(variances: Array, origin: Array, constant: tuple[int, ...]) -> Array:
    """Standard deviations (d,), with something to divide by where a column is constant.

    That is a thousandth of its value, but not more than what another column spreads, so that a common variance of all
    columns does not come from it, and not so little that it drowns in the roundings of the value.
    """
    scale = np.sqrt(variances)
    varying = float(np.delete(scale, constant).min())
    for column in constant:
        magnitude = abs(float(origin[column]))
        scale[column] = max(1e-9 * magnitude, min(1e-3 * magnitude, varying)) or varying
    return scale


def _largest_value(x: Array, cancelled: Callable[[], bool] | None) -> float:
    """The largest absolute value, which must be a usable number."""
    largest = 0.0
    for block, _ in _blocks(x, None, _rows(x.shape[1]), cancelled):
        reach = float(np.abs(block).max())
        if not isfinite(reach):
            raise ValueError("The points hold missing or infinite values: remove those rows first.")
        largest = max(largest, reach)
    if largest > LARGEST_VALUE:
        raise ValueError(f"The points hold values beyond {LARGEST_VALUE:g}: use a larger unit.")
    return largest


def _origin(x: Array, weight: Array | None, present: NDArray[np.intp] | None) -> Array:
    """The weighted median of each column, (d,), from a part of the rows where there are many."""
    size = len(x) if present is None else len(present)
    rows: slice | NDArray[np.intp] = slice(None, None, -(-size // MOST_FOR_ORIGIN))
    rows = rows if present is None else present[rows]
    x = x[rows]
    weight = np.ones(len(x)) if weight is None else weight[rows]
    order = np.argsort(x, axis=0, kind="stable")
    below = np.cumsum(weight[order], axis=0)
    middle = (below < below[-1] / 2).sum(axis=0)
    return np.asarray(np.take_along_axis(x, order, axis=0)[middle, np.arange(x.shape[1])])


def _moments(
    x: Array, weight: Array | None, total: float, origin: Array, cancelled: Callable[[], bool] | None
) -> tuple[Array, Array, tuple[int, ...]]:
    """Mean minus origin (d,), covariance (d, d) and the constant columns, of the rows that have weight.

    Two passes: the second is about the mean of the first, so that an offset costs no digits.
    """
    d = x.shape[1]
    shift, scatter = np.zeros(d), np.zeros((d, d))
    reach = np.zeros(d)
    for block, w in _blocks(x, weight, _rows(d), cancelled):
        y = block - origin
        far = np.abs(y if w is None else y[w > 0])
        reach = np.maximum(reach, far.max(axis=0, initial=0.0))
        shift += y.sum(axis=0) if w is None else w @ y
    shift /= total
    for block, w in _blocks(x, weight, _rows(d), cancelled):
        y = (block - origin) - shift
        scatter += y.T @ (y if w is None else w[:, np.newaxis] * y)
    deviation = np.sqrt(np.diagonal(scatter) / total)
    constant = tuple(int(c) for c in np.flatnonzero((reach == 0) | (deviation <= ROUNDINGS * np.abs(origin))))
    scatter[list(constant), :] = scatter[:, list(constant)] = 0.0
    return shift, scatter / total, constant
