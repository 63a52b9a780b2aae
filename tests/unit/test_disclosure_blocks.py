"""What is attacked anew is what tells more than the last edition did, and not what only says it so.

Figures of one unit in two years: its months, its years and a window over both.
"""

from datetime import date

import duckdb
import polars as pl
import pytest

from pipelines.disclosure.accounts import ECONOMY_TABLES
from pipelines.disclosure.atoms import truth_of
from pipelines.disclosure.blocks import changed_blocks
from tests.disclosure_town import Town

MONTHS, YEARS, WINDOWS = "fct_metric_months", "mart_metric_years", "mart_before_after"
Row = tuple[str, tuple[int, int], tuple[int, int], float | None]
MARCH_TO_MARCH = ((2016, 3), (2017, 3))
BOTH_YEARS = ((2016, 1), (2017, 12))


def months(year: int, *, through: int = 12, each: float = 2.0) -> list[Row]:
    return [(MONTHS, (year, month), (year, month), each) for month in range(1, through + 1)]


def year_of(year: int, figure: float | None) -> Row:
    return (YEARS, (year, 1), (year, 12), figure)


def changed(new: list[Row], old: list[Row]) -> list[tuple[str, int]]:
    con = duckdb.connect()
    for place in ("new", "old"):
        con.execute(f"create schema {place}")
        for table in ECONOMY_TABLES:
            con.execute(f"create table {place}.{table} (unit_id varchar, year int)")
    truth = truth_of(Town({"u1": "s"}, {("u1", "short", 1): 2.0}).sources())
    blocks = changed_blocks(con, truth, ("new", _figures(new)), ("old", _figures(old)))
    return [(family, year) for family, year in blocks.iter_rows()]


def _figures(rows: list[Row]) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "table_name": [table for table, *_ in rows],
            "level": ["unit"] * len(rows),
            "group_id": ["u1"] * len(rows),
            "metric_id": ["short"] * len(rows),
            "side": ["numerator"] * len(rows),
            "first_month": [date(*first, 1) for _, first, _, _ in rows],
            "last_month": [date(*last, 1) for _, _, last, _ in rows],
            "figure": pl.Series([figure for *_, figure in rows], dtype=pl.Float64),
            "slack": [1e-3] * len(rows),
        }
    )


OLD = [*months(2016), year_of(2016, 24.0), *months(2017, through=2), year_of(2017, None)]


def test_nothing_new_is_nothing_to_attack() -> None:
    assert changed(OLD, OLD) == []


def test_a_month_is_attacked_with_its_year() -> None:
    assert changed([*OLD, *months(2017)[2:3]], OLD) == [("total", 2017)]


@pytest.mark.parametrize(
    ("window", "new"),
    [
        pytest.param((*MARCH_TO_MARCH, 26.0), months(2017)[2:3], id="months of both years"),
        pytest.param((*BOTH_YEARS, 54.0), [year_of(2017, 30.0)], id="the years themselves"),
        pytest.param(((2016, 3), (2017, 12), 50.0), [year_of(2017, 30.0)], id="some of a year"),
        pytest.param((*BOTH_YEARS, None), [year_of(2017, 30.0)], id="hidden"),
    ],
)
def test_a_window_that_adds_up_from_what_is_shown_brings_no_other_year_with_it(
    window: tuple[tuple[int, int], tuple[int, int], float | None], new: list[Row]
) -> None:
    assert changed([*OLD, *new, (WINDOWS, *window)], OLD) == [("total", 2017)]


@pytest.mark.parametrize(
    ("window", "new"),
    [
        pytest.param((*BOTH_YEARS, 54.0), [], id="a year in it is hidden"),
        pytest.param((*BOTH_YEARS, 53.9), [year_of(2017, 30.0)], id="it is no sum of them"),
        pytest.param((*MARCH_TO_MARCH, 26.0), [], id="a month in it is hidden"),
        pytest.param(
            ((2016, 3), (2017, 12), 54.0), [year_of(2017, 30.0)], id="a year is not whole"
        ),
    ],
)
def test_a_window_that_tells_more_is_attacked_with_all_its_years(
    window: tuple[tuple[int, int], tuple[int, int], float | None], new: list[Row]
) -> None:
    assert changed([*OLD, *new, (WINDOWS, *window)], OLD) == [("total", 2016), ("total", 2017)]


def test_a_window_that_is_gone_was_known_and_hides_nothing() -> None:
    old = [*OLD, (WINDOWS, *BOTH_YEARS, 54.0)]
    assert changed(OLD, old) == []
    # but a month or a year that is gone is hidden now
    assert changed([row for row in OLD if row[0] == MONTHS], OLD) == [
        ("total", 2016),
        ("total", 2017),
    ]
