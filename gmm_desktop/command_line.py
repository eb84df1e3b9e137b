"""Opens the window, or fits and exports without one."""

from __future__ import annotations

import io
import os
import re
import signal
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from gmm_desktop.options import Export, Options, parse
from gmm_desktop.ui.loading import UnusableQtError, load_qt

if TYPE_CHECKING:
    from gmm_desktop.data import Dataset
    from gmm_desktop.export import FitReport
    from gmm_desktop.export.writing import Content

#: The size of an exported picture in pixels: that of the window's plot at print resolution.
PICTURE_WIDTH, PICTURE_HEIGHT, PICTURE_SCALE = 1280, 720, 2.0
FILM_WIDTH, FILM_HEIGHT = 1280, 720
INTERRUPTED = 130
_DRAWN = ("picture", "animation", "report")


class FailedError(Exception):
    """Something that could not be done; one plain sentence."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Does what the arguments ask for.

    Returns:
        The exit status: 0 all went well; 1 the data could not be read or fitted, or a file not written;
        2 wrong usage; 130 interrupted.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a name that the terminal cannot show is no reason to fail
    try:
        status = _run(list(sys.argv[1:] if arguments is None else arguments))
        sys.stdout.flush()
    except SystemExit as exit_:
        status = exit_.code if isinstance(exit_.code, int) else 1
    except KeyboardInterrupt:
        status = INTERRUPTED
    except BrokenPipeError:
        # Whoever read the summary has gone; Python would complain once more when it closes the stream.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 0
    except Exception as error:  # nobody foresaw it; a traceback would tell a person nothing
        status = _complain(_sentence(f"Something went wrong that should not ({type(error).__name__}: {error})"), 1)
    return status


def _run(arguments: list[str]) -> int:
    options = parse(arguments)
    try:
        if options.exports_anything:
            return _fit_and_export(options)
        if no_display(os.environ, sys.platform):
            return _without_display(options)
        return _open_window(arguments)
    except (FailedError, UnusableQtError) as error:
        return _complain(str(error), 1)
    except MemoryError:
        return _complain("There is not enough memory for this; take a part of the rows.", 1)


def _complain(sentence: str, status: int) -> int:
    sys.stdout.flush()
    sys.stderr.write(f"gmm-desktop: {sentence}\n")
    return status


def no_display(environment: os._Environ[str] | dict[str, str], platform: str) -> bool:
    """Whether there is no screen to open a window on."""
    screens = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return platform.startswith("linux") and not any(environment.get(name) for name in screens)


# --- fitting and exporting without a window ---


def _fit_and_export(options: Options) -> int:
    """Fits, draws all pictures, writes all files, says what was done."""
    from gmm_desktop.export import ExportError, export_together

    _check_offered(options.exports)
    _check_apart(options)
    report = _fit(options)
    try:
        drawn = [(export.path, _drawn(report, export)) for export in options.exports if export.kind in _DRAWN]
        files = [(export.path, export.kind) for export in options.exports if export.kind not in _DRAWN]
        export_together(report, files, drawn)
        print("\n".join([summary(report), *_said_of_films(report, options), *_written(options)]))
    except ExportError as error:
        raise FailedError(str(error)) from error
    return 0


def _written(options: Options) -> list[str]:
    return [f"Wrote {export.path}" for export in options.exports]


def _check_apart(options: Options) -> None:
    """Refuses to write over the data that are read."""
    for export in options.exports:
        if options.data not in (None, "-") and _same_file(str(options.data), export.path):
            raise FailedError(f"'{export.path}' holds the data that are read; give another name.")


def _same_file(one: str, other: str) -> bool:
    return os.path.exists(one) and os.path.exists(other) and os.path.samefile(one, other)


def _check_offered(exports: Sequence[Export]) -> None:
    """Refuses what this machine cannot make, before any time is spent on a fit."""
    for export in exports:
        if export.kind in _DRAWN:
            load_qt(window=False)
        if missing := _missing(export):
            raise FailedError(missing)


def _fit(options: Options) -> FitReport:
    """The fit that the options describe, run to its end."""
    from gmm_desktop.data import DataError
    from gmm_desktop.data.table import quoted
    from gmm_desktop.export import FitReport
    from gmm_desktop.mixture import FitHistory, fit_steps

    try:
        dataset, settings, start = options.load()
    except DataError as error:
        raise FailedError(str(error)) from error
    if options.use is not None:
        settings = replace(settings, max_iterations=0)  # the E-step alone
    labels = dataset.start_labels if settings.initialization == "labels" else None
    history = FitHistory()
    try:
        steps = fit_steps(dataset.points, settings, start=start, labels=labels, sample_weight=dataset.sample_weight)
        while True:
            step = next(steps)
            if step.iteration == 0:  # another start of a race, or the best one again
                history = FitHistory()
            history.append(step)
    except StopIteration as end:
        history.end(end.value)
    except ValueError as error:
        skipped = " ".join(said for said in dataset.messages if " skipped: " in said)
        raise FailedError(_sentence(f"{quoted(dataset.source)} cannot be fitted: {error} {skipped}")) from error
    if history.outcome == "failed" or not len(history):
        raise FailedError(_sentence(f"{quoted(dataset.source)} cannot be fitted: {' '.join(history.messages)}"))
    return FitReport(dataset, settings, history, start=start, used=Path(options.use or "").name)


def summary(report: FitReport) -> str:
    """The fit in a few lines, and what a person should know about it."""
    from gmm_desktop.data.table import listed, quoted

    data, fit = report.dataset, report.criteria
    count, k = report.shown, report.mixture.n_components
    how = {"converged": "converged after", "stopped": "stopped at the maximum of"}.get(report.outcome, "at")
    lines = [
        f"{quoted(data.source)}: {data.size} points in {listed(data.names)}{_weighted(data)}; "
        f"{k} component{'s' * (k != 1)}, {report.settings.covariance} covariance.",
        f"Not fitted: log-likelihood {report.log_likelihood:.6f}."
        if report.used
        else f"EM {how} {count} iteration{'s' * (count != 1)}: log-likelihood {report.log_likelihood:.6f}, "
        f"AIC {fit.aic:.3f}, BIC {fit.bic:.3f} (lower is better).",
    ]
    for letter, index in zip(report.letters, report.order, strict=True):
        mean = ", ".join(f"{value:.5g}" for value in report.mixture.means[index])
        lines.append(f"  {letter}: weight {report.mixture.weights[index]:.4f}, mean {mean}")
    return "\n".join([*lines, *data.messages, *report.messages])


def _weighted(data: Dataset) -> str:
    from gmm_desktop.data.table import quoted

    by = f" by {quoted(data.weights_from)}" if data.weights_from else ""
    return (
        "" if data.sample_weight is None else f", weighted{by} (n is the sum of the weights, {data.total_weight:.15g})"
    )


def _missing(export: Export) -> str:
    """What this machine lacks for a format, in a sentence; "" where it lacks nothing."""
    from gmm_desktop.export import exporter
    from gmm_desktop.export.animations import ANIMATIONS

    if export.kind == "animation":
        return ANIMATIONS[Path(export.path).suffix.lower()].missing()
    return "" if export.kind in _DRAWN else exporter(export.path, export.kind).missing()


def _drawn(report: FitReport, export: Export) -> Content:
    """A picture or a report, or a film that is drawn while it is written."""
    if export.kind == "animation":
        return _film(report, export.path)
    return _picture(report, Path(export.path).suffix.lower(), export.kind)


def _film(report: FitReport, path: str) -> Iterator[bytes]:
    """The run as a film: the pieces of its file, drawn without a window."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from PySide6.QtWidgets import QApplication

    from gmm_desktop.data import say_nothing
    from gmm_desktop.session import snapshot_of
    from gmm_desktop.ui.film_view import FilmLook
    from gmm_desktop.ui.filming import Filming, plan_film

    application = QApplication.instance() or QApplication(["gmm-desktop"])
    run = snapshot_of(report.dataset, report.settings, report.history, report.shown, used=report.used)
    plan = plan_film(FilmLook(FILM_WIDTH, FILM_HEIGHT), run.last_iteration)
    yield from Filming(plan, run, report.history, path).content(say_nothing)
    del application  # it must live as long as anything is drawn


