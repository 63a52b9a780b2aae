"""What is kept of every computed table, and when it vouches for the table no more."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from pipelines.contracts.model import load_contracts
from pipelines.warehouse.computed import (
    Computed,
    confirm_computed,
    content_of,
    forget_computed,
    kept_computed,
    note_inputs,
)
from pipelines.warehouse.connection import open_warehouse

READS = {"view": {"s.source"}, "table": {"view", "seed"}}


@pytest.fixture
def con(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    con = open_warehouse(tmp_path / "warehouse.duckdb", load_contracts())
    con.execute("create schema s")
    con.execute("create table s.source as select 1 as a, 'D1' as delivery_id")
    con.execute("create view s.view as select a from s.source")
    yield con
    con.close()


def noted(con: duckdb.DuckDBPyConnection) -> dict[str, Computed]:
    note_inputs(con, READS, {"s.source": "s.source"}, {"view": "s.view"})
    return kept_computed(con)


def built(con: duckdb.DuckDBPyConnection) -> None:
    """Keep what dbt's materializations keep as they make a seed, a view and a table."""
    noted(con)
    con.execute("insert into ops.computed (name, code, content) values ('seed', 'c', '3 x y')")
    con.execute("insert into ops.computed values ('view', 'c', 'p', 'stale', '0 x y')")
    noted(con)
    con.execute(
        "insert into ops.computed select 'table', 'c', 'p', md5(string_agg(input || ' ' || content,"
        " ',' order by input)), '7 x y' from ops.computed_from as f inner join ops.computed as c"
        " on f.input = c.name where f.name = 'table'"
    )


def test_what_stands_is_known_and_of_now(con: duckdb.DuckDBPyConnection) -> None:
    built(con)
    assert noted(con)["table"] == Computed("c", "p", 7, is_known=True, is_of_now=True)


def test_a_changed_source_makes_what_reads_it_stale(con: duckdb.DuckDBPyConnection) -> None:
    built(con)
    con.execute("update s.source set a = 2")
    assert not noted(con)["table"].is_of_now


def test_a_column_that_nothing_reads_makes_nothing_stale(con: duckdb.DuckDBPyConnection) -> None:
    built(con)
    con.execute("update s.source set delivery_id = 'D2'")
    assert noted(con)["table"].is_of_now


def test_a_view_that_cannot_be_read_is_forgotten(con: duckdb.DuckDBPyConnection) -> None:
    built(con)
    con.execute("alter table s.source drop column a")
    kept = noted(con)
    assert "view" not in kept
    assert not kept["table"].is_of_now


def test_a_source_that_is_gone_makes_what_reads_it_stale(con: duckdb.DuckDBPyConnection) -> None:
    built(con)
    con.execute("drop table s.source")
    assert not noted(con)["table"].is_of_now


def test_an_input_that_nothing_is_known_of_makes_a_table_stale(
    con: duckdb.DuckDBPyConnection,
) -> None:
    built(con)
    con.execute("delete from ops.computed where name = 'seed'")
    assert not noted(con)["table"].is_of_now


def test_what_is_forgotten_is_not_known(con: duckdb.DuckDBPyConnection) -> None:
    built(con)
    forget_computed(con)
    assert noted(con)["table"] == Computed("c", "p", 7, is_known=False, is_of_now=False)
    assert noted(con)["view"].is_of_now


def test_only_what_was_run_is_held_against_the_project(con: duckdb.DuckDBPyConnection) -> None:
    built(con)
    confirm_computed(con, ["table"], "new")
    kept = kept_computed(con)
    assert (kept["table"].project, kept["view"].project) == ("new", "p")


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("values (1, 'x'), (2, null)", "values (2, null), (1, 'x')", True),
        ("values (1, 'x'), (2, null)", "values (1, null), (2, 'x')", False),
        ("values (1, 'x')", "values (1, 'x'), (1, 'x')", False),
        ("select 1 as a", "select 1 as b", False),
        ("select 1 as a", "select 1::bigint as a", False),
        ("select 1 as a where false", "select 1 as b where false", False),
        ("select 0.1e0 + 0.2e0 as a", "select 0.3e0 as a", False),
    ],
)
def test_content_is_rows_in_any_order_and_columns(
    con: duckdb.DuckDBPyConnection, one: str, other: str, *, is_same: bool
) -> None:
    con.execute(f"create table s.one as {one}")
    con.execute(f"create table s.other as {other}")
    found = content_of(con, "s.one")
    assert found is not None
    assert (found == content_of(con, "s.other")) is is_same
