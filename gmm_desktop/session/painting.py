"""Data made and changed by hand: points painted and erased in the plot, each stroke one act that undo takes back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from weakref import WeakKeyDictionary, WeakSet

import numpy as np
from numpy.typing import NDArray

from gmm_desktop.data import Dataset
from gmm_desktop.data.painting import MOST_PAINTED, Canvas, dataset_on, most_components, with_points, without_rows
from gmm_desktop.mixture import FitHistory, FitSettings, Mixture
from gmm_desktop.session.by_hand import BY_HAND, ByHand
from gmm_desktop.session.snapshot import Mode, Snapshot, take_snapshot
from gmm_desktop.session.state import State


@dataclass(frozen=True, eq=False)
class Painted:
    """What is known of data that a person paints, beside their points.

    Attributes:
        dataset: the data.
        canvas: the empty surface that their first points lie on, which undo shows again; or None.
        wanted: how many components are wanted, where there are too few points for them; or 0.
    """

    dataset: Dataset
    canvas: Canvas | None = None
    wanted: int = 0


class Painting(ByHand):
    """A session whose data a person paints. While data are painted the axes stay, and every stroke begins a run.

    An empty canvas is no data set, so that none is shown for one: until there is a point on it, the data and runs
    before it are kept untouched behind it, and undo shows them again.
    """

    def __init__(self, dataset: Dataset, settings: FitSettings, start: Mixture | None = None) -> None:
        super().__init__(dataset, settings, start)
        self._paints = False
        self._canvas: Canvas | None = None
        self._painted: WeakSet[Dataset] = WeakSet()  # what the mode of painting goes on with
        self._canvases: WeakKeyDictionary[Dataset, Canvas] = WeakKeyDictionary()  # what the first points lie on
        self._wanted: WeakKeyDictionary[Dataset, int] = WeakKeyDictionary()  # components that it has too few points for

    @property
    def mode(self) -> Mode:
        """What the mouse does in the plot of the data."""
        return "painting" if self._paints else super().mode

    @property
    def painted_data(self) -> Dataset | None:
        """The data that a stroke changes; None on an empty canvas."""
        return None if self._canvas is not None else self.state.run.dataset

    def snapshot(self) -> Snapshot:
        """What a view may know now; on an empty canvas nothing of the fit that waits behind it."""
        snapshot = super().snapshot()
        if self._canvas is None:
            return snapshot
        run = replace(self.state.run, history=FitHistory(), start=None, ready=False, ending=None)
        blank = take_snapshot(State(self.state.columns, (run,), run))
        return replace(blank, mode=self.mode, truth=None, canvas=self._canvas)

    def set_painting(self, on: bool) -> None:
        """Have the mouse paint points, or watch again."""
        self.set_editing(False)
        self.end_guess()
        if on:
            self.pause()
            self._go_on_with(self.state.run.dataset)
        self._paints = on

    def new_canvas(self, canvas: Canvas) -> None:
        """Paint on an empty surface; what was there is shown again by undo."""
        if self._canvas is None:
            self.set_painting(True)
        self._canvas = canvas
        self.touch()

    def paint(self, points: NDArray[np.float64], name: str) -> None:
        """Put points down: (m, 1) or (m, 2) in the order of the shown columns. ``name`` is what undo calls it."""
        canvas = self._canvas
        if points.shape[1] != len(self.state.columns if canvas is None else canvas.names):
            return  # made on a plot that does not show yet what there is now
        if canvas is None:
            placed = np.empty_like(points)
            placed[:, list(self.state.columns)] = points
            self.change_data(with_points(self.state.run.dataset, placed), name)
        else:
            dataset = dataset_on(canvas, points, self._components())
            self._canvases[dataset] = canvas
            self.change_data(dataset, name)

    def erase(self, rows: NDArray[np.intp], name: str) -> None:
        """Take points away, by their rows; where none would be left, an empty canvas with the same axes is."""
        dataset = self.state.run.dataset
        if len(rows) == dataset.size:
            self.new_canvas(Canvas(dataset.names, dataset.unit, None, name))
        elif len(rows):
            self.change_data(without_rows(dataset, rows), name)

    def change_data(self, dataset: Dataset, name: str) -> None:
        """The same settings on other points; the old run is kept. ``name`` is what undo calls it.

        Of the components as many are left as there are different points; with more points they come back.
        """
        old, wanted = self.state.run, self._components()
        components = most_components(dataset.points, wanted)
        settings = replace(old.settings, components=components)
        if settings.initialization == "labels" and dataset.labels is None:
            settings = replace(settings, initialization=FitSettings.initialization)
        start = old.start if settings.initialization == BY_HAND and _fits(old.start, dataset, components) else None
        columns = self.state.columns if dataset.dimension == old.dataset.dimension else None
        self._painted.add(dataset)
        if components < wanted:
            self._wanted[dataset] = wanted
        self._begin_data(dataset, settings, start, columns, name)

    def painted(self, datasets: Iterable[Dataset]) -> tuple[Painted, ...]:
        """What is known of those that are painted."""
        return tuple(
            Painted(dataset, self._canvases.get(dataset), self._wanted.get(dataset, 0))
            for dataset in datasets
            if dataset in self._painted
        )

    def _take_painting(self, painted: Iterable[Painted], paints: bool, canvas: Canvas | None) -> None:
        """Paint on as another session did."""
        for one in painted:
            self._painted.add(one.dataset)
            if one.canvas is not None:
                self._canvases[one.dataset] = one.canvas
            if one.wanted:
                self._wanted[one.dataset] = one.wanted
        self._paints, self._canvas = paints, canvas
        if paints:
            self._go_on_with(self.state.run.dataset)

    def _go_on_with(self, dataset: Dataset) -> None:
        """These are painted, where they can be."""
        if dataset.dimension <= 2 and dataset.size <= MOST_PAINTED:
            self._painted.add(dataset)

    def restore(self) -> bool:
        """Give up an empty canvas or a draft; whether there was one."""
        if self._canvas is None:
            return super().restore()
        self._canvas = None
        self._paints = self.state.run.dataset in self._painted
        self.touch()
        return True

    def set_editing(self, on: bool) -> None:
        """Have the mouse place components, or watch again; nothing is painted then."""
        self._paints = False
        self._canvas = None
        super().set_editing(on)

    def _show_run(self, state: State) -> None:
        """Other data than those that are painted end the painting; their own canvas is shown where they go."""
        self._canvas = None
        self._paints = self._paints and state.run.dataset in self._painted
        super()._show_run(state)

    def _show_undone(self, state: State) -> None:
        """What undo brings back: before the first points on a canvas there is the canvas."""
        canvas = self._canvases.get(self.state.run.dataset) if self._paints else None
        other = state.run.dataset is not self.state.run.dataset
        self._show_run(state)
        if canvas is not None and other:
            self.new_canvas(canvas)

    def _put_back(self, canvas: Canvas | None) -> None:
        """Settings have changed behind an empty canvas, which stays: what is painted on it is fitted with them."""
        if canvas is not None:
            self._canvas, self._paints = canvas, True
            self.touch()

    def _components(self) -> int:
        """How many components are wanted, though there may be too few points for them now."""
        run = self.state.run
        now, wanted = run.settings.components, self._wanted.get(run.dataset, 0)
        return wanted if now < wanted and now == most_components(run.dataset.points, wanted) else now

    def _begin_data(
        self,
        dataset: Dataset,
        settings: FitSettings,
        start: Mixture | None,
        columns: tuple[int, ...] | None,
        name: str,
    ) -> None:
        """Begin a run of other data; ``name`` is what undo calls it."""
        raise NotImplementedError


def _fits(start: Mixture | None, dataset: Dataset, components: int) -> bool:
    """Whether a start that a person placed can be one of these data too."""
    return start is not None and (start.dimension, start.n_components) == (dataset.dimension, components)
