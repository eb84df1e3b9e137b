"""What a change of settings means for the run that is shown."""

from __future__ import annotations

from dataclasses import dataclass, fields

from gmm_desktop.mixture import FitSettings

_STOP = {"stop_rule", "tolerance", "max_iterations"}
_AFTER_THE_START = _STOP | {"covariance", "collapse", "acceleration", "summarise", "standardise"}
_NAMES = {
    "components": "number of components",
    "covariance": "covariance type",
    "initialization": "initialisation",
    "restarts": "number of starts",
    "seed": "new start",
    "stop_rule": "stop rule",
    "tolerance": "tolerance",
    "max_iterations": "most iterations",
    "collapse": "what a collapse does",
    "acceleration": "acceleration",
    "summarise": "summary of the points",
    "standardise": "standardising",
}


@dataclass(frozen=True)
class Change:
    """A change of settings.

    Attributes:
        name: what undo calls it.
        moves_only_the_stop: the history stays, and only the place where it stops moves along it.
        keeps_the_start: a start that a person gave can be used again.
    """

    name: str
    moves_only_the_stop: bool
    keeps_the_start: bool


def change_between(old: FitSettings, new: FitSettings) -> Change:
    """What distinguishes two settings, of which at least one field differs."""
    changed = {field.name for field in fields(old) if getattr(old, field.name) != getattr(new, field.name)}
    name = next((words for field, words in _NAMES.items() if field in changed), "settings")
    return Change(name, changed <= _STOP, changed <= _AFTER_THE_START)
