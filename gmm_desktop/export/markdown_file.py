"""The fitted parameters as Markdown."""

from __future__ import annotations

from gmm_desktop.export.report import FitReport
from gmm_desktop.export.results import components_table, figures_table, notes
from gmm_desktop.export.tables import markdown, markdown_text
from gmm_desktop.options import version


def parameters_markdown(report: FitReport) -> bytes:
    """A heading, a table of the components and one of the figures, and what should be known; every digit."""
    about = "Covariances divide by N_c, not by N_c - 1; lower AIC, AICc, BIC and ICL are better."
    lines = [
        f"# Gaussian mixture: {markdown_text(report.dataset.source)}",
        "",
        markdown(components_table(report)),
        "",
        markdown(figures_table(report)),
        "",
        markdown_text(about),
        *(line for said in notes(report) for line in ("", markdown_text(said))),
        "",
        f"Written by GMM Desktop {markdown_text(version())}.",
    ]
    return ("\n".join(lines) + "\n").encode(errors="replace")
