"""setup.sh on a machine of stand-ins: what it does when, and what it says."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.stand_ins import ROOT, Machine, make_machine

PYTEST = "-m pytest --numprocesses auto --maxprocesses 4 --dist worksteal"


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return make_machine(tmp_path)


class TestEnvironment:
    def test_the_second_time_installs_nothing(self, machine: Machine) -> None:
        assert machine.setup("run").returncode == 0
        assert machine.log == ["venv", "pip ."]
        assert machine.setup("run").returncode == 0
        assert machine.log == []

    def test_the_tests_need_more_and_the_window_is_content_with_that(self, machine: Machine) -> None:
        machine.setup("run")
        machine.setup("test")
        assert machine.log[0] == "pip .[test]"
        machine.setup("run")
        assert machine.log == []

    def test_a_changed_pyproject_is_installed_into_the_same_environment(self, machine: Machine) -> None:
        machine.setup("run")
        with (machine.project / "pyproject.toml").open("a") as file:
            file.write("# changed\n")
        machine.setup("run")
        assert machine.log == ["pip ."]

    def test_another_python_makes_another_environment(self, machine: Machine) -> None:
        machine.setup("run")
        machine.setup("run", FAKE_VERSION="3.12.1")
        assert machine.log == ["venv", "pip ."]

    def test_a_moved_folder_makes_another_environment(self, machine: Machine) -> None:
        machine.setup("run")
        moved = machine.project.rename(machine.folder / "elsewhere")
        machine.project.symlink_to(moved)
        machine.setup("run")
        assert machine.log == ["venv", "pip ."]

    def test_a_half_made_environment_is_made_anew(self, machine: Machine) -> None:
        half = machine.project / ".venv"
        (half / "bin").mkdir(parents=True)
        (half / "rest").touch()
        assert machine.setup("run").returncode == 0
        assert machine.log == ["venv", "pip ."]
        assert not (half / "rest").exists()

    def test_a_failing_pip_is_explained_and_tried_again(self, machine: Machine) -> None:
        failed = machine.setup("run", FAKE_PIP="1")
        assert failed.returncode == 1
        assert failed.stderr.splitlines()[-1].startswith("setup.sh: pip could not install what GMM Desktop needs")
        assert failed.stdout == ""
        assert machine.setup("run").returncode == 0
        assert machine.log == ["venv", "pip ."]

    def test_a_failing_pip_leaves_a_whole_environment_as_it_was(self, machine: Machine) -> None:
        machine.setup("run")
        before = (machine.project / "pyproject.toml").read_text()
        (machine.project / "pyproject.toml").write_text(before + "# changed\n")
        assert machine.setup("run", FAKE_PIP="1").returncode == 1
        (machine.project / "pyproject.toml").write_text(before)
        assert machine.setup("run").returncode == 0
        assert machine.log == []

    def test_a_killed_pip_leaves_nothing_to_trust(self, machine: Machine) -> None:
        machine.setup("run")
        with (machine.project / "pyproject.toml").open("a") as file:
            file.write("# changed\n")
        assert machine.setup("run", FAKE_PIP="137").returncode == 1
        assert machine.setup("run").returncode == 0
        assert machine.log == ["venv", "pip ."]


class TestPython:
    @pytest.mark.parametrize("version", ["3.11.0", "3.12.1", "3.13.0", "3.14.2"])
    def test_is_accepted(self, machine: Machine, version: str) -> None:
        assert machine.setup("run", FAKE_VERSION=version).returncode == 0

    @pytest.mark.parametrize("version", ["2.7.18", "3.1.5", "3.9.18", "3.10.13"])
    def test_is_too_old(self, machine: Machine, version: str) -> None:
        refused = machine.setup("run", FAKE_VERSION=version)
        assert refused.returncode == 1
        assert f"Python {version} is too old: GMM Desktop needs 3.11 to 3.14." in refused.stderr
        assert machine.log == []

    def test_is_not_there(self, machine: Machine) -> None:
        refused = machine.setup("run", PYTHON="python3.99")
        assert refused.returncode == 1
        assert "there is no python3.99 here" in refused.stderr

    def test_is_named(self, machine: Machine) -> None:
        other = machine.folder / "my python"
        shutil.copy(machine.folder / "tools" / "python3", other)
        (machine.folder / "tools" / "python3").unlink()
        assert machine.setup("run", PYTHON="./my python").returncode == 0


class TestSystemPackages:
    @pytest.mark.parametrize("uid", ["0", "1000"])
    @pytest.mark.parametrize("command", ["run", "test"])
    def test_apt_is_not_touched_where_nothing_is_missing(self, machine: Machine, command: str, uid: str) -> None:
        assert machine.setup(command, FAKE_UID=uid, DISPLAY=":0").returncode == 0
        assert not [line for line in machine.log if line.startswith("apt-get")]

    def test_root_installs_what_is_missing(self, machine: Machine) -> None:
        done = machine.setup("run", FAKE_UID="0", FAKE_MISSING="libgthread-2.0.so.0 libglib-2.0.so.0 libEGL.so.1")
        assert done.returncode == 0, done.stderr
        assert machine.log[-1] == "apt-get install -y --no-install-recommends libegl1 libglib2.0-0"

    def test_a_user_is_told_the_line(self, machine: Machine) -> None:
        told = machine.setup("run", FAKE_MISSING="libEGL.so.1", FAKE_MISSING_XCB="libxcb-cursor.so.0", DISPLAY=":0")
        assert told.returncode == 1
        line = told.stderr.splitlines()[-1].strip()
        assert line.startswith("sudo apt-get ")
        assert line.endswith("apt-get install -y --no-install-recommends libegl1 libxcb-cursor0")
        assert told.stdout == ""
        assert not [line for line in machine.log if line.startswith("apt-get")]

    def test_a_user_without_sudo_is_told_a_line_that_works(self, machine: Machine) -> None:
        (machine.folder / "tools" / "sudo").unlink()
        line = machine.setup("run", FAKE_MISSING="libEGL.so.1").stderr.splitlines()[-1].strip()
        assert line.startswith("su -c 'apt-get ")
        assert line.endswith("apt-get install -y --no-install-recommends libegl1'")

    def test_without_venv_everything_is_asked_for_at_once(self, machine: Machine) -> None:
        line = machine.setup("test", FAKE_NO_VENV="yes").stderr.splitlines()[-1]
        wanted = "python3-venv libglib2.0-0 libegl1 libxkbcommon0 libfontconfig1 libdbus-1-3"  # libgl1 is listed
        assert line.endswith(f"apt-get install -y --no-install-recommends {wanted}")
        assert machine.log == []

    def test_without_venv_root_goes_on(self, machine: Machine) -> None:
        assert machine.setup("run", FAKE_NO_VENV="yes", FAKE_UID="0").returncode == 0
        assert machine.log[-2:] == ["venv", "pip ."]

    @pytest.mark.parametrize(
        ("command", "display", "platform"), [("test", ":0", ""), ("run", "", ""), ("run", ":0", "offscreen")]
    )
    def test_the_displays_libraries_are_needed_by_nothing_else(
        self, machine: Machine, command: str, display: str, platform: str
    ) -> None:
        missing = {"FAKE_MISSING_XCB": "libxcb-cursor.so.0"}
        done = machine.setup(command, cwd=None, **missing, DISPLAY=display, QT_QPA_PLATFORM=platform)
        assert done.returncode == 0, done.stderr

    @pytest.mark.parametrize(("glibc", "package"), [("2.36", "libglib2.0-0"), ("2.41", "libglib2.0-0t64")])
    def test_the_package_has_the_systems_own_name(self, machine: Machine, glibc: str, package: str) -> None:
        told = machine.setup("run", FAKE_MISSING="libglib-2.0.so.0", FAKE_GLIBC=glibc)
        assert told.stderr.splitlines()[-1].endswith(f" {package}")

    def test_an_unknown_library_is_named(self, machine: Machine) -> None:
        told = machine.setup("run", FAKE_MISSING="libEGL.so.1 libnew.so.7", FAKE_UID="0")
        assert told.returncode == 1
        assert "Qt cannot load, since this system lacks: libnew.so.7." in told.stderr

    def test_without_apt_the_libraries_are_named(self, machine: Machine) -> None:
        (machine.folder / "tools" / "apt-get").unlink()
        told = machine.setup("run", FAKE_MISSING="libEGL.so.1")
        assert told.returncode == 1
        assert "Qt cannot load, since this system lacks: libEGL.so.1." in told.stderr


class TestRun:
    def test_arguments_and_folder_reach_the_app(self, machine: Machine) -> None:
        caller = machine.folder / "my data"
        caller.mkdir()
        arguments = ["a b.csv", "--columns", "x y,z", "$HOME", "", "*"]
        done = machine.setup("run", *arguments, cwd=caller)
        assert done.stdout.splitlines() == [
            f"in {caller} on any",
            *(f"<{argument}>" for argument in arguments),
        ]

    @pytest.mark.parametrize("display", ["DISPLAY", "WAYLAND_DISPLAY"])
    def test_a_display_leaves_the_platform_as_it_is(self, machine: Machine, display: str) -> None:
        done = machine.setup("run", cwd=None, **{"QT_QPA_PLATFORM": "offscreen", display: "there"})
        assert done.stdout.endswith(" on offscreen\n")

    @pytest.mark.parametrize(("platform", "left"), [("offscreen", "any"), ("minimal", "any"), ("vnc", "vnc")])
    def test_no_display_does_not_hide_behind_an_invisible_one(self, machine: Machine, platform: str, left: str) -> None:
        assert machine.setup("run", QT_QPA_PLATFORM=platform).stdout.endswith(f" on {left}\n")


class TestTest:
    def test_everything_runs_and_pytest_gets_the_arguments(self, machine: Machine) -> None:
        done = machine.setup("test", "-k", "one two")
        assert done.returncode == 0, done.stderr
        checks = ["ruff check .", "ruff format --check .", "mypy ", "lint-imports ", f"{PYTEST} -k one two"]
        assert machine.log[-5:] == checks
        assert not list(machine.folder.glob("tmp.*")), "the folder for settings is left behind"

    def test_one_failure_fails_the_whole_and_stops_nothing(self, machine: Machine) -> None:
        done = machine.setup("test", FAKE_BROKEN="mypy")
        assert done.returncode == 1
        assert done.stderr.splitlines()[-1] == "setup.sh: failed: mypy"
        assert machine.log[-1] == PYTEST

    def test_a_qt_that_cannot_load_is_a_failure(self, machine: Machine) -> None:
        done = machine.setup("test", FAKE_QT="134")
        assert done.returncode == 1
        assert "Qt cannot be loaded, so nothing was tested" in done.stderr
        assert PYTEST not in machine.log


def test_another_command_is_wrong_usage(machine: Machine) -> None:
    for arguments in ([], ["start"], ["--help"]):
        done = machine.setup(*arguments)
        assert done.returncode == 2
        assert "usage: sh setup.sh run" in done.stderr


def test_the_build_machine_runs_the_tests_from_any_folder(machine: Machine) -> None:
    (machine.project / ".ci").mkdir()
    shutil.copy(ROOT / ".ci" / "run", machine.project / ".ci")
    bash = shutil.which("bash") or ""
    command = [bash, str(machine.project / ".ci" / "run")]
    done = subprocess.run(command, cwd="/", env=machine.environment, capture_output=True, text=True, timeout=30)
    assert done.returncode == 0, done.stderr
    assert PYTEST in machine.log
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
