"""Files of every kind beside text: the numbers in them are those that were written, to the last bit."""

from __future__ import annotations

import hashlib
import io
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from gmm_desktop.data import READERS, DataError, ReadOptions, Table, dataset_from_table, read_again, read_table
from gmm_desktop.data.readers import open_filters
from tests.data.made_files import NUMBERS, fcs, hdf5, made_files, mat, npz, parquet, unzipped, xlsx, zipped
from tests.data.test_sheets import text, values

pa = pytest.importorskip("pyarrow", reason="the extra parquet is not installed")
h5py = pytest.importorskip("h5py", reason="the extra hdf5 is not installed")
pytest.importorskip("flowio", reason="the extra fcs is not installed")

nan = np.nan
MADE = dict(made_files())


@pytest.fixture
def read(tmp_path: Path) -> Any:
    def read_one(name: str, content: bytes, **options: Any) -> Table:
        path = tmp_path / name
        path.write_bytes(content)
        return read_table(path, ReadOptions(**options))

    return read_one


@pytest.mark.parametrize("name", MADE)
def test_the_numbers_are_those_that_were_written(read: Any, name: str) -> None:
    table = read(name, MADE[name])
    written = NUMBERS
    if name.endswith(".fcs"):
        written = NUMBERS.astype(np.float32).astype(np.float64)
    elif name.endswith(".xlsx"):  # openpyxl writes 16 digits
        written = np.array([[float(f"{number:.16g}") for number in row] for row in NUMBERS.tolist()])
    assert_array_equal(np.stack([column.values for column in table.columns], axis=1), written)
    assert table.sha256 == hashlib.sha256(MADE[name]).hexdigest()
    assert table.source == name
    again = [[float(cell) for cell in row] for row in table.text_rows()]
    assert_array_equal(again, written)
    assert [float(cell) for cell in table.columns[1].text] == written[:, 1].tolist()


@pytest.mark.parametrize("name", [name for name in MADE if not name.endswith(".zip")])
def test_a_preview_takes_the_first_rows(read: Any, name: str) -> None:
    some = read(name, MADE[name], rows=5)
    assert some.rows == len(list(some.text_rows())) == 5
    assert_array_equal(some.columns[0].values, read(name, MADE[name]).columns[0].values[:5])


@pytest.mark.parametrize("name", MADE)
def test_the_first_bytes_count_and_not_the_name(read: Any, name: str) -> None:
    plain = read(name, MADE[name])
    table = read("data.csv", MADE[name])
    assert "although its name says otherwise" in table.messages[0]
    assert_array_equal(table.columns[0].values, plain.columns[0].values)
    assert read("data", MADE[name]).rows == plain.rows


@pytest.mark.parametrize("suffix", [s for id_ in READERS if id_ != "text" for s in READERS[id_].suffixes])
def test_text_under_the_name_of_another_format(read: Any, suffix: str) -> None:
    table = read(f"data{suffix}", b"x;y\n1,5;2\n3;4\n")
    assert values(table, "x").tolist() == [1.5, 3]
    assert "is text" in table.messages[0]
    with pytest.raises(DataError, match=r"is a web page \(HTML\)"):
        read(f"data{suffix}", b"<html><body><table><tr><td>1</td></tr></table></body></html>")


def test_the_dialog_offers_every_suffix() -> None:
    words = open_filters().split(";;")
    for reader in READERS.values():
        for suffix in reader.suffixes:
            assert f"*{suffix}" in words[0]
        assert any(word.startswith(reader.label) for word in words[1:])


