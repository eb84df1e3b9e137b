"""The log: a file that rotates, in the program's state folder. What is in the data never gets there.

The handlers are imported with the first line, after the first picture. A log that cannot be written is no reason to
disturb anybody: then there is none.
"""

from __future__ import annotations

import contextlib
import logging
import os
import re
import threading
from logging import DEBUG, ERROR, INFO, WARNING
from pathlib import Path

from gmm_desktop.session.places import state_folder

_LARGEST, _KEPT = 256_000, 3  # bytes of a file, older files beside it
_LONGEST_LINE = 2000
_CELL = re.compile(r"such as '.*' \(row")
_MESSAGE = re.compile(r"^(\w[\w.]*(?:Error|Exception|Warning|Interrupt|Exit|Iteration)): (.*)$", re.MULTILINE)
_QUOTED = re.compile(r"(['\"]).*?\1")

_lock = threading.Lock()
_logger = logging.Logger("gmm-desktop", DEBUG)
"""Not in Python's tree of loggers, where others would find it and be found."""


def path() -> Path:
    """The newest file of the log."""
    return state_folder() / "gmm-desktop.log"


def log(sentence: str, details: str = "", level: int = INFO) -> None:
    """Add a line, and details below it; from any thread. Never raises.

    What a cell holds is left out of sentences, and quotations out of exceptions' messages.
    """
    with contextlib.suppress(Exception), _lock:
        if _handler():
            _logger.log(level, "%s", discreet(sentence, details))


def warn(sentence: str) -> None:
    """A line about what is odd."""
    log(sentence, level=WARNING)


def log_error(sentence: str, details: str = "") -> None:
    """A line about what went wrong."""
    log(sentence, details, ERROR)


def discreet(sentence: str, details: str = "") -> str:
    """A sentence and a traceback without the contents of the data: names stay."""
    said = _CELL.sub("such as … (row", sentence)[:_LONGEST_LINE]
    if not details:
        return said
    short = _MESSAGE.sub(lambda found: f"{found[1]}: {_QUOTED.sub('…', found[2])[:200]}", details)
    return f"{said}\n{short.strip()}"


def tail(lines: int = 80) -> str:
    """The last lines of the log; "" where there is none."""
    with contextlib.suppress(OSError), path().open("rb") as stream:
        size = 200 * lines
        stream.seek(max(0, stream.seek(0, os.SEEK_END) - size))
        return "\n".join(stream.read(size).decode(errors="replace").splitlines()[-lines:])
    return ""


def close() -> None:
    """Let the file go; the next line opens it again."""
    with _lock:
        _drop_handlers()


def _handler() -> bool:
    """Make the handler for where the log is now; whether there is one."""
    wanted = str(path())
    if _logger.handlers and getattr(_logger.handlers[0], "baseFilename", "") == wanted:
        return True
    from logging.handlers import RotatingFileHandler

    _drop_handlers()
    try:
        Path(wanted).parent.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(
            wanted, maxBytes=_LARGEST, backupCount=_KEPT, encoding="utf-8", errors="replace", delay=True
        )
    except OSError:
        return False
    handler.handleError = lambda record: None  # type: ignore[method-assign]
    handler.setFormatter(logging.Formatter("%(asctime)s %(process)d %(levelname)s %(message)s"))
    _logger.addHandler(handler)
    return True


def _drop_handlers() -> None:
    for handler in list(_logger.handlers):
        _logger.removeHandler(handler)
        with contextlib.suppress(OSError):
            handler.close()
