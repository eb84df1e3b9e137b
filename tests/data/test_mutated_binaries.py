"""Random changes to small files of every kind: each is read, or refused with one sentence.

There is never a crash, a hang or a traceback.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from gmm_desktop.data import DataError, read_table
from tests.data.made_files import made_files
from tests.data.mutating import mutated

pytest.importorskip("pyarrow", reason="the extras are not installed")
pytest.importorskip("h5py", reason="the extras are not installed")
pytest.importorskip("flowio", reason="the extras are not installed")
pytest.importorskip("openpyxl", reason="what writes workbooks is not installed")

ROOT = Path(__file__).resolve().parents[2]
NAMES = [name for name, _ in made_files()]
SEED, LEAST = 6, 290  # changes of each file in an ordinary run: about four thousand in all
APART = {".xlsx", ".ods", ".xls", ".parquet", ".h5", ".fcs", ".mat"}


@pytest.fixture(scope="module")
def outcomes(request: pytest.FixtureRequest) -> dict[str, list[tuple[int, str]]]:
    """How each change of each file ended."""
    wanted = int(request.config.getoption("--mutations", default=None) or 0)
    count = max(LEAST, wanted // len(NAMES))
    command = [sys.executable, "-m", "tests.data.mutating", str(SEED), str(count)]
    environment = {**os.environ, "RUST_BACKTRACE": "0"}
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=3600, env=environment)
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, list[tuple[int, str]]] = {name: [] for name in NAMES}
    for name, index, ended in map(json.loads, done.stdout.splitlines()):
        found[name].append((index, ended))
    assert {len(ended) for ended in found.values()} == {count}
    return found


@pytest.mark.parametrize("name", NAMES)
def test_changed_files_are_read_or_refused(
    name: str, outcomes: dict[str, list[tuple[int, str]]], tmp_path: Path
) -> None:
    ended = Counter(how for _, how in outcomes[name])
    assert set(ended) <= ({"read", "refused", "died"} if Path(name).suffix in APART else {"read", "refused"})
    assert ended["refused"] > ended.total() / 20, "the changes do not reach what they should"
    # What ends a process is read in one of its own, so that the window lives on.
    content = dict(made_files())[name]
    for index in [index for index, how in outcomes[name] if how == "died"][:3]:
        path = tmp_path / name
        path.write_bytes(mutated(name, content, SEED, index))
        with pytest.raises(DataError) as refusal:
            read_table(path)
        assert "\n" not in str(refusal.value)
