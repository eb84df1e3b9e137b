"""A fit as a command line for a shell that repeats it."""

from __future__ import annotations

import hashlib
import json
import shlex
from collections.abc import Sequence
from dataclasses import replace

from gmm_desktop.data import Dataset
from gmm_desktop.data.stored_fit import FORMAT, VERSION
from gmm_desktop.data.table import quoted
from gmm_desktop.export.carrying import (
    TO_SAVE,
    as_table,
    file_of,
    has_plain_names,
    is_drawn,
    named_data,
    table_arguments,
)
from gmm_desktop.export.report import FitReport
from gmm_desktop.export.results import standardises
from gmm_desktop.mixture import FitSettings, component_letter
from gmm_desktop.mixture.summary import AUTO_FROM

_END = "END_OF_TEXT"
_WITH_DEFAULTS = ("variance_floor", "collapse", "acceleration", "summarise")
"""Options that are named only where they are not the usual ones."""


def command_line(report: FitReport, then: Sequence[str] = ("--run",)) -> str:
    """The shell commands that repeat a fit, the last of them ``gmm-desktop``, quoted for a POSIX shell.

    A start that a person placed, or a fit that was used as it is, is written to a file first, and few points that
    nothing names are given as standard input, both out of the text itself. What the command cannot repeat is said in
    comments before it.

    Args:
        report: the fit, shown at one of its iterations.
        then: further arguments; those of a window that plays it, where nothing else is given.
    """
    lines = [f"# {said}" for said in cautions(report)]
    data, table = _data(report)
    arguments = ["gmm-desktop", *data]
    if report.start is not None or report.is_used:
        name, content = start_file(report)
        lines += [f"cat > {name} <<'{_END}'\n{content}{_END}"]
        arguments += ["--use" if report.is_used else "--start", name]
    arguments += [] if report.is_used else _options(report)
    arguments += then if report.shown or tuple(then) != ("--run",) else ()
    after = f" <<'{_END}'\n{table}{_END}" if table else ""
    return "\n".join([*lines, shlex.join(arguments) + after]) + "\n"


def start_file(report: FitReport) -> tuple[str, str]:
    """The name and the content of a file for ``--start``: the first mixture of the run, in the order of its letters.

    For ``--use`` it says too which columns it is of, and of what family. The name holds a hash of the content, so that
    it writes over nothing else.
    """
    mixture = report.history.mixture_at(0)
    content: dict[str, object] = {"format": FORMAT, "version": VERSION}
    if report.is_used:
        settings = report.settings
        content["data"] = {"columns": list(report.dataset.names)}
        content["settings"] = {"covariance": settings.covariance, "standardise": settings.standardise}
    content["mixture"] = {
        "names": [component_letter(index) for index in range(mixture.n_components)],
        "weights": mixture.weights.tolist(),
        "means": mixture.means.tolist(),
        "covariances": mixture.covariances.tolist(),
    }
    text = json.dumps(content) + "\n"
    word = "used" if report.is_used else "start"
    return f"gmm-desktop-{word}-{hashlib.sha256(text.encode()).hexdigest()[:8]}.json", text


def cautions(report: FitReport) -> list[str]:
    """What the command line does not repeat, or what has to be done first, in sentences."""
    data, said = _to_carry(report), []
    if named_data(report.dataset) is None:
        if file_of(report.dataset) is not None:
            said.append("How the file was read cannot be said on the command line.")
        if as_table(data) is None:
            said.append(TO_SAVE.format(place="DATA.csv"))
            said += ["The Python script draws them again."] if is_drawn(report.dataset) else []
            if data.dimension > 2 and not has_plain_names(data):
                said.append("The names of the columns cannot all be given: put in which are to be fitted.")
        else:
            said.append("No file holds these data as they are, so that they follow the command.")
    if report.is_used:
        named = quoted(report.used)
        said.append(
            f"The fit in {named} is not made again: its parameters are written to {start_file(report)[0]} first, and "
            "label the data as they are."
        )
        return said
    if report.start is not None:
        said.append(f"The start was placed or came from a file: it is written to {start_file(report)[0]} first.")
    return said + _about_the_iteration(report)


def _data(report: FitReport) -> tuple[tuple[str, ...], str]:
    """The arguments that name the data, and a table that is given as standard input, or ""."""
    named = named_data(report.dataset)
    if named is not None:
        return named, ""
    data = _to_carry(report)
    if (table := as_table(data)) is not None:
        return ("-", *table_arguments(data)), table
    columns = [] if has_plain_names(data) else ["--header"]
    return ("DATA.csv", *columns, *table_arguments(data)), ""


def _to_carry(report: FitReport) -> Dataset:
    """The data, without the known labels where the fit does not begin at them."""
    from_labels = report.settings.initialization == "labels" and not report.is_used
    return report.dataset if from_labels else replace(report.dataset, labels=None)


def can_be_cut_short(report: FitReport) -> bool:
    """Whether a fit that ends early takes the same steps until then.

    A race of starts may have another winner; a run through a summary of the points ends with steps from all of them.
    """
    settings, data = report.settings, report.dataset
    least = 0 if settings.summarise == "always" else AUTO_FROM.get(data.dimension, 0)
    summarised = settings.summarise != "never" and data.dimension in AUTO_FROM and data.size >= least
    return not _races(report) and not summarised


def _races(report: FitReport) -> bool:
    return report.settings.restarts > 1 and report.start is None


def _about_the_iteration(report: FitReport) -> list[str]:
    """Where the command stops, if that is not simply where the fit stopped."""
    shown, stop = report.shown, report.stop
    if not shown or shown == stop:
        return []
    if stop is not None and shown > stop and not _races(report):
        return [
            f"The fit stopped at iteration {stop} and went on to {shown}: this goes there without a stop, so that the "
            "last digits may differ."
        ]
    if (stop is None or shown < stop) and can_be_cut_short(report):
        return [f"This stops at iteration {shown}, which was shown; without --max-iterations it goes on to the end."]
    return [f"This runs to the end of the fit; iteration {shown} was shown."]


def _options(report: FitReport) -> list[str]:
    """The settings as options; where another iteration is shown than the last, the command stops there if it can."""
    settings, shown, stop = report.settings, report.shown, report.stop
    rule, most = settings.stop_rule, settings.max_iterations
    if stop is not None and shown > stop and not _races(report):
        rule, most = "iterations", shown
    elif shown and (stop is None or shown < stop) and can_be_cut_short(report):
        most = shown
    options = {
        "components": settings.components,
        "covariance": settings.covariance,
        "initialization": settings.initialization,
        "stop-rule": rule,
        "tolerance": repr(float(settings.tolerance)),
        "max-iterations": max(int(most), 1),
        "restarts": settings.restarts,
        "seed": settings.seed,
    }
    options |= {
        name.replace("_", "-"): getattr(settings, name)
        for name in _WITH_DEFAULTS
        if getattr(settings, name) != getattr(FitSettings, name)
    }
    words = [word for name, value in options.items() for word in (f"--{name}", str(value))]
    return [*words, "--standardise"] if standardises(report) else words