def test_columns_of_parquet(read: Any) -> None:
    table = read(
        "table.parquet",
        parquet(
            {
                "half": pa.array(np.array([1, 0.1, 3], np.float16)),
                "single": pa.array([0.1, None, 3], pa.float32()),
                "long": pa.array([2**60 + 1, None, 3]),
                "unsigned": pa.array([2**64 - 1, 1, 2], pa.uint64()),
                "yes": pa.array([True, None, False]),
                "who": pa.array(["Ann", None, "Bo"]),
                "kind": pa.array(["a", "b", "a"]).dictionary_encode(),
                "number kinds": pa.array([5, 6, 5]).dictionary_encode(),
                "when": pa.array([86_400_000, None, 1], pa.timestamp("ms", tz="UTC")),
                "day": pa.array([1, 2, None], pa.date32()),
                "took": pa.array([1500, 2, None], pa.duration("ms")),
                "price": pa.array([Decimal("1.10"), None, Decimal("12345678901234567.89")]),
                "several": pa.array([[1], [2, 3], None]),
                "digits": pa.array(["1", "2", "3"]),
            }
        ),
    )
    assert values(table, "half").tolist() == np.array([1, 0.1, 3], np.float16).tolist()
    assert_array_equal(values(table, "single"), [float(np.float32(0.1)), nan, 3])
    assert_array_equal(values(table, "long"), [2.0**60, nan, 3])
    assert list(table.column("long").text) == [str(2**60 + 1), "", "3"]
    assert list(table.column("unsigned").text) == [str(2**64 - 1), "1", "2"]
    assert text(table, "yes") == ["True", "", "False"]
    assert text(table, "who") == ["Ann", "", "Bo"]
    assert text(table, "kind") == ["a", "b", "a"]
    assert values(table, "number kinds").tolist() == [5, 6, 5]
    assert table.column("when").dates == table.column("day").dates == "days since 1970-01-01"
    assert text(table, "day") == ["1970-01-02", "1970-01-03", ""]
    assert_array_equal(values(table, "took"), [1.5, 0.002, nan])
    assert_array_equal(values(table, "price"), [1.1, nan, 12345678901234567.89])
    assert list(table.column("price").text) == ["1.10", "", "12345678901234567.89"]
    assert text(table, "digits") == ["1", "2", "3"]
    said = " ".join(table.messages)
    for piece in ("'several' left out", "Integers in 'long'", "Integers in 'unsigned'", "Decimal numbers in 'price'"):
        assert piece in said
    assert "Numbers stored as text in 'digits'" in said
    table = read_again(table, ReadOptions(dates=("when", "day"), decimal="."))
    assert_array_equal(values(table, "when"), [1, nan, 1 / 86_400_000])
    assert values(table, "digits").tolist() == [1, 2, 3]


def test_many_row_groups_are_one_table(read: Any) -> None:
    numbers = np.random.default_rng(0).normal(size=150_000)
    words = [f"w{i % 1000}" for i in range(len(numbers))]
    table = read("table.parquet", parquet({"x": numbers, "w": words}, row_group_size=40_000))
    assert_array_equal(values(table, "x"), numbers)
    assert text(table, "w") == words


def test_sets_of_hdf5_are_parts(read: Any) -> None:
    records = np.array([(1, 2.5, b"x", (3, 4)), (2, 3.5, b"y", (5, 6))],
                       dtype=[("i", "i4"), ("f", ">f8"), ("s", "S4"), ("v", "f4", (2,))])  # fmt: skip
    long = np.array([("first", 1.0), ("second word", 2.0)], dtype=[("word", h5py.string_dtype()), ("x", "f8")])
    content = hdf5(**{"a/m": NUMBERS, "r": records, "l": long, "a/x": np.arange(3), "a/w": ["p", "q", "r"], "c": 1j})
    table = read("sets.h5", content, part="r")
    assert table.parts == ("a/m", "l", "r", "2 arrays of 3 rows as columns", "a/x")
    assert values(table, "f").tolist() == [2.5, 3.5]
    assert text(table, "s") == ["x", "y"]
    assert values(table, "v 2").tolist() == [4, 6]
    table = read_again(table, ReadOptions(part="l"))
    assert text(table, "word") == ["first", "second word"]
    table = read_again(table, ReadOptions(part="2 arrays of 3 rows as columns"))
    assert values(table, "a/x").tolist() == [0, 1, 2]
    assert text(table, "a/w") == ["p", "q", "r"]
    assert read_again(table, ReadOptions()).layout.part == "a/m"


def test_what_hdf5_files_say_of_their_numbers(read: Any) -> None:
    stream = io.BytesIO()
    with h5py.File(stream, "w") as file:
        data = file.create_dataset("t", data=np.array([1, -9, 3], "i2"), chunks=(2,), compression="gzip", shuffle=True)
        data.attrs.update({"_FillValue": np.int16(-9), "scale_factor": 0.1, "units": "K"})
        file["block0_values"], file["block0_items"] = NUMBERS, [b"height", b"width"]
    table = read("t.nc", stream.getvalue(), part="t")
    assert_array_equal(values(table, "t"), [1, nan, 3])
    assert table.column("t").unit == "K"
    said = " ".join(table.messages)
    assert "scale_factor 0.1 is not applied" in said
    assert "declares to be no value" in said
    assert read_again(table, ReadOptions()).numeric_names() == ("height", "width"), "as pandas writes a frame"


