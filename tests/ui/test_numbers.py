"""Numbers as a person reads them."""

from __future__ import annotations

import pytest

from gmm_desktop.ui.numbers import likelihood, number, shortened, tidy


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0.0"),
        (98.24, "98.2"),
        (99.96, "100"),
        (752.8, "753"),
        (9999.7, "10k"),
        (73_417.0, "73.4k"),
        (5.123e6, "5.12M"),
    ],
)
def test_a_number_of_points_is_short_and_never_cut(value: float, text: str) -> None:
    assert shortened(value) == text


def test_a_large_number_breaks_no_line() -> None:
    assert likelihood(-5611.357) == "-5\u202f611.36"
    assert not likelihood(-5611.357).count("\u2009")


@pytest.mark.parametrize(("value", "text"), [(1e-6, "1e-6"), (0.001, "0.001"), (1.5e-7, "1.5e-7")])
def test_a_setting_reads_as_it_is_typed(value: float, text: str) -> None:
    assert tidy(value) == text


def test_nothing_that_is_no_number_is_shown_as_one() -> None:
    assert number(float("nan")) == "–"
