"""What is being read may be dropped at any time; what is being written is finished unless a person cancels it."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from gmm_desktop.data import GivenUpError
from gmm_desktop.session.background import Background, Progress

How = Callable[[Background], None]


def _other_work(background: Background) -> None:
    background.start("other", lambda: None, lambda _: None, lambda _: None)


def _close(background: Background) -> None:
    background.leave()


def _cancel(background: Background) -> None:
    background.give_up()


@pytest.mark.parametrize(
    ("must_finish", "disturb", "finishes"),
    [
        (True, _other_work, True),
        (True, _close, True),
        (True, _cancel, False),
        (False, _other_work, False),
        (False, _close, False),
        (False, _cancel, False),
    ],
)
def test_what_ends_a_piece_of_work(qtbot: QtBot, must_finish: bool, disturb: How, finishes: bool) -> None:
    background, progress = Background(), Progress()
    ended: list[str] = []

    def work() -> None:
        try:
            for done in range(50):
                progress.tell(done / 50)
                time.sleep(0.01)
        except GivenUpError:
            ended.append("given up")
            raise
        ended.append("finished")

    background.start("work", work, lambda _: None, lambda _: None, progress=progress, must_finish=must_finish)
    qtbot.waitUntil(lambda: background.share > 0, timeout=2000)
    disturb(background)
    assert background.name != "work"
    qtbot.waitUntil(lambda: bool(ended), timeout=5000)
    assert ended == ["finished" if finishes else "given up"]
    qtbot.waitUntil(lambda: not background.name, timeout=2000)


@pytest.mark.parametrize("disturb", [_other_work, _cancel], ids=["other work", "cancelled"])
def test_what_could_not_be_written_is_told_though_other_work_has_begun(qtbot: QtBot, disturb: How) -> None:
    background, progress = Background(), Progress()
    told: list[str] = []

    def work() -> None:
        for done in range(20):
            progress.tell(done / 20)
            time.sleep(0.01)
        raise OSError("the disk is full")

    background.start("work", work, lambda _: None, lambda e: told.append(str(e)), progress=progress, must_finish=True)
    qtbot.waitUntil(lambda: background.share > 0, timeout=2000)
    disturb(background)
    qtbot.wait(400)
    assert told == (["the disk is full"] if disturb is _other_work else [])
