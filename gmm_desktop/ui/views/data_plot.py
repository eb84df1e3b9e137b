"""The plot of the data: one widget for one column and for two."""

from __future__ import annotations

from weakref import WeakKeyDictionary

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QWidget

from gmm_desktop.data import Dataset
from gmm_desktop.session.snapshot import Snapshot
from gmm_desktop.ui.numbers import count
from gmm_desktop.ui.theme import CAPTION
from gmm_desktop.ui.views.content import MANY, Cloud, Content, cloud
from gmm_desktop.ui.views.coordinates import Limits, Mapping, padded
from gmm_desktop.ui.views.data_1d import Data1D
from gmm_desktop.ui.views.data_2d import Data2D
from gmm_desktop.ui.views.errand import Errand
from gmm_desktop.ui.views.layer import Layer
from gmm_desktop.ui.views.options import ViewOptions
from gmm_desktop.ui.views.plot import ThemedPlot
from gmm_desktop.ui.views.style import PlotStyle


class DataPlot(ThemedPlot):
    """Shows a snapshot's data and mixture; the axes move only for other data or when a person moves them.

    Signals:
        hovered: the place under the mouse as (x, y) in data coordinates, None when it has left.
        clicked: x and y in data coordinates; y is a density where one column is shown.
        prepared: data of many points are shown from now on.
    """

    hovered = Signal(object)
    clicked = Signal(float, float)
    prepared = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("data.plot")
        self.setAccessibleName("Plot of the data and the mixture")
        self.setToolTip("The data and the mixture. Shift and drag moves the plot, Ctrl and the wheel zooms.")
        self._options = ViewOptions()
        self._content: Content | None = None
        self._waits = False
        self._awaited: Snapshot | None = None
        self._preparing: Errand[Cloud] = Errand(self)
        self._axes: WeakKeyDictionary[Dataset, dict[tuple[int, ...], Limits]] = WeakKeyDictionary()
        self._one = Data1D(self.view_box)
        self._two = Data2D(self.view_box, self.redraw, self)
        self._note = Layer(self.view_box, 9, self._draw_note)
        self._note.setVisible(False)
        self._restyle(PlotStyle())
        self.scene().sigMouseMoved.connect(self._hover)
        self.scene().sigMouseClicked.connect(self._click)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show ``snapshot``; nothing is drawn anew if it shows what is shown already."""
        earlier, awaited = self._content, self._awaited
        if awaited is not None and awaited.dataset is snapshot.dataset and awaited.columns == snapshot.columns:
            self._awaited = snapshot
            return
        if earlier is not None and _same(earlier.snapshot, snapshot):
            return
        same_data = (
            earlier is not None
            and earlier.cloud.dataset is snapshot.dataset
            and earlier.cloud.columns == snapshot.columns
        )
        if same_data and earlier is not None:
            self._show(snapshot, earlier.cloud)
            return
        self._remember_axes()
        self._preparing.cancel()
        self._awaited = None
        if snapshot.dataset.size <= MANY or self._waits:
            self._begin(snapshot, cloud(snapshot.dataset, snapshot.columns))
        else:
            self._prepare(snapshot)

    def _prepare(self, snapshot: Snapshot) -> None:
        """Pass over all points in a thread of its own; until it is done an empty plot says so."""
        self._awaited = snapshot
        self._content = None
        self._one.show(None)
        self._two.show(None)
        self._note.setVisible(True)
        dataset, columns = snapshot.dataset, snapshot.columns
        self._preparing.run(lambda cancelled: cloud(dataset, columns), self._prepared)

    def _prepared(self, shown: Cloud) -> None:
        snapshot, self._awaited = self._awaited, None
        if snapshot is not None:
            self._begin(snapshot, shown)
            self.prepared.emit()

    def _begin(self, snapshot: Snapshot, shown: Cloud) -> None:
        self._note.setVisible(False)
        self._show(snapshot, shown)
        self._name_axes(shown)
        remembered = self._axes.get(snapshot.dataset, {}).get(snapshot.columns)
        if remembered is None:
            self.fit_axes()
        else:
            self._set_limits(remembered)
        self.settle()

    @property
    def options(self) -> ViewOptions:
        """How it is drawn."""
        return self._options

    def set_options(self, options: ViewOptions) -> None:
        """Draw with other options."""
        if options == self._options:
            return
        rebinned = options.bins != self._options.bins
        self._options = options
        if self._content is None:
            return
        self._show(self._content.snapshot, self._content.cloud)
        if rebinned and len(self._content.cloud.columns) == 1:
            needed = self._one.limits(self._content)
            x_low, x_high, _, y_high = self._limits()
            if needed.y_high > y_high:
                self._set_limits(Limits(x_low, x_high, needed.y_low, needed.y_high))

    def fit_axes(self) -> None:
        """Let the axes fit the data."""
        if self._content is None:
            return
        if len(self._content.cloud.columns) == 1:
            self._set_limits(self._one.limits(self._content))
        else:
            (x, y) = self._content.cloud.bounds
            self._set_limits(Limits(*padded(*x), *padded(*y)))

    def wait_for_points(self) -> None:
        """From now on have points counted before a frame is drawn, not after: for pictures."""
        self._waits = self._two.image.waits = True

    def _show(self, snapshot: Snapshot, shown: Cloud) -> None:
        style = PlotStyle(self.plot_style.theme, self.plot_style.scale, snapshot.selected)
        self.plot_style = style
        content = Content(snapshot, self._options, style, shown)
        if self._content is not None:
            content.follow(self._content)
        self._content = content
        flat = len(shown.columns) == 1
        self._one.show(content if flat else None)
        self._two.show(None if flat else content)

    def _draw_note(self, painter: QPainter, mapping: Mapping) -> None:
        """What an empty plot waits for."""
        if self._awaited is None:
            return
        style = self.plot_style
        painter.setPen(QColor(style.theme.muted))
        painter.setFont(style.font(CAPTION))
        words = f"Looking through {count(self._awaited.dataset.size)} points …"
        painter.drawText(QRectF(0, 0, mapping.width, mapping.height), Qt.AlignmentFlag.AlignCenter, words)

    def _restyle(self, style: PlotStyle) -> None:
        super()._restyle(style)
        if self._content is not None:
            self._show(self._content.snapshot, self._content.cloud)

    def _name_axes(self, shown: Cloud) -> None:
        names, unit = shown.dataset.names, shown.dataset.unit
        titles = [f"{names[column]} ({unit})" if unit else names[column] for column in shown.columns]
        self.x_axis.set_title(titles[0])
        self.y_axis.set_title(titles[1] if len(titles) == 2 else "density")
        x_scale, y_scale = shown.axis_scales()
        self.x_axis.set_data_scale(x_scale)
        self.y_axis.set_data_scale(y_scale)

    def _limits(self) -> Limits:
        (x_low, x_high), (y_low, y_high) = self.view_box.viewRange()
        return Limits(x_low, x_high, y_low, y_high)

    def _set_limits(self, limits: Limits) -> None:
        self.view_box.setRange(xRange=(limits.x_low, limits.x_high), yRange=(limits.y_low, limits.y_high), padding=0)

    def _remember_axes(self) -> None:
        if self._content is not None:
            shown = self._content.cloud
            self._axes.setdefault(shown.dataset, {})[shown.columns] = self._limits()

    def _place(self, scene_place: QPointF) -> tuple[float, float] | None:
        """A place of the scene in data coordinates, None outside of the axes."""
        if self._content is None or not self.view_box.sceneBoundingRect().contains(scene_place):
            return None
        view = self.view_box.mapSceneToView(scene_place)
        x_scale, y_scale = self._content.cloud.axis_scales()
        return x_scale.to_data(view.x()), y_scale.to_data(view.y())

    def _hover(self, scene_place: QPointF) -> None:
        self.hovered.emit(self._place(scene_place))

    def _click(self, event: pg.GraphicsScene.mouseEvents.MouseClickEvent) -> None:
        place = self._place(event.scenePos())
        if place is not None:
            self.clicked.emit(*place)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.hovered.emit(None)


def _same(a: Snapshot, b: Snapshot) -> bool:
    """Whether two snapshots look the same in this plot."""
    return (
        a.dataset is b.dataset
        and a.mixture is b.mixture
        and a.colouring is b.colouring
        and a.truth is b.truth
        and a.other is b.other
        and a.ghost is b.ghost
        and (a.columns, a.run, a.iteration, a.selected) == (b.columns, b.run, b.iteration, b.selected)
    )
