"""Few points are drawn as discs and many as an image: a person sees one picture."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from gmm_desktop.data import Dataset, dataset_from_array
from gmm_desktop.ui.pictures import draw_picture
from gmm_desktop.ui.theme import LIGHT, THEMES, Theme, component_colour
from gmm_desktop.ui.views import ViewOptions
from tests.ui.showing import mixture, snapshot

BARE = ViewOptions(ellipses=False, contours=False, trails=False, truth=False)
TWO = mixture([[-2, 0], [3, 1]], 1.3)
WIDTH, HEIGHT = 800, 500


def groups(n: int) -> Dataset:
    """Two groups that overlap, and ten points far from both."""
    rng = np.random.default_rng(1)
    first = rng.normal(size=(n // 2, 2)) @ [[1.2, 0.7], [0, 1.0]] + [-2, 0]
    second = rng.normal(size=(n - n // 2 - 10, 2)) * [0.8, 2] + [3, 1]
    return dataset_from_array(np.concatenate([first, second, rng.uniform(-9, 9, size=(10, 2))]), ("x", "y"), "two")


def pixels(image: QImage) -> NDArray[np.float64]:
    """Red, green and blue, (rows, columns, 3)."""
    rgb = image.convertToFormat(QImage.Format.Format_RGB32)
    return np.frombuffer(rgb.constBits(), np.uint8).reshape(image.height(), -1, 4)[..., 2::-1].astype(float)


def colour(name: str) -> NDArray[np.float64]:
    return np.array(QColor(name).getRgb()[:3], dtype=float)


def ink(picture: NDArray[np.float64], theme: Theme) -> float:
    """How many pixels are not the background."""
    return float((np.abs(picture - colour(theme.card)).sum(axis=2) > 40).sum())


def patches(picture: NDArray[np.float64], side: int) -> NDArray[np.float64]:
    """The mean colour of square patches."""
    rows, columns = picture.shape[0] // side, picture.shape[1] // side
    whole = picture[: rows * side, : columns * side].reshape(rows, side, columns, side, 3)
    return np.asarray(whole.mean(axis=(1, 3)))


def assert_one_picture(a: NDArray[np.float64], b: NDArray[np.float64], theme: Theme, ratio: float) -> None:
    """The same apparent size, colours and brightness, everywhere."""
    assert ink(b, theme) / ink(a, theme) == pytest.approx(1, abs=0.05)
    assert np.abs(a.mean(axis=(0, 1)) - b.mean(axis=(0, 1))).max() < 1.0
    assert np.abs(patches(a, round(20 * ratio)) - patches(b, round(20 * ratio))).max() < 16


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
@pytest.mark.parametrize("ratio", [1.0, 1.5, 3.0])
def test_the_switch_from_discs_to_the_image_cannot_be_seen(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, theme: Theme, ratio: float
) -> None:
    shown = snapshot(groups(20_000), TWO)
    discs = draw_picture(shown, BARE, theme, WIDTH, HEIGHT, ratio)
    monkeypatch.setattr("gmm_desktop.ui.views.data_2d.MOST_DISCS", 19_999)
    image = draw_picture(shown, BARE, theme, WIDTH, HEIGHT, ratio)
    assert image != discs
    assert_one_picture(pixels(discs), pixels(image), theme, ratio)


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
@pytest.mark.parametrize("ratio", [1.0, 3.0])
def test_nor_does_one_point_more_change_the_others(qtbot: QtBot, theme: Theme, ratio: float) -> None:
    """The rims of discs have faded by then."""
    points = groups(20_000).points
    all_of_them, less = (
        pixels(draw_picture(snapshot(dataset_from_array(some), TWO), BARE, theme, WIDTH, HEIGHT, ratio))
        for some in (points, points[1:])
    )
    assert np.abs(patches(all_of_them, round(20 * ratio)) - patches(less, round(20 * ratio))).max() < 4


@pytest.mark.parametrize("ratio", [1.0, 1.5, 3.0])
def test_nor_can_the_one_to_larger_cells(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, ratio: float) -> None:
    shown = snapshot(groups(200_000), TWO)
    small = draw_picture(shown, BARE, LIGHT, WIDTH, HEIGHT, ratio)
    monkeypatch.setattr("gmm_desktop.ui.views.cells._MOST_IN_SMALL_CELLS", 199_999)
    large = draw_picture(shown, BARE, LIGHT, WIDTH, HEIGHT, ratio)
    assert_one_picture(pixels(small), pixels(large), LIGHT, ratio)


@pytest.mark.parametrize("n", [300, 19_000, 21_000, 1_000_000])
def test_a_lone_outlier_is_never_lost(qtbot: QtBot, n: int) -> None:
    points = np.concatenate([np.random.default_rng(0).normal(size=(n, 2)), [[60.0, 60.0], [-60.0, -60.0]]])
    shown = snapshot(dataset_from_array(points, ("x", "y"), "far"), mixture([[0, 0]]))
    picture = pixels(draw_picture(shown, BARE, LIGHT, WIDTH, HEIGHT))
    strength = (
        np.abs(picture - colour(LIGHT.card)).sum(axis=2)
        / np.abs(colour(component_colour(LIGHT, 0)) - colour(LIGHT.card)).sum()
    )
    corner = strength[20:90, -110:-14]  # the upper right one, where nothing else is
    assert corner.max() > 0.6
    assert (corner > 0.5).sum() >= 9


def test_where_points_lie_above_each_other_their_component_is_seen(qtbot: QtBot) -> None:
    """Judged by the mixture's own responsibilities at a grid of places."""
    shown = snapshot(groups(300_000), TWO)
    image = draw_picture(shown, BARE, LIGHT, WIDTH, HEIGHT)
    picture = pixels(image)
    covered = np.abs(picture - colour(LIGHT.card)).sum(axis=2) > 120
    hues = [colour(component_colour(LIGHT, c)) for c in (0, 1)]
    nearest = np.argmin([np.abs(picture - hue).sum(axis=2) for hue in hues], axis=0)
    sure = np.min([np.abs(picture - hue).sum(axis=2) for hue in hues], axis=0) < 60
    columns = np.nonzero((covered & sure).any(axis=0))[0]
    # Along the middle row from left to right the first component's points end where the second's begin.
    row = HEIGHT // 2
    across = [x for x in columns if covered[row, x] and sure[row, x]]
    owners = nearest[row, across]
    assert owners[0] == 0
    assert owners[-1] == 1
    assert (np.diff(owners) != 0).sum() == 1


