"""The arguments of the command line that say how a file is read: the choice that they make, and the way back."""

from __future__ import annotations

import argparse
import codecs
import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

from gmm_desktop.data.choice import Choice
from gmm_desktop.data.table import ReadOptions

_SIGNS: dict[str, tuple[dict[str, str], str]] = {
    "delimiter": (
        {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|", "space": " ", "none": ""},
        "between cells",
    ),
    "decimal": ({"point": ".", "comma": ","}, "the decimal mark"),
    "thousands": ({"none": "", "comma": ",", "point": ".", "space": " ", "apostrophe": "'"}, "groups digits"),
}
_OWN = ("weights", "labels")
_OPTIONS = (
    "delimiter",
    "decimal",
    "thousands",
    "header",
    "units",
    "skip",
    "encoding",
    "part",
    "missing",
    "dates",
)


def add_read_arguments(parser: argparse.ArgumentParser) -> None:
    """One option for each thing that a person can decide about a file."""
    group = parser.add_argument_group("how the file is read (what is not given is found out)")
    switch = argparse.BooleanOptionalAction
    group.add_argument("--weights", metavar="COLUMN", type=_name, help="the column of the rows' weights")
    group.add_argument("--labels", metavar="COLUMN", type=_name, help="the column of known labels, for a start at them")
    group.add_argument("--sheet", metavar="NAME", dest="part", type=_name, help="the sheet, or the array, of the file")
    group.add_argument(
        "--missing", metavar="V[,V...]", type=_names, help="cells that mean a missing value, such as -999"
    )
    group.add_argument("--dates", metavar="A[,B...]", type=_names, help="columns of dates to read as numbers")
    for name, (table, what) in _SIGNS.items():
        about = f"{what}: the sign itself, or {', '.join(table)}"
        group.add_argument(f"--{name}", metavar="SIGN", type=_sign(table), help=about)
    group.add_argument("--header", action=switch, default=None, help="the first line names the columns, or not")
    group.add_argument("--units", action=switch, default=None, help="the line under the names gives units, or not")
    group.add_argument("--skip", metavar="N", type=_lines, help="lines above the table that are left out")
    group.add_argument("--encoding", metavar="NAME", type=_codec, help="of the text, such as utf-8 or cp1252")


def joined(arguments: Sequence[str]) -> list[str]:
    """The arguments with each value of --missing tied to it: "-999,-1" begins as an option does."""
    parts = list(arguments)
    for index in range(len(parts) - 1, 0, -1):
        if parts[index - 1] == "--missing" and not parts[index].startswith("--"):
            parts[index - 1 : index + 1] = [f"--missing={parts[index]}"]
    return parts


def choice_of(given: argparse.Namespace) -> Choice | None:
    """What the parsed arguments decide; None where they decide nothing."""
    options = {name: value for name in _OPTIONS if (value := getattr(given, name)) is not None}
    own = {name: value for name in _OWN if (value := getattr(given, name)) is not None}
    return Choice(ReadOptions(**options), **own) if options or own else None


def arguments_of(choice: Choice) -> tuple[str, ...] | None:
    """The arguments that make a choice but for its columns; None where some part of it cannot be said so."""
    words: list[str] = []
    for name in _OPTIONS:
        if (value := getattr(choice.options, name)) not in (None, ()):
            words += _WORDS[name](f"--{'sheet' if name == 'part' else name}", value)
    words += [f"--{name}={value}" for name in _OWN if (value := getattr(choice, name))]
    return tuple(words) if _makes(words, choice) else None


def comma_list(names: Iterable[str]) -> str:
    """Names with commas between them, as options take them; one that holds a comma stands in double quotes."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="").writerow(names)
    return text.getvalue()


def _said_of_sign(option: str, sign: str) -> list[str]:
    """By its name where it has one, which no shell takes for something else."""
    names = {known: name for name, known in _SIGNS[option[2:]][0].items()}
    return [f"{option}={names.get(sign, sign)}"]


def _said_of_names(option: str, names: Iterable[str]) -> list[str]:
    return [f"{option}={comma_list(names)}"]


def _said(option: str, value: object) -> list[str]:
    return [f"{option}={value}"]


def _said_of_switch(option: str, on: bool) -> list[str]:
    return [option if on else f"--no-{option[2:]}"]


_WORDS: dict[str, Callable[[str, Any], list[str]]] = {
    **dict.fromkeys(_SIGNS, _said_of_sign),
    **dict.fromkeys(("header", "units"), _said_of_switch),
    **dict.fromkeys(("missing", "dates"), _said_of_names),
    **dict.fromkeys(("skip", "encoding", "part"), _said),
}


def _makes(words: Sequence[str], choice: Choice) -> bool:
    """Whether these arguments are understood as this choice."""
    if any("\0" in word for word in words):
        return False
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False, exit_on_error=False)
    add_read_arguments(parser)
    try:
        made = choice_of(parser.parse_args(list(words))) or Choice()
    except argparse.ArgumentError:
        return False
    encoding = choice.options.encoding
    wanted = choice.options if encoding is None else replace(choice.options, encoding=_codec(encoding))
    return made == Choice(wanted, weights=choice.weights, labels=choice.labels)


def _sign(signs: dict[str, str]) -> Callable[[str], str]:
    def sign(text: str) -> str:
        known = signs.get(text.lower(), text)
        if known in signs.values():
            return known
        raise argparse.ArgumentTypeError(f"there is no '{text}'; choose among {', '.join(signs)}")

    return sign


def _name(text: str) -> str:
    if not text.strip():
        raise argparse.ArgumentTypeError("a name is empty")
    return text


def _names(text: str) -> tuple[str, ...]:
    """Cells between commas; one that holds a comma is put into double quotes."""
    try:
        names = tuple(name.strip() for name in next(csv.reader([text], skipinitialspace=True), []))
    except csv.Error:  # an end of line
        names = ()
    if not names or not all(names):
        raise argparse.ArgumentTypeError("put commas between them, such as -999,-1")
    return names


def _lines(text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise argparse.ArgumentTypeError(f"'{text}' is not a whole number of at least 0")
    return int(text)


def _codec(text: str) -> str:
    try:
        return codecs.lookup(text).name
    except (LookupError, ValueError) as error:
        raise argparse.ArgumentTypeError(f"there is no encoding '{text}'; utf-8 and cp1252 are common") from error
