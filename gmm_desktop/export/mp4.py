"""Films as MP4, by an encoder that is not part of the app: ffmpeg."""

from __future__ import annotations

import contextlib
import math
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from gmm_desktop.export.film import HOLD_SECONDS, Film, Picture
from gmm_desktop.export.report import ExportError

NO_ENCODER = (
    "An MP4 film needs an encoder that is not installed: get it with pip install 'gmm-desktop[mp4]', "
    "or choose .gif or .webp."
)
_LEAST_RATE = 24  # frames a second, under which some players stumble: each frame is shown several times
_PIECE = 1 << 20  # bytes


def find_encoder() -> str:
    """The path of an ffmpeg: that of the package imageio-ffmpeg, or the system's own; "" where there is none."""
    with contextlib.suppress(ImportError, RuntimeError):
        from imageio_ffmpeg import get_ffmpeg_exe

        return str(get_ffmpeg_exe())
    return shutil.which("ffmpeg") or ""


def no_encoder() -> str:
    """ "" where a film can be encoded, or the sentence that says what is missing."""
    return "" if find_encoder() else NO_ENCODER


def mp4(film: Film, samples: Sequence[Picture], pictures: Iterator[Picture]) -> Iterator[bytes]:
    """The pieces of an MP4 file in H.264, which every browser and player shows. No sample is looked at.

    Raises:
        ExportError: there is no encoder, or it failed.
    """
    encoder = find_encoder()
    if not encoder:
        raise ExportError(NO_ENCODER)
    with tempfile.TemporaryDirectory(prefix="gmm-desktop-") as folder:
        made = Path(folder) / "film.mp4"
        _encode([encoder, *_arguments(film), str(made)], film, pictures)
        with made.open("rb") as stream:
            while piece := stream.read(_PIECE):
                yield piece


def _arguments(film: Film) -> list[str]:
    rate = film.rate * max(1, math.ceil(_LEAST_RATE / film.rate))
    raw = f"-f rawvideo -pix_fmt bgr0 -s {film.width}x{film.height} -framerate {film.rate:.6f} -i -"
    coded = f"-r {rate:.6f} -c:v libx264 -preset medium -crf 18 -pix_fmt yuv420p -movflags +faststart"
    return f"-v error -y {raw} {coded}".split()


def _encode(command: Sequence[str], film: Film, pictures: Iterator[Picture]) -> None:
    with tempfile.TemporaryFile() as complaints:
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=complaints,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        assert process.stdin is not None
        try:
            picture = b""
            with contextlib.suppress(BrokenPipeError):  # it has failed, and says why
                for picture in pictures:
                    process.stdin.write(picture)
                for _ in range(math.ceil(HOLD_SECONDS * film.rate) - 1):
                    process.stdin.write(picture)
                process.stdin.close()
            failed = process.wait()
        finally:
            process.kill()
            with contextlib.suppress(BrokenPipeError):
                process.stdin.close()
            process.wait()
        if failed:
            complaints.seek(0)
            said = complaints.read().decode(errors="replace").strip().splitlines()
            raise ExportError(f"The film could not be encoded: {said[-1] if said else f'ffmpeg ended with {failed}'}.")