def test_columns_that_are_not_shown_count_among_many_too(qtbot: QtBot) -> None:
    """In the two columns shown both groups are one; the third tells them apart."""
    rng = np.random.default_rng(0)
    points = np.column_stack([rng.normal(size=(30_000, 2)), np.repeat([-50.0, 50.0], 15_000)])
    points[15_000:, 0] += 3.0
    data = dataset_from_array(points, ("x", "y", "z"), "three columns")
    picture = pixels(draw_picture(snapshot(data, mixture([[0, 0, -50], [0, 0, 50]])), BARE, LIGHT, WIDTH, HEIGHT))
    for c in (0, 1):
        same = np.abs(picture - colour(component_colour(LIGHT, c))).max(axis=2) < 14
        assert same.sum() > 10_000


_CHILD = """
import sys
from PySide6.QtCore import QEventLoop, QTimer
from gmm_desktop.app import create_window
from gmm_desktop.ui.panels.plot_panel import PlotPanel
import numpy as np
from gmm_desktop.data import dataset_from_array
window = create_window([])
window.resize(1024, 768)
points = np.concatenate([np.random.default_rng(0).normal(size=(int(sys.argv[1]), 2)), [[40.0, 40.0]]])
window.session.open(dataset_from_array(points, ("x", "y"), "far"))
window.session.change_settings(components=1)
def spin(milliseconds):
    loop = QEventLoop(); QTimer.singleShot(milliseconds, loop.quit); loop.exec()
spin(1200)
plot = window.panel(PlotPanel).plot
image = plot.grab().toImage()
assert image.devicePixelRatio() == float(sys.argv[2]), image.devicePixelRatio()
image.setDevicePixelRatio(1.0)
image.save(sys.argv[3])
window.close()
"""


@pytest.mark.parametrize("n", [300, 300_000])
@pytest.mark.parametrize("ratio", ["1", "1.5", "3"])
def test_sharp_at_any_device_pixel_ratio(tmp_path: object, ratio: str, n: int) -> None:
    """Between the colour of a lone point and the background lies one pixel of the screen."""
    path = f"{tmp_path}/plot.png"
    environment = {
        **os.environ,
        "QT_SCALE_FACTOR": ratio,
        "QT_QPA_PLATFORM": "offscreen",
        "XDG_CONFIG_HOME": str(tmp_path),
    }
    arguments = [sys.executable, "-c", _CHILD, str(n), ratio, path]
    subprocess.run(arguments, env=environment, check=True, timeout=60, capture_output=True)
    picture = pixels(QImage(path))
    scale = float(ratio)
    # The lone point stands in the upper right; letters, ellipses and axes are elsewhere.
    height, width = picture.shape[:2]
    corner = picture[round(14 * scale) : height // 3, round(width * 0.75) : width - round(16 * scale)]
    strength = np.abs(corner - colour(LIGHT.card)).sum(axis=2)
    strength /= strength.max()
    rows, _ = np.nonzero(strength > 0.5)
    assert rows.size
    across = strength[round(rows.mean())]
    inside, edge = (across > 0.95).sum(), ((across > 0.08) & (across < 0.92)).sum()
    assert inside >= 2 * scale
    assert edge <= 4  # one or two at each side, of the disc and of its casing
