"""The formats of films, and a film as numbered pictures."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from gmm_desktop.data import Tell, say_nothing
from gmm_desktop.export.film import Film, Picture, image_of
from gmm_desktop.export.gif import gif
from gmm_desktop.export.mp4 import mp4, no_encoder
from gmm_desktop.export.webp import webp

Encode = Callable[[Film, Sequence[Picture], Iterator[Picture]], Iterator[bytes]]


@dataclass(frozen=True)
class AnimationFormat:
    """A row of ``ANIMATIONS``.

    Attributes:
        id: the suffix of its files.
        label: what a dialog calls it.
        encode: from a film, some samples and all its pictures, one after the other, to the pieces of a file.
        sampled: whether ``encode`` looks at samples.
        missing: "" where it can be made on this machine, or the sentence that says what is missing.
    """

    id: str
    label: str
    encode: Encode
    sampled: bool = True
    missing: Callable[[], str] = lambda: ""


ANIMATIONS = {
    row.id: row
    for row in (
        AnimationFormat(".gif", "Animated GIF", gif),
        AnimationFormat(".webp", "Animated WebP", webp),
        AnimationFormat(".mp4", "MP4 film", mp4, sampled=False, missing=no_encoder),
    )
}


def order_of_drawing(format_: AnimationFormat | None, count: int) -> list[int]:
    """Which frames of a film ``animation`` takes, in which order: samples first, then each one."""
    return [*(_samples(count) if format_ is not None and format_.sampled else ()), *range(count)]


def animation(
    format_: AnimationFormat, film: Film, pictures: Iterator[Picture], tell: Tell = say_nothing
) -> Iterator[bytes]:
    """The pieces of a film's file, made as the pictures come.

    Args:
        format_: a row of ``ANIMATIONS``.
        film: size and pace.
        pictures: in the order of ``order_of_drawing``.
        tell: told the share that is done before each frame.

    Raises:
        ExportError: it could not be encoded.
        GivenUpError: ``tell`` raised it.
    """
    samples = list(islice(pictures, len(_samples(film.count)) if format_.sampled else 0))
    yield from format_.encode(film, samples, _told(pictures, film.count, tell))


def numbered_paths(path: str | Path, count: int) -> list[Path]:
    """Where the pictures of a film go: run-0001.png, run-0002.png ... beside ``path``, run.png."""
    path = Path(path)
    digits = max(4, len(str(count)))
    return [path.with_name(f"{path.stem}-{number:0{digits}}{path.suffix}") for number in range(1, count + 1)]


def numbered_pictures(
    path: str | Path, film: Film, pictures: Iterator[Picture], tell: Tell = say_nothing
) -> Iterable[tuple[Path, Iterator[bytes]]]:
    """For each frame its path and the content of a PNG file, to be made in this order."""
    told = _told(pictures, film.count, tell)
    return [(each, _png(film, told)) for each in numbered_paths(path, film.count)]


def _samples(count: int) -> tuple[int, ...]:
    """The frames whose colours stand for all: the first, one half way, the last."""
    return (0, count // 2, count - 1)


def _told(pictures: Iterator[Picture], count: int, tell: Tell) -> Iterator[Picture]:
    for number, picture in enumerate(pictures):
        tell(number / count)
        yield picture


def _png(film: Film, pictures: Iterator[Picture]) -> Iterator[bytes]:
    file = io.BytesIO()
    image_of(film, next(pictures)).save(file, "PNG")
    yield file.getvalue()
