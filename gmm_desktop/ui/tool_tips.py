"""Tool tips of rows of tables: what a choice does, its formula and its source, as plain text."""

from __future__ import annotations

from functools import cache
from html import escape

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QAbstractItemView, QToolTip, QWidget


def tip_of(row: object) -> str:
    """The tool tip of a row of INITIALIZERS, STOP_RULES ...: a line each for what the row has of the three."""
    lines = (getattr(row, part, "") for part in ("tip", "formula", "source"))
    return "\n".join(line for line in lines if line)


def shown(tip: str) -> str:
    """A plain text for QToolTip: shown to the letter, and wrapped, as Qt does with rich text alone."""
    paragraphs = "".join(f'<p style="margin: 0 0 4px 0">{escape(line)}</p>' for line in tip.splitlines())
    return f"<qt>{paragraphs}</qt>"


class ShowsPlainTips(QObject):
    """Shows the tool tips of what it watches as ``shown`` makes them, whether Qt would take them for rich text or not.

    Watches a widget with a tool tip, or the viewport of a list whose items have them.
    """

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.ToolTip or not isinstance(event, QHelpEvent) or not isinstance(watched, QWidget):
            return False
        view = watched.parentWidget()
        if isinstance(view, QAbstractItemView):
            tip = str(view.indexAt(event.pos()).data(Qt.ItemDataRole.ToolTipRole) or "")
        else:
            tip = watched.toolTip()
        QToolTip.showText(event.globalPos(), shown(tip) if tip else "", watched)
        return True


@cache
def shows_plain_tips() -> ShowsPlainTips:
    """The one that all share, made when there is an application."""
    return ShowsPlainTips()
