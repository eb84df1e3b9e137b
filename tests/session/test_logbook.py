"""The log rotates, tells no data, and disturbs nobody."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from gmm_desktop.data import DataError, dataset_from_table, read_table
from gmm_desktop.session import logbook
from gmm_desktop.session.places import state_folder


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    logbook.close()


def test_it_lies_in_the_folder_for_state(tmp_path: Path) -> None:
    logbook.log("One line.")
    assert logbook.path() == Path(os.environ["XDG_STATE_HOME"]) / "gmm-desktop" / "gmm-desktop.log"
    assert logbook.path().read_text("utf-8").rstrip().endswith("INFO One line.")


def test_a_relative_folder_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", "state")
    assert state_folder().is_absolute()


def test_it_rotates() -> None:
    for number in range(3000):
        logbook.log(f"{number} {'x' * 400}")
    files = sorted(state_folder().iterdir())
    assert [path.name for path in files] == ["gmm-desktop.log", *(f"gmm-desktop.log.{n}" for n in (1, 2, 3))]
    assert max(path.stat().st_size for path in files) <= 256_000
    assert "2999 x" in logbook.tail(3)


def test_a_cell_stays_out_of_it(tmp_path: Path) -> None:
    table = tmp_path / "patients.csv"
    rows = [*(f"patient {n},{n}" for n in range(40)), "O'Neill,a 'very' private word"]
    table.write_text("\n".join(["name,size", *rows, ""]))
    with pytest.raises(DataError) as refusal:
        dataset_from_table(read_table(table), ["size"])
    assert "private" in str(refusal.value)
    logbook.log_error(str(refusal.value))
    assert "private" not in logbook.tail()
    assert "'size'" in logbook.tail(), "names are told"


def test_the_message_of_an_exception_is_quoted_without_what_it_quotes() -> None:
    logbook.log_error("It failed.", "Traceback\n  File 'a.py', line 3\nValueError: could not convert 'secret' to float")
    assert "secret" not in logbook.tail()
    assert "ValueError: could not convert … to float" in logbook.tail()
    assert "File 'a.py', line 3" in logbook.tail()


def test_where_it_cannot_be_written_nothing_happens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    logbook.log("One line.")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "full"))
    logbook.path().parent.mkdir(parents=True)
    logbook.path().symlink_to("/dev/full")
    logbook.log("Another.")
    assert "Another" not in logbook.tail()
    assert capfd.readouterr().err == ""


def test_threads_write_whole_lines() -> None:
    threads = [threading.Thread(target=lambda: [logbook.log("abc " * 50) for _ in range(50)]) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    lines = logbook.path().read_text("utf-8").splitlines()
    assert len(lines) == 400
    assert all(line.endswith("abc " * 50) for line in lines)
