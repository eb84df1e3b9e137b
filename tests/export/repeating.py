"""A fit repeated: by the shell and by Python, from what the program wrote for them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from gmm_desktop.data import Dataset
from gmm_desktop.export import FitReport
from gmm_desktop.export.repeat import command_line
from gmm_desktop.export.script import python_script
from gmm_desktop.mixture import FitSettings, Mixture, fit

PROGRAMS = Path(sys.executable).parent
WRITE = ("--export-parameters", "fit.json")
RESULTS = ("mixture", "start", "result", "history")


def report_of(dataset: Dataset, settings: FitSettings, start: Mixture | None = None, labels: bool = False) -> FitReport:
    known = dataset.labels if labels else None
    history = fit(dataset.points, settings, start=start, labels=known, sample_weight=dataset.sample_weight)
    return FitReport(dataset, settings, history, start=start)


def by_command(report: FitReport, folder: Path) -> bytes:
    text = command_line(report, WRITE)
    # The rest of the environment stays: it may choose how the linear algebra computes, and with it the last bits.
    environment = {**os.environ, "PATH": f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(["sh", "-c", text], cwd=folder, env=environment, capture_output=True, timeout=60)
    assert done.returncode == 0, done.stderr.decode() + text
    return (folder / "fit.json").read_bytes()


def by_script(report: FitReport, folder: Path) -> bytes:
    (folder / "repeat.py").write_text(python_script(report), "utf-8")
    command = [sys.executable, "-W", "error", "repeat.py", "again.json"]
    done = subprocess.run(command, cwd=folder, capture_output=True, timeout=60)
    assert done.returncode == 0, done.stderr.decode() + python_script(report)
    assert repr(report.log_likelihood) in done.stdout.decode()
    return (folder / "again.json").read_bytes()


def results(content: bytes, names: tuple[str, ...] = RESULTS) -> list[object]:
    read = json.loads(content)
    return [read[name] for name in names]
