"""How long a table of text takes to be read, beside pandas' own time for the same file."""

from __future__ import annotations

import gzip
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

import numpy as np

#: So many rows of two numbers with all their digits.
ROWS = 10_000_000
_BLOCK = 100_000
_TIMES = 5
_Result = TypeVar("_Result")


def run() -> None:
    """Print seconds, the best of five, and the ratio."""
    import pandas as pd

    from gmm_desktop.data import read_table

    print(f"Reading {ROWS:,} x 2, seconds     pandas  read_table  ratio")
    with tempfile.TemporaryDirectory() as folder:
        for name, write in _FILES.items():
            path = Path(folder) / ("data.csv.gz" if name == "gzip" else "data.csv")
            write(path)
            theirs, ours = [], []
            for _ in range(_TIMES):
                theirs.append(_timed(partial(pd.read_csv, path))[0])
                seconds, table = _timed(partial(read_table, path))
                ours.append(seconds)
                _ = table.sha256  # made in a thread once the table is there, which must be in nobody's way here
                del table
            print(f"{name:28s} {min(theirs):10.2f} {min(ours):11.2f} {min(ours) / min(theirs):6.2f}", flush=True)
            path.unlink()


def _timed(act: Callable[[], _Result]) -> tuple[float, _Result]:
    began = time.perf_counter()
    result = act()
    return time.perf_counter() - began, result


def _lines(end: str = "\n") -> list[bytes]:
    rng = np.random.default_rng(0)
    blocks = [f"x,y{end}".encode()]
    for first in range(0, ROWS, _BLOCK):
        block = rng.normal(size=(min(_BLOCK, ROWS - first), 2)).tolist()
        blocks.append("".join(f"{x!r},{y!r}{end}" for x, y in block).encode())
    return blocks


def _write(path: Path, end: str = "\n") -> None:
    path.write_bytes(b"".join(_lines(end)))


def _pack(path: Path) -> None:
    with gzip.open(path, "wb", compresslevel=1) as packed:
        for block in _lines():
            packed.write(block)


_FILES: dict[str, Callable[[Path], None]] = {
    "plain": _write,
    "Windows line ends": lambda path: _write(path, "\r\n"),
    "gzip": _pack,
}
