"""The fitted parameters as LaTeX."""

from __future__ import annotations

from gmm_desktop.export.report import FitReport
from gmm_desktop.export.results import comments, components_table, figures_table
from gmm_desktop.export.tables import latex


def parameters_latex(report: FitReport) -> bytes:
    """Two tabular environments for ``\\input``, the components and the figures; every digit, no package needed."""
    lines = [
        *comments(report, "%", "Tables for \\input: the components of a Gaussian mixture, and figures of the fit"),
        "",
        latex(components_table(report)),
        "",
        "\\bigskip",
        "",
        latex(figures_table(report)),
    ]
    return ("\n".join(lines) + "\n").encode(errors="replace")
