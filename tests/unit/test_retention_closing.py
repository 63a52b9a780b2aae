"""How far absences and positions are closed: whole years, never what is to come, never back."""

from datetime import date

import duckdb
import pytest

from pipelines.retention.closing import Closing, closings, kept_sums
from pipelines.warehouse.closed import ABSENCES, CLOSED_TABLES, POSITIONS, closed_until

_MODELS = (
    "int_sick_leave__unit_sums", "int_sick_leave__unit_matches", "int_sick_leave__group_months",
    "int_sick_leave__unit_years", "int_hr__unit_months", "int_hr__position_months",
    "int_hr__position_spans", "int_sick_leave__matches", "int_gains__events",
)  # fmt: skip


@pytest.fixture
def con() -> duckdb.DuckDBPyConnection:
    """A warehouse whose absences are covered to the middle of 2019."""
    con = duckdb.connect()
    con.execute("create schema ops; create schema intermediate; create schema sick_leave")
    con.execute("create table sick_leave.spells (start_date date)")
    for name, (_, columns) in CLOSED_TABLES.items():
        body = ", ".join(f"{column} {kind}" for column, (kind, _) in columns.items())
        con.execute(f"create table ops.{name} ({body})")
    con.execute("create table ops.landing_files (delivery_id varchar, period_ym varchar)")
    con.execute(
        "create table ops.deliveries (delivery_id varchar, contract_id varchar, table_name varchar,"
        " status varchar, register_date date, received_at timestamp)"
    )
    con.execute("insert into ops.landing_files values ('D1', 'all')")
    con.execute(
        "insert into ops.deliveries values"
        " ('D1', 'hr', 'positions', 'loaded', date '2019-06-30', now()::timestamp)"
    )
    con.execute(
        "create table intermediate.int_data_range as select date '2019-06-01' as last_month"
    )
    for name in _MODELS:
        con.execute(f"create table intermediate.{name} (month date)")
    con.execute(
        "create table intermediate.int_sick_leave__months_delivered as"
        " select unnest(range(date '2010-01-01', date '2019-07-01', interval 1 month)) as month"
    )
    return con


def both(
    con: duckdb.DuckDBPyConnection, positions: date, absences: date, *, is_computed: bool = True
) -> dict[str, Closing]:
    keeps_from = {ABSENCES: absences, POSITIONS: positions}
    return closings(con, keeps_from, is_computed=is_computed)


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
    expected = Closing(open_from, rows_before)
    assert both(con, keeps_from, keeps_from) == {ABSENCES: expected, POSITIONS: expected}


def test_positions_are_closed_no_further_than_absences(con: duckdb.DuckDBPyConnection) -> None:
    early, late = date(2012, 10, 1), date(2014, 10, 1)
    con.execute("insert into sick_leave.spells values (date '2010-01-01')")
    assert both(con, late, early)[POSITIONS] == Closing(date(2013, 1, 1), early)
    assert both(con, early, late)[POSITIONS] == Closing(date(2013, 1, 1), early)
    # where absences cannot be, positions are not; where there are none, positions are
    con.execute("delete from intermediate.int_sick_leave__months_delivered")
    assert both(con, late, early) == {}
    con.execute("delete from sick_leave.spells")
    assert both(con, late, early) == {POSITIONS: Closing(date(2015, 1, 1), late)}


@pytest.mark.parametrize(
    ("period", "open_from"),
    [("2012-11", date(2012, 1, 1)), ("2012-12", date(2013, 1, 1)), ("2012-00", date(2013, 1, 1))],
)
def test_positions_are_open_from_the_year_the_newest_register_does_not_cover(
    con: duckdb.DuckDBPyConnection, period: str, open_from: date
) -> None:
    con.execute("update ops.landing_files set period_ym = ?", [period])
    found = both(con, date(2014, 10, 1), date(2014, 10, 1))
    assert found[POSITIONS].open_from == open_from


def test_what_is_not_computed_of_the_rows_there_are_closes_nothing(
    con: duckdb.DuckDBPyConnection,
) -> None:
    day = date(2014, 10, 1)
    assert both(con, day, day, is_computed=False) == {}
    con.execute("drop table intermediate.int_sick_leave__unit_years")
    assert ABSENCES not in both(con, day, day)


def test_what_is_closed_already_lets_rows_go_and_is_not_kept_again(
    con: duckdb.DuckDBPyConnection,
) -> None:
    con.execute(
        "insert into ops.closed_sources values"
        " ('sick_leave', date '2016-01-01', now()::timestamp, 'kari')"
    )
    assert closed_until(con, "sick_leave") == date(2016, 1, 1)
    assert closed_until(con, "hr") is None
    closing = both(con, date(2026, 1, 1), date(2026, 1, 1), is_computed=False)
    assert closing == {ABSENCES: Closing(date(2016, 1, 1), date(2015, 10, 1))}
    assert kept_sums(con, closing, "kari") == {}
