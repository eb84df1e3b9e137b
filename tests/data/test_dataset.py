"""From tables, arrays and generators to points."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from gmm_desktop.data import (
    SAMPLES,
    DataError,
    Dataset,
    MixtureGenerator,
    dataset_from_array,
    dataset_from_table,
    find_sample,
    open_dataset,
    read_table,
    read_text,
    with_columns,
)

TABLE = "a,name,b,c\n1,x,10,0.5\n2,y,20,0.25\n3,z,30,0.125\n"


class TestFromTable:
    def test_the_first_two_columns_of_numbers(self) -> None:
        dataset = dataset_from_table(read_text(TABLE))
        assert dataset.names == ("a", "b")
        assert dataset.points.tolist() == [[1, 10], [2, 20], [3, 30]]
        assert not dataset.points.flags.writeable

    def test_the_columns_asked_for_in_their_order(self) -> None:
        dataset = dataset_from_table(read_text(TABLE), ["c", "A "])
        assert dataset.names == ("c", "a")
        assert dataset.points.tolist() == [[0.5, 1], [0.25, 2], [0.125, 3]]

    def test_one_column_where_there_is_one(self) -> None:
        assert dataset_from_table(read_text("name,v\nx,1\ny,2\n")).names == ("v",)

    @pytest.mark.parametrize(
        ("text", "columns", "said"),
        [
            (TABLE, ["d"], "has no column 'd'; choose among 'a', 'name', 'b', 'c'"),
            (TABLE, ["name"], "'name' holds text, not numbers; correct it, or choose among 'a', 'b', 'c'"),
            (TABLE, ["a", "a"], "chosen twice"),
            (TABLE, [], "at least one"),
            ("name\nx\ny\n", None, "no column of numbers"),
            ("v\n1\n2\nthree\n4\n", None, "column 'v' holds text such as 'three' (row 3)"),
            ("v,w\n1,2\n2,3\nthree,4\n", ["v"], "holds text such as 'three' (row 3), not numbers"),
            ("v,w\n1,\n2,\n", ["w"], "'w' is empty; choose among 'v'"),
            ("v,w\n1,NA\nNA,2\n", None, "No row of 'the clipboard' can be used"),
            ("v\ninf\n-inf\n", None, "an infinite value in 'v'"),
        ],
    )
    def test_what_cannot_be_fitted_is_one_sentence(self, text: str, columns: list[str] | None, said: str) -> None:
        with pytest.raises(DataError) as refusal:
            dataset_from_table(read_text(text), columns)
        assert said in str(refusal.value)
        assert "\n" not in str(refusal.value)

    def test_a_column_left_out_for_a_stray_word_is_told(self) -> None:
        dataset = dataset_from_table(read_text("u,v,w\n1,1,1\n2,oops,2\n3,3,5\n"))
        assert dataset.names == ("u", "w")
        assert dataset.messages == (
            "Column 'v' is not offered for fitting, because it holds text such as 'oops' (row 2).",
        )

    def test_constant_and_repeated_columns_are_told(self) -> None:
        dataset = dataset_from_table(read_text("u,v,w\n1,7,1\n2,7,2\n3,7,3\n"), ["u", "v", "w"])
        assert dataset.messages == (
            "All values of 'v' are 7; choose a column that varies.",
            "'w' repeats 'u'; choose only one of them.",
        )

    def test_names_in_sentences_are_short_and_visible(self) -> None:
        name = "x\N{RIGHT-TO-LEFT OVERRIDE}" + "y" * 10_000
        dataset = dataset_from_table(read_text(f"{name},w\n1,1\nNA,2\n3,5\n"))
        assert dataset.names[0] == name
        assert len(dataset.messages[0]) < 150
        assert "\N{RIGHT-TO-LEFT OVERRIDE}" not in dataset.messages[0]


class TestFromArray:
    def test_one_and_two_dimensions(self) -> None:
        assert dataset_from_array([1, 2, 3]).points.shape == (3, 1)
        dataset = dataset_from_array(np.eye(3), source="unit")
        assert (dataset.names, dataset.source) == (("column 1", "column 2", "column 3"), "unit")

    @pytest.mark.parametrize("points", [np.zeros((2, 2, 2)), [], [[np.nan]], [[np.inf, 1]]])
    def test_no_points(self, points: object) -> None:
        with pytest.raises(DataError):
            dataset_from_array(points)  # type: ignore[arg-type]


class TestSamples:
    @pytest.mark.parametrize("sample", SAMPLES.values(), ids=SAMPLES.keys())
    def test_every_one_can_be_fitted(self, sample: object) -> None:
        dataset = SAMPLES[sample.id].load()  # type: ignore[attr-defined]
        assert dataset.sample == sample.id  # type: ignore[attr-defined]
        assert np.isfinite(dataset.points).all()
        assert dataset.components > 1
        assert dataset.messages == ()
        assert (dataset.generator is not None) == SAMPLES[dataset.sample].sized

    def test_the_three_groups_of_the_article(self) -> None:
        dataset = SAMPLES["three-groups"].load()
        assert dataset.size == 300
        assert dataset.truth is not None
        assert_allclose(dataset.truth.weights, 1 / 3)
        assert dataset.truth.means.tolist() == [[-5], [5], [0]]
        assert dataset.truth.covariances.ravel().tolist() == [1.2, 1.8, 1.6]
        assert sorted(Counter(dataset.labels.tolist()).values()) == [100, 100, 100]  # type: ignore[union-attr]

    def test_the_two_groups_of_the_article(self) -> None:
        dataset = SAMPLES["two-groups"].load()
        assert Counter(dataset.labels.tolist()) == {0: 1000, 1: 1000}  # type: ignore[union-attr]
        assert dataset.truth is not None
        assert dataset.truth.means.tolist() == [[0], [5]]
        assert dataset.truth.covariances.ravel().tolist() == [1, 1]

    def test_the_overlapping_groups_of_the_article(self) -> None:
        dataset = SAMPLES["overlapping-groups"].load()
        assert Counter(dataset.labels.tolist()) == {0: 1000, 1: 1000}  # type: ignore[union-attr]
        assert dataset.truth is not None
        assert dataset.truth.means.tolist() == [[0, 0], [2, 0]]
        assert dataset.truth.covariances.tolist() == [[[1, 0.7], [0.7, 1]], [[0.5, 0.4], [0.4, 0.5]]]

    @pytest.mark.parametrize("name", ["three-groups", "two-groups", "overlapping-groups"])
    def test_points_are_drawn_with_variances_and_not_standard_deviations(self, name: str) -> None:
        dataset = SAMPLES[name].load(size=60_000)
        assert dataset.truth is not None
        for c in range(dataset.truth.n_components):
            own = dataset.points[dataset.labels == c]
            assert_allclose(own.mean(axis=0), dataset.truth.means[c], atol=0.05)
            assert_allclose(
                np.cov(own.T).reshape(dataset.truth.covariances[c].shape),
                dataset.truth.covariances[c],
                atol=0.06,
            )

    def test_another_size_keeps_the_proportions_and_a_seed_decides(self) -> None:
        sample = SAMPLES["three-groups"]
        dataset = sample.load(size=31, seed=4)
        assert sorted(Counter(dataset.labels.tolist()).values()) == [10, 10, 11]  # type: ignore[union-attr]
        assert dataset.seed == 4
        assert_array_equal(dataset.points, sample.load(size=31, seed=4).points)
        assert not np.array_equal(dataset.points, sample.load(size=31, seed=5).points)
        with pytest.raises(DataError, match="number of points"):
            sample.load(size=0)

    def test_real_data(self) -> None:
        faithful = SAMPLES["faithful"].load()
        assert (faithful.size, faithful.names, faithful.unit) == (272, ("eruptions", "waiting"), "minutes")
        assert faithful.points[0].tolist() == [3.6, 79.0]
        iris = SAMPLES["iris"].load()
        assert (iris.size, iris.dimension) == (150, 4)
        assert Counter(iris.labels.tolist()) == {0: 50, 1: 50, 2: 50}  # type: ignore[union-attr]
        galaxies = SAMPLES["galaxies"].load()
        assert (galaxies.size, galaxies.names) == (82, ("velocity_1000km_s",))
        assert 26.96 in galaxies.points
        assert 26.69 not in galaxies.points

    @pytest.mark.parametrize("name", ["faithful", "Old Faithful", "old_faithful", " GEYSER ", "Iris"])
    def test_names_that_people_use(self, name: str) -> None:
        assert find_sample(name).file in ("faithful.csv", "iris.csv")

    def test_an_unknown_name_lists_those_there_are(self) -> None:
        with pytest.raises(DataError, match="'faithful', 'iris'"):
            find_sample("titanic")


class TestColumnsOfOpenData:
    def test_nothing_named_is_the_three_groups(self) -> None:
        assert open_dataset().sample == "three-groups"

    def test_a_pair_of_the_iris_and_back(self) -> None:
        iris = open_dataset(sample="iris")
        pair = with_columns(iris, ["Petal.Width", "Sepal.Length"])
        assert pair.names == ("Petal.Width", "Sepal.Length")
        assert (pair.source, pair.components, pair.unit, pair.sample) == ("Iris", 3, "cm", "iris")
        assert pair.labels is not None
        assert_array_equal(with_columns(pair, iris.names).points, iris.points)

    def test_a_column_of_generated_points_and_back(self) -> None:
        both = open_dataset(sample="overlapping-groups")
        y = with_columns(both, ["y"])
        assert_array_equal(y.points[:, 0], both.points[:, 1])
        assert y.truth is not None
        assert y.truth.covariances.ravel().tolist() == [1.0, 0.5]
        assert y.available_columns == ("x", "y")
        assert_array_equal(with_columns(y, ["x", "y"]).points, both.points)
        with pytest.raises(DataError, match="no such columns"):
            with_columns(both, ["z"])


class TestMixtureGenerator:
    def test_what_is_typed_is_what_is_drawn_from(self) -> None:
        generator = MixtureGenerator((0.25, 0.75), ((0.0, 1.0), (5.0, 6.0)), (((1.0, 0.5), (0.5, 2.0)),) * 2, 4000)
        dataset = generator.dataset(seed=3)
        assert isinstance(dataset, Dataset)
        assert dataset.truth is not None
        assert dataset.truth.means.tolist() == [[0, 1], [5, 6]]
        assert dataset.generator is generator
        counts: Counter[int] = Counter(dataset.labels.tolist())  # type: ignore[union-attr]
        assert counts[0] != 1000
        assert abs(counts[0] - 1000) < 120

    def test_exact_shares(self) -> None:
        generator = MixtureGenerator((0.25, 0.75), ((0.0,), (5.0,)), (((1.0,),),) * 2, 1000, exact=True)
        assert Counter(generator.dataset(0).labels.tolist()) == {0: 250, 1: 750}  # type: ignore[union-attr]

    def test_proportions_are_scaled_and_said(self) -> None:
        dataset = MixtureGenerator((1, 1, 2), ((0.0,), (1.0,), (2.0,)), (((1.0,),),) * 3).dataset(0)
        assert dataset.truth is not None
        assert dataset.truth.weights.tolist() == [0.25, 0.25, 0.5]
        assert dataset.messages == (
            "The weights 1, 1, 2 do not sum to 1 and were taken as proportions: 0.25, 0.25, 0.5.",
        )

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"weights": (0.5, -0.5)}, "Weights must be positive"),
            ({"weights": (0.0, 0.0)}, "Weights must be positive"),
            ({"weights": (0.5, float("nan"))}, "Weights must be positive"),
            ({"weights": (1.0,)}, "Each component needs"),
            ({"means": ((0.0,), (1.0, 2.0))}, "Component 2 must have 1 mean"),
            ({"means": ((0.0,), (float("inf"),))}, "Component 2 has a mean or covariance that is not"),
            ({"covariances": (((1.0,),), ((0.0,),))}, "Component 2 has a variance that is not positive"),
            ({"covariances": (((1.0,),), ((-1.0,),))}, "Component 2 has a variance that is not positive"),
            ({"size": 0}, "number of points"),
            ({"size": 10**12}, "number of points"),
        ],
    )
    def test_a_mixture_that_is_none(self, changes: dict[str, object], said: str) -> None:
        with pytest.raises(DataError, match=said):
            MixtureGenerator(**changes)  # type: ignore[arg-type]

    @pytest.mark.parametrize(
        ("covariance", "said"),
        [
            (((1.0, 2.0), (2.0, 1.0)), "too large for its variances"),
            (((1.0, 0.5), (0.4, 1.0)), "not symmetric"),
            (((1.0, 0.5),), "must have 2 mean values and a 2 x 2 covariance"),
        ],
    )
    def test_a_covariance_that_is_none(self, covariance: tuple[tuple[float, ...], ...], said: str) -> None:
        with pytest.raises(DataError, match=said):
            MixtureGenerator((1.0,), ((0.0, 0.0),), (covariance,))


def test_a_column_that_is_called_weight_is_not_fitted_without_a_word(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text("x,weight\n1,2\n3,1\n5,4\n")
    table = read_table(path)
    assert any("'weight' is fitted like any other column" in said for said in dataset_from_table(table).messages)
    assert not any("like any other" in said for said in dataset_from_table(table, ["x"], "weight").messages)
    assert not any("like any other" in said for said in dataset_from_table(table, ["x", "weight"]).messages)
