"""Snapshots made by hand and plots to show them in."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QAbstractScrollArea, QApplication

from gmm_desktop.data import Dataset, dataset_from_array
from gmm_desktop.mixture import FitSettings, Mixture, Trace
from gmm_desktop.session.snapshot import Snapshot
from gmm_desktop.ui.views import DataPlot


def two_groups(n: int = 200, *, far: float = 8.0, scale: float = 1.0, offset: float = 0.0) -> Dataset:
    """Two round groups in two columns, one on the left and one on the right."""
    rng = np.random.default_rng(5)
    points = rng.normal(size=(n, 2))
    points[: n // 2, 0] -= far / 2
    points[n // 2 :, 0] += far / 2
    return dataset_from_array(points * scale + offset, ("x", "y"), "two groups")


def mixture(means: ArrayLike, spread: float = 1.0) -> Mixture:
    """Round components of equal weight."""
    m = np.atleast_2d(np.asarray(means, dtype=float))
    k, d = m.shape
    return Mixture(np.full(k, 1 / k), m, np.array([np.eye(d) * spread**2] * k))


def snapshot(dataset: Dataset, shown: Mixture | None, *, started: bool = True, **changes: Any) -> Snapshot:
    """What the plots get: one mixture, shown at iteration 1 of a history of two or as its start."""
    at = 1 if started else 0
    k = 0 if shown is None else shown.n_components
    means = np.zeros((at + 1, 0, dataset.dimension)) if shown is None else np.stack([shown.means] * (at + 1))
    values: dict[str, Any] = {
        "dataset": dataset,
        "columns": tuple(range(min(2, dataset.dimension))),
        "settings": FitSettings(components=max(1, k)),
        "run": 1,
        "iteration": at,
        "phase": "E",
        "halves": False,
        "last_iteration": at,
        "mixture": shown,
        "colouring": shown if started else None,
        "counts": None,
        "log_likelihoods": np.array([-900.0, -800.0])[: at + 1],
        "means": means,
        "truth": None,
        "truth_order": (),
        "stop_iteration": None,
        "outcome": "",
        "activity": "paused",
        "race": None,
        "rate": 0.0,
        "messages": (),
        "selected": None,
    }
    values |= changes
    if shown is not None:
        likelihoods = values["log_likelihoods"]
        parameters = (np.stack([array] * likelihoods.size) for array in (shown.weights, shown.means, shown.covariances))
        values.setdefault("trace", Trace(likelihoods, *parameters))
        values.setdefault("measures", np.diff(likelihoods, prepend=np.nan) / dataset.total_weight)
    return Snapshot(**values)


def picture_of(plot: DataPlot) -> QImage:
    """The plot as it is on screen."""
    QApplication.processEvents()
    image: QImage = plot.grab().toImage()
    return image


def pixel_of(plot: DataPlot, x: float, y: float) -> QPoint:
    """Where a place of the data is in the plot."""
    scene = plot.getViewBox().mapViewToScene(QPointF(x, y))
    place: QPoint = plot.mapFromScene(scene)
    return place


class Paints(QObject):
    """Counts how often a plot is painted."""

    def __init__(self, plot: QAbstractScrollArea) -> None:
        super().__init__(plot)
        self.count = 0
        plot.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.Paint
        return False


def count_near(image: QImage, colour: str, tolerance: int = 24) -> int:
    """How many pixels of an image have a colour, give or take antialiasing."""
    wanted = QColor(colour)
    converted = image.convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(converted.constBits(), dtype=np.uint8).reshape(image.height(), -1, 4)[..., :3]
    target = np.array([wanted.blue(), wanted.green(), wanted.red()])
    return int((np.abs(pixels.astype(int) - target).max(axis=2) <= tolerance).sum())
