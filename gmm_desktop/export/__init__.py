"""Fits to files: the table of formats, and writing them whole."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from gmm_desktop.data import DataError, StoredFit, Tell, read_fit, say_nothing
from gmm_desktop.export.labelled import data_csv
from gmm_desktop.export.latex_file import parameters_latex
from gmm_desktop.export.markdown_file import parameters_markdown
from gmm_desktop.export.mat_file import parameters_mat
from gmm_desktop.export.parameters import parameters_csv, parameters_json
from gmm_desktop.export.parquet import data_parquet, no_parquet
from gmm_desktop.export.python_file import parameters_python
from gmm_desktop.export.r_file import parameters_r
from gmm_desktop.export.report import ExportError, FitReport
from gmm_desktop.export.writing import Content, write_together, write_whole


@dataclass(frozen=True)
class Exporter:
    """One format.

    Attributes:
        kind: "parameters" or "data".
        suffix: of its files.
        label: its name in a file dialog.
        write: makes its bytes.
        missing: "" where it can be written on this machine, or the sentence that says what is missing.
    """

    kind: str
    suffix: str
    label: str
    write: Callable[[FitReport, Tell], Content]
    missing: Callable[[], str] = lambda: ""


EXPORTERS: tuple[Exporter, ...] = (
    Exporter("parameters", ".json", "Parameter file", lambda report, _: parameters_json(report)),
    Exporter("parameters", ".csv", "Parameters as a table", lambda report, _: parameters_csv(report)),
    Exporter("parameters", ".md", "Markdown", lambda report, _: parameters_markdown(report)),
    Exporter("parameters", ".tex", "LaTeX tables", lambda report, _: parameters_latex(report)),
    Exporter("parameters", ".py", "Python, for scikit-learn", lambda report, _: parameters_python(report)),
    Exporter("parameters", ".R", "R, for mclust", lambda report, _: parameters_r(report)),
    Exporter("parameters", ".mat", "MATLAB", lambda report, _: parameters_mat(report)),
    Exporter("data", ".csv", "Data with labels and responsibilities", data_csv),
    Exporter("data", ".parquet", "The same as Parquet", data_parquet, no_parquet),
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


def export(report: FitReport, path: str | Path, kind: str, tell: Tell = say_nothing) -> None:
    """Writes one file, whole or not at all.

    Args:
        report: the fit.
        path: its suffix names the format.
        kind: "parameters" or "data".
        tell: told the share that has been written, now and then.

    Raises:
        ExportError: one sentence.
        GivenUpError: ``tell`` raised it.
    """
    export_together(report, [(path, kind)], tell=tell)


def export_together(
    report: FitReport,
    files: Sequence[tuple[str | Path, str]],
    others: Sequence[tuple[str | Path, Content]] = (),
    tell: Tell = say_nothing,
) -> None:
    """Writes several files, none of which takes its place before all of them are made.

    Args:
        report: the fit.
        files: paths and their kinds, as in ``export``.
        others: paths of further files and their content, made already or made as it is written.
        tell: as in ``export``, for each of ``files``.

    Raises:
        ExportError: one sentence.
        GivenUpError: ``tell`` raised it.
    """
    try:
        made = [(path, exporter(path, kind).write(report, tell)) for path, kind in files]
        write_together([*made, *others])
    except DataError as error:  # the file that was read has changed, or is gone
        raise ExportError(str(error)) from error


__all__ = [
    "EXPORTERS",
    "ExportError",
    "Exporter",
    "FitReport",
    "StoredFit",
    "export",
    "export_together",
    "exporter",
    "file_filters",
    "read_fit",
    "write_whole",
]
