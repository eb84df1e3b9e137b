"""A parameter file read back."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from gmm_desktop.data.readers.source import source_of_file
from gmm_desktop.data.table import DataError, quoted
from gmm_desktop.mixture import Mixture

#: What a parameter file says of itself.
FORMAT = "gmm-desktop-fit"
VERSION = 1
#: A parameter file is small; what is larger is none.
_LARGEST = 256 * 1024**2


@dataclass(frozen=True, eq=False)
class StoredFit:
    """A fit as a parameter file holds it.

    Attributes:
        mixture: the fitted parameters, components in the order of the file.
        names: the components' letters.
        columns: the names of the columns that were fitted.
        settings: the fields of FitSettings that the file holds.
        content: all of the file.
    """

    mixture: Mixture
    names: tuple[str, ...]
    columns: tuple[str, ...]
    settings: dict[str, Any]
    content: dict[str, Any]


def read_fit(path: str | Path) -> StoredFit:
    """Reads a parameter file.

    Raises:
        DataError: it cannot be read, is no parameter file, or is one of a later version; one sentence.
    """
    path = Path(path)
    name = quoted(path.name)
    source = source_of_file(path)
    if len(source.content) > _LARGEST:
        raise DataError(f"{name} is too large for a parameter file; give a file that --export-parameters wrote.")
    try:
        content = json.loads(source.content.decode("utf-8-sig"), parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise DataError(f"{name} is not a parameter file; give a .json that --export-parameters wrote.") from error
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise DataError(f"{name} is not a parameter file; give a .json that --export-parameters wrote.")
    version = content.get("version")
    if version != VERSION:
        later = isinstance(version, int) and version > VERSION
        reason = "comes from a later version of the program; update it" if later else "has no version that is known"
        raise DataError(f"{name} {reason}.")
    return _stored(content, name)


def _stored(content: dict[str, Any], name: str) -> StoredFit:
    if "mixture" not in content:
        raise DataError(_unusable(name, "the entry 'mixture' is missing"))
    part, data, settings = content["mixture"], content.get("data", {}), content.get("settings", {})
    if not all(isinstance(one, dict) for one in (part, data, settings)):
        raise DataError(_unusable(name, "its parts are not what they should be"))
    try:
        weights, means, covariances = (np.array(part[key], np.float64) for key in ("weights", "means", "covariances"))
    except KeyError as error:
        raise DataError(_unusable(name, f"the entry {error} is missing")) from error
    except (TypeError, ValueError, OverflowError) as error:
        raise DataError(_unusable(name, "weights, means and covariances are no tables of numbers")) from error
    try:
        mixture = _same_bits(Mixture(weights, means, covariances), covariances)
        names = tuple(str(letter) for letter in part.get("names", ()))
        columns = tuple(str(column) for column in data.get("columns", ()))
    except TypeError as error:
        raise DataError(_unusable(name, "its names are no lists")) from error
    except ValueError as error:
        raise DataError(_unusable(name, str(error).rstrip("."))) from error
    return StoredFit(mixture, names, columns, settings, content)


def _unusable(name: str, why: str) -> str:
    return f"The mixture in {name} cannot be used ({why}); export it again."


def _same_bits(checked: Mixture, covariances: Any) -> Mixture:
    """The mixture with its covariances as the file has them: making them symmetric may have changed a last bit."""
    exact = np.array(covariances, dtype=np.float64).reshape(checked.covariances.shape)
    return Mixture.trusted(checked.weights, checked.means, exact, np.asarray(np.linalg.cholesky(exact), np.float64))


def _refuse(constant: str) -> float:
    raise ValueError(f"{constant} is not a number")
