"""The numbers beneath the formulas, against an independent computation with numpy and scipy."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import multivariate_normal

from gmm_desktop.data import Dataset, dataset_from_array
from gmm_desktop.mixture import EMStep, FitSettings, Mixture, em_steps
from gmm_desktop.session import Snapshot
from gmm_desktop.ui.formulas import LEGEND, Page, page
from gmm_desktop.ui.inspection import Target
from gmm_desktop.ui.typesetting import Matrix, Row
from tests.ui.showing import snapshot

Array = NDArray[np.float64]
NUMBER = r"-?[\d.\u202f]+(?:e-?\d+)?"


def some_data(d: int, *, weighted: bool = False) -> Dataset:
    rng = np.random.default_rng(d)
    points = np.concatenate([rng.normal(-2, 1, (60, d)), rng.normal(3, 2, (90, d))])
    points[:, 0] *= 10
    weight = rng.uniform(0.5, 3, 150) if weighted else None
    return dataset_from_array(points, tuple("pqrstuvw"[:d]), sample_weight=weight)


def steps(dataset: Dataset, kind: str, k: int = 2) -> Iterator[EMStep]:
    start = Mixture(
        np.full(k, 1 / k),
        dataset.points[:: 150 // k][:k],
        [np.cov(dataset.points.T).reshape(dataset.dimension, -1)] * k,
    )
    return em_steps(dataset.points, start, covariance=kind, sample_weight=dataset.sample_weight, summarise="never")


def responsibilities(mixture: Mixture, dataset: Dataset) -> Array:
    """(n, k), times the rows' weights."""
    densities = np.stack(
        [
            multivariate_normal.pdf(dataset.points, m, c)
            for m, c in zip(mixture.means, mixture.covariances, strict=True)
        ],
        axis=1,
    )
    joint = densities * mixture.weights
    shares = joint / joint.sum(axis=1, keepdims=True)
    return shares if dataset.sample_weight is None else shares * dataset.sample_weight[:, np.newaxis]


def frame(dataset: Dataset, phase: str, kind: str = "full", at: int = 4, k: int = 2) -> Snapshot:
    """The E frame or the M frame of an iteration of plain EM."""
    taken = [step for step, _ in zip(steps(dataset, kind, k), range(at + 1), strict=False)]
    colouring = taken[at - 1 if phase == "M" else at].mixture
    shown = taken[at].mixture
    return snapshot(
        dataset,
        shown,
        iteration=at,
        phase=phase,
        colouring=colouring,
        counts=responsibilities(colouring, dataset).sum(axis=0),
        log_likelihoods=np.array([step.log_likelihood for step in taken]),
        settings=FitSettings(components=k, covariance=kind),
    )


def shown_page(given: Snapshot, target: Target | None = None) -> Page:
    made = page(given, target)
    assert made is not None
    return made


def number_after(text: str, what: str) -> float:
    found = re.search(re.escape(what) + rf" = (?:{NUMBER} / {NUMBER} = )?({NUMBER})", text)
    assert found, (what, text)
    return float(found[1].rstrip(".").replace("\u202f", ""))


def matrix_after(text: str, what: str, d: int) -> Array:
    entries = re.findall(NUMBER, text.partition(f"{what} = ((")[2].partition(")).")[0])
    return np.reshape([float(entry) for entry in entries], (d, d))


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("d", [1, 2, 4])
@pytest.mark.parametrize("c", [0, 1])
def test_the_m_step(d: int, c: int, weighted: bool) -> None:
    dataset = some_data(d, weighted=weighted)
    given = replace(frame(dataset, "M"), selected=c)
    text = shown_page(given).spoken()
    assert given.colouring is not None
    r = responsibilities(given.colouring, dataset)[:, c]
    letter = "AB"[c]
    mean = np.average(dataset.points, axis=0, weights=r)
    scatter = np.cov(dataset.points.T, aweights=r, ddof=0).reshape(d, d)
    assert number_after(text, f"N_{letter}") == pytest.approx(r.sum(), rel=1e-3)
    assert number_after(text, f"pi_{letter}") == pytest.approx(r.sum() / dataset.total_weight, rel=1e-3)
    found = re.search(rf"pi_{letter} = ({NUMBER}) / ({NUMBER})", text)
    assert found
    assert float(found[1]) / float(found[2]) == pytest.approx(r.sum() / dataset.total_weight, rel=1e-3)
    if d == 1:
        assert number_after(text, f"mu_{letter}") == pytest.approx(mean[0], abs=5e-3)
        assert number_after(text, f"sigma_{letter}^2") == pytest.approx(scatter[0, 0], rel=1e-3)
    else:
        means = text.partition(f"mu_{letter} = (")[2].partition(")")[0]
        np.testing.assert_allclose([float(m) for m in means.split(", ")], mean, atol=5e-3)
        scale = np.sqrt(np.outer(np.diag(scatter), np.diag(scatter)))
        assert (np.abs(matrix_after(text, f"Sigma_{letter}", d) - scatter) < 5e-3 * scale).all()
    assert ("w_i" in text) == weighted


