"""Which of many points is meant: the nearest to a place, or the next one in the order of the axes."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

REACH = 12.0
"""Pixels within which a point is meant."""

NONE = -1
_BLOCK = 1 << 18


def nearest(
    coordinates: tuple[Array, ...],
    place: tuple[float, ...],
    pixels: tuple[float, ...],
    cancelled: Callable[[], bool] = lambda: False,
) -> int | None:
    """The index of the point nearest to a place and within ``REACH``.

    Args:
        coordinates: for each of one or two axes the n view coordinates, (n,).
        place: for each axis, in view coordinates.
        pixels: for each axis, how many pixels a unit of it has on screen.
        cancelled: asked once a block.

    Returns:
        The index, the lowest one of points at the same place; ``NONE`` where no point is near; None where cancelled.
    """
    best, found = REACH**2, NONE
    for block in _blocks(coordinates[0].size):
        if cancelled():
            return None
        square = np.zeros(block.stop - block.start)
        for values, at, scale in zip(coordinates, place, pixels, strict=True):
            away = (values[block] - at) * scale
            away *= away
            square += away
        first = int(square.argmin())
        if square[first] < best:
            best, found = float(square[first]), block.start + first
    return found


def following(
    coordinates: tuple[Array, ...],
    after: tuple[float, ...] | None,
    direction: int,
    cancelled: Callable[[], bool] = lambda: False,
    *,
    each: bool = True,
) -> int | None:
    """The index of the point that follows in the order of the first axis, ties by the second, then by the index.

    Args:
        coordinates: as for ``nearest``.
        after: the coordinates to go on from, and the index there; None begins at the end that lies behind.
        direction: +1 forwards, -1 backwards.
        cancelled: asked once a block.
        each: whether points at the same place come one by one, not only the first of them.

    Returns:
        The index; ``NONE`` behind the last one; None where cancelled.
    """
    best: tuple[float, ...] | None = None
    for block in _blocks(coordinates[0].size):
        if cancelled():
            return None
        keys = [direction * values[block] for values in coordinates]
        keys.append((direction if each else 1) * np.arange(block.start, block.stop, dtype=np.float64))
        left = np.arange(keys[0].size)
        if after is not None:
            compared = len(keys) if each else len(keys) - 1
            left = _beyond(keys[:compared], [direction * value for value in after[:compared]])
        for key in keys:
            left = left[key[left] == key[left].min()] if left.size else left
        if left.size:
            first = tuple(float(key[left[0]]) for key in keys)
            best = first if best is None else min(best, first)
    return NONE if best is None else round(abs(best[-1]))


def _beyond(keys: list[Array], after: list[float]) -> NDArray[np.intp]:
    """The places at which the tuple of keys is greater than ``after``, as tuples compare."""
    beyond = np.zeros(keys[0].size, dtype=bool)
    same = np.ones(keys[0].size, dtype=bool)
    for key, value in zip(keys, after, strict=True):
        beyond |= same & (key > value)
        same &= key == value
    return np.flatnonzero(beyond)


def _blocks(n: int) -> Iterator[slice]:
    return (slice(start, min(start + _BLOCK, n)) for start in range(0, n, _BLOCK))
