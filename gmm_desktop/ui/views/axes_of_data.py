"""A plot whose axes are those of the data, or of an empty canvas: what they show, and what is remembered of it."""

from __future__ import annotations

from collections.abc import Sequence
from weakref import WeakKeyDictionary

from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QWidget

from gmm_desktop.data import Dataset
from gmm_desktop.data.painting import Canvas
from gmm_desktop.session.snapshot import Snapshot
from gmm_desktop.ui.views.content import Cloud, Content
from gmm_desktop.ui.views.coordinates import IDENTITY, Limits, Mapping, Scale
from gmm_desktop.ui.views.surface import Surface, in_scales, on_canvas
from gmm_desktop.ui.views.tool import ToolPlot

AxesOfColumns = dict[tuple[int, ...], Limits]
"""By the columns that are shown."""


class AxesOfData(ToolPlot):
    """Remembers the axes of each pair of columns; data that are painted keep those that they were painted on."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._content: Content | None = None
        self._canvas: Canvas | None = None
        self._canvas_scales: tuple[Scale, ...] = ()
        self._axes: WeakKeyDictionary[Dataset, AxesOfColumns] = WeakKeyDictionary()

    def shown_ranges(self) -> list[tuple[float, float]]:
        """What the axes of the shown columns hold, in data coordinates: one range or two."""
        if self._content is None:
            return []
        shown, limits = self._content.cloud, self.view_box.viewRange()
        pairs = list(zip(shown.axis_scales(), limits, strict=True))[: len(shown.columns)]
        return [(scale.to_data(low), scale.to_data(high)) for scale, (low, high) in pairs]

    def known_axes(self) -> list[tuple[list[Dataset], AxesOfColumns]]:
        """All axes that are remembered, each with the data that share them."""
        self._remember_axes()
        alike: dict[int, tuple[list[Dataset], AxesOfColumns]] = {}
        for dataset, axes in self._axes.items():
            alike.setdefault(id(axes), ([], axes))[0].append(dataset)
        return list(alike.values())

    def know_axes(self, datasets: Sequence[Dataset], axes: AxesOfColumns) -> None:
        """Remember axes that these data share."""
        for dataset in datasets:
            self._axes[dataset] = axes

    @property
    def canvas_axes(self) -> tuple[Limits, tuple[Scale, ...]] | None:
        """Those of an empty canvas, if one is shown."""
        return (self._limits(), self._canvas_scales) if self._canvas is not None else None

    def show_canvas_axes(self, limits: Limits, scales: tuple[Scale, Scale]) -> None:
        """Give the canvas that is shown these axes."""
        if self._canvas is not None:
            self._canvas_scales = scales
            self._take_axes(self._canvas.names, self._canvas.unit, scales)
            self._set_limits(limits)

    def _limits(self) -> Limits:
        (x_low, x_high), (y_low, y_high) = self.view_box.viewRange()
        return Limits(x_low, x_high, y_low, y_high)

    def _set_limits(self, limits: Limits) -> None:
        self.view_box.setRange(xRange=(limits.x_low, limits.x_high), yRange=(limits.y_low, limits.y_high), padding=0)

    def _mapping(self) -> Mapping:
        inside = self.view_box.rect()  # of no size where everything else has taken the room
        return Mapping(self._limits(), max(inside.width(), 1.0), max(inside.height(), 1.0))

    def _surface(self) -> Surface | None:
        """The data, or an empty canvas, for the tool that paints."""
        if self._canvas is not None:
            return on_canvas(self._canvas, self._canvas_scales, self._mapping(), self.plot_style.scale)
        if self._content is None:
            return None
        shown = self._content.cloud
        return Surface(shown.columns, shown.scales, self._mapping(), self.plot_style.scale, shown.dataset)

    def _place(self, scene_place: QPointF) -> tuple[float, float] | None:
        """A place of the scene in data coordinates, None outside of the axes."""
        if self._content is None or not self.view_box.sceneBoundingRect().contains(scene_place):
            return None
        view = self.view_box.mapSceneToView(scene_place)
        x_scale, y_scale = self._content.cloud.axis_scales()
        return x_scale.to_data(view.x()), y_scale.to_data(view.y())

    def _name_axes(self, shown: Cloud) -> None:
        both = list(zip(shown.dataset.names, shown.dataset.units, strict=True))
        titles = [f"{name} ({unit})" if unit else name for name, unit in (both[column] for column in shown.columns)]
        self._take_axes(titles, "", shown.axis_scales())

    def _take_axes(self, names: Sequence[str], unit: str, scales: tuple[Scale, ...]) -> None:
        titles = [f"{name} ({unit})" if unit else name for name in names]
        self.x_axis.set_title(titles[0])
        self.y_axis.set_title(titles[1] if len(titles) == 2 else "density")
        self.x_axis.set_data_scale(scales[0])
        self.y_axis.set_data_scale(scales[1])

    def _scales(self) -> tuple[Scale, ...]:
        """Of both axes, as they are shown."""
        return self._canvas_scales if self._content is None else self._content.cloud.axis_scales()

    def _take_canvas(self, canvas: Canvas) -> None:
        """Show the axes of a canvas, whatever is in the plot."""
        self._canvas_scales = self._scales() if canvas.limits is None else (IDENTITY, IDENTITY)
        self._canvas = canvas
        self._take_axes(canvas.names, canvas.unit, self._canvas_scales)

    def _fit_canvas(self) -> None:
        """Let the axes show all of the canvas; in one column the other one is a density."""
        if self._canvas is not None and self._canvas.limits is not None:
            high = self._canvas.limits if len(self._canvas.names) == 2 else (-0.04, 1.0)
            self._set_limits(Limits(*self._canvas.limits, *high))

    def _remember_axes(self) -> None:
        if self._content is not None:
            shown = self._content.cloud
            self._axes.setdefault(shown.dataset, {})[shown.columns] = self._limits()

    def _keep_axes(self, snapshot: Snapshot, shown: Cloud) -> None:
        """Data that are painted stand on the axes that they were painted on, which they share from then on."""
        before = self._surface()
        if snapshot.mode != "painting" or before is None or snapshot.dataset in self._axes:
            return
        scales = shown.axis_scales()
        if before.dataset is not None and self._scales() == scales:
            self._axes[snapshot.dataset] = self._axes.setdefault(before.dataset, {})
        if len(before.columns) == len(shown.columns):
            kept = in_scales(self._limits(), self._scales(), scales)
            self._axes.setdefault(snapshot.dataset, {})[snapshot.columns] = kept
