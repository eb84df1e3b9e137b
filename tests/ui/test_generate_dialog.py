"""The dialog that makes data up: a form for each generator, and a preview that follows."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QLabel,
    QListWidget,
    QSpinBox,
    QTableWidget,
    QWidget,
)
from pytestqt.qtbot import QtBot

from gmm_desktop.data import GENERATORS, MixtureGenerator
from gmm_desktop.data.generators import MoonsGenerator, entries_of
from gmm_desktop.ui.generate_dialog import GenerateDialog
from gmm_desktop.ui.preview_plot import MOST_POINTS
from gmm_desktop.ui.theme import DARK, LIGHT, Theme
from gmm_desktop.ui.views.data_plot import DataPlot
from tests.ui.generating import NAMES, enter, ok, part, pick, previewed, settle
from tests.ui.showing import count_near, picture_of


@pytest.fixture
def dialog(qtbot: QtBot) -> GenerateDialog:
    return shown(qtbot, LIGHT)


def shown(qtbot: QtBot, theme: Theme) -> GenerateDialog:
    dialog = GenerateDialog(theme)
    qtbot.addWidget(dialog)
    with qtbot.waitActive(dialog):
        dialog.show()
        dialog.activateWindow()
    return dialog


class TestForms:
    @pytest.mark.parametrize("name", [name for name in NAMES if name != "mixture"])
    def test_every_field_has_a_row_that_changes_the_preview(
        self, qtbot: QtBot, dialog: GenerateDialog, name: str
    ) -> None:
        kind = GENERATORS[name]
        pick(dialog, name)
        for field, about in entries_of(kind).items():
            if field == "size":
                continue
            editor = part(dialog, QWidget, f"generate.{name}.{field}")
            assert editor.isVisible(), field
            assert editor.accessibleName() == about.label
            assert about.tip in editor.toolTip()
            before = previewed(dialog)
            if isinstance(editor, QComboBox):
                editor.setCurrentIndex(0)
            else:
                assert isinstance(editor, QAbstractSpinBox)
                editor.setFocus()
                qtbot.keyClick(editor, Qt.Key.Key_Up)
            settle(dialog)
            assert previewed(dialog) is not before, field
            made = previewed(dialog).generator
            assert getattr(made, field) != getattr(before.generator, field)
            assert part(dialog, QLabel, "generate.error").text() == ""
            if isinstance(editor, QComboBox):
                editor.setCurrentIndex(1)
                settle(dialog)

    @pytest.mark.parametrize("name", NAMES)
    def test_the_form_begins_with_the_defaults_and_the_list_says_what_it_is(
        self, dialog: GenerateDialog, name: str
    ) -> None:
        pick(dialog, name)
        kind = GENERATORS[name]
        assert part(dialog, QLabel, "generate.tip").text() == kind.tip
        assert part(dialog, QLabel, "generate.lesson").text() == kind.lesson
        made, usual = previewed(dialog).generator, kind()
        if name != "mixture":
            assert made == usual
        assert made.size == part(dialog, QSpinBox, "generate.size").value() == usual.size
        assert part(dialog, QLabel, "generate.note").text() == (
            f"These {usual.size} points will be drawn. k begins at {made.components}."
        )

    def test_arrows_keep_to_the_range_and_typing_beyond_it_is_one_sentence(
        self, qtbot: QtBot, dialog: GenerateDialog
    ) -> None:
        pick(dialog, "outliers")
        share = part(dialog, QDoubleSpinBox, "generate.outliers.share")
        share.setFocus()
        for _ in range(60):
            qtbot.keyClick(share, Qt.Key.Key_Up)
        settle(dialog)
        assert share.text() == "0.5"
        assert ok(dialog).isEnabled()
        good = previewed(dialog)
        enter(qtbot, dialog, "generate.outliers.share", "1.5")
        assert part(dialog, QLabel, "generate.error").text() == (
            "The share of outliers must be between 0 and 0.5; it is 1.5."
        )
        assert not ok(dialog).isEnabled()
        assert previewed(dialog) is good, "the last picture stays"
        enter(qtbot, dialog, "generate.outliers.share", "0,25")
        assert part(dialog, QLabel, "generate.error").text() == ""
        assert previewed(dialog).generator.share == 0.25
        assert ok(dialog).isEnabled()

    def test_what_means_nothing_in_one_dimension_is_not_asked_for(self, dialog: GenerateDialog) -> None:
        pick(dialog, "uniform")
        height = part(dialog, QWidget, "generate.uniform.height")
        assert height.isVisible()
        part(dialog, QComboBox, "generate.uniform.dimensions").setCurrentIndex(0)
        settle(dialog)
        assert not height.isVisible()
        assert previewed(dialog).dimension == 1

    def test_a_size_that_a_person_chose_stays(self, qtbot: QtBot, dialog: GenerateDialog) -> None:
        pick(dialog, "moons")
        enter(qtbot, dialog, "generate.size", "42")
        pick(dialog, "rings")
        assert previewed(dialog).size == 42

    def test_every_control_has_a_name_and_a_tool_tip(self, dialog: GenerateDialog) -> None:
        kinds: tuple[type[QWidget], ...] = (QAbstractSpinBox, QComboBox, QTableWidget, QListWidget, QCheckBox, DataPlot)
        controls = [widget for kind in kinds for widget in dialog.findChildren(kind)]
        assert len(controls) > 30
        for control in controls:
            assert control.accessibleName(), control
            assert control.toolTip(), control


class TestMixtureTable:
    def cell(self, dialog: GenerateDialog, row: int, column: int, words: str) -> None:
        item = part(dialog, QTableWidget, "mixture.table").item(row, column)
        assert item is not None
        item.setText(words)
        settle(dialog)

    def test_it_edits_every_field_of_a_mixture(self, dialog: GenerateDialog) -> None:
        part(dialog, QComboBox, "mixture.dimensions").setCurrentIndex(1)
        part(dialog, QCheckBox, "mixture.exact").setChecked(True)
        settle(dialog)
        for column, words in enumerate(("0,25", "1", "-2", "3", "4", "0.5")):
            self.cell(dialog, 0, column, words)
        made, usual = previewed(dialog).generator, MixtureGenerator()
        assert made.weights[0] == 0.25
        assert made.means[0] == (1.0, -2.0)
        assert made.covariances[0] == ((3.0, 0.5), (0.5, 4.0))
        for field in fields(MixtureGenerator):
            if field.name != "size":
                assert getattr(made, field.name) != getattr(usual, field.name), field.name
        assert "do not sum to 1" in part(dialog, QLabel, "generate.note").text()

    @pytest.mark.parametrize(
        ("column", "words", "said"),
        [
            (2, "-1", "Component 1 has a variance that is not positive; enter a number above 0."),
            (1, "two", "The mean of component A must be a number such as 0.5; “two” is not."),
            (0, "-3", "Weights must be positive numbers, such as 0.3 and 0.7."),
        ],
    )
    def test_what_cannot_be_is_one_sentence(self, dialog: GenerateDialog, column: int, words: str, said: str) -> None:
        self.cell(dialog, 0, column, words)
        assert part(dialog, QLabel, "generate.error").text() == said
        dialog.accept()
        assert dialog.isVisible()
        self.cell(dialog, 0, column, "0.5")
        assert part(dialog, QLabel, "generate.error").text() == ""

    def test_components_come_and_go(self, qtbot: QtBot, dialog: GenerateDialog) -> None:
        qtbot.mouseClick(part(dialog, QAbstractButton, "mixture.add"), Qt.MouseButton.LeftButton)
        settle(dialog)
        assert previewed(dialog).components == 3
        for _ in range(5):
            qtbot.mouseClick(part(dialog, QAbstractButton, "mixture.remove"), Qt.MouseButton.LeftButton)
        settle(dialog)
        assert previewed(dialog).components == 1


class TestPreview:
    def test_few_points_are_the_very_ones_that_will_be_drawn(self, qtbot: QtBot, dialog: GenerateDialog) -> None:
        pick(dialog, "moons")
        enter(qtbot, dialog, "generate.seed", "7")
        assert_array_equal(previewed(dialog).points, MoonsGenerator().dataset(7).points)

    def test_of_many_it_shows_some_and_says_so(self, qtbot: QtBot, dialog: GenerateDialog) -> None:
        pick(dialog, "moons")
        enter(qtbot, dialog, "generate.size", "9000000")
        assert previewed(dialog).size == MOST_POINTS == 2000
        assert part(dialog, QLabel, "generate.note").text().replace("\u202f", "") == (
            "A preview of 2000 points; 9000000 will be drawn. k begins at 2."
        )

    def test_new_takes_the_next_seed(self, qtbot: QtBot, dialog: GenerateDialog) -> None:
        pick(dialog, "blobs")
        before = previewed(dialog)
        qtbot.mouseClick(part(dialog, QAbstractButton, "generate.new_seed"), Qt.MouseButton.LeftButton)
        settle(dialog)
        assert part(dialog, QSpinBox, "generate.seed").value() == 1
        assert not np.array_equal(previewed(dialog).points, before.points)

    @pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
    def test_the_points_and_the_truth_are_seen(self, qtbot: QtBot, theme: Theme) -> None:
        dialog = shown(qtbot, theme)
        plot = part(dialog, DataPlot, "generate.preview")
        pick(dialog, "blobs")
        image = picture_of(plot)
        assert count_near(image, theme.card, 2) > image.width() * image.height() / 2
        assert count_near(image, theme.points) > 1000
        assert count_near(image, theme.truth) > 100
        pick(dialog, "moons")
        image = picture_of(plot)
        assert count_near(image, theme.points) > 1000
        assert count_near(image, theme.truth) == 0

    def test_it_fits_a_small_screen(self, dialog: GenerateDialog) -> None:
        assert dialog.width() <= 1000
        assert dialog.height() <= 700
        for name in NAMES:
            pick(dialog, name)
            assert dialog.minimumSizeHint().height() <= 700, name
