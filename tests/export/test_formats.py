"""Every format reads back to the same numbers, by a reader that is not ours."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from itertools import combinations_with_replacement
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from gmm_desktop.data import Dataset, GivenUpError, dataset_from_array, open_dataset
from gmm_desktop.export import EXPORTERS, Exporter, ExportError, FitReport, export
from gmm_desktop.export.parquet import NO_PARQUET
from gmm_desktop.mixture import FitSettings, Mixture, fit
from tests.export.made import made

NASTY = ('a|b, "c" & \\d$', "=x\nλ_2 \u202e'%", "</x> 漢 #{é}")
"""Names of columns that are a nuisance in one language or another."""
COVARIANCES = ("full", "tied", "diag", "spherical")
CASES = {"three columns": (NASTY, 3), "one column": (('a|b, "c" & \\d$',), 2), "one component": (("x", "y"), 1)}
Arrays = dict[str, Any]


def report_of(names: tuple[str, ...], components: int, covariance: str) -> FitReport:
    rng = np.random.default_rng(3)
    points = rng.normal(size=(200, len(names))) * 10.0 ** -np.arange(len(names))
    points[:80] -= 4.0
    settings = FitSettings(components=components, covariance=covariance, max_iterations=20)
    return FitReport(dataset_from_array(points, names), settings, fit(points, settings))


@pytest.fixture(scope="module")
def reports() -> dict[tuple[str, str], FitReport]:
    return {(case, kind): report_of(*CASES[case], kind) for case in CASES for kind in COVARIANCES}


@pytest.fixture(params=[(case, kind) for case in CASES for kind in COVARIANCES], ids="-".join)
def report(request: pytest.FixtureRequest, reports: dict[tuple[str, str], FitReport]) -> FitReport:
    return reports[request.param]


def wanted(report: FitReport) -> Arrays:
    order = report.order
    mixture = report.mixture
    return {
        "weights": mixture.weights[order],
        "means": mixture.means[order],
        "covariances": mixture.covariances[order],
    }


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


def run_python(content: bytes) -> Any:
    names: dict[str, Any] = {"__name__": "the_export"}
    exec(compile(content, "fit.py", "exec"), names)
    return names


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
    from scipy.io import loadmat

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
        from scipy.io import loadmat

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


class TestScikitLearn:
    def rebuilt(self, report: FitReport) -> Any:
        """A GaussianMixture whose attributes are set as scikit-learn's own users set them."""
        from sklearn.mixture import GaussianMixture
        from sklearn.mixture._gaussian_mixture import _compute_precision_cholesky

        kind, arrays = report.settings.covariance, wanted(report)
        diagonals = np.diagonal(arrays["covariances"], axis1=1, axis2=2)
        short = {"tied": arrays["covariances"][0], "diag": diagonals, "spherical": diagonals[:, 0]}
        covariances = short.get(kind, arrays["covariances"])
        mixture = GaussianMixture(len(report.letters), covariance_type=kind)
        mixture.weights_, mixture.means_, mixture.covariances_ = arrays["weights"], arrays["means"], covariances
        mixture.precisions_cholesky_ = _compute_precision_cholesky(covariances, kind)
        return mixture

    def test_every_bit_is_that_of_a_mixture_with_these_parameters(self, report: FitReport) -> None:
        exported = run_python(made(report, "fit.py", "parameters"))["mixture"]
        expected, points = self.rebuilt(report), report.dataset.points
        assert exported.covariance_type == report.settings.covariance
        assert exported.covariances_.shape == expected.covariances_.shape
        assert_array_equal(exported.predict_proba(points), expected.predict_proba(points))
        assert_array_equal(exported.score_samples(points), expected.score_samples(points))
        assert exported.bic(points) == expected.bic(points)

    def test_its_numbers_are_ours(self, report: FitReport) -> None:
        exported = run_python(made(report, "fit.py", "parameters"))["mixture"]
        points, mixture = report.dataset.points, report.mixture
        shares = mixture.responsibilities(points)[:, report.order]
        # scikit-learn multiplies out the squares of these two types, which costs it digits where a component is narrow.
        close = 1e-10 if report.settings.covariance in ("diag", "spherical") else 1e-12
        assert_allclose(exported.predict_proba(points), shares, rtol=0, atol=close)
        assert_allclose(exported.score_samples(points), mixture.log_density(points), rtol=close, atol=close)
        assert_allclose(exported.bic(points), report.criteria.bic, rtol=close)
        assert exported.lower_bound_ == report.log_likelihood / len(points)
        assert (exported.converged_, exported.n_iter_) == (report.outcome == "converged", report.shown)

    def test_it_has_all_that_scikit_learn_sets(self, report: FitReport) -> None:
        from sklearn.mixture import GaussianMixture
        from sklearn.utils.validation import check_is_fitted

        exported = run_python(made(report, "fit.py", "parameters"))["mixture"]
        own = GaussianMixture(len(report.letters), covariance_type=report.settings.covariance)
        own.fit(report.dataset.points)
        assert {name for name in vars(own) if name.endswith("_")} <= set(vars(exported))
        check_is_fitted(exported)
        for name in ("precisions_", "precisions_cholesky_", "covariances_"):
            assert getattr(exported, name).shape == getattr(own, name).shape
        assert exported.sample(5)[0].shape == (5, report.dataset.dimension)

    def test_it_runs_by_itself(self, tmp_path: Path) -> None:
        path = tmp_path / "fit.py"
        path.write_bytes(made(report_of(NASTY, 3, "tied"), path, "parameters"))
        command = [sys.executable, "-W", "error", "-I", str(path)]
        done = subprocess.run(command, capture_output=True, timeout=60)
        assert done.returncode == 0, done.stderr
        assert done.stdout.decode().startswith("A 0.")

    def test_names_come_back(self) -> None:
        assert run_python(made(report_of(NASTY, 2, "full"), "fit.py", "parameters"))["columns"] == list(NASTY)

    def test_a_start_that_is_not_of_the_type_is_given_in_full(self) -> None:
        start = Mixture([0.5, 0.5], [[0.0, 0.0], [3.0, 3.0]], [[[1, 0.5], [0.5, 1]], [[2, 0], [0, 1]]])
        points = np.random.default_rng(0).normal(size=(50, 2))
        settings = FitSettings(components=2, covariance="spherical")
        report = FitReport(dataset_from_array(points), settings, fit(points, settings, start=start), iteration=0)
        exported = run_python(made(report, "fit.py", "parameters"))["mixture"]
        assert exported.covariance_type == "full"
        assert_allclose(exported.score_samples(points), start.log_density(points), rtol=1e-12)


