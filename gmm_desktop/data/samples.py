"""The data sets that come with the program: real ones as files, generated ones with exactly known figures."""

from __future__ import annotations

from dataclasses import dataclass, replace
from importlib.resources import files

import numpy as np

from gmm_desktop.data.dataset import Dataset, dataset_from_table
from gmm_desktop.data.generators import MixtureGenerator
from gmm_desktop.data.table import DataError, ReadOptions, listed, say_nothing


@dataclass(frozen=True)
class Sample:
    """One data set.

    Attributes:
        id: its name on the command line.
        label: its name in a list.
        tip: one sentence.
        components: a sensible k.
        generator: draws it, or None.
        file: the file that holds it, or "".
        columns: those of the file that are fitted.
        labels: the column of known labels, or "".
        unit: of the columns.
        aliases: further names.
    """

    id: str
    label: str
    tip: str
    components: int
    generator: MixtureGenerator | None = None
    file: str = ""
    columns: tuple[str, ...] = ()
    labels: str = ""
    unit: str = ""
    aliases: tuple[str, ...] = ()

    @property
    def sized(self) -> bool:
        """Whether the number of points and the seed can be chosen."""
        return self.generator is not None

    @property
    def size(self) -> int | None:
        """The default number of points, where it can be chosen."""
        return self.generator.size if self.generator else None

    @property
    def seed(self) -> int:
        """The default seed."""
        return 0

    def load(self, size: int | None = None, seed: int | None = None) -> Dataset:
        """The data.

        Args:
            size: another number of points, in the same proportions; only where ``sized``.
            seed: another seed; only where ``sized``.

        Raises:
            DataError: the size is not a possible one.
        """
        if self.generator:
            generator = replace(self.generator, size=self.generator.size if size is None else size)
            dataset = generator.dataset(self.seed if seed is None else seed, self.label)
            return replace(dataset, components=self.components, sample=self.id)
        return self._read()

    def _read(self) -> Dataset:
        content = (files("gmm_desktop.resources") / "data" / self.file).read_bytes()
        from gmm_desktop.data.readers import READERS
        from gmm_desktop.data.readers.source import source_of_bytes

        table = READERS["text"].read(source_of_bytes(content, self.file), ReadOptions(), say_nothing)
        labels = None
        if self.labels:
            _, labels = np.unique(table.column(self.labels).text, return_inverse=True)
            labels.setflags(write=False)
        return replace(
            dataset_from_table(table, self.columns),
            source=self.label,
            components=self.components,
            labels=labels,
            unit=self.unit,
            sample=self.id,
        )


SAMPLES: dict[str, Sample] = {
    sample.id: sample
    for sample in (
        Sample(
            "three-groups",
            "Three groups (1-D)",
            "Means -5, 5 and 0, variances 1.2, 1.8 and 1.6, a third of the points each.",
            3,
            MixtureGenerator(
                (1 / 3, 1 / 3, 1 / 3),
                ((-5.0,), (5.0,), (0.0,)),
                (((1.2,),), ((1.8,),), ((1.6,),)),
                300,
                exact=True,
            ),
        ),
        Sample(
            "two-groups",
            "Two groups (1-D)",
            "Means 0 and 5, both with variance 1, half of the points each.",
            2,
            MixtureGenerator((0.5, 0.5), ((0.0,), (5.0,)), (((1.0,),), ((1.0,),)), 2000, exact=True),
        ),
        Sample(
            "overlapping-groups",
            "Overlapping groups (2-D)",
            "Two correlated groups with means (0, 0) and (2, 0) that overlap, half of the points each.",
            2,
            MixtureGenerator(
                (0.5, 0.5),
                ((0.0, 0.0), (2.0, 0.0)),
                (((1.0, 0.7), (0.7, 1.0)), ((0.5, 0.4), (0.4, 0.5))),
                2000,
                exact=True,
            ),
        ),
        Sample(
            "faithful",
            "Old Faithful",
            "272 eruptions of the geyser: how long each lasted and the waiting time, in minutes.",
            2,
            file="faithful.csv",
            columns=("eruptions", "waiting"),
            unit="minutes",
            aliases=("old-faithful", "geyser"),
        ),
        Sample(
            "iris",
            "Iris",
            "Four lengths of 150 flowers of three species, in cm; the species are not used by the fit.",
            3,
            file="iris.csv",
            columns=("Sepal.Length", "Sepal.Width", "Petal.Length", "Petal.Width"),
            labels="Species",
            unit="cm",
            aliases=("fisher",),
        ),
        Sample(
            "galaxies",
            "Galaxies",
            "Velocities of 82 galaxies in the Corona Borealis region, in 1000 km/s.",
            3,
            file="galaxies.csv",
            columns=("velocity_1000km_s",),
            unit="1000 km/s",
        ),
    )
}

#: What is shown where nothing is asked for.
DEFAULT_SAMPLE = "three-groups"


def find_sample(name: str) -> Sample:
    """The data set of that id, label or alias, in whatever case.

    Raises:
        DataError: there is none; the sentence lists those there are.
    """
    wanted = name.strip().casefold().replace("_", "-").replace(" ", "-")
    for sample in SAMPLES.values():
        if wanted in (sample.id, sample.label.casefold().replace(" ", "-"), *sample.aliases):
            return sample
    raise DataError(f"There is no sample {name!r}; choose among {listed(list(SAMPLES))}.")
