"""The settings as Qt's INI file, read with suspicion and written whole.

Qt takes random bytes for keys, makes objects of what it finds, and on a full disk may leave half a file and call it
success. So what it is to read is looked through before, and what is written does not go through it.
"""

from __future__ import annotations

import contextlib
import os
import re
import stat
from collections.abc import Mapping
from pathlib import Path

_LARGEST = 1_000_000  # bytes
_SECTION = re.compile(r"\[([^\[\]]+)\]")
_PLAIN = re.compile(r"""(?:[^"\\]|\\.|"(?:[^"\\]|\\.)*")*""")
_OBJECT = re.compile(r"(?<!@)@(?:Variant|DateTime)\(|\\x0*40(?![0-9a-fA-F])|\\0*100(?![0-7])")
"""Of these Qt makes objects; an @ is never written as a number."""
_MOST_ASIDE = 20


class UnreadableError(Exception):
    """These are no settings; why, for the log."""


Raw = dict[str, dict[str, str]]
"""For each section its keys and what stands after the equals sign, as it is in the file."""


def read_raw(path: Path) -> Raw:
    """The lines of a file; nothing where there is none.

    Raises:
        UnreadableError: it cannot be read, or is no such file.
    """
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):
            raise UnreadableError("it is not a file")
        with path.open("rb") as stream:
            content = stream.read(_LARGEST + 1)
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except OSError as error:
        raise UnreadableError(str(error)) from error
    if len(content) > _LARGEST:
        raise UnreadableError("it is too large")
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        raise UnreadableError("it is not text") from error
    return _parsed(text)


def _parsed(text: str) -> Raw:
    sections: Raw = {"General": {}}
    section = sections["General"]
    for number, line in enumerate(text.split("\n"), 1):
        line = line.strip()
        if not line or line[0] in ";#":
            continue
        if found := _SECTION.fullmatch(line):
            section = sections.setdefault(found[1], {})
            continue
        key, equals, value = line.partition("=")
        if not equals or not key or not line.isprintable() or not _PLAIN.fullmatch(value) or _OBJECT.search(value):
            raise UnreadableError(f"line {number} is no setting")
        section[key] = value
    return sections


def write(path: Path, values: Mapping[str, str | bytes]) -> None:
    """Replace some settings, as "key" or "section/key", and leave the others as they are.

    Raises:
        ExportError: it could not be written; the old file is whole.
        UnreadableError: what is there is no settings file, and stays.
        OSError: its folder cannot be made.
    """
    from gmm_desktop.export import write_whole

    sections = read_raw(path)
    before = {name: dict(section) for name, section in sections.items()}
    for key, value in values.items():
        section, _, name = key.rpartition("/")
        sections.setdefault(section or "General", {})[name] = encoded(value)
    if sections == before:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    blocks = [
        f"[{name}]\n" + "".join(f"{key}={value}\n" for key, value in section.items())
        for name, section in sections.items()
        if section
    ]
    write_whole(path, "\n".join(blocks).encode())


def encoded(value: str | bytes) -> str:
    """A text or bytes as Qt reads them, in quotation marks."""
    if isinstance(value, bytes):
        text = f"@ByteArray({value.decode('latin-1')})"
    else:
        text = f"@{value}" if value.startswith("@") else value
    units = text.encode("utf-16-le", "surrogatepass")
    made, after_escape = [], False
    for low, high in zip(units[::2], units[1::2], strict=True):
        code = low | high << 8
        letter = chr(code)
        plain = 0x20 <= code < 0x7F and not (after_escape and letter in "0123456789abcdefABCDEF")
        after_escape = not plain
        if not plain:
            made.append(f"\\x{code:x}")
        else:
            made.append(f"\\{letter}" if letter in '"\\' else letter)
    return f'"{"".join(made)}"'


def set_aside(path: Path) -> Path | None:
    """Rename what is no settings file; its new name, or None where that cannot be done."""
    for number in range(1, _MOST_ASIDE + 1):
        aside = path.with_name(f"{path.name}.bad" + (f"-{number}" if number > 1 else ""))
        if not os.path.lexists(aside) or number == _MOST_ASIDE:
            with contextlib.suppress(OSError):
                os.replace(path, aside)
                return aside
            return None
    return None
