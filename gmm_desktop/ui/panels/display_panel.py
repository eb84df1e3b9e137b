"""How the data and the mixture are drawn; nothing here changes a number."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

from PySide6.QtCore import Signal

from gmm_desktop.session import Snapshot
from gmm_desktop.ui.card import FoldingCard
from gmm_desktop.ui.form import ChoiceEditor, Field, Form, IntegerEditor, SwitchEditor
from gmm_desktop.ui.views.options import ViewOptions

_ONLY_1D = ("bins",)
_ONLY_2D = ("colouring", "ellipses", "contours", "trails")


@dataclass(frozen=True)
class _Colouring:
    label: str
    tip: str


COLOURINGS = {
    "soft": _Colouring("By responsibility", "The colour of the likeliest component, fading to grey with uncertainty."),
    "hard": _Colouring("By likeliest component", "Every point has the full colour of its likeliest component."),
    "plain": _Colouring("Plain", "All points are grey."),
}


class DisplayPanel(FoldingCard):
    """The Display card: one line that opens.

    Signals:
        changed: ViewOptions.
    """

    changed = Signal(object)

    def __init__(self) -> None:
        super().__init__("Display", "view.display")
        self.options = ViewOptions()
        self._form = Form("view", _FIELDS)
        self._form.edited.connect(lambda name, value: self.change(**{name: value}))
        self.inside.addWidget(self._form)
        self._form.show_values(self.options)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show the fields that this number of dimensions has."""
        flat = len(snapshot.columns) == 1
        for name in (*_ONLY_1D, *_ONLY_2D):
            self._form.set_row_visible(name, (name in _ONLY_1D) == flat)
        self.set_summary(self._summary_of(flat))

    def change(self, **changes: object) -> None:
        """Change options; unknown ones, as from an older version's memory, are passed over."""
        known = {field.name for field in fields(ViewOptions)}
        self.options = replace(self.options, **{k: v for k, v in changes.items() if k in known})  # type: ignore[arg-type]
        self._form.show_values(self.options)
        self.changed.emit(self.options)

    def toggle(self, name: str) -> None:
        """Switch a yes-or-no option."""
        self.change(**{name: not getattr(self.options, name)})

    def _summary_of(self, flat: bool) -> str:
        if flat:
            return f"{self.options.bins} bins" if self.options.bins else "automatic bins"
        return COLOURINGS[self.options.colouring].label.lower()


_FIELDS = (
    Field(
        "bins",
        "Bins",
        "How many bars the histogram has; auto follows the spread of the data.",
        lambda: IntegerEditor(0, 500, "auto"),
    ),
    Field("colouring", "Points", "How points are coloured.", lambda: ChoiceEditor(COLOURINGS)),
    Field(
        "ellipses",
        "Ellipses",
        "1, 2 and 3 standard deviations: 39, 86 and 99 % of a component.",
        SwitchEditor,
    ),
    Field("contours", "Contours", "Lines of equal density of the whole mixture (C).", SwitchEditor),
    Field("trails", "Trails", "The way of each mean since the start (T).", SwitchEditor),
    Field(
        "motion", "Motion", "After an M-step alone the components glide to where they are now (Shift+M).", SwitchEditor
    ),
    Field("truth", "Truth", "The generating mixture, dashed red, where it is known (U).", SwitchEditor),
)
