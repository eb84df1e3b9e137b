"""Round numbers for axes."""

from __future__ import annotations

import math
from typing import NamedTuple

from gmm_desktop.ui.views.coordinates import Scale

_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
MINUS = "\N{MINUS SIGN}"


class Ticks(NamedTuple):
    """Where an axis has ticks (view coordinates), what they say, and what its title must add to make them true."""

    positions: list[float]
    strings: list[str]
    note: str


def ticks(low: float, high: float, scale: Scale, most: int, *, whole: bool = False) -> Ticks:
    """At most about ``most`` round numbers between ``low`` and ``high`` (view coordinates).

    Numbers that share a long beginning are written without it, and large or small ones without their power of
    ten; the note then says so: "− 1000000000", "× 10⁻¹⁰⁰". With ``whole`` only whole numbers are ticks.
    """
    first, last = scale.to_data(low), scale.to_data(high)
    span = (high - low) * scale.factor
    if not (math.isfinite(first) and math.isfinite(last) and span > 0):
        return Ticks([], [], "")
    mantissa, power = _step(span / max(1, most))
    if whole and power < 0:
        mantissa, power = 1, 0
    step = mantissa * 10.0**power
    base = _base(first, last, span, step)
    rest = scale.offset - base  # both large, and exact to the last digit that the data have
    start, stop = (rest + low * scale.factor) / step, (rest + high * scale.factor) / step
    numbers = range(math.ceil(start - 1e-9), math.floor(stop + 1e-9) + 1)
    largest = max((abs(i) for i in numbers), default=0) * mantissa
    exponent = power + len(str(largest)) - 1 if largest else power
    exponent = exponent if exponent > 5 or exponent < -4 else 0
    places = max(0, exponent - power)
    strings = [f"{i * mantissa * 10.0 ** (power - exponent):.{places}f}" for i in numbers]
    return Ticks(
        [(i * step - rest) / scale.factor for i in numbers],
        [text.replace("-", MINUS) for text in strings],
        _note(base, exponent),
    )


def decades(low: float, high: float, most: int) -> Ticks:
    """Powers of ten between ``low`` and ``high``, which are their logarithms: about ``most`` or half as many more."""
    step = max(1, math.ceil((high - low) / (1.5 * max(1, most))))
    powers = range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1)
    return Ticks([float(step * i) for i in powers], [_power_of_ten(step * i) for i in powers], "")


def _power_of_ten(power: int) -> str:
    return "1" if power == 0 else f"10{str(power).translate(_SUPERSCRIPTS)}"


def _step(about: float) -> tuple[int, int]:
    """The smallest of 1, 2 and 5 times a power of ten that is not under ``about``, as mantissa and power."""
    power = math.floor(math.log10(about))
    for mantissa in (1, 2, 5):
        if mantissa * 10.0**power >= about * (1 - 1e-9):
            return mantissa, power
    return 1, power + 1


def _base(first: float, last: float, span: float, step: float) -> float:
    """What all ticks share and need not repeat: 0 unless they would need more than six digits."""
    if max(abs(first), abs(last)) < 1e6 * step:
        return 0.0
    coarse = 10.0 ** math.ceil(math.log10(span))
    return round((first / 2 + last / 2) / coarse) * coarse


def _note(base: float, exponent: int) -> str:
    parts = []
    if base:
        sign = MINUS if base > 0 else "+"
        parts.append(f"{sign} {abs(base):.12g}".replace("e-", f"e{MINUS}").replace("e+", "e"))
    if exponent:
        parts.append(f"× 10{str(exponent).translate(_SUPERSCRIPTS)}")
    return " ".join(f"({part})" for part in parts)
