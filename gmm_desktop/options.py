"""The arguments of the command line, parsed into a frozen Options."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, NoReturn

from gmm_desktop import arguments

if TYPE_CHECKING:
    from gmm_desktop.data import Dataset
    from gmm_desktop.data.choice import Choice
    from gmm_desktop.mixture import FitSettings, Mixture

#: The suffixes that name a format, by the kind of file. Those that no table of formats holds yet are refused.
SUFFIXES: dict[str, tuple[str, ...]] = {
    "parameters": (".json", ".csv", ".md", ".tex", ".py", ".R", ".mat"),
    "data": (".csv", ".parquet"),
    "picture": (".png", ".svg", ".pdf"),
    "animation": (".gif", ".webp", ".mp4"),
    "report": (".html", ".pdf"),
}

_EPILOG = """\
Without an option that begins with --export the window opens. With one or more of them it does not: the
mixture is fitted, the files are written, and a short summary is printed. Exit status: 0 all went well;
1 the data could not be read or fitted, or a file not written; 2 wrong usage."""


@dataclass(frozen=True)
class Export:
    """A file to write: its kind, a key of ``SUFFIXES``, and its path."""

    kind: str
    path: str


@dataclass(frozen=True)
class Options:
    """What the arguments ask for.

    Attributes:
        data: a file to open, "-" for standard input, or None.
        columns: the columns to fit, or None for the usual ones.
        sample: the id of a bundled data set, or None.
        overrides: those fields of FitSettings that were given.
        start: a parameter file to start from, or None.
        use: a parameter file to use as it is, without fitting, or None.
        run: whether the fit begins to play at once.
        exports: the files to write, in the order given.
        choice: how the file is read, its columns of weights and labels; None where nothing is said of that.
    """

    data: str | None = None
    columns: tuple[str, ...] | None = None
    sample: str | None = None
    overrides: dict[str, Any] = field(default_factory=dict)
    start: str | None = None
    use: str | None = None
    run: bool = False
    exports: tuple[Export, ...] = ()
    choice: Choice | None = None

    @property
    def is_session(self) -> bool:
        """Whether what is to be opened is a session, which only the window opens."""
        return self.data is not None and PurePath(self.data).suffix.lower() == ".gmm"

    @property
    def exports_anything(self) -> bool:
        """Whether files are to be written, so that no window opens."""
        return bool(self.exports)

    def load(self) -> tuple[Dataset, FitSettings, Mixture | None]:
        """The data, the settings and the start that the arguments name.

        Where the number of components is not given it is the start's, or the data set's own.

        Raises:
            DataError: the data or the start cannot be read, or the start is not for these data; one sentence.
        """
        from gmm_desktop.data import DataError, open_dataset
        from gmm_desktop.data.table import quoted
        from gmm_desktop.mixture import FitSettings

        if self.is_session:
            raise DataError(
                f"{quoted(PurePath(str(self.data)).name)} is a session, which opens in the window; "
                "leave the options of export out."
            )
        dataset = open_dataset(self.data, self.columns, self.sample, self.choice)
        settings = FitSettings(**{"components": dataset.components, **self.overrides})
        if self.use is not None:
            return self._load_used(dataset, settings)
        if settings.initialization == "labels" and dataset.labels is None:
            raise DataError(f"No labels are known for {quoted(dataset.source)}; choose another --initialization.")
        if self.start is None:
            return dataset, settings, None
        from gmm_desktop.data import read_fit

        start = read_fit(self.start).mixture
        self._check_start(start, dataset)
        return dataset, replace(settings, components=start.n_components), start

    def _load_used(self, dataset: Dataset, settings: FitSettings) -> tuple[Dataset, FitSettings, Mixture | None]:
        """The data in the columns of the fit to use, and its settings."""
        from gmm_desktop.data import read_fit
        from gmm_desktop.data.using import constraint, data_for

        assert self.use is not None
        fit = read_fit(self.use)
        dataset, said = data_for(fit, dataset, PurePath(self.use).name)
        dataset = replace(dataset, messages=(*dataset.messages, *filter(None, [said])))
        family = replace(settings, components=fit.mixture.n_components, initialization="manual", **constraint(fit))
        return dataset, family, fit.mixture

    def _check_start(self, start: Mixture, dataset: Dataset) -> None:
        from gmm_desktop.data import DataError
        from gmm_desktop.data.table import quoted

        name, k, wanted = (
            PurePath(self.start or "").name,
            start.n_components,
            self.overrides.get("components"),
        )
        if start.dimension != dataset.dimension:
            raise DataError(
                f"The mixture in '{name}' is for {start.dimension} column{'s' * (start.dimension != 1)}, but "
                f"{dataset.dimension} of {quoted(dataset.source)} would be fitted; choose as many with --columns."
            )
        if wanted not in (None, k):
            raise DataError(
                f"The mixture in '{name}' has {k} component{'s' * (k != 1)}, but --components is {wanted}; "
                "leave --components out."
            )


def parse(arguments: Sequence[str]) -> Options:
    """The arguments after the program's name.

    Raises:
        SystemExit: with status 2 after one plain sentence on standard error, where they make no sense; with
            status 0 after --help and --version.
    """
    from gmm_desktop.data.read_arguments import choice_of, joined

    parser = _parser()
    given = parser.parse_args(joined(arguments))
    if given.version:
        sys.stdout.write(f"gmm-desktop {version()}\n")
        raise SystemExit(0)
    if given.data is not None and given.sample is not None:
        parser.error("give either a file or --sample, not both")
    choice = choice_of(given)
    if choice is not None and given.data is None:
        parser.error("how a file is read, its weights and labels are for a file of your own; give DATA")
    overrides = {name: getattr(given, name) for name in _SETTINGS if getattr(given, name) is not None}
    if overrides.get("initialization") == "manual" and given.start is None:
        parser.error("--initialization manual: give the components to start from with --start FIT.json")
    if given.use is not None and (given.start is not None or overrides):
        parser.error("--use takes a fit as it is; leave --start and the settings of the fit out")
    exports = tuple(given.exports or ())
    if given.data is not None and given.data.lower().endswith(".gmm") and (given.columns or given.start or overrides):
        parser.error("a session brings its own columns, settings and start; give its name alone, or with --run")
    if len({os.path.abspath(export.path) for export in exports}) < len(exports):
        parser.error("two exports name the same file; give each its own name")
    for export in exports:
        _check_suffix(parser, export)
    data = (given.data, given.columns, given.sample)
    return Options(*data, overrides, given.start, given.use, given.run, exports, choice)


def version() -> str:
    """The version of the installed program."""
    from importlib.metadata import PackageNotFoundError
    from importlib.metadata import version as installed

    try:
        return installed("gmm-desktop")
    except PackageNotFoundError:  # run from a folder of sources
        return "unknown"


class _Parser(argparse.ArgumentParser):
    """Wrong usage is one sentence, without the list of all options."""

    def error(self, message: str) -> NoReturn:
        sentence = message.removeprefix("argument ").rstrip(".")
        sys.stderr.write(f"{self.prog}: {sentence} (gmm-desktop --help lists all options).\n")
        sys.exit(2)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        "gmm-desktop",
        description="Watch the EM algorithm fit a Gaussian mixture, iteration by iteration.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="store_true", help="show the version and exit")
    parser.add_argument(
        "data", metavar="DATA", nargs="?", type=arguments.not_empty, help="a table to open; - is standard input"
    )
    parser.add_argument("--columns", metavar="A[,B...]", type=arguments.columns, help="the columns to fit, by name")
    parser.add_argument(
        "--sample", metavar="NAME", type=arguments.sample, help=f"a bundled data set: {arguments.ids('SAMPLES')}"
    )
    from gmm_desktop.data.read_arguments import add_read_arguments

    add_read_arguments(parser)
    fit = parser.add_argument_group("the fit")
    fit.add_argument("--components", metavar="K", type=arguments.whole_from(1), help="number of components")
    for option, table in _TABLES.items():
        about = f"{_MEANT.get(option, '')}{arguments.ids(table)}"
        fit.add_argument(f"--{option}", metavar="ID", type=arguments.id_of(table), help=about)
    fit.add_argument(
        "--standardise",
        action="store_const",
        const=True,
        help="constrain covariances in columns divided by their standard deviation (matters for spherical alone)",
    )
    fit.add_argument(
        "--start", metavar="FIT.json", type=arguments.not_empty, help="begin at the mixture of this parameter file"
    )
    fit.add_argument(
        "--use", metavar="FIT.json", type=arguments.not_empty, help="label the data with this fit, fitting nothing"
    )
    fit.add_argument(
        "--tolerance", metavar="T", type=arguments.tolerance, help="what the stop rule's quantity must fall below"
    )
    fit.add_argument("--max-iterations", metavar="N", type=arguments.whole_from(1), help="iterations at the most")
    fit.add_argument("--restarts", metavar="R", type=arguments.whole_from(1), help="how many starts race")
    fit.add_argument("--seed", metavar="S", type=arguments.whole_from(0), help="decides everything that is random")
    fit.add_argument(
        "--variance-floor", metavar="F", type=arguments.fraction, help="least variance, as a fraction of the data's"
    )
    fit.add_argument("--run", action="store_true", help="begin to play at once")
    exports = parser.add_argument_group("files to write (each option may be repeated)")
    for kind, suffixes in SUFFIXES.items():
        exports.add_argument(
            f"--export-{kind}",
            metavar="PATH",
            dest="exports",
            action="append",
            type=_export(kind),
            help=f"a file whose suffix names the format: {' '.join(suffixes)}",
        )
    return parser


_SETTINGS = (
    "components",
    "covariance",
    "initialization",
    "stop_rule",
    "tolerance",
    "max_iterations",
    "restarts",
    "seed",
    "variance_floor",
    "collapse",
    "acceleration",
    "summarise",
    "standardise",
)
_TABLES = {
    "covariance": "COVARIANCE_TYPES",
    "initialization": "INITIALIZERS",
    "stop-rule": "STOP_RULES",
    "collapse": "COLLAPSES",
    "acceleration": "ACCELERATIONS",
    "summarise": "SUMMARISE",
}
_MEANT = {
    "collapse": "what happens to a component that collapses: ",
    "acceleration": "plain EM, or longer strides: ",
    "summarise": "whether very many points are fitted through a summary: ",
}


def _export(kind: str) -> Callable[[str], Export]:
    return lambda text: Export(kind, arguments.not_empty(text))


def _check_suffix(parser: argparse.ArgumentParser, export: Export) -> None:
    offered = SUFFIXES[export.kind]
    suffix = PurePath(export.path).suffix
    if suffix.lower() not in [known.lower() for known in offered]:
        named = f"'{suffix}' is not a format" if suffix else "its name has no suffix"
        parser.error(f"--export-{export.kind} '{export.path}': {named}; end the name in {' '.join(offered)}")
