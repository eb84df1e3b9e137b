"""The one-line caption: what a lecturer would say about the shown frame."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from gmm_desktop.data.painting import Canvas
from gmm_desktop.mixture import ACCELERATIONS, STOP_RULES, FitSettings, component_letter
from gmm_desktop.session import Snapshot
from gmm_desktop.session.guessing import Guess, judge
from gmm_desktop.session.timeline import Phase
from gmm_desktop.ui.numbers import count, likelihood, number, plural, tidy, word
from gmm_desktop.ui.palette import component_name

STRIDE = "Stride"
_MOST_COUNTED = 20_000
_STILL = 1e-3
"""A mean that moved less than this share of the data's spread has not visibly moved."""
_ROUNDING = 16 * float(np.finfo(np.float64).eps)
"""A log-likelihood that changed by less than this share of itself may have changed by the order of a sum alone."""


def caption(snapshot: Snapshot, *, invites: bool = True) -> str:
    """One sentence or two about the shown frame; ``invites`` to press Play at the start, which a film cannot."""
    if snapshot.canvas is not None:
        return _on_canvas(snapshot.canvas)
    if snapshot.mode == "painting" and not snapshot.iteration:
        return _painting(snapshot)
    if snapshot.broke_off:
        return _breaking_off(snapshot)
    if snapshot.race is not None and snapshot.activity == "racing":
        return f"Start {snapshot.race[0]} of {snapshot.race[1]} is under way; the best will be played."
    if snapshot.race is not None and snapshot.activity == "paused":
        return f"Start {snapshot.race[0]} of {snapshot.race[1]} waits. Press Space to go on."
    if snapshot.mixture is None:
        return "Making a start …"
    if snapshot.mode == "editing" and (snapshot.draft is not None or not snapshot.halves):
        return _by_hand(snapshot)
    if snapshot.guess is not None and snapshot.colouring is not None:
        return _guess(snapshot, snapshot.guess)
    if snapshot.used:
        as_it_is = f"The fit in {snapshot.used}, as it is."
        return f"{as_it_is} Press Space to let EM go on from it." if invites else as_it_is
    if snapshot.phase == "start":
        return _start(snapshot) if invites else _start(snapshot).partition(" Press ")[0]
    said = f"Iteration {count(snapshot.iteration)}{_how(snapshot)}"
    return f"{said} · {_half(snapshot) or _ending(snapshot) or _change(snapshot)}"


def reason(snapshot: Snapshot) -> str:
    """Why there is no further step: what was said when EM stopped, said again."""
    stop = snapshot.stop_iteration
    if stop is None or snapshot.iteration <= stop:
        return caption(snapshot)
    return caption(replace(snapshot, iteration=stop, phase="E", halves=False))


def accelerated_by(settings: FitSettings) -> str:
    """The name of what accelerates EM, or "" where it climbs as it is taught."""
    row = ACCELERATIONS[settings.acceleration]
    return row.label.partition(":")[0] if row.note else ""


def half_name(phase: Phase, settings: FitSettings) -> str:
    """What a half step is called: accelerated, what follows the E-step is more than an M-step."""
    return STRIDE if phase == "M" and accelerated_by(settings) else f"{phase}-step"


def thinned(every: int) -> str:
    """What is said of a history of which every ``every``-th pair of iterations is kept."""
    return f"history thinned: every {_nth(every)} pair of iterations is kept"


def thinned_briefly(every: int) -> str:
    """The same where there is less room."""
    return f"history thinned: every {_nth(every)} pair kept"


def _nth(every: int) -> str:
    """A power of two as an ordinal."""
    return f"{count(every)}{'nd' if every % 10 == 2 and every % 100 != 12 else 'th'}"


def name(component: int) -> str:
    """ "B (orange)"."""
    return f"{component_letter(component)} ({component_name(component)})"


def _by_hand(snapshot: Snapshot) -> str:
    """What is being placed, or what placing will do."""
    if snapshot.draft is not None:
        words = snapshot.draft.words
        return f"{words[:1].upper()}{words[1:]}."
    if snapshot.iteration:
        return f"Iteration {count(snapshot.iteration)} · what you move begins a branch here; the run so far is kept."
    return "The start by hand: move the guesses where you want them, then press Space."


