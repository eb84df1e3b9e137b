"""The & of labels, menus and buttons, which underlines the letter behind it."""

from __future__ import annotations

import re


def literal(text: str) -> str:
    """A text from outside, such as a file's name, whose & is shown as one."""
    return text.replace("&", "&&")


def spoken(label: str) -> str:
    """A label as it is read aloud: the marks of letters taken out, && as one."""
    return re.sub("&(.?)", r"\1", label)
