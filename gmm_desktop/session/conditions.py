"""What can be done now: each function answers "" for yes, or the sentence that says why not."""

from __future__ import annotations

from dataclasses import replace

from gmm_desktop.data.painting import MOST_PAINTED
from gmm_desktop.session.snapshot import Snapshot

_THINNED = "The history is thinned here: what the next M-step did is not kept. Another iteration may be."
_COLLAPSED = "A component has collapsed here, where this fit was to end."


def always(snapshot: Snapshot) -> str:
    """Nothing stands in the way."""
    return ""


def is_running(snapshot: Snapshot) -> bool:
    """Whether it goes on by itself, forwards or backwards."""
    return snapshot.activity in ("computing", "racing", "replaying")


def can_change(snapshot: Snapshot) -> str:
    """Settings and data are locked only while a run computes."""
    if snapshot.activity in ("computing", "racing"):
        return "Locked while EM runs: pause first (Space)."
    return ""


def can_take_data(snapshot: Snapshot) -> str:
    """Copy or save the points; an empty canvas has none, and those behind it are not what is seen."""
    return _is_empty(snapshot)


def can_reopen(snapshot: Snapshot) -> str:
    """Read the loaded file in another way."""
    table = snapshot.dataset.table
    from_file = table is not None and table.origin is not None and not snapshot.dataset.sample
    came = "" if from_file else "These data came from no file: there is no other way to read."
    return can_change(snapshot) or _is_empty(snapshot) or came


def can_start(snapshot: Snapshot) -> str:
    """Other starts of the same fit."""
    return can_change(snapshot) or _is_empty(snapshot)


def can_paint(snapshot: Snapshot) -> str:
    """Paint and erase points."""
    dataset = snapshot.dataset
    if reason := can_change(snapshot):
        return reason
    if snapshot.mode == "painting":
        return ""
    if dataset.dimension > 2:
        return f"{dataset.dimension} columns are fitted and a click has two places: choose one or two of them first."
    if dataset.size > MOST_PAINTED:
        return f"Up to {MOST_PAINTED:,} points can be painted on; these are {dataset.size:,}.".replace(",", "\u202f")
    return ""


def can_picture(snapshot: Snapshot) -> str:
    """The plot as a picture."""
    return _is_empty(snapshot)


def can_play(snapshot: Snapshot) -> str:
    """Play and Pause."""
    return _has_fit(snapshot)


def can_play_back(snapshot: Snapshot) -> str:
    """Backwards along what is known."""
    return _is_empty(snapshot) or ("" if snapshot.last_iteration else "Only the start is known: play forwards first.")


def can_step(snapshot: Snapshot) -> str:
    """One iteration forward."""
    if reason := _has_fit(snapshot):
        return reason
    if snapshot.outcome and snapshot.iteration >= snapshot.last_iteration and snapshot.phase == "E":
        return _COLLAPSED if snapshot.broke_off else "The fit has stopped here; Go on computes past the stop."
    return ""


def can_ask(snapshot: Snapshot) -> str:
    """Ask a hall about the next half step."""
    if reason := _is_empty(snapshot):
        return reason
    if snapshot.mixture is None:
        return "There is no start yet."
    if reason := _has_raced(snapshot) or can_step(snapshot):
        return reason
    if snapshot.phase == "E":
        return "" if _knows_next(snapshot) else _THINNED
    return "With one component every point is its own." if snapshot.mixture.n_components == 1 else ""


def can_go_back(snapshot: Snapshot) -> str:
    """One iteration back, or to the start."""
    return _is_empty(snapshot) or ("This is the start." if snapshot.phase == "start" else "")


def can_go_to_end(snapshot: Snapshot) -> str:
    """To the last iteration."""
    if reason := _has_fit(snapshot):
        return reason
    return "This is the end." if snapshot.outcome and snapshot.iteration == snapshot.last_iteration else ""


def can_go_on(snapshot: Snapshot) -> str:
    """Past the stop."""
    if reason := _has_fit(snapshot) or can_change(snapshot):
        return reason
    if snapshot.outcome == "failed":
        return _COLLAPSED
    return "" if snapshot.outcome else "The fit has not stopped yet."


def can_compare(snapshot: Snapshot) -> str:
    """With the mixture that generated the data."""
    return "" if snapshot.truth is not None else "Only for generated data: nobody knows where these points came from."


def can_export(snapshot: Snapshot) -> str:
    """Parameters and labelled data of the shown iteration."""
    if snapshot.iteration == 0 and not (snapshot.used and len(snapshot.log_likelihoods)):
        return "Nothing is fitted at the start: press Play or Step first."
    return _is_empty(snapshot)


def can_repeat(snapshot: Snapshot) -> str:
    """The shown fit as code."""
    return "" if len(snapshot.log_likelihoods) else "There is no start yet that could be repeated."


def can_film(snapshot: Snapshot) -> str:
    """The run as a film."""
    if reason := can_change(snapshot) or _is_empty(snapshot):
        return reason
    return "" if snapshot.last_iteration else "Nothing has run yet: press Play or Step first."


def can_edit(snapshot: Snapshot) -> str:
    """Place components by hand."""
    if reason := _is_empty(snapshot):
        return reason
    if snapshot.mixture is None:
        return "There is no start yet that could be changed."
    return "Starts are racing: pause or wait until they are through." if snapshot.activity == "racing" else ""


def can_place(snapshot: Snapshot) -> str:
    """Add and remove components."""
    if reason := can_edit(snapshot):
        return reason
    return "" if snapshot.mode == "editing" else "Press E first: components are placed by hand then."


def can_predict(snapshot: Snapshot) -> str:
    """Guess where the next M-step takes a mean."""
    # A guess begins at the E-step, which at the end may still be to come.
    if reason := can_edit(snapshot) or _has_raced(snapshot) or can_step(replace(snapshot, phase="E")):
        return reason
    return "" if _knows_next(snapshot) else _THINNED


def can_compare_runs(snapshot: Snapshot) -> str:
    """Another run beside this one."""
    if reason := _is_empty(snapshot):
        return reason
    return (
        "" if len(snapshot.runs) > 1 else "There is one run of these data: another k or another start makes a second."
    )


def can_undo(snapshot: Snapshot) -> str:
    """Take a deliberate act back."""
    return can_change(snapshot) or ("" if snapshot.undo else "There is nothing to undo.")


def can_redo(snapshot: Snapshot) -> str:
    """Do again what was taken back."""
    return can_change(snapshot) or ("" if snapshot.redo else "There is nothing to redo.")


def _is_empty(snapshot: Snapshot) -> str:
    return "" if snapshot.canvas is None else "The canvas is empty: paint some points first."


def _has_fit(snapshot: Snapshot) -> str:
    if reason := _is_empty(snapshot):
        return reason
    if snapshot.outcome == "failed" and not snapshot.stop_iteration:
        return "These data cannot be fitted with these settings; the message says what to change."
    return ""


def _has_raced(snapshot: Snapshot) -> str:
    return "" if snapshot.race is None else "The starts race first; only then is it known from which one EM goes on."


def _knows_next(snapshot: Snapshot) -> bool:
    """Whether the next iteration is kept, or will be computed."""
    after = snapshot.iteration + 1
    return after > snapshot.last_iteration or snapshot.means_at(after) is not None
