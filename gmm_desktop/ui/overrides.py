"""Exceptions in what overrides a method of Qt, on Python 3.11.

Before Python 3.12 an exception that was raised in C, such as an index of numpy that is out of bounds, is only half made
until somebody catches it. PySide6 (6.11) takes it for whole where Python waits for Qt and Qt for an override, as when
``resize`` calls ``resizeEvent``, and the process dies. So it is caught in time and raised again, and is shown then.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from functools import wraps
from types import FunctionType
from typing import Any

from shiboken6 import Shiboken

_CALLED_BY_QT = (  # names end so
    "event",
    "Event",
    "eventFilter",
    "paint",
    "boundingRect",
    "shape",
    "sizeHint",
    "SizeHint",
    "itemChange",
)
_WHOLE = "_raises_whole"


def make_exceptions_whole() -> None:
    """Guard the overrides of all classes that are known now, this program's and those of pyqtgraph."""
    if sys.version_info >= (3, 12):
        return
    for kind in set(_kinds_of(Shiboken.Object)):
        if kind.__module__.startswith(("PySide6", "shiboken6")):
            continue
        for name, method in list(vars(kind).items()):
            if name.endswith(_CALLED_BY_QT) and isinstance(method, FunctionType) and not hasattr(method, _WHOLE):
                setattr(kind, name, _raising_whole(method))


def _kinds_of(kind: type) -> Iterator[type]:
    below: type
    for below in kind.__subclasses__():
        yield below
        yield from _kinds_of(below)


def _raising_whole(method: FunctionType) -> Callable[..., Any]:
    @wraps(method)
    def guarded(*arguments: Any, **named: Any) -> Any:
        try:
            return method(*arguments, **named)
        except BaseException:
            raise  # catching it has made it whole

    setattr(guarded, _WHOLE, True)
    return guarded
