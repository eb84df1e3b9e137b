"""Small fits to export."""

from __future__ import annotations

from pathlib import Path

import pytest

from gmm_desktop.data import Dataset, dataset_from_table, open_dataset, read_table
from gmm_desktop.export import FitReport
from gmm_desktop.mixture import FitSettings, Mixture, fit
from tests.export.fits import CASES, COVARIANCES, report_of

GROUPS = """\
name;x;y;note
a;1,0;2,5;=1+1
b;1,5;NA;-3
c;2,25;4,5;-x
d;8,0;1,5;@sum
e;9,5;2,0;plain
f;inf;2,0;+4
g;7,75;0,5;"with ""quotes"", comma"
h;1,25;3,75;
"""


@pytest.fixture
def groups(tmp_path: Path) -> Dataset:
    """A file with decimal commas, text, a missing and an infinite value."""
    path = tmp_path / "groups.csv"
    path.write_text(GROUPS)
    return dataset_from_table(read_table(path))


@pytest.fixture
def groups_report(groups: Dataset) -> FitReport:
    """Two spherical components whose order along x is the reverse of their order in the run."""
    start = Mixture([0.5, 0.5], [[8.5, 1.5], [1.5, 3.5]], [[[1.0, 0], [0, 1.0]]] * 2)
    settings = FitSettings(components=2, covariance="spherical")
    return FitReport(groups, settings, fit(groups.points, settings, start=start))


@pytest.fixture(scope="session")
def faithful_report() -> FitReport:
    dataset = open_dataset(sample="faithful")
    settings = FitSettings(components=2)
    return FitReport(dataset, settings, fit(dataset.points, settings))


@pytest.fixture(scope="session")
def reports() -> dict[tuple[str, str], FitReport]:
    return {(case, kind): report_of(*CASES[case], kind) for case in CASES for kind in COVARIANCES}


@pytest.fixture(params=[(case, kind) for case in CASES for kind in COVARIANCES], ids="-".join)
def report(request: pytest.FixtureRequest, reports: dict[tuple[str, str], FitReport]) -> FitReport:
    return reports[request.param]
