"""What a layer of the data plot draws: the snapshot with everything that is made of it once."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from gmm_desktop.data import Dataset
from gmm_desktop.mixture import Mixture
from gmm_desktop.session.comparison import Comparison
from gmm_desktop.session.snapshot import Snapshot
from gmm_desktop.ui.views.binning import FineCounts, fine_counts
from gmm_desktop.ui.views.cells import Cells
from gmm_desktop.ui.views.colours import Shades, owners, shades
from gmm_desktop.ui.views.coordinates import IDENTITY, Scale, scale_for
from gmm_desktop.ui.views.glide import Glide
from gmm_desktop.ui.views.options import ViewOptions
from gmm_desktop.ui.views.shown import ShownMixture, shown_mixture
from gmm_desktop.ui.views.style import PlotStyle

Array = NDArray[np.float64]

MANY = 200_000
"""Points above which to pass over all of them takes longer than the window may pause."""


@dataclass(frozen=True, eq=False)
class Cloud:
    """The shown columns of a data set in view coordinates.

    Attributes:
        dataset: where they come from.
        columns: the one or two columns.
        scales: for each column, from view to data coordinates.
        coordinates: for each column, its n view coordinates, (n,).
        bounds: for each column, the lowest and the highest of them.
        fine: for one column of many values, their counts.
    """

    dataset: Dataset
    columns: tuple[int, ...]
    scales: tuple[Scale, ...]
    coordinates: tuple[Array, ...]
    bounds: tuple[tuple[float, float], ...]
    fine: FineCounts | None = None

    @property
    def size(self) -> int:
        """n."""
        return self.coordinates[0].size

    @property
    def is_whole(self) -> bool:
        """Whether the columns shown are all that there are."""
        return self.dataset.dimension == len(self.columns)

    def axis_scales(self) -> tuple[Scale, Scale]:
        """The scales of the two axes; in one dimension the vertical one is a density, one over the column's unit."""
        if len(self.scales) == 2:
            return self.scales[0], self.scales[1]
        factor = self.scales[0].factor
        return self.scales[0], IDENTITY if factor == 1.0 else Scale(0.0, 1.0 / factor)


def cloud(dataset: Dataset, columns: tuple[int, ...]) -> Cloud:
    """The columns of a data set, ready to be drawn; more than ``MANY`` points are better not in the window's thread."""
    many = dataset.size > MANY
    scales, coordinates, bounds = [], [], []
    for column in columns:
        values = dataset.points[:, column]
        low, high = float(values.min()), float(values.max())
        scale = scale_for(low, high)
        view = scale.to_view(values)
        scales.append(scale)
        coordinates.append(view if many else np.ascontiguousarray(view))  # a copy of millions gains nothing
        bounds.append(((low - scale.offset) / scale.factor, (high - scale.offset) / scale.factor))
    counts = fine_counts(coordinates[0], bounds[0], dataset.sample_weight) if many and len(columns) == 1 else None
    return Cloud(dataset, columns, tuple(scales), tuple(coordinates), tuple(bounds), counts)


