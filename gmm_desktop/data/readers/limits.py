"""How much a file may unpack to. Real data shrink ten- or thirtyfold, what is forged to do harm a thousandfold."""

from __future__ import annotations

from gmm_desktop.data.table import DataError, quoted

MEGABYTE = 1024**2
#: Numbers, as 64-bit ones: so many bytes from a file of any size, so many times its size, and never more.
_LEAST_NUMBERS, _TIMES_NUMBERS, _MOST_NUMBERS = 256 * MEGABYTE, 50, 4096 * MEGABYTE
#: The same for the text inside of a workbook, of which a reader makes a multiple.
_LEAST_TEXT, _TIMES_TEXT, _MOST_TEXT = 32 * MEGABYTE, 60, 2048 * MEGABYTE


def largest_numbers(size: int) -> int:
    """How many bytes of numbers a file of ``size`` bytes may unpack to."""
    return max(_LEAST_NUMBERS, min(_TIMES_NUMBERS * size, _MOST_NUMBERS))


def largest_text(size: int) -> int:
    """How many bytes of text a file of ``size`` bytes may unpack to."""
    return max(_LEAST_TEXT, min(_TIMES_TEXT * size, _MOST_TEXT))


def check(claimed: int, limit: int, name: str, what: str = "") -> None:
    """Refuses what claims too much.

    Args:
        claimed: in bytes.
        limit: in bytes.
        name: of the file.
        what: the part of the file that claims it, for the sentence; "" for the file itself.

    Raises:
        DataError: it claims more than the limit.
    """
    if claimed > limit:
        part = f"{what} in {quoted(name)}" if what else quoted(name)
        raise DataError(
            f"{part} would unpack to {_amount(claimed)}, more than the {_amount(limit)} that a file of this size may; "
            "if it is sound, save a part of it as CSV (text) and open that."
        )


def _amount(size: int) -> str:
    if size < 1024 * MEGABYTE:
        return f"{max(size // MEGABYTE, 1):,} MB"
    return f"{size / 1024**3:,.1f} GB" if size < 1024**5 else "millions of GB"
