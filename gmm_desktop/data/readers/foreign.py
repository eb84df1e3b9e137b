"""What a file is that is no table, by its first bytes, so that a refusal can say it."""

from __future__ import annotations

_SIGNS = (
    (b"PK\x03\x04", "a workbook or an archive"),
    (b"\x1f\x8b", "a compressed file"),
    (b"BZh", "a compressed file"),
    (b"\xfd7zXZ", "a compressed file"),
    (b"\x28\xb5\x2f\xfd", "a compressed file"),
    (b"7z\xbc\xaf", "an archive"),
    (b"Rar!\x1a\x07", "an archive"),
    (b"\x89HDF", "an HDF5 file"),
    (b"\x0e\x03\x13\x01", "an HDF file of the old kind (HDF4)"),
    (b"CDF\x01", "a NetCDF file of the old kind"),
    (b"CDF\x02", "a NetCDF file of the old kind"),
    (b"CDF\x05", "a NetCDF file of the old kind"),
    (b"PAR1", "a Parquet file"),
    (b"ARROW1", "a Feather (Arrow) file"),
    (b"\xd0\xcf\x11\xe0", "an old workbook"),
    (b"SQLite format 3\0", "a database (SQLite)"),
    (b"<stata_dta>", "a Stata file"),
    (b"$FL2", "an SPSS file"),
    (b"$FL3", "an SPSS file"),
    (bytes(12) + b"\xc2\xea\x81\x60", "a SAS file"),
    (b"RDX2\n", "an R workspace"),
    (b"RDX3\n", "an R workspace"),
    (b"X\n\0\0\0", "an R object (RDS)"),
    (b"SIMPLE  =", "a FITS file"),
    *((b"\x80" + bytes([protocol]), "a Python pickle, which is never opened") for protocol in range(2, 6)),
    (b"%%MatrixMarket", "a Matrix Market file, which lists a matrix element by element"),
    (b"%%matrixmarket", "a Matrix Market file, which lists a matrix element by element"),
    (b"%PDF-", "a PDF document"),
    (b"{\\rtf", "a formatted document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"II*\0", "a picture"),
    (b"MM\0*", "a picture"),
    (b"<!DOCTYPE", "a web page"),
    (b"<!doctype", "a web page"),
    (b"<html", "a web page"),
    (b"<?xml", "an XML document"),
    (b'{"', "a JSON document"),
    (b'[{"', "a JSON document"),
    (b"\x93NUMPY", "a numpy array (name it .npy)"),
)
#: The beginning of a text may be the same: a column can be called PAR1.
_LIKE_TEXT = frozenset([b"BZh", b"PAR1", b"ARROW1", b"GIF8", b"$FL2", b"$FL3", b"RDX2\n", b"RDX3\n"])
#: In a text there are no others of these than tabs, line ends, form feeds and the mark of an end.
_CONTROL = bytes(set(range(32)) - {9, 10, 12, 13, 26})
_LOOKED_AT = 4096


def foreign(content: bytes) -> str:
    """What a file is, in a few words with their article, where no reader of tables of text can do with it; else ""."""
    for sign, what in _SIGNS:
        if content.startswith(sign) and not (sign in _LIKE_TEXT and is_text(content)):
            return what
    return ""


def is_text(content: bytes) -> bool:
    """Whether the beginning is text: of UTF-16 with its mark, or without a byte that no text has."""
    beginning = content[:_LOOKED_AT]
    if beginning.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        return True
    return len(beginning.translate(None, _CONTROL)) == len(beginning)
