"""The Formulas card: one line that opens."""

from __future__ import annotations

from gmm_desktop.session import Snapshot
from gmm_desktop.ui.card import FoldingCard
from gmm_desktop.ui.columns import reveal
from gmm_desktop.ui.inspection import Target
from gmm_desktop.ui.theme import Theme
from gmm_desktop.ui.views.formulas import FormulasView


class FormulasPanel(FoldingCard):
    """The formulas of the current half step, beside the plot.

    Attributes:
        view: what shows them.
    """

    def __init__(self) -> None:
        super().__init__("Formulas", "formulas.unfold")
        self.view = FormulasView()
        self.inside.addWidget(self.view)
        self.set_summary("of this half step")
        self.view.grown.connect(lambda: reveal(self))

    @property
    def opened(self) -> bool:
        """Whether the formulas are seen."""
        return self.unfold.isChecked()

    def toggle(self) -> None:
        """Open or fold."""
        self.unfold.toggle()

    def set_theme(self, theme: Theme, scale: float = 1.0) -> None:
        """Take a theme."""
        super().set_theme(theme, scale)
        self.view.set_theme(theme)
        self.view.set_scale(scale)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Follow the session."""
        self.view.show_snapshot(snapshot)

    def show_target(self, target: Target | None, pinned: bool) -> None:
        """Write out the responsibility of the point that is looked at."""
        self.view.show_target(target)