R_CHECK = """
x <- as.matrix(read.csv("points.csv", header = FALSE))
options(digits = 17)
write.table(cbind(log_density(x), responsibilities(x)), "plain.csv", sep = ",", row.names = FALSE, col.names = FALSE)
hex <- function(v) sprintf("%a", as.vector(v))
writeLines(c(hex(parameters$pro), hex(parameters$mean), hex(covariances)), "bits.txt")
writeLines(enc2utf8(columns), "columns.txt", useBytes = TRUE)
if (requireNamespace("mclust", quietly = TRUE)) {
  model <- parameters$variance$modelName
  density <- dens(data = x, modelName = model, logarithm = TRUE, parameters = parameters)
  again <- em(data = x, modelName = model, parameters = parameters)
  both <- cbind(density, mclust_responsibilities(x))
  write.table(both, "mclust.csv", sep = ",", row.names = FALSE, col.names = FALSE)
  cat(model, again$loglik)
}
"""
MODELS = {"full": "VVV", "tied": "EEE", "diag": "VVI", "spherical": "VII"}


@pytest.mark.skipif(not shutil.which("Rscript"), reason="no R here")
def test_r_has_the_same_numbers_with_mclust_and_without(report: FitReport, tmp_path: Path) -> None:
    points, mixture = report.dataset.points, report.mixture
    (tmp_path / "fit.R").write_bytes(made(report, "fit.R", "parameters") + R_CHECK.encode())
    (tmp_path / "points.csv").write_text("\n".join(",".join(map(repr, row)) for row in points.tolist()))
    done = subprocess.run(["Rscript", "--vanilla", "fit.R"], cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    expected = np.column_stack([mixture.log_density(points), mixture.responsibilities(points)[:, report.order]])
    assert_allclose(np.loadtxt(tmp_path / "plain.csv", delimiter=",", ndmin=2), expected, rtol=1e-12, atol=1e-12)
    arrays = wanted(report)
    bits = [float.fromhex(line) for line in (tmp_path / "bits.txt").read_text().split()]
    # R's own reading of decimals may be off by a last bit.
    assert_allclose(bits, np.concatenate([array.ravel() for array in arrays.values()]), rtol=2e-16, atol=0)
    names = "\n".join(report.dataset.names) + "\n"
    assert (tmp_path / "columns.txt").read_text("utf-8") == names
    if not done.stdout:
        pytest.skip("no mclust here")
    model, height = done.stdout.split()
    kind = report.settings.covariance
    assert model == (("E" if kind == "tied" else "V") if points.shape[1] == 1 else MODELS[kind])
    assert_allclose(np.loadtxt(tmp_path / "mclust.csv", delimiter=",", ndmin=2), expected, rtol=1e-9, atol=1e-9)
    assert float(height) >= report.log_likelihood - 1e-6 * abs(report.log_likelihood)


@pytest.mark.skipif(not shutil.which("pdflatex"), reason="no LaTeX here")
def test_the_latex_file_is_taken_by_input(tmp_path: Path) -> None:
    (tmp_path / "fit.tex").write_bytes(made(report_of(NASTY, 3, "full"), "fit.tex", "parameters"))
    document = "\\documentclass{article}\n\\begin{document}\n\\input{fit}\n\\end{document}\n"
    (tmp_path / "paper.tex").write_text(document)
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "paper.tex"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, errors="replace", timeout=60)
    assert done.returncode == 0, done.stdout[-2000:]


