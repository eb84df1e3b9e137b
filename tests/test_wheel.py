"""A wheel carries everything and runs where there is no source."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def execute(command: Sequence[str | Path], folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=folder, env=os.environ | environment, capture_output=True, text=True, timeout=300
    )


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a copy: what an earlier build left in build/ would be packed too."""
    source = tmp_path_factory.mktemp("source")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    for name in ("gmm_desktop", "resources"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    done = execute([sys.executable, "-m", "build", "--no-isolation", "--wheel", "--outdir", "dist"], source)
    assert done.returncode == 0, done.stdout + done.stderr
    (built,) = (source / "dist").glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds the installed wheel and nothing else."""
    target = tmp_path_factory.mktemp("installed")
    pip: list[str | Path] = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--no-deps",
        "--no-index",
        "--target",
        target,
        wheel,
    ]
    done = execute(pip, target)
    assert done.returncode == 0, done.stderr
    return target


@pytest.fixture
def only_the_wheel(installed: Path) -> dict[str, str]:
    """An environment for ``python -S``, which skips the .pth files that lead to the source."""
    return {"PYTHONPATH": os.pathsep.join([str(installed), sysconfig.get_path("purelib")])}


def test_it_carries_every_module_and_every_resource(wheel: Path) -> None:
    modules = {path.relative_to(ROOT).as_posix() for path in (ROOT / "gmm_desktop").rglob("*.py")}
    resources = {
        f"gmm_desktop/{path.relative_to(ROOT).as_posix()}"
        for path in (ROOT / "resources").rglob("*")
        if path.is_file() and not {"__pycache__", "screenshots"} & set(path.parts)
    }
    assert {Path(name).parent.name for name in resources} >= {"icons", "data"}
    carried = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert carried == modules | resources | {"gmm_desktop/py.typed"}


def test_it_fits_and_exports_from_an_empty_folder(only_the_wheel: dict[str, str], tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    arguments = ["--sample", "faithful", "--components", "2", "--export-parameters", "fit.json"]
    done = execute([sys.executable, "-S", "-m", "gmm_desktop", *arguments], empty, **only_the_wheel)
    assert done.returncode == 0, done.stderr
    assert [path.name for path in empty.iterdir()] == ["fit.json"]
    assert len(json.loads((empty / "fit.json").read_text("utf-8"))["mixture"]["weights"]) == 2


def test_its_command_starts(installed: Path, only_the_wheel: dict[str, str], tmp_path: Path) -> None:
    done = execute([sys.executable, "-S", installed / "bin" / "gmm-desktop", "--help"], tmp_path, **only_the_wheel)
    assert done.returncode == 0, done.stderr
    assert "--export-parameters" in done.stdout


def test_its_window_opens_with_its_icons(installed: Path, only_the_wheel: dict[str, str], tmp_path: Path) -> None:
    code = (
        "from gmm_desktop import app\n"
        "import importlib.resources\n"
        "window = app.create_window([])\n"
        "resources = importlib.resources.files('gmm_desktop.resources')\n"
        "print(window.isVisible(), app.__file__, resources / 'icons')\n"
        "window.close()"
    )
    done = execute([sys.executable, "-S", "-c", code], tmp_path, **only_the_wheel)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"True {installed}")
    assert done.stdout.count(str(installed)) == 2
