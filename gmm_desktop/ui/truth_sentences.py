"""What is said of the fit beside the mixture that generated the data."""

from __future__ import annotations

import math

import numpy as np

from gmm_desktop.mixture import component_letter
from gmm_desktop.session import Snapshot
from gmm_desktop.ui.numbers import likelihood, number

ONLY_GENERATED = "Only for generated data: nobody knows the mixture that these points came from."
_MOST_LETTERS = 4


def truth_sentence(own: float, fresh: float) -> str:
    """Who leads on the sample that was fitted and on a fresh one.

    Args:
        own: log-likelihood of the fit less that of the truth on this sample, a point; NaN where not known yet.
        fresh: the same on the fresh sample.
    """
    if not (math.isfinite(own) and math.isfinite(fresh)):
        return "Computing how the shown iteration compares with the truth …"
    return f"On this sample {_leader(own)} by {_by(own)} a point, on a fresh one {_leader(fresh)} by {_by(fresh)}."


def level_sentence(value: float, level: float) -> str:
    """Who leads, the fit with a log-likelihood of ``value`` or the truth with ``level``; "" where one is not known."""
    if not (math.isfinite(value) and math.isfinite(level)):
        return ""
    lead = value - level
    return (
        f"The mixture that generated these points has {likelihood(level)}; {_leader(lead)} by {number(abs(lead), 3)}."
    )


def _leader(lead: float) -> str:
    return "the fit leads" if lead > 0 else "the truth leads"


def _by(lead: float) -> str:
    return number(abs(lead), 2)


def distances_sentence(snapshot: Snapshot, divergence: float, error: float) -> str:
    """How far the shown iteration is from the truth: all of it, and each mean from that of its counterpart.

    Args:
        snapshot: the shown frame.
        divergence: KL(truth || fit); NaN where not known yet.
        error: its standard error.
    """
    said = [f"KL(truth ‖ fit) {number(divergence, 3)} ± {number(error, 1)}" if math.isfinite(divergence) else "KL …"]
    shown, truth = snapshot.mixture, snapshot.truth
    if shown is not None and truth is not None:
        off = []
        for c, match in enumerate(snapshot.truth_order[:_MOST_LETTERS]):
            if match >= 0:
                apart = np.linalg.norm(truth.whitening[match] @ (shown.means[c] - truth.means[match]))
                off.append(f"{component_letter(c)} {number(float(apart), 2)}")
        if off:
            rest = " …" if len(snapshot.truth_order) > _MOST_LETTERS else ""
            said.append(f"means off by {', '.join(off)}{rest} SD")
    return " · ".join(said)
