"""Settings that are none start the window with the usual ones, and are kept."""

from __future__ import annotations

import json
import os
import random
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from gmm_desktop.export import ExportError
from gmm_desktop.session import logbook
from gmm_desktop.ui import memory
from gmm_desktop.ui.panels.display_panel import DisplayPanel
from gmm_desktop.ui.settings_file import encoded, read_raw, write
from gmm_desktop.ui.views.options import ViewOptions
from tests.ui.driving import Open, find

GOOD = b'[General]\ntheme=dark\nfolded="[true, false]"\ndisplay="{\\"trails\\": false, \\"of_later\\": 3}"\nmore=a, b\n'


def ini(key: str, value: object) -> bytes:
    return f"[General]\ntheme=dark\n{key}={encoded(json.dumps(value))}\n".encode()


CHANCE = random.Random(11)
CORRUPT: dict[str, bytes] = {
    "zeros": bytes(300),
    "random bytes": CHANCE.randbytes(2000),
    "random letters": "".join(chr(CHANCE.randrange(32, 127)) for _ in range(500)).encode(),
    "half a file": GOOD[: len(GOOD) // 2],
    "another encoding": "[General]\nfolder=/höme\n".encode("utf-16"),
    "a picture": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
    "no value": b"[General]\ntheme\n",
    "a list": b"[General]\ntheme=a, b\n",
    "an object": rb"[General]" + b"\n" + rb"theme=@Variant(\0\0\0\x7f\0\0\0\x10QFoo)" + b"\n",
    "a hidden object": rb"[General]" + b"\n" + rb'theme="\x40Variant(\0\0\0\x7f\0\0\0\x10QFoo)"' + b"\n",
    "nothing": b"[General]\ntheme=@Invalid()\n",
    "bytes for text": b"[General]\ntheme=@ByteArray(abc)\n",
    "text for bytes": b"[geometry]\n2=wide\n",
    "a huge text": b"[General]\nfolder=" + b"x" * 900_000,
    "a huge file": b"[General]\n" + b"key=value\n" * 200_000,
    "no json": ini("display", 0).replace(b'"0"', b"{{"),
    "deep json": ini("folded", 0).replace(b'"0"', b'"' + b"[" * 100_000 + b'"'),
    "a huge number": ini("display", {"bins": 10**9}),
    "a negative number": ini("display", {"bins": -1}),
    "a text for a number": ini("display", {"bins": "many"}),
    "a switch for a number": ini("display", {"bins": True}),
    "an unknown choice": ini("display", {"colouring": "purple"}),
    "a number for a switch": ini("display", {"trails": 1}),
    "a list for switches": ini("display", [1, 2]),
    "numbers for switches": ini("folded", [2, 3]),
    "a text for a part": ini("presentation", {"curve": "yes"}),
}


def place() -> Path:
    return memory.settings_path()


def put(content: bytes) -> Path:
    path = place()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("name", CORRUPT)
def test_corrupt_settings_are_kept_aside(open_window: Open, qtbot: QtBot, name: str) -> None:
    path = put(CORRUPT[name])
    window = open_window()
    assert "could not be read" in window.notices.text()
    aside = path.with_name(path.name + ".bad")
    assert str(aside) in window.notices.text()
    assert aside.read_bytes() == CORRUPT[name]
    assert window.theme_choice == "system"
    assert window.panel(DisplayPanel).options == ViewOptions()
    assert (window.width(), window.height()) == (1280, 800)
    find(window, QAbstractButton, "notice.close").click()
    window.close()
    assert memory.look_through() == "", "what was written then can be read"
    assert sorted(os.listdir(path.parent)) == [path.name, aside.name]


def test_good_settings_hold_and_what_is_unknown_stays(open_window: Open, qtbot: QtBot) -> None:
    put(GOOD)
    window = open_window()
    assert window.notices.text() == ""
    assert window.theme_choice == "dark"
    assert not window.panel(DisplayPanel).options.trails
    assert (window.has_column(0), window.has_column(2)) == (False, True)
    window.close()
    assert memory.settings().value("more") == ["a", "b"]
    assert memory.theme_choice() == "dark"


def test_qt_s_own_settings_are_read(open_window: Open, qtbot: QtBot, tmp_path: Path) -> None:
    """As earlier versions wrote them."""
    folder = tmp_path / 'a "folder", with @ ünd 🙂 \\ = ; %'
    folder.mkdir()
    window = open_window()
    store = memory.settings()
    store.setValue("folder", str(folder))
    store.setValue("theme", "light")
    store.setValue("geometry/2", window.saveGeometry())
    store.setValue("columns/2", window.splitter().saveState())
    window.close()  # writes over some of it
    store.setValue("folder", str(folder))
    store.setValue("display", json.dumps({"trails": False}))
    store.sync()
    window = open_window()
    assert window.notices.text() == ""
    assert window.folder == str(folder)
    assert not window.panel(DisplayPanel).options.trails


@pytest.mark.parametrize(
    "text", ["", "plain", 'a "quoted" \\ word', "@Variant(x)", "a,b;c=d", "line\nline\t", "ünd 🙂 \x7fab", "[a]", "%20"]
)
def test_what_is_written_is_what_qt_reads(qtbot: QtBot, text: str) -> None:
    content = bytes(range(256)) * 3
    write(place(), {"folder": text, "geometry/2": content, "spread": "sd"})
    store = memory.settings()
    assert store.value("folder") == text
    assert bytes(store.value("geometry/2").data()) == content
    assert memory.look_through() == ""
    write(place(), {"spread": "variance"})
    assert read_raw(place())["General"]["folder"] == encoded(text)


def test_many_bad_files_are_kept(open_window: Open, qtbot: QtBot) -> None:
    for number in range(3):
        put(b"\xff" + str(number).encode())
        assert memory.look_through()
    kept = {path.name: path.read_bytes() for path in place().parent.iterdir()}
    assert kept == {f"{place().name}.bad{end}": b"\xff%d" % n for n, end in enumerate(("", "-2", "-3"))}


def _a_folder(path: Path) -> None:
    (path / "inside").mkdir(parents=True)


def _a_dead_link(path: Path) -> None:
    path.parent.mkdir(parents=True)
    path.symlink_to(path.parent / "nothing" / "here")


def _no_folder(path: Path) -> None:
    path.parent.parent.mkdir(parents=True)
    path.parent.write_text("a file in the way of the folder")


def _a_pipe(path: Path) -> None:
    path.parent.mkdir(parents=True)
    os.mkfifo(path)


@pytest.mark.parametrize("make", [_a_folder, _a_dead_link, _no_folder, _a_pipe])
def test_what_is_no_file_at_all(open_window: Open, qtbot: QtBot, make: Callable[[Path], None]) -> None:
    make(place())
    window = open_window()
    said = window.notices.text()
    assert bool(said) == (make in (_a_folder, _a_pipe))
    window.close()
    assert open_window().isVisible()


def test_a_folder_that_nobody_may_write_to(open_window: Open, qtbot: QtBot) -> None:
    """Really read-only; root writes to everything else."""
    folder = place().parent
    folder.mkdir(parents=True)
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)], capture_output=True).returncode:
        pytest.skip("no file system can be made here")
    try:
        put(CORRUPT["random bytes"])
        subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True)
        window = open_window()
        assert "cannot be moved out of the way" in window.notices.text()
        assert window.theme_choice == "system"
        window.choose_theme("dark")
        window.close()
        assert place().read_bytes() == CORRUPT["random bytes"]
        assert "settings were not written" in logbook.tail()
    finally:
        logbook.close()
        subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_disk_keeps_the_old_settings(qtbot: QtBot) -> None:
    from tests.failing_system import FailingSystem

    write(place(), {"theme": "dark"})
    with pytest.MonkeyPatch.context() as patch:
        FailingSystem("write").install(patch)
        with pytest.raises(ExportError):
            write(place(), {"theme": "light"})
    assert memory.theme_choice() == "dark"
    assert os.listdir(place().parent) == [place().name]
    assert memory.settings().status() == QSettings.Status.NoError
