"""The formulas of a half step, and the same with the numbers of one component filled in.

Bishop, Pattern Recognition and Machine Learning (2006), 9.2.2; the constrained covariances as in Celeux and Govaert
(1995).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from gmm_desktop.mixture import Mixture, component_letter
from gmm_desktop.session import Snapshot
from gmm_desktop.ui.captions import accelerated_by, half_name, name
from gmm_desktop.ui.inspection import Target, shares
from gmm_desktop.ui.numbers import count, likelihood, number
from gmm_desktop.ui.typesetting import COMPONENT, Expression, Fraction, Matrix, Row, Tex, Text

LEGEND = "π weight, μ mean, Σ covariance, σ² variance, r responsibility, N effective points, L log-likelihood"
MOST_COLUMNS = 4
"""Columns up to which vectors and matrices are written out."""

_SAME = 1e-6  # relative difference up to which a weight is what the M-step's formula gives


@dataclass(frozen=True)
class Line:
    """One formula.

    Attributes:
        symbols: as it is taught; None where there is only a value.
        filled: with the numbers of one component; None where a point's numbers would be needed.
        spoken: both in plain words.
    """

    symbols: Tex | None
    filled: Expression | None
    spoken: str


@dataclass(frozen=True)
class Page:
    """The formulas of one frame.

    Attributes:
        heading: which half step.
        component: whose numbers are filled in.
        chosen: whether a person selected it.
        lines: the formulas.
        notes: what else should be known, in sentences.
    """

    heading: str
    component: int
    chosen: bool
    lines: tuple[Line, ...]
    notes: tuple[str, ...]

    def whose(self) -> str:
        """ "for B (orange)"."""
        return f"for {name(self.component)}"

    def spoken(self) -> str:
        """All of it for a screen reader."""
        lines = " ".join(line.spoken for line in self.lines)
        return " ".join((f"{self.heading}, {self.whose()}.", lines, *self.notes, f"{LEGEND}."))


@dataclass(frozen=True, eq=False)
class _Frame:
    """What the formulas of a frame are made of."""

    snapshot: Snapshot
    mixture: Mixture
    c: int

    @property
    def letter(self) -> str:
        return component_letter(self.c)

    @property
    def mark(self) -> str:
        """The letter as LaTeX, bold and in the component's colour."""
        return rf"\textcolor{{{COMPONENT}}}{{\mathbf{{{self.letter}}}}}"

    @property
    def flat(self) -> bool:
        return self.mixture.dimension == 1

    @property
    def tied(self) -> bool:
        return self.snapshot.settings.covariance == "tied" and self.mixture.n_components > 1

    @property
    def weighted(self) -> bool:
        return self.snapshot.dataset.sample_weight is not None

    def spread(self, index: str) -> str:
        """The symbol of a component's variance or covariance."""
        if self.flat:
            return r"\sigma^2" if self.tied else rf"\sigma_{index}^2"
        return r"\Sigma" if self.tied else rf"\Sigma_{index}"

    def density(self, index: str) -> str:
        return rf"\pi_{index}\,\mathcal{{N}}(x_i \mid \mu_{index}, {self.spread(index)})"

    def said_density(self, index: str) -> str:
        sign = "sigma^2" if self.flat else "Sigma"
        return f"pi_{index} N(x_i | mu_{index}, {sign if self.tied else f'{sign}_{index}'})"

    @property
    def total(self) -> str:
        n = self.snapshot.dataset.total_weight
        return count(round(n)) if n == round(n) else number(n, 6)


