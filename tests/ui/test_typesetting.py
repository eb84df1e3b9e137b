"""Formulas as outlines: composed right, and the same at every size."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainterPath

from gmm_desktop.ui.typesetting import (
    COMPONENT,
    EM,
    Box,
    Expression,
    Fraction,
    Leaves,
    Matrix,
    Row,
    Tex,
    Text,
    laid_out,
    leaves_of,
    typeset,
)


def made(expression: Expression) -> Box:
    leaves: Leaves = typeset(dict.fromkeys(leaves_of(expression)))
    return laid_out(expression, leaves)


def bounds(box: Box) -> QRectF:
    whole = QPainterPath()
    for ink in box.ink:
        placed = ink.outline.boundingRect()
        whole.addRect(
            ink.x + ink.across * placed.x(),
            ink.y + ink.down * placed.y(),
            ink.across * placed.width(),
            ink.down * placed.height(),
        )
    return whole.boundingRect()


@pytest.mark.parametrize(
    "expression",
    [
        Tex(r"\Sigma_c = \frac{1}{N_c}\sum_i r_{ic}(x_i-\mu_c)(x_i-\mu_c)^{\mathsf{T}}"),
        Text("-1\u202f130.26"),
        Text("1.42e-12"),
        Fraction(Text("96.8"), Text("272")),
        Matrix(((Text("0.17"), Text("-0.94")), (Text("-0.94"), Text("36.0")))),
        Row((Text("("), Text("1.5"), Text(")")), tight=True),
    ],
)
def test_nothing_is_drawn_outside_of_its_box(expression: Expression) -> None:
    box = made(expression)
    drawn = bounds(box)
    assert drawn.left() > -0.02 * EM
    assert drawn.right() < box.width + 0.02 * EM
    assert drawn.top() > -box.ascent - 0.02 * EM
    assert drawn.bottom() < box.descent + 0.02 * EM
    assert drawn.height() > 0.5 * EM


def test_a_number_is_as_wide_as_its_digits() -> None:
    assert made(Text("111")).width == pytest.approx(made(Text("888")).width)
    assert made(Text("88")).width == pytest.approx(2 * made(Text("8")).width)


def test_the_power_of_a_scientific_number_is_raised_and_small() -> None:
    plain, scientific = made(Text("1.42")), made(Text("1.42e-12"))
    assert scientific.ascent > plain.ascent + 0.1 * EM
    assert {round(ink.down, 2) for ink in scientific.ink} == {1.0, 0.7}


def test_a_fraction_has_its_parts_above_and_below_the_rule() -> None:
    box = made(Fraction(Text("1"), Text("2")))
    tops = [ink.y + ink.outline.boundingRect().center().y() for ink in box.ink]
    above, rule, below = tops
    assert above < rule < below


def test_the_letter_of_a_component_is_kept_apart_for_its_colour() -> None:
    box = made(Tex(rf"\pi_{{\textcolor{{{COMPONENT}}}{{\mathbf{{B}}}}}}"))
    assert sorted(ink.role for ink in box.ink) == ["component", "text"]


def test_stretched_signs_are_drawn_too() -> None:
    """Of pieces, which ziamath puts into a group of their own."""
    with_norm, without = made(Tex(r"r\,\lVert x\rVert^2")), made(Tex(r"r\,x^2"))
    count = [sum(ink.outline.elementCount() for ink in box.ink) for box in (with_norm, without)]
    assert count[0] > count[1] + 8


def test_what_was_not_typeset_is_missed() -> None:
    with pytest.raises(KeyError):
        laid_out(Text("7"), {})
