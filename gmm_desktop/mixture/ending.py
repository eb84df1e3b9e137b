"""How one run ended, in plain sentences: which rule fired, what was still to gain, what is degenerate."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gmm_desktop.mixture.acceleration import ACCELERATIONS
from gmm_desktop.mixture.covariance import CovarianceType, covariance_type, singular
from gmm_desktop.mixture.em import floor_event
from gmm_desktop.mixture.history import FitHistory
from gmm_desktop.mixture.parameters import component_letter
from gmm_desktop.mixture.points import WeightedPoints
from gmm_desktop.mixture.selection import THINNEST, free_parameters, irregular_components, thinnest_variances
from gmm_desktop.mixture.settings import FitSettings
from gmm_desktop.mixture.step import EMStep, FitEnding
from gmm_desktop.mixture.stopping import STOP_RULES, fires_at_last, still_to_gain

# A component that is thinner than this share of the spread of the data is said to be: standard deviations.
THIN = 0.003

# A sentence tells of so many components at the most.
MOST_TOLD = 3

# A plateau: so many times the last gain is still to gain, each gain being nine tenths of the one before; and so much
# log-likelihood is worth a word.
SLOWLY, WORTH_A_WORD = 9.0, 0.01


def how_it_ended(history: FitHistory, settings: FitSettings, data: WeightedPoints) -> FitEnding:
    """Why a run ends at the last step of its history: a rule fired, or the maximum of iterations is reached."""
    left = still_to_gain(history)
    messages = list(filter(None, [ACCELERATIONS[settings.acceleration].note]))
    if fires_at_last(history, settings, data.total, data.scale):
        messages += _plateau(history, left)
        return FitEnding("converged", tuple(messages), history.run, settings.stop_rule, left)
    if STOP_RULES[settings.stop_rule].needs_tolerance:
        messages.insert(
            0,
            f"Stopped at the maximum of {settings.max_iterations} iterations, before the stop rule fired: "
            "the result is provisional.",
        )
        messages += _plateau(history, left)
    return FitEnding("stopped", tuple(messages), history.run, "", left)


def _plateau(history: FitHistory, left: float | None) -> list[str]:
    """A sentence for a log-likelihood that still crept upwards."""
    if len(history) < 3:
        return []
    heights = history.trace(last=3).log_likelihoods
    before, gain = np.diff(heights).tolist()
    if gain >= before > 1e-12 * abs(heights[-1]):
        return [
            f"It stopped on a slow plateau: the last iteration gained {gain:.2g} of log-likelihood, no less than the "
            "one before, so that nobody can say how much is still to gain; a smaller tolerance or more iterations go "
            "on."
        ]
    if left is None or left < max(SLOWLY * gain, WORTH_A_WORD):
        return []
    return [
        f"It stopped on a slow plateau: the last iteration gained {gain:.2g} of log-likelihood, and by Aitken's "
        f"extrapolation about {left:.2g} or more was still to gain; a smaller tolerance goes on."
    ]


def ending_messages(history: FitHistory, data: WeightedPoints, settings: FitSettings) -> tuple[str, ...]:
    """What a person should know about the last mixture of a run."""
    return (
        *_about_columns(data),
        *_about_components(history, data, settings),
        *_about_the_maximum(history, data, settings),
    )


def _about_columns(data: WeightedPoints) -> list[str]:
    messages = [
        f"Column {column + 1} has the same value in every row: its variance is that of the floor alone, which comes "
        "from its magnitude."
        for column in data.constant
    ]
    if not data.constant and singular(data.covariance[np.newaxis])[0]:
        messages.append("One column follows from the others, so that the data lie on a line or plane: leave it out.")
    return messages


def _about_components(history: FitHistory, data: WeightedPoints, settings: FitSettings) -> list[str]:
    last = history.step(len(history) - 1)
    floored = [component_letter(c) for c in range(last.mixture.n_components) if floor_event(c) in last.events]
    empty = [component_letter(c) for c, weight in enumerate(last.mixture.weights) if weight == 0]
    thin = thinnest_variances(last.mixture, data.covariance) < THIN**2
    narrow = [component_letter(int(c)) for c in np.flatnonzero(thin)]
    narrow = [letter for letter in narrow if letter not in floored + empty]
    messages = []
    if floored:
        # A high floor is a choice of the model; a low one holds off an infinite likelihood.
        unbounded = " here, where it is unbounded" if settings.variance_floor < THINNEST else ""
        messages.append(
            f"{_named(floored, 'rests', 'rest')} on the variance floor, which alone decides how high the likelihood "
            f"is{unbounded}."
        )
        if settings.collapse == "restart":
            messages.append("Starting again elsewhere has been tried as often as it may, or could not help.")
    if empty:
        messages.append(f"{_named(empty, 'owns', 'own')} no points any more: choose fewer components or another start.")
    if narrow:
        messages.append(
            f"{_named(narrow, 'is', 'are')} thinner than {100 * THIN:g} % of the spread of the data in some direction, "
            "and may describe a few points, or rounded values, rather than a group."
        )
    return messages


def _named(letters: list[str], one: str, several: str) -> str:
    """ "Component B rests", "Components A, C rest"."""
    return f"Component {letters[0]} {one}" if len(letters) == 1 else f"Components {', '.join(letters)} {several}"


def _about_the_maximum(history: FitHistory, data: WeightedPoints, settings: FitSettings) -> list[str]:
    messages = []
    found = faults(history, data)
    if found:
        messages.append(f"The maximum is degenerate: {fault_sentence(found)}")
    last = history.step(len(history) - 1)
    if last.mixture.n_components > 1 and _lies_on_top(
        last, data, covariance_type(settings.covariance, settings.standardise, data.scale)
    ):
        messages.append(
            "The log-likelihood is hardly above that of a single Gaussian: the components lie on top of each "
            "other. Try another start."
        )
    return messages


def one_gaussian_log_likelihood(data: WeightedPoints, covariance: CovarianceType) -> float:
    """The log-likelihood of the best single Gaussian of a covariance type; NaN where none exists."""
    d = data.dimension
    units = np.outer(data.scale, data.scale)
    shaped = covariance.constrain(data.covariance[np.newaxis], np.ones(1))[0] / units
    try:
        diagonal = np.diagonal(np.linalg.cholesky(shaped))
    except np.linalg.LinAlgError:
        return float("nan")
    log_det = 2 * float(np.log(diagonal).sum() + np.log(data.scale).sum())
    return float(-0.5 * data.total * (d * np.log(2 * np.pi) + log_det + d))


def _lies_on_top(last: EMStep, data: WeightedPoints, covariance: CovarianceType) -> bool:
    """Whether so many more parameters gained next to nothing: less than BIC asks for, and little for each point."""
    k, d = last.mixture.means.shape
    more = free_parameters(k, d, covariance.id) - free_parameters(1, d, covariance.id)
    gain = last.log_likelihood - one_gaussian_log_likelihood(data, covariance)
    return bool(gain < max(0.5, min(1e-5 * data.total, 0.5 * more * float(np.log(data.total)))))


def faults(history: FitHistory, data: WeightedPoints) -> dict[int, str]:
    """What makes the last mixture of a run a degenerate maximum, by component; empty for a regular one."""
    last = history.step(len(history) - 1)
    return irregular_components(last.mixture, counts_of(last, data), data.covariance)


def counts_of(step: EMStep, data: WeightedPoints) -> NDArray[np.float64]:
    """(k,) the effective numbers of points at a step; from its weights where it does not tell them."""
    return data.total * step.mixture.weights if step.counts is None else step.counts


def fault_sentence(found: dict[int, str]) -> str:
    """The faults of ``faults`` as the end of a sentence."""
    told = [f"component {component_letter(c)} {fault}" for c, fault in found.items()]
    more = f", and {len(told) - MOST_TOLD} more" if len(told) > MOST_TOLD else ""
    return ", ".join(told[:MOST_TOLD]) + more + "."
