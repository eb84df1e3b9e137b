"""What one press of the button, or of a key, paints or erases: data that nobody knows of before it ends."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from gmm_desktop.data import Dataset
from gmm_desktop.data.painting import MOST_PAINTED, dab, on_the_way, puff, rows_along, stamp, stamp_factor
from gmm_desktop.ui.numbers import plural
from gmm_desktop.ui.paint_tools import PaintSettings
from gmm_desktop.ui.views.surface import Surface

Array = NDArray[np.float64]
Place = tuple[float, ...]


@dataclass
class Stroke:
    """What has been done since the button went down.

    Attributes:
        tool: a key of ``PAINT_TOOLS``.
        dataset: that it changes, None on an empty canvas.
        points: (n, m) the shown columns of it.
        last: where it is.
        fresh: the points put down, in pieces (., m).
        size: how many those are.
        gone: (n,) which of ``points`` are taken away.
        erased: how many those are.
        full: whether it was said that there is no room for more points.
    """

    tool: str
    dataset: Dataset | None
    points: Array
    last: Place
    fresh: list[Array] = field(default_factory=list)
    size: int = 0
    gone: NDArray[np.bool_] = field(init=False)
    erased: int = 0
    full: bool = False

    def __post_init__(self) -> None:
        self.gone = np.zeros(len(self.points), dtype=bool)

    @property
    def act(self) -> str:
        """What undo calls it."""
        if self.tool == "erase":
            return f"erasing {plural(self.erased, 'point')}"
        many = plural(self.size, "point")
        return f"a stamp of {many}" if self.tool == "stamp" else f"painting {many}"

    @property
    def words(self) -> str:
        """How much it has done so far."""
        return f"{plural(self.erased, 'point')} erased" if self.tool == "erase" else plural(self.size, "point")

    def put(self, rng: np.random.Generator, settings: PaintSettings, surface: Surface) -> bool:
        """Do once what the tool does, where it is; False where there is no room for more points."""
        reach = surface.reach(settings.radius)
        if self.tool == "erase":
            self._erase(self.last, reach)
            return True
        size = {"brush": settings.dab, "spray": settings.puff, "stamp": settings.sample}.get(self.tool, 1)
        if len(self.points) + self.size + size > MOST_PAINTED:
            return False
        match self.tool:
            case "brush":
                points = dab(rng, self.last, reach, size)
            case "spray":
                points = puff(rng, self.last, reach, size)
            case "stamp":
                points = stamp(rng, self.last, stamp_of(settings, surface), size)
            case _:
                points = np.array([self.last])
        self.fresh.append(points)
        self.size += size
        return True

    def go(self, rng: np.random.Generator, settings: PaintSettings, surface: Surface, place: Place) -> bool:
        """The mouse is elsewhere now, with the button down; False as ``put``."""
        reach, fits = surface.reach(settings.radius), True
        if self.tool == "brush":
            for middle in on_the_way(self.last, place, reach):
                self.last = tuple(map(float, middle))
                fits &= self.put(rng, settings, surface)
            return fits
        if self.tool == "erase":
            self._erase(place, reach)
        self.last = place
        return fits

    def _erase(self, place: Place, reach: Array) -> None:
        rows = rows_along(self.points, self.last, place, reach)
        self.erased += int(rows.size - np.count_nonzero(self.gone[rows]))
        self.gone[rows] = True


def begin_stroke(tool: str, dataset: Dataset | None, columns: tuple[int, ...], place: Place) -> Stroke:
    """A stroke of a tool on data of which these columns are shown, or on an empty canvas."""
    if dataset is None:
        return Stroke(tool, None, np.empty((0, len(columns))), place)
    # As they are where all are shown in their order: of a million points a copy takes a while.
    whole = columns == tuple(range(dataset.dimension))
    return Stroke(tool, dataset, dataset.points if whole else dataset.points[:, list(columns)], place)


def stamp_of(settings: PaintSettings, surface: Surface) -> Array:
    """(m, m) what turns standard normal numbers into a stamp about its mean."""
    if surface.flat:
        return np.array([[settings.along]])
    return stamp_factor(settings.along, settings.across, settings.angle, surface.ratio)