@dataclass(eq=False)
class Content:
    """One snapshot with the options and the style it is drawn in; what is made of it is made when first asked for.

    Attributes:
        snapshot, options, style: as given.
        cloud: the data shown.
        glide: what may be moving towards the snapshot's mixture.
    """

    snapshot: Snapshot
    options: ViewOptions
    style: PlotStyle
    cloud: Cloud
    glide: Glide | None = None
    _made: dict[str, object] = field(default_factory=dict)

    @property
    def started(self) -> bool:
        """Whether an E-step has happened, so that points have colours and outlines are solid."""
        return self.snapshot.colouring is not None

    def mixture(self) -> ShownMixture | None:
        """What is drawn."""
        target = self._shown("mixture")
        return target if self.glide is None or target is None else self.glide.shown(target)

    def target(self) -> ShownMixture | None:
        """The snapshot's mixture, wherever what is drawn may still be."""
        return self._shown("mixture")

    def colouring(self) -> ShownMixture | None:
        """What colours the points."""
        return self._shown("colouring")

    def before(self) -> ShownMixture | None:
        """What coloured the points before this E-step alone."""
        return self._shown("before")

    def truth(self) -> ShownMixture | None:
        """What generated the points, where it is known and wanted."""
        return self._shown("truth") if self.options.truth else None

    def other(self) -> ShownMixture | None:
        """The run that this one is compared with."""
        return self._shown("other")

    def ghost(self) -> ShownMixture | None:
        """The run that this one branched from, after as many iterations."""
        return self._shown("ghost")

    def about_others(self) -> list[str]:
        """What the grey lines are."""
        snapshot, words = self.snapshot, []
        if snapshot.other is not None:
            words.append(f"dashed: {snapshot.other.words}")
        if snapshot.ghost is not None:
            words.append(f"dotted: run {snapshot.ghost.label} from iteration {snapshot.ghost.first} on")
        return words

    def point_shades(self) -> Shades:
        """The shade of each point, (n,), by all columns that were fitted."""
        if "shades" not in self._made:
            self._made["shades"] = self._point_shades()
        result = self._made["shades"]
        assert isinstance(result, np.ndarray)
        return result

    def _point_shades(self, by: str = "colouring") -> Shades:
        mixture, shown = getattr(self.snapshot, by), self._shown(by)
        if mixture is None or shown is None or self.options.colouring == "plain":
            return np.zeros(self.cloud.size, dtype=np.intp)
        if self.cloud.is_whole:
            log_joint = shown.log_joint(*self.cloud.coordinates, precision=np.float32)
        else:
            log_joint = mixture.log_joint(self.cloud.dataset.points).T
        return shades(log_joint, self.options.colouring)

    def cell_shades(self, cells: Cells, by: str = "colouring") -> Shades:
        """The shade of each cell, (m,): that of its centre, or where more columns were fitted of one of its points."""
        mixture, shown = getattr(self.snapshot, by), self._shown(by)
        if mixture is None or shown is None or self.options.colouring == "plain":
            return np.zeros(cells.x.size, dtype=np.intp)
        if cells.members is None:
            log_joint = shown.log_joint(cells.x, cells.y, precision=np.float32)
        else:
            log_joint = mixture.log_joint(self.cloud.dataset.points[cells.members]).T
        return shades(log_joint, self.options.colouring)

    def changed_points(self) -> NDArray[np.intp]:
        """The numbers of the points whose likeliest component this E-step has changed."""
        if self.snapshot.before is None:
            return np.zeros(0, dtype=np.intp)
        if "changed" not in self._made:
            before, now = owners(self._point_shades("before")), owners(self.point_shades())
            self._made["changed"] = np.flatnonzero(before != now)
        result = self._made["changed"]
        assert isinstance(result, np.ndarray)
        return result

    def changed_cells(self, cells: Cells) -> NDArray[np.intp]:
        """The same of the cells of many points."""
        if self.snapshot.before is None:
            return np.zeros(0, dtype=np.intp)
        return np.flatnonzero(owners(self.cell_shades(cells, "before")) != owners(self.cell_shades(cells)))

    def _shown(self, name: str) -> ShownMixture | None:
        mixture = _mixture_of(self.snapshot, name)
        if mixture is None:
            return None
        if name not in self._made:
            self._made[name] = shown_mixture(mixture, self.cloud.columns, self.cloud.scales)
        result = self._made[name]
        assert isinstance(result, ShownMixture)
        return result

    def follow(self, earlier: Content) -> None:
        """Take over what ``earlier`` has made of the same objects."""
        if earlier.cloud is not self.cloud:
            return
        for name in ("mixture", "colouring", "truth", "other", "ghost"):
            if name in earlier._made and _mixture_of(earlier.snapshot, name) is _mixture_of(self.snapshot, name):
                self._made[name] = earlier._made[name]
        same = earlier.options.colouring == self.options.colouring
        if same and "shades" in earlier._made and earlier.snapshot.colouring is self.snapshot.colouring:
            self._made["shades"] = earlier._made["shades"]


def _mixture_of(snapshot: Snapshot, name: str) -> Mixture | None:
    """A mixture of a snapshot, by the name of its field."""
    found = getattr(snapshot, name)
    return found.mixture if isinstance(found, Comparison) else found