def _on_canvas(canvas: Canvas) -> str:
    """What can be done while there is nothing."""
    columns = "one column" if len(canvas.names) == 1 else "two columns"
    return f"An empty canvas of {columns}: paint points on it. Undo brings the data before it back."


def _painting(snapshot: Snapshot) -> str:
    """How many points there are, and why nothing can be fitted to them yet."""
    points = plural(snapshot.dataset.size, "point")
    if snapshot.broke_off:
        return f"{points}. {snapshot.messages[0]}"
    groups = plural(snapshot.settings.components, "component")
    return f"{points}, {groups}: each stroke makes a new start. Press Space to play."


def _guess(snapshot: Snapshot, guess: Guess) -> str:
    """The question, or how good the answer was."""
    asked, step = f"Iteration {count(guess.iteration)}{_how(snapshot)}", half_name("M", snapshot.settings)
    if snapshot.phase != "M":
        return f"{asked} · Where does the {step} take the mean of {name(guess.component)}? Drag the cross there."
    assert snapshot.colouring is not None
    assert snapshot.mixture is not None
    verdict = judge(guess, snapshot.colouring, snapshot.mixture)
    off, moved = number(verdict.off, 2), number(verdict.moved, 2)
    return f"{step}: the mean of {name(guess.component)} moved {moved}; your guess is off by {off}."


def _how(snapshot: Snapshot) -> str:
    """What whoever compares this with EM as it is taught has to know."""
    by = accelerated_by(snapshot.settings)
    return f" · accelerated: {by}" if by else ""


def _breaking_off(snapshot: Snapshot) -> str:
    """Why it could not go on; where there is a picture to look at, what else to do is left to the Fit card."""
    why = snapshot.messages[0]
    if not snapshot.iteration:
        return why
    return f"Iteration {count(snapshot.iteration)}{_how(snapshot)} · {why.partition('. ')[0].rstrip('.')}."


def _half(snapshot: Snapshot) -> str:
    """What a half step did; "" for a whole one, and for the end of the run, which says more."""
    if snapshot.phase == "M":
        return f"{half_name('M', snapshot.settings)}: {_move_and_weight(snapshot)}"
    if snapshot.iteration and (not snapshot.halves or not snapshot.provisional):
        return ""
    return f"E-step: {_recoloured(snapshot)}; {_largest_share(snapshot)}"


def _recoloured(snapshot: Snapshot) -> str:
    """How many points have another likeliest component than before; among very many nobody counts with each frame."""
    before, now, points = snapshot.before, snapshot.colouring, snapshot.dataset.points
    if before is None or now is None or len(points) > _MOST_COUNTED:
        return "every point is shared out anew"
    changed = np.count_nonzero(before.log_joint(points).argmax(axis=1) != now.log_joint(points).argmax(axis=1))
    if not changed:
        return "no point changes its likeliest component"
    return f"{plural(int(changed), 'point')} {'changes its' if changed == 1 else 'change their'} likeliest component"


def _largest_share(snapshot: Snapshot) -> str:
    assert snapshot.counts is not None
    shares = [f"{name(c)} {_points(float(value))}" for c, value in enumerate(snapshot.counts[:4])]
    rest = " …" if len(snapshot.counts) > len(shares) else "."
    total = snapshot.dataset.total_weight
    points = count(int(total)) if total == int(total) else number(total, 6)
    return f"of {points} points get {', '.join(shares)}{rest}"


def _points(value: float) -> str:
    """An effective number of points."""
    return number(value, 3) if value < 1000 else count(round(value))


def _move_and_weight(snapshot: Snapshot) -> str:
    """The component whose mean moved furthest, and its weight."""
    assert snapshot.mixture is not None
    assert snapshot.colouring is not None
    component, move, relative = _furthest(snapshot)
    before, after = snapshot.colouring.weights[component], snapshot.mixture.weights[component]
    was, now = number(float(before), 3), number(float(after), 3)
    weight = f"{'rose' if after > before else 'fell'} from {was} to {now}" if was != now else f"stayed at {now}"
    return f"the mean of {name(component)} moved {_direction(move, relative)}, its weight {weight}."


