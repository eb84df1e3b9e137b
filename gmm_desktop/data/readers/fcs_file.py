"""Flow cytometry (FCS 2.0, 3.0, 3.1), read by FlowIO in a process of its own (see ``child``)."""

from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np

from gmm_desktop.data.readers.isolated import read_apart
from gmm_desktop.data.readers.limits import check, largest_numbers
from gmm_desktop.data.readers.parcel import Parcel, pack_columns, unpack_columns
from gmm_desktop.data.readers.raw_columns import RawColumn, Unpacked, table_of
from gmm_desktop.data.readers.source import Source
from gmm_desktop.data.table import DataError, ReadOptions, Table, Tell, counted, quoted, say_nothing

if TYPE_CHECKING:
    from gmm_desktop.data.readers.child import Request

MAGIC = b"FCS"
_MOST_CHANNELS, _MOST_SETS = 2000, 100
#: In bits, of the integers that flowio reads.
_WIDTHS = {"8", "16", "32"}
_SEGMENTS = ((10, "text"), (26, "data"))


def read_fcs(source: Source, options: ReadOptions, tell: Tell = say_nothing) -> Table:
    """The events of one data set, a column a channel, as they are stored.

    Raises:
        GivenUpError: ``tell`` raised it.
        DataError: FlowIO is not installed, or the file is damaged or forged, or holds no events.
    """
    return table_of(source, unpack_columns(read_apart("fcs", source, options, tell)), options)


def unpack(content: bytes, request: Request) -> Parcel:
    """The columns as FlowIO reads them.

    Raises:
        DataError: the file says something of itself that cannot be.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        offsets = _sets(content, request.name)
        parts = tuple(f"data set {i + 1}" for i in range(len(offsets))) if len(offsets) > 1 else ()
        wanted = request.part or (parts[0] if parts else None)
        if wanted is not None and wanted not in parts:
            raise DataError(f"{quoted(request.name)} has no {quoted(wanted)}; open it again.")
        offset = offsets[parts.index(wanted)] if wanted is not None else 0
        said = [f"The first of {len(parts)} data sets was read."] if parts and request.part is None else []
        columns = _events(content, offset, request, said)
    return pack_columns(Unpacked(tuple(columns), parts, wanted, tuple(said)))


def _sets(content: bytes, name: str) -> list[int]:
    """Where the data sets begin."""
    offsets, offset = [0], 0
    for _ in range(_MOST_SETS):
        following = int(_text(content, offset, name).get("nextdata", "0") or 0)
        if following <= 0 or offset + following >= len(content):
            break
        offset += following
        offsets.append(offset)
    return offsets


def _flow(content: bytes, offset: int, name: str, **how: Any) -> Any:
    """FlowIO's view of a data set, whose own offsets are looked at first."""
    import flowio

    for at, segment in _SEGMENTS:
        fields = content[offset + at : offset + at + 8], content[offset + at + 8 : offset + at + 16]
        try:
            first, last = (int(field) for field in fields)
        except ValueError:
            raise _damaged(name, "its header is no list of places") from None
        if first < 0 or last < 0 or offset + max(first, last) > len(content):
            raise _damaged(name, f"its {segment} would lie outside of the file")
    return flowio.FlowData(io.BytesIO(content), nextdata_offset=offset, **how)


def _text(content: bytes, offset: int, name: str) -> dict[str, str]:
    text = _flow(content, offset, name, only_text=True, ignore_offset_discrepancy=True, ignore_offset_error=True).text
    return {str(key): str(value) for key, value in text.items()}


def _events(content: bytes, offset: int, request: Request, said: list[str]) -> list[RawColumn]:
    import flowio

    text = _text(content, offset, request.name)
    channels, events = int(text["par"]), int(text["tot"])
    if not 0 < channels <= _MOST_CHANNELS or events < 0:
        raise _damaged(request.name, f"it names {channels:,} channels")
    _check_layout(text, channels, request.name)
    bits = sum(_bits(text, channel) for channel in range(1, channels + 1))
    if events * bits > 8 * len(content) and text.get("datatype", "").lower() != "a":
        raise _damaged(request.name, f"it names {events:,} events, more than it holds")
    check(8 * channels * events, largest_numbers(len(content)), request.name)
    request.allow(4 * 8 * channels * events)
    try:
        flow = _flow(content, offset, request.name)
    except flowio.exceptions.DataOffsetDiscrepancyError:
        said.append("The file names two places for its events; that in its text was taken.")
        flow = _flow(content, offset, request.name, ignore_offset_discrepancy=True)
    except flowio.exceptions.FCSParsingError:
        said.append("The file gives a wrong end of its events.")
        flow = _flow(content, offset, request.name, ignore_offset_discrepancy=True, ignore_offset_error=True)
    request.tell(0.8)
    table = np.asarray(flow.as_array(preprocess=False), np.float64)
    if len(table) != events:
        said.append(f"The file says that it holds {counted(events, 'event')}; {len(table)} were found and read.")
    table = table if request.rows is None else table[: request.rows]
    said += _said_of_channels(text, channels, flow.pnn_labels, flow.pns_labels)
    return [RawColumn(str(name), table[:, index]) for index, name in enumerate(flow.pnn_labels)]


def _check_layout(text: dict[str, str], channels: int, name: str) -> None:
    """Refuses what flowio reads as other numbers without a word.

    Raises:
        DataError: the bytes of a number are in neither of the usual orders, or integers do not fill bytes.
    """
    order = [int(place) for place in text.get("byteord", "1,2").split(",") if place.strip().isdigit()]
    widths = {text.get(f"p{channel}b", "8").strip() for channel in range(1, channels + 1)}
    unusual = widths - _WIDTHS if text.get("datatype", "").strip().lower() == "i" else set()
    what = f"integers of {', '.join(sorted(unusual))} bits" if unusual else ""
    if order not in (sorted(order), sorted(order, reverse=True)):
        what = f"numbers of which the bytes are in the order {', '.join(map(str, order))}"
    if what:
        raise DataError(
            f"{quoted(name)} holds {what}, which cannot be read; export it once more as floating-point numbers, or "
            "as CSV."
        )


def _bits(text: dict[str, str], channel: int) -> int:
    width = text.get(f"p{channel}b", "8")
    return max(8, int(width)) if width.isdigit() else 8


def _said_of_channels(text: dict[str, str], channels: int, names: list[str], labels: list[str]) -> list[str]:
    """The stains, and amplifications that are not undone."""
    said = []
    stained = [f"{quoted(name)} is {quoted(label)}" for name, label in zip(names, labels, strict=True) if label]
    if stained:
        more = f" and {len(stained) - 12} more" if len(stained) > 12 else ""
        said.append(f"Channels as the file labels them: {', '.join(stained[:12])}{more}.")
    amplified = [names[i] for i in range(channels) if _is_scaled(text, i + 1)]
    if amplified:
        some = ", ".join(quoted(name) for name in amplified[:6]) + (" ..." if len(amplified) > 6 else "")
        said.append(f"Numbers are as they are stored; amplification ($PnE, $PnG) of {some} is not undone.")
    return said


def _is_scaled(text: dict[str, str], channel: int) -> bool:
    decades = text.get(f"p{channel}e", "0,0").split(",")[0].strip()
    gain = text.get(f"p{channel}g", "1").strip()
    try:
        return float(decades or 0) != 0 or float(gain or 1) not in (0.0, 1.0)
    except ValueError:
        return False


def _damaged(name: str, why: str) -> DataError:
    return DataError(f"{quoted(name)} is damaged: {why}; export it once more from the cytometer's program, or as CSV.")
