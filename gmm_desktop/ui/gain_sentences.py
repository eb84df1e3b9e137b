"""What is said of a tolerance: where it stops the run that is known, and what was then still to gain."""

from __future__ import annotations

from gmm_desktop.mixture import STOP_RULES
from gmm_desktop.session import Snapshot
from gmm_desktop.session.stop_watch import measured_rule
from gmm_desktop.session.would_stop import WouldStop, would_stop
from gmm_desktop.ui.numbers import count, number, tidy

_MOST_WEIGHTS = 6


def tolerance_sentence(snapshot: Snapshot, tolerance: float, *, tried: bool) -> str:
    """What a tolerance does to the run that is shown; ``tried``: it is only tried out and not the one in use."""
    rule = STOP_RULES[snapshot.settings.stop_rule]
    most = count(snapshot.settings.max_iterations)
    if not rule.needs_tolerance:
        return f"This stop rule measures nothing and stops after {most} iterations; shown is the gain per point."
    stop = would_stop(snapshot, tolerance)
    if stop is None:
        return _not_stopped(snapshot, tried=tried)
    where = f"at the most iterations allowed, {most}" if stop.allowed else f"at iteration {count(stop.iteration)}"
    stopped = "Would have stopped" if tried else "Stops"
    return f"{stopped} {where}, with weights {_weights(stop)}; {_left(snapshot, stop)}."


def measure_name(snapshot: Snapshot) -> str:
    """What is plotted, as a title of an axis."""
    label = STOP_RULES[measured_rule(snapshot.settings)].label
    return label[0].lower() + label[1:]


def _not_stopped(snapshot: Snapshot, *, tried: bool) -> str:
    if not snapshot.last_iteration:
        return "No iteration is known yet."
    known = f"the {count(snapshot.last_iteration)} iterations known"
    if snapshot.last_iteration == 1:
        known = "the one iteration known"
    return f"Would not have stopped within {known}." if tried else f"Not reached within {known}."


def _weights(stop: WouldStop) -> str:
    shown = ", ".join(number(float(weight), 2) for weight in stop.weights[:_MOST_WEIGHTS])
    return shown + (" …" if len(stop.weights) > _MOST_WEIGHTS else "")


def _left(snapshot: Snapshot, stop: WouldStop) -> str:
    if stop.iteration == snapshot.last_iteration:
        return "no iteration beyond it is known"
    each = tidy(float(f"{stop.left / snapshot.dataset.total_weight:.2g}"))
    return (
        f"then {number(stop.left, 3)} was still to gain ({each} a point) "
        f"until iteration {count(snapshot.last_iteration)}"
    )
