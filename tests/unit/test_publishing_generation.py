"""A generation holds what the contracts name, is verified before it is pointed to, and stays."""

import json
import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest

from pipelines.contracts.model import Column, Contract, Table
from pipelines.errors import PublishError
from pipelines.publishing import files
from pipelines.publishing.generation import (
    Generation,
    current,
    export_sorted,
    list_generations,
    publish,
    read_rows,
    rollback,
)
from pipelines.settings import Paths
from pipelines.warehouse.deliveries import DeliveryResult, record_delivery
from pipelines.warehouse.schema import create_tables

NOW = datetime(2026, 11, 22, 1, 15, tzinfo=UTC)


def column(name: str, physical: str = "varchar") -> Column:
    return Column(name, "string", physical, required=False, description=f"Om {name}; 'sitat'.")


def product(name: str, columns: dict[str, str], key: tuple[str, ...]) -> Contract:
    table = Table(name, f"Tabellen {name}.", tuple(column(*c) for c in columns.items()), (), key)
    return Contract(name, "1.0.0", name, "", {name: table})


METRIC_MONTHS = {
    "level": "varchar",
    "group_id": "varchar",
    "metric_id": "varchar",
    "month": "date",
    "numerator": "double",
    "denominator": "double",
    "value": "double",
    "suppression_reason": "varchar",
    "n_persons_label": "varchar",
}
PRODUCTS = {
    "dim_units": product("dim_units", {"unit_id": "varchar", "unit_name": "varchar"}, ("unit_id",)),
    "fct_metric_months": product(
        "fct_metric_months", METRIC_MONTHS, ("level", "group_id", "metric_id", "month")
    ),
    "mart_before_after": product(
        "mart_before_after", {"verdict": "varchar", "value_before": "double"}, ("verdict",)
    ),
    "mart_deliveries": product(
        "mart_deliveries", {"delivery_id": "varchar", "file_name": "varchar"}, ("delivery_id",)
    ),
    "mart_data_quality": product(
        "mart_data_quality",
        {"run_id": "varchar", "rule_id": "varchar", "n_rows": "integer", "success": "boolean"},
        ("run_id", "rule_id"),
    ),
}


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths(tmp_path / "kommunen").create()


@pytest.fixture
def con(warehouse: Path, paths: Paths) -> Iterator[duckdb.DuckDBPyConnection]:
    shutil.copy(warehouse, paths.warehouse)
    with duckdb.connect(paths.warehouse) as con:
        yield con


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("varehus") / "warehouse.duckdb"
    with duckdb.connect(file) as con:
        for schema in ("marts", "intermediate", "municipality"):
            con.execute(f"create schema {schema}")
        create_tables(con, {})
        add_delivery(con, "D000001")
        con.execute("create table marts.dim_units (unit_id varchar, unit_name varchar)")
        con.execute("insert into marts.dim_units values ('E2', 'Øvre'), ('E1', 'Ås barnehage')")
        con.execute(
            "create table marts.fct_metric_months (level varchar, group_id varchar,"
            " metric_id varchar, month date, numerator double, denominator double, value double,"
            " suppression_reason varchar, n_persons_label varchar)"
        )
        con.execute(
            "insert into marts.fct_metric_months values"
            " ('unit', 'E1', 'sick_leave_pct', '2026-01-01', 7.25, 100, 7.25, null, '12'),"
            " ('unit', 'E2', 'sick_leave_pct', '2026-01-01', null, null, null, 'few', '<10')"
        )
        con.execute("create table marts.mart_before_after (verdict varchar, value_before double)")
        con.execute("insert into marts.mart_before_after values ('suppressed', null), ('x', 1)")
        con.execute(
            "create table intermediate.int_metric_levels"
            " (level varchar, group_id varchar, metric_id varchar, month date, n_persons integer)"
        )
        con.execute(
            "insert into intermediate.int_metric_levels values"
            " ('unit', 'E1', 'sick_leave_pct', '2026-01-01', 12),"
            " ('unit', 'E2', 'sick_leave_pct', '2026-01-01', 3)"
        )
        con.execute(
            "create table municipality.metrics as select 'sick_leave_pct' as metric_id,"
            " true as is_about_persons, cast(null as varchar) as split_of,"
            " cast(null as varchar) as split_group"
        )
        con.execute(
            "create table municipality.profile as select 5 as min_persons, 10 as min_persons_split"
        )
    return file


def add_delivery(con: duckdb.DuckDBPyConnection, delivery_id: str, file: str = "a.csv") -> None:
    record_delivery(
        con,
        DeliveryResult(
            delivery_id, 1, "hr", "positions", "f", file, "a" * 64, 9, NOW, "1.0.0", "x", "loaded"
        ),
    )
    con.complete()


def add_check(con: duckdb.DuckDBPyConnection, run_id: str, *, success: bool) -> None:
    con.execute(
        "insert into ops.quality_results values (?, now(), 'inbound', 'hr', '1.0.0', 'positions',"
        " 'unique_key', 'e', null, 'error', 'lovet', 'målt', 1, 0, ?)",
        [run_id, success],
    )
    con.complete()