def _start(snapshot: Snapshot) -> str:
    k = snapshot.settings.components if snapshot.mixture is None else snapshot.mixture.n_components
    groups = "One group, one guess" if k == 1 else f"{word(k).capitalize()} groups, {word(k)} guesses"
    if snapshot.last_iteration:
        return f"The start{_how(snapshot)}: {groups[0].lower()}{groups[1:]}. Press Space to play from here."
    return f"{groups}{_how(snapshot)}. Press Space."


def _ending(snapshot: Snapshot) -> str:
    """What stopped EM here, and what that means; "" where it has not stopped here."""
    stop = snapshot.stop_iteration
    if stop is None or snapshot.iteration < stop:
        return ""
    if snapshot.iteration > stop:
        return f"{count(snapshot.iteration - stop)} past the stop: {_change(snapshot)}"
    if snapshot.outcome == "converged":
        rule = STOP_RULES[snapshot.settings.stop_rule]
        small = f"the {rule.label[0].lower()}{rule.label[1:]} is under {tidy(snapshot.settings.tolerance)}"
        if snapshot.maxima:
            return f"Converged: {small}; {found(snapshot)}."
        if accelerated_by(snapshot.settings):  # which takes the room that there is
            return f"Converged: {small}."
        return f"Converged: {small}, so further steps change next to nothing."
    if STOP_RULES[snapshot.settings.stop_rule].needs_tolerance:
        return "Stopped at the most iterations allowed; EM has not converged. Go on, or allow more."
    return "Stopped after as many iterations as were set, which says nothing about convergence."


def found(snapshot: Snapshot) -> str:
    """How often several starts found the best; there were several."""
    best, starts = snapshot.maxima[0], snapshot.settings.restarts
    if not best.regular:
        return f"none of {count(starts)} starts reached a regular maximum"
    return f"the best was found in {count(best.reached)} of {count(starts)}, which is no proof"


def _change(snapshot: Snapshot) -> str:
    """The largest move of a mean and what the log-likelihood gained."""
    t = snapshot.iteration
    gain = float(snapshot.log_likelihoods[t] - snapshot.log_likelihoods[t - 1])
    if abs(gain) <= _ROUNDING * abs(snapshot.log_likelihoods[t]):
        gained = f"the log-likelihood stays at {likelihood(snapshot.log_likelihoods[t])}"
    elif gain < 0:
        gained = f"the log-likelihood fell by {number(-gain, 3)}"
    else:
        gained = f"the log-likelihood rose by {number(gain, 3)} to {likelihood(snapshot.log_likelihoods[t])}"
    if snapshot.means_at(t - 1) is None:
        return f"{gained}; {thinned(snapshot.every)}."
    component, move, relative = _furthest(snapshot)
    if np.linalg.norm(relative) < _STILL:
        return f"the means hardly move; {gained}."
    return f"{name(component)} moved {_direction(move, relative)}; {gained}."


def _furthest(snapshot: Snapshot) -> tuple[int, NDArray[np.float64], NDArray[np.float64]]:
    """The component whose mean moved furthest, its move, and that move in standard deviations of the columns.

    The iteration before has to be known still.
    """
    t, columns = snapshot.iteration, list(snapshot.columns)
    now, before = snapshot.means_at(t), snapshot.means_at(t - 1)
    assert now is not None
    assert before is not None
    moves = (now - before)[:, columns]
    scale = snapshot.dataset.scale[columns]
    relative = moves / np.where(scale > 0, scale, 1.0)  # in a column that does not vary, nothing moves
    component = int(np.argmax(np.linalg.norm(relative, axis=1)))
    return component, moves[component], relative[component]


def _direction(move: NDArray[np.float64], relative: NDArray[np.float64]) -> str:
    words = (("left", "right"), ("down", "up"))
    largest = int(np.argmax(np.abs(relative)))
    where = words[largest][int(move[largest] > 0)]
    return f"{number(abs(float(move[largest])), 2)} {'to the ' if largest == 0 else ''}{where}"
