"""Reads small files with one random change after another, in processes that may die of it.

``python -m tests.data.mutating SEED COUNT`` changes each of ``made_files`` so many times. What is otherwise read in a
process of its own is read in this one, so that thousands take seconds; a line for each change says how it ended.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import warnings
from pathlib import Path
from typing import Any

from gmm_desktop.data.readers import DataError, isolated, read_source
from gmm_desktop.data.readers.child import Request, unpack
from gmm_desktop.data.readers.parcel import Parcel
from gmm_desktop.data.readers.source import source_of_bytes
from gmm_desktop.data.table import Tell
from tests.data.made_files import made_files, unzipped, zipped

_EXTREMES = (b"\xff\xff\xff\xff", b"\0\0\0\0", b"\xff\xff\xff\x7f", b"\0\0\0\x80")
_SECONDS = 5


def mutated(name: str, content: bytes, seed: int, index: int) -> bytes:
    """A changed file; of an archive whose sums would tell each change, what is in it is changed."""
    random_ = random.Random(f"{name} {seed} {index}")
    if not name.startswith("inside"):
        return _changed(content, random_)
    files = unzipped(content)
    inside = max(files, key=lambda inner: ("sheet1" in inner or "content" in inner, len(files[inner])))
    return zipped(files | {inside: _changed(files[inside], random_)})


def _changed(content: bytes, random_: random.Random) -> bytes:
    """One to sixteen changes: a byte, a bit, four extreme bytes, some taken out, or the end cut off."""
    changed = bytearray(content)
    for _ in range(random_.choice((1, 1, 2, 4, 16))):
        place, what = random_.randrange(len(changed)), random_.random()
        if what < 0.6:
            changed[place] = random_.randrange(256)
        elif what < 0.8:
            changed[place] ^= 1 << random_.randrange(8)
        elif what < 0.9:
            changed[place : place + 4] = random_.choice(_EXTREMES)
        elif what < 0.95 and len(changed) > 40:
            del changed[place : place + random_.randrange(1, 20)]
        elif place:
            del changed[place:]
    return bytes(changed)


def outcome(name: str, content: bytes) -> str:
    """ "read", "refused", or what must not be."""
    try:
        table = read_source(source_of_bytes(content, name, Path(name)))
        for _ in table.text_rows():
            pass
        for column in table.columns:
            assert column.values is None or len(column.values) == table.rows, "a column is too short"
        assert all("\n" not in message for message in table.messages), "a message of several lines"
    except DataError as error:
        sentence = str(error)
        good = sentence.endswith(".") and "\n" not in sentence and "Traceback" not in sentence and len(sentence) < 1500
        return "refused" if good else f"no sentence: {sentence!r}"
    except BaseException as error:
        return f"{type(error).__name__}: {error}"
    return "read"


def _ask_here(request: dict[str, Any], content: bytes, tell: Tell) -> Parcel:
    try:
        parcel = unpack(request["reader"], content, Request(request["name"], request["part"], request["rows"]))
    except MemoryError:
        raise DataError("It takes too much memory.") from None
    return Parcel(json.loads(json.dumps(parcel.head)), parcel.bodies)


def _read_from(out: int, name: str, content: bytes, seed: int, indices: range) -> None:
    for index in indices:
        if hasattr(signal, "alarm"):
            signal.alarm(_SECONDS)
        ended = outcome(name, mutated(name, content, seed, index))
        os.write(out, f"{json.dumps([name, index, ended])}\n".encode())


def _read_all(out: int, name: str, content: bytes, seed: int, count: int) -> None:
    """Each change; after one that a process dies of, another goes on."""
    if not hasattr(os, "fork"):
        _read_from(out, name, content, seed, range(count))
        return
    first = 0
    while first < count:
        coming, going = os.pipe()
        child = os.fork()
        if not child:
            os.close(coming)
            _read_from(going, name, content, seed, range(first, count))
            os._exit(0)
        os.close(going)
        with os.fdopen(coming, "rb") as lines:
            for line in lines:
                os.write(out, line)
                first += 1
        if os.waitpid(child, 0)[1]:
            os.write(out, f"{json.dumps([name, first, 'died'])}\n".encode())
            first += 1


def main(seed: int, count: int) -> None:
    """Changes each file ``count`` times."""
    warnings.simplefilter("ignore")
    isolated._ask = _ask_here
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (ImportError, ValueError):
        pass
    files = list(made_files())
    out = os.dup(1)
    os.dup2(2, 1)
    for name, content in files:
        outcome(name, content)  # so that each library is loaded once
        _read_all(out, name, content, seed, count)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
