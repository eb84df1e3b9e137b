"""Numbers as a person reads them. Files have every digit; the screen has enough to tell values apart."""

from __future__ import annotations

import math
from collections.abc import Iterable

_WORDS = (
    "no",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
)
_LOG_10 = math.log(10)
_LARGEST_LOG = 1e9
"""Of larger logarithms the digits before the decimal point use up those that the mantissa needs."""


def number(value: float, digits: int = 4) -> str:
    """``value`` with so many significant digits, in plain notation where that is short."""
    if not math.isfinite(value):
        return "–"
    if value == 0:
        return "0"
    exponent = math.floor(math.log10(abs(value)))
    if -4 <= exponent < 7:
        decimals = max(digits - 1 - exponent, 0)
        text = f"{value:.{decimals}f}"
        return "0" if float(text) == 0 else text
    return _short_exponent(f"{value:.{digits - 1}e}")


def coordinate(value: float, span: float) -> str:
    """A place on an axis that shows ``span``: as many digits as tell a hundredth of that apart, far from 0 too."""
    if not (math.isfinite(value) and span > 0):
        return number(value)
    far = abs(value) / span
    return number(value, 3 if far < 1 else min(3 + math.floor(math.log10(far)), 15))


def likelihood(value: float) -> str:
    """A log-likelihood or a criterion: two decimals show what matters, large or small."""
    return f"{value:,.2f}".replace(",", "\u202f") if abs(value) < 1e9 else f"{value:.6e}"


def tidy(value: float) -> str:
    """A setting as a person would type it: 0.001, 1e-6; every digit that it has."""
    text = f"{value:g}" if float(f"{value:g}") == value else repr(value)
    return _short_exponent(text)


def _short_exponent(text: str) -> str:
    mantissa, _, exponent = text.partition("e")
    return f"{mantissa}e{int(exponent)}" if exponent else text


def exponential(log: float, digits: int = 3) -> str:
    """exp(log) with so many significant digits; scientific where it is small or large, even beyond floating point."""
    if log == -math.inf:
        return "0"
    if not math.isfinite(log):
        return "–"
    if abs(log) > _LARGEST_LOG:
        return f"exp({log:.3g})"
    power = math.floor(log / _LOG_10)
    if -3 <= power < 6:
        return number(math.exp(log), digits)
    mantissa = f"{math.exp(log - power * _LOG_10):.{digits - 1}f}"
    if float(mantissa) >= 10:
        mantissa, power = f"{1:.{digits - 1}f}", power + 1
    return f"{mantissa}e{power}"


def count(value: int) -> str:
    """A whole number with narrow spaces, which break no line, between thousands."""
    return f"{value:,}".replace(",", "\u202f")


def shortened(value: float) -> str:
    """An effective number of points where there is little room: 98.2, 752, 73.4k, 5.12M."""
    if value < 99.95:
        return f"{value:.1f}"
    if value < 9999.5:
        return f"{value:.0f}"
    return f"{value / 1e3:.3g}k" if value < 999_500 else f"{value / 1e6:.3g}M"


def word(value: int) -> str:
    """A small number in words."""
    return _WORDS[value] if 0 <= value < len(_WORDS) else str(value)


def plural(value: int, singular: str, ending: str = "s") -> str:
    """ "1 point", "300 points"."""
    return f"{count(value)} {singular}{'' if value == 1 else ending}"


def decimals_for(values: Iterable[float], digits: int = 3) -> int:
    """Decimals that show ``digits`` significant digits of the largest of ``values``, so that a column lines up."""
    largest = max((abs(v) for v in values if math.isfinite(v)), default=0.0)
    if largest == 0:
        return digits - 1
    return min(max(digits - 1 - math.floor(math.log10(largest)), 0), 12)
