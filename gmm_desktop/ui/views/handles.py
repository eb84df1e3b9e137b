"""Where the handles of a mixture are, in pixels, and what a drag of one does: geometry, nothing is drawn here.

A handle shows by its shape what it moves. In two columns a cross is a mean, a square the end of an axis one standard
deviation long, a round one turns the ellipse. In one column the peak of a curve is its mean across and its weight up
and down, and a square one standard deviation beside it is its width. All means have theirs; only the component in
hand shows the others, or nobody would know whose square is whose.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gmm_desktop.mixture import Mixture, component_letter
from gmm_desktop.session import editing
from gmm_desktop.ui.numbers import coordinate, number
from gmm_desktop.ui.views.sheet import Sheet

Array = NDArray[np.float64]
Kind = Literal["mean", "axis", "turn", "width"]

REACH = 14.0
"""Pixels from the middle of a handle within which it is taken: 28 across. This and what follows times the scale."""
_MARGIN = 16.0  # a handle is never nearer to the edge of the plot
_NEAR = 36.0  # the ends of shorter axes come nearer to the mean half as fast: a square never lies on its cross
_TURN_AWAY = 34.0  # how far beyond the end of its axis the round one is
_JITTER = 4.0  # a peak dragged along keeps its weight as long as it is not moved further up or down


class Grip(NamedTuple):
    """Which handle: of which component, of which kind, and for an axis which one."""

    component: int
    kind: Kind = "mean"
    axis: int = 0


class Handle(NamedTuple):
    """A handle where it is.

    Attributes:
        grip: which one.
        x, y: its middle, in pixels of the plot.
        direction: of its axis, in pixels, one long; (0, 0) for a mean.
        beyond: how much further from the mean it is than it should be, to be in sight; for a peak how much lower.
    """

    grip: Grip
    x: float
    y: float
    direction: tuple[float, float] = (0.0, 0.0)
    beyond: float = 0.0


def grips(sheet: Sheet) -> list[Grip]:
    """All handles in the order in which the Tab key visits them."""
    kinds: list[tuple[Kind, int]] = [("mean", 0)]
    if sheet.flat:
        kinds.append(("width", 0))
    else:
        kinds += [("axis", 0), ("axis", 1)]
        kinds += [("turn", 0)] if sheet.rules.can_turn else []
    return [Grip(c, kind, axis) for c in range(sheet.mixture.n_components) for kind, axis in kinds]


def handles(sheet: Sheet, active: int, held: Handle | None = None) -> list[Handle]:
    """The handles that can be seen: all means, then those of the component in hand.

    ``held`` is the one being dragged, as it was last: its axis keeps its number and its side.
    """
    k = sheet.mixture.n_components
    result = [_mean_handle(sheet, c) for c in range(k)]
    if active >= k or not sheet.holds(*sheet.mean(active)[: 1 if sheet.flat else 2]):
        return result
    return result + (_width_handles(sheet, active, held) if sheet.flat else _axis_handles(sheet, active, held))


def at(seen: Sequence[Handle], x: float, y: float, reach: float = REACH) -> Handle | None:
    """The handle nearest to a pixel, if that is within reach."""
    near = min(seen, key=lambda handle: math.hypot(handle.x - x, handle.y - y), default=None)
    return near if near is not None and math.hypot(near.x - x, near.y - y) <= reach else None


def dragged(sheet: Sheet, handle: Handle, x: float, y: float) -> Mixture:
    """The mixture after ``handle``, which is one of ``sheet``, was dragged to a pixel."""
    component, columns, mixture = handle.grip.component, sheet.columns, sheet.mixture
    x, y = sheet.inside(x, y)
    along = _along(sheet, handle, x, y) - handle.beyond
    match handle.grip.kind:
        case "mean" if sheet.flat:
            moved = editing.move_mean(mixture, component, columns, sheet.place(x, y))
            if abs(y - handle.y) < _JITTER:
                return moved
            return editing.set_weight(moved, component, sheet.weight(component, y - handle.beyond))
        case "mean":
            return editing.move_mean(mixture, component, columns, sheet.place(x, y))
        case "width":
            wide = _length(sheet, along) * float(sheet.unit[0])
            return editing.set_width(mixture, component, columns[0], wide, sheet.rules)
        case "axis":
            axis, _ = _axis_of(sheet, handle)
            return editing.set_axis(mixture, component, columns, axis, _length(sheet, along), sheet.unit, sheet.rules)
        case "turn":
            (mx, my), fx, fy = sheet.mean(component), handle.x, handle.y
            angle = math.atan2(fy - my, fx - mx) - math.atan2(y - my, x - mx)
            return editing.turn(mixture, component, columns, angle, sheet.unit, sheet.rules)


def nudged(sheet: Sheet, handle: Handle, right: int, up: int, share: float) -> Mixture:
    """The mixture after an arrow key: ``share`` of what the axis shows; a turn goes that share of half a circle.

    Right and up make longer and turn against the clock.
    """
    grip, columns, mixture = handle.grip, sheet.columns, sheet.mixture
    component = grip.component
    if grip.kind == "turn":
        angle = math.pi * share * (right + up)
        return editing.turn(mixture, component, columns, angle, sheet.unit, sheet.rules)
    if grip.kind == "mean":
        step = share * sheet.spans * np.array([right, up])[: len(columns)]
        moved = editing.move_mean(mixture, component, columns, mixture.means[component, list(columns)] + step)
        if not (sheet.flat and up):
            return moved
        higher = sheet.peak(component) - up * share * sheet.mapping.height
        return editing.set_weight(moved, component, sheet.weight(component, higher))
    pixels = share * (right * sheet.mapping.width + up * sheet.mapping.height)
    if grip.kind == "width":
        wide = max(sheet.deviation(component) + pixels, 1.0) * float(sheet.unit[0])
        return editing.set_width(mixture, component, columns[0], wide, sheet.rules)
    axis, length = _axis_of(sheet, handle)
    return editing.set_axis(mixture, component, columns, axis, max(length + pixels, 1.0), sheet.unit, sheet.rules)


def act(sheet: Sheet, grip: Grip) -> str:
    """What undo calls a drag."""
    whose = "all components" if sheet.rules.all_alike and grip.kind != "mean" else component_letter(grip.component)
    verbs = {"mean": "moving the mean of", "axis": "stretching", "turn": "turning", "width": "the width of"}
    return f"{verbs[grip.kind]} {whose}"


def words(sheet: Sheet, grip: Grip) -> str:
    """What a handle is and where: for the caption and for a screen reader."""
    mixture, columns, letter = sheet.mixture, list(sheet.columns), component_letter(grip.component)
    mean = mixture.means[grip.component, columns]
    block = mixture.covariances[grip.component][np.ix_(columns, columns)]
    deviations = np.sqrt(np.diagonal(block))
    spreads = " by ".join(number(float(deviation), 3) for deviation in deviations)
    match grip.kind:
        case "mean":
            places = [coordinate(float(v), float(span)) for v, span in zip(mean, sheet.spans, strict=True)]
            if sheet.flat:
                return f"mean of {letter} at {places[0]}, weight {number(float(mixture.weights[grip.component]), 3)}"
            return f"mean of {letter} at ({', '.join(places)})"
        case "width":
            return f"width of {letter}: standard deviation {spreads}"
        case "axis":
            which = ("first", "second")[grip.axis]
            return f"{which} axis of {letter}: standard deviations {spreads}"
        case "turn":
            correlation = float(block[0, 1] / deviations[0] / deviations[1])
            return f"turn of {letter}: correlation {number(correlation, 2)}, standard deviations {spreads}"


def again(seen: Sequence[Handle], handle: Handle) -> Handle:
    """A handle among those of a changed mixture."""
    return next((one for one in seen if one.grip == handle.grip), handle)


def _mean_handle(sheet: Sheet, component: int) -> Handle:
    x, y = sheet.mean(component)
    inside = sheet.inside(x, y, _MARGIN * sheet.scale) if not sheet.holds(x, y) else (x, y)
    return Handle(Grip(component), *inside, beyond=inside[1] - y if sheet.flat else 0.0)


def _width_handles(sheet: Sheet, component: int, held: Handle | None) -> list[Handle]:
    x, _ = sheet.mean(component)
    grip, long = Grip(component, "width"), sheet.deviation(component)
    fixed = held.direction if held is not None and held.grip == grip else None
    (dx, dy), reach = _side(sheet, (x, sheet.mapping.height / 2), (1.0, 0.0), _drawn(sheet, long), 0.0, fixed)
    _, y = sheet.inside(x, sheet.peak(component, math.exp(-0.5)), _MARGIN * sheet.scale)
    return [Handle(grip, x + dx * reach, y, (dx, dy), reach - _drawn(sheet, long))]


def _axis_handles(sheet: Sheet, component: int, held: Handle | None) -> list[Handle]:
    lengths, directions = editing.axes(sheet.mixture, component, sheet.columns, sheet.unit, sheet.rules)
    directions = directions * (1, -1)  # pixels count downwards
    grip = held.grip if held is not None and held.grip.component == component else Grip(component)
    kept = None if held is None or grip.kind == "mean" else held.direction
    if kept is not None and grip.kind != "mean":
        number_now = int(np.argmax(np.abs(directions @ kept)))
        order = [number_now, 1 - number_now] if grip.axis == 0 else [1 - number_now, number_now]
        lengths, directions = lengths[order], directions[order]
    mean, result = sheet.mean(component), []
    for axis in (0, 1):
        fixed = kept if kept is not None and grip.axis == axis else None
        long, spare = float(lengths[axis]), _TURN_AWAY * sheet.scale if axis == 0 and sheet.rules.can_turn else 0.0
        away = (float(directions[axis, 0]), float(directions[axis, 1]))
        side, reach = _side(sheet, mean, away, _drawn(sheet, long), spare, fixed)
        result.append(_on_axis(mean, Grip(component, "axis", axis), side, reach, reach - _drawn(sheet, long)))
        if spare:
            result.append(_on_axis(mean, Grip(component, "turn"), side, reach + spare, 0.0))
    return sorted(result, key=lambda handle: handle.grip.kind == "turn")


def _on_axis(mean: tuple[float, float], grip: Grip, side: tuple[float, float], reach: float, beyond: float) -> Handle:
    return Handle(grip, mean[0] + side[0] * reach, mean[1] + side[1] * reach, side, beyond)


def _side(
    sheet: Sheet,
    mean: tuple[float, float],
    direction: tuple[float, float],
    long: float,
    spare: float,
    fixed: tuple[float, float] | None,
) -> tuple[tuple[float, float], float]:
    """The end of an axis that can be seen: its direction, and how far from the mean its handle can be.

    ``spare`` pixels are left behind it; ``fixed``: the side stays the one nearest to this direction.
    """
    other = (-direction[0], -direction[1])
    room, room_there = _room(sheet, mean, direction), _room(sheet, mean, other)
    if fixed is not None:
        away = direction[0] * fixed[0] + direction[1] * fixed[1] < 0
    else:
        away = long + spare > room and room_there > room
    chosen, most = (other, room_there) if away else (direction, room)
    return chosen, max(min(long, most - spare), _NEAR * sheet.scale / 2)


def _drawn(sheet: Sheet, length: float) -> float:
    """How far from the mean the square of an axis is."""
    near = _NEAR * sheet.scale
    return length if length > near else (near + length) / 2


def _length(sheet: Sheet, drawn: float) -> float:
    """How long an axis is whose square is so far from the mean."""
    near = _NEAR * sheet.scale
    return drawn if drawn > near else max(2 * drawn - near, 1.0)


def _room(sheet: Sheet, mean: tuple[float, float], direction: tuple[float, float]) -> float:
    """How many pixels there are from a place to the margin of the plot."""
    reach, margin = math.inf, _MARGIN * sheet.scale
    for at_, step, size in zip(mean, direction, (sheet.mapping.width, sheet.mapping.height), strict=True):
        if abs(step) > 1e-9:
            reach = min(reach, ((size - margin if step > 0 else margin) - at_) / step)
    return max(reach, 0.0)


def _axis_of(sheet: Sheet, handle: Handle) -> tuple[int, float]:
    """The number that an axis has now, and its length in pixels: the longest comes first, whichever that is."""
    lengths, directions = editing.axes(sheet.mixture, handle.grip.component, sheet.columns, sheet.unit, sheet.rules)
    axis = int(np.argmax(np.abs(directions * (1, -1) @ handle.direction)))
    return axis, float(lengths[axis])


def _along(sheet: Sheet, handle: Handle, x: float, y: float) -> float:
    """How far along a handle's axis a pixel is from the mean."""
    mx, my = sheet.mean(handle.grip.component)
    return (x - mx) * handle.direction[0] + (y - my) * handle.direction[1]
