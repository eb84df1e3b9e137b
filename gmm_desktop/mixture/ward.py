"""Ward's agglomerative clustering: all merges of a set of points, in time n^2."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gmm_desktop.mixture.points import WeightedPoints

Array = NDArray[np.float64]
Labels = NDArray[np.intp]


def ward_merges(points: Array, mass: Array, data: WeightedPoints) -> Labels:
    """The n - 1 merges (n - 1, 2) of Ward's clustering of points (n, d) of some mass (n,), the cheapest first.

    A pair names a point of each group. Merging costs n_g n_h / (n_g + n_h) |c_g - c_h|^2. Two groups that are nearest
    to each other may be merged at once, whatever is cheaper elsewhere, since no merge brings a group nearer to others
    (Murtagh 1983); so a chain from neighbour to neighbour finds all.

    Raises:
        FitCancelledError: the data's ``cancelled()`` said yes.
    """
    centres, mass, gone = points.T.copy(), mass.copy(), np.zeros(len(mass), dtype=bool)
    merges: list[tuple[float, int, int]] = []
    chain: list[int] = []
    while len(merges) < len(mass) - 1:
        data.check_cancelled()
        chain = chain or [int(gone.argmin())]
        top = chain[-1]
        cost = _ward_costs(centres, mass, gone, top)
        near = int(cost.argmin())
        # One as near as the neighbour before is no nearer: ties must not send the chain round in circles.
        if len(chain) < 2 or cost[near] < cost[chain[-2]]:
            chain.append(near)
            continue
        near = chain[-2]
        merges.append((float(cost[near]), near, top))
        total = mass[near] + mass[top]
        centres[:, near] += (centres[:, top] - centres[:, near]) * (mass[top] / total)
        mass[near], gone[top] = total, True
        chain = chain[:-2]
    pairs = [pair for _, *pair in sorted(merges, key=lambda merge: merge[0])]
    return np.array(pairs, dtype=np.intp).reshape(-1, 2)


def _ward_costs(centres: Array, mass: Array, gone: NDArray[np.bool_], one: int) -> Array:
    """(n,) what merging one group with each of the others would cost; infinite for itself and those that are gone."""
    differences = centres - centres[:, one, np.newaxis]
    costs = np.einsum("dn,dn->n", differences, differences) * (mass * (mass[one] / (mass + mass[one])))
    costs[gone] = np.inf
    costs[one] = np.inf
    return np.asarray(costs)


def cut(merges: Labels, groups: int) -> Labels:
    """The group, 0 to ``groups`` - 1, of each point after the first n - ``groups`` merges."""
    n = len(merges) + 1
    owner = np.arange(n)
    members = {point: [point] for point in range(n)}
    for one, other in merges[: n - groups]:
        kept, gone = owner[one], owner[other]
        owner[members[gone]] = kept
        members[kept] += members.pop(gone)
    return np.unique(owner, return_inverse=True)[1].astype(np.intp)