class TestParquet:
    def test_numbers_are_floats_text_is_untouched_and_skipped_rows_are_null(
        self, groups: Dataset, groups_report: FitReport
    ) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        table = pq.read_table(io.BytesIO(made(groups_report, "data.parquet", "data")))
        assert table.column_names[:4] == ["name", "x", "y", "note"]
        assert table.schema.field("x").type == pa.float64()
        assert table.schema.field("note").type == pa.string()
        read = table.to_pydict()
        assert read["name"] == list("abcdefgh")
        assert read["note"][0] == "=1+1"
        assert read["y"][1] is None
        assert read["x"][5] == float("inf")
        assert read["skipped"] == [name in "bf" for name in "abcdefgh"]
        for name in ("label", "largest responsibility", "responsibility A", "log density"):
            assert [value is None for value in read[name]] == read["skipped"]
        assert len(read["label"]) == groups.table.rows  # type: ignore[union-attr]

    def test_many_rows_come_in_pieces_tell_how_far_they_are_and_can_be_given_up(self, tmp_path: Path) -> None:
        import pyarrow.parquet as pq

        points = np.random.default_rng(0).normal(size=(150_000, 1))
        settings = FitSettings(components=2, max_iterations=2)
        report = FitReport(dataset_from_array(points), settings, fit(points, settings))
        shares: list[float] = []
        path = tmp_path / "points.parquet"
        export(report, path, "data", shares.append)
        assert len(shares) == 3
        assert shares == sorted(shares)
        read = pq.ParquetFile(path)
        assert read.metadata.num_row_groups == 3
        assert_array_equal(read.read(["x"]).column(0).to_numpy(), points[:, 0])

        def tell(share: float) -> None:
            if share > 0.5:
                raise GivenUpError

        before = path.read_bytes()
        with pytest.raises(GivenUpError):
            export(report, path, "data", tell)
        assert path.read_bytes() == before
        assert list(tmp_path.iterdir()) == [path]

    def test_without_pyarrow_one_sentence_says_how_to_get_it(
        self, faithful_report: FitReport, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
        assert "pip install 'gmm-desktop[parquet]'" in NO_PARQUET
        with pytest.raises(ExportError, match="which is not installed"):
            export(faithful_report, tmp_path / "data.parquet", "data")
        assert not list(tmp_path.iterdir())

    def test_iris_keeps_its_species(self) -> None:
        import pyarrow.parquet as pq

        dataset = open_dataset(sample="iris")
        settings = FitSettings(components=3)
        report = FitReport(dataset, settings, fit(dataset.points, settings))
        read = pq.read_table(io.BytesIO(made(report, "data.parquet", "data"))).to_pydict()
        assert dataset.table is not None
        assert read["Species"] == list(dataset.table.column("Species").text)
