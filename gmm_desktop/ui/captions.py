"""The one-line caption: what a lecturer would say about the shown frame."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gmm_desktop.mixture import STOP_RULES, component_letter
from gmm_desktop.session import Snapshot
from gmm_desktop.ui.numbers import count, likelihood, number, tidy, word
from gmm_desktop.ui.palette import component_name

_STILL = 1e-3
"""A mean that moved less than this share of the data's spread has not visibly moved."""


def caption(snapshot: Snapshot) -> str:
    """One sentence or two about the shown frame."""
    if snapshot.outcome == "failed":
        return snapshot.messages[0]
    if snapshot.race is not None and snapshot.activity == "racing":
        return f"Start {snapshot.race[0]} of {snapshot.race[1]} is under way; the best will be played."
    if snapshot.mixture is None:
        return "Making a start …"
    if snapshot.iteration == 0:
        return _start(snapshot)
    end = _ending(snapshot)
    return f"Iteration {count(snapshot.iteration)} · {end or _change(snapshot)}"


def name(component: int) -> str:
    """ "B (orange)"."""
    return f"{component_letter(component)} ({component_name(component)})"


def _start(snapshot: Snapshot) -> str:
    k = snapshot.settings.components if snapshot.mixture is None else snapshot.mixture.n_components
    groups = "One group, one guess" if k == 1 else f"{word(k).capitalize()} groups, {word(k)} guesses"
    if snapshot.last_iteration:
        return f"The start: {groups[0].lower()}{groups[1:]}. Press Space to play from here."
    return f"{groups}. Press Space."


def _ending(snapshot: Snapshot) -> str:
    """What stopped EM here, and what that means; "" where it has not stopped here."""
    stop = snapshot.stop_iteration
    if stop is None or snapshot.iteration < stop:
        return ""
    if snapshot.iteration > stop:
        return f"{count(snapshot.iteration - stop)} past the stop: {_change(snapshot)}"
    if snapshot.outcome == "converged":
        rule = STOP_RULES[snapshot.settings.stop_rule]
        return (
            f"Converged: the {rule.label[0].lower()}{rule.label[1:]} is under {tidy(snapshot.settings.tolerance)}, "
            "so further steps change next to nothing."
        )
    if STOP_RULES[snapshot.settings.stop_rule].needs_tolerance:
        return "Stopped at the most iterations allowed; EM has not converged. Go on, or allow more."
    return "Stopped after as many iterations as were set, which says nothing about convergence."


def _change(snapshot: Snapshot) -> str:
    """The largest move of a mean and what the log-likelihood gained."""
    t = snapshot.iteration
    gain = float(snapshot.log_likelihoods[t] - snapshot.log_likelihoods[t - 1])
    if gain < 0:
        gained = f"the log-likelihood fell by {number(-gain, 3)}"
    else:
        gained = f"the log-likelihood rose by {number(gain, 3)} to {likelihood(snapshot.log_likelihoods[t])}"
    columns = list(snapshot.columns)
    moves = (snapshot.means[t] - snapshot.means[t - 1])[:, columns]
    relative = moves / snapshot.dataset.scale[columns]
    furthest = int(np.argmax(np.linalg.norm(relative, axis=1)))
    if np.linalg.norm(relative[furthest]) < _STILL:
        return f"the means hardly move; {gained}."
    return f"{name(furthest)} moved {_direction(moves[furthest], relative[furthest])}; {gained}."


def _direction(move: NDArray[np.float64], relative: NDArray[np.float64]) -> str:
    words = (("left", "right"), ("down", "up"))
    largest = int(np.argmax(np.abs(relative)))
    where = words[largest][int(move[largest] > 0)]
    return f"{number(abs(float(move[largest])), 2)} {'to the ' if largest == 0 else ''}{where}"
