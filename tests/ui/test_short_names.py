"""Names that are cut are still told apart."""

from __future__ import annotations

import pytest

from gmm_desktop.ui.short_names import short_names


def cut(text: str) -> str:
    return text if len(text) <= 8 else f"{text[:7]}…"


def cut_inside(text: str) -> str:
    return text if len(text) <= 8 else f"{text[:4]}…{text[-3:]}"


@pytest.mark.parametrize(
    ("names", "shown"),
    [
        (["eruption", "waiting"], ["eruption", "waiting"]),
        (["eruptions", "waiting"], ["eruptio…", "waiting"]),
        (["Sepal.Length", "Sepal.Width"], ["Sepal.L…", "Sepal.W…"]),
        (["Sepals.Length", "Sepals.Width"], ["S.Length", "S.Width"]),
        (["measurement 1", "measurement 2"], ["m 1", "m 2"]),
        (["measurement1", "measurement2"], ["meas…nt1", "meas…nt2"]),
        (["aaaaaaaaaaaaaaaa", "aaaaaaaaabaaaaaa"], ["aaaaaaa…", "aaaaaaa…"]),
        (["__________", "x"], ["_______…", "x"]),
    ],
)
def test_the_first_way_that_tells_them_apart(names: list[str], shown: list[str]) -> None:
    assert short_names(names, cut, cut_inside) == shown
