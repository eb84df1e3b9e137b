"""The page that reports a fit, read back."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser

import numpy as np
import pytest

from gmm_desktop.data import dataset_from_array, open_dataset
from gmm_desktop.export import FitReport
from gmm_desktop.export.report_html import page_html
from gmm_desktop.export.report_page import MOST_COLUMNS, MOST_ROWS, report_page, rounded
from gmm_desktop.mixture import FitSettings, Mixture, fit
from tests.export.made import made

EVIL = ('<img src=x onerror="alert(1)">', "\u202eevil\x1b]0;'&amp;\n", "w" * 10_000)


class Reader(HTMLParser):
    """The rows of the tables, the sentences, and every element with its attributes."""

    def __init__(self, content: bytes) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[list[str]] = []
        self.texts: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.code = ""
        self._in: list[str] = []
        self.feed(content.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._in.append(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        while self._in and self._in.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        inside = self._in[-1] if self._in else ""
        if inside in ("td", "th"):
            self.rows[-1][-1] += data
        elif inside == "pre":
            self.code += data
        elif inside == "p":
            self.texts.append(data)

    def fact(self, name: str) -> str:
        return next(row[1] for row in self.rows if row[0] == name and len(row) == 2)


def read(report: FitReport) -> Reader:
    return Reader(page_html(report_page(report), ()))


def parameters(report: FitReport) -> dict:  # type: ignore[type-arg]
    return json.loads(made(report, "fit.json", "parameters"))  # type: ignore[no-any-return]


def test_the_numbers_are_those_of_the_parameter_file(faithful_report: FitReport) -> None:
    page, file = read(faithful_report), parameters(faithful_report)
    result = file["result"]
    for name, key in (("Log-likelihood", "log_likelihood"), ("AIC", "aic"), ("AICc", "aicc"), ("BIC", "bic")):
        assert page.fact(name) == f"{result[key]:.2f}"
    assert page.fact("Iterations") == str(result["iterations"])
    assert page.fact("Free parameters") == str(result["parameters"])
    assert page.fact("Outcome").startswith(result["outcome"])
    assert page.fact("SHA-256").split()[0] == file["data"]["sha256"]
    assert "Lower AIC, AICc, BIC and ICL are better." in page.texts
    mixture = file["mixture"]
    d = len(file["data"]["columns"])
    rows = [row for row in page.rows if len(row) == 5 + d][1:]
    for c, letter in enumerate(mixture["names"]):
        mine = rows[c * d : (c + 1) * d]
        assert mine[0][0] == letter
        assert float(mine[0][1]) == pytest.approx(mixture["weights"][c], rel=1e-5)
        assert [float(row[3]) for row in mine] == pytest.approx(mixture["means"][c], rel=1e-5)
        covariance = np.array([[float(cell) for cell in row[5:]] for row in mine])
        assert covariance == pytest.approx(np.array(mixture["covariances"][c]), rel=1e-5)
        assert [float(row[4]) ** 2 for row in mine] == pytest.approx(np.diag(covariance), rel=1e-4)


def test_the_columns_are_summarised(faithful_report: FitReport) -> None:
    points = faithful_report.dataset.points
    row = next(row for row in read(faithful_report).rows if row[0] == "waiting")
    wanted = [points[:, 1].min(), points[:, 1].mean(), points[:, 1].std(), points[:, 1].max()]
    assert [float(cell) for cell in row[1:]] == pytest.approx(wanted, rel=1e-5)


def test_every_setting_is_told_with_its_id(faithful_report: FitReport) -> None:
    told = {row[0]: row[1] for row in read(faithful_report).rows if len(row) == 2}
    settings = parameters(faithful_report)["settings"]
    words = " ".join(told.values())
    for value in settings.values():
        if isinstance(value, str):
            assert value in words
    assert told["Tolerance"] == "1e-6"
    assert len(report_page(faithful_report).settings.facts) == len(settings)


def test_what_was_skipped_is_told(groups_report: FitReport) -> None:
    page = read(groups_report)
    assert page.fact("Rows") == "8 read, 2 of them skipped"
    assert any("skipped" in text for text in page.texts)


def test_an_early_iteration_is_provisional(faithful_report: FitReport) -> None:
    early = FitReport(faithful_report.dataset, faithful_report.settings, faithful_report.history, 1)
    page = read(early)
    assert page.fact("BIC") == f"{early.criteria.bic:.2f}, provisional"
    assert page.fact("Outcome") == "not at its end yet"
    assert "provisional" not in read(faithful_report).fact("BIC")


def test_the_command_line_repeats_the_fit(faithful_report: FitReport) -> None:
    code = read(faithful_report).code
    assert code.startswith("gmm-desktop --sample faithful --components 2 ")
    assert "--seed 0" in code


def test_a_fit_that_was_used_is_used_again(faithful_report: FitReport) -> None:
    fitted = faithful_report
    used = FitReport(fitted.dataset, fitted.settings, fitted.history, 0, used="my fit.json")
    page = read(used)
    assert page.fact("Outcome") == "not fitted: the parameters are those of my fit.json"
    written = re.search(r"cat > (gmm-desktop-used-\w+\.json) <<", page.code)
    assert written is not None
    assert page.code.endswith(f"gmm-desktop --sample faithful --use {written[1]}")
    assert "# The fit in 'my fit.json' is not made again" in page.code


def evil_report() -> FitReport:
    rng = np.random.default_rng(1)
    points = rng.normal(size=(60, 3))
    points[:30] += 4
    settings = FitSettings(components=2, covariance="diag", max_iterations=5)
    dataset = dataset_from_array(points, EVIL, source=EVIL[0] + EVIL[1] + EVIL[2])
    return FitReport(dataset, settings, fit(points, settings))


def test_names_are_no_markup_and_turn_nothing(groups_report: FitReport) -> None:
    content = page_html(report_page(evil_report()), ())
    evil, plain = Reader(content), read(groups_report)
    assert {name for name, _ in evil.elements} <= {name for name, _ in plain.elements} | {"details", "summary"}
    assert not any(key.startswith("on") for _, attributes in evil.elements for key in attributes)
    text = content.decode()
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x1b]", text)
    assert "<U+202E>evil" in " ".join(cell for row in evil.rows for cell in row)
    assert "w" * 200 not in re.sub("<pre>.*</pre>", "", text, flags=re.DOTALL)


def test_it_needs_no_other_file(faithful_report: FitReport) -> None:
    page = read(faithful_report)
    assert not any(key in ("src", "href") for _, attributes in page.elements for key in attributes)
    assert not {"script", "link", "iframe"} & {name for name, _ in page.elements}
    assert any("default-src 'none'" in str(attributes.get("content")) for _, attributes in page.elements)


def test_many_columns_and_components_are_cut_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(2)
    points = rng.normal(size=(400, 11))
    settings = FitSettings(components=12, covariance="spherical", max_iterations=2)
    dataset = dataset_from_array(points, tuple(f"c{i}" for i in range(11)))
    page = report_page(FitReport(dataset, settings, fit(points, settings)))
    assert page.components.table is not None
    assert len(page.components.table.rows) <= MOST_ROWS
    assert any(f"{12 - MOST_ROWS // MOST_COLUMNS} more components" in said for said in page.components.sentences)
    assert any("3 more columns are fitted" in said for said in page.data.sentences)
    assert page.command.aside


def test_the_same_fit_makes_the_same_page(faithful_report: FitReport) -> None:
    again = FitReport(open_dataset(sample="faithful"), faithful_report.settings, faithful_report.history)
    assert page_html(report_page(again), ()) == page_html(report_page(faithful_report), ())


@pytest.mark.parametrize(
    ("value", "spread", "wanted"),
    [
        (1.7e9 + 0.5, 0.25, "1700000000.5"),
        (1234567.8, 1e6, "1.23457e6"),
        (1e-100, 1e-101, "1e-100"),
        (float("nan"), 1.0, "–"),
        (0.0, 1.0, "0"),
        (-2.5, 0.0, "-2.5"),
        (1e300, 1e-300, "1.0000000000000001e300"),
    ],
)
def test_rounding_keeps_what_tells_values_apart(value: float, spread: float, wanted: str) -> None:
    assert rounded(value, spread) == wanted


def test_one_column_has_a_variance() -> None:
    points = np.random.default_rng(0).normal(size=(50, 1))
    start = Mixture([1.0], [[0.0]], [[[1.0]]])
    settings = FitSettings(components=1)
    report = FitReport(dataset_from_array(points), settings, fit(points, settings, start=start), start=start)
    page = report_page(report)
    assert page.components.table is not None
    assert page.components.table.header[-1] == "variance"
    assert ("Start", "placed by a person or from a file") in page.settings.facts
