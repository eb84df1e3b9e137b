"""What the E-step hands to the M-step."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Statistics:
    """What one E-step tells the M-step: sums over the points, weighted by responsibilities.

    Attributes:
        log_likelihood: of the mixture that the responsibilities come from.
        counts: (k,) sum_i r_ic: effective numbers of points.
        centres: (k, d) what the next two are taken about.
        sums: (k, d) sum_i r_ic (x_i - centre_c).
        scatters: (k, d, d) sum_i r_ic (x_i - centre_c)(x_i - centre_c)'.
    """

    log_likelihood: float
    counts: Array
    centres: Array
    sums: Array
    scatters: Array
