"""The fitted parameters for MATLAB and Octave."""

from __future__ import annotations

import io
from typing import Any

import numpy as np

from gmm_desktop.export.report import FitReport
from gmm_desktop.export.results import constrained, kind_in_words, notes, said_of_type
from gmm_desktop.options import version

_FAMILIES = {
    "full": ("full", False),
    "tied": ("full", True),
    "diag": ("diagonal", False),
    "spherical": ("diagonal", False),
}
"""For each covariance type ``CovarianceType`` and ``SharedCovariance`` of gmdistribution, which knows no spheres."""
_HEADER = 116
"""Bytes of a MAT-file that describe it in words."""


def parameters_mat(report: FitReport) -> bytes:
    """A version 5 MAT-file with the arguments of ``gmdistribution(mu, Sigma, ComponentProportion)``, and more.

    ``mu`` (k, d), ``Sigma`` (d, d, k), ``ComponentProportion`` (1, k); ``components`` and ``columns`` are cell
    arrays of names. ``CovarianceType`` and ``SharedCovariance`` are the words of gmdistribution for the family that
    ``Sigma``, in the data's units, obeys; ``covariance`` is this program's. What is not known is an empty array.
    """
    from scipy.io import savemat  # a fifth of a second to import

    mixture, order, result = report.mixture, report.order, report.criteria
    family, shared = _FAMILIES[constrained(report)[0]]
    content: dict[str, Any] = {
        "mu": mixture.means[order],
        "Sigma": np.moveaxis(mixture.covariances[order], 0, 2),
        "ComponentProportion": mixture.weights[order][np.newaxis],
        "components": _cells(list(report.letters)),
        "columns": _cells(list(report.dataset.names)),
        "CovarianceType": family,
        "SharedCovariance": np.array([[shared]]),
        "covariance": kind_in_words(report),
        "data": report.dataset.source,
        "points": float(report.dataset.total_weight),
        "outcome": report.outcome,
        "iterations": float(report.shown),
        "logLikelihood": report.log_likelihood,
        "parameters": float(result.parameters),
        "AIC": result.aic,
        "AICc": _known(result.aicc),
        "BIC": result.bic,
        "ICL": _known(result.icl),
        "messages": _cells([*notes(report), *said_of_type(report)]),
    }
    file = io.BytesIO()
    # The stubs know names of files only.
    savemat(file, {key: _text(value) if isinstance(value, str) else value for key, value in content.items()})  # type: ignore[arg-type]
    words = f"MATLAB 5.0 MAT-file, written by GMM Desktop {version()}"  # without the time: the same fit, the same bytes
    return words.encode("ascii", "replace").ljust(_HEADER)[:_HEADER] + file.getvalue()[_HEADER:]


def _known(value: float | None) -> float | np.ndarray[Any, Any]:
    return np.empty((0, 0)) if value is None else value


def _cells(texts: list[str]) -> np.ndarray[Any, Any]:
    cells = np.empty((1, len(texts)), dtype=object)
    cells[0, :] = [_text(text) for text in texts]
    return cells


def _text(text: str) -> str:
    """Text that the file can hold: what is half of a character is not."""
    return text.encode(errors="replace").decode()
