"""The script for R, run by R, with mclust where it is installed."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose

from gmm_desktop.export import FitReport
from tests.export.fits import wanted
from tests.export.made import made

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
