"""Which rows on positions go when sums are kept: old ones, and nothing that moves another."""

from datetime import date

import duckdb
import polars as pl
import pytest

from pipelines.ingest.positions_needed import positions_needed

BEFORE = date(2015, 10, 1)
NOBODY = pl.DataFrame(schema={"position_id": pl.String, "start_date": pl.Date})
# position, person, first day, last day of the span (none: it lasts; "-": it gives no span)
LONG_GONE = ("a", "p1", date(2010, 1, 1), date(2014, 12, 31))
CHANGED = (("b", "p2", date(2010, 1, 1), date(2013, 6, 30)), ("b", "p2", date(2013, 7, 1), None))


@pytest.fixture
def con() -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    con.execute("create schema staging; create schema intermediate")
    con.execute(
        "create table staging.stg_hr__positions"
        " (delivery_id varchar, period_ym varchar, position_id varchar, start_date date)"
    )
    con.execute(
        "create table intermediate.int_hr__position_spans"
        " (position_id varchar, person_id varchar, start_date date, end_date date)"
    )
    con.execute(
        "create table intermediate.int_sick_leave__matches"
        " (person_id varchar, start_date date, end_date date, match_result varchar)"
    )
    con.execute(
        "create table intermediate.int_gains__events (evidence_kind varchar, reference varchar)"
    )
    return con


def tell(con: duckdb.DuckDBPyConnection, *spans: tuple[object, ...]) -> None:
    for position, person, first, last in spans:
        con.execute(
            "insert into staging.stg_hr__positions values ('D1', 'all', ?, ?)", [position, first]
        )
        if last != "-":
            con.execute(
                "insert into intermediate.int_hr__position_spans values (?, ?, ?, ?)",
                [position, person, first, last],
            )


def needed(con: duckdb.DuckDBPyConnection, *young: tuple[str, date]) -> list[tuple[str, date]]:
    told = pl.DataFrame(list(young), schema=NOBODY.schema, orient="row") if young else NOBODY
    found = positions_needed(con, told, BEFORE, BEFORE)
    return sorted(found.select("position_id", "start_date").rows())


def test_what_ended_before_goes_and_what_lasts_stays(con: duckdb.DuckDBPyConnection) -> None:
    tell(con, LONG_GONE, *CHANGED, ("c", "p3", date(2010, 1, 1), BEFORE))
    assert needed(con) == [("b", date(2013, 7, 1)), ("c", date(2010, 1, 1))]


def test_a_copy_in_a_newer_register_does_not_keep_what_goes(
    con: duckdb.DuckDBPyConnection,
) -> None:
    tell(con, *CHANGED)
    assert needed(con, ("b", date(2013, 7, 1))) == [("b", date(2013, 7, 1))]


@pytest.mark.parametrize(
    "young",
    [
        # a younger register tells of the same first day: it would come into force
        ("b", date(2010, 1, 1)),
        # of an earlier one, which the row that goes cuts short
        ("b", date(2009, 1, 1)),
        # of one that is overruled by a row that goes
        ("b", date(2012, 1, 1)),
    ],
)
def test_a_row_that_would_let_another_in_its_place_stays(
    con: duckdb.DuckDBPyConnection, young: tuple[str, date]
) -> None:
    tell(con, *CHANGED)
    assert ("b", date(2010, 1, 1)) in needed(con, young)


def test_a_row_after_one_that_stays_stays_too(con: duckdb.DuckDBPyConnection) -> None:
    # the first is met by an absence that is kept; the second cuts it short
    tell(con, *CHANGED)
    con.execute(
        "insert into intermediate.int_sick_leave__matches values"
        " ('p2', date '2013-06-01', date '2015-12-01', 'matched')"
    )
    assert needed(con) == [("b", date(2010, 1, 1)), ("b", date(2013, 7, 1))]


def test_a_row_that_lasts_no_day_stays_where_it_stands_between_others(
    con: duckdb.DuckDBPyConnection,
) -> None:
    tell(
        con, ("d", "p4", date(2010, 1, 1), date(2015, 11, 30)), ("d", "p4", date(2015, 12, 1), "-")
    )
    tell(con, ("e", "p5", date(2010, 1, 1), "-"))
    assert needed(con) == [("d", date(2010, 1, 1)), ("d", date(2015, 12, 1))]


@pytest.mark.parametrize(
    ("absence", "stays"),
    [
        ((date(2014, 12, 1), date(2015, 9, 30), "matched"), False),
        ((date(2014, 12, 1), BEFORE, "matched"), True),
        ((date(2015, 1, 1), BEFORE, "matched"), False),
        # it met no position: that its person had one, and of which kind, is why
        ((date(2015, 2, 1), BEFORE, "no_position_then"), True),
    ],
)
def test_what_a_kept_absence_meets_or_could_not_meet_stays(
    con: duckdb.DuckDBPyConnection, absence: tuple[date, date, str], *, stays: bool
) -> None:
    tell(con, LONG_GONE)
    con.execute("insert into intermediate.int_sick_leave__matches values ('p1', ?, ?, ?)", absence)
    assert bool(needed(con)) is stays


def test_a_position_a_gain_refers_to_stays(con: duckdb.DuckDBPyConnection) -> None:
    tell(con, LONG_GONE)
    con.execute("insert into intermediate.int_gains__events values ('position', 'A')")
    assert needed(con) == [("a", date(2010, 1, 1))]
