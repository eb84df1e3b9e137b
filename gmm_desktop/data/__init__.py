"""Data: read from files, generated, or bundled."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from gmm_desktop.data.choice import Choice
from gmm_desktop.data.dataset import Dataset, dataset_from_array, dataset_from_table
from gmm_desktop.data.generators import GENERATORS, MixtureGenerator
from gmm_desktop.data.opening import open_dataset, with_columns
from gmm_desktop.data.samples import DEFAULT_SAMPLE, SAMPLES, Sample, find_sample
from gmm_desktop.data.table import (
    Column,
    DataError,
    GivenUpError,
    Origin,
    ReadOptions,
    Suspect,
    Table,
    Tell,
    say_nothing,
)

if TYPE_CHECKING:
    from gmm_desktop.data.readers import (
        LATER,
        READERS,
        Reader,
        open_source,
        read_again,
        read_source,
        read_table,
        read_text,
    )
    from gmm_desktop.data.stored_fit import StoredFit, read_fit

# What reads files is loaded when it is first asked for: the first picture needs none of it.
_LOADED_LATER = {
    **dict.fromkeys(
        ("LATER", "READERS", "Reader", "open_source", "read_again", "read_source", "read_table", "read_text"),
        "gmm_desktop.data.readers",
    ),
    **dict.fromkeys(("StoredFit", "read_fit"), "gmm_desktop.data.stored_fit"),
}


def __getattr__(name: str) -> Any:
    if name not in _LOADED_LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_LOADED_LATER[name]), name)


__all__ = [
    "DEFAULT_SAMPLE",
    "GENERATORS",
    "LATER",
    "READERS",
    "SAMPLES",
    "Choice",
    "Column",
    "DataError",
    "Dataset",
    "GivenUpError",
    "MixtureGenerator",
    "Origin",
    "ReadOptions",
    "Reader",
    "Sample",
    "StoredFit",
    "Suspect",
    "Table",
    "Tell",
    "dataset_from_array",
    "dataset_from_table",
    "find_sample",
    "open_dataset",
    "open_source",
    "read_again",
    "read_fit",
    "read_source",
    "read_table",
    "read_text",
    "say_nothing",
    "with_columns",
]
