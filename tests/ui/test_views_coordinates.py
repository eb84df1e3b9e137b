"""Numbers on axes, bins, cells and shades: what the plots compute before they paint."""

from __future__ import annotations

import numpy as np
import pytest

from gmm_desktop.ui.theme import LIGHT
from gmm_desktop.ui.views.binning import automatic_bins, histogram
from gmm_desktop.ui.views.cells import count_cells, palest
from gmm_desktop.ui.views.colours import GREY, LEVELS, shade_colours, shades
from gmm_desktop.ui.views.coordinates import IDENTITY, Limits, scale_for
from gmm_desktop.ui.views.shown import shown_mixture
from gmm_desktop.ui.views.style import PlotStyle
from gmm_desktop.ui.views.ticks import ticks
from tests.ui.showing import mixture


class TestTicks:
    def test_round_numbers_inside_of_the_range(self) -> None:
        made = ticks(1.42, 5.28, IDENTITY, 8)
        assert made.strings == ["1.5", "2.0", "2.5", "3.0", "3.5", "4.0", "4.5", "5.0"]
        assert made.note == ""

    def test_a_minus_sign_and_no_negative_zero(self) -> None:
        assert ticks(-1.0, 1.0, IDENTITY, 2).strings == ["−1", "0", "1"]

    def test_whole_numbers_only(self) -> None:
        assert ticks(-0.2, 3.2, IDENTITY, 20, whole=True).strings == ["0", "1", "2", "3"]

    def test_a_large_offset_moves_into_the_title(self) -> None:
        made = ticks(1e9, 1e9 + 4, IDENTITY, 4)
        assert made.strings == ["−2", "−1", "0", "1", "2"] or made.strings == ["0", "1", "2", "3", "4"]
        base = float(made.note.strip("(− )"))
        shown = [base + float(text.replace("−", "-")) for text in made.strings]
        assert shown == pytest.approx(made.positions, abs=1e-6)

    def test_a_tiny_scale_moves_into_the_title(self) -> None:
        scale = scale_for(-2e-100, 3e-100)
        made = ticks((-2e-100 - scale.offset) / scale.factor, (3e-100 - scale.offset) / scale.factor, scale, 5)
        assert made.strings == ["−2", "−1", "0", "1", "2", "3"]
        assert made.note == "(× 10⁻¹⁰⁰)"

    @pytest.mark.parametrize("power", range(-12, 13, 3))
    def test_what_is_written_is_where_it_stands(self, power: int) -> None:
        low, high = 1.3 * 10.0**power, 7.7 * 10.0**power
        made = ticks(low, high, IDENTITY, 6)
        superscripts = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
        exponent = int(made.note[5:-1].translate(superscripts)) if made.note else 0
        written = [float(text) * 10.0**exponent for text in made.strings]
        assert written == pytest.approx(made.positions, rel=1e-9)
        assert 3 <= len(written) <= 8


class TestScale:
    def test_usual_data_are_drawn_as_they_are(self) -> None:
        for low, high in ((0.0, 1.0), (43.0, 96.0), (-1e6, 1e6), (1e9, 1e9 + 50)):
            assert scale_for(low, high) == IDENTITY

    @pytest.mark.parametrize(("low", "high"), [(-3e-100, 5e-100), (1e15, 1e15 + 8), (-1e200, 2e200), (7e-90, 7e-90)])
    def test_extremes_become_numbers_about_one_and_come_back(self, low: float, high: float) -> None:
        scale = scale_for(low, high)
        view = scale.to_view(np.array([low, high]))
        assert np.abs(view).max() < 100
        assert [scale.to_data(v) for v in view] == pytest.approx([low, high], rel=1e-12)


