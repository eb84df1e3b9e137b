"""When the shown run stops, asked after every iteration."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from gmm_desktop.data import Dataset
from gmm_desktop.mixture import STOP_RULES, FitHistory, FitSettings, quantities

Array = NDArray[np.float64]


class StopWatch:
    """What the stop rule looks at along a history, and where it fires first, looking at each iteration only once.

    It is asked after every iteration, and a history may hold a million.
    """

    def __init__(self, history: FitHistory, settings: FitSettings, dataset: Dataset) -> None:
        self._history, self._settings, self._dataset = history, settings, dataset
        self._seen = 0
        self._fired: int | None = None
        self._measures = np.empty(64)

    def fired(self) -> int | None:
        """The first iteration at which the rule fires, or None."""
        self._look()
        return self._fired

    def measures(self) -> Array:
        """(T + 1,), read-only: what the rule looks at, NaN where it is not defined; see ``measured_rule``."""
        self._look()
        part = self._measures[: self._seen]
        part.setflags(write=False)
        return part

    def _look(self) -> None:
        length = len(self._history)
        if length <= self._seen:
            return
        rule, weight, scale = measured_rule(self._settings), self._dataset.total_weight, self._dataset.scale
        looked_at = quantities(self._history, rule, weight, scale, first=self._seen)
        if length > len(self._measures):
            grown = np.empty(max(length, 2 * len(self._measures)))
            grown[: self._seen] = self._measures[: self._seen]
            self._measures = grown
        self._measures[self._seen : length] = looked_at
        if self._fired is None and STOP_RULES[self._settings.stop_rule].needs_tolerance:
            fires = np.flatnonzero(np.abs(looked_at) < self._settings.tolerance)
            self._fired = int(fires[0]) + self._seen if fires.size else None
        self._seen = length


def measured_rule(settings: FitSettings) -> str:
    """The rule whose quantity is measured: the one chosen, or the gain a point where that one measures nothing."""
    return settings.stop_rule if STOP_RULES[settings.stop_rule].needs_tolerance else "mean-gain"


@lru_cache(maxsize=32)
def watch(history: FitHistory, settings: FitSettings, dataset: Dataset) -> StopWatch:
    """The one that watches this history under these settings, remembered from call to call."""
    return StopWatch(history, settings, dataset)
