"""Arrays that grow by strokes: each is the beginning of the next one, so that keeping all of them costs little."""

from __future__ import annotations

import weakref
from typing import Any

import numpy as np
from numpy.typing import NDArray

_SPARE, _LEAST = 0.5, 1024
"""Of the rows that there are so many more find room, and so many at least."""
_taken: dict[int, int] = {}
"""How many rows of each memory are some array's; by its id, as long as it lives."""


def appended(old: NDArray[Any], new: NDArray[Any]) -> NDArray[Any]:
    """A read-only array of the rows of ``old`` (n, ...) and of ``new`` (m, ...), both of one dtype.

    Where ``old`` came from here and nothing has been appended to it yet, no row of it is copied. What was appended to
    another time stays as it is: then the rows are copied once.
    """
    size, rows = len(old), len(old) + len(new)
    memory = old.base
    if not isinstance(memory, np.ndarray) or not _is_end(old, memory) or rows > len(memory):
        memory = np.empty((rows + max(int(_SPARE * rows), _LEAST), *old.shape[1:]), old.dtype)
        weakref.finalize(memory, _taken.pop, id(memory), None).atexit = False
        memory[:size] = old
    memory[size:rows] = new
    _taken[id(memory)] = rows
    grown = memory[:rows]
    grown.setflags(write=False)
    return grown


def memory_of(array: NDArray[Any]) -> tuple[int, int]:
    """An id of the memory in which an array is, and its size in bytes."""
    owner = array.base if isinstance(array.base, np.ndarray) else array
    return id(owner), owner.nbytes


def _is_end(array: NDArray[Any], memory: NDArray[Any]) -> bool:
    """Whether an array is the beginning of a memory of ours, up to its last taken row."""
    place, first = (one.__array_interface__["data"][0] for one in (array, memory))
    alike = place == first and (array.strides, array.shape[1:]) == (memory.strides, memory.shape[1:])
    return alike and _taken.get(id(memory)) == len(array)
