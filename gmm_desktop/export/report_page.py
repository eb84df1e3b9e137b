"""The page that reports a fit: what it says, before anything lays it out."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gmm_desktop.data import Dataset
from gmm_desktop.export.parameters import _data as facts_of_file
from gmm_desktop.export.repeat import command_line
from gmm_desktop.export.report import FitReport
from gmm_desktop.export.results import standardises
from gmm_desktop.export.tables import Cell, TextTable, one_line
from gmm_desktop.mixture import ACCELERATIONS, COLLAPSES, COVARIANCE_TYPES, INITIALIZERS, STOP_RULES, FitSettings
from gmm_desktop.options import version

Facts = tuple[tuple[str, str], ...]

MOST_COLUMNS = 8
"""Columns of the data that a page has room for."""
MOST_ROWS = 40
"""Rows of the table of components that a page has room for."""
LONGEST_COMMAND, MOST_LINES = 1500, 14
"""Of a command line that a page has room for; longer ones carry the data themselves along."""
_LONGEST_NAME, _LONGEST_HEADING, _LONGEST_SOURCE, _LONGEST_SENTENCE = 40, 16, 80, 400
_MOST_SENTENCES = 8
_DIGITS, _MOST_DIGITS = 6, 17

ROUNDING = (
    "Six significant digits, and more where a value is far from 0 beside its standard deviation; log-likelihood and "
    "criteria with two decimals. The parameter file has every digit."
)


@dataclass(frozen=True)
class Section:
    """A part of the page; all texts are plain.

    Attributes:
        heading: of one line.
        facts: names and values.
        table: a table, or None; its cells are words.
        sentences: below them.
        code: lines for a shell, or "".
        aside: whether ``code`` is too long for a page of paper.
    """

    heading: str
    facts: Facts = ()
    table: TextTable | None = None
    sentences: tuple[str, ...] = ()
    code: str = ""
    aside: bool = False


@dataclass(frozen=True)
class Page:
    """A report: the title, and its parts."""

    title: str
    data: Section
    settings: Section
    result: Section
    components: Section
    command: Section
    footer: str


def report_page(report: FitReport) -> Page:
    """Everything that the page says. Passes over all points: not for the window's thread."""
    return Page(
        title=f"Gaussian mixture: {_cut(report.dataset.source, _LONGEST_SOURCE)}",
        data=_data(report.dataset),
        settings=_settings(report),
        result=_result(report),
        components=_components(report),
        command=_command(report),
        footer=f"Written by GMM Desktop {version()}. {ROUNDING}",
    )


def rounded(value: float, spread: float = 0.0) -> str:
    """A number with six significant digits, or so many more that four are left of it beside a spread."""
    if not math.isfinite(value):
        return "–"
    digits = _DIGITS
    if value and 0 < spread < math.inf:
        digits = min(max(digits, 4 + math.ceil(math.log10(abs(value)) - math.log10(spread))), _MOST_DIGITS)
    mantissa, _, exponent = f"{value:.{digits}g}".partition("e")
    return f"{mantissa}e{int(exponent)}" if exponent else mantissa


def figure(value: float) -> str:
    """A log-likelihood or a criterion."""
    if not math.isfinite(value):
        return "–"
    return f"{value:.2f}" if abs(value) < 1e9 else rounded(value)


def _cut(text: str, longest: int) -> str:
    """Text on one line, without what cannot be seen, and no longer than there is room for."""
    line = one_line(text[: 4 * longest])
    return line if len(line) <= longest and len(text) <= 4 * longest else line[: longest - 1] + "…"


def _name(text: str) -> str:
    return _cut(text, _LONGEST_NAME)


def _sentences(said: tuple[str, ...]) -> tuple[str, ...]:
    shown = tuple(_cut(sentence, _LONGEST_SENTENCE) for sentence in said[:_MOST_SENTENCES])
    left = len(said) - len(shown)
    return (*shown, f"{left} more such notes are in the parameter file.") if left else shown


# --- the data ---


def _data(data: Dataset) -> Section:
    known = facts_of_file(data)
    facts = [("Source", _cut(data.source, _LONGEST_SOURCE)), ("Points", str(data.size))]
    if data.table is not None:
        facts.append(("Rows", f"{known['rows']} read, {known['rows_skipped']} of them skipped"))
    if data.seed is not None:
        facts.append(("Seed of the data", str(data.seed)))
    if data.unit:
        facts.append(("Unit", _name(data.unit)))
    if data.sample_weight is not None:
        named = f", from the column {_name(data.weights_from)}" if data.weights_from else ""
        facts.append(("Weights of the rows", f"sum {rounded(data.total_weight)}{named}"))
    facts.append(("SHA-256", f"{known['sha256']} of {'the file' if data.table else 'the numbers'}"))
    said = list(data.messages)
    if data.dimension > MOST_COLUMNS:
        said.append(f"{data.dimension - MOST_COLUMNS} more columns are fitted; the page has no room for them.")
    return Section("Data", tuple(facts), _columns_table(data), _sentences(tuple(said)))


def _columns_table(data: Dataset) -> TextTable:
    """Least, mean, standard deviation and greatest of each column."""
    unit = f" ({_name(data.unit)})" if data.unit else ""
    header = (f"column{unit}", "min", "mean", "SD", "max")
    points = data.points[:, :MOST_COLUMNS]
    with np.errstate(over="ignore", invalid="ignore"):
        means = np.average(points, axis=0, weights=data.sample_weight)
        spreads = data.scale
    rows: list[tuple[Cell, ...]] = []
    for c, name in enumerate(data.names[:MOST_COLUMNS]):
        numbers = (points[:, c].min(), means[c], points[:, c].max())
        low, mean, high = (rounded(float(value), float(spreads[c])) for value in numbers)
        rows.append((_name(name), low, mean, rounded(float(spreads[c])), high))
    return TextTable(header, tuple(rows))


