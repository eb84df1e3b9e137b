"""Asks for points to be made up: a list of generators, the form of one, and a preview that follows every change."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from gmm_desktop.data import GENERATORS, Dataset
from gmm_desktop.data.generators import PointGenerator
from gmm_desktop.ui.form import IntegerEditor, name_widget
from gmm_desktop.ui.generator_forms import GeneratorForm, make_form
from gmm_desktop.ui.preview_plot import Preview
from gmm_desktop.ui.theme import BODY, Theme, font
from gmm_desktop.ui.tool_tips import shows_plain_tips

_MOST_POINTS = 10_000_000
_TOGETHER_MILLISECONDS = 20
"""Changes that come so close to each other are previewed once."""
_LIST_WIDTH, _FORM_WIDTH = 160, 370


class GenerateDialog(QDialog):
    """It closes only on a generator that can be."""

    def __init__(self, theme: Theme, shown: Dataset | None = None, parent: QWidget | None = None) -> None:
        """Args:
        theme: the colours of the preview.
        shown: where it was generated, its generator is the one to begin with.
        parent: the window.
        """
        super().__init__(parent)
        self.setObjectName("generate_dialog")
        self.setWindowTitle("Generate data")
        self._chosen: PointGenerator | None = None
        self._size, self._seed = IntegerEditor(1, _MOST_POINTS), IntegerEditor(0, 2**31 - 1)
        self._own_size = False
        self._list, self._forms = QListWidget(), QStackedWidget()
        self._tip, self._lesson, self._error = QLabel(), QLabel(), QLabel()
        self._preview = Preview(theme)
        self._buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel, self
        )
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_TOGETHER_MILLISECONDS)
        self._later.timeout.connect(self._follow)
        self._set_up()
        self._lay_out()
        self._begin_with(shown)

    def chosen(self) -> tuple[PointGenerator, int]:
        """The generator and the seed that were accepted."""
        assert self._chosen is not None
        return self._chosen, self._seed.value()

    def set_theme(self, theme: Theme) -> None:
        """Draw the preview in the colours of another theme."""
        self._preview.plot.set_theme(theme)

    def accept(self) -> None:
        """Close, or say what is wrong and stay."""
        if self._follow():
            super().accept()

    def _set_up(self) -> None:
        name_widget(self._list, "generate.list", "Generators", "What is drawn; the arrows choose.")
        self._list.viewport().installEventFilter(shows_plain_tips())
        self._list.setFixedWidth(_LIST_WIDTH)
        for name, kind in GENERATORS.items():
            item = QListWidgetItem(kind.label)
            item.setToolTip(kind.tip)
            self._list.addItem(item)
            form = make_form(name, kind)
            form.edited.connect(self._later.start)
            self._forms.addWidget(cast(QWidget, form))
        self._forms.setFixedWidth(_FORM_WIDTH)
        for label, name, what in (
            (self._tip, "tip", "What is drawn"),
            (self._lesson, "lesson", "What can be learnt"),
            (self._error, "error", "What cannot be"),
        ):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            name_widget(label, f"generate.{name}", what, "")
        self._tip.setFont(font(BODY, bold=True))
        name_widget(self._size, "generate.size", "Points", f"How many points are drawn, up to {_MOST_POINTS:,}.")
        name_widget(self._seed, "generate.seed", "Seed", "The same seed draws the same points.")
        for editor in (self._size, self._seed):
            editor.setKeyboardTracking(True)
            editor.edited.connect(self._later.start)
        self._size.edited.connect(self._keep_size)
        self._list.currentRowChanged.connect(self._choose)
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)

    def _lay_out(self) -> None:
        new_seed = QPushButton("New")
        new_seed.setAutoDefault(False)
        name_widget(new_seed, "generate.new_seed", "New points", "Draw other points: the next seed.")
        new_seed.clicked.connect(lambda: self._seed.setValue(self._seed.value() + 1))
        numbers = QGridLayout()
        numbers.setColumnStretch(1, 1)
        for row, (text, editor) in enumerate((("Points", self._size), ("Seed", self._seed))):
            label = QLabel(text)
            label.setBuddy(editor)
            numbers.addWidget(label, row, 0)
            numbers.addWidget(editor, row, 1, 1, 2 - row)
        numbers.addWidget(new_seed, 1, 2)
        middle = QVBoxLayout()
        middle.setSpacing(8)
        for part in (self._tip, self._lesson):
            middle.addWidget(part)
        middle.addWidget(self._forms, 1)
        middle.addLayout(numbers)
        columns = QHBoxLayout()
        columns.setSpacing(16)
        columns.addWidget(self._list)
        columns.addLayout(middle)
        columns.addWidget(self._preview, 1)
        last = QHBoxLayout()
        last.addWidget(self._error, 1)
        last.addWidget(self._buttons)
        rows = QVBoxLayout(self)
        rows.setSpacing(12)
        rows.addLayout(columns, 1)
        rows.addLayout(last)
        self.resize(980, 560)

    def _begin_with(self, shown: Dataset | None) -> None:
        """Show the generator of the shown data, or the first."""
        drew = shown.generator if shown is not None else None
        row = next((i for i, kind in enumerate(GENERATORS.values()) if type(drew) is kind), 0)
        self._list.setCurrentRow(row)
        if isinstance(drew, PointGenerator) and shown is not None:
            self._form().show_generator(drew)
            self._size.show_value(drew.size)
            self._seed.show_value(shown.seed or 0)
        self._list.setFocus()
        self._follow()

    def _form(self) -> GeneratorForm:
        return cast(GeneratorForm, self._forms.currentWidget())

    def _choose(self, row: int) -> None:
        kind = list(GENERATORS.values())[row]
        self._forms.setCurrentIndex(row)
        self._tip.setText(kind.tip)
        self._lesson.setText(kind.lesson)
        if not self._own_size:
            self._size.show_value(kind().size)
        self._later.start()

    def _keep_size(self) -> None:
        """A size that a person chose stays whichever generator is chosen."""
        self._own_size = True

    def _follow(self) -> bool:
        """Preview what is entered, or say why it cannot be drawn; then the last picture stays."""
        self._later.stop()
        try:
            generator = self._form().generator(self._size.value())
            self._preview.show_generator(generator, self._seed.value())
        except ValueError as error:
            self._error.setText(str(error))
        else:
            self._error.setText("")
            self._chosen = generator
        fine = not self._error.text()
        self._buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(fine)
        return fine
