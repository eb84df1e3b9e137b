"""The rest of a table, read from the file that a session named."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from gmm_desktop.data import DataError, Dataset, Table
from gmm_desktop.data.table import quoted
from gmm_desktop.session.archive_data import StoredTable, belongs, elsewhere
from gmm_desktop.session.session import Session
from gmm_desktop.session.state import Run, State
from gmm_desktop.session.work import take_work, work_now


def joined(datasets: Iterable[Dataset], table: Table, stored: StoredTable) -> dict[int, Dataset]:
    """Of the data sets that came from a stored file the same with all of its columns, by the ids of the old ones.

    Raises:
        DataError: the file's points are others.
    """
    found = {}
    for dataset in datasets:
        named = elsewhere(dataset)
        if named is not None and named.sha256 == stored.sha256 and belongs(dataset, table):
            whole = replace(dataset, table=table)
            for name in ("scale", "total_weight"):  # they hold the same points
                if name in vars(dataset):
                    vars(whole)[name] = vars(dataset)[name]
            found[id(dataset)] = whole
    if not found:
        raise DataError(f"The points are not those of {quoted(stored.source)}; it is not used.")
    return found


def take_datasets(session: Session, instead: Mapping[int, Dataset]) -> None:
    """Go on with other data sets in the place of some, by their ids; they hold the same points."""
    runs: dict[int, Run] = {}

    def run_of(run: Run) -> Run:
        if id(run) not in runs:
            runs[id(run)] = replace(run, dataset=instead.get(id(run.dataset), run.dataset))
        return runs[id(run)]

    def state_of(state: State) -> State:
        return replace(state, runs=tuple(map(run_of, state.runs)), run=run_of(state.run))

    work = work_now(session).work
    undo, redo = (tuple((name, state_of(state)) for name, state in acts) for acts in (work.undo, work.redo))
    painted = tuple(replace(one, dataset=instead.get(id(one.dataset), one.dataset)) for one in work.painted)
    take_work(session, replace(work, state=state_of(work.state), undo=undo, redo=redo, painted=painted))