# --- the settings ---


def _settings(report: FitReport) -> Section:
    settings = report.settings
    facts = [
        _SETTINGS[field.name](settings) if field.name in _SETTINGS else (field.name, str(getattr(settings, field.name)))
        for field in dataclasses.fields(settings)
    ]
    if settings.standardise and not standardises(report):
        kept = _SETTINGS["standardise"](settings)
        facts[facts.index(kept)] = (kept[0], f"{kept[1]}, which changes nothing here")
    if report.start is not None and not report.used:
        facts.append(("Start", "placed by a person or from a file"))
    return Section("Settings", tuple(facts))


def _chosen(words: str, name: str, table: Mapping[str, Any]) -> Callable[[FitSettings], tuple[str, str]]:
    def fact(settings: FitSettings) -> tuple[str, str]:
        key = getattr(settings, name)
        return words, f"{table[key].label} ({key})"

    return fact


def _plain(words: str, name: str, more: str = "") -> Callable[[FitSettings], tuple[str, str]]:
    return lambda settings: (words, f"{_setting(getattr(settings, name))}{more}")


def _setting(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value!r}".replace("e-0", "e-") if isinstance(value, float) else str(value)


_SETTINGS: dict[str, Callable[[FitSettings], tuple[str, str]]] = {
    "components": _plain("Components", "components"),
    "covariance": _chosen("Covariance type", "covariance", COVARIANCE_TYPES),
    "initialization": _chosen("Initialisation", "initialization", INITIALIZERS),
    "stop_rule": _chosen("Stop rule", "stop_rule", STOP_RULES),
    "tolerance": _plain("Tolerance", "tolerance"),
    "max_iterations": _plain("Iterations at the most", "max_iterations"),
    "restarts": _plain("Starts", "restarts"),
    "seed": _plain("Seed of the start", "seed"),
    "variance_floor": _plain("Variance floor", "variance_floor", " of the columns' variances"),
    "summarise": _plain("Summary of many points", "summarise"),
    "collapse": _chosen("A component that collapses", "collapse", COLLAPSES),
    "acceleration": _chosen("Acceleration", "acceleration", ACCELERATIONS),
    "standardise": _plain("Constraint in standard deviations", "standardise"),
}
"""How each field of FitSettings is told."""


# --- the result ---


def _result(report: FitReport) -> Section:
    result, provisional = report.criteria, "" if report.ended or report.is_used else ", provisional"
    facts = (
        ("Outcome", _outcome(report)),
        ("Iterations", str(report.shown)),
        ("Log-likelihood", figure(report.log_likelihood) + provisional),
        ("Free parameters", str(result.parameters)),
        *((name, figure(value) + provisional) for name, value in _criteria(report)),
    )
    told = (*report.messages, "Lower AIC, AICc, BIC and ICL are better.")
    return Section("Result", facts, sentences=_sentences(told))


def _criteria(report: FitReport) -> tuple[tuple[str, float], ...]:
    result = report.criteria
    aicc = math.nan if result.aicc is None else result.aicc  # where n <= p + 1
    return (
        ("AIC", result.aic),
        ("AICc", aicc),
        ("BIC", result.bic),
        ("ICL", math.nan if result.icl is None else result.icl),
    )


def _outcome(report: FitReport) -> str:
    if report.is_used:
        return f"not fitted: the parameters are those of {_name(report.used)}"
    if not report.ended:
        return "not at its end yet"
    words = {"converged": "converged: the stop rule was met", "failed": "failed: EM could not go on"}
    return words.get(report.outcome, f"{report.outcome} before the stop rule was met")


def _components(report: FitReport) -> Section:
    data, mixture = report.dataset, report.mixture
    shown = min(data.dimension, MOST_COLUMNS)
    names = [_name(name) for name in data.names[:shown]]
    most = max(MOST_ROWS // shown, 1)
    header = [
        "component",
        "weight",
        "column",
        "mean",
        "SD",
        *(f"cov. with {_cut(name, _LONGEST_HEADING)}" for name in names),
    ]
    rows: list[tuple[Cell, ...]] = []
    for letter, index in list(zip(report.letters, report.order, strict=True))[:most]:
        covariance = mixture.covariances[index]
        for c, name in enumerate(names):
            first = (letter, rounded(float(mixture.weights[index]))) if c == 0 else ("", "")
            spread = math.sqrt(float(covariance[c, c]))
            mean = rounded(float(mixture.means[index, c]), spread)
            rows.append((*first, name, mean, rounded(spread), *_covariances(covariance[c, :shown])))
    if data.dimension == 1:
        header[-1] = "variance"
    said = ["Sorted by the first mean. Covariances divide by N_c, not by N_c - 1."]
    if mixture.n_components > most:
        said.append(f"{mixture.n_components - most} more components are in the parameter file.")
    if data.dimension > shown:
        said.append(f"The other {data.dimension - shown} columns are in the parameter file.")
    return Section("Components", table=TextTable(tuple(header), tuple(rows)), sentences=tuple(said))


def _covariances(row: NDArray[np.float64]) -> tuple[str, ...]:
    return tuple(rounded(float(value)) for value in row)


# --- the command ---


def _command(report: FitReport) -> Section:
    code = command_line(report).rstrip("\n")
    shown = "".join(c if c.isprintable() or c == "\n" else f"<U+{ord(c):04X}>" for c in code)
    said = []
    if shown != code:
        said.append("A name holds characters that cannot be shown; their codes stand for them: put them in yourself.")
    aside = len(shown) > LONGEST_COMMAND or shown.count("\n") >= MOST_LINES
    return Section("The same again", sentences=tuple(said), code=shown, aside=aside)
