"""When the shown run stops, asked after every iteration."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from gmm_desktop.data import Dataset
from gmm_desktop.mixture import STOP_RULES, FitHistory, FitSettings, quantities


class StopWatch:
    """Where along a history the stop rule fires first, looking at each iteration only once.

    It is asked after every iteration, and a history may hold a million.
    """

    def __init__(self, history: FitHistory, settings: FitSettings, dataset: Dataset) -> None:
        self._history, self._settings, self._dataset = history, settings, dataset
        self._seen = 0
        self._fired: int | None = None

    def fired(self) -> int | None:
        """The first iteration at which the rule fires, or None."""
        length = len(self._history)
        rule = STOP_RULES[self._settings.stop_rule]
        if self._fired is None and length > self._seen and rule.needs_tolerance:
            weight, scale = self._dataset.total_weight, self._dataset.scale
            looked_at = quantities(self._history, rule.id, weight, scale, first=self._seen)
            fires = np.flatnonzero(np.abs(looked_at) < self._settings.tolerance)
            self._fired = int(fires[0]) + self._seen if fires.size else None
        self._seen = length
        return self._fired


@lru_cache(maxsize=32)
def watch(history: FitHistory, settings: FitSettings, dataset: Dataset) -> StopWatch:
    """The one that watches this history under these settings, remembered from call to call."""
    return StopWatch(history, settings, dataset)
