"""The same seed gives the same bits in the window, on the command line and from the library."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from gmm_desktop.data import read_table
from gmm_desktop.mixture import FitSettings, fit
from tests.mixture.cases import blobs

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gmm_desktop.ui.main_window import MainWindow

ARGUMENTS = ["--components", "4", "--restarts", "3", "--seed", "11"]


@pytest.mark.parametrize("size", [500, 60_000])
def test_window_command_line_and_library(
    tmp_path: Path, qtbot: QtBot, open_window: Callable[..., MainWindow], size: int
) -> None:
    file = tmp_path / "data.csv"
    np.savetxt(file, blobs(size, 2, 4), delimiter=",", header="a,b", comments="", fmt="%.17g")
    written = tmp_path / "fit.json"
    command = [sys.executable, "-m", "gmm_desktop", str(file), *ARGUMENTS, "--export-parameters", str(written)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    of_command = json.loads(written.read_text())

    columns = [column.values for column in read_table(file).columns]
    of_library = fit(np.column_stack(columns), FitSettings(components=4, restarts=3, seed=11))  # type: ignore[arg-type]

    window = open_window(str(file), *ARGUMENTS)
    window.session.to_end()
    qtbot.waitUntil(lambda: bool(window.session.state.run.ending), timeout=60_000)
    of_window = window.session.state.run.history

    assert of_command["history"]["log_likelihood"] == of_library.log_likelihoods.tolist()
    assert of_window.log_likelihoods.tolist() == of_library.log_likelihoods.tolist()
    in_order = of_library.mixture.sorted()
    assert of_command["mixture"]["covariances"] == in_order.covariances.tolist()
    assert of_window.mixture.sorted().covariances.tolist() == in_order.covariances.tolist()
