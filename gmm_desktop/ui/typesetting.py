"""Formulas as vectors: symbols typeset by ziamath, numbers composed of its digits.

ziamath takes 3 to 20 ms for a formula, which is too long for numbers that change with every frame. So the symbols are
typeset once, in a thread, and so is each digit; fractions, tuples and matrices of numbers are put together here, in
some ten microseconds each. Everything is outlines, sharp at any size and filled with any theme's colours.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple
from xml.etree.ElementTree import Element

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainterPath

Role = Literal["text", "component"]

EM = 100.0
"""The size of type that all boxes are made in; whoever paints them scales."""

COMPONENT = "#010203"
"""In the LaTeX of a leaf, the colour that stands for the component's."""

_AXIS, _RULE = 25.8, 5.6  # the height of a fraction's rule above the base line, and its thickness
_ROOM = 15.0  # between the rule and what is above and below it
_SMALLER, _RAISED = 0.7, 36.0  # an exponent
_BETWEEN = 26.0  # parts of a row
_COLUMNS, _LINES = 55.0, 42.0  # of a matrix
_SIGNS = {"-": "-", "×": r"\times", "(": "(", ")": ")", ",": ",", "=": "=", "…": r"\ldots"}
_POINTS = {"M": 1, "L": 1, "Q": 2, "C": 3, "Z": 0}  # of a command of an SVG path
_NARROW = "\u202f"


@dataclass(frozen=True)
class Tex:
    """A leaf of LaTeX."""

    latex: str


@dataclass(frozen=True)
class Text:
    """A number, as ``numbers`` writes it, or a sign such as "×" and "=", set of single characters."""

    characters: str


@dataclass(frozen=True)
class Row:
    """Parts beside each other; ``tight`` ones touch."""

    parts: tuple[Expression, ...]
    tight: bool = False


@dataclass(frozen=True)
class Fraction:
    """One above the other."""

    above: Expression
    below: Expression


@dataclass(frozen=True)
class Matrix:
    """Rows of entries in parentheses."""

    rows: tuple[tuple[Expression, ...], ...]


Expression = Tex | Text | Row | Fraction | Matrix


class Ink(NamedTuple):
    """An outline at a place, stretched by two factors."""

    role: Role
    outline: QPainterPath
    x: float
    y: float
    across: float = 1.0
    down: float = 1.0


@dataclass(frozen=True, eq=False)
class Box:
    """Something typeset, in units of ``EM``, its origin at the left end of the base line, y downwards."""

    width: float
    ascent: float
    descent: float
    ink: tuple[Ink, ...] = ()

    def moved(self, x: float, y: float, scale: float = 1.0) -> Iterator[Ink]:
        """The ink, smaller and elsewhere."""
        for ink in self.ink:
            yield Ink(ink.role, ink.outline, x + scale * ink.x, y + scale * ink.y, scale * ink.across, scale * ink.down)


Leaves = dict[str, Box]
"""Boxes by their LaTeX."""


def leaves_of(expression: Expression) -> Iterator[str]:
    """The LaTeX of all leaves, digits and signs too."""
    match expression:
        case Tex(latex):
            yield latex
        case Text(characters):
            yield from (_latex_of(character) for character in _plain(characters))
        case Row(parts):
            for part in parts:
                yield from leaves_of(part)
        case Fraction(above, below):
            yield from leaves_of(above)
            yield from leaves_of(below)
        case Matrix(rows):
            yield from "()"
            for row in rows:
                for entry in row:
                    yield from leaves_of(entry)


def laid_out(expression: Expression, leaves: Leaves) -> Box:
    """The expression as one box.

    Raises:
        KeyError: a leaf has not been typeset.
    """
    match expression:
        case Tex(latex):
            return leaves[latex]
        case Text(characters):
            return _number(characters, leaves)
        case Row(parts, tight):
            return _beside([laid_out(part, leaves) for part in parts], 0.0 if tight else _BETWEEN)
        case Fraction(above, below):
            return _fraction(laid_out(above, leaves), laid_out(below, leaves))
        case Matrix(rows):
            return _matrix([[laid_out(entry, leaves) for entry in row] for row in rows], leaves)


def _latex_of(character: str) -> str:
    return _SIGNS.get(character, character)


def _plain(characters: str) -> str:
    """Without what is not typeset; the power of a scientific number brings its own signs."""
    mantissa, power, exponent = characters.partition("e")
    scientific = power and mantissa.lstrip("-").replace(".", "").isdigit()
    return (f"{mantissa}×10{exponent}" if scientific else characters).replace(_NARROW, "")


def _number(characters: str, leaves: Leaves) -> Box:
    mantissa, power, exponent = characters.partition("e")
    if not power or not mantissa.lstrip("-").replace(".", "").isdigit():
        return _characters(characters, leaves)
    base = _beside([_characters(mantissa, leaves), leaves[_latex_of("×")], _characters("10", leaves)], 0.4 * _BETWEEN)
    small = _characters(exponent.lstrip("+"), leaves)
    ink = (*base.ink, *small.moved(base.width, -_RAISED, _SMALLER))
    ascent = max(base.ascent, _RAISED + _SMALLER * small.ascent)
    return Box(base.width + _SMALLER * small.width, ascent, base.descent, ink)


