"""One thread of linear algebra while the engine works: the same seed then gives the same bits everywhere.

How a sum over points is split among threads decides its last digits, and with blocks that fit the processor's cache
more threads gain next to nothing.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

_lock = threading.Lock()
_users = 0
_before = 1


@cache
def _libraries() -> list[Any]:
    """The libraries of linear algebra that are loaded; to find them takes milliseconds, and numpy's is there early."""
    from threadpoolctl import ThreadpoolController

    return list(ThreadpoolController().select(user_api="blas").lib_controllers)


def _set_threads(threads: int) -> None:
    for library in _libraries():
        library.set_num_threads(threads)
        # From 3.7 on the thread that sets the number keeps the right to; the next fit may come from another one.
        give_up = getattr(library, "clear_controlling_thread", None)
        if give_up is not None:
            give_up()


@contextmanager
def one_thread() -> Iterator[None]:
    """Keep the linear algebra of the process to one thread until the last of those who asked for it has left."""
    global _users, _before
    with _lock:
        if _users == 0:
            _before = max((library.num_threads for library in _libraries()), default=1)
        _users += 1
        _set_threads(1)
    try:
        yield
    finally:
        with _lock:
            _users -= 1
            if _users == 0:
                _set_threads(_before)
