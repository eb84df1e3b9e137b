"""What is put on the clipboard in more than one form, or as bytes."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, QStringListModel


def empty_content() -> QMimeData:
    """Content for the clipboard, to be filled.

    The clipboard outlives the interpreter. A QMimeData that Python made asks it for leave when it is taken apart, and
    the process ends in a segmentation fault; one that Qt made does not. A model is what makes one.
    """
    model = QStringListModel([""])
    content = model.mimeData([model.index(0)])
    content.clear()
    return content
