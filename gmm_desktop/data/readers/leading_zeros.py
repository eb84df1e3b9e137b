"""Cells such as "00123", which are seldom quantities, although they are read as numbers."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import numpy as np
from numpy.typing import NDArray

from gmm_desktop.data.readers.dialect import split
from gmm_desktop.data.readers.lines import pieces
from gmm_desktop.data.readers.prepared import Prepared

#: So many places are looked at.
_LOOKED_AT = 10_000
_BEFORE = b"\n\"' "


def are_integers(values: NDArray[np.float64]) -> bool:
    """Whether all that is not missing is an integer."""
    beginning = values[:1000]
    for some in (beginning[np.isfinite(beginning)], values):
        finite = some[np.isfinite(some)]
        if (finite % 1 != 0).any():
            return False
    return True


def leading_zeros(prepared: Prepared, columns: Collection[int]) -> dict[int, str]:
    """For each of some columns in which a cell begins with a zero before other digits, such a cell."""
    found: dict[int, str] = {}
    for count, place in enumerate(_places(prepared)):
        if count == _LOOKED_AT or len(found) == len(columns):
            break
        content = prepared.content
        start = content.rfind(b"\n", 0, place) + 1
        end = content.find(b"\n", place)
        line = content[start : end if end >= 0 else len(content)].decode(errors="replace")
        for row in split([line], prepared.dialect.delimiter):
            for index, cell in enumerate(row):
                digits = cell.strip().lstrip("+-")
                if index in columns and index not in found and digits[:1] == "0" and digits[1:].isdecimal():
                    found[index] = cell.strip()
    return found


def _places(prepared: Prepared) -> Iterator[int]:
    """Where a cell begins with a zero before another digit."""
    before = np.zeros(256, bool)
    before[list(_BEFORE + prepared.dialect.delimiter.encode()[:1])] = True
    before[[ord("+"), ord("-")]] = True
    for first, last in pieces(prepared.content, prepared.start):
        characters = np.frombuffer(prepared.content, np.uint8, last - first, first)
        zero = characters[:-1] == 48
        following = characters[1:]
        zero &= (following >= 48) & (following <= 57)
        places = np.flatnonzero(zero)
        places = places[(places == 0) | before[characters[places - 1]]]
        yield from (places + first).tolist()
