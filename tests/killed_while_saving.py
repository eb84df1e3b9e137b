"""Kills a saving process at random moments: python tests/killed_while_saving.py FOLDER KILLS; exits with 1 on loss."""

from __future__ import annotations

import hashlib
import os
import random
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from gmm_desktop.export import writing
from gmm_desktop.export.temporary import can_be_nameless
from gmm_desktop.export.writing import write_together, write_whole

LONGEST = 0.012  # seconds until a kill


def content(number: int, size: int) -> bytes:
    """Bytes that tell whether they are whole."""
    body = str(number).encode() * size
    return hashlib.sha256(body).digest() + body


def is_whole(path: Path) -> bool:
    held = path.read_bytes()
    return hashlib.sha256(held[32:]).digest() == held[:32]


def pieces(whole: bytes) -> Iterator[bytes]:
    for begin in range(0, len(whole), 5000):
        yield whole[begin : begin + 5000]


def save_for_ever(folder: Path) -> None:
    number = 0
    while True:
        number += 1
        write_whole(folder / "one", pieces(content(number, 20_000)))
        write_together([(folder / name, content(number, 9000)) for name in ("two", "three")])


def main() -> int:
    folder, kills = Path(sys.argv[1]), int(sys.argv[2])
    chance, strays = random.Random(5), [0, 0]
    for number in range(kills):
        writing.can_be_nameless = (lambda folder: False) if number % 2 else can_be_nameless
        child = os.fork()
        if child == 0:
            save_for_ever(folder)
        time.sleep(chance.uniform(0, LONGEST))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        here = {path.name: path for path in folder.iterdir()}
        lost = [name for name in ("one", "two", "three") if name in here and not is_whole(here[name])]
        strays[number % 2] += len(here.keys() - {"one", "two", "three"})
        write_whole(folder / "one", content(0, 10))
        left = {path.name for path in folder.iterdir()} - {"one", "two", "three"}
        if lost or left:
            print(f"kill {number}: lost {lost}, left {left}")
            return 1
    print(f"{kills} kills; swept by the next write: {strays[0]} nameless, {strays[1]} named temporary files")
    return 0


sys.exit(main())
