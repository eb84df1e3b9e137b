"""What the E-step hands to the M-step."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


class Statistics(NamedTuple):
    """What one E-step tells the M-step: sums over the points, weighted by responsibilities.

    Attributes:
        log_likelihood: of the mixture that the responsibilities come from.
        counts: (k,) N_c = sum_i r_ic: effective numbers of points.
        centres: (k, d) what the next two are taken about; None for the origin of the data.
        sums: (k, d) sum_i r_ic (x_i - centre_c).
        scatters: (k, d, d) sum_i r_ic (x_i - centre_c)(x_i - centre_c)', symmetric to the last bit.
    """

    log_likelihood: float
    counts: Array
    centres: Array | None
    sums: Array
    scatters: Array
