"""A generation holds what the contracts name, is verified before it is pointed to, and stays."""

import json
from datetime import date

import duckdb
import pytest

from pipelines.desk.on_disk import sha256_of
from pipelines.errors import PublishError
from pipelines.publishing import files
from pipelines.publishing.generation import (
    current,
    export_sorted,
    list_generations,
    read_rows,
    rollback,
)
from pipelines.settings import Paths
from tests.unit.publishing_town import PRODUCTS, add_delivery, change, publish_now


def add_check(con: duckdb.DuckDBPyConnection, run_id: str, *, success: bool) -> None:
    con.execute(
        "insert into ops.quality_results (run_id, run_at, gate, contract_id, contract_version,"
        " table_name, rule_id, expectation, severity, promised_nb, measured_nb, n_rows, n_failed,"
        " success) values (?, now(), 'inbound', 'hr', '1.0.0', 'positions',"
        " 'unique_key', 'e', 'error', 'lovet', 'målt', 1, 0, ?)",
        [run_id, success],
    )
    con.complete()


def unit_names(paths: Paths) -> list[str]:
    now = current(paths)
    assert now is not None
    return [r["unit_name"] for r in read_rows(paths, now, "from dim_units order by unit_id")]


def test_nothing_published_means_no_current_generation(paths: Paths) -> None:
    assert current(paths) is None
    assert list_generations(paths) == []


def test_a_generation_holds_exactly_the_contracts_tables_and_columns_with_descriptions(
    con: duckdb.DuckDBPyConnection, paths: Paths
) -> None:
    made = publish_now(con, paths)
    assert current(paths, verify=True) == made
    rows = read_rows(
        paths,
        made,
        "select schema_name, table_name, list(column_name order by column_index) as names"
        " from duckdb_columns() where not internal group by all",
    )
    assert {r["schema_name"] for r in rows} == {"main"}
    assert {r["table_name"]: tuple(r["names"]) for r in rows} == {
        name: contract.tables[name].column_names for name, contract in PRODUCTS.items()
    }
    comments = read_rows(
        paths, made, "select comment from duckdb_columns() where column_name = 'unit_name'"
    )
    assert comments[0]["comment"] == "Om unit_name; 'sitat'. / About unit_name; 'quoted'."


def test_rows_lie_in_key_order_and_parameters_are_bound(
    con: duckdb.DuckDBPyConnection, paths: Paths
) -> None:
    made = publish_now(con, paths)
    assert [r["unit_id"] for r in read_rows(paths, made, "from dim_units")] == ["E1", "E2"]
    found = read_rows(paths, made, "from dim_units where unit_name = ?", ["Øvre"])
    assert found == [{"unit_id": "E2", "unit_name": "Øvre"}]


def test_the_pointer_tells_a_reader_file_hash_time_run_and_fingerprint(
    con: duckdb.DuckDBPyConnection, paths: Paths
) -> None:
    made = publish_now(con, paths)
    pointer = json.loads((paths.published / "current.json").read_text())
    assert pointer["generation"] == 1
    assert pointer["file"] == "generation-000001.duckdb"
    assert pointer["sha256"] == made.sha256 == sha256_of(files.file_of(paths, made))
    assert pointer["published_at"] == "2026-11-22T01:15:00+00:00"
    assert (pointer["run_id"], pointer["input_fingerprint"]) == ("run-1", "f1")
    assert con.sql("select generation, action from ops.publications").fetchall() == [(1, "publish")]


def test_the_same_content_is_not_published_twice_but_the_new_fingerprint_is_remembered(
    con: duckdb.DuckDBPyConnection, paths: Paths
) -> None:
    add_check(con, "run-1", success=True)
    first = publish_now(con, paths)
    add_check(con, "run-2", success=True)
    again = publish_now(con, paths, "f2", "run-2")
    assert (again.number, again.run_id, again.input_fingerprint) == (1, first.run_id, "f2")
    assert current(paths) == again
    add_check(con, "run-3", success=False)
    assert publish_now(con, paths, "f3", "run-3").number == 2


def test_the_same_deliveries_give_the_same_bytes_in_a_sorted_export(
    con: duckdb.DuckDBPyConnection, paths: Paths
) -> None:
    first = publish_now(con, paths)
    con.execute("create table copied as from marts.dim_units order by unit_name desc")
    con.execute("delete from marts.dim_units")
    con.execute("insert into marts.dim_units from copied")
    add_delivery(con, "D000002", "den samme filen.csv")
    second = publish_now(con, paths)
    assert second.number == 2
    exports = [export_sorted(files.file_of(paths, g)) for g in (first, second)]
    assert exports[0] == exports[1]
    assert "Ås barnehage".encode() in exports[0]
    assert b"D000001" not in exports[0]
    change(con, "Ås skole")
    assert export_sorted(files.file_of(paths, publish_now(con, paths))) != exports[0]


def test_readers_are_moved_back_and_forth_and_the_ledger_says_so(
    con: duckdb.DuckDBPyConnection, paths: Paths
) -> None:
    for name in ("en", "to", "tre"):
        change(con, name)
        publish_now(con, paths)
    assert unit_names(paths)[0] == "tre"
    assert rollback(paths, con).number == 2
    assert unit_names(paths)[0] == "to"
    assert rollback(paths, con, 3).number == 3
    assert rollback(paths, con, 1).number == 1
    with pytest.raises(PublishError, match="tidligere generasjon"):
        rollback(paths, con)
    with pytest.raises(PublishError, match="generasjon 9"):
        rollback(paths, con, 9)
    assert con.sql("select generation, action from ops.publications").fetchall() == [
        (1, "publish"),
        (2, "publish"),
        (3, "publish"),
        (2, "rollback"),
        (3, "rollback"),
        (1, "rollback"),
    ]


def test_a_number_is_never_used_twice_after_a_rollback(
    con: duckdb.DuckDBPyConnection, paths: Paths
) -> None:
    publish_now(con, paths)
    change(con, "to")
    publish_now(con, paths)
    rollback(paths, con)
    change(con, "tre")
    assert publish_now(con, paths).number == 3


def test_old_generations_are_removed_but_never_the_one_readers_see(
    con: duckdb.DuckDBPyConnection, paths: Paths
) -> None:
    for name in ("en", "to", "tre", "fire"):
        change(con, name)
        publish_now(con, paths)
    rollback(paths, con, 1)
    files.remove_old(paths, keep=2)
    assert [g.number for g in list_generations(paths)] == [1, 3, 4]
    assert unit_names(paths)[0] == "en"


def test_a_publication_the_ledger_missed_is_written_in_next_time(
    con: duckdb.DuckDBPyConnection, paths: Paths
) -> None:
    publish_now(con, paths)
    con.execute("delete from ops.publications")
    publish_now(con, paths)
    assert con.sql("select generation, run_id from ops.publications").fetchall() == [(1, "run-1")]


def test_months_survive_as_dates(con: duckdb.DuckDBPyConnection, paths: Paths) -> None:
    made = publish_now(con, paths)
    rows = read_rows(paths, made, "from fct_metric_months where value is not null")
    assert rows[0]["month"] == date(2026, 1, 1)
