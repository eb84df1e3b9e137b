"""The plot of the data: one widget for one column and for two."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QWidget

from gmm_desktop.data.painting import Canvas
from gmm_desktop.session.editing import rules_for
from gmm_desktop.session.snapshot import Snapshot
from gmm_desktop.ui.numbers import count
from gmm_desktop.ui.theme import CAPTION
from gmm_desktop.ui.views.axes_of_data import AxesOfData
from gmm_desktop.ui.views.content import MANY, Cloud, Content, cloud
from gmm_desktop.ui.views.coordinates import Limits, Mapping, padded
from gmm_desktop.ui.views.data_1d import Data1D
from gmm_desktop.ui.views.data_2d import Data2D
from gmm_desktop.ui.views.errand import Errand
from gmm_desktop.ui.views.glide import Glide
from gmm_desktop.ui.views.guessing import Guessing
from gmm_desktop.ui.views.layer import Layer
from gmm_desktop.ui.views.options import ViewOptions
from gmm_desktop.ui.views.painting import Painting
from gmm_desktop.ui.views.placing import Placing
from gmm_desktop.ui.views.ring import PointRing
from gmm_desktop.ui.views.sheet import Sheet
from gmm_desktop.ui.views.style import PlotStyle
from gmm_desktop.ui.views.tool import Tool

_ON_TOP = 40


class DataPlot(AxesOfData):
    """Shows a snapshot's data and mixture; the axes move only for other data or when a person moves them.

    Signals:
        hovered: the place under the mouse as (x, y) in data coordinates, None when it has left.
        clicked: x and y in data coordinates; y is a density where one column is shown.
        prepared: data of many points are shown from now on.

    Attributes:
        placing: the tool that edits the mixture.
        guessing: the tool that asks where a mean goes.
        painting: the tool that paints the data.
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
        self._awaited: Snapshot | None = None
        self._preparing: Errand[Cloud] = Errand(self)
        self._one = Data1D(self.view_box)
        self._two = Data2D(self.view_box, self.redraw, self)
        self._glide = Glide(self.redraw, self)
        self._note = Layer(self.view_box, 9, self._draw_note)
        self._note.setVisible(False)
        self.placing = Placing(self._sheet, self)
        self.guessing = Guessing(self._sheet, self)
        self.painting = Painting(self._surface, self)
        self._tools: dict[str, Tool] = {
            "editing": self.placing,
            "guessing": self.guessing,
            "painting": self.painting,
        }
        self._tool_layer = Layer(self.view_box, _ON_TOP, self._draw_tool)
        self._words_layer = Layer(self.view_box, _ON_TOP, self._draw_words)
        for tool in self._tools.values():
            for layer in (self._tool_layer, self._words_layer):
                tool.changed.connect(layer.update)
            tool.said.connect(self.announce)
        self.view_box.sigRangeChanged.connect(lambda: self._let_go())
        self.ring = PointRing(self.view_box, lambda: self._content)
        self._restyle(PlotStyle())
        self.scene().sigMouseMoved.connect(self._hover)
        self.scene().sigMouseClicked.connect(self._click)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show ``snapshot``; nothing is drawn anew if it shows what is shown already."""
        self._show_picture(snapshot.drafted)
        self._take_tool(snapshot)

    def _take_tool(self, snapshot: Snapshot) -> None:
        tool = self._tools.get(snapshot.mode)
        begins = tool is not self.tool
        self.use(tool)
        flat = len(snapshot.columns) == 1
        self._tool_layer.setZValue((self._one if flat else self._two).below_means)  # the letters stay readable
        if tool is not None:
            if begins:
                tool.begin(snapshot.selected or 0)
            tool.follow(snapshot)

    def _show_picture(self, snapshot: Snapshot) -> None:
        if snapshot.canvas is not None:
            self._show_canvas(snapshot.canvas)
            return
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
        if snapshot.dataset.size <= MANY:
            self._begin(snapshot, cloud(snapshot.dataset, snapshot.columns))
        else:
            self._prepare(snapshot)

    def _prepare(self, snapshot: Snapshot) -> None:
        """Pass over all points in a thread of its own; until it is done an empty plot says so."""
        self._awaited = snapshot
        if snapshot.mode != "painting":  # else what is painted on stays to be seen
            self._empty()
        dataset, columns = snapshot.dataset, snapshot.columns
        self._preparing.run(lambda cancelled: cloud(dataset, columns), self._prepared)

    def _empty(self) -> None:
        self._content = None
        self._one.show(None)
        self._two.show(None)
        self._note.setVisible(True)

    def _show_canvas(self, canvas: Canvas) -> None:
        """Nothing but axes to paint on, and a word that says so."""
        if canvas is self._canvas and self._awaited is None:
            return
        self._remember_axes()
        self._preparing.cancel()
        self._awaited = None
        self._take_canvas(canvas)
        self._empty()
        self.fit_axes()
        self.settle()

    def _prepared(self, shown: Cloud) -> None:
        snapshot, self._awaited = self._awaited, None
        if snapshot is not None:
            self._begin(snapshot, shown)
            self.prepared.emit()

    def _begin(self, snapshot: Snapshot, shown: Cloud) -> None:
        self._note.setVisible(False)
        self._keep_axes(snapshot, shown)
        self._canvas = None
        self._show(snapshot, shown)
        self._name_axes(shown)
        remembered = self._axes.get(snapshot.dataset, {}).get(snapshot.columns)
        if remembered is None:
            self.fit_axes()
        else:
            self._set_limits(remembered)
            if snapshot.mode == "painting":
                self._follow_density()
        self.settle()

    def _follow_density(self) -> None:
        """In one column nobody paints heights: that axis follows where the bars would not fit any more."""
        if self._content is None or len(self._content.cloud.columns) > 1:
            return
        needed, now = self._one.limits(self._content), self._limits()
        if not now.y_high / 2 < needed.y_high <= now.y_high:
            self._set_limits(Limits(now.x_low, now.x_high, needed.y_low, needed.y_high))

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
        """Let the axes fit the data, or the canvas."""
        if self._content is None:
            self._fit_canvas()
            return
        if len(self._content.cloud.columns) == 1:
            self._set_limits(self._one.limits(self._content))
        else:
            (x, y) = self._content.cloud.bounds
            self._set_limits(Limits(*padded(*x), *padded(*y)))

    @property
    def cloud(self) -> Cloud | None:
        """The data shown, as they were prepared for it; None while they still are."""
        return self._content.cloud if self._content is not None else None

    def show_prepared(self, snapshot: Snapshot, shown: Cloud) -> None:
        """As ``show_snapshot``, of data that are prepared already, and without handles: for pictures."""
        self._preparing.cancel()
        self._awaited = None
        self._begin(snapshot.drafted, shown)

    def work_before_painting(self, ratio: float) -> Callable[[], None] | None:
        """What is to be done, in whatever thread, so that the next painting at ``ratio`` device pixels in a logical
        one shows all points and takes no longer than a frame does; for pictures. None where nothing is."""
        content = self._content
        return None if content is None else self._two.work_before_painting(ratio)

    def layers_of_pixels(self) -> list[Layer]:
        """What is better off as pixels in a vector picture."""
        return self._two.layers_of_pixels()

    @property
    def is_counting(self) -> bool:
        """Whether points are still counted, so that a frame drawn now would not show them as they are."""
        return self._awaited is not None or self._two.is_counting

    def _show(self, snapshot: Snapshot, shown: Cloud) -> None:
        style = replace(self.plot_style, selected=snapshot.selected)
        self.plot_style = style
        earlier = self._content
        content = Content(snapshot, self._options, style, shown, self._glide)
        if earlier is not None:
            content.follow(earlier)
            self._move(earlier, content)
        self._content = content
        flat = len(shown.columns) == 1
        self._one.show(content if flat else None)
        self._two.show(None if flat else content)

    def _move(self, earlier: Content, content: Content) -> None:
        """An M-step alone glides; whatever else changes the mixture is there at once."""
        old, new = earlier.snapshot, content.snapshot
        if old.mixture is new.mixture:
            return
        start, target = earlier.target(), content.target()
        steps = new.phase == "M" and new.colouring is old.mixture and old.run == new.run
        if steps and self._options.motion and start is not None and target is not None:
            self._glide.begin(start, target)
        else:
            self._glide.end()

    def _let_go(self) -> None:
        if self.tool is not None:
            self.tool.axes_moved()

    def _draw_tool(self, painter: QPainter, mapping: Mapping) -> None:
        if self.tool is not None:
            self.tool.draw(painter, mapping, self.plot_style)

    def _draw_words(self, painter: QPainter, mapping: Mapping) -> None:
        if self.tool is not None:
            self.tool.draw_words(painter, mapping, self.plot_style)

    def _sheet(self) -> Sheet | None:
        """The mixture as it is drawn, for a tool."""
        content = self._content
        mixture = content.snapshot.mixture if content is not None else None
        if content is None or mixture is None:
            return None
        shown = content.cloud
        rules = rules_for(content.snapshot.settings, shown.dataset)
        return Sheet(mixture, shown.columns, shown.scales, self._mapping(), rules, self.plot_style.scale)

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

    def _hover(self, scene_place: QPointF) -> None:
        self.hovered.emit(self._place(scene_place))

    def _click(self, event: pg.GraphicsScene.mouseEvents.MouseClickEvent) -> None:
        place = self._place(event.scenePos())
        if place is not None:
            self.clicked.emit(*place)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.hovered.emit(None)
        if self.tool is not None:
            self.tool.leave()


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
