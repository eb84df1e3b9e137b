"""Standardising is seen where it matters, and leaves every number in the data's own units."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QCheckBox
from pytestqt.qtbot import QtBot

from gmm_desktop.mixture import FitSettings, fit
from tests.ui.driving import Open, find, run_to_the_end


def test_it_is_offered_for_circles_alone(open_window: Open, qtbot: QtBot) -> None:
    window = open_window("--sample", "faithful")
    switch = find(window, QCheckBox, "fit.standardise")
    assert not switch.isVisible()
    window.session.change_settings(covariance="spherical")
    qtbot.waitUntil(switch.isVisible)
    assert not switch.isChecked()
    assert "data units" in switch.toolTip()


def test_checked_it_fits_ellipses_of_the_data_s_shape(qtbot: QtBot, open_window: Open) -> None:
    window = open_window("--sample", "faithful", "--components", "2", "--covariance", "spherical")
    switch = find(window, QCheckBox, "fit.standardise")
    qtbot.mouseClick(switch, Qt.MouseButton.LeftButton, pos=QPoint(8, switch.height() // 2))
    assert switch.isChecked()
    run_to_the_end(window, qtbot)
    shown = window.session.state.run
    points = shown.dataset.points
    judged = fit(points, FitSettings(2, "spherical", standardise=True))
    assert shown.history.mixture_at(shown.last).means == pytest.approx(judged.mixture.means)
    variances = np.diagonal(shown.history.mixture_at(shown.last).covariances, 0, 1, 2)
    np.testing.assert_allclose(variances[:, 1] / variances[:, 0], np.full(2, points.var(0)[1] / points.var(0)[0]))
    window.session.undo()
    qtbot.waitUntil(lambda: not switch.isChecked())


def test_it_stays_to_be_seen_while_it_is_set_and_does_nothing(open_window: Open, qtbot: QtBot) -> None:
    window = open_window("--sample", "faithful", "--covariance", "spherical", "--standardise")
    window.session.change_settings(covariance="full")
    switch = find(window, QCheckBox, "fit.standardise")
    qtbot.waitUntil(lambda: window.session.snapshot().settings.covariance == "full")
    assert switch.isVisible()
    assert switch.isChecked()