def page(snapshot: Snapshot, target: Target | None = None) -> Page | None:
    """The formulas of the shown frame; None while a start is made.

    Args:
        snapshot: the frame; its selected component's numbers are filled in, or the first one's.
        target: a point whose responsibility is written out.
    """
    mixture = snapshot.mixture
    if mixture is None or not len(snapshot.log_likelihoods):
        return None
    chosen = snapshot.selected is not None and snapshot.selected < mixture.n_components
    c = snapshot.selected if chosen and snapshot.selected is not None else 0
    frame = _Frame(snapshot, mixture, c)
    if snapshot.phase == "M":
        heading = f"{half_name('M', snapshot.settings)} of iteration {count(snapshot.iteration)}"
        lines, notes = _m_step(frame)
    elif snapshot.phase == "E":
        heading = f"E-step of iteration {count(snapshot.iteration)}"
        lines, notes = (_responsibility(frame, target), _effective_count(frame), _log_likelihood(frame)), _which(target)
    else:
        heading = "The start"
        lines, notes = (_given_weight(frame), _mean(frame, None), *_spread(frame, None), _log_likelihood(frame)), ()
    return Page(heading, c, chosen, lines, notes)


def _which(target: Target | None) -> tuple[str, ...]:
    if target is None:
        return ("Hover or click a point of the plot for its responsibility in numbers.",)
    called = "the place" if target.row is None else target.title().lower()
    return (f"Here i is {called}: {target.coordinates()}.",)


def _m_step(frame: _Frame) -> tuple[tuple[Line, ...], tuple[str, ...]]:
    mixture, notes = frame.mixture, []
    w = "w_i " if frame.weighted else ""
    counts = frame.snapshot.counts
    follows = counts is not None and math.isclose(
        counts[frame.c] / frame.snapshot.dataset.total_weight, mixture.weights[frame.c], rel_tol=_SAME, abs_tol=1e-12
    )
    by = accelerated_by(frame.snapshot.settings)
    if by:
        notes.append(f"Accelerated by {by}: a stride goes further than one M-step does.")
    elif not follows:
        notes.append(f"{frame.letter} was started again elsewhere after this M-step.")
    mean = Tex(rf"\mu_c = \frac{{1}}{{N_c}}\sum_i {w}r_{{ic}}\,x_i")
    weight = _weight(frame) if follows and not by else _given_weight(frame, taught=True)
    if mixture.dimension > MOST_COLUMNS:
        notes.append(f"The first {MOST_COLUMNS} of {mixture.dimension} columns; the Components card has all.")
    return (_effective_count(frame), weight, _mean(frame, mean), *_spread(frame, _scatter(frame, w))), tuple(notes)


def _responsibility(frame: _Frame, target: Target | None) -> Line:
    symbols = rf"r_{{ic}} = \frac{{{frame.density('c')}}}{{\sum_j {frame.density('j')}}}"
    said = f"Responsibility: r_ic = {frame.said_density('c')} / sum over j of {frame.said_density('j')}."
    colouring = frame.snapshot.colouring
    given = None
    if target is not None and target.dataset is frame.snapshot.dataset and colouring is not None:
        given = shares(colouring, target.place)
    if given is None or target is None:
        return Line(Tex(symbols), None, said)
    weight, density, total, result = given.numbers(frame.c)
    filled = Row(
        (
            Tex(rf"r_{{i{frame.mark}}}"),
            Text("="),
            Fraction(Row((Text(weight), Text("×"), Text(density))), Text(total)),
            Text("="),
            Text(result),
        )
    )
    spoken = f"{said} r_i{frame.letter} = {weight} × {density} / {total} = {result}."
    return Line(Tex(symbols), filled, spoken)


def _effective_count(frame: _Frame) -> Line:
    counts = frame.snapshot.counts
    symbols = r"N_c = \sum_i w_i r_{ic}" if frame.weighted else r"N_c = \sum_i r_{ic}"
    said = f"Effective points: N_c = sum over i of {'w_i ' if frame.weighted else ''}r_ic."
    if counts is None:
        return Line(Tex(symbols), None, said)
    value = number(float(counts[frame.c]))
    filled = Row((Tex(rf"N_{frame.mark}"), Text("="), Text(value)))
    return Line(Tex(symbols), filled, f"{said} N_{frame.letter} = {value}.")


