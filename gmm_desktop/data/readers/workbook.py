"""Workbooks: xlsx, xlsb, xls and ods."""

from __future__ import annotations

from gmm_desktop.data.readers.cells import table_of_grid
from gmm_desktop.data.readers.grid import unpack_grid
from gmm_desktop.data.readers.isolated import read_apart
from gmm_desktop.data.readers.source import Source
from gmm_desktop.data.table import ReadOptions, Table, Tell, say_nothing


def read_workbook(source: Source, options: ReadOptions, tell: Tell = say_nothing) -> Table:
    """The table in a sheet of a workbook: in the one that is named, else in the first that holds something.

    Raises:
        GivenUpError: ``tell`` raised it.
        DataError: it is locked, damaged or forged, or holds no rows.
    """
    parcel = read_apart("workbook", source, options, tell)
    head = parcel.head
    return table_of_grid(source, unpack_grid(parcel), options, head["parts"], head["part"], head["said"])
