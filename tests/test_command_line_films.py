"""Films from the command line."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from gmm_desktop.command_line import main
from gmm_desktop.export.mp4 import find_encoder

RUN = ["--sample", "iris", "--components", "3", "--max-iterations", "6", "--tolerance", "1e-300"]


def film(name: str) -> tuple[list[np.ndarray], list[int]]:
    """The frames of a film that loops for ever, and how many milliseconds each is shown."""
    frames, milliseconds = [], []
    with Image.open(name) as image:
        assert image.info["loop"] == 0
        for number in range(getattr(image, "n_frames", 1)):
            image.seek(number)
            frames.append(np.array(image.convert("RGB")))
            milliseconds.append(image.info["duration"])
    return frames, milliseconds


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")


def test_several_films_and_more_of_one_run(capsys: pytest.CaptureFixture[str]) -> None:
    films = "--export-animation run.gif --export-animation run.WEBP"
    status = main([*RUN, *films.split(), *["--export-parameters", "fit.json", "--export-picture", "p.png"]])
    out, err = capsys.readouterr()
    assert (status, err) == (0, "")
    assert out.splitlines()[-4:] == ["Wrote run.gif", "Wrote run.WEBP", "Wrote fit.json", "Wrote p.png"]
    assert sorted(os.listdir()) == ["fit.json", "p.png", "run.WEBP", "run.gif"]
    for name in ("run.gif", "run.WEBP"):
        frames, milliseconds = film(name)
        assert [frame.shape for frame in frames] == [(720, 1280, 3)] * 7
        assert len({frame.tobytes() for frame in frames}) == 7
        assert milliseconds == [500] * 6 + [2000]
    assert json.loads(Path("fit.json").read_text())["result"]["iterations"] == 6


def test_a_long_run_says_how_much_of_it_is_shown(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gmm_desktop.session.film.film_steps.__defaults__", (0, 4))
    assert main([*RUN, "--export-animation", "run.gif"]) == 0
    out, _ = capsys.readouterr()
    assert out.splitlines()[-2:] == ["The film shows 4 of 7 steps.", "Wrote run.gif"]
    assert len(film("run.gif")[0]) == 4


@pytest.mark.skipif(not find_encoder(), reason="no ffmpeg here")
def test_an_mp4(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*RUN, "--export-animation", "run.mp4"]) == 0
    assert Path("run.mp4").read_bytes()[4:8] == b"ftyp"


@pytest.mark.parametrize(
    ("status", "name", "said"),
    [
        (2, "run.avi", "'.avi' is not a format; end the name in .gif .webp .mp4"),
        (2, "run", "its name has no suffix"),
        (1, "none/run.gif", "there is no folder 'none'"),
        (1, "run.mp4", "pip install 'gmm-desktop[mp4]'"),
    ],
)
def test_what_cannot_be_written_is_one_sentence(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, status: int, name: str, said: str
) -> None:
    monkeypatch.setattr("gmm_desktop.export.mp4.find_encoder", lambda: "")
    assert main([*RUN, "--export-parameters", "fit.json", "--export-animation", name]) == status
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert said in err
    assert os.listdir() == [], "nor is any other file written"


def test_a_film_that_is_interrupted_leaves_nothing(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from gmm_desktop.ui.film_view import FilmView

    real, drawn = FilmView.draw, []

    def draw(view: FilmView, shown: object) -> bytes | None:
        drawn.append(os.listdir())
        if len(drawn) > 6:
            raise KeyboardInterrupt
        return real(view, shown)  # type: ignore[arg-type]

    monkeypatch.setattr(FilmView, "draw", draw)
    assert main([*RUN, "--export-animation", "run.gif"]) == 130
    assert os.listdir() == []
    assert "run.gif" not in drawn[-1]


def test_colours_are_those_of_the_window(capsys: pytest.CaptureFixture[str]) -> None:
    from gmm_desktop.ui.theme import LIGHT, component_colour

    assert main(["--sample", "faithful", "--components", "2", "--export-animation", "run.gif"]) == 0
    pixels = film("run.gif")[0][-1].reshape(-1, 3)
    for colour in (component_colour(LIGHT, 0), component_colour(LIGHT, 1), LIGHT.card):
        wanted = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
        assert (pixels == wanted).all(axis=1).sum() > 500
    assert Path("run.gif").stat().st_size < 500_000
