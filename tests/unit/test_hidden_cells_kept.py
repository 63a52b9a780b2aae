"""What an edition hid is kept in the store, and is there again when the warehouse is lost."""

from datetime import date
from pathlib import Path

import duckdb
import pytest

from pipelines.settings import Paths
from pipelines.warehouse import records, replay
from pipelines.warehouse.hidden_cells import keep_counted, keep_hidden
from pipelines.warehouse.schema import create_tables

M = date(2016, 3, 1)


@pytest.fixture
def con() -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    create_tables(con, {})
    con.execute("create schema intermediate")
    con.execute(
        "create table intermediate.int_hidden_cells as select * from (values"
        " ('unit', 'u1', 'sick', '2016-03'), ('sector', 'A', 'sick', '2016'))"
        " as cells (level, group_id, family_id, period)"
    )
    con.execute(
        "create table intermediate.int_counted_unit_months as select unit_id, 'sick' as metric_id,"
        " 'sick' as total_id, date '2016-03-01' as month, days / 3e0 as numerator,"
        " 60e0 as denominator, 4 as n_persons, 4 as n_persons_once, 2 as n_contributors,"
        " true as is_new_figure"
        " from (values ('u1', 1), ('u2', 5)) as units (unit_id, days)"
    )
    return con


def _kept(con: duckdb.DuckDBPyConnection) -> list[tuple[object, ...]]:
    return [
        *con.execute("select * from ops.hidden_cells order by all").fetchall(),
        *con.execute("select * from ops.counted_cells order by all").fetchall(),
    ]


def test_hidden_units_are_kept_before_readers_see_them_and_shown_ones_after(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    assert keep_hidden(con, Paths(tmp_path)) == 2
    assert [row[0] for row in _kept(con)] == ["sector", "unit", "u1"]
    assert keep_counted(con, Paths(tmp_path)) == 1
    assert [row[0] for row in _kept(con)] == ["sector", "unit", "u1", "u2"]


def test_keeping_again_adds_nothing_and_a_new_figure_one_row(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    for _ in range(2):
        keep_hidden(con, Paths(tmp_path))
        keep_counted(con, Paths(tmp_path))
    assert len(_kept(con)) == 4
    assert len(records.files(Paths(tmp_path))) == 2
    con.execute(
        "update intermediate.int_counted_unit_months set numerator = 9 where unit_id = 'u2'"
    )
    assert (keep_hidden(con, Paths(tmp_path)), keep_counted(con, Paths(tmp_path))) == (0, 1)
    newest = con.execute("select numerator from ops.counted_cells order by entry_no").fetchall()
    assert newest[-1] == (9.0,)


def test_a_lost_warehouse_gets_back_what_was_kept_to_the_last_decimal(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    keep_hidden(con, Paths(tmp_path))
    keep_counted(con, Paths(tmp_path))
    anew = duckdb.connect()
    create_tables(anew, {})
    for file in records.files(Paths(tmp_path)):
        replay.apply(anew, records.read(file))
    assert _kept(anew) == _kept(con)
