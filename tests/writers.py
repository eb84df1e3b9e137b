"""Every way in which this program writes a file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from gmm_desktop.data import open_dataset, say_nothing
from gmm_desktop.export import EXPORTERS, FitReport, export
from gmm_desktop.export.animations import ANIMATIONS, animation, numbered_paths, numbered_pictures
from gmm_desktop.export.points import points_csv
from gmm_desktop.export.script import python_script
from gmm_desktop.export.writing import write_together, write_whole
from gmm_desktop.mixture import FitSettings, fit
from gmm_desktop.session import Session, snapshot_of
from gmm_desktop.session.archive import session_pieces
from gmm_desktop.session.work import work_now
from gmm_desktop.ui import settings_file
from gmm_desktop.ui.pictures import PICTURES
from gmm_desktop.ui.reporting import REPORTS as PAGES
from gmm_desktop.ui.reporting import report_bytes
from tests.export.test_film import drawn, film, pictures_of


@dataclass(frozen=True)
class Writer:
    """A way to write files.

    Attributes:
        names: the files that it writes, in this order.
        write: writes them into a folder.
        old: what stands in their places before.
    """

    names: tuple[str, ...]
    write: Callable[[Path], object]
    old: bytes = b"the old content"


REPORTS: dict[str, FitReport] = {}


def report() -> FitReport:
    if not REPORTS:
        data = open_dataset(sample="faithful")
        settings = FitSettings(components=2)
        REPORTS["faithful"] = FitReport(data, settings, fit(data.points, settings))
    return REPORTS["faithful"]


PICTURE_CONTENT: dict[str, bytes] = {}


def picture(suffix: str) -> bytes:
    """Drawn once: what is tested is the writing."""
    if suffix not in PICTURE_CONTENT:
        from PySide6.QtWidgets import QApplication

        from gmm_desktop.ui.pictures import PictureLook, picture_bytes
        from tests.ui.showing import mixture, snapshot, two_groups

        application = QApplication.instance() or QApplication(["tests"])
        shown = snapshot(two_groups(50), mixture([[-4, 0], [4, 0]]))
        PICTURE_CONTENT[suffix] = picture_bytes(suffix, shown, PictureLook(200, 150))
        del application
    return PICTURE_CONTENT[suffix]


def _film(folder: Path, suffix: str) -> None:
    write_whole(folder / f"run{suffix}", animation(ANIMATIONS[suffix], film(3), pictures_of(drawn(3), suffix)))


def _numbered(folder: Path) -> None:
    write_together(list(numbered_pictures(folder / "run.png", film(3), pictures_of(drawn(3), ".png"))))


def _exporter(kind: str, suffix: str) -> Writer:
    name = f"{kind}{suffix}"
    return Writer((name,), lambda folder: export(report(), folder / name, kind))


def _picture(suffix: str) -> Writer:
    return Writer((f"plot{suffix}",), lambda folder: write_whole(folder / f"plot{suffix}", picture(suffix)))


def page(suffix: str) -> bytes:
    """A report, made once."""
    if f"report{suffix}" not in PICTURE_CONTENT:
        from PySide6.QtWidgets import QApplication

        application = QApplication.instance() or QApplication(["tests"])
        told = report()
        shown = snapshot_of(told.dataset, told.settings, told.history, told.shown)
        PICTURE_CONTENT[f"report{suffix}"] = report_bytes(suffix, told, shown)
        del application
    return PICTURE_CONTENT[f"report{suffix}"]


def _page(suffix: str) -> Writer:
    return Writer((f"page{suffix}",), lambda folder: write_whole(folder / f"page{suffix}", page(suffix)))


def _animation(suffix: str) -> Writer:
    return Writer((f"run{suffix}",), lambda folder: _film(folder, suffix))


SESSION: list[bytes] = []


def session() -> list[bytes]:
    """The pieces of a session's file, which says when it was written: made once."""
    if not SESSION:
        from PySide6.QtWidgets import QApplication

        application = QApplication.instance() or QApplication(["tests"])
        made = Session(open_dataset(sample="faithful"), FitSettings(components=2))
        SESSION.extend(session_pieces(work_now(made), {}, None))
        made.close()
        del application
    return SESSION


WRITERS: dict[str, Writer] = {
    "bytes": Writer(("fit.json",), lambda folder: write_whole(folder / "fit.json", b"all at once" * 1000)),
    **{f"{row.kind} {row.suffix}": _exporter(row.kind, row.suffix) for row in EXPORTERS},
    **{f"picture {suffix}": _picture(suffix) for suffix in PICTURES},
    **{f"report {suffix}": _page(suffix) for suffix in PAGES},
    **{f"animation {suffix}": _animation(suffix) for suffix in ANIMATIONS},
    "points": Writer(
        ("points.csv",), lambda folder: write_whole(folder / "points.csv", points_csv(report().dataset, say_nothing))
    ),
    "script": Writer(
        ("fit.py",), lambda folder: write_whole(folder / "fit.py", python_script(report()).encode(errors="replace"))
    ),
    "settings": Writer(
        ("a.conf",),
        lambda folder: settings_file.write(folder / "a.conf", {"theme": "dark", "columns": b"0123" * 2000}),
        settings_file.encoded("").join(["[General]\ntheme=", "\n"]).encode(),
    ),
    "session": Writer(("a.gmm",), lambda folder: write_whole(folder / "a.gmm", iter(session()))),
    "numbered pictures": Writer(tuple(path.name for path in numbered_paths("run.png", 3)), _numbered),
}
"""New rows of the tables are here by themselves. Whoever else calls what writes is a line here and in ``CALLERS``."""
