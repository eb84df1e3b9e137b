"""Matrices that MATLAB or Octave saved (versions 4 to 7), read by scipy in a process of its own (see ``child``)."""

from __future__ import annotations

import io
import math
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from gmm_desktop.data.readers.arrays import Shape, choose, columns_of_array
from gmm_desktop.data.readers.isolated import read_apart
from gmm_desktop.data.readers.limits import check, largest_numbers
from gmm_desktop.data.readers.parcel import Parcel, pack_columns, unpack_columns
from gmm_desktop.data.readers.raw_columns import RawColumn, Unpacked, table_of
from gmm_desktop.data.readers.source import Source
from gmm_desktop.data.table import DataError, ReadOptions, Table, Tell, listed, quoted, say_nothing

if TYPE_CHECKING:
    from gmm_desktop.data.readers.child import Request

MAGIC = b"MATLAB 5.0 MAT-file"
_CLASSES = frozenset(["double", "single", *(f"{sign}int{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64))])


def read_matlab(source: Source, options: ReadOptions, tell: Tell = say_nothing) -> Table:
    """One matrix of numbers, or vectors of one length as columns.

    Raises:
        GivenUpError: ``tell`` raised it.
        DataError: the file is damaged or forged, or holds no such matrix.
    """
    return table_of(source, unpack_columns(read_apart("matlab", source, options, tell)), options)


def unpack(content: bytes, request: Request) -> Parcel:
    """The columns as scipy reads them.

    Raises:
        DataError: the file is damaged, claims too much, or holds no real matrix.
    """
    import scipy.io

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of names that are given twice
        stream: Any = io.BytesIO(content)
        found = scipy.io.whosmat(stream)
        lengths = {name: tuple(shape) for name, shape, kind in found if kind in _CLASSES}
        others = [name for name, _, kind in found if kind not in _CLASSES]
        if not lengths:
            words = f", but {listed(others)}" if others else ""
            raise DataError(f"{quoted(request.name)} holds no matrix of numbers{words}; save one with save -v7.")
        shapes = {name: Shape(_squeezed(shape), np.dtype(np.float64)) for name, shape in lengths.items()}
        part, names, parts, loaded = _load(scipy.io, content, shapes, request)
    columns: list[RawColumn] = []
    for name in names:
        columns += columns_of_array(_real(loaded, name, request.name), name)[0]
    said = [f"{quoted(part)} was read; the file holds {listed(parts)}."] if parts and request.part is None else []
    said += [f"{listed(others)} left out: no matrices of numbers."] if others else []
    return pack_columns(Unpacked(tuple(columns), parts, part, tuple(said)))


def _load(
    library: Any, content: bytes, shapes: dict[str, Shape], request: Request
) -> tuple[str, tuple[str, ...], tuple[str, ...], dict[str, Any]]:
    """The wanted matrices, or the first that are real."""
    part, names, parts = choose(shapes, request.part, request.name)
    claimed = sum(8 * math.prod(shapes[name].lengths) for name in names)
    check(claimed, largest_numbers(len(content)), request.name)
    request.allow(3 * claimed)
    loaded = library.loadmat(io.BytesIO(content), variable_names=list(names))
    complex_ones = {name for name in names if np.iscomplexobj(loaded.get(name))}
    if request.part is None and complex_ones and len(shapes) > len(complex_ones):
        real = {name: shape for name, shape in shapes.items() if name not in complex_ones}
        return _load(library, content, real, request)
    return part, names, parts, loaded


def _squeezed(shape: tuple[int, ...]) -> tuple[int, ...]:
    """A vector has one dimension, whether it lies or stands."""
    return (math.prod(shape),) if len(shape) == 2 and 1 in shape else shape


def _real(loaded: dict[str, Any], name: str, file: str) -> NDArray[Any]:
    array = loaded.get(name)
    if not isinstance(array, np.ndarray) or array.dtype.kind not in "iufb":
        raise DataError(f"{quoted(name)} in {quoted(file)} is no matrix of real numbers; choose another part of it.")
    return array.reshape(_squeezed(array.shape))
