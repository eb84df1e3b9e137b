"""What the window's frame costs with matplotlib: animated artists, drawn onto a kept background and blitted to Qt."""

from __future__ import annotations

import importlib.util
import time
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QAbstractScrollArea, QApplication

from gmm_desktop.mixture import FitHistory, Mixture
from gmm_desktop.ui.main_window import MainWindow
from gmm_desktop.ui.panels import CurvesPanel, PlotPanel
from gmm_desktop.ui.theme import LIGHT, component_colour

Array = NDArray[np.float64]
Rectangle = tuple[float, float, float, float]
"""Left, bottom, width and height as shares of the window."""

_GRID = (96, 64)
_LEVELS = (0.02, 0.06, 0.15, 0.3, 0.5, 0.75)
_SIGMAS = (1, 2, 3)
_MOST_OF_A_TRAIL, _MOST_OF_A_CURVE = 400, 600


@dataclass(frozen=True, eq=False)
class Played:
    """What a window has shown.

    Attributes:
        points: (n, 2).
        history: the iterations.
        size: width and height of the window in pixels.
        x, y: the limits of the data's axes.
        data, curve: where the axes of the data and of the log-likelihood lie.
    """

    points: Array
    history: FitHistory
    size: tuple[int, int]
    x: tuple[float, float]
    y: tuple[float, float]
    data: Rectangle
    curve: Rectangle


def available() -> bool:
    """Whether matplotlib is installed."""
    return importlib.util.find_spec("matplotlib") is not None


def played(window: MainWindow) -> Played:
    """What ``window`` shows now, so that the same can be drawn at the same places."""
    plot = window.panel(PlotPanel).plot
    run = window.session.state.run
    x, y = plot.view_box.viewRange()
    data, curve = (_place(window, each) for each in (plot, window.panel(CurvesPanel).plot("log_likelihood")))
    return Played(run.dataset.points, run.history, (window.width(), window.height()), tuple(x), tuple(y), data, curve)


def _place(window: MainWindow, plot: Any) -> Rectangle:
    area: QAbstractScrollArea = plot
    inside: QRectF = plot.view_box.sceneBoundingRect()
    corner = area.viewport().mapTo(window, inside.topLeft().toPoint())
    width, height = window.width(), window.height()
    return (
        corner.x() / width,
        1 - (corner.y() + inside.height()) / height,
        inside.width() / width,
        inside.height() / height,
    )


def frame_seconds(played: Played, frames: int) -> list[float]:
    """Seconds of CPU of this thread for each of ``frames`` frames spread over the history, after one to warm up."""
    picture = _Picture(played)
    times = []
    for iteration in np.linspace(2, len(played.history) - 1, frames + 1).astype(int).tolist():
        began = time.thread_time()
        picture.show(iteration)
        times.append(time.thread_time() - began)
    picture.close()
    return times[1:]


class _Picture:
    """A figure as large as the window, with axes where the window has them."""

    def __init__(self, played: Played) -> None:
        from matplotlib.backends.backend_qtagg import FigureCanvasQTAgg
        from matplotlib.collections import LineCollection
        from matplotlib.figure import Figure
        from matplotlib.patches import Ellipse

        self._played = played
        width, height = played.size
        self._k = played.history.mixture.n_components
        self._hues = np.array([_rgba(component_colour(LIGHT, c)) for c in range(self._k)])
        figure = Figure(figsize=(width / 100, height / 100), dpi=100)
        self._canvas = FigureCanvasQTAgg(figure)
        self._canvas.resize(width, height)
        data, curve = figure.add_axes(played.data), figure.add_axes(played.curve)
        data.set_xlim(*played.x)
        data.set_ylim(*played.y)
        values = played.history.log_likelihoods
        curve.set_xlim(0, len(values))
        curve.set_ylim(values[2:].min(), values.max())
        self._scatter = data.scatter(*played.points.T, s=20, linewidths=0, animated=True)
        self._contours = data.add_collection(LineCollection([], colors=LIGHT.muted, linewidths=0.8, animated=True))
        self._ellipses = [
            [
                data.add_patch(
                    Ellipse((0, 0), 1, 1, fill=sigma == 1, fc=(*hue[:3], 0.16), ec=hue, lw=1.5, animated=True)
                )
                for sigma in _SIGMAS
            ]
            for hue in self._hues
        ]
        self._trails = [data.plot([], [], color=hue, lw=1.6, animated=True)[0] for hue in self._hues]
        self._curve = curve.plot([], [], color=LIGHT.text, lw=1.8, animated=True)[0]
        self._axes = (data, curve)
        self._canvas.show()
        QApplication.processEvents()
        self._canvas.draw()
        self._background = self._canvas.copy_from_bbox(figure.bbox)

    def show(self, iteration: int) -> None:
        """Draw a frame and have it on the screen."""
        mixture = self._played.history.mixture_at(iteration)
        self._scatter.set_facecolors(self._colours(mixture))
        self._contours.set_segments(self._lines(mixture))
        for c, ellipses in enumerate(self._ellipses):
            variances, axes = np.linalg.eigh(mixture.covariances[c])
            for sigma, ellipse in zip(_SIGMAS, ellipses, strict=True):
                ellipse.center = mixture.means[c]
                ellipse.width, ellipse.height = 2 * sigma * np.sqrt(variances)
                ellipse.angle = np.degrees(np.arctan2(axes[1, 0], axes[0, 0]))
        steps = np.linspace(0, iteration, min(iteration + 1, _MOST_OF_A_TRAIL)).astype(int)
        for c, trail in enumerate(self._trails):
            trail.set_data(*self._played.history.means[steps, c].T)
        steps = np.linspace(0, iteration, min(iteration + 1, _MOST_OF_A_CURVE)).astype(int)
        self._curve.set_data(steps, self._played.history.log_likelihoods[steps])
        self._canvas.restore_region(self._background)
        data, curve = self._axes
        ellipses = [ellipse for row in self._ellipses for ellipse in row]
        for artist in (self._contours, self._scatter, *ellipses, *self._trails):
            data.draw_artist(artist)
        curve.draw_artist(self._curve)
        self._canvas.blit(self._canvas.figure.bbox)
        QApplication.processEvents()

    def close(self) -> None:
        """Forget the figure."""
        self._canvas.close()
        self._canvas.deleteLater()

    def _colours(self, mixture: Mixture) -> Array:
        """The hue of the likeliest component, fading to grey with uncertainty, (n, 4)."""
        shares = mixture.responsibilities(self._played.points)
        best = shares.argmax(axis=1)
        certain = (np.take_along_axis(shares, best[:, np.newaxis], axis=1) - 1 / self._k) / (1 - 1 / self._k)
        grey = np.array(_rgba(LIGHT.muted))
        return np.asarray(grey + certain * (self._hues[best] - grey))

    def _lines(self, mixture: Mixture) -> list[Array]:
        from contourpy import contour_generator

        x, y = (np.linspace(*limits, n) for limits, n in zip((self._played.x, self._played.y), _GRID, strict=True))
        places = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
        density = np.exp(mixture.log_density(places)).reshape(y.size, x.size)
        generator = contour_generator(x, y, density)
        return [line for level in _LEVELS for line in generator.lines(level * density.max())]


def _rgba(colour: str) -> tuple[float, ...]:
    from matplotlib.colors import to_rgba

    return tuple(to_rgba(colour))
