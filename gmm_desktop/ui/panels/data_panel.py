"""What is fitted: the data set, its columns, and size and seed where it is generated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QComboBox, QLabel, QMenu, QPushButton, QToolButton, QWidget

from gmm_desktop.data import SAMPLES, Dataset
from gmm_desktop.data.painting import Canvas
from gmm_desktop.data.table import counted, listed, quoted
from gmm_desktop.session import Snapshot
from gmm_desktop.session.conditions import can_change, can_reopen
from gmm_desktop.ui.card import Card
from gmm_desktop.ui.form import ChoiceEditor, Field, Form, IntegerEditor, guard, name_widget
from gmm_desktop.ui.mnemonics import literal
from gmm_desktop.ui.short_names import seen

_GENERATE = "generate"
_MOST_POINTS = 10_000_000
_EMPTY = "Nothing is painted yet: a first point makes the data."
_FIXED = "These data come as they are: their number and seed cannot be chosen."


class ColumnBox(QComboBox):
    """One column by its name, which is shown as plain text; for y also none."""

    edited = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(8)
        self.currentIndexChanged.connect(lambda index: self.edited.emit(self.itemData(index)))
        guard(self)

    def show_columns(self, names: Sequence[str], current: str, units: Mapping[str, str], none: str = "") -> None:
        """Offer the columns with their units, and ``none`` where it has a text; show the current one."""
        wanted = ([(none, "")] if none else []) + [(_with_unit(name, units.get(name, "")), name) for name in names]
        self.blockSignals(True)
        if [(self.itemText(i), self.itemData(i)) for i in range(self.count())] != wanted:
            self.clear()
            for text, name in wanted:
                self.addItem(text, name)
        self.setCurrentIndex(self.findData(current))
        self.blockSignals(False)


class DataPanel(Card):
    """The Data card.

    Signals:
        sample_chosen: a sample's id.
        sample_wanted: (size, seed): the same generator, drawn anew.
        generate_wanted: the entry "Generate data ..." was chosen.
        columns_chosen: names of the columns to fit and names of the columns to show.
        other_way_wanted: the file is to be read in another way.
    """

    sample_chosen = Signal(str)
    sample_wanted = Signal(int, int)
    generate_wanted = Signal()
    columns_chosen = Signal(object, object)
    other_way_wanted = Signal()

    def __init__(self) -> None:
        super().__init__("Data")
        self._dataset: Dataset | None = None
        self._canvas: Canvas | None = None
        self._shown: tuple[int, ...] = ()
        self._form = Form("data", _FIELDS)
        self._form.edited.connect(self._on_edited)
        new_seed = QPushButton("New")
        new_seed.setMaximumWidth(new_seed.fontMetrics().horizontalAdvance("New") + 16)
        name_widget(new_seed, "data.new_seed", "New data", "Draw new data: the next seed.")
        new_seed.clicked.connect(lambda: self._resample(later=1))
        self._form.add_beside("seed", new_seed)
        self._new_seed = new_seed
        self._columns = QToolButton()
        self._columns.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._columns.setMenu(QMenu(self._columns))
        name_widget(self._columns, "data.columns", "Columns that are fitted", "Choose the columns that are fitted.")
        self._other_way = QPushButton("How it was read …")
        name_widget(
            self._other_way, "data.reopen", "How it was read", "See the rows, and read the file in another way."
        )
        self._other_way.clicked.connect(self.other_way_wanted)
        self._note = QLabel()
        self._note.setTextFormat(Qt.TextFormat.PlainText)
        self._note.setWordWrap(True)
        name_widget(self._note, "data.note", "About these data", "What should be known of these data.")
        self.content.addWidget(self._form)
        self.content.addWidget(self._columns, alignment=Qt.AlignmentFlag.AlignRight)
        self.content.addWidget(self._other_way, alignment=Qt.AlignmentFlag.AlignRight)
        self.content.addWidget(self._note)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Follow the session."""
        known = (self._dataset, self._canvas, self._shown)
        if known != (snapshot.dataset, snapshot.canvas, snapshot.columns):
            self._dataset, self._canvas, self._shown = snapshot.dataset, snapshot.canvas, snapshot.columns
            if snapshot.canvas is None:
                self._show_dataset(snapshot.dataset, snapshot.columns)
            else:
                self._show_canvas(snapshot.canvas)
        reason = can_change(snapshot)
        self._form.set_locked(reason)
        self._form.set_locked(reason or (_EMPTY if snapshot.canvas is not None else ""), ("x", "y"))
        sized = snapshot.dataset.generator is not None
        self._form.set_locked(reason or ("" if sized else _FIXED), ("size", "seed"))
        self._new_seed.setEnabled(sized and not reason)
        self._columns.setEnabled(not reason)
        self._other_way.setEnabled(not can_reopen(snapshot))

    def forget(self) -> None:
        """Show everything anew with the next snapshot, whatever stands in the boxes now."""
        self._dataset = None

    def _show_dataset(self, dataset: Dataset, columns: tuple[int, ...]) -> None:
        box = self._form.editor("sample")
        assert isinstance(box, ChoiceEditor)
        _show_file(box, "" if dataset.sample else dataset.source)
        box.show_value(dataset.sample or _FILE)
        offered = dataset.names if dataset.dimension > 2 else dataset.available_columns
        self._show_pair([dataset.names[i] for i in columns], offered, dataset.units_by_name)
        for name in ("size", "seed"):
            editor = self._form.editor(name)
            assert isinstance(editor, IntegerEditor)
            editor.show_value(dataset.size if name == "size" else dataset.seed or 0)
        self._form.set_row_visible("size", dataset.generator is not None)
        self._form.set_row_visible("seed", dataset.generator is not None)
        self._show_column_menu(dataset)
        self._other_way.setVisible(dataset.table is not None and dataset.table.origin is not None)
        said = [*_said_of_columns(dataset), *dataset.messages]
        self._note.setText("\n".join(said))
        self._note.setVisible(bool(said))

    def _show_canvas(self, canvas: Canvas) -> None:
        """Nothing of the data that wait behind it."""
        box = self._form.editor("sample")
        assert isinstance(box, ChoiceEditor)
        _show_file(box, "Empty canvas")
        box.show_value(_FILE)
        units = dict.fromkeys(canvas.names, canvas.unit)
        self._show_pair(canvas.names, canvas.names, units)
        for name in ("size", "seed"):
            self._form.set_row_visible(name, False)
        self._columns.hide()
        self._other_way.hide()
        self._note.setText(_EMPTY)
        self._note.show()

    def _show_pair(self, names: Sequence[str], offered: Sequence[str], units: Mapping[str, str]) -> None:
        x, y = self._form.editor("x"), self._form.editor("y")
        assert isinstance(x, ColumnBox)
        assert isinstance(y, ColumnBox)
        x.show_columns(offered, names[0], units)
        y.show_columns(offered, names[1] if len(names) > 1 else "", units, none="none: one column")

    def _show_column_menu(self, dataset: Dataset) -> None:
        available = dataset.available_columns
        menu = self._columns.menu()
        menu.clear()
        for name in available:
            action = QAction(literal(seen(name[:80])), menu, checkable=True, checked=name in dataset.names)
            action.setData(name)
            action.triggered.connect(self._on_columns_checked)
            menu.addAction(action)
        self._columns.setText(f"{dataset.dimension} of {len(available)} columns fitted")
        self._columns.setVisible(len(available) > 2)

    def _on_columns_checked(self) -> None:
        assert self._dataset is not None
        chosen = [action.data() for action in self._columns.menu().actions() if action.isChecked()]
        shown = [self._dataset.names[i] for i in self._shown if self._dataset.names[i] in chosen]
        self.columns_chosen.emit(chosen or list(self._dataset.names), shown)

    def _on_edited(self, name: str, value: object) -> None:
        if name == "sample":
            self._on_sample(str(value))
        elif name in ("x", "y"):
            self._on_pair()
        else:
            self._resample()

    def _on_sample(self, sample: str) -> None:
        if sample == _GENERATE:
            self._restore_sample()
            self.generate_wanted.emit()
        elif sample in SAMPLES:
            self.sample_chosen.emit(sample)

    def _restore_sample(self) -> None:
        box = self._form.editor("sample")
        assert isinstance(box, ChoiceEditor)
        assert self._dataset is not None
        box.show_value(_FILE if self._canvas is not None else self._dataset.sample or _FILE)

    def _on_pair(self) -> None:
        assert self._dataset is not None
        x, y = (self._box_value("x"), self._box_value("y"))
        pair = [x] if y in ("", x) else [x, y]
        fitted = list(self._dataset.names) if self._dataset.dimension > 2 else pair
        self.columns_chosen.emit(fitted, pair)

    def _box_value(self, name: str) -> str:
        box = self._form.editor(name)
        assert isinstance(box, ColumnBox)
        return str(box.currentData() or "")

    def _value(self, name: str) -> int:
        editor = self._form.editor(name)
        assert isinstance(editor, IntegerEditor)
        return editor.value()

    def _resample(self, later: int = 0) -> None:
        self.sample_wanted.emit(self._value("size"), self._value("seed") + later)


