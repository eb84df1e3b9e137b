"""Fits to files: the table of formats, and writing them whole."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from gmm_desktop.data import DataError, StoredFit, read_fit
from gmm_desktop.export.labelled import data_csv
from gmm_desktop.export.parameters import parameters_csv, parameters_json
from gmm_desktop.export.report import ExportError, FitReport
from gmm_desktop.export.writing import write_whole


@dataclass(frozen=True)
class Exporter:
    """One format: "parameters" or "data", its suffix, its name in a file dialog, what makes its bytes."""

    kind: str
    suffix: str
    label: str
    write: Callable[[FitReport], bytes]


EXPORTERS: tuple[Exporter, ...] = (
    Exporter("parameters", ".json", "Parameter file", parameters_json),
    Exporter("parameters", ".csv", "Parameters as a table", parameters_csv),
    Exporter("data", ".csv", "Data with labels and responsibilities", data_csv),
)


def file_filters(kind: str) -> list[tuple[str, str]]:
    """The suffix and the label of each format of a kind, for a file dialog; the usual one first."""
    return [(row.suffix, row.label) for row in EXPORTERS if row.kind == kind]


def exporter(path: str | Path, kind: str) -> Exporter:
    """The format that a file's suffix names.

    Raises:
        ExportError: none does; the sentence lists those there are.
    """
    suffix = Path(path).suffix.lower()
    offered = [row for row in EXPORTERS if row.kind == kind]
    for row in offered:
        if row.suffix.lower() == suffix:
            return row
    raise ExportError(
        f"'{Path(path).name}' was not written: end its name in {' or '.join(row.suffix for row in offered)}, "
        f"the formats for {kind}."
    )


def prepare(report: FitReport, path: str | Path, kind: str) -> bytes:
    """The bytes of a file, before anything is written.

    Raises:
        ExportError: the suffix is not offered, or the data's file has changed since it was read.
    """
    try:
        return exporter(path, kind).write(report)
    except DataError as error:
        raise ExportError(str(error)) from error


def export(report: FitReport, path: str | Path, kind: str) -> None:
    """Writes one file, whole or not at all.

    Args:
        report: the fit.
        path: its suffix names the format.
        kind: "parameters" or "data".

    Raises:
        ExportError: one sentence.
    """
    write_whole(path, prepare(report, path, kind))


__all__ = [
    "EXPORTERS",
    "ExportError",
    "Exporter",
    "FitReport",
    "StoredFit",
    "export",
    "exporter",
    "file_filters",
    "prepare",
    "read_fit",
    "write_whole",
]
