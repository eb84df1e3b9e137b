"""Compressed files come with a session, or are named in it, as plain ones are."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from gmm_desktop.data import DataError, dataset_from_table
from gmm_desktop.data.readers import read_table
from gmm_desktop.session import Session
from gmm_desktop.session.archive_data import elsewhere, read_elsewhere
from tests.session.saving import begun, kept, opened_in_another


@pytest.fixture
def sessions() -> Iterator[list[Session]]:
    made: list[Session] = []
    yield made
    for session in made:
        session.close()


def test_a_compressed_file_comes_with_the_session(sessions: list[Session], qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "people.csv.gz"
    with gzip.open(path, "wt") as stream:
        stream.write("height;weight;name\n1,71;60;Ann\n1,8;81;Bob\n1,85;90,5;Cid\n")
    dataset = dataset_from_table(read_table(path))
    session = begun(qtbot, dataset, components=1)
    sessions.append(session)
    opened = kept(session, tmp_path / "a.gmm")
    path.unlink()
    table = opened.work.state.run.dataset.table
    assert opened.notes == ()
    assert table is not None
    assert dataset.table is not None
    assert [list(row) for row in table.text_rows()] == [list(row) for row in dataset.table.text_rows()]
    assert table.sha256 == dataset.table.sha256
    second = opened_in_another(qtbot, opened)
    sessions.append(second)
    assert kept(second, tmp_path / "b.gmm").work.state.run.dataset.table is not None, "saved once more"


def test_a_large_compressed_file_is_found_again(
    sessions: list[Session], qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "large.csv.gz"
    with gzip.open(path, "wt") as stream:
        stream.write("a,b,c\n" + "".join(f"{i % 7},{i % 5 + i / 10},row {i}\n" for i in range(50)))
    monkeypatch.setattr("gmm_desktop.session.archive_data.MOST_OF_A_FILE", 100)
    session = begun(qtbot, dataset_from_table(read_table(path)), components=2)
    sessions.append(session)
    stored = elsewhere(kept(session, tmp_path / "a.gmm").work.state.run.dataset)
    assert stored is not None
    assert read_elsewhere(stored, tmp_path).rows == 50
    with gzip.open(path, "wt") as stream:
        stream.write("a,b,c\n1,2,3\n")
    with pytest.raises(DataError, match="has changed since the session was saved"):
        read_elsewhere(stored, tmp_path)