class TestHistogram:
    def test_its_area_is_one_and_nothing_is_lost(self) -> None:
        values = np.random.default_rng(0).normal(size=1000)
        bars = histogram(values, (values.min(), values.max()), 37, None)
        expected, edges = np.histogram(values, bins=37, density=True)
        np.testing.assert_allclose(bars.heights, expected)
        np.testing.assert_allclose(bars.edges, edges)

    def test_rows_with_weights_count_by_them(self) -> None:
        bars = histogram(np.array([0.0, 1.0]), (0.0, 1.0), 2, np.array([3.0, 1.0]))
        np.testing.assert_allclose(bars.heights, [1.5, 0.5])

    @pytest.mark.parametrize("n", [3, 30, 300, 3_000, 300_000])
    def test_a_sensible_number_of_bins(self, n: int) -> None:
        values = np.random.default_rng(0).normal(size=n)
        assert 10 <= automatic_bins(values, (values.min(), values.max())) <= 200

    def test_one_repeated_value_is_one_bar(self) -> None:
        bars = histogram(np.full(50, 3.0), (3.0, 3.0), 0, None)
        assert (bars.heights > 0).sum() == 1


class TestCells:
    LIMITS = Limits(0.0, 10.0, 0.0, 10.0)

    def test_a_lone_point_becomes_a_disc_where_it_is(self) -> None:
        cells = count_cells(np.array([2.5]), np.array([7.5]), self.LIMITS, (100, 100), 3.0, 1.0)
        assert cells is not None
        rows, columns = np.nonzero(cells.opacity)
        assert (rows.mean() + 0.5) == pytest.approx(25, abs=1.5)
        assert (columns.mean() + 0.5) == pytest.approx(25, abs=1.5)
        assert rows.size == pytest.approx(np.pi * 3.0**2, rel=0.5)

    def test_each_point_is_in_one_cell_and_the_edges_belong_to_it(self) -> None:
        rng = np.random.default_rng(1)
        x, y = rng.uniform(0, 10, 60_000), rng.uniform(0, 10, 60_000)
        x[:2], y[:2] = (0.0, 10.0), (0.0, 10.0)
        cells = count_cells(x, y, self.LIMITS, (60, 40), 2.0, 2.0)
        assert cells is not None
        assert cells.owner.shape == (80, 120)
        assert cells.x.size == 2400
        assert (np.unique(cells.owner) == np.arange(2400)).all()

    def test_it_can_be_given_up(self) -> None:
        many = np.zeros(600_000)
        assert count_cells(many, many, self.LIMITS, (60, 40), 2.0, 1.0, lambda: True) is None

    def test_brightness_does_not_jump_where_discs_end(self) -> None:
        assert palest(20_001) == pytest.approx(1.0, abs=0.001)
        assert 0.5 < palest(10_000_000) < 0.7


class TestShades:
    def test_uncertain_is_grey_and_certain_is_the_hue(self) -> None:
        log_joint = np.log(np.array([[0.5, 1.0, 1e-12], [0.5, 1e-12, 1.0]]))
        style = PlotStyle(LIGHT)
        colours = [shade_colours(style, 2)[s] for s in shades(log_joint, "soft")]
        assert colours == [LIGHT.points, style.colour(0), style.colour(1)]

    def test_the_hue_fades_out_before_it_changes(self) -> None:
        share = np.linspace(0.3, 0.7, 81)
        levels = (shades(np.log(np.stack([share, 1 - share])), "soft") - 1) % LEVELS
        assert np.abs(np.diff(levels)).max() <= 1

    def test_hard_labels_know_no_doubt_and_plain_no_hue(self) -> None:
        log_joint = np.log(np.array([[0.51, 0.3], [0.49, 0.7]]))
        assert list(shades(log_joint, "hard")) == [LEVELS, 2 * LEVELS]
        assert set(shades(log_joint, "plain")) == {GREY}


def test_the_shown_density_is_the_marginal() -> None:
    four = mixture([[0, 1, 2, 3], [3, 2, 1, 0]], 0.7)
    points = np.random.default_rng(0).normal(size=(20, 4))
    shown = shown_mixture(four, (2, 0), (IDENTITY, IDENTITY))
    expected = four.marginal([2, 0]).log_joint(points[:, [2, 0]])
    np.testing.assert_allclose(shown.log_joint(points[:, 2], points[:, 0]).T, expected, rtol=1e-12)
