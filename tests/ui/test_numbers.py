"""Numbers as a person reads them."""

from __future__ import annotations

import math

import pytest

from gmm_desktop.ui.numbers import exponential, likelihood, number, shortened, tidy


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


def test_a_small_number_has_a_short_exponent() -> None:
    assert number(7.5e-5, 2) == "7.5e-5"
    assert number(2.34e9, 3) == "2.34e9"


def test_nothing_that_is_no_number_is_shown_as_one() -> None:
    assert number(float("nan")) == "–"


@pytest.mark.parametrize(
    ("log", "text"),
    [
        (math.log(0.7236), "0.724"),
        (math.log(0.00142), "0.00142"),
        (math.log(0.000142), "1.42e-4"),
        (math.log(9.999e-5), "1.00e-4"),
        (math.log(123456.0), "123456"),
        (math.log(1234567.0), "1.23e6"),
        (-1000.0, "5.08e-435"),
        (1000.0, "1.97e434"),
        (-1e12, "exp(-1e+12)"),
        (-math.inf, "0"),
        (math.nan, "–"),
        (0.0, "1.00"),
    ],
)
def test_what_a_float_cannot_hold_is_written_from_its_logarithm(log: float, text: str) -> None:
    assert exponential(log) == text
