"""What single arguments of the command line may be: each function takes the text, or says in a sentence what is wrong.

Tables are looked up late, because they need numpy, and --version does not.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable, Iterable


def table(name: str) -> Iterable[str]:
    """The ids of a table."""
    if name == "SAMPLES":
        from gmm_desktop.data import SAMPLES

        return SAMPLES
    if name == "SUMMARISE":
        from gmm_desktop.mixture.settings import SUMMARISE

        return SUMMARISE
    import gmm_desktop.mixture as mixture

    return list(getattr(mixture, name))


def ids(name: str) -> str:
    """The ids of a table, for a sentence."""
    return ", ".join(table(name))


def id_of(name: str) -> Callable[[str], str]:
    """One of the ids of a table."""

    def identifier(text: str) -> str:
        if text in table(name):
            return text
        raise argparse.ArgumentTypeError(f"there is no '{text}'; choose among {ids(name)}")

    return identifier


def sample(text: str) -> str:
    """The id of a bundled data set."""
    from gmm_desktop.data import DataError, find_sample

    try:
        return find_sample(text).id
    except DataError as error:
        raise argparse.ArgumentTypeError(str(error).rstrip(".")) from error


def whole_from(least: int) -> Callable[[str], int]:
    """A whole number that is not less."""

    def whole(text: str) -> int:
        try:
            number = int(text)
        except ValueError:
            number = least - 1
        if number < least:
            raise argparse.ArgumentTypeError(f"'{text}' is not a whole number of at least {least}")
        return number

    return whole


def tolerance(text: str) -> float:
    """A number above 0."""
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not 0 < number < math.inf:
        raise argparse.ArgumentTypeError(f"'{text}' is not a number above 0, such as 1e-6")
    return number


def fraction(text: str) -> float:
    """A number from 0 to under 1."""
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not 0 <= number < 1:
        raise argparse.ArgumentTypeError(f"'{text}' is not a fraction from 0 to under 1, such as 1e-6")
    return number


def not_empty(text: str) -> str:
    """The name of a file."""
    if not text:
        raise argparse.ArgumentTypeError("a file's name is empty")
    return text


def columns(text: str) -> tuple[str, ...]:
    """Names between commas; a name that holds a comma is put into double quotes."""
    import csv

    lines = text.splitlines()  # a header's cell may have several, and is called by them with spaces between
    try:
        names = tuple(name.strip() for name in next(csv.reader([" ".join(lines)], skipinitialspace=True), []))
    except csv.Error:
        names = ()
    if not names or not all(names):
        raise argparse.ArgumentTypeError(
            "give the names of columns with commas between them, such as eruptions,waiting"
        )
    if len(set(names)) < len(names):
        raise argparse.ArgumentTypeError("a column is named twice; name each one once")
    return names
