"""The local maxima that several starts found, and which of them wins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from gmm_desktop.mixture.ending import counts_of, fault_sentence, faults
from gmm_desktop.mixture.history import FitHistory
from gmm_desktop.mixture.parameters import Mixture
from gmm_desktop.mixture.points import WeightedPoints
from gmm_desktop.mixture.selection import thinnest_variances
from gmm_desktop.mixture.step import FitEnding, LocalMaximum

# Two ends are of one maximum where their log-likelihoods, extrapolated to the end, differ by less than NEAR (and that
# share of their size), no weight by more than WEIGHT, and no mean by more than PLACE standard deviations of its column.
NEAR, RELATIVELY, WEIGHT, PLACE = 0.02, 1e-6, 0.05, 0.1


@dataclass(frozen=True, eq=False)
class Candidate:
    """One of several runs, ended.

    Attributes:
        ending: how it ended.
        maximum: where it ended, as if no other run had.
        faults: what makes its maximum degenerate, by component; empty for a regular one.
        history: its steps, as long as they are needed.
    """

    ending: FitEnding
    maximum: LocalMaximum
    faults: dict[int, str]
    history: FitHistory | None

    @classmethod
    def judge(cls, history: FitHistory, ending: FitEnding, data: WeightedPoints) -> Candidate:
        """The run that a history tells of."""
        found = faults(history, data)
        last = history.step(len(history) - 1)
        maximum = LocalMaximum(
            last.log_likelihood,
            reached=1,
            run=history.run,
            smallest_count=float(counts_of(last, data).min()),
            thinnest_variance=float(thinnest_variances(last.mixture, data.covariance).min()),
            regular=not found and ending.outcome != "failed",
            mixture=last.mixture,
        )
        return cls(ending, maximum, found, history)

    @property
    def rank(self) -> tuple[bool, bool, float]:
        """Higher is better: not failed, then regular, then the log-likelihood."""
        return (self.ending.outcome != "failed", self.maximum.regular, self.maximum.log_likelihood)


def distinct_maxima(raced: Sequence[Candidate], data: WeightedPoints) -> tuple[LocalMaximum, ...]:
    """Each local maximum once, with how many runs reached it: the regular ones first, then by log-likelihood.

    A run that failed has reached none.
    """
    found: list[tuple[LocalMaximum, float]] = []
    ended = [one for one in raced if one.ending.outcome != "failed"]
    for one in sorted(ended, key=lambda one: one.rank, reverse=True):
        height = one.maximum.log_likelihood + (one.ending.still_to_gain or 0.0)
        for i, (known, known_height) in enumerate(found):
            if _same(one.maximum, height, known, known_height, data):
                found[i] = replace(known, reached=known.reached + 1), known_height
                break
        else:
            found.append((one.maximum, height))
    return tuple(maximum for maximum, _ in found)


def _same(one: LocalMaximum, height: float, other: LocalMaximum, other_height: float, data: WeightedPoints) -> bool:
    if one.regular != other.regular or abs(height - other_height) > NEAR + RELATIVELY * abs(other_height):
        return False
    a, b = (_by_place(maximum.mixture, data) for maximum in (one, other))
    apart = np.abs(a.means - b.means) / data.scale
    return bool(np.abs(a.weights - b.weights).max() < WEIGHT and apart.max() < PLACE)


def _by_place(mixture: Mixture, data: WeightedPoints) -> Mixture:
    """The components in an order that hardly depends on rounding: along a slanted direction."""
    direction = np.sqrt(2.0) ** -np.arange(mixture.dimension) / data.scale
    return mixture.reordered(np.argsort(mixture.means @ direction, kind="stable"))


def race_messages(raced: Sequence[Candidate], best: Candidate, maxima: Sequence[LocalMaximum]) -> tuple[str, ...]:
    """How often the best was found, and what was set aside as degenerate."""
    if best.ending.outcome == "failed":
        return ()
    reached = next(maximum.reached for maximum in maxima if maximum.run == best.maximum.run)
    messages = [
        f"The best of {len(raced)} starts was found by {reached} of them, "
        "which is no proof that it is the global maximum."
    ]
    higher = [one for one in raced if one.faults and one.maximum.log_likelihood > best.maximum.log_likelihood]
    if best.faults:
        messages.append(f"None of the {len(raced)} starts reached a regular maximum.")
    elif higher:
        top = max(higher, key=lambda one: one.maximum.log_likelihood)
        messages.append(
            f"{len(higher)} start{'s' if len(higher) > 1 else ''} reached a higher log-likelihood, up to "
            f"{top.maximum.log_likelihood:.2f}, which was set aside as degenerate: its {fault_sentence(top.faults)}"
        )
    return tuple(messages)
