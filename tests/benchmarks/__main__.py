"""Prints how fast the program is: `python -m tests.benchmarks`, or with names of parts, the keys of PARTS.

With --full, what takes minutes is done with all points.
"""

from __future__ import annotations

import os
import platform
import sys
import tempfile

# One thread for the linear algebra of everybody, before anybody loads it.
for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from tests.benchmarks import engine, frames, freezes, gaps, memory, reading, start, summary  # noqa: E402

PARTS = {
    "engine": engine.run,
    "summary": summary.run,
    "memory": memory.run,
    "frames": frames.run,
    "start": start.run,
    "gaps": gaps.run,
    "reading": reading.run,
    "freezes": freezes.run,
}


def main(names: list[str]) -> None:
    """Run the named parts, or all."""
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, one thread of linear algebra\n")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_CONFIG_HOME"] = os.environ["XDG_STATE_HOME"] = folder  # not those of the person who runs this
        for name in names or PARTS:
            PARTS[name]()
            print(flush=True)


if __name__ == "__main__":
    main([argument for argument in sys.argv[1:] if argument != "--full"])
