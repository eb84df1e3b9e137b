"""Files that claim or unpack to far more than they hold are refused with a sentence, before memory is spent."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gmm_desktop.data import DataError, GivenUpError, ReadOptions, read_source, read_table
from gmm_desktop.data.readers import archive, child, isolated, limits
from gmm_desktop.data.readers.source import source_of_bytes
from tests.data.hostile_files import HOSTILE
from tests.data.made_files import NUMBERS, hdf5, made_files, xlsx, zipped

pytest.importorskip("pyarrow", reason="the extras are not installed")
pytest.importorskip("h5py", reason="the extras are not installed")
pytest.importorskip("flowio", reason="the extras are not installed")
pytest.importorskip("openpyxl", reason="what writes workbooks is not installed")

ROOT = Path(__file__).resolve().parents[2]
_MEASURE = """
import json, resource, sys
from gmm_desktop.data import DataError, dataset_from_table, read_table
import gmm_desktop.data.readers
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    said = f"read {read_table(sys.argv[1]).rows}"
except DataError as error:
    said = str(error)
most = [resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
print(json.dumps([said, (most[0] - before) * 1024, most[1] * 1024]))
"""
#: What a refusal says of each.
SAID = {
    "bomb.zip": "would unpack to 3.0 GB",
    "small_claim.zip": "damaged or forged",
    "overlapping.zip": "overlap",
    "million.zip": "more than 10000 files",
    "nested.zip": "no table that can be opened",
    "bomb.npz": "would unpack to 3.0 GB",
    "claim.npz": "would unpack to 149,011.6 GB",
    "claim.npy": "cut off",
    "bomb.xlsx": "would unpack to 200 MB",
    "lying_entry.xlsx": "damaged or forged",
    "far_cells.xlsx": "more memory",
    "laughs.xlsx": "entities",
    "everywhere.ods": "no workbook",
    "repeats.ods": "no workbook",
    "laughs.ods": "entities",
    "far_cells.xls": "more memory",
    "unwritten.h5": "would unpack to 14,901.2 GB",
    "one_chunk.h5": "would unpack to 74.5 GB",
    "giant_chunk.h5": "would unpack to 3.0 GB",
    "dictionary.parquet": "memory",
    "equal_rows.parquet": "would unpack to 457 MB",
    "events.fcs": "999,999,999,999 events",
    "channels.fcs": "99,999,999 channels",
    "packed.mat": "would unpack to 610 MB",
}


@pytest.mark.skipif(sys.platform != "linux", reason="the memory that a process took is asked of Linux")
@pytest.mark.parametrize("name", HOSTILE)
def test_it_is_refused_before_memory_is_spent(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(HOSTILE[name]())
    command = [sys.executable, "-c", _MEASURE, str(path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert not done.stderr, done.stderr[-1000:]
    said, here, apart = json.loads(done.stdout)
    assert SAID[name] in said
    assert name in said
    assert said.endswith(".")
    assert here < 2**29
    assert apart < 2**30


def test_every_hostile_file_has_its_sentence() -> None:
    assert SAID.keys() == HOSTILE.keys()


def test_what_hangs_is_given_up_and_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(isolated, "_SECONDS", 0.0)
    monkeypatch.setattr(isolated, "_SECONDS_A_MEGABYTE", 0.0)
    path = tmp_path / "sets.h5"
    path.write_bytes(hdf5(slow=NUMBERS))
    with pytest.raises(DataError, match="takes too long"):
        read_table(path)


def test_reading_apart_can_be_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(xlsx([[1.0, 2.0]] * 50))
    processes: list[subprocess.Popen[bytes]] = []

    def tell(share: float) -> None:
        if processes:
            raise GivenUpError

    class Seen(subprocess.Popen):  # type: ignore[type-arg]
        def __init__(self, *arguments: Any, **how: Any) -> None:
            super().__init__(*arguments, **how)
            processes.append(self)

    monkeypatch.setattr(isolated.subprocess, "Popen", Seen)
    with pytest.raises(GivenUpError):
        read_table(path, tell=tell)
    assert [process.returncode is not None for process in processes] == [True], "the process has ended"


def test_it_tells_how_far_it_is(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(xlsx([[float(i), 2.0] for i in range(9000)]))
    shares: list[float] = []
    read_table(path, tell=shares.append)
    assert shares == sorted(shares)
    assert shares[-1] == 1
    assert len(set(shares)) >= 4


def test_whatever_a_library_throws_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    class PanicException(BaseException):  # as a library in Rust throws, which is no Exception
        pass

    def panic(content: bytes, request: child.Request) -> None:
        raise PanicException("index out of bounds")

    monkeypatch.setattr("gmm_desktop.data.readers.fcs_file.unpack", panic)
    with pytest.raises(DataError, match=r"'a\.fcs' is damaged or of an unknown kind \(PanicException\)"):
        child.unpack("fcs", b"FCS3.0", child.Request("a.fcs"))


def test_a_preview_reads_a_small_workbook_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(xlsx([["a"], [1.0], [2.0]]))
    first = read_table(path)
    monkeypatch.setattr(isolated, "_ask", None)
    assert read_table(path, ReadOptions(header=False)).rows == first.rows + 1


@pytest.mark.parametrize("name", [name for name, _ in made_files()])
def test_a_file_that_is_cut_off_anywhere(name: str, tmp_path: Path) -> None:
    content = dict(made_files())[name]
    whole = read_source(source_of_bytes(content, name)).columns[1].values
    for share in (0.1, 0.5, 0.97):
        path = tmp_path / name
        path.write_bytes(content[: int(share * len(content))])
        found = None
        with contextlib.suppress(DataError):
            found = read_table(path).columns[1].values
        # In the workbook of the old kind all that is missing may be what fills up the last block.
        assert found is None or (name == "old.xls" and np.array_equal(found, whole))


def test_limits_grow_with_the_file_and_end() -> None:
    sizes = [0, 10**6, 10**8, 10**12]
    for limit in (limits.largest_numbers, limits.largest_text):
        assert [limit(size) for size in sizes] == sorted(limit(size) for size in sizes)
        assert limit(10**15) == limit(10**12) <= 4 * 1024**3


def test_entries_are_what_the_archive_holds() -> None:
    content = zipped({"a.csv": b"1,2\n" * 1000, "b/": b"", "c.csv": b""})
    found = archive.entries(content, "a.zip")
    assert [(entry.name, entry.size) for entry in found] == [("a.csv", 4000), ("c.csv", 0)]
    assert archive.unpacked(content, found[0], "a.zip", 4000) == b"1,2\n" * 1000
    with pytest.raises(DataError, match="would unpack"):
        archive.unpacked(content, found[0], "a.zip", 3999)
    locked = bytearray(content)
    locked[content.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(DataError, match="password"):
        archive.entries(bytes(locked), "a.zip")
