"""The card below the playback: one of the curves that a run draws, iteration by iteration."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from gmm_desktop.session import Snapshot
from gmm_desktop.ui.card import Card
from gmm_desktop.ui.form import name_widget
from gmm_desktop.ui.switch_button import SwitchButton
from gmm_desktop.ui.theme import LIGHT, Theme
from gmm_desktop.ui.views.bound import BoundPlot
from gmm_desktop.ui.views.gain import GainPlot
from gmm_desktop.ui.views.log_likelihood import LogLikelihoodPlot
from gmm_desktop.ui.views.options import ViewOptions
from gmm_desktop.ui.views.truth import TruthPlot

# Pixels at a scale of one; in a hall the plot of the data needs more, and a curve with a sentence or in two parts too.
_HEIGHT, _HALL_HEIGHT, _HALL_HEIGHT_OF_TWO = 208, 114, 152


@dataclass(frozen=True)
class Switch:
    """A button that belongs to one curve and stays in when pressed.

    Attributes:
        id: the objectName.
        text: on the button.
        name: for screen readers.
        tip: one sentence.
        turn: tells the plot.
    """

    id: str
    text: str
    name: str
    tip: str
    turn: Callable[[Any, bool], None]


@dataclass(frozen=True)
class Curve:
    """A row of ``CURVES``.

    Attributes:
        id: of the command that shows it is "view." and this.
        title: on its tab.
        tip: one sentence.
        plot: makes its plot, which has ``show_snapshot``, ``set_theme``, ``set_scale`` and the signal
            ``iteration_chosen``, and where a person can change settings in it the signal ``setting_chosen``.
        switches: what else there is to choose.
        later: the objectName under which the plot is to be found before it is made, which is when it is first looked
            at; "" where it is made at once.
        short: what its vertical axis is called where the tab says the rest; "" where the plot names it.
        hall_height: of the card in a hall, in pixels at a scale of one.
    """

    id: str
    title: str
    tip: str
    plot: Callable[[], Any]
    switches: tuple[Switch, ...] = ()
    later: str = ""
    short: str = ""
    hall_height: int = _HALL_HEIGHT


CURVES = (
    Curve(
        "log_likelihood",
        "Log-likelihood",
        "The log-likelihood of each iteration.",
        LogLikelihoodPlot,
        (
            Switch(
                "log_likelihood.show_all",
                "Show all",
                "Show all of the curve",
                "Show the whole height of the curve, its first jump too.",
                LogLikelihoodPlot.set_show_all,
            ),
        ),
        short="log L",  # a power of ten must find room
    ),
    Curve(
        "bound",
        "Bound",
        "The evidence lower bound, which EM lifts half step by half step.",
        BoundPlot,
        (
            Switch(
                "bound.by_step",
                "Step by step",
                "Show single half steps of the bound",
                "Show the half steps around the shown one large.",
                BoundPlot.set_by_step,
            ),
        ),
        later="bound.plot",
        hall_height=_HALL_HEIGHT_OF_TWO,
    ),
    Curve(
        "gain",
        "Gain",
        "What the stop rule looks at, and the tolerance as a line to drag.",
        GainPlot,
        later="gain.plot",
        hall_height=_HALL_HEIGHT_OF_TWO,
    ),
    Curve(
        "truth_curves",
        "Truth",
        "The fit beside the mixture that generated the data, on this sample and on a fresh one.",
        TruthPlot,
        later="truth.plot",
        hall_height=_HALL_HEIGHT_OF_TWO,
    ),
)


class CurvesPanel(Card):
    """One tab a curve; only the one that is seen follows the session.

    Signals:
        iteration_chosen: a person clicked at an iteration.
        setting_chosen: (field of FitSettings, new value) that a person chose in a plot.
    """

    iteration_chosen = Signal(int)
    setting_chosen = Signal(str, object)

    def __init__(self) -> None:
        super().__init__("" if len(CURVES) > 1 else CURVES[0].title)
        self.setFixedHeight(_HEIGHT)
        self._snapshot: Snapshot | None = None
        self._large = False
        self._stack = QStackedWidget()
        self._tabs = QButtonGroup(self)
        self._plots: dict[str, Any] = {}
        self._theme_of_plots, self._scale_of_plots = LIGHT, 1.0
        self._switches: dict[str, list[QWidget]] = {}
        for place, curve in enumerate(CURVES):
            self._stack.addWidget(_place(curve) if curve.later else self._make(curve))
            if len(CURVES) > 1:
                self._tabs.addButton(_tab(curve), place)
                self.header.addWidget(self._tabs.button(place))
        self.header.addStretch(1)
        for curve in CURVES:
            self._switches[curve.id] = [_button(switch, self, curve.id) for switch in curve.switches]
            for button in self._switches[curve.id]:
                self.header.addWidget(button)
        self._tabs.idClicked.connect(lambda place: self.show_curve(CURVES[place].id))
        self.content.addWidget(self._stack)
        self.show_curve(CURVES[0].id)

    @property
    def shown(self) -> str:
        """The id of the curve that is seen."""
        return CURVES[self._stack.currentIndex()].id

    def plot(self, curve: str) -> Any:
        """The plot of a curve."""
        if curve not in self._plots:
            place = next(i for i, row in enumerate(CURVES) if row.id == curve)
            holder = self._stack.widget(place)
            assert holder is not None
            layout = holder.layout()
            assert layout is not None
            layout.addWidget(self._make(CURVES[place]))
        return self._plots[curve]

    def show_curve(self, curve: str) -> None:
        """Bring a curve to the front."""
        place = next(i for i, row in enumerate(CURVES) if row.id == curve)
        self._stack.setCurrentIndex(place)
        if self._tabs.button(place) is not None:
            self._tabs.button(place).setChecked(True)
        self._show_header()
        if self._snapshot is not None:
            self.plot(curve).show_snapshot(self._snapshot)

    def draw_fresh_sample(self) -> None:
        """Compare the fit with the truth on other points than before."""
        self.show_curve("truth_curves")
        self.plot("truth_curves").draw_fresh_sample()

    def set_options(self, options: ViewOptions) -> None:
        """Take what a person chose to see."""
        self.plot("log_likelihood").set_truth_shown(options.truth)

    def set_theme(self, theme: Theme, scale: float = 1.0) -> None:
        """Take a theme."""
        super().set_theme(theme, scale)
        self._theme_of_plots, self._scale_of_plots = theme, scale
        large = scale > 1.0
        for plot in self._plots.values():
            plot.set_theme(theme)
            plot.set_scale(scale)
        self._large = large
        self._show_header()

    def _show_header(self) -> None:
        """Tabs and switches to choose with; in a hall the axis alone says what is seen."""
        curve = CURVES[self._stack.currentIndex()]
        self.setFixedHeight(round(curve.hall_height * self._scale_of_plots) if self._large else _HEIGHT)
        self.title.setVisible(len(CURVES) == 1 and not self._large)
        if curve.short:
            self.plot(curve.id).y_axis.set_title(curve.title.lower() if self._large else curve.short)
        for tab in self._tabs.buttons():
            tab.setVisible(not self._large)
        for name, buttons in self._switches.items():
            for button in buttons:
                button.setVisible(name == curve.id and not self._large)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Follow the session."""
        self._snapshot = snapshot
        self.plot(self.shown).show_snapshot(snapshot)

    def _make(self, curve: Curve) -> QWidget:
        plot = self._plots[curve.id] = curve.plot()
        plot.set_theme(self._theme_of_plots)
        plot.set_scale(self._scale_of_plots)
        plot.iteration_chosen.connect(self.iteration_chosen)
        if hasattr(plot, "setting_chosen"):
            plot.setting_chosen.connect(self.setting_chosen)
        made: QWidget = plot
        return made


def _tab(curve: Curve) -> QToolButton:
    tab: QToolButton = SwitchButton()
    tab.setText(curve.title)
    tab.setCheckable(True)
    tab.setAutoRaise(True)
    tab.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    name_widget(tab, f"curve.{curve.id}", curve.title, curve.tip)
    return tab


def _place(curve: Curve) -> QWidget:
    """Where a plot will be: making it takes ten milliseconds that the start of the program does not have."""
    place = QWidget()
    name_widget(place, curve.later, curve.title, curve.tip)
    layout = QVBoxLayout(place)
    layout.setContentsMargins(0, 0, 0, 0)
    return place


def _button(switch: Switch, panel: CurvesPanel, curve: str) -> QToolButton:
    button = SwitchButton()
    button.setText(switch.text)
    button.setCheckable(True)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    name_widget(button, switch.id, switch.name, switch.tip)
    button.toggled.connect(lambda on: switch.turn(panel.plot(curve), on))
    return button
