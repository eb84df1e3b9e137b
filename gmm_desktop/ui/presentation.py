"""Presentation mode: the plot with its caption and chosen controls, full screen, in sizes that the last row reads."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QCoreApplication, QEvent, QObject, QRect, Qt, QTimer
from PySide6.QtGui import QCursor, QKeyEvent
from PySide6.QtWidgets import QApplication, QLayout, QSizeGrip, QToolTip, QWidget

from gmm_desktop.ui import hall_keys
from gmm_desktop.ui.hall_screen import curtain, layout_of
from gmm_desktop.ui.panels.curves_panel import CurvesPanel
from gmm_desktop.ui.panels.formulas_panel import FormulasPanel
from gmm_desktop.ui.panels.hall_panel import HallPanel
from gmm_desktop.ui.panels.playback_panel import PlaybackPanel
from gmm_desktop.ui.panels.plot_panel import PlotPanel
from gmm_desktop.ui.panels.point_panel import PointPanel
from gmm_desktop.ui.theme import SMALL, font

if TYPE_CHECKING:
    from gmm_desktop.ui.main_window import MainWindow

_SMALLEST, _CAPTION = 40, 24  # parts of the window's height
_LEAST_SCALE = 1.3  # at which plots begin to draw no line under three pixels
_MIDDLE, _RIGHT = 1, 2
_SIDE = 0.32  # of the width, for what is read beside the plot
_MOUSE_RESTS_MILLISECONDS = 3000
_MODIFIERS = (Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_Meta, Qt.Key.Key_AltGr)
_MOTION = (QEvent.Type.MouseMove, QEvent.Type.MouseButtonPress, QEvent.Type.Wheel)


@dataclass(frozen=True)
class _Before:
    """The window that there was.

    Attributes:
        state, geometry: maximised or not, and where.
        splitter: the widths of the columns.
        hidden: for each widget that is not presented, whether it was hidden.
        theme: the choice of colours.
        focus: the widget that had the keyboard.
    """

    state: Qt.WindowState
    geometry: QRect
    splitter: QByteArray
    hidden: dict[QWidget, bool]
    theme: str
    focus: QWidget | None


class Presentation(QObject):
    """Turns the window into the presentation and back to exactly the window that there was.

    The session is not touched: what plays goes on playing, and the axes stay.

    Attributes:
        scale: the factor of the type scale; 1.0 while it is off.
    """

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self.scale = 1.0
        self._window = window
        self._before: _Before | None = None
        self._shows = {"controls": True, "curve": True}
        self._curtain: QWidget | None = None
        self._resting = QTimer(self)
        self._resting.setSingleShot(True)
        self._resting.setInterval(_MOUSE_RESTS_MILLISECONDS)
        self._resting.timeout.connect(self._hide_mouse)
        self._mouse_hidden = False
        window.panel(HallPanel).turned.connect(self._show_parts)
        window.panel(PlotPanel).pointing.changed.connect(lambda *_: self._show_side())
        window.panel(FormulasPanel).unfold.toggled.connect(lambda _: self._show_side())

    @property
    def is_on(self) -> bool:
        """Whether the window is the presentation now."""
        return self._before is not None

    @property
    def is_blank(self) -> bool:
        """Whether the screen is black."""
        return self._curtain is not None

    def shows(self, part: str) -> bool:
        """Whether "controls" or "curve" are among what is presented."""
        return self._shows[part]

    def scale_of(self, card: QWidget) -> float:
        """The factor for the type in a card: only what can be presented grows."""
        beside = isinstance(card, PointPanel | FormulasPanel)
        return self.scale if beside or self._window.column(_MIDDLE).isAncestorOf(card) else 1.0

    def choices(self) -> dict[str, bool]:
        """What is remembered from one start to the next."""
        return dict(self._shows)

    def choose(self, part: str, shown: bool) -> None:
        """Present "controls" or "curve", or leave them out; another part, as of another version, is passed over."""
        if part in self._shows:
            self._shows[part] = shown
        if self.is_on:
            self._show_parts()

    def was_hidden(self, widget: QWidget) -> bool:
        """Whether a widget is hidden in the window outside of the presentation."""
        return self._before.hidden.get(widget, widget.isHidden()) if self._before else widget.isHidden()

    def toggle(self) -> None:
        """Begin or leave."""
        if self.is_on:
            self.leave()
        else:
            self.begin()

    def begin(self) -> None:
        """Full screen, light, and large."""
        window = self._window
        if self.is_on:
            return
        self._before = _Before(
            window.windowState(),
            window.geometry(),
            window.splitter().saveState(),
            {widget: widget.isHidden() for widget in self._parts()},
            window.theme_choice,
            window.focusWidget(),
        )
        for widget in self._before.hidden:
            widget.setVisible(widget in self._presented())
        window.choose_theme("light")
        # The screen says how large it is, on a smaller one too, where the type of the larger had no room.
        layout_of(window).setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        window.setMinimumSize(0, 0)
        window.showFullScreen()
        self._take_scale()
        window.panel(PlotPanel).plot.setFocus()
        _application().installEventFilter(self)
        self._resting.start()

    def leave(self) -> None:
        """Back to the window that there was."""
        window, before = self._window, self._before
        if before is None:
            return
        _application().removeEventFilter(self)
        self.blank(False)
        self._show_mouse()
        self._resting.stop()
        self._before = None
        self._scale_to(1.0, None)
        window.setWindowState(before.state)
        for widget, hidden in before.hidden.items():
            widget.setVisible(not hidden)
        self._show_parts()
        window.choose_theme(before.theme)
        # Else the least size of the presentation would still hold for what comes.
        QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
        layout_of(window).setSizeConstraint(QLayout.SizeConstraint.SetDefaultConstraint)
        layout_of(window).activate()
        if not before.state & (Qt.WindowState.WindowMaximized | Qt.WindowState.WindowFullScreen):
            window.setGeometry(before.geometry)
        window.splitter().restoreState(before.splitter)
        if self._is_asking_or_placing():
            return  # what waits for a key there keeps the keyboard
        if before.focus is not None:
            before.focus.setFocus()
        elif window.focusWidget() is not None:
            window.focusWidget().clearFocus()

    def _is_asking_or_placing(self) -> bool:
        """Whether the keyboard is at a question, a guess or a component in hand."""
        focus, plot, hall = (
            self._window.focusWidget(),
            self._window.panel(PlotPanel).plot,
            self._window.panel(HallPanel),
        )
        if focus is None:
            return False
        return hall.isAncestorOf(focus) or (plot.tool is not None and focus is plot)

    def escape(self) -> None:
        """One thing at a time: give up a drag, show the screen again, end painting, leave."""
        if self._window.cancel_drag():
            return
        if self.is_blank:
            self.blank(False)
        elif self._window.session.mode == "painting":
            self._window.session.set_painting(False)
        else:
            self.leave()

    def blank(self, wanted: bool) -> None:
        """Make the screen black, or show it again; whatever runs goes on behind."""
        if wanted == self.is_blank:
            return
        if self._curtain is not None:
            self._curtain.hide()
            self._curtain.deleteLater()
            self._curtain = None
        else:
            self._curtain = curtain(self._window)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The keys of a lecture come before any slider or table sees them; sizes follow the window."""
        kind = event.type()
        if kind in _MOTION:
            self._show_mouse()
            self._resting.start()
            if kind == QEvent.Type.MouseButtonPress and watched is self._curtain:
                self.blank(False)
        elif kind == QEvent.Type.Resize and watched is self._window:
            self._take_scale()
            if self._curtain is not None:
                self._curtain.setGeometry(self._window.rect())
        elif isinstance(event, QKeyEvent) and kind in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress):
            return self._takes_key(watched, event)
        return False

    def _takes_key(self, watched: QObject, event: QKeyEvent) -> bool:
        if not isinstance(watched, QWidget) or watched.window() is not self._window or QApplication.activePopupWidget():
            return False
        act = hall_keys.act_for(event)
        if self._moves_what_is_in_hand(watched, event):
            act = None
        if self.is_blank and act is None and event.key() not in _MODIFIERS:
            act = hall_keys.SHOW  # nobody sees what another key would do
        if act is None:
            return False
        event.accept()  # at ShortcutOverride: the key is wanted as a key and not as a shortcut
        if event.type() == QEvent.Type.KeyPress and (act.repeats or not event.isAutoRepeat()):
            if self.is_blank and act.shows_the_screen:
                self.blank(False)
            else:
                act.run(self._window)
        return True

    def _moves_what_is_in_hand(self, watched: QWidget, event: QKeyEvent) -> bool:
        """Left and Right nudge a component or a guess that the keyboard is at; Page Up and Down stay half steps."""
        plot = self._window.panel(PlotPanel).plot
        return event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right) and plot.tool is not None and watched is plot

    # What is seen and how large ---------------------------------------------------------------------------------

    def _parts(self) -> list[QWidget]:
        """Everything that the presentation shows or hides."""
        window = self._window
        sides = [*(window.column(index) for index in (0, _RIGHT)), *window.panels(_RIGHT)]
        bars = [window.menuBar(), window.statusBar(), *window.statusBar().findChildren(QSizeGrip), window.header]
        middle = [panel for panel in window.panels(_MIDDLE) if not isinstance(panel, HallPanel)]  # it comes and goes
        return [*bars, *sides, *middle]

    def _presented(self) -> list[QWidget]:
        window = self._window
        return [window.panel(PlotPanel), window.panel(PlaybackPanel), window.panel(CurvesPanel)]

    def _show_parts(self) -> None:
        """What was chosen; on an upright screen the playback is wider than the window and is left out.

        A question to the hall takes the room of the curve, in the presentation and outside.
        """
        asks = not self._window.panel(HallPanel).isHidden()
        self._window.panel(CurvesPanel).setVisible(not asks and (self._shows["curve"] or not self.is_on))
        if not self.is_on:
            return
        self._show_side()

    def _show_playback(self) -> None:
        """Where it is wanted, and not wider than what is left for it."""
        playback = self._window.panel(PlaybackPanel)
        layout_of(playback).activate()  # so that its least size is the one that holds now
        beside = 0 if self._window.column(_RIGHT).isHidden() else _SIDE
        fits = playback.minimumSizeHint().width() < (1 - beside) * self._window.width()
        playback.setVisible(self._shows["controls"] and fits)

    def _show_side(self) -> None:
        """Beside the plot a pinned point and the formulas, while there is one of them to read."""
        if not self.is_on:
            return
        window = self._window
        point, formulas = window.panel(PointPanel), window.panel(FormulasPanel)
        read: dict[QWidget, bool] = {point: window.panel(PlotPanel).pointing.pinned, formulas: formulas.opened}
        for panel in window.panels(_RIGHT):
            panel.setVisible(read.get(panel, False))
        side, wanted = window.column(_RIGHT), any(read.values())
        if wanted and side.isHidden():
            side.show()
            window.splitter().setSizes([0, round((1 - _SIDE) * window.width()), round(_SIDE * window.width())])
        elif not wanted:
            side.hide()
        self._show_playback()

    def _take_scale(self) -> None:
        """The smallest type is 1/40 of the window's height, the caption's 1/24."""
        height = self._window.height()
        self._scale_to(
            max(math.ceil(height / _SMALLEST) / SMALL, _LEAST_SCALE),
            math.ceil(height / _CAPTION),
        )

    def _scale_to(self, scale: float, caption: int | None) -> None:
        if scale != self.scale:
            self.scale = scale
            self._window.take_theme()
            QToolTip.setFont(font(SMALL, scale))
        self._window.panel(PlotPanel).set_caption_size(caption)
        if self.is_on:
            self._show_parts()

    def _hide_mouse(self) -> None:
        if not self._mouse_hidden:
            self._mouse_hidden = True
            QApplication.setOverrideCursor(QCursor(Qt.CursorShape.BlankCursor))

    def _show_mouse(self) -> None:
        if self._mouse_hidden:
            self._mouse_hidden = False
            QApplication.restoreOverrideCursor()


def _application() -> QCoreApplication:
    application = QCoreApplication.instance()
    assert application is not None
    return application
