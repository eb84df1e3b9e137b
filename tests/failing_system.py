"""An operating system that fails when told to: at the n-th call of a kind, once or for good."""

from __future__ import annotations

import errno
import os
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from gmm_desktop.export import temporary, writing


@dataclass
class FailingSystem:
    """Stands for ``os`` in the modules that write, and for nothing else.

    Attributes:
        call: which call fails, one of ``FAILING``; "" for none.
        number: the first one that fails, from 0.
        for_good: whether all later ones fail, too.
        code: what the system says.
        at_most: how many bytes a write takes at once.
        nameless: whether a file can be made without a name.
        counts: how often each call has been made.
    """

    call: str = ""
    number: int = 0
    for_good: bool = False
    code: int = errno.EIO
    at_most: int = 1 << 40
    nameless: bool = True
    counts: Counter[str] = field(default_factory=Counter)
    failed: int = 0

    def install(self, patch: pytest.MonkeyPatch) -> FailingSystem:
        for module in (writing, temporary):
            patch.setattr(module, "os", self)
        temporary._takes_nameless.cache_clear()
        return self

    def __getattr__(self, name: str) -> Any:
        return getattr(os, name)

    def _meet(self, call: str) -> None:
        number = self.counts[call]
        self.counts[call] += 1
        if call == self.call and (number == self.number or (self.for_good and number > self.number)):
            self.failed += 1
            raise OSError(self.code, os.strerror(self.code))

    def open(self, path: Any, flags: int, mode: int = 0o777) -> int:
        if not self.nameless and flags & getattr(os, "O_TMPFILE", 0) == getattr(os, "O_TMPFILE", -1):
            raise OSError(errno.EOPNOTSUPP, "no nameless files")
        self._meet("open")
        return os.open(path, flags, mode)

    def write(self, descriptor: int, piece: bytes) -> int:
        self._meet("write")
        return os.write(descriptor, bytes(piece[: self.at_most]))

    def fsync(self, descriptor: int) -> None:
        self._meet("fsync")
        os.fsync(descriptor)

    def fstat(self, descriptor: int) -> os.stat_result:
        self._meet("fstat")
        return os.fstat(descriptor)

    def close(self, descriptor: int) -> None:
        os.close(descriptor)  # as Linux does: the descriptor is gone whatever is said
        self._meet("close")

    def link(self, *arguments: Any, **options: Any) -> None:
        self._meet("link")
        os.link(*arguments, **options)

    def replace(self, one: Any, other: Any) -> None:
        self._meet("replace")
        os.replace(one, other)


FAILING = ("open", "write", "fsync", "fstat", "close", "link", "replace")


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a folder, hidden ones too."""
    return {name: (folder / name).read_bytes() for name in sorted(os.listdir(folder))}