def test_no_other_file_is_opened(read: Any, tmp_path: Path) -> None:
    (tmp_path / "other.h5").write_bytes(hdf5(secret=np.arange(3.0)))
    layout = h5py.VirtualLayout(shape=(3,), dtype="f8")
    layout[:] = h5py.VirtualSource(str(tmp_path / "other.h5"), "secret", shape=(3,))
    (tmp_path / "raw").write_bytes(bytes(80))
    stream = io.BytesIO()
    with h5py.File(stream, "w") as file:
        file["link"] = h5py.ExternalLink(str(tmp_path / "other.h5"), "/secret")
        file.create_virtual_dataset("virtual", layout)
        file.create_dataset("outside", (10,), dtype="f8", external=[(str(tmp_path / "raw"), 0, 80)])
    with pytest.raises(DataError, match=r"keeps its numbers in other files \('outside', 'virtual', 'link'\)"):
        read("sets.h5", stream.getvalue())
    for part in ("link", "virtual", "outside"):
        with pytest.raises(DataError, match="not opened"):
            read("sets.h5", stream.getvalue(), part=part)


def test_matrices_of_matlab(read: Any) -> None:
    table = read("m.mat", mat(z=np.zeros(3, complex), v=np.arange(4.0), w=np.arange(4), name="text"))
    assert table.numeric_names() == ("v", "w")
    assert any("'name' left out" in message for message in table.messages)
    assert values(read_again(table, ReadOptions(part="w")), "w").tolist() == [0, 1, 2, 3]


def test_matrices_of_newer_matlab_stand_upright(read: Any, tmp_path: Path) -> None:
    """MATLAB 7.3 writes HDF5 behind words of its own, and the columns of a matrix one after another."""
    path = tmp_path / "new.h5"
    with h5py.File(path, "w", userblock_size=512) as file:
        file["x"], file["v"] = NUMBERS.T, np.arange(4.0)[:, np.newaxis]
        file["x"].attrs["MATLAB_class"] = b"double"
        file["nothing"] = np.array([0, 3], "u8")
        file["nothing"].attrs["MATLAB_empty"] = np.uint8(1)
    content = bytearray(path.read_bytes())
    content[:19] = b"MATLAB 7.3 MAT-file"
    table = read("m.mat", bytes(content), part="x")
    assert_array_equal(np.stack([column.values for column in table.columns], axis=1), NUMBERS)
    assert table.parts == ("x", "v")
    assert values(read_again(table, ReadOptions(part="v", rows=3)), "v").tolist() == [0, 1, 2]


def test_several_arrays_in_an_archive_of_numpy(read: Any) -> None:
    objects = np.array([{}], object)
    table = read("a.npz", npz(m=NUMBERS, x=np.arange(5), y=np.ones(5, ">i2"), w=np.array(list("abcde")), o=objects))
    assert table.parts == ("m", "3 arrays of 5 rows as columns", "x", "y")
    assert any("'o' not opened: Python objects" in message for message in table.messages)
    together = read_again(table, ReadOptions(part="3 arrays of 5 rows as columns"))
    assert values(together, "y").tolist() == [1] * 5
    assert text(together, "w") == list("abcde")
    with pytest.raises(DataError, match="has no array 'o'"):
        read_again(table, ReadOptions(part="o"))


def test_an_archive_of_several_tables_is_a_choice(read: Any) -> None:
    files = {"readme.txt": b"words\n", "a.csv": b"x,y\n1,2\n", "b.xlsx": xlsx([["x"], [5]]), "__MACOSX/._a.csv": b"?"}
    table = read("files.zip", zipped(files))
    assert table.parts == ("a.csv", "b.xlsx", "readme.txt")
    assert values(table, "y").tolist() == [2]
    assert values(read_again(table, ReadOptions(part="b.xlsx")), "x").tolist() == [5]


def test_events_of_flow_cytometry(read: Any) -> None:
    content = fcs({"FSC-A": [1.0, 2.0, 3.0], "FL1-H": [0.5, np.float32(0.1), 7.0]})
    table = read("events.fcs", content)
    assert values(table, "FL1-H").tolist() == [0.5, float(np.float32(0.1)), 7]
    assert dataset_from_table(table).names == ("FSC-A", "FL1-H")


