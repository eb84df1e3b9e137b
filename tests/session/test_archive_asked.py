"""What a person was asked, and was about to say, comes back from a session as it was."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from gmm_desktop.data import SAMPLES, DataError
from gmm_desktop.session import Session
from gmm_desktop.session.archive import open_session
from gmm_desktop.session.questions import Hall, Tally, question
from tests.session.saving import begun, kept, opened_in_another, step

Change = Callable[[dict[str, Any]], object]


@pytest.fixture
def session(qtbot: QtBot) -> Iterator[Session]:
    """Old Faithful after three iterations."""
    session = begun(qtbot, SAMPLES["faithful"].load(), components=2)
    step(session, qtbot, 3)
    yield session
    session.close()


def asked_hall(session: Session) -> Hall:
    """A point is asked about before the E-step, two hands are up, and one question was answered before."""
    session.show_iteration(2)
    before = question(session.snapshot())
    session.half_step()
    now = question(session.snapshot())
    assert before is not None
    assert now is not None
    assert (before.before, now.before) == ("M", "E")
    return Hall(True, now, (1, 2, 0), tally=Tally().with_answer(before, (3, 4, 5)))


def test_a_guess_comes_back_and_is_revealed_as_it_would_have_been(
    session: Session, qtbot: QtBot, tmp_path: Path
) -> None:
    session.predict(1)
    session.move_guess((3.25, 71.5))
    second = opened_in_another(qtbot, kept(session, tmp_path / "a.gmm"))
    try:
        assert second.mode == "guessing"
        assert second.guess == session.guess
        for one in (session, second):
            one.predict()
            qtbot.waitUntil(lambda one=one: one.state.frame.phase == "M")  # type: ignore[misc]
            assert one.guess is not None
        assert second.guess == session.guess
        third = opened_in_another(qtbot, kept(second, tmp_path / "b.gmm"))
        assert third.guess == session.guess, "revealed, it is still there"
        third.close()
    finally:
        second.close()


def test_what_a_hall_is_asked_and_its_hands_come_back(session: Session, qtbot: QtBot, tmp_path: Path) -> None:
    hall = asked_hall(session)
    session.note_hall(hall)
    second = opened_in_another(qtbot, kept(session, tmp_path / "a.gmm"))
    assert second.hall == hall
    second.close()


def _guess(**changes: object) -> Change:
    return lambda document: document["work"]["guess"].update(changes)


def _asked(**changes: object) -> Change:
    return lambda document: document["work"]["hall"]["question"].update(changes)


@pytest.mark.parametrize(
    "change",
    [
        _guess(component=9),
        _guess(iteration=2),
        _guess(place=[1.0]),
        _guess(place=[1.0, {"float": "nan"}]),
        _guess(run=7),
        _asked(right=3),
        _asked(point=10**9),
        _asked(point=None),
        _asked(amounts=[0.5]),
        _asked(before="both"),
        lambda document: document["work"]["hall"].update(hands=[1, -2, 3]),
        lambda document: document["work"]["hall"].update(answered=True, question=None),
    ],
)
def test_what_nobody_could_have_asked_is_refused(session: Session, tmp_path: Path, change: Change) -> None:
    session.note_hall(asked_hall(session))
    session.half_step()
    session.predict(0)
    assert session.guess is not None
    kept(session, tmp_path / "a.gmm")
    rewrite(tmp_path / "a.gmm", change)
    with pytest.raises(DataError, match="is no session that can be opened"):
        open_session(tmp_path / "a.gmm")


def test_a_file_of_version_1_which_knew_nothing_of_it_still_opens(session: Session, tmp_path: Path) -> None:
    kept(session, tmp_path / "a.gmm")

    def older(document: dict[str, Any]) -> None:
        document["version"] = 1
        for name in ("painted", "guess", "hall"):
            del document["work"][name]

    rewrite(tmp_path / "a.gmm", older)
    work = open_session(tmp_path / "a.gmm").work
    assert (work.guess, work.hall, work.painted) == (None, Hall(), ())
    assert work.state.run.last == 3


def rewrite(path: Path, change: Change) -> None:
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    document = json.loads(members["session.json"])
    change(document)
    members["session.json"] = json.dumps(document).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
