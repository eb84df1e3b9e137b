"""A session comes back from its file with the same runs, the same acts and the same bits."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from gmm_desktop.data import (
    GENERATORS,
    SAMPLES,
    DataError,
    Dataset,
    dataset_from_array,
    dataset_from_table,
    with_columns,
)
from gmm_desktop.data.readers import read_table, read_text
from gmm_desktop.mixture import FitSettings, Mixture, fit
from gmm_desktop.session import Session
from gmm_desktop.session.archive import open_session
from gmm_desktop.session.archive_data import MOST_OF_A_FILE, elsewhere, read_elsewhere
from gmm_desktop.session.rest import joined, take_datasets
from gmm_desktop.session.work import take_work, work_now
from tests.session.saving import (
    GROUPS,
    assert_same_ending,
    assert_same_history,
    begun,
    kept,
    opened_in_another,
    step,
    to_the_end,
)


@pytest.fixture
def sessions() -> Iterator[list[Session]]:
    made: list[Session] = []
    yield made
    for session in made:
        session.close()


@pytest.mark.parametrize(
    ("data", "settings", "played"),
    [
        (SAMPLES["faithful"].load(), {"seed": 3}, 9),
        (SAMPLES["faithful"].load(), {"acceleration": "squarem"}, 7),
        (SAMPLES["faithful"].load(), {"restarts": 6, "components": 4}, 4),
        (SAMPLES["faithful"].load(), {"components": 12, "collapse": "restart", "variance_floor": 1e-3}, 30),
        (GROUPS.of_size(60_000).dataset(5), {"components": 4}, 6),
        (GROUPS.of_size(60_000).dataset(5), {"acceleration": "squarem"}, 5),
        (replace(SAMPLES["faithful"].load(), sample_weight=np.linspace(0.5, 2, 272)), {"covariance": "tied"}, 8),
    ],
    ids=["plain", "squarem", "race", "relocations", "summary", "squarem and summary", "weights"],
)
def test_going_on_takes_the_way_that_the_fit_would_have_taken(
    sessions: list[Session], qtbot: QtBot, tmp_path: Path, data: Dataset, settings: dict[str, Any], played: int
) -> None:
    first = begun(qtbot, data, **settings)
    sessions.append(first)
    step(first, qtbot, played)
    opened = kept(first, tmp_path / "a.gmm")
    assert_same_history(first.state.run.history, opened.work.state.run.history)
    second = opened_in_another(qtbot, opened)
    sessions.append(second)
    to_the_end(second, qtbot)
    whole = fit(data.points, first.state.run.settings, sample_weight=data.sample_weight)  # never interrupted
    found = second.state.run.history
    assert len(found) == len(whole) > played + 1
    for name in ("log_likelihoods", "weights", "means", "covariances"):
        assert getattr(found.trace(), name).tobytes() == getattr(whole.trace(), name).tobytes()
    ending = second.state.run.ending
    assert ending is not None
    assert whole.ending is not None
    assert (ending.outcome, ending.messages, ending.run) == (whole.outcome, whole.messages, whole.ending.run)
    assert [m.log_likelihood for m in ending.maxima] == [m.log_likelihood for m in whole.maxima]


def test_a_run_taken_up_again_goes_on_as_it_would_have(sessions: list[Session], qtbot: QtBot, tmp_path: Path) -> None:
    """Shown again after another run, it had begun anew at its last iteration: twice saved, it still does."""
    first = begun(qtbot, SAMPLES["faithful"].load(), acceleration="squarem", components=4)
    sessions.append(first)
    step(first, qtbot, 5)
    first.new_start()
    first.show_run(1)
    step(first, qtbot, 6)
    again = opened_in_another(qtbot, kept(first, tmp_path / "a.gmm"))
    third = opened_in_another(qtbot, kept(again, tmp_path / "b.gmm"))
    sessions.extend([again, third])
    assert third.state.run.taken_up == 5
    to_the_end(first, qtbot)
    to_the_end(third, qtbot)
    assert_same_history(first.state.run.history, third.state.run.history)


def test_everything_comes_back(sessions: list[Session], qtbot: QtBot, tmp_path: Path) -> None:
    first = begun(qtbot, SAMPLES["iris"].load(), restarts=4, components=3)
    sessions.append(first)
    first.change_columns(first.state.run.dataset, (2, 3))
    to_the_end(first, qtbot)
    first.name_run(1, "the best of four")
    first.show_iteration(2)
    first.half_step()
    first.begin_branch()
    qtbot.waitUntil(lambda: first.state.run.ready)
    step(first, qtbot, 3)
    first.change_settings(components=5)  # its starts have not raced yet
    qtbot.waitUntil(lambda: len(first.state.run.history) == 1)
    first.delete_run(3)
    first.undo()
    first.open(SAMPLES["faithful"].load())
    first.undo()
    first.compare(1)
    first.show_run(2)
    first.half_back()
    first.select(1)
    first.set_rate(20.0)
    first.toggle_loop()

    second = opened_in_another(qtbot, kept(first, tmp_path / "a.gmm"))
    sessions.append(second)
    a, b = first.snapshot(), second.snapshot()
    same = ("columns", "settings", "run", "frame", "stop_iteration", "outcome", "selected", "undo", "redo", "runs")
    for name in same:
        assert getattr(a, name) == getattr(b, name), name
    assert a.dataset.points.tobytes() == b.dataset.points.tobytes()
    assert b.other is not None
    assert a.other is not None
    assert a.other.words == b.other.words
    assert (first.rate, first.loops) == (second.rate, second.loops)
    for one, other in zip(first.state.runs, second.state.runs, strict=True):
        assert (one.id, one.name, one.deleted, one.parent, one.settings) == (
            other.id, other.name, other.deleted, other.parent, other.settings,
        )  # fmt: skip
        assert one.ready == other.ready
        if one.ready:  # else its start is made once more
            assert_same_history(one.history, other.history)
        assert_same_ending(one.ending, other.ending)
    while first.snapshot().undo:
        assert first.snapshot().undo == second.snapshot().undo
        first.undo()
        second.undo()
        assert (first.state.run.id, first.state.frame, first.state.run.settings) == (
            second.state.run.id, second.state.frame, second.state.run.settings,
        )  # fmt: skip


def test_a_draft_and_a_start_by_hand_come_back(sessions: list[Session], qtbot: QtBot, tmp_path: Path) -> None:
    start = Mixture([0.25, 0.75], [[2.0, 50.0], [4.0, 80.0]], [[[0.2, 0.1], [0.1, 30.0]]] * 2)
    first = begun(qtbot, SAMPLES["faithful"].load(), start, components=2, initialization="manual")
    sessions.append(first)
    first.set_editing(True)
    draft = Mixture([0.5, 0.5], [[2.5, 55.0], [4.0, 81.0]], [[[0.2, 0.1], [0.1, 30.0]]] * 2)
    first.sketch(draft, "moving A", "mean of A at (2.5, 55)")
    second = opened_in_another(qtbot, kept(first, tmp_path / "a.gmm"))
    sessions.append(second)
    snapshot = second.snapshot()
    assert snapshot.draft is not None
    assert (snapshot.mode, snapshot.draft.name, snapshot.draft.words) == (
        "editing", "moving A", "mean of A at (2.5, 55)",
    )  # fmt: skip
    assert snapshot.draft.mixture.means.tobytes() == draft.means.tobytes()
    assert second.state.run.start is not None
    assert second.state.run.start.cholesky.tobytes() == start.cholesky.tobytes()


@pytest.mark.parametrize("name", list(GENERATORS))
def test_every_generator_comes_back(sessions: list[Session], qtbot: QtBot, tmp_path: Path, name: str) -> None:
    dataset = GENERATORS[name]().dataset(7, "drawn")
    session = begun(qtbot, dataset, components=1)
    sessions.append(session)
    found = kept(session, tmp_path / "a.gmm").work.state.run.dataset
    assert found.generator == dataset.generator
    assert type(found.generator) is GENERATORS[name]
    assert found.points.tobytes() == dataset.points.tobytes()
    assert (found.seed, found.names, found.source) == (7, dataset.names, "drawn")
    if dataset.labels is None:
        assert found.labels is None
        return
    assert found.labels is not None
    np.testing.assert_array_equal(found.labels, dataset.labels)
    assert found.labels.dtype == np.intp


def test_a_small_file_comes_with_the_session(sessions: list[Session], qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("name;height;weight;sex\nAnn;1,71;60;f\nBob;;81;m\nCid;1,85;90,5;m\nDot;1,6;55;f\n")
    dataset = dataset_from_table(read_table(path), ("height", "weight"), labels="sex")
    session = begun(qtbot, dataset, components=1)
    sessions.append(session)
    opened = (save := tmp_path / "far" / "a.gmm", save.parent.mkdir(), kept(session, save))[-1]
    path.unlink()
    found = open_session(save).work.state.run.dataset
    assert opened.notes == ()
    assert found.table is not None
    assert dataset.table is not None
    assert list(found.table.text_rows()) == list(dataset.table.text_rows())
    assert with_columns(found, ["weight"]).points.tobytes() == with_columns(dataset, ["weight"]).points.tobytes()
    for field in fields(Dataset):
        if field.name not in ("table", "truth"):
            np.testing.assert_equal(getattr(found, field.name), getattr(dataset, field.name))


def test_text_from_the_clipboard_and_a_bundled_set_keep_their_tables(
    sessions: list[Session], qtbot: QtBot, tmp_path: Path
) -> None:
    pasted = dataset_from_table(read_text("a\tb\tc\n1\t2\tx\n3\t4.5\ty\n5\t7\tz\n"))
    for dataset in (pasted, SAMPLES["iris"].load()):
        session = begun(qtbot, dataset, components=1)
        sessions.append(session)
        found = kept(session, tmp_path / "a.gmm").work.state.run.dataset
        assert found.table is not None
        assert dataset.table is not None
        assert list(found.table.text_rows()) == list(dataset.table.text_rows())


def test_columns_chosen_from_generated_points_and_runs_of_the_same_data_stay_together(
    sessions: list[Session], qtbot: QtBot, tmp_path: Path
) -> None:
    dataset = GROUPS.dataset(2)
    session = begun(qtbot, dataset)
    sessions.append(session)
    session.change_columns(with_columns(dataset, ["y"]))
    qtbot.waitUntil(lambda: session.state.run.ready)
    session.new_start()
    qtbot.waitUntil(lambda: session.state.run.ready)
    one, two, three = kept(session, tmp_path / "a.gmm").work.state.runs
    assert two.dataset is three.dataset
    assert two.dataset.whole is one.dataset
    assert two.dataset.available_columns == ("x", "y")
    with zipfile.ZipFile(tmp_path / "a.gmm") as archive:
        sizes = [info.file_size for info in archive.infolist()]
    assert sum(size > 300 * 16 for size in sizes) <= 2  # the document, and the points once


def test_a_large_file_is_named_and_read_only_when_that_is_wanted(
    sessions: list[Session], qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "large.csv"
    path.write_text("a,b,c\n" + "".join(f"{i % 7},{i % 5 + i / 10},row {i}\n" for i in range(50)))
    monkeypatch.setattr("gmm_desktop.session.archive_data.MOST_OF_A_FILE", 100)
    dataset = dataset_from_table(read_table(path))
    session = begun(qtbot, dataset, components=2)
    sessions.append(session)
    step(session, qtbot, 3)
    opened = kept(session, tmp_path / "a.gmm")
    found = opened.work.state.run.dataset
    assert found.table is None
    assert found.points.tobytes() == dataset.points.tobytes()
    stored = elsewhere(found)
    assert stored is not None
    assert (stored.beside, stored.content, stored.source) == ("large.csv", None, "large.csv")

    # Saved once more without it, it is still named; moved with the session, it is found.
    take_work(session, opened.work)
    (tmp_path / "moved").mkdir()
    again = kept(session, tmp_path / "a.gmm")
    assert elsewhere(again.work.state.run.dataset) is not None
    path.rename(tmp_path / "moved" / "large.csv")
    table = read_elsewhere(stored, tmp_path / "moved")
    take_datasets(session, joined(session_datasets(session), table, stored))
    assert session.state.run.dataset.table is table
    assert session.state.run.last == 3
    step(session, qtbot, 1)

    (tmp_path / "moved" / "large.csv").write_text("a,b,c\n1,2,x\n")
    with pytest.raises(DataError, match="has changed"):
        read_elsewhere(stored, tmp_path / "moved")
    assert MOST_OF_A_FILE == 64 * 2**20


def session_datasets(session: Session) -> list[Dataset]:
    return work_now(session).work.datasets()


def test_a_thinned_history_comes_back_and_is_thinned_on_alike(
    sessions: list[Session], qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gmm_desktop.mixture.history.MOST_BYTES", 64 * 200)
    first = begun(qtbot, SAMPLES["faithful"].load(), components=6, tolerance=1e-13, max_iterations=700)
    sessions.append(first)
    first.to_end()
    qtbot.waitUntil(lambda: first.state.run.last > 300, timeout=20_000)
    first.pause()
    qtbot.wait(50)
    assert first.state.run.history.every > 1
    second = opened_in_another(qtbot, kept(first, tmp_path / "a.gmm"))
    sessions.append(second)
    assert_same_history(first.state.run.history, second.state.run.history)
    for session in (first, second):
        to_the_end(session, qtbot)
    assert_same_history(first.state.run.history, second.state.run.history)


def test_the_file_is_plain_json_and_npz(sessions: list[Session], qtbot: QtBot, tmp_path: Path) -> None:
    session = begun(qtbot, dataset_from_array(np.array([[1.0, 2], [3, 5], [4, 4]]), ("a", "b")), components=1)
    sessions.append(session)
    kept(session, tmp_path / "a.gmm", {"curve": "gain"})
    with zipfile.ZipFile(tmp_path / "a.gmm") as archive:
        document = json.loads(archive.read("session.json"))
    assert (document["format"], document["version"], document["views"]) == ("gmm-desktop-session", 2, {"curve": "gain"})
    with np.load(tmp_path / "a.gmm", allow_pickle=False) as arrays:
        points = next(one for one in document["objects"] if one["is"] == "Dataset")["points"]["array"]
        np.testing.assert_array_equal(arrays[points.removesuffix(".npy")], [[1, 2], [3, 5], [4, 4]])
    again = open_session(tmp_path / "a.gmm")
    assert again.views == {"curve": "gain"}
    assert again.work.state.run.settings == FitSettings(components=1)