def _with_unit(name: str, unit: str) -> str:
    return seen(f"{name[:80]} ({unit[:20]})" if unit else name[:80])


def _said_of_columns(dataset: Dataset) -> list[str]:
    """Which columns give weights and labels, and what they come to."""
    said = []
    if dataset.weights_from:
        said.append(f"Rows are weighted by {quoted(dataset.weights_from)}: together {dataset.total_weight:.6g} points.")
        if dataset.dimension > 1:
            said.append("The plot shows every row alike, whatever its weight.")
    if dataset.labels_from:
        groups = counted(len(dataset.label_names), "group")
        said.append(f"Labels: {quoted(dataset.labels_from)}, {groups} ({listed(dataset.label_names, 4)}).")
    return said


_FILE = "file"


def _show_file(box: ChoiceEditor, name: str) -> None:
    """The entry of an opened file, which is there only while a file is."""
    index = box.findData(_FILE)
    box.blockSignals(True)
    if index >= 0:
        box.removeItem(index)
    if name:
        box.addItem(seen(name[:80]), _FILE)
    box.blockSignals(False)


def _sample_editor() -> QWidget:
    box = ChoiceEditor(SAMPLES)
    box.addItem("Generate data …", _GENERATE)
    box.setItemData(
        box.count() - 1,
        "Draw points from a mixture that you type, blobs, moons, rings, noise ..., with a preview.",
        Qt.ItemDataRole.ToolTipRole,
    )
    return box


_FIELDS = (
    Field(
        "sample",
        "Data set",
        "A bundled or generated data set; Open in the File menu takes your own.",
        _sample_editor,
    ),
    Field("x", "x", "The column along the horizontal axis.", ColumnBox),
    Field("y", "y", "The column along the vertical axis; none shows and fits one dimension.", ColumnBox),
    Field(
        "size",
        "Points",
        "How many points are drawn.",
        lambda: IntegerEditor(1, _MOST_POINTS),
    ),
    Field("seed", "Seed", "The same seed draws the same data.", lambda: IntegerEditor(0, 2**31 - 1)),
)
