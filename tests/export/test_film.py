"""Films as files, read back by those who did not write them: Pillow's readers, and ffmpeg for its own."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from gmm_desktop.data import GivenUpError
from gmm_desktop.export import ExportError
from gmm_desktop.export.animations import (
    ANIMATIONS,
    animation,
    numbered_paths,
    numbered_pictures,
    order_of_drawing,
)
from gmm_desktop.export.film import Film, Picture
from gmm_desktop.export.mp4 import NO_ENCODER, find_encoder
from gmm_desktop.export.writing import write_together, write_whole

BLUE, ORANGE = (10, 85, 153), (229, 150, 50)
Pixels = NDArray[np.uint8]

needs_encoder = pytest.param(".mp4", marks=pytest.mark.skipif(not find_encoder(), reason="no ffmpeg here"))
EACH = [".gif", ".webp", needs_encoder]


def film(count: int, rate: float = 4.0) -> Film:
    return Film(64, 48, count, rate, ((255, 255, 255), BLUE, ORANGE))


def drawn(count: int) -> list[Pixels]:
    """A blue box that wanders over a faint slope, with an orange one that stays; red, green, blue."""
    frames = []
    for t in range(count):
        frame = np.full((48, 64, 3), 255, dtype=np.uint8)
        frame[30:] -= np.arange(64, dtype=np.uint8)[:, np.newaxis]
        frame[4:14, 4 + 3 * t : 14 + 3 * t] = BLUE
        frame[18:28, 40:60] = ORANGE
        frames.append(frame)
    return frames


def pictures_of(frames: list[Pixels], suffix: str) -> Iterator[Picture]:
    """As they come from the one who draws: blue, green, red, nothing."""
    order = order_of_drawing(ANIMATIONS.get(suffix), len(frames))
    return (np.insert(frames[i][..., ::-1], 3, 0, axis=2).tobytes() for i in order)


def made(frames: list[Pixels], suffix: str, rate: float = 4.0) -> bytes:
    about = film(len(frames), rate)
    return b"".join(animation(ANIMATIONS[suffix], about, pictures_of(frames, suffix)))


def shown(content: bytes, suffix: str, count: int, rate: float = 4.0) -> tuple[list[Pixels], list[float]]:
    """The frames of a file and how many seconds each is shown."""
    if suffix != ".mp4":
        image = Image.open(io.BytesIO(content))
        assert image.info["loop"] == 0, "for ever"
        frames, seconds = [], []
        for number in range(getattr(image, "n_frames", 1)):
            image.seek(number)
            frames.append(np.array(image.convert("RGB")))
            seconds.append(image.info["duration"] / 1000)
        return frames, seconds
    command = [find_encoder(), *["-v", "error", "-i", "-", "-f", "rawvideo", "-pix_fmt", "rgb24", "-r", "24", "-"]]
    decoded = subprocess.run(command, input=content, capture_output=True, check=True).stdout
    ticks = np.frombuffer(decoded, dtype=np.uint8).reshape(-1, 48, 64, 3)
    first = [round(t * 24 / rate) for t in range(count)]
    return [ticks[t + 1] for t in first], list(np.diff([*first, len(ticks)]) / 24)


@pytest.mark.parametrize("suffix", EACH)
def test_a_film_reads_back_frame_by_frame(suffix: str) -> None:
    frames = drawn(6)
    read, seconds = shown(made(frames, suffix), suffix, 6)
    assert len(read) == 6
    assert seconds == pytest.approx([0.25] * 5 + [2.0], abs=0.05)
    for wanted, got in zip(frames, read, strict=True):
        error = np.abs(wanted.astype(int) - got)
        assert error.mean() < 3
        if suffix != ".mp4":  # which keeps colours at half the size
            assert error.max() < 9
            for colour in (BLUE, ORANGE, (255, 255, 255)):
                exact = (wanted == colour).all(axis=2)
                assert (got[exact] == colour).all()


@pytest.mark.parametrize("suffix", [".gif", ".webp"])
def test_frames_that_do_not_differ_are_frames_all_the_same(suffix: str) -> None:
    read, seconds = shown(made([drawn(1)[0]] * 3, suffix), suffix, 3)
    assert len(read) == 3
    assert seconds == [0.25, 0.25, 2.0]
    assert (read[0] == read[2]).all()


@pytest.mark.parametrize("suffix", EACH)
def test_a_film_may_have_one_frame(suffix: str) -> None:
    read, _ = shown(made(drawn(1), suffix), suffix, 1)
    assert np.abs(read[0].astype(int) - drawn(1)[0]).mean() < 3


def test_more_colours_than_a_palette_holds_come_out_nearly() -> None:
    across, down = np.meshgrid(np.arange(64), np.arange(48))
    frame = np.stack([4 * across, 5 * down, (across + down) * 2], axis=2).astype(np.uint8)
    frame[:8, :8] = BLUE
    (read,), _ = shown(made([frame], ".gif"), ".gif", 1)
    assert (read[:8, :8] == BLUE).all()
    assert np.abs(frame.astype(int) - read).mean() < 12


@pytest.mark.parametrize("rate", [0.5, 3.0, 7.0, 30.0, 60.0])
def test_roundings_do_not_add_up(rate: float) -> None:
    about = film(100, rate)
    milliseconds = about.durations(1)
    assert sum(milliseconds) == pytest.approx(about.seconds * 1000, abs=1)
    hundredths = about.durations(10, 2)
    assert min(hundredths) >= 2
    if rate <= 30:
        assert sum(hundredths) == pytest.approx(about.seconds * 100, abs=1)


def test_without_an_encoder_mp4_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gmm_desktop.export.mp4.find_encoder", lambda: "")
    assert ANIMATIONS[".mp4"].missing() == NO_ENCODER
    assert "pip install 'gmm-desktop[mp4]'" in NO_ENCODER
    with pytest.raises(ExportError, match="not installed"):
        made(drawn(2), ".mp4")


def test_an_encoder_is_looked_for_in_its_package_and_then_on_the_path(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "imageio_ffmpeg", None)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_encoder() == ""
    own = tmp_path / "ffmpeg"
    own.write_text("#!/bin/sh\n")
    own.chmod(0o755)
    assert find_encoder() == str(own)


@pytest.mark.skipif(not Path("/bin/sh").exists(), reason="needs a shell")
def test_an_encoder_that_fails_is_quoted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    broken = tmp_path / "ffmpeg"
    broken.write_text("#!/bin/sh\necho Unknown encoder libx264 >&2\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setattr("gmm_desktop.export.mp4.find_encoder", lambda: str(broken))
    with pytest.raises(ExportError, match=r"could not be encoded: Unknown encoder libx264\."):
        made(drawn(40), ".mp4")


@pytest.mark.parametrize("suffix", EACH)
def test_a_film_that_is_given_up_leaves_nothing(suffix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    told: list[float] = []

    def tell(share: float) -> None:
        told.append(share)
        if share >= 0.5:
            raise GivenUpError

    content = animation(ANIMATIONS[suffix], film(6), pictures_of(drawn(6), suffix), tell)
    with pytest.raises(GivenUpError):
        write_whole(tmp_path / f"run{suffix}", content)
    assert told == pytest.approx([0, 1 / 6, 2 / 6, 3 / 6])
    assert list(tmp_path.iterdir()) == []


def test_numbered_pictures_are_png_files_without_loss(tmp_path: Path) -> None:
    frames = drawn(3)
    write_together(list(numbered_pictures(tmp_path / "run.png", film(3), pictures_of(frames, ".png"))))
    names = ["run-0001.png", "run-0002.png", "run-0003.png"]
    assert sorted(path.name for path in tmp_path.iterdir()) == names
    for name, frame in zip(names, frames, strict=True):
        assert (np.array(Image.open(tmp_path / name)) == frame).all()


def test_none_of_the_numbered_pictures_is_there_before_all_are(tmp_path: Path) -> None:
    def tell(share: float) -> None:
        if share > 0.5:
            raise GivenUpError

    (tmp_path / "run-0001.png").write_bytes(b"old")
    with pytest.raises(GivenUpError):
        write_together(list(numbered_pictures(tmp_path / "run.png", film(3), pictures_of(drawn(3), ".png"), tell)))
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"old"]


def test_numbers_have_as_many_digits_as_the_last_one() -> None:
    assert numbered_paths("a/b.run.png", 2)[1] == Path("a/b.run-0002.png")
    assert numbered_paths("run.png", 12_345)[0] == Path("run-00001.png")
