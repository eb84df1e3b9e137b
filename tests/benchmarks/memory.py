"""Peak memory of a whole fit above the data, in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys

_CHILD = """
import sys
from gmm_desktop.mixture import FitSettings, fit
from tests.benchmarks.engine import case
n, d, k = (int(argument) for argument in sys.argv[1:])
points, _ = case(n, d, k)
fit(points[:1000], FitSettings(k, max_iterations=2))  # whatever is loaded with the first fit
def held(what):
    with open("/proc/self/status") as file:
        return next(int(line.split()[1]) * 1024 for line in file if line.startswith(what))
before = held("VmRSS")
fit(points, FitSettings(k, max_iterations=60))
print((held("VmHWM") - before) / points.nbytes)
"""


def run() -> None:
    """Print it, where the system tells."""
    if not os.path.exists("/proc/self/status"):
        print("Memory: this system does not tell how much a process holds")
        return
    for n, d, k in ((10_000_000, 1, 3), (10_000_000, 2, 8)):
        arguments = [sys.executable, "-c", _CHILD, str(n), str(d), str(k)]
        result = subprocess.run(arguments, capture_output=True, text=True, check=True, env=dict(os.environ))
        print(f"Memory: a fit of {n} x {d} peaks at {float(result.stdout):.2f} times the data above the data")
