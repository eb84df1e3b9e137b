"""What tests of the summary watch."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from gmm_desktop.mixture import (
    Mixture,
)
from gmm_desktop.mixture.points import WeightedPoints
from gmm_desktop.mixture.statistics import Statistics
from gmm_desktop.mixture.summary import (
    Summariser,
    Tiling,
    summarise,
)

Array = NDArray[np.float64]


@pytest.fixture
def used(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether a summary served, for each time that one was asked."""
    answers: list[bool] = []
    ask = Summariser.statistics

    def asked(self: Summariser, mixture: Mixture) -> Statistics | None:
        found = ask(self, mixture)
        answers.append(found is not None)
        return found

    monkeypatch.setattr(Summariser, "statistics", asked)
    return answers


@pytest.fixture
def builds(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The points of each summary that was begun."""
    begun: list[int] = []

    def counted(data: WeightedPoints, tiling: Tiling, most_nodes: float) -> WeightedPoints | None:
        begun.append(data.size)
        return summarise(data, tiling, most_nodes)

    monkeypatch.setattr("gmm_desktop.mixture.summary.summarise", counted)
    return begun
