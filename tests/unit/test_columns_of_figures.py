"""Which columns of a table are set to the right: figures are, names that look like them are not."""

import pytest

from dashboards.components.tables import Drawn, are_figures


@pytest.mark.parametrize(
    "column",
    [
        ["1,5", "–"],
        ["3,1\u00a0%", ":"],
        ["−0,1 (−6,4\u00a0…\u00a0+6,1)", ""],
        ["8,4\u00a0per\u00a01\u00a0000"],
        ["12\u00a0419\u00a0kr"],
        ["<10", "11"],
        ["1,234.5"],
        ["+0,5\u00a0pp"],
    ],
)
def test_figures_with_or_without_unit_and_interval_are_figures(column: list[str]) -> None:
    assert are_figures(column)


@pytest.mark.parametrize(
    "column",
    [
        ["2018", "2017"],
        ["31.12.2018"],
        ["30.11.2026 12:41"],
        ["1.1.0"],
        ["0 Venteliste"],
        ["D000004"],
        ["4", "Ikke målt"],
        ["–", ""],
        [Drawn("5")],
    ],
)
def test_years_days_versions_and_words_are_names(column: list[str]) -> None:
    assert not are_figures(column)