def _said_of_films(report: FitReport, options: Options) -> list[str]:
    """That films leave steps out, where they do."""
    from gmm_desktop.session.film import film_steps

    shown = len(film_steps(report.shown))
    films = any(export.kind == "animation" for export in options.exports)
    return [f"The film shows {shown} of {report.shown + 1} steps."] if films and shown <= report.shown else []


def _picture(report: FitReport, suffix: str, kind: str) -> bytes:
    """The plot or the report of the fit as a file's bytes, drawn without a window."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"  # whatever screen there is, none is needed
    from PySide6.QtWidgets import QApplication

    from gmm_desktop.session import snapshot_of
    from gmm_desktop.ui.pictures import PictureLook, picture_bytes
    from gmm_desktop.ui.reporting import report_bytes

    application = QApplication.instance() or QApplication(["gmm-desktop"])
    snapshot = snapshot_of(report.dataset, report.settings, report.history, report.shown, used=report.used)
    try:
        if kind == "report":
            content = report_bytes(suffix, report, snapshot)
        else:
            content = picture_bytes(suffix, snapshot, PictureLook(PICTURE_WIDTH, PICTURE_HEIGHT, PICTURE_SCALE))
    except ValueError as error:
        raise FailedError(_sentence(str(error))) from error
    del application  # it must live as long as anything is drawn
    return content


def _without_display(options: Options) -> int:
    """Without a screen: fits the data given, or Old Faithful, and leaves picture and parameters here."""
    if options.data is None and options.sample is None:
        options = replace(options, sample="faithful")
    name = _file_name(options)
    exports = (Export("picture", f"{name}.png"), Export("parameters", f"{name}.json"))
    print("There is no display for a window (DISPLAY and WAYLAND_DISPLAY are unset), so the fit goes to files.")
    return _fit_and_export(replace(options, exports=exports))


def _file_name(options: Options) -> str:
    """A name for files, from what the data are called; not the data's own, beside which other files may lie."""
    if options.sample is not None:
        return {"faithful": "old-faithful"}.get(options.sample, options.sample)
    stem = "" if options.data == "-" else Path(options.data or "").stem
    stem = re.sub(r"[^\w.-]+", "-", stem).strip("-.")
    return f"{stem}-fit" if stem else "gmm-desktop-fit"


# --- the window ---


def _open_window(arguments: list[str]) -> int:
    load_qt(window=True)
    from PySide6.QtWidgets import QApplication

    from gmm_desktop.app import create_window
    from gmm_desktop.ui import leaving, reports

    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Python's own handler would wait for the next event
    window = create_window(arguments)
    reports.begin_process(window.mark)
    leaving.watch(window)
    status = QApplication.exec()
    leaving.leave(status)
    reports.end_process()
    del window  # before the interpreter takes the application apart
    return status


def _sentence(text: str) -> str:
    """One line that ends in a full stop."""
    return re.sub(r"\s+", " ", text).strip().rstrip(".") + "."
