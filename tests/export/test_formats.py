"""Every format reads back to the same numbers, by a reader that is not ours."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import subprocess
from collections.abc import Callable
from itertools import combinations_with_replacement
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from scipy.io import loadmat
from scipy.stats import multivariate_normal

from gmm_desktop.data import open_dataset
from gmm_desktop.export import EXPORTERS, Exporter, FitReport, export
from gmm_desktop.mixture import FitSettings, fit
from tests.export.fits import NASTY, Arrays, report_of, run_python, wanted
from tests.export.made import made

# --- readers ---


def from_rows(rows: list[list[str]], d: int) -> Arrays:
    """Weight, means and the upper triangles of the covariances, as the tables have them."""
    numbers = np.array([[float(cell) for cell in row[1:]] for row in rows])
    covariances = np.empty((len(rows), d, d))
    for place, (i, j) in enumerate(combinations_with_replacement(range(d), 2)):
        covariances[:, i, j] = covariances[:, j, i] = numbers[:, 1 + d + place]
    return {"weights": numbers[:, 0], "means": numbers[:, 1 : 1 + d], "covariances": covariances}


def from_json(content: bytes, d: int) -> Arrays:
    mixture = json.loads(content)["mixture"]
    return {key: np.array(mixture[key]) for key in ("weights", "means", "covariances")}


def from_csv(content: bytes, d: int) -> Arrays:
    return from_rows(list(csv.reader(io.StringIO(content.decode(), newline="")))[1:], d)


def from_markdown(content: bytes, d: int) -> Arrays:
    tables = content.decode().split("\n\n")
    lines = tables[1].splitlines()
    return from_rows([[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines[2:]], d)


def from_latex(content: bytes, d: int) -> Arrays:
    body = content.decode().split(r"\begin{tabular}")[1].split(r"\hline")[2]
    plain = re.sub(r"\\times10\^\{(-?\d+)\}", r"e\1", body).replace("$", "")
    return from_rows([line.removesuffix(r"\\").split("&") for line in plain.strip().splitlines()], d)


def from_python(content: bytes, d: int) -> Arrays:
    made = run_python(content)["mixture"]
    k = made.n_components
    whole = {
        "full": lambda c: c,
        "tied": lambda c: np.tile(c, (k, 1, 1)),
        "diag": lambda c: c[:, :, np.newaxis] * np.eye(d),
        "spherical": lambda c: c[:, np.newaxis, np.newaxis] * np.eye(d),
    }[made.covariance_type](made.covariances_)
    return {"weights": made.weights_, "means": made.means_, "covariances": whole}


def from_r(content: bytes, d: int) -> Arrays:
    """What stands between the brackets, for machines without R; R itself is asked further down."""
    text = content.decode()

    def numbers(name: str) -> Any:
        found = re.search(rf"^{name} <- (?:\w+\()?c\((.*?)\)", text, re.MULTILINE)
        assert found is not None
        return np.array([float(number) for number in found[1].split(", ")])

    weights = numbers("weights")
    return {
        "weights": weights,
        "means": numbers("means").reshape(len(weights), d),
        "covariances": numbers("covariances").reshape(len(weights), d, d).transpose(0, 2, 1),
    }


def from_mat(content: bytes, d: int) -> Arrays:
    read = loadmat(io.BytesIO(content))
    assert read["mu"].shape[1] == d
    k = len(read["mu"])
    assert read["ComponentProportion"].shape == (1, k)
    assert read["Sigma"].shape == (d, d, k)
    return {
        "weights": read["ComponentProportion"][0],
        "means": read["mu"],
        "covariances": np.moveaxis(read["Sigma"], 2, 0),
    }


PARAMETERS: dict[str, Callable[[bytes, int], Arrays]] = {
    ".json": from_json,
    ".csv": from_csv,
    ".md": from_markdown,
    ".tex": from_latex,
    ".py": from_python,
    ".R": from_r,
    ".mat": from_mat,
}


def data_from_csv(content: bytes) -> dict[str, list[Any]]:
    header, *rows = csv.reader(io.StringIO(content.decode(), newline=""))
    return dict(zip(header, map(list, zip(*rows, strict=True)), strict=True))


def data_from_parquet(content: bytes) -> dict[str, list[Any]]:
    import pyarrow.parquet as pq

    return pq.read_table(io.BytesIO(content)).to_pydict()


DATA: dict[str, Callable[[bytes], dict[str, list[Any]]]] = {".csv": data_from_csv, ".parquet": data_from_parquet}


@pytest.mark.parametrize("row", EXPORTERS, ids=lambda row: row.kind + row.suffix)
class TestEveryFormat:
    def test_reads_back_to_the_same_numbers(self, row: Exporter, report: FitReport) -> None:
        content = made(report, f"fit{row.suffix}", row.kind)
        if row.kind == "parameters":
            read = PARAMETERS[row.suffix](content, report.dataset.dimension)
            for name, array in wanted(report).items():
                assert_array_equal(read[name], array, err_msg=name)
            return
        read = DATA[row.suffix](content)
        points = report.dataset.points
        shares = report.mixture.responsibilities(points)
        assert_array_equal(np.array(read["log density"], dtype=float), report.mixture.log_density(points))
        assert_array_equal(np.array(read["largest responsibility"], dtype=float), shares.max(axis=1))
        for letter, component in zip(report.letters, report.order, strict=True):
            assert_array_equal(np.array(read[f"responsibility {letter}"], dtype=float), shares[:, component])
        assert read["label"] == ["ABC"[best] for best in shares.argmax(axis=1)]
        columns = list(read.values())[: points.shape[1]]
        assert_array_equal(np.array(columns, dtype=float).T, points)

    def test_the_same_fit_gives_the_same_bytes(self, row: Exporter, faithful_report: FitReport) -> None:
        assert made(faithful_report, f"a{row.suffix}", row.kind) == made(faithful_report, f"b{row.suffix}", row.kind)

    def test_is_written_to_a_file_whole(self, row: Exporter, faithful_report: FitReport, tmp_path: Path) -> None:
        path = tmp_path / f"fit{row.suffix}"
        export(faithful_report, path, row.kind)
        assert path.read_bytes() == made(faithful_report, path, row.kind)
        assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("suffix", [".md", ".tex", ".py", ".R", ".mat"])
def test_outcome_and_criteria_are_in_each_file(suffix: str, faithful_report: FitReport) -> None:
    content = made(faithful_report, f"fit{suffix}", "parameters")
    if suffix == ".mat":
        read = loadmat(io.BytesIO(content))
        assert read["BIC"].item() == faithful_report.criteria.bic
        assert read["logLikelihood"].item() == faithful_report.log_likelihood
        assert read["outcome"].item() == "converged"
        assert [cell.item() for cell in read["columns"][0]] == ["eruptions", "waiting"]
        return
    text = content.decode()
    for figure in (faithful_report.log_likelihood, faithful_report.criteria.bic, faithful_report.criteria.icl):
        assert repr(figure) in text
    assert "converged" in text
    assert "eruptions,waiting" in text
    assert "Old Faithful" in text


@pytest.mark.skipif(not shutil.which("pdflatex"), reason="no LaTeX here")
def test_the_latex_file_is_taken_by_input(tmp_path: Path) -> None:
    (tmp_path / "fit.tex").write_bytes(made(report_of(NASTY, 3, "full"), "fit.tex", "parameters"))
    document = "\\documentclass{article}\n\\begin{document}\n\\input{fit}\n\\end{document}\n"
    (tmp_path / "paper.tex").write_text(document)
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "paper.tex"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, errors="replace", timeout=60)
    assert done.returncode == 0, done.stdout[-2000:]


@pytest.mark.parametrize(
    ("kind", "standardise", "family", "shared"),
    [
        ("full", False, "full", False),
        ("tied", False, "full", True),
        ("diag", False, "diagonal", False),
        ("spherical", False, "diagonal", False),
        ("spherical", True, "diagonal", False),
    ],
)
def test_the_mat_file_names_the_family_as_gmdistribution_does(
    kind: str, standardise: bool, family: str, shared: bool
) -> None:
    data = open_dataset(sample="faithful")
    settings = FitSettings(components=3, covariance=kind, standardise=standardise)
    report = FitReport(data, settings, fit(data.points, settings))
    read = loadmat(io.BytesIO(made(report, "fit.mat", "parameters")))
    assert read["CovarianceType"].item() == family
    assert (read["SharedCovariance"].dtype, read["SharedCovariance"].item()) == (np.uint8, shared)  # a logical
    assert read["covariance"].item().split(",")[0] == kind
    # The density that MATLAB computes of mu, Sigma and ComponentProportion, here by scipy, in the data's units.
    densities = [
        share * multivariate_normal(mean, read["Sigma"][:, :, c]).pdf(data.points)
        for c, (share, mean) in enumerate(zip(read["ComponentProportion"][0], read["mu"], strict=True))
    ]
    assert np.log(np.sum(densities, axis=0)).sum() == pytest.approx(report.log_likelihood, rel=1e-12)
    round_ = [np.ptp(np.diag(read["Sigma"][:, :, c])) == 0 for c in range(3)]
    assert all(round_) == (kind == "spherical" and not standardise)
