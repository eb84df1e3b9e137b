"""What a person paints with: the tools as one table, and their settings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from gmm_desktop.ui.form import Field, IntegerEditor, NumberEditor

MOST_AT_ONCE = 100_000
SMALLEST_RADIUS, LARGEST_RADIUS = 2, 200


@dataclass(frozen=True)
class PaintTool:
    """A row of ``PAINT_TOOLS``.

    Attributes:
        id: its name.
        label: on its button.
        icon: the icon's name.
        tip: one sentence.
        fields: the settings that it has.
        flat_fields: those that it has where one column is shown.
    """

    id: str
    label: str
    icon: str
    tip: str
    fields: tuple[str, ...]
    flat_fields: tuple[str, ...]


# fmt: off
PAINT_TOOLS = {
    row.id: row
    for row in (
        PaintTool("point", "Point", "paint_point", "A click puts one point down.", (), ()),
        PaintTool("brush", "Brush", "paint", "Points all along the way of the mouse.", ("radius", "dab"), ("radius", "dab")),
        PaintTool("spray", "Spray", "paint_spray", "Points as long as the button is held, densest in the middle.", ("radius", "puff"), ("radius", "puff")),
        PaintTool("erase", "Erase", "paint_erase", "Takes away the points that the mouse passes over.", ("radius",), ("radius",)),
        PaintTool("stamp", "Stamp", "paint_stamp", "A click draws a sample of a Gaussian of this shape.", ("along", "across", "angle", "sample"), ("along", "sample")),
    )
}
# fmt: on


@dataclass(frozen=True)
class PaintSettings:
    """The tool in hand and how it paints.

    Attributes:
        tool: a key of ``PAINT_TOOLS``.
        radius: of brush, spray and eraser, in pixels of a desk.
        dab: points for each half radius of a brush's way.
        puff: points in a puff of the spray, of which there are ten a second.
        along, across: standard deviations of the stamp, in data units; see ``stamp_factor``.
        angle: degrees by which the stamp is turned.
        sample: points of a stamp.
    """

    tool: str = "brush"
    radius: int = 20
    dab: int = 4
    puff: int = 5
    along: float = 0.8
    across: float = 0.4
    angle: int = 30
    sample: int = 100


def _angle() -> QWidget:
    editor = IntegerEditor(-180, 180)
    editor.setSuffix("°")
    editor.setWrapping(True)
    editor.setSingleStep(5)
    return editor


def _radius() -> QWidget:
    editor = IntegerEditor(SMALLEST_RADIUS, LARGEST_RADIUS)
    editor.setSuffix(" px")
    return editor


def _number_of_points(most: int) -> Callable[[], QWidget]:
    return lambda: IntegerEditor(1, most)


PAINT_FIELDS = {
    field.name: field
    for field in (
        Field("radius", "Radius", "How far it reaches around the mouse, in pixels (+ and - in the plot).", _radius),
        Field("dab", "Points", "How many points for each half radius of the way.", _number_of_points(500)),
        Field("puff", "Points", "How many points in a puff; a held button gives ten a second.", _number_of_points(500)),
        Field(
            "along",
            "SD along",
            "Standard deviation along the first axis of the ellipse, in units of the data; at 0° that of x.",
            lambda: NumberEditor("standard deviation"),
        ),
        Field(
            "across",
            "across",
            "Standard deviation across it, in units of the data; at 0° that of y.",
            lambda: NumberEditor("standard deviation"),
        ),
        Field("angle", "Angle", "By which the ellipse is turned against the clock, in degrees.", _angle),
        Field("sample", "Points", "How many points a stamp draws.", _number_of_points(MOST_AT_ONCE)),
    )
}
