"""What a table holds as one text: equal rows give equal texts, whatever else differs."""

import duckdb
import pytest

from pipelines.warehouse.table_hash import table_hash

ROWS = [(1, "a", None), (2, "b", 0.5), (2, "b", 0.5), (3, None, -1.0)]


@pytest.fixture
def con() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


def made(con: duckdb.DuckDBPyConnection, rows: list[tuple], **options) -> str:
    con.execute("create or replace table t (n integer, text varchar, value double)")
    for row in rows:
        con.execute("insert into t values (?, ?, ?)", row)
    return table_hash(con, "t", **options)


def test_the_order_of_rows_does_not_count(con: duckdb.DuckDBPyConnection) -> None:
    assert made(con, ROWS) == made(con, ROWS[::-1])


@pytest.mark.parametrize(
    "others",
    [
        ROWS[:-1],
        [*ROWS, ROWS[0]],
        [*ROWS[1:], (1, "a", 0.0)],
        [*ROWS[1:], (1, "", None)],
        [ROWS[0], ROWS[3], (2, "b", 0.5), (2, "b", 0.50000000001)],
        [ROWS[0], ROWS[3]],
        [ROWS[0], ROWS[0], ROWS[0], ROWS[3]],
        [],
    ],
)
def test_other_rows_are_another_text(con: duckdb.DuckDBPyConnection, others: list[tuple]) -> None:
    assert made(con, ROWS) != made(con, others)


def test_values_that_change_places_are_seen(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("create table one as select 1 as a, 2 as b")
    con.execute("create table other as select 2 as a, 1 as b")
    assert table_hash(con, "one") != table_hash(con, "other")


def test_another_type_or_name_is_another_text(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("create table one as select 1::integer as a")
    con.execute("create table wide as select 1::bigint as a")
    con.execute("create table named as select 1::integer as b")
    con.execute("create table none as select 1::integer as a where false")
    assert len({table_hash(con, name) for name in ("one", "wide", "named", "none")}) == 4


def test_what_is_left_out_does_not_count(con: duckdb.DuckDBPyConnection) -> None:
    plain = made(con, ROWS, left_out={"value"}, where="n < 3", is_distinct=True)
    same = [(1, "a", 9.0), (2, "b", None), (4, "x", 0.0)]
    assert made(con, same, left_out={"value"}, where="n < 3", is_distinct=True) == plain
    assert made(con, same, left_out={"value"}, is_distinct=True) != plain
