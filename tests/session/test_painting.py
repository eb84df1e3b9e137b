"""Data that a person paints: the session's verbs, with the real worker."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from gmm_desktop.data import SAMPLES, dataset_from_array
from gmm_desktop.data.growing import memory_of
from gmm_desktop.data.painting import Canvas
from gmm_desktop.mixture import FitSettings
from gmm_desktop.session import Session, undo
from gmm_desktop.session.conditions import can_edit, can_paint, can_play, can_start
from gmm_desktop.session.pace import MAXIMUM

MORE = np.array([[2.0, 60.0], [4.0, 80.0], [5.0, 95.0]])


@pytest.fixture
def session(qtbot: QtBot) -> Iterator[Session]:
    made = Session(SAMPLES["faithful"].load(), FitSettings(components=2, seed=3))
    made.set_rate(MAXIMUM)
    qtbot.waitUntil(lambda: made.state.run.ready, timeout=5000)
    yield made
    made.close()


def ready(session: Session, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: session.state.run.ready, timeout=5000)


def size(session: Session) -> int:
    return session.state.run.dataset.size


def test_a_stroke_is_one_act_that_undo_names_and_takes_back(session: Session, qtbot: QtBot) -> None:
    session.to_end()
    qtbot.waitUntil(lambda: bool(session.snapshot().outcome), timeout=5000)
    session.show_iteration(4)
    before = session.state
    session.set_painting(True)
    session.paint(MORE, "painting 3 points")
    ready(session, qtbot)
    assert size(session) == 275
    np.testing.assert_array_equal(session.state.run.dataset.points[-3:], MORE)
    assert (session.snapshot().undo, session.mode) == ("painting 3 points", "painting")
    assert session.state.run.settings == before.run.settings
    assert session.state.run.history.mixture_at(0).n_components == 2
    session.undo()
    assert session.state.run.dataset is before.run.dataset
    assert (session.state.run.id, session.state.frame) == (before.run.id, before.frame)
    assert len(session.state.run.history) == len(before.run.history), "the run is as far as it was"
    session.redo()
    assert size(session) == 275


def test_each_stroke_of_several_goes_back_alone(session: Session) -> None:
    session.set_painting(True)
    session.paint(MORE, "painting 3 points")
    session.erase(np.array([0, 5]), "erasing 2 points")
    session.paint(MORE[:1], "painting 1 point")
    sizes = [size(session)]
    for _ in range(3):
        session.undo()
        sizes.append(size(session))
    assert sizes == [274, 273, 275, 272]


def test_points_come_in_the_order_of_the_shown_columns(session: Session) -> None:
    session.change_columns(session.state.run.dataset, (1, 0))
    session.set_painting(True)
    session.paint(MORE[:, ::-1], "painting 3 points")
    np.testing.assert_array_equal(session.state.run.dataset.points[-3:], MORE)
    assert session.state.columns == (1, 0)


def test_a_canvas_is_no_data_until_there_is_a_point(session: Session, qtbot: QtBot) -> None:
    before = session.state
    session.new_canvas(Canvas())
    shown = session.snapshot()
    assert shown.canvas is not None
    assert (shown.mixture, shown.counts, shown.truth, shown.log_likelihoods.size) == (None, None, None, 0)
    assert session.state is before, "nothing is lost behind it"
    for condition in (can_play, can_edit, can_start):
        assert "canvas is empty" in condition(shown)
    session.paint(np.array([[3.0, 4.0]]), "painting 1 point")
    assert (size(session), session.state.run.dataset.names) == (1, ("x", "y"))
    qtbot.waitUntil(lambda: session.snapshot().outcome == "failed", timeout=5000)
    assert session.snapshot().mixture is None, "no guess is made up for what cannot be fitted"
    assert "All points are the same" in session.snapshot().messages[0]


def test_undo_goes_back_to_the_empty_canvas_and_then_to_what_was_before(session: Session, qtbot: QtBot) -> None:
    before = session.state.run.id
    session.new_canvas(Canvas())
    assert session.snapshot().undo == "a new canvas"
    session.paint(MORE, "painting 3 points")
    session.undo()
    assert session.snapshot().canvas is not None
    session.redo()
    assert (session.snapshot().canvas, size(session), session.mode) == (None, 3, "painting")
    session.undo()
    session.undo()
    assert session.snapshot().canvas is None
    assert (session.state.run.id, size(session)) == (before, 272)


def test_components_wait_for_points_and_come_back_with_them(session: Session, qtbot: QtBot) -> None:
    session.change_settings(components=3)
    session.new_canvas(Canvas())
    counts = []
    for x in (1.0, 1.0, 4.0, 9.0, 9.5):
        session.paint(np.array([[x, x * x]]), "painting 1 point")
        counts.append(session.state.run.settings.components)
    assert counts == [1, 1, 2, 3, 3]
    session.erase(np.array([0, 1, 2]), "erasing 3 points")
    assert session.state.run.settings.components == 2
    session.change_settings(components=1)
    session.paint(MORE, "painting 3 points")
    assert session.state.run.settings.components == 1, "a person chose one"


def test_settings_chosen_on_an_empty_canvas_are_those_of_what_is_painted(session: Session) -> None:
    session.new_canvas(Canvas(("x",)))
    session.change_settings(components=3)
    assert session.snapshot().canvas is not None
    session.paint(np.linspace(0, 9, 30)[:, np.newaxis], "painting 30 points")
    assert (session.state.run.settings.components, session.state.columns) == (3, (0,))


def test_erasing_everything_leaves_an_empty_canvas_with_these_columns(session: Session) -> None:
    session.set_painting(True)
    session.erase(np.arange(272), "erasing 272 points")
    shown = session.snapshot()
    assert shown.canvas is not None
    assert (shown.canvas.names, shown.canvas.unit, shown.canvas.limits) == (("eruptions", "waiting"), "minutes", None)
    assert shown.undo == "erasing 272 points"
    session.undo()
    assert (size(session), session.snapshot().canvas, session.mode) == (272, None, "painting")


def test_what_plays_places_or_guesses_ends_the_painting(session: Session, qtbot: QtBot) -> None:
    for act in (session.play, lambda: session.set_editing(True), session.predict):
        session.pause()
        session.set_painting(True)
        session.paint(MORE, "painting 3 points")
        ready(session, qtbot)
        act()
        assert session.mode != "painting"
        session.restore()


def test_a_step_does_not_end_it(session: Session, qtbot: QtBot) -> None:
    session.set_painting(True)
    session.paint(MORE, "painting 3 points")
    ready(session, qtbot)
    session.step()
    qtbot.waitUntil(lambda: session.snapshot().iteration == 1, timeout=5000)
    assert session.mode == "painting"


def test_other_data_end_it(session: Session) -> None:
    session.set_painting(True)
    session.open(SAMPLES["galaxies"].load())
    assert session.mode == "watching"


def test_a_placed_start_stays_the_start(session: Session, qtbot: QtBot) -> None:
    placed = session.state.run.history.mixture_at(0)
    session.place(placed, "moving the mean of A")
    ready(session, qtbot)
    session.set_painting(True)
    session.paint(MORE, "painting 3 points")
    ready(session, qtbot)
    assert session.state.run.settings.initialization == "manual"
    np.testing.assert_array_equal(session.state.run.history.mixture_at(0).means, placed.means)


def test_a_start_from_labels_that_were_dropped_is_another_one(qtbot: QtBot) -> None:
    data = dataset_from_array(np.arange(8.0), labels=np.array([0, 0, 0, 0, 1, 1, 1, 1]))
    session = Session(data, FitSettings(initialization="labels"))
    session.set_painting(True)
    session.paint(np.array([[9.0]]), "painting 1 point")
    ready(session, qtbot)
    assert session.state.run.settings.initialization == "k-means++"
    session.close()


@pytest.mark.parametrize(
    ("points", "sentence"), [(np.eye(4), "4 columns are fitted"), (None, "Up to 1\u202f000\u202f000")]
)
def test_what_cannot_be_painted_is_said(qtbot: QtBot, points: np.ndarray | None, sentence: str) -> None:
    data = dataset_from_array(np.arange(1_000_001.0) if points is None else points)
    session = Session(data, FitSettings(components=1))
    assert sentence in can_paint(session.snapshot())
    session.new_canvas(Canvas())
    assert can_paint(session.snapshot()) == "", "painting can end"
    session.undo()
    assert session.mode == "watching"
    session.close()


def test_strokes_on_many_points_copy_none_of_them(session: Session) -> None:
    many = dataset_from_array(np.random.default_rng(1).normal(size=(50_000, 2)), ["x", "y"])
    session.open(many)
    session.set_painting(True)
    for stroke in range(12):
        session.paint(MORE + stroke, f"stroke {stroke}")
    memories = {memory_of(state.run.dataset.points) for state in session._acts._states()[2:]}
    assert len(memories) == 1
    assert sum(size for _, size in memories) < 2 * many.points.nbytes
    for stroke in reversed(range(12)):
        np.testing.assert_array_equal(session.state.run.dataset.points[50_000:][-3:], MORE + stroke)
        session.undo()
    assert session.state.run.dataset is many
    session.redo()
    session.redo()
    assert size(session) == 50_006


def test_the_oldest_erasing_strokes_are_forgotten_before_they_fill_the_memory(
    session: Session, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = dataset_from_array(np.random.default_rng(1).normal(size=(10_000, 2)), ["x", "y"])
    session.open(many)
    monkeypatch.setattr(undo, "MOST_BYTES", 6 * many.points.nbytes)
    session.set_painting(True)
    for stroke in range(20):
        session.erase(np.array([stroke]), f"erasing {stroke}")
    assert size(session) == 9_980
    back = 0
    while session.snapshot().undo:
        assert session.snapshot().undo == f"erasing {19 - back}"
        session.undo()
        back += 1
        assert size(session) == 9_980 + back
    assert 3 <= back <= 6
    assert len(session.state.runs) <= back + 1, "no run of forgotten data is kept"
    for _ in range(back):
        session.redo()
    assert size(session) == 9_980
    ready(session, qtbot)
    session.paint(MORE, "painting 3 points")
    assert size(session) == 9_983


def test_data_too_large_to_be_painted_on_forget_nothing(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    first = session.state.run.dataset
    monkeypatch.setattr(undo, "MOST_BYTES", 100 * first.points.nbytes)
    monkeypatch.setattr(undo, "MOST_PAINTED", 1000)
    session.open(dataset_from_array(np.random.default_rng(1).normal(size=(200_000, 2)), ["x", "y"]))
    session.open(first)
    session.set_painting(True)
    session.paint(MORE, "painting 3 points")
    session.undo()
    session.undo()
    session.undo()
    assert session.state.run.dataset is first
    assert not session.snapshot().undo


def test_a_stroke_on_a_plot_that_still_shows_other_columns_does_nothing(session: Session) -> None:
    session.set_painting(True)
    session.paint(MORE[:, :1], "painting 3 points")
    assert (size(session), session.snapshot().undo) == (272, "")
    session.new_canvas(Canvas(("x",)))
    session.paint(MORE, "painting 3 points")
    assert session.snapshot().canvas is not None
