"""A file that has been opened: read, and found to be plain, or to need a look."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from gmm_desktop.data import DataError, Dataset, Table, Tell
from gmm_desktop.data.choice import Choice, choice_behind, needs_a_look

if TYPE_CHECKING:
    from gmm_desktop.data.readers.source import Source

#: So many rows from the beginning are read first.
FIRST_ROWS = 500
#: A file of so many bytes is read as a whole at once.
SMALL = 1 << 20


@dataclass(frozen=True, eq=False)
class Opened:
    """A file with what is known of it.

    Attributes:
        source: its bytes.
        choice: what a person has decided about it.
        table: as far as it has been read; None where it cannot be.
        whole: whether ``table`` is the whole of it.
        dataset: what to fit, where nobody needs to look at it first.
        refusal: why it cannot be read, or "".
        again: whether the choice is that of the last time.
    """

    source: Source
    choice: Choice
    table: Table | None = None
    whole: bool = False
    dataset: Dataset | None = None
    refusal: str = ""
    again: bool = False


def open_path(path: str, remembered: Choice | None, tell: Tell) -> Opened:
    """Opens a file.

    Raises:
        DataError: there is no such file, or none that can be read at all.
    """
    from gmm_desktop.data import open_source

    return open_bytes(open_source(path), remembered, tell)


def open_text(text: str, source: str, tell: Tell) -> Opened:
    """Opens a text that is no file.

    Raises:
        DataError: it is empty.
    """
    from gmm_desktop.data.readers.source import source_of_bytes

    if not text.strip():
        raise DataError(f"There is no text in {source}; copy some rows of numbers first.")
    return open_bytes(source_of_bytes(text.encode(errors="replace"), source), None, tell)


def open_bytes(source: Source, remembered: Choice | None, tell: Tell) -> Opened:
    """Reads a source: all of it where it is plain, its beginning where somebody has to look at it."""
    if remembered is not None:
        try:
            return replace(_read(source, remembered, tell), again=True)
        except DataError:
            pass  # what was chosen the last time does not read it any more
    try:
        return _read(source, Choice(), tell)
    except DataError as error:
        return Opened(source, Choice(), refusal=str(error))


def _read(source: Source, choice: Choice, tell: Tell) -> Opened:
    from gmm_desktop.data import read_source

    if len(source.content) > SMALL:
        beginning = read_source(source, replace(choice.options, rows=FIRST_ROWS))
        if needs_a_look(beginning, choice):
            return Opened(source, choice, beginning)
    table = read_source(source, choice.options, tell=tell)
    return with_table(Opened(source, choice), table)


def with_table(opened: Opened, table: Table) -> Opened:
    """The same with the whole table, and with a data set where nothing has to be asked.

    Raises:
        DataError: nothing has to be asked, and there is nothing to fit.
    """
    opened = replace(opened, table=table, whole=True)
    return opened if needs_a_look(table, opened.choice) else replace(opened, dataset=opened.choice.dataset(table))


def open_again(dataset: Dataset) -> Opened:
    """The file behind a data set, with the choice behind it; where it has changed, as it is now.

    Raises:
        DataError: there is no file any more.
    """
    from gmm_desktop.data import open_source
    from gmm_desktop.data.readers.source import Source

    table, choice = dataset.table, choice_behind(dataset)
    assert table is not None
    assert table.origin is not None
    path = table.origin.path
    try:
        content = table.origin.content()
    except DataError:
        if path is None or not Path(path).exists():
            raise
        return Opened(open_source(path), choice)
    return Opened(Source(table.source, content, table.digest, path), choice, table, whole=True)