@pytest.mark.parametrize("kind", ["tied", "diag", "spherical"])
@pytest.mark.parametrize("d", [1, 2, 3])
def test_the_m_step_of_a_constrained_covariance(kind: str, d: int) -> None:
    dataset = some_data(d)
    given = frame(dataset, "M", kind)
    text = shown_page(given).spoken()
    assert given.colouring is not None
    r = responsibilities(given.colouring, dataset)
    scatters = np.stack([np.cov(dataset.points.T, aweights=r[:, c], ddof=0).reshape(d, d) for c in range(2)])
    own = scatters[0]
    if kind == "tied":
        own = np.average(scatters, axis=0, weights=r.sum(axis=0))
    if d == 1:
        sign = "sigma^2" if kind == "tied" else "sigma_A^2"
        assert number_after(text, sign) == pytest.approx(own[0, 0], rel=1e-3)
    elif kind == "spherical":
        assert number_after(text, "sigma_A^2") == pytest.approx(np.trace(own) / d, rel=5e-3)
    elif kind == "diag":
        values = text.partition("sigma_A^2 = (")[2].partition(")")[0].split(", ")
        np.testing.assert_allclose([float(v) for v in values], np.diag(own), rtol=6e-3)
    else:
        scale = np.sqrt(np.outer(np.diag(own), np.diag(own)))
        assert (np.abs(matrix_after(text, "Sigma", d) - own) < 5e-3 * scale).all()


@pytest.mark.parametrize("d", [1, 2, 4])
@pytest.mark.parametrize("weighted", [False, True])
def test_the_e_step(d: int, weighted: bool) -> None:
    dataset = some_data(d, weighted=weighted)
    given = replace(frame(dataset, "E"), selected=1)
    mixture = given.mixture
    assert mixture is not None
    target = Target.of_row(dataset, 70)
    text = shown_page(given, target).spoken()
    assert number_after(text, "N_B") == pytest.approx(responsibilities(mixture, dataset)[:, 1].sum(), rel=1e-3)
    densities = [multivariate_normal.pdf(dataset.points, mixture.means[c], mixture.covariances[c]) for c in range(2)]
    joint = mixture.weights[:, np.newaxis] * np.stack(densities)
    w = np.ones(150) if dataset.sample_weight is None else dataset.sample_weight
    assert number_after(text, " L") == pytest.approx(float(w @ np.log(joint.sum(axis=0))), abs=0.006)
    found = re.search(rf"r_iB = ({NUMBER}) × ({NUMBER}) / ({NUMBER}) = ({NUMBER})", text)
    assert found
    expected = [mixture.weights[1], densities[1][70], joint[:, 70].sum(), joint[1, 70] / joint[:, 70].sum()]
    np.testing.assert_allclose([float(f.rstrip(".")) for f in found.groups()], expected, rtol=6e-3)
    assert "Here i is point 71: p = " in text


def test_without_a_point_it_asks_for_one() -> None:
    text = shown_page(frame(some_data(2), "E")).spoken()
    assert "Hover or click a point" in text
    assert "×" not in text


def test_the_start_is_a_guess_with_a_likelihood() -> None:
    dataset = some_data(2)
    given = replace(
        frame(dataset, "E", at=0), phase="start", colouring=None, counts=None, log_likelihoods=np.array([-700.5])
    )
    made = shown_page(given)
    assert made.heading == "The start"
    assert "pi_A = 0.5000" in made.spoken()
    assert "L = -700.50" in made.spoken()
    assert "N_A" not in made.spoken()


def test_it_says_whose_numbers_they_are() -> None:
    given = frame(some_data(2), "M")
    assert shown_page(given).whose() == "for A (blue)"
    assert not shown_page(given).chosen
    assert shown_page(replace(given, selected=1)).whose() == "for B (orange)"
    assert shown_page(replace(given, selected=7)).whose() == "for A (blue)", "of another run, with more components"


def test_an_accelerated_iteration_is_not_passed_off_as_an_m_step() -> None:
    given = frame(some_data(2), "M")
    made = shown_page(replace(given, settings=replace(given.settings, acceleration="squarem")))
    assert made.heading == "Stride of iteration 4"
    assert any("SQUAREM" in note for note in made.notes)
    assert "N_A / n" not in made.spoken()


def test_a_component_started_elsewhere_has_no_quotient_that_is_false() -> None:
    given = frame(some_data(2), "M")
    assert given.counts is not None
    made = shown_page(replace(given, counts=given.counts[::-1] + np.array([5.0, -5.0])))
    assert any("started again elsewhere" in note for note in made.notes)
    assert " / " not in made.spoken().partition("pi_A")[2].partition(".")[0]


def test_of_many_columns_the_first_are_shown() -> None:
    made = shown_page(frame(some_data(6), "M"))
    filled = made.lines[-1].filled
    assert isinstance(filled, Row)
    matrix = filled.parts[-1]
    assert isinstance(matrix, Matrix)
    assert (len(matrix.rows), len(matrix.rows[0])) == (4, 4)
    assert "The first 4 of 6 columns" in made.spoken()


@pytest.mark.parametrize("scale", [1e-100, 1.0, 1e100])
@pytest.mark.parametrize("phase", ["E", "M"])
def test_no_scale_gives_what_is_no_number(scale: float, phase: str) -> None:
    dataset = some_data(2)
    far = dataset_from_array(dataset.points * scale)
    given = frame(dataset, phase)
    assert given.mixture is not None
    assert given.colouring is not None

    def scaled(mixture: Mixture) -> Mixture:
        return Mixture(mixture.weights, mixture.means * scale, mixture.covariances * scale * scale)

    moved = replace(
        given, dataset=far, mixture=scaled(given.mixture), colouring=scaled(given.colouring), means=given.means * scale
    )
    text = shown_page(moved, Target.of_row(far, 0)).spoken()
    assert not re.search(r"nan|inf|–", text)


def test_the_legend_explains_every_letter() -> None:
    for letter in "πμΣσrNL":
        assert f"{letter} " in LEGEND or f"{letter}² " in LEGEND
