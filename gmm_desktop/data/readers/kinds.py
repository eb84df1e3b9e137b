"""What a file is, by its first bytes: a name can lie, and often does."""

from __future__ import annotations

from gmm_desktop.data.readers import archive, fcs_file, hdf5_file, matlab_file, numpy_file, parquet_file
from gmm_desktop.data.readers.encoding import ADVICE
from gmm_desktop.data.readers.foreign import foreign, is_text
from gmm_desktop.data.table import DataError, quoted

_SIGNS: tuple[tuple[bytes, str], ...] = (
    (numpy_file.MAGIC, "numpy"),
    (hdf5_file.MAGIC, "hdf5"),
    (b"MATLAB 7.3 MAT-file", "hdf5"),
    (matlab_file.MAGIC, "matlab"),
    (parquet_file.MAGIC, "parquet"),
    (b"PARE", "parquet"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "workbook"),
    (b"\x09\x08\x10\x00\x00\x06", "workbook"),  # xls without the container around it
    (fcs_file.MAGIC + b"2.", "fcs"),
    (fcs_file.MAGIC + b"3.", "fcs"),
)
_WEB_PAGES = (b"<html", b"<!doctype html", b"<table", b"<head", b"<meta", b"<body")
_SHEET_XML = b"urn:schemas-microsoft-com:office:spreadsheet"
_NAMES = {
    "workbook": "a workbook",
    "numpy": "a numpy array",
    "npz": "an archive of numpy arrays",
    "parquet": "a Parquet file",
    "hdf5": "an HDF5 file",
    "fcs": "an FCS file",
    "matlab": "a MATLAB file",
    "zip": "a zip archive",
    "text": "text",
}
#: Formats of which every file begins in its own way.
_BEGIN_SO = frozenset(["numpy", "npz", "zip", "parquet", "hdf5", "fcs"])
#: What makes a zip archive another program's document.
_DOCUMENTS = {"word/": "a document of a word processor", "ppt/": "a presentation"}
#: Where an HDF5 file may begin behind something else.
_FIRST_HDF5_PLACE = 512


def kind_of(content: bytes, by_name: str | None, name: str) -> str:
    """The id of what reads a file.

    Args:
        content: the file.
        by_name: the id that its suffix speaks for, or None.
        name: of the file, for sentences.

    Raises:
        DataError: it is a web page, or another thing that only looks like a table to a spreadsheet program; or
            nothing that is read, and not what its name says.
    """
    found = _by_sign(content, name)
    if found is None and by_name not in (None, "text"):
        if is_text(content):
            found = "text"
        else:
            _refuse_another(content, str(by_name), name)
    if found == "text":
        _refuse_markup(content, name)
    return found or by_name or "text"


def said_of_name(found: str, by_name: str | None, name: str) -> tuple[str, ...]:
    """What is said where a file is something else than its name says."""
    if by_name is None or found == by_name or {found, by_name} == {"hdf5", "matlab"}:
        return ()
    return (f"{quoted(name)} is {_NAMES.get(found, found)}, although its name says otherwise, and was read as such.",)


def _by_sign(content: bytes, name: str) -> str | None:
    for sign, kind in _SIGNS:
        if content.startswith(sign) and not _is_name_of_a_column(sign, kind, content):
            return kind
    place = _FIRST_HDF5_PLACE
    while place < len(content):
        if content.startswith(hdf5_file.MAGIC, place):
            return "hdf5"
        place *= 2
    return _in_archive(content, name) if content.startswith((archive.MAGIC, b"PK\x05\x06")) else None


def _is_name_of_a_column(sign: bytes, kind: str, content: bytes) -> bool:
    """Whether a text begins as a file of another kind does: with a column that is called PAR1, or FCS2.1."""
    if kind == "fcs":
        return content[len(sign) + 1 : len(sign) + 5] != b"    "
    return sign.isalnum() and is_text(content)


def _in_archive(content: bytes, name: str) -> str:
    names = [entry.name for entry in archive.entries(content, name)]
    if any(inner.startswith("xl/") for inner in names):
        return "workbook"
    if "content.xml" in names and "META-INF/manifest.xml" in names:
        return "workbook"
    for folder, what in _DOCUMENTS.items():
        if any(inner.startswith(folder) for inner in names):
            raise DataError(f"{quoted(name)} is {what}, not a table; copy the table into a spreadsheet and save it.")
    return "npz" if names and all(inner.endswith(".npy") for inner in names) else "zip"


def _refuse_another(content: bytes, by_name: str, name: str) -> None:
    """Refuses what is neither a table nor what its name says."""
    if what := foreign(content):
        raise DataError(f"{quoted(name)} is {what}, although its name says otherwise; {ADVICE}.")
    if by_name in _BEGIN_SO:
        raise DataError(
            f"{quoted(name)} is not {_NAMES[by_name]}, although its name says so, or its beginning is damaged; copy it "
            f"once more, or {ADVICE}."
        )


def _refuse_markup(content: bytes, name: str) -> None:
    beginning = content[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if beginning.startswith(_WEB_PAGES):
        what = "a web page (HTML)"
    elif beginning.startswith(b"<?xml") and _SHEET_XML in content[:4096]:
        what = "a sheet in an old XML form"
    else:
        return
    raise DataError(
        f"{quoted(name)} is {what} and no workbook, although a spreadsheet program opens it; open it there and save it "
        "as .xlsx or CSV."
    )
