"""The fitted parameters as R, for mclust and without it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from gmm_desktop.export.report import FitReport
from gmm_desktop.export.results import comments, constrained, said_of_type
from gmm_desktop.export.tables import exact

_CODE = """\
columns <- {columns}
components <- {components}
d <- {d}L
k <- {k}L
weights <- {weights}
means <- matrix({means}, nrow = d, ncol = k, dimnames = list(columns, components))  # one column a component
covariances <- array({covariances}, dim = c(d, d, k), dimnames = list(columns, columns, components))

# log(weight) + log density of each component (columns) at the rows of x, in plain R.
log_joint <- function(x) {{
  d <- nrow(means)
  k <- ncol(means)
  x <- matrix(as.matrix(x), ncol = d)
  joint <- matrix(0, nrow(x), k, dimnames = list(NULL, components))
  for (component in seq_len(k)) {{
    factor <- chol(matrix(covariances[, , component], d, d))
    z <- backsolve(factor, t(x) - means[, component], transpose = TRUE)
    log_determinant <- 2 * sum(log(diag(factor)))
    joint[, component] <- log(weights[component]) - (d * log(2 * pi) + log_determinant + colSums(z^2)) / 2
  }}
  joint
}}
log_density <- function(x) {{
  joint <- log_joint(x)
  top <- apply(joint, 1, max)
  top + log(rowSums(exp(joint - top)))
}}
responsibilities <- function(x) exp(log_joint(x) - log_density(x))

# The same for mclust: dens(data = x, modelName = variance$modelName, parameters = parameters), or em() to go on.
variance <- list(modelName = "{model}", d = d, G = k)
{variance}
parameters <- list(pro = weights, mean = {mean}, variance = variance)

# With mclust installed, other data x are labelled by mclust_responsibilities(x).
if (requireNamespace("mclust", quietly = TRUE)) {{
  suppressPackageStartupMessages(library(mclust))
  mclust_responsibilities <- function(x) {{
    estep(data = x, modelName = variance$modelName, parameters = parameters)$z
  }}
}}
"""
_VARIANCE = {
    "V": "variance$sigmasq <- as.vector(covariances)",
    "E": "variance$sigmasq <- covariances[1, 1, 1]",
    "VVV": "variance$sigma <- covariances\nvariance$cholsigma <- covariances\n"
    "for (component in seq_len(k)) variance$cholsigma[, , component] <- chol(covariances[, , component])",
    "EEE": "variance$sigma <- covariances\nvariance$Sigma <- covariances[, , 1]\n"
    "variance$cholSigma <- chol(variance$Sigma)",
    "VVI": "variance$sigma <- covariances\nvariances <- apply(covariances, 3, diag)\n"
    "variance$scale <- exp(colMeans(log(variances)))\nvariance$shape <- sweep(variances, 2, variance$scale, `/`)",
    "VII": "variance$sigma <- covariances\nvariance$sigmasq <- covariances[1, 1, ]\nvariance$scale <- variance$sigmasq",
}
_MODELS = {"full": "VVV", "tied": "EEE", "diag": "VVI", "spherical": "VII"}


def parameters_r(report: FitReport) -> bytes:
    """A script that makes ``parameters`` as mclust takes them, and the density in plain R; it needs no package."""
    kind, _ = constrained(report)
    mixture, order = report.mixture, report.order
    one = mixture.dimension == 1
    model = ("E" if kind == "tied" else "V") if one else _MODELS[kind]
    code = _CODE.format(
        columns=_vector(map(_string, report.dataset.names)),
        components=_vector(map(_string, report.letters)),
        d=mixture.dimension,
        k=mixture.n_components,
        weights=_numbers(mixture.weights[order].tolist()),
        means=_numbers(mixture.means[order].ravel().tolist()),
        covariances=_numbers(mixture.covariances[order].ravel().tolist()),
        model=model,
        variance=_VARIANCE[model],
        mean="as.vector(means)" if one else "means",
    )
    said = comments(report, "#", "A Gaussian mixture for R")
    said += [f"# {sentence}" for sentence in said_of_type(report)]
    return ("\n".join([*said, "", code])).encode(errors="replace")


def _numbers(values: Sequence[float]) -> str:
    return _vector(map(exact, values))


def _vector(items: Iterable[str]) -> str:
    return f"c({', '.join(items)})"


def _string(text: str) -> str:
    """A literal of R; what is not plain stands as its code."""
    shown = ""
    for character in text:
        code = ord(character)
        if character in '"\\':
            shown += f"\\{character}"
        elif character.isascii() and character.isprintable():
            shown += character
        else:
            shown += f"\\U{{{code if not 0xD800 <= code < 0xE000 else 0xFFFD:x}}}"
    return f'"{shown}"'
