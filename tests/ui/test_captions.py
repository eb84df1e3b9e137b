"""What the caption says where the data are odd."""

from __future__ import annotations

import numpy as np

from gmm_desktop.data import dataset_from_array
from gmm_desktop.ui.captions import caption
from tests.ui.showing import mixture, snapshot


def test_a_column_that_does_not_vary() -> None:
    data = dataset_from_array(np.column_stack([np.arange(10.0), np.full(10, 3.0)]), ("x", "y"), "flat")
    shown = mixture([[2.0, 3.0], [8.0, 3.0]])
    means = np.stack([shown.means - [[1.0, 0.0], [0.0, 0.0]], shown.means])
    said = caption(snapshot(data, shown, means=means))
    assert "A (blue) moved 1.0 to the right" in said
    assert "nan" not in said
