"""The & of labels: shown where a name holds it, never read aloud where it marks a letter."""

from __future__ import annotations

from PySide6.QtGui import QKeySequence

from gmm_desktop.ui.mnemonics import literal, spoken


def test_a_name_is_shown_to_the_letter_and_marks_none() -> None:
    assert QKeySequence.mnemonic("R&D").toString() == "Alt+D"
    assert QKeySequence.mnemonic(literal("R&D & more")).isEmpty()
    assert spoken(literal("R&D & more&")) == "R&D & more&"


def test_a_label_is_spoken_without_its_marks() -> None:
    assert spoken("La&bels") == "Labels"
    assert spoken("&1 R&&D") == "1 R&D"
