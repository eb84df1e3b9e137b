"""How good the shown mixture is: its log-likelihood and the criteria that weigh it against its parameters."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel, QToolButton

from gmm_desktop.mixture import Criteria, criteria
from gmm_desktop.session import Snapshot
from gmm_desktop.ui.card import Card
from gmm_desktop.ui.copying import Copied
from gmm_desktop.ui.figures import Figures
from gmm_desktop.ui.form import name_widget
from gmm_desktop.ui.maxima_table import MaximaTable
from gmm_desktop.ui.numbers import count, likelihood, number
from gmm_desktop.ui.still import show_text
from gmm_desktop.ui.unhurried import Unhurried

_ROWS = (
    (
        "log_likelihood",
        "Log-likelihood",
        "The natural logarithm of the density of all points under the shown mixture.",
    ),
    ("per_point", "… per point", "The log-likelihood divided by the number of points."),
    ("parameters", "Free parameters", "How many numbers the mixture is free to choose."),
    ("aic", "AIC", "Akaike's criterion, −2 L + 2 p: lower is better."),
    ("bic", "BIC", "The Bayesian criterion, −2 L + p ln n: lower is better."),
)
_COPIED = ("figure", "value")


class FitCard(Card):
    """The Fit card."""

    def __init__(self, actions: Mapping[str, QAction]) -> None:
        super().__init__("Fit")
        self.header.addStretch(1)
        self.header.addWidget(_button(actions["run.try_starts"], "Try 20 starts"))
        self._snapshot: Snapshot | None = None
        self._figures = Figures("fit_card", "How good the shown mixture is", _ROWS, self.copied)
        self._note = QLabel()
        self._note.setWordWrap(True)
        name_widget(self._note, "fit_card.note", "About the criteria", "What the criteria mean at this iteration.")
        self._messages = QLabel()
        self._messages.setWordWrap(True)
        self._messages.setTextFormat(Qt.TextFormat.PlainText)
        name_widget(self._messages, "fit_card.messages", "About this fit", "What should be known of this fit.")
        for words in (self._note, self._messages):
            words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._maxima = MaximaTable()
        name_widget(
            self._maxima,
            "fit_card.maxima",
            "Local maxima that the starts found",
            "Every different maximum that a start ended at, the regular ones first; Ctrl+C copies them all, "
            "Shift+F10 or a right click offers more ways.",
        )
        self._maxima.hide()
        self.content.addWidget(self._figures)
        self.content.addWidget(self._note)
        self.content.addWidget(self._maxima)
        self.content.addWidget(self._messages)

        self._unhurried = Unhurried(self._show, self)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Follow the session."""
        self._unhurried.show_snapshot(snapshot)

    def _show(self, snapshot: Snapshot) -> None:
        if snapshot.mixture is None or snapshot.draft is not None or not len(snapshot.log_likelihoods):
            self._snapshot = None
            self._figures.show_nothing()
            show_text(self._note, "" if snapshot.draft is None else "Not known while it is being placed.")
        else:
            self._show_values(snapshot)
        messages = snapshot.messages if not snapshot.provisional else ()
        text = "\n".join(messages)
        show_text(self._messages, text)
        self._messages.setVisible(bool(messages))
        self._maxima.show_maxima(snapshot.maxima, snapshot.settings.restarts)
        self._maxima.setVisible(bool(snapshot.maxima))

    def copied(self) -> Copied:
        """The figures with every digit, and whose they are."""
        from gmm_desktop.export.tables import TextTable

        if self._snapshot is None:
            return Copied(TextTable(_COPIED, ()))
        total, per_point, row = _figures_of(self._snapshot)
        figures = (total, per_point, row.parameters, row.aic, row.bic)
        labels = (label.replace("… per", "Log-likelihood per") for _, label, _ in _ROWS)
        rows = (("Iteration", self._snapshot.iteration), *zip(labels, figures, strict=True))
        return Copied(TextTable(_COPIED, rows))

    def _show_values(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        total, per_point, row = _figures_of(snapshot)
        texts = {
            "log_likelihood": likelihood(total),
            "per_point": number(per_point, 6),
            "parameters": count(row.parameters),
            "aic": likelihood(row.aic),
            "bic": likelihood(row.bic),
        }
        for key, text in texts.items():
            self._figures.show_figure(key, text)
        provisional = " Provisional: the fit has not stopped here." if snapshot.provisional else ""
        show_text(self._note, f"Lower AIC and BIC are better.{provisional}")


def _figures_of(snapshot: Snapshot) -> tuple[float, float, Criteria]:
    """The log-likelihood, that of a point, and the criteria."""
    assert snapshot.mixture is not None
    total, n = float(snapshot.log_likelihoods[snapshot.iteration]), snapshot.dataset.total_weight
    return total, total / n, criteria(snapshot.mixture, total, n, snapshot.settings.covariance)


def _button(action: QAction, words: str) -> QToolButton:
    action.setIconText(words)
    button = QToolButton()
    button.setDefaultAction(action)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setAccessibleName(words)
    return button
