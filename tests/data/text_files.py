"""Small tables of text in many dresses, with the arrays that they were made from."""

from __future__ import annotations

import gzip
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Dress:
    """How a table is written."""

    delimiter: str = ","
    decimal: str = "."
    encoding: str = "utf-8"
    end: str = "\n"
    header: bool = True
    units: bool = False
    quoted: bool = False
    above: str = ""
    thousands: str = ""

    def write(self, numbers: NDArray[np.float64], names: list[str]) -> bytes:
        """The table as the bytes of a file; NaN is an empty cell, or NA between spaces."""
        quote = '"' if self.quoted else ""
        rows = [[quote + name + quote for name in names]] if self.header else []
        rows += [["mm", "°C", "µg"][: len(names)]] if self.units else []
        for row in numbers.tolist():
            rows.append([quote + self._number(number) + quote for number in row])
        lines = [self.delimiter.join(row) for row in rows]
        return (self.above.replace("\n", self.end) + self.end.join(lines) + self.end).encode(self.encoding)

    def _number(self, number: float) -> str:
        if number != number:
            return "NA" if self.delimiter == " " else ""
        text = repr(number)
        if self.thousands and "e" not in text:
            return f"{number:,.6f}".replace(",", "_").replace(".", self.decimal).replace("_", self.thousands)
        return text.replace(".", self.decimal)


NAMES = ["Größe", "y", "third"]


def some_numbers(seed: int = 0, rows: int = 30, columns: int = 3) -> NDArray[np.float64]:
    """Numbers of very different sizes, with some missing ones."""
    rng = np.random.default_rng(seed)
    numbers = rng.normal(size=(rows, columns)) * 10.0 ** rng.integers(-6, 12, (rows, columns))
    numbers[rng.random((rows, columns)) < 0.05] = np.nan
    numbers[0] = rng.normal(size=columns)
    return numbers


def dresses() -> dict[str, Dress]:
    """Every delimiter with every decimal mark, and with each of the other habits."""
    found: dict[str, Dress] = {}
    spoken = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar", " ": "space"}
    habits = {
        "plain": {},
        "without a header": {"header": False},
        "Windows line ends": {"end": "\r\n"},
        "old Mac line ends": {"end": "\r"},
        "byte order mark": {"encoding": "utf-8-sig"},
        "UTF-16": {"encoding": "utf-16"},
        "UTF-16 without a mark, Windows line ends": {"encoding": "utf-16-be", "end": "\r\n"},
        "Windows-1252": {"encoding": "cp1252"},
        "units": {"units": True},
        "quotes": {"quoted": True},
        "quotes, units, UTF-16": {"quoted": True, "units": True, "encoding": "utf-16-le"},
        "comments above": {"above": "# measured in May\n% by hand\n"},
        "a title above": {"above": "Measured by hand in May\n\n"},
    }
    for delimiter, word in spoken.items():
        for decimal in ".,":
            if delimiter == decimal == ",":
                continue
            for habit, changes in habits.items():
                dress = replace(Dress(delimiter, decimal), **changes)  # type: ignore[arg-type]
                found[f"{word}, decimal {decimal}, {habit}"] = dress
    found["comma, decimal comma, quotes"] = Dress(",", ",", quoted=True)
    return found


def text_files() -> list[tuple[str, bytes]]:
    """Files that are read, to be changed at random."""
    numbers = some_numbers(1, 12)
    files = [(f"{i}.csv", dress.write(numbers, NAMES)) for i, dress in enumerate(dresses().values()) if i % 3 == 0]
    files.append(("packed.csv.gz", gzip.compress(Dress().write(numbers, NAMES))))
    files.append(("thousands.csv", Dress(";", ",", thousands=".").write(numbers * 1e5, NAMES)))
    files.append(
        ("dates.csv", b"when,x\n" + b"".join(b"2024-%02d-03T10:00:00Z,%d\n" % (i, i * i) for i in range(1, 12)))
    )
    files.append(
        ("codes.csv", b"id,x\n" + b"".join(b"%05d,%s\n" % (i, b"-999" if i % 4 else b"3.5") for i in range(12)))
    )
    files.append(("words.csv", b'name,x\n"a, ""b""",1\n"two\nlines",2\nc,3\n# no row\n\nd,4\n'))
    files.append(("savetxt.txt", b"# a b\n1.5 2.5\n3.5 4.5\n5.5 6.5\n"))
    files.append(("r.txt", b'"x" "y"\n"1" 1.5 2.5\n"2" 3.5 4.5\n"3" 5.5 6.5\n'))
    files.append(("one.txt", b"x\n1,5\n2,25\n\n3,125\n"))
    return files
