"""The report of a fit: its plots drawn off screen, and the page written as HTML or PDF."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from gmm_desktop.export import FitReport
from gmm_desktop.export.report_html import Plot, page_html
from gmm_desktop.export.report_page import Page, report_page
from gmm_desktop.mixture.divergence import mean_log_likelihood
from gmm_desktop.session.snapshot import Snapshot
from gmm_desktop.ui.pictures import Encode, PictureLook, off_screen, vector_pieces
from gmm_desktop.ui.pieces import Pieces, all_at_once
from gmm_desktop.ui.report_paper import Drawing, page_pdf
from gmm_desktop.ui.vectors import Recorded, record, svg_bytes
from gmm_desktop.ui.views import LogLikelihoodPlot, ViewOptions
from gmm_desktop.ui.views.content import Cloud

if TYPE_CHECKING:
    from gmm_desktop.ui.main_window import MainWindow

_DATA = PictureLook(640, 400)
_CURVE = PictureLook(400, 400)


def report_pieces(
    suffix: str, report: FitReport, snapshot: Snapshot, options: ViewOptions, shown: Cloud | None = None
) -> Pieces[Encode]:
    """Draw the plots of a report, piece by piece; what comes of it makes the file's content, in whatever thread.

    Args:
        suffix: a key of ``REPORTS``.
        report: what is told.
        snapshot: the same iteration, to be drawn; without what a person is still at.
        options: how the data plot is drawn.
        shown: the snapshot's data, where somebody has prepared them.
    """
    still = replace(snapshot, draft=None, guess=None, mode="watching")
    look = replace(_DATA, options=options, dots=REPORTS[suffix].dots)
    data = yield from vector_pieces(still, look, shown)
    curve = yield from _curve_pieces(still, replace(_CURVE, options=options))
    drawings = (Drawing(data, look), Drawing(curve, _CURVE))
    return lambda: REPORTS[suffix].write(report_page(report), drawings)


def report_bytes(suffix: str, report: FitReport, snapshot: Snapshot) -> bytes:
    """The content of a report's file, here and now. Raises as ``draw_picture`` does."""
    return all_at_once(report_pieces(suffix, report, snapshot, ViewOptions()))()


def _curve_pieces(snapshot: Snapshot, look: PictureLook) -> Pieces[Recorded]:
    """The log-likelihood of each iteration, recorded."""
    truth, data = snapshot.truth, snapshot.dataset
    known = [math.nan]
    if truth is not None and look.options.truth:
        yield lambda: known.append(mean_log_likelihood(truth, data.points, data.sample_weight))
    with off_screen(LogLikelihoodPlot(), look) as plot:
        plot.set_truth_shown(look.options.truth)
        plot.know_truth(snapshot, known[-1])
        plot.show_snapshot(snapshot)
        plot.settle()
        yield None
        recorded = yield from record(plot, look)
    return recorded


def _html(page: Page, drawings: tuple[Drawing, ...]) -> bytes:
    about = ("The data and the mixture", "The log-likelihood of each iteration")
    plots = (Plot(words, svg_bytes(one.recorded, one.look)) for words, one in zip(about, drawings, strict=True))
    return page_html(page, tuple(plots))


@dataclass(frozen=True)
class ReportFormat:
    """A row of ``REPORTS``: what a dialog calls a format, what makes a file's content, how its plots are recorded."""

    id: str
    label: str
    write: Callable[[Page, tuple[Drawing, ...]], bytes]
    dots: bool = False


REPORTS = {
    row.id: row
    for row in (
        ReportFormat(".html", "Report as a web page", _html),
        ReportFormat(".pdf", "Report as a PDF page", page_pdf, dots=True),
    )
}


def export_report(window: MainWindow) -> None:
    """Ask for a place and write the report of the shown iteration."""
    from gmm_desktop.export import write_whole
    from gmm_desktop.ui import files
    from gmm_desktop.ui.panels.display_panel import DisplayPanel
    from gmm_desktop.ui.picturing import prepared

    run, frame = window.session.state.run, window.session.state.frame.iteration
    snapshot = window.session.snapshot()
    formats = [(row.id, row.label) for row in REPORTS.values()]
    path = files.ask_where(window, "Export report", f"{files.stem(run.dataset)}-report", formats)
    if not path:
        return
    suffix = Path(path).suffix.lower()
    if suffix not in REPORTS:
        window.notices.tell(f"'{Path(path).name}' was not written: end its name in {' or '.join(REPORTS)}.")
        return

    def write(encode: Encode) -> None:
        files.later(
            window,
            f"Writing {Path(path).name}",
            lambda: write_whole(path, encode()),
            lambda _: window.notices.tell(f"Wrote the report of iteration {frame} to {path}.", passing=True),
            must_finish=True,
        )

    report = FitReport(run.dataset, run.settings, run.history, frame, run.ending, used=run.used, start=run.start)
    options = window.panel(DisplayPanel).options
    pieces = report_pieces(suffix, report, snapshot, options, prepared(window, snapshot))
    window.pieces.start(pieces, write, lambda error: files.fail(window, error))
