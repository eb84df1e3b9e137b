"""Peak memory of a whole fit above the data, in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys

_CHILD = """
import resource, sys
from gmm_desktop.mixture import FitSettings, fit
from tests.benchmarks.engine import case
n, d, k = (int(argument) for argument in sys.argv[1:])
points, _ = case(n, d, k)
fit(points[:1000], FitSettings(k, max_iterations=2))  # whatever is loaded with the first fit
with open("/proc/self/statm") as file:
    before = int(file.read().split()[1]) * resource.getpagesize()
fit(points, FitSettings(k, max_iterations=60))
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
print((peak - before) / points.nbytes)
"""


def run() -> None:
    """Print it, where the system tells."""
    if not os.path.exists("/proc/self/statm"):
        print("Memory: this system does not tell how much a process holds")
        return
    for n, d, k in ((10_000_000, 1, 3), (10_000_000, 2, 8)):
        arguments = [sys.executable, "-c", _CHILD, str(n), str(d), str(k)]
        result = subprocess.run(arguments, capture_output=True, text=True, check=True, env=dict(os.environ))
        print(f"Memory: a fit of {n} x {d} peaks at {float(result.stdout):.2f} times the data above the data")
