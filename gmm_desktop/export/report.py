"""What an exporter is given: a fit at one of its iterations."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from gmm_desktop.data import Dataset
from gmm_desktop.data.table import quoted
from gmm_desktop.mixture import (
    Criteria,
    FitEnding,
    FitHistory,
    FitSettings,
    LocalMaximum,
    Mixture,
    classification_entropy,
    component_letter,
    criteria,
    stop_iteration,
)

# So many regular maxima are told in a sentence.
MOST_MAXIMA = 5


class ExportError(Exception):
    """A file that could not be written; its text is one plain sentence that says why and what to try."""


@dataclass(frozen=True, eq=False)
class FitReport:
    """A fit at one of its iterations.

    Attributes:
        dataset: what was fitted.
        settings: with which settings.
        history: all iterations.
        iteration: the one to report; None is the last.
        ending: how the fit ended; None where the history says so itself.
        start: the mixture that a person or a file gave to begin with; None where the initialisation made it.
        used: the name of the file whose fit iteration 0 is, where it was not fitted to these data; else "".
    """

    dataset: Dataset
    settings: FitSettings
    history: FitHistory
    iteration: int | None = None
    ending: FitEnding | None = None
    start: Mixture | None = None
    used: str = ""

    @property
    def shown(self) -> int:
        """The iteration reported."""
        return len(self.history) - 1 if self.iteration is None else self.iteration

    @property
    def is_used(self) -> bool:
        """Whether the mixture reported is that of a file, as it is."""
        return bool(self.used) and self.shown == 0

    @property
    def ended(self) -> bool:
        """Whether the fit stopped at the iteration reported, or before it."""
        return self.stop is not None and self.shown >= self.stop

    @property
    def outcome(self) -> str:
        """ "converged", "stopped" (at the maximum, or by a person, here) or "failed"."""
        ending = self._ending
        if ending.outcome and self.shown == len(self.history) - 1:
            return ending.outcome
        fired = self._fired
        return "converged" if fired is not None and self.shown >= fired else "stopped"

    @property
    def messages(self) -> tuple[str, ...]:
        """Plain sentences about the fit."""
        if self.is_used:
            return (
                f"The parameters are those of {quoted(self.used)} and were not fitted to these data; criteria that "
                "count parameters do not compare it with fits to these data.",
            )
        said = (*self._ending.messages, *_about_maxima(self._ending.maxima, self.settings.restarts))
        if self.ended:
            return said
        early = f"This is iteration {self.shown}, at which EM had not stopped; the criteria are provisional."
        return (early, *said)

    @property
    def has_ending(self) -> bool:
        """Whether the engine has said how the fit ended, at the iteration reported or another."""
        return bool(self._ending.outcome)

    @property
    def _ending(self) -> FitEnding:
        return self.ending or self.history.ending or FitEnding(self.history.outcome, self.history.messages)

    @cached_property
    def _fired(self) -> int | None:
        return stop_iteration(self.history, self.settings, self.dataset.total_weight, self.dataset.scale)

    @property
    def stop(self) -> int | None:
        """The iteration at which the fit stopped; None where it has not."""
        if self._ending.outcome:
            return min(len(self.history) - 1, len(self.history) - 1 if self._fired is None else self._fired)
        return self._fired

    @cached_property
    def mixture(self) -> Mixture:
        """The mixture of the iteration, components in the order of the run."""
        return self.history.mixture_at(self.shown)

    @cached_property
    def order(self) -> NDArray[np.intp]:
        """(k,) the components by their first mean coordinate, ties by the next."""
        return np.lexsort(self.mixture.means.T[::-1])

    @cached_property
    def letters(self) -> tuple[str, ...]:
        """The letters that the sorted components carry through the run."""
        return tuple(component_letter(int(index)) for index in self.order)

    @property
    def log_likelihood(self) -> float:
        """L of the mixture reported."""
        return float(self.history.log_likelihoods[self.shown])

    @cached_property
    def criteria(self) -> Criteria:
        """The information criteria; n is the sum of the rows' weights where there are any."""
        data = self.dataset
        term = classification_entropy(self.mixture, data.points, data.sample_weight)
        return criteria(self.mixture, self.log_likelihood, data.total_weight, self.settings.covariance, term)

    def parameters(self, mixture: Mixture) -> dict[str, list[object]]:
        """Names, weights, means and covariances of a mixture of this run, sorted as the one reported."""
        return {
            "names": list(self.letters),
            "weights": mixture.weights[self.order].tolist(),
            "means": mixture.means[self.order].tolist(),
            "covariances": mixture.covariances[self.order].tolist(),
        }


def _about_maxima(maxima: tuple[LocalMaximum, ...], starts: int) -> list[str]:
    """One sentence, where several starts ended at more than one regular maximum."""
    regular = [f"{one.log_likelihood:.2f} ({one.reached})" for one in maxima if one.regular]
    degenerate = len(maxima) - len(regular)
    if len(regular) < 2:
        return []
    told = ", ".join(regular[:MOST_MAXIMA])
    more = f" and {len(regular) - MOST_MAXIMA} more" if len(regular) > MOST_MAXIMA else ""
    apart = f"; {degenerate} more {'is' if degenerate == 1 else 'are'} degenerate" if degenerate else ""
    return [f"Regular maxima, and how many of the {starts} starts reached each: {told}{more}{apart}."]
