"""The plots. Each view takes snapshots and knows nothing of the others."""

from __future__ import annotations

from dataclasses import dataclass

from gmm_desktop.ui.views.bound import BoundPlot
from gmm_desktop.ui.views.data_plot import DataPlot
from gmm_desktop.ui.views.gain import GainPlot
from gmm_desktop.ui.views.iterations import IterationPlot
from gmm_desktop.ui.views.log_likelihood import LogLikelihoodPlot
from gmm_desktop.ui.views.options import ViewOptions
from gmm_desktop.ui.views.truth import TruthPlot

__all__ = ["VIEWS", "BoundPlot", "DataPlot", "GainPlot", "LogLikelihoodPlot", "TruthPlot", "View", "ViewOptions"]


@dataclass(frozen=True)
class View:
    """A row of ``VIEWS``.

    Attributes:
        id: the objectName of the widget.
        label: what a person calls it.
        widget: makes it; it has ``show_snapshot``, ``set_theme`` and ``set_scale``.
    """

    id: str
    label: str
    widget: type[DataPlot] | type[IterationPlot]


VIEWS = {
    row.id: row
    for row in (
        View("data.plot", "Data and mixture", DataPlot),
        View("log_likelihood.plot", "Log-likelihood", LogLikelihoodPlot),
        View("bound.plot", "Evidence lower bound", BoundPlot),
        View("gain.plot", "Gain and tolerance", GainPlot),
        View("truth.plot", "Fit and truth", TruthPlot),
    )
}
