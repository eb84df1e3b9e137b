"""What a person should be told about a result, and which of several results is the best."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gmm_desktop.mixture.covariance import COVARIANCE_TYPES, singular
from gmm_desktop.mixture.em import floor_event
from gmm_desktop.mixture.history import FitHistory
from gmm_desktop.mixture.parameters import component_letter
from gmm_desktop.mixture.points import WeightedPoints
from gmm_desktop.mixture.selection import irregular_components
from gmm_desktop.mixture.settings import FitSettings


@dataclass(frozen=True, eq=False)
class Candidate:
    """One of several runs, ended.

    Attributes:
        run: its number, from 0.
        log_likelihood: where it ended.
        outcome: "converged", "stopped" or "failed".
        messages: why it is not better.
        faults: what makes its maximum degenerate, by component; empty for a regular one.
        history: its steps, as long as they are needed.
    """

    run: int
    log_likelihood: float
    outcome: str
    messages: tuple[str, ...]
    faults: dict[int, str]
    history: FitHistory | None

    @classmethod
    def judge(cls, history: FitHistory, outcome: str, messages: tuple[str, ...], data: WeightedPoints) -> Candidate:
        """The run that a history tells of."""
        faults = _faults(history, data)
        return cls(history.run, history.log_likelihood, outcome, messages, faults, history)

    @property
    def rank(self) -> tuple[bool, bool, float]:
        """Higher is better: not failed, then regular, then the log-likelihood."""
        return (self.outcome != "failed", not self.faults, self.log_likelihood)


def race_messages(raced: list[Candidate], best: Candidate) -> tuple[str, ...]:
    """How often the best was found, and what was set aside as degenerate."""
    messages = []
    if best.outcome != "failed":
        near = 0.05 + 1e-6 * abs(best.log_likelihood)
        found = sum(
            other.rank[:2] == best.rank[:2] and abs(other.log_likelihood - best.log_likelihood) < near
            for other in raced
        )
        messages.append(
            f"The best of {len(raced)} starts was found by {found} of them, "
            "which is no proof that it is the global maximum."
        )
    higher = [other for other in raced if other.faults and other.log_likelihood > best.log_likelihood]
    if higher and not best.faults:
        top = max(higher, key=lambda other: other.log_likelihood)
        starts = f"{len(higher)} start{'s' if len(higher) > 1 else ''}"
        messages.append(
            f"{starts} reached a higher log-likelihood, up to {top.log_likelihood:.2f}, which was set aside "
            f"as degenerate: its {_fault_sentence(top.faults)}"
        )
    if best.faults and best.outcome != "failed":
        messages.append(f"None of the {len(raced)} starts reached a regular maximum.")
    return tuple(messages)


def ending_messages(history: FitHistory, data: WeightedPoints, settings: FitSettings) -> tuple[str, ...]:
    """What a person should know about the last mixture of a run."""
    messages = [
        f"Column {column + 1} has the same value in every row: its variance is that of the floor alone."
        for column in data.constant
    ]
    if not data.constant and singular(data.covariance[np.newaxis])[0]:
        messages.append("One column follows from the others, so that the data lie on a line or plane: leave it out.")
    last = history.step(len(history) - 1)
    letters = [component_letter(c) for c in range(last.mixture.n_components)]
    messages += [
        f"Component {letter} rests on the variance floor, which alone decides how high the likelihood is."
        for c, letter in enumerate(letters)
        if floor_event(c) in last.events
    ]
    messages += [
        f"Component {letter} owns no points any more: choose fewer components or another start."
        for letter, weight in zip(letters, last.mixture.weights, strict=True)
        if weight == 0
    ]
    faults = _faults(history, data)
    if faults:
        messages.append(f"The maximum is degenerate: {_fault_sentence(faults)}")
    if last.mixture.n_components > 1 and _lies_on_top(last.log_likelihood, data, settings):
        messages.append(
            "The log-likelihood is hardly above that of a single Gaussian: the components lie on top of each "
            "other. Try another start."
        )
    return tuple(messages)


def one_gaussian_log_likelihood(data: WeightedPoints, covariance: str) -> float:
    """The log-likelihood of the best single Gaussian of a covariance type; NaN where none exists."""
    d = data.dimension
    scatter = data.covariance[np.newaxis] / np.outer(data.scale, data.scale)
    if covariance == "spherical":
        scatter = data.covariance[np.newaxis]
    shaped = COVARIANCE_TYPES[covariance].constrain(scatter, np.ones(1))[0]
    try:
        diagonal = np.diagonal(np.linalg.cholesky(shaped))
    except np.linalg.LinAlgError:
        return float("nan")
    log_det = 2 * float(np.log(diagonal).sum())
    if covariance != "spherical":
        log_det += 2 * float(np.log(data.scale).sum())
    return float(-0.5 * data.total * (d * np.log(2 * np.pi) + log_det + d))


def _lies_on_top(log_likelihood: float, data: WeightedPoints, settings: FitSettings) -> bool:
    gain = log_likelihood - one_gaussian_log_likelihood(data, settings.covariance)
    return bool(gain < max(0.5, 1e-5 * data.total))


def _faults(history: FitHistory, data: WeightedPoints) -> dict[int, str]:
    last = history.step(len(history) - 1)
    counts = data.total * last.mixture.weights if last.counts is None else last.counts
    return irregular_components(last.mixture, counts, data.covariance)


def _fault_sentence(faults: dict[int, str]) -> str:
    return ", ".join(f"component {component_letter(c)} {fault}" for c, fault in faults.items()) + "."
