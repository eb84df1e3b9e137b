"""Sessions made, saved and opened for tests."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from pytestqt.qtbot import QtBot

from gmm_desktop.data import SAMPLES, Dataset, MixtureGenerator
from gmm_desktop.mixture import FitEnding, FitHistory, FitSettings, Mixture
from gmm_desktop.session import Session
from gmm_desktop.session.archive import Opened, open_session, save_session
from gmm_desktop.session.pace import MAXIMUM
from gmm_desktop.session.work import take_work, work_now

Begin = Callable[..., Session]
GROUPS = MixtureGenerator(
    (0.5, 0.3, 0.2),
    ((0.0, 0.0), (3.0, 1.0), (-1.0, 4.0)),
    (((1.0, 0.3), (0.3, 0.8)), ((0.7, -0.2), (-0.2, 1.1)), ((1.2, 0.0), (0.0, 0.5))),
)


def begun(qtbot: QtBot, dataset: Dataset, start: Mixture | None = None, **settings: Any) -> Session:
    session = Session(dataset, FitSettings(**{"components": 3, **settings}), start)
    session.set_rate(MAXIMUM)
    qtbot.waitUntil(lambda: session.state.run.ready or session.state.run.settings.restarts > 1, timeout=20_000)
    return session


def step(session: Session, qtbot: QtBot, times: int) -> None:
    for _ in range(times):
        last = session.state.run.last
        session.step()
        qtbot.waitUntil(lambda last=last: session.state.run.last > last, timeout=30_000)  # type: ignore[misc]


def to_the_end(session: Session, qtbot: QtBot) -> None:
    session.to_end()
    qtbot.waitUntil(lambda: bool(session.state.run.outcome) and not session.is_running, timeout=60_000)


def kept(session: Session, path: Path, views: dict[str, Any] | None = None) -> Opened:
    """The session saved and opened again."""
    save_session(path, work_now(session), views or {})
    return open_session(path)


def opened_in_another(qtbot: QtBot, opened: Opened) -> Session:
    other = Session(SAMPLES["two-groups"].load(), FitSettings())
    qtbot.waitUntil(lambda: other.state.run.ready)
    take_work(other, opened.work)
    return other


def assert_same_history(a: FitHistory, b: FitHistory) -> None:
    """To the last bit."""
    assert len(a) == len(b)
    assert (a.every, a.run, a._pinned, a._events) == (b.every, b.run, b._pinned, b._events)
    for name in ("log_likelihoods", "weights", "means", "covariances"):
        one, other = getattr(a.trace(), name), getattr(b.trace(), name)
        assert one.tobytes() == other.tobytes(), name
    np.testing.assert_array_equal(a.kept, b.kept)
    if len(a):
        for name in ("weights", "means", "covariances", "cholesky"):
            assert getattr(a.mixture, name).tobytes() == getattr(b.mixture, name).tobytes()
        for t in a.kept[:: max(len(a.kept) // 7, 1)].tolist():
            np.testing.assert_array_equal(a.counts_at(t), b.counts_at(t))


def assert_same_ending(a: FitEnding | None, b: FitEnding | None) -> None:
    assert (a is None) == (b is None)
    if a is None or b is None:
        return
    for name in ("outcome", "messages", "run", "rule", "still_to_gain"):
        assert getattr(a, name) == getattr(b, name), name
    for one, other in zip(a.maxima, b.maxima, strict=True):
        assert (one.log_likelihood, one.reached, one.regular) == (other.log_likelihood, other.reached, other.regular)
        assert one.mixture.means.tobytes() == other.mixture.means.tobytes()
