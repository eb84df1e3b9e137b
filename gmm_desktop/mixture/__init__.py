"""Gaussian mixtures and the EM algorithm: numpy only, any dimension, no window."""

from gmm_desktop.mixture.acceleration import ACCELERATIONS, Acceleration
from gmm_desktop.mixture.collapse import COLLAPSES, CollapseChoice
from gmm_desktop.mixture.covariance import COVARIANCE_TYPES, CovarianceType, covariance_type
from gmm_desktop.mixture.em import CollapseError
from gmm_desktop.mixture.engine import em_steps
from gmm_desktop.mixture.fit import check_settings, fit, fit_steps
from gmm_desktop.mixture.history import FitHistory
from gmm_desktop.mixture.history_parts import Trace
from gmm_desktop.mixture.initialization import INITIALIZERS, Initializer, initialise
from gmm_desktop.mixture.matching import match_components, prepare_matching
from gmm_desktop.mixture.parameters import Mixture, component_letter
from gmm_desktop.mixture.points import column_scale
from gmm_desktop.mixture.selection import Criteria, classification_entropy, criteria, free_parameters
from gmm_desktop.mixture.settings import FitSettings
from gmm_desktop.mixture.step import EMStep, FitEnding, LocalMaximum, Objective
from gmm_desktop.mixture.stopping import STOP_RULES, StopRule, quantities, stop_iteration

__all__ = [
    "ACCELERATIONS",
    "COLLAPSES",
    "COVARIANCE_TYPES",
    "INITIALIZERS",
    "STOP_RULES",
    "Acceleration",
    "CollapseChoice",
    "CollapseError",
    "CovarianceType",
    "Criteria",
    "EMStep",
    "FitEnding",
    "FitHistory",
    "FitSettings",
    "Initializer",
    "LocalMaximum",
    "Mixture",
    "Objective",
    "StopRule",
    "Trace",
    "check_settings",
    "classification_entropy",
    "column_scale",
    "component_letter",
    "covariance_type",
    "criteria",
    "em_steps",
    "fit",
    "fit_steps",
    "free_parameters",
    "initialise",
    "match_components",
    "prepare_matching",
    "quantities",
    "stop_iteration",
]
