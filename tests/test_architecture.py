"""The layers hold, are seen to fail when they do not, and keep what is slow out of the start."""

from __future__ import annotations

import ast
import json
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LONGEST_FILE = 350  # lines; about 300 is what a reader takes in, the rest is for tables
QT = {"PySide6", "shiboken6", "pyqtgraph"}
WIDGETS = {"PySide6.QtGui", "PySide6.QtWidgets", "pyqtgraph"}
SLOW = {
    "scipy",
    "pandas",
    "sklearn",
    "PIL",
    "matplotlib",
    "contourpy",
    "ziamath",
    "ziafont",
    "python_calamine",
    "pyarrow",
    "h5py",
    "flowio",
    "gmm_desktop.export",
    "gmm_desktop.data.readers",
}
IMPORTED_AS = {"pillow": "PIL", "imageio-ffmpeg": "imageio_ffmpeg", "python-calamine": "python_calamine"}


def contract(folder: Path) -> subprocess.CompletedProcess[str]:
    """lint-imports in ``folder``, which holds a pyproject.toml and a gmm_desktop."""
    tool = Path(sys.executable).with_name("lint-imports")
    return subprocess.run([tool, "--no-cache"], cwd=folder, capture_output=True, text=True, timeout=120)


def loaded_by(statements: str, afterwards: str = "") -> set[str]:
    """The modules in a fresh interpreter after some statements."""
    code = f"{statements}\nimport json, sys\nprint(json.dumps(sorted(sys.modules)))\n{afterwards}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout.splitlines()[-1]))


@pytest.fixture
def copied_package(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "gmm_desktop", tmp_path / "gmm_desktop", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_the_contract_holds(copied_package: Path) -> None:
    done = contract(copied_package)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("file", "line", "broken"),
    [
        ("mixture/parameters.py", "import gmm_desktop.data.dataset", "Imports point one way"),
        ("session/state.py", "import gmm_desktop.ui.commands", "Imports point one way"),
        ("export/__init__.py", "import gmm_desktop.session.state", "Imports point one way"),
        ("helpers.py", "import math", "Imports point one way"),
        ("data/dataset.py", "from PySide6 import QtCore", "No Qt below the session"),
        ("options.py", "import pyqtgraph", "No Qt below the session"),
        ("session/state.py", "import pyqtgraph", "The session draws nothing"),
        ("ui/views/data_1d.py", "import gmm_desktop.ui.views.data_2d", "No view imports a view"),
        ("ui/panels/fit_card.py", "import gmm_desktop.ui.panels.fit_panel", "No panel imports a panel"),
    ],
    ids=lambda value: str(value).removeprefix("import ") if "/" not in str(value) else value,
)
def test_a_planted_violation_breaks_the_contract(copied_package: Path, file: str, line: str, broken: str) -> None:
    planted = copied_package / "gmm_desktop" / file
    planted.write_text((planted.read_text("utf-8") if planted.exists() else "") + f"\n{line}\n", "utf-8")
    done = contract(copied_package)
    assert done.returncode == 1, done.stdout + done.stderr
    assert f"{broken} BROKEN" in done.stdout


@pytest.mark.parametrize("package", ["mixture", "data", "options", "export"])
def test_nothing_below_the_session_loads_qt(package: str) -> None:
    assert not loaded_by(f"import gmm_desktop.{package}") & QT


def test_the_session_loads_no_widgets() -> None:
    assert not loaded_by("import gmm_desktop.session") & WIDGETS


def test_the_shown_window_has_loaded_nothing_slow() -> None:
    show = "from gmm_desktop.app import create_window\nwindow = create_window([])\nassert window.isVisible()"
    loaded = loaded_by(show, afterwards="window.close()")
    assert "gmm_desktop.ui.main_window" in loaded
    assert not loaded & SLOW


def test_what_is_imported_is_installed_with_the_app() -> None:
    trees = [ast.parse(path.read_text("utf-8")) for path in (ROOT / "gmm_desktop").rglob("*.py")]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
    foreign = {name.partition(".")[0] for name in names} - sys.stdlib_module_names - {"gmm_desktop"}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = [row for name, rows in project["optional-dependencies"].items() if name != "test" for row in rows]
    wanted = [*project["dependencies"], *extras]
    installed = {re.split(r"[^\w-]", line)[0].removesuffix("-Essentials") for line in wanted}
    installed = {IMPORTED_AS.get(name, name) for name in installed}
    assert "numpy" in foreign
    assert foreign <= installed | {"shiboken6"}, "PySide6 brings shiboken6; everything else is named"


def test_no_file_is_too_long_to_read() -> None:
    files = [path for folder in ("gmm_desktop", "tests") for path in (ROOT / folder).rglob("*.py")]
    lengths = {str(path.relative_to(ROOT)): len(path.read_text("utf-8").splitlines()) for path in files}
    assert len(lengths) > 20
    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}
