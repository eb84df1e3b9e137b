"""Panels whose work is still to come: there by name from the first paint, hidden, and saying so."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from gmm_desktop.ui.form import name_widget

_COMES = "Comes with a later version."


def _hidden(object_name: str, accessible_name: str) -> Callable[[object], QWidget]:
    def make(actions: object) -> QWidget:
        widget = QWidget()
        name_widget(widget, object_name, accessible_name, _COMES)
        widget.hide()
        return widget

    return make


LATER = (
    _hidden("point.inspector", "Responsibilities of one point"),
    _hidden("formulas.view", "Formulas of the half step"),
)
