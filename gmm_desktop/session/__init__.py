"""The state of one person's work and the thread that computes it: QtCore only, no widgets."""

from gmm_desktop.session.session import Session
from gmm_desktop.session.snapshot import Snapshot, snapshot_of

__all__ = ["Session", "Snapshot", "snapshot_of"]
