"""Which units an edition has told of is kept in the store, and outlives the warehouse."""

from pathlib import Path

import duckdb
import pytest

from pipelines.settings import Paths
from pipelines.warehouse import records, replay
from pipelines.warehouse.schema import create_tables
from pipelines.warehouse.told_groups import keep_groups


@pytest.fixture
def con() -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    create_tables(con, {})
    con.execute("create schema intermediate")
    con.execute(
        "create table intermediate.int_group_keys as select * from (values"
        " ('months/sick/2016-03', 'months/sick/2016-03', 'k1'),"
        " ('months/sick/2016-04', 'months/sick/2016-04', 'k1'),"
        " ('economy/2016/pay', 'economy/2016/pay@2016-04-01', 'k2'))"
        " as keys (cell, told_cell, now_key)"
    )
    con.execute(
        "create table intermediate.int_group_members as select cell, 'municipality' as level,"
        " 'all' as group_id, unit_id, 2 as limit_halves from intermediate.int_group_keys,"
        " (values ('u1'), ('u2')) as units (unit_id) where now_key = 'k1' or unit_id = 'u1'"
    )
    return con


def _kept(con: duckdb.DuckDBPyConnection) -> list[tuple[object, ...]]:
    return [
        *con.execute("select * from ops.told_cells order by all").fetchall(),
        *con.execute("select * from ops.told_members order by all").fetchall(),
    ]


def test_the_units_of_each_key_are_kept_once(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    assert keep_groups(con, Paths(tmp_path)) == 3
    assert _kept(con) == [
        (1, "economy/2016/pay@2016-04-01", "k2"),
        (1, "months/sick/2016-03", "k1"),
        (1, "months/sick/2016-04", "k1"),
        ("k1", "municipality", "all", "u1", 2),
        ("k1", "municipality", "all", "u2", 2),
        ("k2", "municipality", "all", "u1", 2),
    ]


def test_keeping_again_adds_nothing_and_other_units_a_row(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    keep_groups(con, Paths(tmp_path))
    before = _kept(con)
    assert keep_groups(con, Paths(tmp_path)) == 0
    assert _kept(con) == before
    con.execute("update intermediate.int_group_keys set now_key = 'k2' where cell like '%-03'")
    assert keep_groups(con, Paths(tmp_path)) == 1
    assert set(_kept(con)) - set(before) == {(2, "months/sick/2016-03", "k2")}


def test_a_lost_warehouse_gets_back_what_was_told(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    keep_groups(con, Paths(tmp_path))
    anew = duckdb.connect()
    create_tables(anew, {})
    for file in records.files(Paths(tmp_path)):
        replay.apply(anew, records.read(file))
    assert _kept(anew) == _kept(con)
