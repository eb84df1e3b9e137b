"""A machine of stand-ins on which setup.sh can be tried: Python, pip, apt-get and the loader only tell."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

# Everything else that setup.sh may call; a tool that is not here is not on the machine.
REAL_TOOLS = [
    "cat",
    "chmod",
    "cksum",
    "cp",
    "dirname",
    "mkdir",
    "mktemp",
    "mv",
    "rm",
    "sed",
    "sh",
    "sort",
    "touch",
]

STAND_INS = {
    "uname": "echo Linux",
    "id": "echo ${FAKE_UID:-1000}",
    "getconf": "echo glibc ${FAKE_GLIBC:-2.36}",
    "ldconfig": "echo 'libGL.so.1 (libc6,x86-64) => /usr/lib/libGL.so.1'",
    "sudo": "exit 99",
    "apt-get": """
echo "apt-get $*" >>"$LOG"
case $1 in install) touch "$MACHINE/installed" ;; esac
""",
    # Misses FAKE_MISSING for any Qt and FAKE_MISSING_XCB for the display's plugin, until apt-get has run.
    "ldd": """
[ ! -e "$MACHINE/installed" ] || exit 0
case $* in *libqxcb.so*) missing="$FAKE_MISSING $FAKE_MISSING_XCB" ;; *) missing=$FAKE_MISSING ;; esac
for library in $missing; do printf '\\t%s => not found\\n' "$library"; done
""",
    "python3": """
case $1$2 in
-c*version_info*) echo "${FAKE_VERSION:-3.11.9} $0" ;;
-c*ensurepip*) [ -z "$FAKE_NO_VENV" ] || [ -e "$MACHINE/installed" ] ;;
-mvenv)
    echo venv >>"$LOG"
    mkdir -p "$3/bin"
    cp "$MACHINE/venv-python" "$3/bin/python"
    ;;
esac
""",
}

# The Python of the .venv: pip, the checks, and an app that tells what reaches it.
VENV_PYTHON = """
case $* in
*"pip install"*)
    for last; do :; done
    echo "pip $last" >>"$LOG"
    for tool in ruff mypy lint-imports; do
        printf '#!/bin/sh\\necho "%s $*" >>"$LOG"\\n[ "$FAKE_BROKEN" != %s ]\\n' $tool $tool >"${0%/*}/$tool"
        chmod +x "${0%/*}/$tool"
    done
    exit ${FAKE_PIP:-0}
    ;;
*"-m gmm_desktop"*)
    echo "in $PWD on ${QT_QPA_PLATFORM-any}"
    shift 3
    for argument; do echo "<$argument>"; done
    ;;
*"-m pytest"*) echo "$*" >>"$LOG" ;;
*QApplication*) exit ${FAKE_QT:-0} ;;
esac
"""


@dataclass(frozen=True)
class Machine:
    """A folder with the project, a PATH of stand-ins, and a log of what they were asked to do."""

    folder: Path

    @property
    def project(self) -> Path:
        """Where setup.sh lies; a folder with a space in its name."""
        return self.folder / "the project"

    @property
    def environment(self) -> dict[str, str]:
        """All that setup.sh sees of the caller's environment."""
        missing = dict.fromkeys(("FAKE_MISSING", "FAKE_MISSING_XCB", "FAKE_NO_VENV"), "")
        folders = {"MACHINE": str(self.folder), "TMPDIR": str(self.folder), "LOG": str(self.folder / "log")}
        return {"PATH": str(self.folder / "tools")} | folders | missing

    def setup(self, *arguments: str, cwd: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
        """``sh setup.sh`` with the arguments, in ``cwd`` and with more environment; clears the log first."""
        (self.folder / "log").unlink(missing_ok=True)
        return subprocess.run(
            ["sh", self.project / "setup.sh", *arguments],
            cwd=cwd or self.folder,
            env=self.environment | environment,
            capture_output=True,
            text=True,
            timeout=30,
        )

    @property
    def log(self) -> list[str]:
        """What the last command asked pip, apt-get and the checks for."""
        log = self.folder / "log"
        return log.read_text().splitlines() if log.exists() else []


def make_machine(folder: Path) -> Machine:
    """A machine with setup.sh and the stand-ins, in an empty folder."""
    machine = Machine(folder)
    tools = folder / "tools"
    for made in (tools, machine.project):
        made.mkdir()
    for name in REAL_TOOLS:
        (tools / name).symlink_to(shutil.which(name) or name)
    scripts = {tools / name: body for name, body in STAND_INS.items()} | {folder / "venv-python": VENV_PYTHON}
    for path, body in scripts.items():
        path.write_text(f"#!/bin/sh\n{body}\n")
        path.chmod(0o755)
    for name in ("setup.sh", "pyproject.toml"):
        shutil.copy(ROOT / name, machine.project)
    return machine
