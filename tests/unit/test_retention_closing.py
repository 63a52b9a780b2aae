"""How far absences are closed: whole years, never what is not delivered yet, never backwards."""

from datetime import date

import duckdb
import pytest

from pipelines.retention.closing import Closing, closing_of, kept_sums
from pipelines.warehouse.closed import CLOSED_TABLES, closed_until

_MODELS = (
    "int_sick_leave__unit_sums", "int_sick_leave__unit_matches", "int_sick_leave__group_months",
    "int_sick_leave__unit_years",
)  # fmt: skip


@pytest.fixture
def con() -> duckdb.DuckDBPyConnection:
    """A warehouse whose absences are covered to the middle of 2019."""
    con = duckdb.connect()
    con.execute("create schema ops; create schema intermediate")
    for name, (_, columns) in CLOSED_TABLES.items():
        body = ", ".join(f"{column} {kind}" for column, (kind, _) in columns.items())
        con.execute(f"create table ops.{name} ({body})")
    for name in _MODELS:
        con.execute(f"create table intermediate.{name} (month date)")
    con.execute(
        "create table intermediate.int_sick_leave__months_delivered as"
        " select unnest(range(date '2010-01-01', date '2019-07-01', interval 1 month)) as month"
    )
    return con


@pytest.mark.parametrize(
    ("keeps_from", "open_from", "rows_before"),
    [
        # the first January at least three months after the last row that goes
        (date(2014, 10, 1), date(2015, 1, 1), date(2014, 10, 1)),
        (date(2014, 10, 2), date(2016, 1, 1), date(2014, 10, 2)),
        # a year that has months to come stays open, and what reaches into it
        (date(2019, 3, 1), date(2019, 1, 1), date(2018, 10, 1)),
        (date(2026, 1, 1), date(2019, 1, 1), date(2018, 10, 1)),
    ],
)
def test_whole_years_are_closed_and_none_that_is_not_delivered(
    con: duckdb.DuckDBPyConnection, keeps_from: date, open_from: date, rows_before: date
) -> None:
    assert closing_of(con, keeps_from, is_computed=True) == Closing(open_from, rows_before)


def test_what_is_not_computed_of_the_rows_there_are_closes_nothing(
    con: duckdb.DuckDBPyConnection,
) -> None:
    day = date(2014, 10, 1)
    assert closing_of(con, day, is_computed=False) is None
    con.execute("drop table intermediate.int_sick_leave__unit_years")
    assert closing_of(con, day, is_computed=True) is None


def test_what_is_closed_already_lets_rows_go_and_is_not_kept_again(
    con: duckdb.DuckDBPyConnection,
) -> None:
    con.execute(
        "insert into ops.closed_sources values"
        " ('sick_leave', date '2016-01-01', now()::timestamp, 'kari')"
    )
    assert closed_until(con, "sick_leave") == date(2016, 1, 1)
    assert closed_until(con, "hr") is None
    closing = closing_of(con, date(2026, 1, 1), is_computed=False)
    assert closing == Closing(date(2016, 1, 1), date(2015, 10, 1))
    assert kept_sums(con, closing, "kari") == {}
