"""The preview: a file as it will be read, with every guess changeable, and the columns that will be fitted."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from gmm_desktop.data import ReadOptions
from gmm_desktop.data.choice import Choice, settled
from gmm_desktop.data.table import counted, quoted
from gmm_desktop.ui.form import name_widget
from gmm_desktop.ui.importing.columns_form import ColumnsForm
from gmm_desktop.ui.importing.histograms import Histograms
from gmm_desktop.ui.importing.look import Look
from gmm_desktop.ui.importing.opened import Opened
from gmm_desktop.ui.importing.options_form import OptionsForm
from gmm_desktop.ui.importing.questions_list import QuestionsList
from gmm_desktop.ui.importing.reading import Reading, Whole
from gmm_desktop.ui.importing.rows_table import RowsTable
from gmm_desktop.ui.importing.words import visible
from gmm_desktop.ui.scrolling import ScrollArea

_LARGEST = QSize(1000, 690)
_LEFT, _LINES_SAID = 296, 4
_TELL_EVERY = 100  # milliseconds


class ImportDialog(QDialog):
    """Shows a file that has been opened. What was loaded before stays until a person takes this.

    Signals:
        taken: (Dataset, Choice).
        awaited: (Whole, Choice): taken before the whole file has been read.
    """

    taken = Signal(object, object)
    awaited = Signal(object, object)

    def __init__(self, parent: QWidget, opened: Opened) -> None:
        super().__init__(parent)
        self._opened = opened
        self._choice = self._asked = opened.choice
        self._look: Look | None = None
        self._reading = Reading(opened, self)
        self._reading.looked.connect(self._show)
        self.setObjectName("import")
        self.setWindowTitle(f"Open {visible(opened.source.name)}")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._make()
        self._lay_out()
        self._ticker = QTimer(self)
        self._ticker.setInterval(_TELL_EVERY)
        self._ticker.timeout.connect(self._tell)
        self._ask(self._choice)

    # What it is made of -------------------------------------------------------------------------------------------

    def _make(self) -> None:
        self._about, self._messages = QLabel(), QPlainTextEdit()
        self._about.setTextFormat(Qt.TextFormat.PlainText)
        name_widget(self._about, "import.about", "The file", "What has been read of the file.")
        self._messages.setReadOnly(True)
        self._messages.setTabChangesFocus(True)
        self._messages.setFrameShape(QFrame.Shape.NoFrame)
        self._messages.setFixedHeight(_LINES_SAID * self._messages.fontMetrics().lineSpacing() + 10)
        name_widget(self._messages, "import.messages", "What should be known", "What is skipped, and what is not sure.")
        self._form, self._columns, self._rows = OptionsForm(), ColumnsForm(), RowsTable()
        self._questions, self._histograms = QuestionsList(), Histograms()
        self._form.edited.connect(self._change_options)
        self._questions.edited.connect(self._change_options)
        self._columns.edited.connect(self._ask)
        self._asks = QLabel("&Questions: tick what is so")
        self._asks.setBuddy(self._questions)
        self._buttons = QDialogButtonBox(self)  # else it forgets which one is the default once both had the focus
        self._open = self._buttons.addButton("&Open", QDialogButtonBox.ButtonRole.AcceptRole)
        cancel = self._buttons.addButton("C&ancel", QDialogButtonBox.ButtonRole.RejectRole)
        name_widget(self._open, "import.open", "Open", "Fit these columns (Enter).")
        name_widget(cancel, "import.cancel", "Cancel", "Leave everything as it was (Escape).")
        self._open.setDefault(True)
        cancel.setAutoDefault(False)
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)

    def _lay_out(self) -> None:
        left = QWidget()
        rows = QVBoxLayout(left)
        rows.setContentsMargins(0, 0, 8, 0)
        rows.addWidget(self._form)
        rows.addSpacing(8)
        rows.addWidget(self._asks)
        rows.addWidget(self._questions, 1)
        rows.addStretch()
        area = ScrollArea(left)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFixedWidth(max(_LEFT, left.minimumSizeHint().width() + 20))
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        heading = QLabel("First &rows")
        heading.setBuddy(self._rows)
        further = QVBoxLayout()
        further.setSpacing(4)
        further.addWidget(self._columns.further_label)
        further.addWidget(self._columns.further)
        below = QHBoxLayout()
        below.setSpacing(16)
        below.addWidget(self._columns, 4)
        below.addLayout(further, 3)
        below.addWidget(self._histograms, 6)
        right = QVBoxLayout()
        right.addWidget(heading)
        right.addWidget(self._rows, 1)
        right.addLayout(below)
        both = QHBoxLayout()
        both.setSpacing(12)
        both.addWidget(area)
        both.addLayout(right, 1)
        whole = QVBoxLayout(self)
        whole.addWidget(self._about)
        whole.addLayout(both, 1)
        whole.addWidget(self._messages)
        whole.addWidget(self._buttons)
        self._columns.further.setFixedHeight(
            self._columns.sizeHint().height() - self._columns.further_label.sizeHint().height() - 4
        )
        self._histograms.setFixedHeight(self._columns.sizeHint().height())
        room = (self.screen() or QGuiApplication.primaryScreen()).availableSize() - QSize(24, 60)
        self.resize(_LARGEST.boundedTo(room))

    @property
    def is_up_to_date(self) -> bool:
        """Whether the newest choice is shown."""
        return self._look is not None and self._look.asked is self._asked

    # What is shown ------------------------------------------------------------------------------------------------

    def _ask(self, choice: Choice) -> None:
        self._choice = self._asked = choice
        self._reading.look(choice)
        self._ticker.start()
        self._tell()

    def _change_options(self, options: ReadOptions) -> None:
        self._ask(replace(self._choice, options=options))

    def _show(self, look: Look) -> None:
        """What came of the newest choice."""
        if look.asked is not self._asked:
            return
        self._choice, self._look = look.choice, look
        table = look.table
        reader = table.origin.reader if table is not None and table.origin is not None else "text"
        self._form.show_options(look.choice.options, table, reader)
        self._questions.show_questions(look.choice.options, table)
        for widget in (self._asks, self._questions):
            widget.setVisible(not self._questions.is_empty)
        if table is not None:
            self._columns.show_choice(look.choice, table)
        self._columns.setEnabled(table is not None)
        self._rows.show_look(look)
        self._histograms.show_bars(look.bars)
        self._messages.setPlainText("\n".join(_said(look)))
        self._open.setEnabled(look.dataset is not None)
        self._tell()

    def _tell(self) -> None:
        """How much has been read, and how far the rest is."""
        share, look = self._reading.share, self._look
        if share is None and look is not None and look.asked is self._asked:
            self._ticker.stop()
        about = "Reading …"
        if look is not None and look.table is not None:
            table = look.table
            size = f"{counted(table.rows, 'row')}, {counted(len(table.columns), 'column')}"
            size += f", {len(table.numeric_names()) or 'none'} of numbers"
            about = size if look.whole else f"the first {size}; reading the rest … {100 * (share or 0):.0f} %"
        elif look is not None:
            about = "cannot be read so"
        self._about.setText(f"{quoted(self._opened.source.name)}: {about}")

    # What comes of it ---------------------------------------------------------------------------------------------

    def accept(self) -> None:
        """Take what is shown; where the rest of the file is still being read, it is waited for outside."""
        look, whole = self._look, self._reading.whole
        if look is None or look.table is None or look.dataset is None or look.choice is not self._choice:
            return
        choice = settled(look.table, look.choice)
        self._reading.stop()
        if look.whole:
            self.taken.emit(look.dataset, choice)
        else:
            assert isinstance(whole, Whole)
            self.awaited.emit(whole, choice)
        super().accept()

    def reject(self) -> None:
        """Leave everything as it was."""
        self._reading.give_up()
        super().reject()


def _said(look: Look) -> list[str]:
    """The sentences under the rows, what matters most first."""
    said = (look.refusal,) if look.dataset is None else look.dataset.messages
    doubts = look.table.doubts if look.table is not None else ()
    rest = [sentence for sentence in said if sentence not in doubts]
    skipped = [sentence for sentence in rest if " skipped: " in sentence]
    others = [sentence for sentence in rest if " skipped: " not in sentence]
    before = [] if look.whole else ["Of the first rows alone, until the whole file has been read:"]
    return [*(f"Not sure: {doubt}" for doubt in doubts), *before * bool(skipped), *skipped, *others]
