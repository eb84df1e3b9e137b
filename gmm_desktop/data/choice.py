"""What a person has decided about a file: how it is read, which columns are fitted, what was asked and answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from gmm_desktop.data.dataset import Dataset, dataset_from_table
from gmm_desktop.data.table import ReadOptions, Table, counted, quoted


@dataclass(frozen=True)
class Choice:
    """Decisions about a file.

    Attributes:
        options: how it is read.
        columns: those that are fitted, the shown pair first; None for the usual ones.
        weights: the column of the rows' weights, or "".
        labels: the column of known labels, or "".
        settled: the questions that were put to the person (see ``questions``), who then opened the file.
    """

    options: ReadOptions = field(default_factory=ReadOptions)
    columns: tuple[str, ...] | None = None
    weights: str = ""
    labels: str = ""
    settled: tuple[str, ...] = ()

    def dataset(self, table: Table) -> Dataset:
        """The chosen columns of the table.

        Raises:
            DataError: as ``dataset_from_table``.
        """
        return dataset_from_table(table, self.columns, self.weights, self.labels)

    def fits(self, table: Table) -> bool:
        """Whether every column that it names is there, and of numbers where it has to be."""
        numeric = set(table.numeric_names())
        wanted = {*(self.columns or ()), *([self.weights] if self.weights else [])}
        names = {column.name for column in table.columns}
        return wanted <= numeric and (not self.labels or self.labels in names)


def adapted(choice: Choice, table: Table) -> Choice:
    """The choice without the columns that are not there, or not of numbers; with the usual ones where none is left."""
    numeric = table.numeric_names()
    names = {column.name for column in table.columns}
    weights = choice.weights if choice.weights in numeric else ""
    free = [name for name in numeric if name != weights]
    columns = tuple(name for name in choice.columns or () if name in free) or tuple(free[:2])
    return replace(
        choice, columns=columns or None, weights=weights, labels=choice.labels if choice.labels in names else ""
    )


def choice_behind(dataset: Dataset) -> Choice:
    """The choice that made these data out of their file."""
    table = dataset.table
    if table is None or table.origin is None:
        return Choice(columns=dataset.names)
    return settled(table, Choice(table.origin.options, dataset.names, dataset.weights_from, dataset.labels_from))


def questions(table: Table, choice: Choice) -> tuple[str, ...]:
    """What a person should be asked about how the table was read, and has not been: one sentence each.

    Doubts of the reader, and numbers in the columns in question that may stand for missing values.
    """
    asked = set(choice.settled)
    return tuple(question for question in _all_questions(table, choice) if question not in asked)


def settled(table: Table, choice: Choice) -> Choice:
    """The same choice, with every question about the table answered by it."""
    return replace(choice, settled=_all_questions(table, choice))


def needs_a_look(table: Table, choice: Choice) -> bool:
    """Whether a person should look at the table before it is opened.

    Not where it is plain: one part, one or two columns of numbers and none that nearly is, nothing in doubt. Nor
    where the person has chosen before, the columns are still there, and nothing new is in doubt.
    """
    if questions(table, choice):
        return True
    if choice.columns is not None:
        return not choice.fits(table)
    numbers = len(table.numeric_names())
    nearly = any(column.stray or (column.dates and not numbers) for column in table.columns)
    return nearly or numbers > 2 or (len(table.parts) > 1 and choice.options.part is None)


def _all_questions(table: Table, choice: Choice) -> tuple[str, ...]:
    names = set(choice.columns or table.numeric_names()) | {choice.weights}
    suspects = (
        f"Is {quoted(suspect.cell)}, {counted(suspect.count, 'time')} in {quoted(suspect.column)}, a missing value?"
        for suspect in table.suspects
        if suspect.column in names
    )
    return (*table.doubts, *suspects)


def to_plain(choice: Choice) -> dict[str, Any]:
    """The choice as JSON can hold it; without what is not decided."""
    plain = {name: value for name, value in asdict(choice).items() if value and name != "options"}
    options = {name: value for name, value in asdict(choice.options).items() if value not in (None, ())}
    return plain | ({"options": options} if options else {})


def from_plain(plain: object) -> Choice:
    """The choice that ``to_plain`` wrote; what makes no sense, in a file that anybody may have changed, is left out."""
    if not isinstance(plain, Mapping):
        return Choice()
    given = plain.get("options")
    options = _sensible(ReadOptions(), given if isinstance(given, Mapping) else {})
    choice: Choice = _sensible(Choice(), {**plain, "options": None})
    return replace(choice, options=options)


_KINDS: dict[str, tuple[type, ...]] = {"header": (bool,), "units": (bool,), "skip": (int,), "rows": ()}
_NAMES = {"columns", "settled", "missing", "dates"}


def _sensible(nothing: Any, plain: Mapping[str, Any]) -> Any:
    taken: dict[str, Any] = {}
    for name in (each.name for each in fields(nothing)):
        value = plain.get(name)
        if name in _NAMES:
            if isinstance(value, list | tuple) and value and all(isinstance(part, str) for part in value):
                taken[name] = tuple(value)
        elif isinstance(value, _KINDS.get(name, (str,))):
            taken[name] = value
    return replace(nothing, **taken)
