"""What both plots share: a quiet pyqtgraph plot that follows a theme and moves only when it is asked to."""

from __future__ import annotations

from dataclasses import replace

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QColor, QMouseEvent, QNativeGestureEvent
from PySide6.QtWidgets import QGraphicsSceneWheelEvent, QWidget

from gmm_desktop.ui.theme import Theme
from gmm_desktop.ui.views.axis import PlotAxis
from gmm_desktop.ui.views.layer import Layer
from gmm_desktop.ui.views.style import PlotStyle

# pyqtgraph drops moves of the mouse that follow fast, the last one too, and would take the place before for the end.
pg.setConfigOptions(mouseRateLimit=0)

_WHEEL_NOTCH = 120.0
_ZOOM_A_NOTCH = 1.15
_MARGINS = (4, 10, 14, 2)  # left, top, right, bottom: half a number may stand over at the ends of the axes


class WatchingViewBox(pg.ViewBox):  # type: ignore[misc]
    """A view that pans by a drag with Shift and zooms by the wheel with Ctrl; anything else leaves it alone.

    Attributes:
        panning: whether the mouse button that is down went down with Shift.
    """

    def __init__(self) -> None:
        self.panning = False
        super().__init__(enableMenu=False)
        self.setMouseMode(pg.ViewBox.PanMode)
        self.disableAutoRange()

    def wheelEvent(self, ev: QGraphicsSceneWheelEvent, axis: int | None = None) -> None:
        if not ev.modifiers() & Qt.KeyboardModifier.ControlModifier or not any(self.mouseEnabled()):
            ev.ignore()
            return
        self.zoom(_ZOOM_A_NOTCH ** (ev.delta() / _WHEEL_NOTCH), ev.scenePos(), axis)
        ev.accept()

    def zoom(self, factor: float, where: QPointF, axis: int | None = None) -> None:
        """Show things ``factor`` times larger around a place of the scene; ``axis`` 0 or 1 for one axis alone."""
        shrink = 1 / factor
        self.scaleBy(
            x=None if axis == 1 else shrink,
            y=None if axis == 0 else shrink,
            center=self.mapSceneToView(where),
        )
        self.sigRangeChangedManually.emit(self.mouseEnabled())

    def mouseDragEvent(self, ev: pg.GraphicsScene.mouseEvents.MouseDragEvent, axis: int | None = None) -> None:
        if self.panning:
            super().mouseDragEvent(ev, axis)
        else:
            ev.ignore()

    def keyPressEvent(self, ev: QEvent) -> None:
        ev.ignore()  # pyqtgraph walks through old zooms with the letters and the arrows that commands use


class ThemedPlot(pg.PlotWidget):  # type: ignore[misc]
    """A plot with two plain axes on the colour of a card, without pyqtgraph's menu and buttons.

    Attributes:
    """

    def __init__(self, parent: QWidget | None = None, *, whole_numbers: bool = False) -> None:
        self.view_box = WatchingViewBox()
        self.x_axis = PlotAxis("bottom", whole=whole_numbers)
        self.y_axis = PlotAxis("left")
        super().__init__(
            parent,
            viewBox=self.view_box,
            axisItems={"bottom": self.x_axis, "left": self.y_axis},
            enableMenu=False,
        )
        self.plot_style = PlotStyle()
        self.plotItem.hideButtons()
        self._before_drag: list[list[float]] | None = None
        self.plotItem.layout.setContentsMargins(*_MARGINS)
        self.setFrameShape(self.Shape.NoFrame)
        self.setMinimumSize(160, 90)

    def set_theme(self, theme: Theme) -> None:
        """Draw in a theme's colours."""
        self._restyle(replace(self.plot_style, theme=theme))

    def set_scale(self, scale: float) -> None:
        """Draw type, lines and marks ``scale`` times as large as on a desktop."""
        self._restyle(replace(self.plot_style, scale=scale))

    def set_family(self, family: str) -> None:
        """Write in a family of fonts; "" is the application's."""
        self._restyle(replace(self.plot_style, family=family))

    def _restyle(self, style: PlotStyle) -> None:
        self.plot_style = style
        self.plotItem.layout.setContentsMargins(*(margin * style.scale for margin in _MARGINS))
        self.setBackground(QColor(style.theme.card))
        self.x_axis.set_style(style)
        self.y_axis.set_style(style)
        self.redraw()

    def settle(self) -> None:
        """Give the axes the room that their numbers need now, so that no frame is drawn with the old one."""
        for _ in range(2):  # another length may bring other numbers
            self.plotItem.layout.activate()

    def layers_of_pixels(self) -> list[Layer]:
        """What is better off as pixels in a vector picture; nothing, where a plot does not say otherwise."""
        return []

    def redraw(self) -> None:
        """Have everything in the plot painted again."""
        self.scene().update()

    def cancel_drag(self) -> bool:
        """Give up a drag that moves the plot and show what was shown before it; False where none is under way."""
        before, self._before_drag = self._before_drag, None
        if before is None or not self.view_box.panning:
            return False
        self.view_box.panning = False
        self.viewport().unsetCursor()
        self.view_box.setRange(xRange=before[0], yRange=before[1], padding=0)
        return True

    # pyqtgraph leaves clicks and drags that it has no use for to the widgets behind the plot, which have none either.

    def mousePressEvent(self, ev: QMouseEvent) -> None:
        shift = bool(ev.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        self.view_box.panning = shift and ev.button() == Qt.MouseButton.LeftButton
        if self.view_box.panning and any(self.view_box.mouseEnabled()):
            self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
            self._before_drag = [list(limits) for limits in self.view_box.viewRange()]
        super().mousePressEvent(ev)
        ev.accept()

    def mouseReleaseEvent(self, ev: QMouseEvent) -> None:
        super().mouseReleaseEvent(ev)
        self.view_box.panning = False
        self._before_drag = None
        self.viewport().unsetCursor()
        ev.accept()

    def viewportEvent(self, event: QEvent) -> bool:
        if (
            isinstance(event, QNativeGestureEvent)
            and event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture
            and any(self.view_box.mouseEnabled())
        ):
            self.view_box.zoom(1 + event.value(), self.mapToScene(event.position().toPoint()))
            return True
        return bool(super().viewportEvent(event))
