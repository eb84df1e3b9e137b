"""The fitted parameters as files."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import math
import platform
from dataclasses import asdict
from typing import Any

import numpy as np

from gmm_desktop.data import Dataset
from gmm_desktop.data.stored_fit import FORMAT, VERSION
from gmm_desktop.export.report import FitReport
from gmm_desktop.export.results import components_table, notes
from gmm_desktop.export.tables import exact
from gmm_desktop.options import version


def parameters_json(report: FitReport) -> bytes:
    """The parameter file: all that is needed to repeat the fit, or to go on from it.

    Numbers have as many digits as it takes to read the same bits back; what is not a number is null.
    """
    result = report.criteria
    content = {
        "format": FORMAT,
        "version": VERSION,
        "software": {
            "name": "GMM Desktop",
            "version": version(),
            "python": platform.python_version(),
            "numpy": np.__version__,
        },
        "data": _data(report.dataset),
        "settings": asdict(report.settings),
        "result": {
            "outcome": report.outcome,
            "iterations": report.shown,
            "log_likelihood": report.log_likelihood,
            "parameters": result.parameters,
            "aic": result.aic,
            "aicc": result.aicc,
            "bic": result.bic,
            "icl": result.icl,
        },
        "mixture": report.parameters(report.mixture),
        "start": report.parameters(report.history.mixture_at(0)),
        "history": {"log_likelihood": report.history.log_likelihoods[: report.shown + 1].tolist()},
        "messages": notes(report),
    }
    text = json.dumps(_without_nan(content), indent=2, ensure_ascii=False, allow_nan=False)
    return (text + "\n").encode(errors="replace")


def parameters_csv(report: FitReport) -> bytes:
    """One line a component: its letter, weight, means and the upper triangle of its covariance matrix."""
    table = components_table(report)
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(table.header)
    writer.writerows([cell if isinstance(cell, str) else exact(cell or 0.0) for cell in row] for row in table.rows)
    return text.getvalue().encode(errors="replace")


def _data(dataset: Dataset) -> dict[str, Any]:
    """Where the data came from; the hash is of the file's bytes, or of generated points' 64-bit numbers."""
    table = dataset.table
    digest = table.sha256 if table else hashlib.sha256(np.ascontiguousarray(dataset.points, "<f8").data).hexdigest()
    data: dict[str, Any] = {
        "source": dataset.source,
        "columns": list(dataset.names),
        "rows": table.rows if table else dataset.size,
        "rows_skipped": dataset.skipped,
        "sha256": digest,
    }
    if dataset.sample_weight is not None:
        data["weight"] = dataset.total_weight
    return data


def _without_nan(value: Any) -> Any:
    """The same, with null for what is not a finite number."""
    if isinstance(value, dict):
        return {key: _without_nan(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_without_nan(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