def publish_now(
    con: duckdb.DuckDBPyConnection, paths: Paths, fingerprint: str = "f1", run_id: str = "run-1"
) -> Generation:
    return publish(con, paths, PRODUCTS, run_id, fingerprint, NOW)


def change(con: duckdb.DuckDBPyConnection, name: str) -> None:
    con.execute("update marts.dim_units set unit_name = ? where unit_id = 'E1'", [name])
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
    assert comments[0]["comment"] == "Om unit_name; 'sitat'."


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
    assert pointer["sha256"] == made.sha256 == files.sha256_of(files.file_of(paths, made))
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


REFUSED = {
    "a promised table is missing": ("drop table marts.dim_units", "finnes ikke"),
    "a column is missing": ("alter table marts.dim_units drop column unit_name", "Mangler"),
    "a column is not in the contract": (
        "alter table marts.dim_units add column person_id varchar",
        "Ikke i kontrakten",
    ),
    "a column has another type": (
        "alter table marts.fct_metric_months alter value type float",
        "Annen type: value",
    ),
    "a hidden row shows its number": (
        "update marts.fct_metric_months set value = 3 where suppression_reason is not null",
        "viser likevel tall",
    ),
    "a small group is visible": (
        "update intermediate.int_metric_levels set n_persons = 4",
        "mindre enn grensen",
    ),
    "a suppressed verdict shows its numbers": (
        "update marts.mart_before_after set value_before = 3",
        "viser likevel tall",
    ),
    "only the denominator of a small group is visible": (
        "update intermediate.int_metric_levels set n_persons = 4;"
        "update marts.fct_metric_months set numerator = null, value = null",
        "mindre enn grensen",
    ),
    "the persons behind the numbers are unknown": (
        "drop table intermediate.int_metric_levels",
        "kan ikke kontrolleres",
    ),
    "a split is visible below its own limit": (
        "update municipality.metrics set split_of = 'x', split_group = 'duration';"
        "update intermediate.int_metric_levels set n_persons = 9",
        "mindre enn grensen",
    ),
    "a text holds an 11-digit number": (
        "update marts.dim_units set unit_name = 'Kari 01010112345, vikar'",
        "fødselsnummer",
    ),
    "a text holds a pseudonym": (
        "update marts.dim_units set unit_name = 'p_0123456789abcdef'",
        "fødselsnummer eller pseudonym",
    ),
}


@pytest.mark.parametrize(("sql", "message"), REFUSED.values(), ids=REFUSED.keys())
def test_publishing_is_refused_when(
    con: duckdb.DuckDBPyConnection, paths: Paths, sql: str, message: str
) -> None:
    standing = publish_now(con, paths)
    con.execute(sql)
    con.complete()
    with pytest.raises(PublishError, match=message) as caught:
        publish_now(con, paths)
    assert "12345" not in caught.value.text
    assert current(paths, verify=True) == standing
    assert list(paths.published.glob("*.tmp*")) == []
    assert con.sql(
        "select database_name from duckdb_databases() where not internal"
    ).fetchall() == [("warehouse",)]


def test_a_complement_has_the_limit_of_its_total(
    con: duckdb.DuckDBPyConnection, paths: Paths
) -> None:
    con.execute("update municipality.metrics set split_of = 'x', split_group = 'complement'")
    con.execute("update intermediate.int_metric_levels set n_persons = 9")
    assert publish_now(con, paths).number == 1


@pytest.mark.parametrize("name", ["person_id", "employee_no", "ansattnummer", "position_id"])
def test_a_column_about_a_person_is_refused_even_if_a_contract_asks_for_it(
    con: duckdb.DuckDBPyConnection, paths: Paths, name: str
) -> None:
    con.execute(f"create table marts.mart_people as select 'x' as {name}")
    asked = {"mart_people": product("mart_people", {name: "varchar"}, (name,))}
    with pytest.raises(PublishError, match="enkeltpersoner"):
        publish(con, paths, {**PRODUCTS, **asked}, "run-1", "f1", NOW)
    assert current(paths) is None


def test_a_file_named_after_a_person_is_hidden_in_the_list_of_deliveries(
    con: duckdb.DuckDBPyConnection, paths: Paths
) -> None:
    add_delivery(con, "D000002", "fravær 010101 12345.csv")
    rows = read_rows(paths, publish_now(con, paths), "from mart_deliveries order by delivery_id")
    assert [row["file_name"] for row in rows] == ["a.csv", "fravær [skjult].csv"]


def test_a_hash_with_many_digits_is_not_taken_for_a_person(
    con: duckdb.DuckDBPyConnection, paths: Paths
) -> None:
    change(con, "ab01010112345cd og kr 1 234 567 890")
    assert publish_now(con, paths).number == 1


def test_months_survive_as_dates(con: duckdb.DuckDBPyConnection, paths: Paths) -> None:
    made = publish_now(con, paths)
    rows = read_rows(paths, made, "from fct_metric_months where value is not null")
    assert rows[0]["month"] == date(2026, 1, 1)
