"""The run as a film, out of the real window."""

from __future__ import annotations

import threading
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtWidgets import QAbstractButton, QFileDialog
from pytestqt.qtbot import QtBot

from gmm_desktop.mixture import FitHistory, FitSettings, fit_steps
from gmm_desktop.session.snapshot import snapshot_at, snapshot_of
from gmm_desktop.session.timeline import Frame
from gmm_desktop.ui.film_view import FilmLook, FilmView, title
from gmm_desktop.ui.filming import plan_film
from gmm_desktop.ui.main_window import MainWindow
from gmm_desktop.ui.theme import DARK, LIGHT, component_colour
from tests.ui.driving import Open, action, find, run_to_the_end, wait_for_background
from tests.ui.showing import mixture, snapshot, two_groups

SMALL = FilmLook(480, 360)
LONG = ("--sample", "overlapping-groups", "--tolerance", "1e-300", "--max-iterations", "150")


class Choices:
    """What a person answers in the two dialogs."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> None:
        self._monkeypatch = monkeypatch
        self._qtbot = qtbot

    def export(self, window: MainWindow, path: Path, look: FilmLook = SMALL, halves: bool = False) -> None:
        self._qtbot.waitUntil(lambda: action(window, "file.export_animation").isEnabled())
        last = window.session.snapshot().last_iteration
        plan = plan_film(look, last, halves=halves, rate=4)
        self._monkeypatch.setattr("gmm_desktop.ui.animation_dialog.ask_for_film", lambda *_: plan)
        self._monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
        action(window, "file.export_animation").trigger()


@pytest.fixture
def choices(monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> Choices:
    return Choices(monkeypatch, qtbot)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "films").mkdir()
    return tmp_path / "films"


def frames_of(path: Path) -> list[np.ndarray]:
    frames = []
    with Image.open(path) as image:
        for number in range(getattr(image, "n_frames", 1)):
            image.seek(number)
            frames.append(np.array(image.convert("RGB")))
    return frames


def size_of(path: Path) -> tuple[int, int]:
    with Image.open(path) as image:
        return image.size


def count_of(frame: np.ndarray, colour: str) -> int:
    wanted = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    return int((frame == wanted).all(axis=2).sum())


def writing() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name.startswith("Writing")]


def wait_until_under_way(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: "%" in window.notices.text(), timeout=10_000)


@pytest.mark.parametrize("suffix", [".gif", ".webp"])
def test_the_film_of_a_run_has_a_frame_for_each_iteration(
    open_window: Open, qtbot: QtBot, folder: Path, choices: Choices, suffix: str
) -> None:
    window = open_window("--sample", "iris", "--components", "3")
    window.choose_theme("dark")
    run_to_the_end(window, qtbot)
    last = window.session.snapshot().last_iteration
    path = folder / f"run{suffix}"
    choices.export(window, path, FilmLook(480, 360, DARK))
    wait_for_background(window, qtbot)
    assert window.notices.text() == f"Wrote {last + 1} frames to {path}."
    frames = frames_of(path)
    assert len(frames) == last + 1
    assert all((a != b).any() for a, b in pairwise(frames))
    for c in range(3):
        colour = component_colour(DARK, c)
        assert count_of(frames[-1], colour) > 2 * count_of(frames[0], colour) > 0, "points are grey at the start"
    assert count_of(frames[0], DARK.card) > frames[0][..., 0].size / 2
    assert [each.name for each in folder.iterdir()] == [path.name]


def test_half_steps_have_frames_of_their_own(open_window: Open, qtbot: QtBot, folder: Path, choices: Choices) -> None:
    window = open_window("--max-iterations", "3")
    run_to_the_end(window, qtbot)
    choices.export(window, folder / "run.gif", halves=True)
    wait_for_background(window, qtbot)
    assert len(frames_of(folder / "run.gif")) == 2 * 4


def test_there_is_no_film_before_anything_has_run(open_window: Open, qtbot: QtBot) -> None:
    window = open_window()
    assert not action(window, "file.export_animation").isEnabled()
    assert "Nothing has run yet" in action(window, "file.export_animation").toolTip()
    action(window, "run.step").trigger()
    qtbot.waitUntil(lambda: action(window, "file.export_animation").isEnabled())


def test_cancel_half_way_leaves_nothing(open_window: Open, qtbot: QtBot, folder: Path, choices: Choices) -> None:
    window = open_window(*LONG)
    run_to_the_end(window, qtbot)
    choices.export(window, folder / "run.webp", FilmLook(1280, 720))
    wait_until_under_way(window, qtbot)
    assert writing()
    assert not (folder / "run.webp").exists(), "it takes its place when it is whole"
    find(window, QAbstractButton, "notice.button").click()
    qtbot.waitUntil(lambda: not writing(), timeout=5000)
    assert list(folder.iterdir()) == []
    assert window.notices.text() == ""
    choices.export(window, folder / "run.gif")
    wait_for_background(window, qtbot)
    assert len(frames_of(folder / "run.gif")) == window.session.snapshot().last_iteration + 1, "another can be made"


def test_closing_the_window_gives_a_film_up(open_window: Open, qtbot: QtBot, folder: Path, choices: Choices) -> None:
    window = open_window(*LONG)
    run_to_the_end(window, qtbot)
    choices.export(window, folder / "run.webp", FilmLook(1280, 720))
    wait_until_under_way(window, qtbot)
    window.close()
    qtbot.waitUntil(lambda: not writing(), timeout=5000)
    assert list(folder.iterdir()) == []


def test_a_film_is_finished_while_the_person_goes_on(
    open_window: Open, qtbot: QtBot, folder: Path, choices: Choices
) -> None:
    window = open_window("--max-iterations", "30", "--tolerance", "1e-300")
    run_to_the_end(window, qtbot)
    choices.export(window, folder / "run.webp", FilmLook(1280, 720))
    qtbot.waitUntil(lambda: bool(writing()))
    action(window, "run.new_start").trigger()
    action(window, "edit.undo").trigger()
    window.background.start("something else", lambda: None, lambda _: None, lambda _: None)
    qtbot.waitUntil(lambda: not writing(), timeout=20_000)
    frames = frames_of(folder / "run.webp")
    assert len(frames) == 31
    assert len({frame.tobytes() for frame in frames}) == 31


def test_many_points_are_counted_before_the_first_frame_is_taken(
    open_window: Open, qtbot: QtBot, folder: Path, choices: Choices
) -> None:
    rng = np.random.default_rng(1)
    points = np.concatenate([rng.normal(size=(150_000, 2)), rng.normal((8, 0), size=(150_000, 2))])
    np.save(folder / "many.npy", points)
    window = open_window(str(folder / "many.npy"), "--components", "2", "--max-iterations", "2")
    run_to_the_end(window, qtbot)
    choices.export(window, folder / "run.gif", FilmLook(640, 480, LIGHT))
    wait_for_background(window, qtbot)
    start, *others = frames_of(folder / "run.gif")
    assert count_of(start, LIGHT.points) > 3000
    for frame in others:
        assert count_of(frame, component_colour(LIGHT, 0)) > 600
        assert count_of(frame, component_colour(LIGHT, 1)) > 600


def test_numbered_pictures_ask_before_they_replace_others(
    open_window: Open, qtbot: QtBot, folder: Path, choices: Choices
) -> None:
    window = open_window("--max-iterations", "3", "--tolerance", "1e-300")
    run_to_the_end(window, qtbot)
    choices.export(window, folder / "run.png")
    wait_for_background(window, qtbot)
    names = [f"run-000{number}.png" for number in (1, 2, 3, 4)]
    assert sorted(path.name for path in folder.iterdir()) == names
    assert size_of(folder / names[0]) == (480, 360)
    for name in names:
        (folder / name).write_bytes(b"old")
    choices.export(window, folder / "run.png")
    assert window.notices.text() == "'run-0001.png' is there already, and 3 more."
    assert (folder / names[3]).read_bytes() == b"old"
    find(window, QAbstractButton, "notice.button").click()
    wait_for_background(window, qtbot)
    assert size_of(folder / names[3]) == (480, 360)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("run.avi", "'run.avi' was not written: end its name in .gif or .webp or .mp4 or .png."),
        ("run.mp4", "pip install 'gmm-desktop[mp4]'"),
        ("none/run.gif", "there is no folder"),
        ("none/run.png", "there is no folder"),
    ],
)
def test_what_cannot_be_written_is_one_sentence(
    open_window: Open,
    qtbot: QtBot,
    folder: Path,
    choices: Choices,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    said: str,
) -> None:
    monkeypatch.setattr("gmm_desktop.export.mp4.find_encoder", lambda: "")
    window = open_window()
    run_to_the_end(window, qtbot)
    choices.export(window, folder / name)
    wait_for_background(window, qtbot)
    qtbot.waitUntil(lambda: not writing(), timeout=5000)
    assert said in window.notices.text()
    assert list(folder.iterdir()) == []


def test_a_frame_that_cannot_be_drawn_ends_the_film_with_a_sentence(
    open_window: Open, qtbot: QtBot, folder: Path, choices: Choices, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, drawn = FilmView.draw, []

    def draw(view: FilmView, shown: object) -> bytes | None:
        drawn.append(shown)
        if len(drawn) > 6:
            raise MemoryError
        return real(view, shown)  # type: ignore[arg-type]

    monkeypatch.setattr(FilmView, "draw", draw)
    window = open_window()
    run_to_the_end(window, qtbot)
    choices.export(window, folder / "run.gif")
    wait_for_background(window, qtbot)
    assert "not enough memory" in window.notices.text()
    assert list(folder.iterdir()) == []


def test_titles_name_the_step_and_its_half() -> None:
    shown = snapshot(two_groups(), mixture([[-4, 0], [4, 0]]))
    assert title(shown) == "step: 1"
    assert title(snapshot(two_groups(), None, started=False)) == "step: 0"
    assert title(snapshot(two_groups(), mixture([[0, 0]]), phase="M", halves=True)) == "step: 1, M-step"


def test_the_curve_ends_at_the_shown_step(qtbot: QtBot) -> None:
    run = {
        "log_likelihoods": np.array([-900.0, -870.0, -850.0, -840.0, -835.0, -832.0]),
        "means": np.stack([np.array([[-4.0, 0.0], [4.0, 0.0]])] * 6),
        "last_iteration": 5,
        "stop_iteration": 5,
        "outcome": "converged",
    }
    shown = snapshot(two_groups(), mixture([[-4, 0], [4, 0]]), **run)
    view = FilmView(FilmLook(640, 480), waits=True)
    reaches = []
    for at in range(1, 6):
        picture = view.draw(replace(shown, iteration=at))
        assert picture is not None
        curve = np.frombuffer(picture, dtype=np.uint8).reshape(480, 640, 4)[365:415, 100:, :3]
        inked = (curve != 255).any(axis=2).any(axis=0)
        reaches.append(int(np.flatnonzero(inked).max()))
    view.close()
    steps = np.diff(reaches)
    assert steps.min() > 50
    np.testing.assert_allclose(steps, steps.mean(), rtol=0.1)


def test_type_for_a_hall_is_a_fortieth_of_the_height() -> None:
    assert FilmLook(1280, 720, hall=True).scale * 12 == pytest.approx(720 / 40)
    assert FilmLook(1280, 720).scale == 1
    assert FilmLook(2560, 1440).scale == 2
    assert FilmLook(480, 360).scale == 1


def test_a_film_of_no_size_is_refused(qtbot: QtBot) -> None:
    with pytest.raises(ValueError, match="cannot be made"):
        FilmView(FilmLook(0, 360), waits=True)


def test_the_m_step_is_shown_where_it_arrives(qtbot: QtBot) -> None:
    """No frame of a film is drawn while the components glide to their new places."""
    data, history = two_groups(), FitHistory()
    for step in fit_steps(data.points, FitSettings(2, max_iterations=1), start=mixture([[-1, 0], [1, 0]], 3.0)):
        history.append(step)
    run = snapshot_of(data, FitSettings(2), history, 1)
    frames = [snapshot_at(run, history, Frame(t, phase, halves=True)) for t, phase in ((0, "E"), (1, "M"))]
    view, alone = FilmView(SMALL, waits=True), FilmView(SMALL, waits=True)
    view.draw(frames[0])
    drawn, expected = view.draw(frames[1]), alone.draw(frames[1])
    view.close()
    alone.close()
    assert drawn == expected


def test_a_command_that_cannot_be_done_any_more_is_not(
    open_window: Open, qtbot: QtBot, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between an act and the next frame the buttons still show what could be done before it."""
    asked: list[object] = []
    monkeypatch.setattr("gmm_desktop.ui.animation_dialog.ask_for_film", lambda *given: asked.append(given))
    window = open_window()
    run_to_the_end(window, qtbot)
    window.session.change_settings(components=5)
    assert action(window, "file.export_animation").isEnabled()
    action(window, "file.export_animation").trigger()
    assert asked == []
    assert not action(window, "file.export_animation").isEnabled()