def cytometry(content: bytes, **words: str) -> bytes:
    """A file of one channel with these words, such as BYTEORD, in its text."""
    given = {"BYTEORD": "1,2,3,4", "DATATYPE": "I", "MODE": "L", "NEXTDATA": "0", "PAR": "1", "TOT": "2"}
    given |= {"P1B": "16", "P1E": "0,0", "P1N": "FSC", "P1R": "65536"} | words
    text_ = ("/" + "".join(f"${key}/{value}/" for key, value in given.items())).encode()
    places = (58, 57 + len(text_), 58 + len(text_), 57 + len(text_) + len(content), 0, 0)
    return b"FCS2.0    " + b"".join(b"%8d" % place for place in places) + text_ + content


def test_events_are_as_many_as_there_are(read: Any) -> None:
    numbers = np.array([7, 9, 11], "<u2").tobytes()
    assert "says that it holds" not in " ".join(read("a.fcs", cytometry(numbers, TOT="3")).messages)
    for told in ("2", "4"):
        table = read("a.fcs", cytometry(numbers, TOT=told))
        assert values(table, "FSC").tolist() == [7, 9, 11]
        assert f"The file says that it holds {told} events; 3 were found and read." in table.messages


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"P1B": "24"}, "integers of 24 bits, which cannot be read"),
        ({"P1B": "10"}, "integers of 10 bits, which cannot be read"),
        ({"P1B": "64"}, "integers of 64 bits, which cannot be read"),
        ({"DATATYPE": "F", "P1B": "32", "BYTEORD": "3,4,1,2"}, "the bytes are in the order 3, 4, 1, 2"),
    ],
)
def test_numbers_of_cytometry_that_would_be_others_are_refused(read: Any, words: dict[str, str], said: str) -> None:
    with pytest.raises(DataError, match=said):
        read("a.fcs", cytometry(bytes(12), **words))


@pytest.mark.parametrize("bits", [8, 16, 32])
def test_integers_of_whole_bytes(read: Any, bits: int) -> None:
    numbers = np.array([5, 200], f"<u{bits // 8}")
    words = {"P1B": str(bits), "P1R": str(2**bits)}
    assert values(read("a.fcs", cytometry(numbers.tobytes(), **words)), "FSC").tolist() == [5, 200]


def test_integers_of_old_flow_cytometry(read: Any) -> None:
    numbers = np.array([[1, 1023], [2, 512], [700, 3]], ">u2")
    words = {"$BYTEORD": "2,1", "$DATATYPE": "I", "$MODE": "L", "$NEXTDATA": "0", "$PAR": "2", "$TOT": "3"}
    for channel, name in ((1, "FSC"), (2, "FL1")):
        words |= {f"$P{channel}B": "16", f"$P{channel}E": "4,0" if channel == 2 else "0,0", f"$P{channel}N": name}
        words |= {f"$P{channel}R": "1024", f"$P{channel}S": "CD3" if channel == 2 else "size"}
    text_ = ("/" + "".join(f"{key}/{value}/" for key, value in words.items())).encode()
    places = (58, 57 + len(text_), 58 + len(text_), 57 + len(text_) + numbers.nbytes, 0, 0)
    header = b"FCS2.0    " + b"".join(b"%8d" % place for place in places)
    table = read("old.fcs", header + text_ + numbers.tobytes())
    assert values(table, "FSC").tolist() == [1, 2, 700]
    assert values(table, "FL1").tolist() == [1023, 512, 3]
    said = " ".join(table.messages)
    assert "'FL1' is 'CD3'" in said
    assert "amplification ($PnE, $PnG) of 'FL1' is not undone" in said


@pytest.mark.parametrize(("suffix", "extra"), [("parquet", "parquet"), ("h5", "hdf5"), ("fcs", "fcs")])
def test_an_extra_that_is_not_installed_is_named(
    read: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, suffix: str, extra: str
) -> None:
    library = {"parquet": "pyarrow", "hdf5": "h5py", "fcs": "flowio"}[extra]
    (tmp_path / "absent").mkdir()
    (tmp_path / "absent" / f"{library}.py").write_text("raise ImportError('not installed')\n")
    monkeypatch.syspath_prepend(str(tmp_path / "absent"))
    content = next(content for name, content in MADE.items() if name.endswith(suffix)) + b" " * (suffix != "parquet")
    with pytest.raises(DataError, match=rf"pip install 'gmm-desktop\[{extra}\]'"):
        read(f"file.{suffix}", content, rows=3)


def test_markup_of_another_kind_is_refused_with_advice(read: Any) -> None:
    sheet = b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"></Workbook>'
    with pytest.raises(DataError, match=r"save it as \.xlsx or CSV"):
        read("book.xls", sheet)
    assert unzipped(xlsx([[1]]))
