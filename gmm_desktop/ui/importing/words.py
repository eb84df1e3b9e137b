"""Names and cells from a file where they are seen: on one line, cut in the middle, never taken for markup."""

from __future__ import annotations

from gmm_desktop.ui.tool_tips import shown

_LONGEST_TIP = 400


def visible(text: str, limit: int = 60) -> str:
    """A text without characters that cannot be seen or that turn the line around, cut in its middle."""
    if len(text) > 4 * limit:  # a cell may hold megabytes
        text = f"{text[: 2 * limit]}{text[-2 * limit :]}"
    if not text.isprintable():
        text = "".join(c if c.isprintable() else " " for c in text)
    line = " ".join(text.split())
    if len(line) <= limit:
        return line
    head = (limit - 1) * 2 // 3
    return f"{line[:head]}…{line[head + 1 - limit :]}"


def tip(text: str) -> str:
    """A tool tip that shows a text to the letter."""
    return shown(visible(text, _LONGEST_TIP))


SIGNS = {
    ",": "comma",
    ";": "semicolon",
    "\t": "tab",
    "|": "pipe |",
    " ": "spaces",
    ".": "point",
    "'": "apostrophe",
    "": "none",
    "\x1f": "none: one column",
}


def sign(value: object) -> str:
    """A sign in words."""
    return SIGNS.get(str(value), f"'{visible(str(value), 8)}'")