def _characters(characters: str, leaves: Leaves) -> Box:
    narrow = Box(14.0, 0.0, 0.0)
    return _beside([narrow if c == _NARROW else leaves[_latex_of(c)] for c in characters], 0.0)


def _beside(boxes: list[Box], gap: float) -> Box:
    x = 0.0
    ink: list[Ink] = []
    for box in boxes:
        ink += box.moved(x, 0.0)
        x += box.width + gap
    ascent = max((box.ascent for box in boxes), default=0.0)
    return Box(max(x - gap, 0.0), ascent, max((box.descent for box in boxes), default=0.0), tuple(ink))


def _fraction(above: Box, below: Box) -> Box:
    width = max(above.width, below.width) + 12.0
    up = _AXIS + _RULE / 2 + _ROOM + above.descent
    down = -_AXIS + _RULE / 2 + _ROOM + below.ascent
    rule = QPainterPath()
    rule.addRect(0.0, -_AXIS - _RULE / 2, width, _RULE)
    ink = (
        *above.moved((width - above.width) / 2, -up),
        Ink("text", rule, 0.0, 0.0),
        *below.moved((width - below.width) / 2, down),
    )
    return Box(width, up + above.ascent, down + below.descent, ink)


def _matrix(rows: list[list[Box]], leaves: Leaves) -> Box:
    widths = [max(row[j].width for row in rows) for j in range(len(rows[0]))]
    high = max(box.ascent for row in rows for box in row)
    step = high + max(box.descent for row in rows for box in row) + _LINES
    total = step * len(rows) - _LINES
    top = -_AXIS - total / 2
    left, right = leaves["("], leaves[")"]
    stretch = 1.08 * total / (left.ascent + left.descent)
    base = top + total / 2 + stretch * (left.ascent - left.descent) / 2
    ink = [Ink(i.role, i.outline, i.x, base, 1.0, stretch) for i in left.ink]
    x = left.width + 10.0
    for j, width in enumerate(widths):
        for i, row in enumerate(rows):
            ink += row[j].moved(x + width - row[j].width, top + high + i * step)
        x += width + _COLUMNS
    x -= _COLUMNS - 10.0
    ink += [Ink(i.role, i.outline, x + i.x, base, 1.0, stretch) for i in right.ink]
    return Box(x + right.width, stretch * left.ascent - base, base + stretch * left.descent, tuple(ink))


def typeset(latex: Iterable[str]) -> Leaves:
    """Typeset leaves; slow, so not for the window's thread."""
    with_library = _Library()
    return {leaf: with_library.box(leaf) for leaf in latex}


class _Library:
    """ziamath, loaded when a formula is first wanted: it takes 0.1 s."""

    def __init__(self) -> None:
        # On Python 3.11 and 3.12 it finds its font by a function that was deprecated there, and is no more.
        warnings.filterwarnings("ignore", "path is deprecated", DeprecationWarning, "ziamath")
        from ziamath.config import config
        from ziamath.zmath import Latex

        config.svg2 = False  # outlines where they are drawn, not symbols that are referred to
        self._latex = Latex

    def box(self, latex: str) -> Box:
        """One leaf."""
        made = self._latex(latex, size=EM)
        outlines: dict[Role, QPainterPath] = {}
        for element, fill in _drawn(made.svgxml()):
            role: Role = "component" if fill == COMPONENT else "text"
            outline = outlines.setdefault(role, QPainterPath())
            if element.tag == "rect":
                x, y, width, height = (float(element.get(name, 0)) for name in ("x", "y", "width", "height"))
                outline.addRect(x, y, width, height)
            elif element.tag == "path":
                _add(outline, element.get("d", ""))
        bounds = made.node.bbox
        ink = []
        for role, outline in outlines.items():
            outline.setFillRule(outline.fillRule().WindingFill)
            ink.append(Ink(role, outline, 0.0, 0.0))
        return Box(bounds.xmax, bounds.ymax, -bounds.ymin, tuple(ink))


def _drawn(element: Element, fill: str = "") -> Iterator[tuple[Element, str]]:
    """The elements below one, each with its colour; what is stretched is a group of pieces."""
    for inner in element:
        colour = inner.get("fill", fill)
        yield inner, colour
        yield from _drawn(inner, colour)


def _add(outline: QPainterPath, described: str) -> None:
    """Add what the attribute d of an SVG path describes, as ziamath writes it: M, L, Q, C and Z, absolute."""
    words = iter(described.split())
    for command in words:
        points = [QPointF(float(next(words)), float(next(words))) for _ in range(_POINTS[command])]
        match command:
            case "M":
                outline.moveTo(points[0])
            case "L":
                outline.lineTo(points[0])
            case "Q":
                outline.quadTo(points[0], points[1])
            case "C":
                outline.cubicTo(points[0], points[1], points[2])
            case _:
                outline.closeSubpath()
