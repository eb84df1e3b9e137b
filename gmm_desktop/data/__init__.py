"""Data: read from files, generated, or bundled."""

from gmm_desktop.data.dataset import Dataset, dataset_from_array, dataset_from_table
from gmm_desktop.data.generators import GENERATORS, MixtureGenerator
from gmm_desktop.data.opening import open_dataset, with_columns
from gmm_desktop.data.readers import (
    LATER,
    READERS,
    Column,
    DataError,
    GivenUpError,
    Reader,
    ReadOptions,
    Table,
    Tell,
    read_table,
    read_text,
    say_nothing,
)
from gmm_desktop.data.samples import DEFAULT_SAMPLE, SAMPLES, Sample, find_sample
from gmm_desktop.data.stored_fit import StoredFit, read_fit

__all__ = [
    "DEFAULT_SAMPLE",
    "GENERATORS",
    "LATER",
    "READERS",
    "SAMPLES",
    "Column",
    "DataError",
    "Dataset",
    "GivenUpError",
    "MixtureGenerator",
    "ReadOptions",
    "Reader",
    "Sample",
    "StoredFit",
    "Table",
    "Tell",
    "dataset_from_array",
    "dataset_from_table",
    "find_sample",
    "open_dataset",
    "read_fit",
    "read_table",
    "read_text",
    "say_nothing",
    "with_columns",
]
