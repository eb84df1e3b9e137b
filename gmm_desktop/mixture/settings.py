"""What a person chooses before a fit, and the refusal of what cannot be."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass

SUMMARISE = ("auto", "never", "always")


@dataclass(frozen=True)
class FitSettings:
    """The settings of one fit; the ids are the keys of the tables named here.

    Attributes:
        components: k, at least 1.
        covariance: a key of ``COVARIANCE_TYPES``.
        initialization: a key of ``INITIALIZERS``.
        stop_rule: a key of ``STOP_RULES``.
        tolerance: what the stop rule's quantity must fall below; positive.
        max_iterations: iterations after step 0 at the most: M-steps, or strides where EM is accelerated.
        restarts: how many starts race; at least 1.
        seed: decides everything that is random.
        variance_floor: a lower bound on the eigenvalues of covariances, as a fraction, in columns divided by
            their standard deviation.
        summarise: "auto", "never" or "always"; see ``em_steps``.
        collapse: a key of ``COLLAPSES``: what happens to a component on the floor.
        acceleration: a key of ``ACCELERATIONS``.
        standardise: whether the covariance type's constraint holds in columns divided by their standard deviation;
            that makes "spherical" another model, and no other. Parameters stay in data units, and starts and stop
            rules measure in standard deviations in any case.
    """

    components: int = 2
    covariance: str = "full"
    initialization: str = "k-means++"
    stop_rule: str = "mean-gain"
    tolerance: float = 1e-6
    max_iterations: int = 500
    restarts: int = 1
    seed: int = 0
    variance_floor: float = 1e-6
    summarise: str = "auto"
    collapse: str = "floor"
    acceleration: str = "none"
    standardise: bool = False


def check_numbers(settings: FitSettings) -> None:
    """Refuse numbers out of range; the ids are checked against their tables where these are used.

    Raises:
        ValueError: one sentence naming the setting and what it may be.
    """
    _whole(settings.components, "number of components", 1)
    _whole(settings.max_iterations, "maximum number of iterations", 0)
    _whole(settings.restarts, "number of starts", 1)
    _whole(settings.seed, "seed", 0)
    if not (_is_number(settings.tolerance) and 0 < settings.tolerance < math.inf):
        raise ValueError(f"The tolerance must be a positive number, such as 1e-6; it is {settings.tolerance!r}.")
    check_variance_floor(settings.variance_floor)
    check_summarise(settings.summarise)
    if not isinstance(settings.standardise, bool):
        raise ValueError(f"Standardising is either True or False; it is {settings.standardise!r}.")


def check_variance_floor(variance_floor: float) -> float:
    """The floor, if it is one.

    Raises:
        ValueError: it is not a fraction from 0 to under 1.
    """
    if not (_is_number(variance_floor) and 0 <= variance_floor < 1):
        raise ValueError(f"The variance floor must be a fraction from 0 (none) to under 1; it is {variance_floor!r}.")
    return float(variance_floor)


def check_summarise(summarise: str) -> None:
    """Refuse an unknown way of summarising.

    Raises:
        ValueError: saying which there are.
    """
    if summarise not in SUMMARISE:
        offered = ", ".join(f'"{way}"' for way in SUMMARISE)
        raise ValueError(f"Summarising must be one of {offered}; it is {summarise!r}.")


def check_id(name: str, known: Collection[str], what: str) -> str:
    """The id, if the table has it.

    Raises:
        ValueError: it has not; the text lists what it has.
    """
    if isinstance(name, str) and name in known:
        return name
    offered = ", ".join(known)
    raise ValueError(f'There is no {what} "{name}"; there are: {offered}.')


def _is_number(value: object) -> bool:
    try:
        return not isinstance(value, str) and math.isfinite(value)  # type: ignore[arg-type]
    except (TypeError, OverflowError):
        return False


def _whole(value: object, what: str, lowest: int) -> None:
    if isinstance(value, bool) or not _is_number(value) or int(value) != value or value < lowest:  # type: ignore[call-overload, operator]
        raise ValueError(f"The {what} must be a whole number of at least {lowest}; it is {value!r}.")
