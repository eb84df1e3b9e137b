"""Prints how fast the program is: `python -m tests.benchmarks`, or with names of parts, the keys of PARTS."""

from __future__ import annotations

import os
import platform
import sys

# One thread for the linear algebra of everybody, before anybody loads it.
for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from tests.benchmarks import engine, frames, gaps, memory, start, summary  # noqa: E402

PARTS = {
    "engine": engine.run,
    "summary": summary.run,
    "memory": memory.run,
    "frames": frames.run,
    "start": start.run,
    "gaps": gaps.run,
}


def main(names: list[str]) -> None:
    """Run the named parts, or all."""
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, one thread of linear algebra\n")
    for name in names or PARTS:
        PARTS[name]()
        print()


if __name__ == "__main__":
    main(sys.argv[1:])
