"""A fit that somebody stored, brought to other data."""

from __future__ import annotations

from typing import Any

from gmm_desktop.data.dataset import Dataset
from gmm_desktop.data.opening import with_columns
from gmm_desktop.data.stored_fit import StoredFit
from gmm_desktop.data.table import DataError, counted, listed, quoted
from gmm_desktop.mixture import COVARIANCE_TYPES


def data_for(fit: StoredFit, dataset: Dataset, name: str) -> tuple[Dataset, str]:
    """The data with the columns that a fit is of.

    Args:
        fit: the stored fit, of d columns.
        dataset: the data.
        name: what the fit is called in a sentence.

    Returns:
        The data set with the fit's own columns, where it has columns of these names; else, where d of its columns are
        chosen, the data set as it is, and a sentence that says which column stands for which.

    Raises:
        DataError: the fit is of as many columns as neither the data have by name nor are chosen.
    """
    if dataset.names == fit.columns:
        return dataset, ""
    if fit.columns and set(fit.columns) <= set(dataset.available_columns):
        return with_columns(dataset, fit.columns), ""
    d = fit.mixture.dimension
    if dataset.dimension == d:
        return dataset, f"{quoted(name)} is of {listed(fit.columns)}, which stand for {listed(dataset.names)} here."
    raise DataError(
        f"{quoted(name)} is a fit of {counted(d, 'column')} ({listed(fit.columns)}), but {dataset.dimension} of "
        f"{quoted(dataset.source)} {'is' if dataset.dimension == 1 else 'are'} chosen; choose {counted(d, 'column')}."
    )


def constraint(fit: StoredFit) -> dict[str, Any]:
    """The settings that say what family the mixture is of; those that the file does not tell allow anything."""
    covariance, standardise = fit.settings.get("covariance"), fit.settings.get("standardise")
    return {
        "covariance": covariance if covariance in COVARIANCE_TYPES else "full",
        "standardise": standardise if isinstance(standardise, bool) else False,
    }