def _weight(frame: _Frame) -> Line:
    below, said_below = (r"\sum_i w_i", "sum of w_i") if frame.weighted else ("n", "n")
    assert frame.snapshot.counts is not None
    above, value = number(float(frame.snapshot.counts[frame.c])), number(float(frame.mixture.weights[frame.c]))
    filled = Row(
        (Tex(rf"\pi_{frame.mark}"), Text("="), Fraction(Text(above), Text(frame.total)), Text("="), Text(value)),
    )
    spoken = f"Weight: pi_c = N_c / {said_below}. pi_{frame.letter} = {above} / {frame.total} = {value}."
    return Line(Tex(rf"\pi_c = \frac{{N_c}}{{{below}}}"), filled, spoken)


def _given_weight(frame: _Frame, *, taught: bool = False) -> Line:
    value = number(float(frame.mixture.weights[frame.c]))
    filled = Row((Tex(rf"\pi_{frame.mark}"), Text("="), Text(value)))
    below = r"\sum_i w_i" if frame.weighted else "n"
    symbols = Tex(rf"\pi_c = \frac{{N_c}}{{{below}}}") if taught else None
    return Line(symbols, filled, f"Weight: pi_{frame.letter} = {value}.")


def _mean(frame: _Frame, symbols: Tex | None) -> Line:
    scale, mean = frame.snapshot.dataset.scale, frame.mixture.means[frame.c]
    values = [_value(float(m), float(s)) for m, s in zip(mean, scale, strict=True)][:MOST_COLUMNS]
    vector = values[0] if frame.flat else f"({', '.join(values)})"
    said = f"mu_{frame.letter} = {vector}."
    taught = "" if symbols is None else f" mu_c = sum over i of {'w_i ' if frame.weighted else ''}r_ic x_i, over N_c."
    filled = Row((Tex(rf"\mu_{frame.mark}"), Text("="), _tuple(values, len(mean))))
    return Line(symbols, filled, f"Mean:{taught} {said}")


def _scatter(frame: _Frame, w: str) -> tuple[Tex, str]:
    """How the M-step gets the spread, as LaTeX and in words."""
    kind, d = frame.snapshot.settings.covariance, frame.mixture.dimension
    n = r"\sum_i w_i" if frame.weighted else "n"
    sums, over = (rf"\sum_c\sum_i {w}r_{{ic}}", n) if frame.tied else (rf"\sum_i {w}r_{{ic}}", "N_c")
    said_sums = f"sum over {'c and ' if frame.tied else ''}i of {w}r_ic"
    said_over = ("sum of w_i" if frame.weighted else "n") if frame.tied else "N_c"
    if frame.flat:
        latex = rf"{frame.spread('c')} = \frac{{1}}{{{over}}}{sums}(x_i-\mu_c)^2"
        return Tex(latex), f"{_said(frame, 'c')} = {said_sums} (x_i - mu_c)^2, over {said_over}."
    if kind == "diag":
        latex = rf"\sigma_{{cj}}^2 = \frac{{1}}{{N_c}}\sum_i {w}r_{{ic}}(x_{{ij}}-\mu_{{cj}})^2"
        return Tex(latex), f"sigma_cj^2 = {said_sums} (x_ij - mu_cj)^2, over N_c."
    if kind == "spherical" and frame.snapshot.settings.standardise:
        latex = rf"\sigma_{{cj}}^2 = \frac{{s_j^2}}{{{d}\,N_c}}\sum_i {w}r_{{ic}}\sum_l (x_{{il}}-\mu_{{cl}})^2/s_l^2"
        said = f"sigma_cj^2 = s_j^2 times {said_sums} of sum over l of (x_il - mu_cl)^2 / s_l^2, over {d} N_c."
        return Tex(latex), said
    if kind == "spherical":
        latex = rf"\sigma_c^2 = \frac{{1}}{{{d}\,N_c}}\sum_i {w}r_{{ic}}\,\|x_i-\mu_c\|^2"
        return Tex(latex), f"sigma_c^2 = {said_sums} |x_i - mu_c|^2, over {d} N_c."
    latex = rf"{frame.spread('c')} = \frac{{1}}{{{over}}}{sums}(x_i-\mu_c)(x_i-\mu_c)^{{\mathsf{{T}}}}"
    return Tex(latex), f"{_said(frame, 'c')} = {said_sums} (x_i - mu_c)(x_i - mu_c)^T, over {said_over}."


