"""The plot as a picture: to a file, or to the clipboard."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication, QImage

from gmm_desktop.session.snapshot import Snapshot
from gmm_desktop.ui import files
from gmm_desktop.ui.panels.display_panel import DisplayPanel
from gmm_desktop.ui.panels.plot_panel import PlotPanel

if TYPE_CHECKING:
    from gmm_desktop.ui.main_window import MainWindow
    from gmm_desktop.ui.pictures import PictureLook
    from gmm_desktop.ui.views.content import Cloud

_COPIED_SCALE = 2.0
"""Pixels in a logical one at the least: a copy is mostly pasted into slides."""


def export_picture(window: MainWindow) -> None:
    """Ask for looks and place, and write the plot."""
    from gmm_desktop.export import write_whole
    from gmm_desktop.ui import pictures
    from gmm_desktop.ui.picture_dialog import ask_for_picture

    look = ask_for_picture(window, screen_look(window))
    if look is None:
        return
    formats = [(row.id, row.label) for row in pictures.PICTURES.values()]
    path = files.ask_where(window, "Export picture", files.stem(window.session.state.run.dataset), formats)
    if not path:
        return
    format_ = pictures.PICTURES.get(Path(path).suffix.lower())
    if format_ is None:
        window.notices.tell(f"'{Path(path).name}' was not written: end its name in {' or '.join(pictures.PICTURES)}.")
        return

    def write(encode: pictures.Encode) -> None:
        files.later(
            window,
            f"Writing {Path(path).name}",
            lambda: write_whole(path, encode()),
            lambda _: window.notices.tell(f"Wrote the picture to {path}.", passing=True),
            must_finish=True,
        )

    snapshot = window.session.snapshot()
    pieces = format_.draw(snapshot, look, prepared(window, snapshot))
    window.pieces.start(pieces, write, lambda error: files.fail(window, error))


def copy_picture(window: MainWindow) -> None:
    """Put the plot on the clipboard, in the looks and the size of the window."""
    from dataclasses import replace

    from gmm_desktop.ui.pictures import picture_pieces

    def copy(image: QImage) -> None:
        QGuiApplication.clipboard().setImage(image)
        window.notices.tell(f"Copied a picture of {image.width()} × {image.height()} pixels.", passing=True)

    look, snapshot = screen_look(window), window.session.snapshot()
    look = replace(look, scale=max(look.scale, _COPIED_SCALE))
    pieces = picture_pieces(snapshot, look, prepared(window, snapshot))
    window.pieces.start(pieces, copy, lambda error: files.fail(window, error))


def screen_look(window: MainWindow) -> PictureLook:
    """The look of the plot as it is in the window."""
    from gmm_desktop.ui.pictures import PictureLook

    plot = window.panel(PlotPanel).plot
    options = window.panel(DisplayPanel).options
    return PictureLook(plot.width(), plot.height(), plot.devicePixelRatioF(), window.theme, options)


def prepared(window: MainWindow, snapshot: Snapshot) -> Cloud | None:
    """The snapshot's points as the window's plot has prepared them, or None."""
    shown = window.panel(PlotPanel).plot.cloud
    if shown is not None and (shown.dataset is not snapshot.dataset or shown.columns != snapshot.columns):
        return None
    return shown
