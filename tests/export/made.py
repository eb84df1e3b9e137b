"""What an exporter makes, without a file."""

from __future__ import annotations

from pathlib import Path

from gmm_desktop.data import say_nothing
from gmm_desktop.export import FitReport, exporter


def made(report: FitReport, name: str | Path, kind: str) -> bytes:
    """What a file of that name would hold."""
    content = exporter(name, kind).write(report, say_nothing)
    return content if isinstance(content, bytes) else b"".join(content)
