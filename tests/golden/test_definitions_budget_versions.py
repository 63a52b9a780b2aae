"""Which lines of a budget that was decided more than once count, worked out by hand."""

from pathlib import Path

import pytest

from tests.dbt_fixture import fetch
from tests.golden.definitions_town import ORDERS, D, definitions_warehouse, measure


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    return definitions_warehouse(tmp_path_factory, worker_id)


def _year(warehouse: Path, year: int, column: str = "revised_budget_nok") -> float:
    ((value,),) = fetch(
        warehouse,
        f"select {column} from marts.mart_economy_totals where unit_id = 'versions'"
        f" and art_group = 'all' and year = {year}",
    )
    return value


def test_a_version_of_changed_lines_is_laid_over_the_one_before(warehouse: Path) -> None:
    assert _year(warehouse, 2011) == 2 * (245_000 + 18_000)
    assert measure(warehouse, "versions", D(2011, 2, 1), "revised_budget_nok") == 263_000


def test_a_whole_version_replaces_and_version_ten_comes_after_nine(warehouse: Path) -> None:
    assert _year(warehouse, 2012) == 10 * 2_000


def test_names_that_are_dates_sort_as_dates_and_nothing_takes_a_line_out(warehouse: Path) -> None:
    assert _year(warehouse, 2013) == 700 + 500 + 0


def test_a_column_that_one_version_leaves_empty_does_not_name_a_line(warehouse: Path) -> None:
    assert _year(warehouse, 2014) == 100 + 100 + 60


def test_the_latest_original_budget_counts_alone(warehouse: Path) -> None:
    assert _year(warehouse, 2014, "original_budget_nok") == 7


def test_what_each_version_holds_of_the_earlier_is_counted(warehouse: Path) -> None:
    found = fetch(
        warehouse,
        "select year, version, n_lines, n_known_lines, n_earlier_lines, is_whole"
        " from intermediate.int_ledger__unit_versions where unit_id = 'versions'"
        " and amount_type = 'revised_budget' and year in (2011, 2012) order by year, version_no",
    )
    assert found == [
        (2011, "1", 4, 0, 0, True),
        (2011, "2", 2, 2, 4, False),
        (2012, "R9", 11, 0, 0, True),
        (2012, "R10", 10, 10, 11, True),
    ]


@pytest.mark.parametrize(("year", "ordered"), ORDERS.items())
def test_names_of_versions_sort_as_their_numbers(
    warehouse: Path, year: int, ordered: tuple[str, ...]
) -> None:
    found = fetch(
        warehouse,
        f"select version from intermediate.int_ledger__versions where year = {year}"
        " order by version_no",
    )
    assert tuple(version for (version,) in found) == ordered
