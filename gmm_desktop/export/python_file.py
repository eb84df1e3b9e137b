"""The fitted parameters as Python: a GaussianMixture of scikit-learn."""

from __future__ import annotations

import numpy as np

from gmm_desktop.export.report import FitReport
from gmm_desktop.export.results import comments, constrained, said_of_type
from gmm_desktop.mixture import free_parameters

_CODE = """\
import numpy as np
from sklearn.mixture import GaussianMixture
from sklearn.mixture._gaussian_mixture import _compute_precision_cholesky

columns = {columns}
components = {components}
weights = np.array({weights})
means = np.array({means})
covariances = np.array({covariances})  # {shape}, covariance type {kind}

mixture = GaussianMixture(
    n_components={k}, covariance_type="{kind}", tol={tolerance!r}, max_iter={most}, random_state={seed}
)
mixture.weights_ = weights
mixture.means_ = means
mixture.covariances_ = covariances
# As scikit-learn computes it at the end of a fit, so that every bit of what follows is the same.
mixture.precisions_cholesky_ = _compute_precision_cholesky(covariances, "{kind}")
factors = mixture.precisions_cholesky_
mixture.precisions_ = {precisions}
mixture.converged_ = {converged}
mixture.n_iter_ = {iterations}
mixture.lower_bound_ = {per_point}  # the log-likelihood per point
mixture.lower_bounds_ = [mixture.lower_bound_]
mixture.n_features_in_ = {d}

if __name__ == "__main__":
    for name, weight, mean in zip(components, weights, means):
        print(name, weight, dict(zip(columns, mean.tolist())))
"""
_SHAPES = {"full": "(k, d, d)", "tied": "(d, d)", "diag": "(k, d)", "spherical": "(k,)"}
_PRECISIONS = {
    "full": "np.array([factor @ factor.T for factor in factors])",
    "tied": "factors @ factors.T",
    "diag": "factors**2",
    "spherical": "factors**2",
}


def parameters_python(report: FitReport) -> bytes:
    """A script that makes ``mixture``, a fitted GaussianMixture; it needs numpy and scikit-learn alone.

    Its ``predict_proba``, ``score_samples`` and ``bic`` take an array of the columns in their order. Digits are those
    that give the same bits back.
    """
    kind, covariances = constrained(report)
    mixture, settings = report.mixture, report.settings
    code = _CODE.format(
        columns=list(report.dataset.names),
        components=list(report.letters),
        weights=_numbers(mixture.weights[report.order]),
        means=_numbers(mixture.means[report.order]),
        covariances=_numbers(covariances),
        shape=_SHAPES[kind],
        kind=kind,
        k=mixture.n_components,
        d=mixture.dimension,
        tolerance=settings.tolerance,
        most=max(int(settings.max_iterations), 1),
        seed=int(settings.seed) % 2**32,
        precisions=_PRECISIONS[kind],
        converged=report.outcome == "converged",
        iterations=report.shown,
        per_point=repr(report.log_likelihood / report.dataset.total_weight),
    )
    said = comments(report, "#", "A Gaussian mixture as scikit-learn's GaussianMixture")
    said += [f"# {sentence}" for sentence in [*said_of_type(report), *_said_of_criteria(report, kind)]]
    return ("\n".join([*said, "", code])).encode(errors="replace")


def _said_of_criteria(report: FitReport, kind: str) -> list[str]:
    """Why scikit-learn's own criteria differ from those above, where they do."""
    said, mixture = [], report.mixture
    counted = free_parameters(mixture.n_components, mixture.dimension, kind)
    if counted != report.criteria.parameters:
        said.append(
            f"mixture.aic and mixture.bic count the {counted} free parameters of {kind} covariances; AIC and BIC above "
            f"count {report.criteria.parameters}."
        )
    if report.dataset.sample_weight is not None:
        said.append("mixture.aic and mixture.bic count every row once, whatever its weight.")
    return said


def _numbers(array: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> str:
    """Nested lists, one row of the outermost a line."""
    rows = array.tolist()
    if array.ndim == 1:
        return repr(rows)
    return "[\n" + "".join(f"    {row!r},\n" for row in rows) + "]"
