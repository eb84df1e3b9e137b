"""Backwards, and round and round: which frames are shown, with the real worker thread."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from gmm_desktop.data import SAMPLES
from gmm_desktop.mixture import FitSettings
from gmm_desktop.session import Session, walk
from gmm_desktop.session.pace import MAXIMUM

Frames = list[tuple[int, str]]


@pytest.fixture
def session(qtbot: QtBot) -> Iterator[Session]:
    """A fit of six iterations, played to its end."""
    made = Session(SAMPLES["faithful"].load(), FitSettings(components=2, seed=3, max_iterations=6))
    made.set_rate(MAXIMUM)
    qtbot.waitUntil(lambda: made.state.run.ready, timeout=5000)
    made.play()
    qtbot.waitUntil(lambda: made.snapshot().activity == "paused", timeout=10_000)
    assert made.snapshot().iteration == 6
    yield made
    made.close()


def watched(session: Session) -> Frames:
    """Every frame that is shown from now on."""
    frames: Frames = []

    def add(snapshot: object) -> None:
        now = (session.state.frame.iteration, session.state.frame.phase)
        if not frames or frames[-1] != now:
            frames.append(now)

    session.changed.connect(add)
    return frames


def rest(session: Session, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: session.snapshot().activity == "paused", timeout=10_000)
    qtbot.wait(60)


def test_it_plays_backwards_to_the_start_and_rests_there(session: Session, qtbot: QtBot) -> None:
    frames = watched(session)
    session.set_rate(20.0)
    session.play_back()
    assert session.snapshot().backwards
    rest(session, qtbot)
    assert frames == [(6, "E"), (5, "E"), (4, "E"), (3, "E"), (2, "E"), (1, "E"), (0, "start")]
    assert not session.snapshot().backwards
    assert session.snapshot().last_iteration == 6


def test_from_the_start_it_plays_back_from_the_last_iteration(session: Session, qtbot: QtBot) -> None:
    session.show_iteration(0)
    frames = watched(session)
    session.set_rate(50.0)
    session.play_back()
    rest(session, qtbot)
    assert frames[0] == (6, "E")
    assert frames[-1] == (0, "start")


def test_slowly_the_colours_go_back_before_the_mixture(session: Session, qtbot: QtBot) -> None:
    session.show_iteration(2)
    frames = watched(session)
    session.set_rate(2.0)
    session.play_back()
    rest(session, qtbot)
    qtbot.waitUntil(lambda: frames[-1] == (0, "start"), timeout=2000)
    assert frames == [(2, "E"), (2, "M"), (1, "E"), (1, "M"), (0, "start")]


def test_from_a_half_step_it_first_finishes_the_half(session: Session, qtbot: QtBot) -> None:
    session.show_iteration(3)
    session.half_back()
    frames = watched(session)
    session.set_rate(10.0)
    session.play_back()
    rest(session, qtbot)
    assert frames == [(3, "M"), (2, "E"), (1, "E"), (0, "start")]


def test_it_turns_round_while_it_plays(session: Session, qtbot: QtBot) -> None:
    session.show_iteration(2)
    session.set_rate(10.0)
    session.play()
    qtbot.waitUntil(lambda: session.snapshot().iteration == 4, timeout=3000)
    session.play_back()
    rest(session, qtbot)
    assert session.snapshot().iteration == 0
    session.show_iteration(4)
    session.play_back()
    qtbot.waitUntil(lambda: session.snapshot().iteration == 3, timeout=3000)
    session.play()
    rest(session, qtbot)
    assert session.snapshot().iteration == 6


def test_pausing_stays_where_it_is(session: Session, qtbot: QtBot) -> None:
    session.set_rate(20.0)
    session.play_back()
    qtbot.waitUntil(lambda: session.snapshot().iteration == 4, timeout=3000)
    session.toggle_play()
    qtbot.wait(150)
    assert (session.snapshot().iteration, session.snapshot().activity) == (4, "paused")


@pytest.mark.parametrize(("backwards", "wrap"), [(False, [(6, "E"), (0, "start")]), (True, [(0, "start"), (6, "E")])])
def test_a_loop_goes_on_from_the_other_end(
    session: Session, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, backwards: bool, wrap: Frames
) -> None:
    monkeypatch.setattr(walk, "_HOLD", 0.1)
    session.show_iteration(3)
    session.toggle_loop()
    assert session.loops
    frames = watched(session)
    session.set_rate(50.0)
    (session.play_back if backwards else session.play)()
    qtbot.waitUntil(lambda: frames.count(wrap[0]) >= 2, timeout=5000)
    assert session.is_running
    there = frames.index(wrap[0])
    assert frames[there : there + 2] == wrap
    session.toggle_loop()
    rest(session, qtbot)
    assert (session.state.frame.iteration, session.state.frame.phase) == wrap[0]


def test_a_loop_goes_round_as_soon_as_the_run_has_ended(
    session: Session, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(walk, "_HOLD", 0.1)
    session.new_start()
    qtbot.waitUntil(lambda: session.state.run.ready, timeout=5000)
    session.toggle_loop()
    session.set_rate(50.0)
    frames = watched(session)
    session.play()
    last = session.state.run.settings.max_iterations
    qtbot.waitUntil(lambda: (last, "E") in frames and frames[-1] == (2, "E"), timeout=5000)
    assert frames[frames.index((last, "E")) + 1] == (0, "start")
    assert session.state.run.outcome
    session.pause()


def test_nothing_plays_backwards_where_only_the_start_is_known(session: Session, qtbot: QtBot) -> None:
    session.new_start()
    qtbot.waitUntil(lambda: session.state.run.ready, timeout=5000)
    session.play_back()
    assert session.snapshot().activity == "paused"