def _said(frame: _Frame, index: str) -> str:
    sign = "sigma" if frame.flat else "Sigma"
    square = "^2" if frame.flat else ""
    return f"{sign}{'' if frame.tied else f'_{index}'}{square}"


def _spread(frame: _Frame, taught: tuple[Tex, str] | None) -> tuple[Line, ...]:
    symbols, words = (None, "") if taught is None else (taught[0], f" {taught[1]}")
    covariance, kind = frame.mixture.covariances[frame.c], frame.snapshot.settings.covariance
    if kind == "spherical" and frame.snapshot.settings.standardise:
        kind = "diag"  # one size, but of each column's own unit
    deviations = np.sqrt(np.diagonal(covariance))
    d = min(len(covariance), MOST_COLUMNS)
    digits = 4 if d < MOST_COLUMNS - 1 else 3  # a large matrix has little room
    scales = np.outer(deviations, deviations) / 10
    entries = [[_value(float(covariance[i, j]), float(scales[i, j]), digits) for j in range(d)] for i in range(d)]
    if frame.flat or kind in ("diag", "spherical"):
        variances = [entries[j][j] for j in range(d)][: 1 if frame.flat or kind == "spherical" else d]
        sign = r"\sigma^2" if frame.tied else rf"\sigma_{frame.mark}^2"
        said_sign = "sigma^2" if frame.tied else f"sigma_{frame.letter}^2"
        one = len(variances) == 1 and (frame.flat or kind == "spherical")
        filled = Row((Tex(sign), Text("="), _tuple(variances, 1 if one else len(covariance))))
        said = variances[0] if one else f"({', '.join(variances)})"
        return (Line(symbols, filled, f"Variance:{words} {said_sign} = {said}."),)
    matrix = Matrix(tuple(tuple(Text(entry) for entry in row) for row in entries))
    sign = r"\Sigma" if frame.tied else rf"\Sigma_{frame.mark}"
    said = ", ".join(f"({', '.join(row)})" for row in entries)
    spoken = f"Covariance:{words} {_said(frame, frame.letter)} = ({said})."
    return (Line(symbols, Row((Tex(sign), Text("="), matrix)), spoken),)


def _log_likelihood(frame: _Frame) -> Line:
    w, said_w = (r"w_i ", "w_i ") if frame.weighted else ("", "")
    value = likelihood(float(frame.snapshot.log_likelihoods[frame.snapshot.iteration]))
    symbols = rf"L = \sum_i {w}\log \sum_c {frame.density('c')}"
    said = f"Log-likelihood: L = sum over i of {said_w}log of sum over c of {frame.said_density('c')}."
    return Line(Tex(symbols), Row((Tex("L"), Text("="), Text(value))), f"{said} L = {value}.")


def _tuple(values: list[str], whole: int) -> Expression:
    """One number, or several in parentheses; dots where there are more."""
    if whole == 1:
        return Text(values[0])
    parts: list[Expression] = [Text("(")]
    for place, value in enumerate(values):
        more = place < len(values) - 1 or whole > len(values)
        parts.append(Row((Text(value), Text(",")), tight=True) if more else Text(value))
    if whole > len(values):
        parts.append(Text("…"))
    closed = Row((*parts[1:],))
    return Row((parts[0], closed, Text(")")), tight=True)


def _value(value: float, scale: float, digits: int = 4) -> str:
    """The digits that matter: of a value near 0, those that its scale gives."""
    size = max(abs(value), scale)
    exponent = math.floor(math.log10(size)) if size > 0 else 0
    if not -4 <= exponent < 7:
        return number(value, digits)
    text = f"{value:.{max(digits - 1 - exponent, 0)}f}"
    return text.lstrip("-") if float(text) == 0 else text
