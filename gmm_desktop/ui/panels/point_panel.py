"""The Point card: the responsibilities of the point under the mouse, or of the one that was pinned."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QToolButton

from gmm_desktop.mixture import component_letter
from gmm_desktop.session import Snapshot
from gmm_desktop.ui.card import Card
from gmm_desktop.ui.columns import reveal
from gmm_desktop.ui.copying import Copied, OffersCopies
from gmm_desktop.ui.form import name_widget
from gmm_desktop.ui.inspection import Inspection, Shares, Target, inspect
from gmm_desktop.ui.scrolling import ScrollArea
from gmm_desktop.ui.still import show_text
from gmm_desktop.ui.theme import SMALL, Theme, font, icon
from gmm_desktop.ui.unhurried import Unhurried
from gmm_desktop.ui.views.shares import SharesView

_TALLEST = 280
_LARGEST = math.log(sys.float_info.max)
_LINGERS = 400  # milliseconds that the card stays open between one hovered point and the next
_TIP = "Hover or click a point of the plot to see its responsibilities; ] and [ walk through the points."

_COPY = "Ctrl+C copies them, Shift+F10 or a right click offers more ways."
_COPIED = ("component", "weight", "density", "log density", "responsibility")


class PointPanel(Card):
    """One line until a point is looked at.

    Signals:
        unpin_wanted: the pinned point is to be let go.
    """

    unpin_wanted = Signal()

    def __init__(self) -> None:
        super().__init__("Point")
        name_widget(self, "point.inspector", "Responsibilities of one point", _TIP)
        self._target: Target | None = None
        self._pinned = False
        self._scale = 1.0
        self._snapshot: Snapshot | None = None
        self._inspected: Inspection | None = None
        self._summary = QLabel()
        self._summary.setTextFormat(Qt.TextFormat.PlainText)
        self._summary.setFont(font(SMALL))
        self._summary.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._unpin = QToolButton()
        self._unpin.setAutoRaise(True)
        self._unpin.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        name_widget(self._unpin, "point.unpin", "Let go of the point", "Let go of the pinned point (Esc).")
        self._unpin.clicked.connect(self.unpin_wanted)
        self._unpin.hide()
        self.header.addWidget(self._summary, 1)
        self.header.addWidget(self._unpin)
        self._view = SharesView()
        self._area = ScrollArea(self._view)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.viewport().setAutoFillBackground(False)
        self._view.setAutoFillBackground(False)
        name_widget(self._area, "point.numbers", "Bayes' rule for one point", f"{_TIP} {_COPY}")
        self.copies = OffersCopies(self._area, self._copied)
        self.content.addWidget(self._area)
        self._area.hide()
        self._unhurried = Unhurried(self._show, self)
        self._folds = QTimer(self, singleShot=True, interval=_LINGERS)
        self._folds.timeout.connect(self._fold)

    def set_theme(self, theme: Theme, scale: float = 1.0) -> None:
        """Take a theme."""
        super().set_theme(theme, scale)
        self._scale = scale
        self._summary.setFont(font(SMALL, scale))
        self._unpin.setIcon(icon("close", theme.text))
        self._view.set_theme(theme, scale)
        if self._snapshot is not None:
            self._show(self._snapshot)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Follow the session."""
        self._unhurried.show_snapshot(snapshot)

    def show_target(self, target: Target | None, pinned: bool) -> None:
        """Look at a point; one that is pinned is announced to a screen reader."""
        self._target, self._pinned = target, pinned
        self._unpin.setVisible(pinned)
        if self._snapshot is not None:
            self._show(self._snapshot)
        if pinned:
            reveal(self)
            announcement = QAccessibleAnnouncementEvent(self, self.accessibleDescription())
            QAccessible.updateAccessibility(announcement)

    def _show(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        target = self._target
        if target is None or target.dataset is not snapshot.dataset:
            word = "place" if snapshot.dataset.dimension == 1 else "point"
            self._say(f"Hover or click a {word}")
            if not self._area.isHidden() and not self._folds.isActive():
                self._folds.start()
            return
        self._folds.stop()
        inspection = inspect(target, snapshot)
        self._inspected = inspection
        self._view.show_inspection(inspection)
        self._area.show()
        self._area.setFixedHeight(min(self._view.sizeHint().height(), round(_TALLEST * self._scale)))
        self._say(f"{target.title()} · {'pinned' if self._pinned else 'click to pin'}", inspection.spoken())

    def _say(self, summary: str, spoken: str = "") -> None:
        show_text(self._summary, summary)
        self.setAccessibleDescription(spoken or summary)
        self._area.setAccessibleDescription(spoken or summary)

    def _copied(self) -> Copied:
        """Bayes' rule for each component, with every digit."""
        from gmm_desktop.export.tables import TextTable

        given = None if self._inspected is None else self._inspected.shares
        return Copied(TextTable(_COPIED, () if given is None else tuple(_rows(given))))

    def _fold(self) -> None:
        self._area.hide()
        self._inspected = None
        self._view.show_inspection(None)


def _rows(given: Shares) -> Iterator[tuple[str, float, float, float, float]]:
    """Letter, weight, density, its logarithm and responsibility of each component."""
    for c, (weight, log_density, log_share) in enumerate(
        zip(given.weights.tolist(), given.log_densities.tolist(), given.log_responsibilities.tolist(), strict=True)
    ):
        density = math.exp(log_density) if log_density < _LARGEST else math.inf
        yield component_letter(c), weight, density, log_density, math.exp(log_share)
