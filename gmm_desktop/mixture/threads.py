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
_limit: Any = None


@cache
def _controller() -> Any:
    """What finds the libraries that are loaded, which takes milliseconds; numpy's is among them from the beginning."""
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


@contextmanager
def one_thread() -> Iterator[None]:
    """Keep the linear algebra of the process to one thread until the last of those who asked for it has left."""
    global _users, _limit
    with _lock:
        if _users == 0:
            _limit = _controller().limit(limits=1, user_api="blas")
        _users += 1
    try:
        yield
    finally:
        with _lock:
            _users -= 1
            if _users == 0:
                _limit.restore_original_limits()
                _limit = None
