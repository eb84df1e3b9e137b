"""How EM gets its first mixture: the table, and the start that a fit with some settings takes from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from gmm_desktop.mixture import starts
from gmm_desktop.mixture.covariance import COVARIANCE_TYPES, covariance_type
from gmm_desktop.mixture.hierarchical import hierarchical
from gmm_desktop.mixture.parameters import Mixture
from gmm_desktop.mixture.points import WeightedPoints, check_enough_points, check_points
from gmm_desktop.mixture.settings import FitSettings, check_id, check_numbers
from gmm_desktop.mixture.starts import Parameters, StartRequest
from gmm_desktop.mixture.threads import one_thread


@dataclass(frozen=True)
class Initializer:
    """One way to start.

    Attributes:
        id: its key in ``INITIALIZERS``.
        label: for a list to choose from.
        tip: one sentence saying how it starts.
        formula: the start as a formula.
        source: where it comes from.
        start: request -> weights (k,), means (k, d) and covariances (k, d, d), not yet of the covariance type.
        offered: whether it needs nothing but points; False where a person supplies something.
        random: whether another seed gives another start.
    """

    id: str
    label: str
    tip: str
    formula: str
    source: str
    start: Callable[[StartRequest], Parameters]
    offered: bool = True
    random: bool = True


@one_thread()
def initialise(
    points: ArrayLike,
    settings: FitSettings,
    *,
    sample_weight: ArrayLike | None = None,
    labels: ArrayLike | None = None,
    run: int = 0,
) -> Mixture:
    """The mixture that a fit with these settings starts from, components by first mean coordinate.

    Args:
        points: (n, d), or (n,) for d = 1.
        settings: the seed, the initialisation, k, the covariance type and the floor matter.
        sample_weight: (n,) weights of the rows, or None.
        labels: (n,) known labels, for the initialisation "labels".
        run: which of several starts; those after the first vary the initialisation.

    Raises:
        ValueError: no such start can be made; the text says what to do.
    """
    check_numbers(settings)
    data = check_points(points, sample_weight)
    check_enough_points(data, settings.components)
    return make_start(data, settings, labels, run)


def make_start(data: WeightedPoints, settings: FitSettings, labels: ArrayLike | None, run: int) -> Mixture:
    """``initialise`` on checked points.

    Raises:
        ValueError: no such start can be made; the text says what to do.
        FitCancelledError: the data's ``cancelled()`` said yes.
    """
    row = INITIALIZERS[check_id(settings.initialization, INITIALIZERS, "initialization")]
    id_ = check_id(settings.covariance, COVARIANCE_TYPES, "covariance type")
    covariance = covariance_type(id_, settings.standardise, data.scale)
    start = row.start if run == 0 else VARIED[(run - 1) % len(VARIED)]
    request = StartRequest(
        data,
        int(settings.components),
        covariance,
        settings.variance_floor,
        np.random.default_rng([int(settings.seed), run]),
        labels,
    )
    return starts.valid_mixture(request, start(request)).sorted()


INITIALIZERS: dict[str, Initializer] = {
    row.id: row
    for row in (
        Initializer(
            "k-means++",
            "k-means++: points far apart",
            "Equal weights, means at points picked far apart from each other, one and the same spread for all.",
            "w_c = 1/k; the next mean is drawn with P(x) ∝ D(x)², D the distance to the nearest so far in (x − x̄)/s, "
            "the best of 2 + ⌊ln k⌋ draws; Σ_c = Σ within",
            "Arthur and Vassilvitskii 2007, k-means++: the advantages of careful seeding",
            starts.k_means_plus_plus,
        ),
        Initializer(
            "k-means",
            "k-means: its final groups",
            "Runs k-means first; each component starts with the points of one of its groups.",
            "min Σ_i |z_i − m_c(i)|², z = (x − x̄)/s; then w_c = n_c/n, μ_c = x̄_c, Σ_c = (W_c + S/k^(2/d)) / (n_c + 1)",
            "Lloyd 1982, Least squares quantization in PCM",
            starts.k_means,
        ),
        Initializer(
            "random-points",
            "Random points",
            "Equal weights, means at random points, every component as wide as the whole data.",
            "w_c = 1/k, μ_c = k different random points, Σ_c = S, the covariance of the data",
            "The random centres of Biernacki, Celeux and Govaert 2003",
            starts.random_points,
        ),
        Initializer(
            "random",
            "Random points and variances",
            "Equal weights, means at random points, random variances up to that of the data.",
            "w_c = 1/k, μ_c = k different random points, Σ_c = u_c diag(s²), u_c uniform on (0.05, 1)",
            "Usual where EM is written from scratch; no source of its own",
            starts.random_variances,
        ),
        Initializer(
            "random-responsibilities",
            "Random responsibilities",
            "Shares out every point at random: all components start nearly alike, and EM often stays there.",
            "r_ic = u_ic / Σ_j u_ij, u uniform on (0, 1); then one M-step",
            "As scikit-learn's init_params='random'",
            starts.random_responsibilities,
        ),
        Initializer(
            "quantiles",
            "Quantiles: evenly along the data",
            "Equal weights, means at evenly spaced quantiles along the direction of the largest spread.",
            "w_c = 1/k, μ_c = the point at the (c − ½)/k quantile along the first principal axis of (x − x̄)/s, "
            "Σ_c = S/k²",
            "Usual in one dimension; no source of its own",
            starts.quantiles,
            random=False,
        ),
        Initializer(
            "hierarchical",
            "Hierarchical: merging groups",
            "Merges points into groups, two at a time, as costs the likelihood least, until one is left per component.",
            "merge the pair that raises Σ_g n_g ln |W_g / n_g| least, until k groups are left (tied: ln |Σ_g W_g|)",
            "Banfield and Raftery 1993, Model-based Gaussian and non-Gaussian clustering; Fraley 1998, Algorithms for "
            "model-based Gaussian hierarchical clustering",
            hierarchical,
            # Above 2000 points the seed picks the sample that is clustered; below, every seed gives the same start.
            random=False,
        ),
        Initializer(
            "small-em",
            "Small EM: best of short runs",
            "Makes ten short runs of EM from random points and starts from the best of them.",
            "argmax L after 10 iterations, of 10 runs from random points, degenerate ones last",
            "Biernacki, Celeux and Govaert 2003, Choosing starting values for the EM algorithm",
            starts.small_em,
        ),
        Initializer(
            "labels",
            "Known labels",
            "Each component starts with the points that carry one of the known labels.",
            "w_c = n_c/n, μ_c = x̄_c, Σ_c = Σ_{i in c} (x_i − x̄_c)(x_i − x̄_c)ᵀ / n_c",
            "The M-step with r_ic = 0 or 1",
            starts.known_labels,
            offered=False,
            random=False,
        ),
        Initializer(
            "manual",
            "By hand",
            "Starts from the components as a person placed them.",
            "w_c, μ_c, Σ_c as placed",
            "A person",
            starts.by_hand,
            offered=False,
            random=False,
        ),
    )
}

# Starts after the first take these in turn. No single initialisation finds the best maximum everywhere, and of many
# random starts the one that EM lifts highest in a few iterations most often ends highest too.
VARIED: tuple[Callable[[StartRequest], Parameters], ...] = (starts.promising_split, starts.promising_points)
