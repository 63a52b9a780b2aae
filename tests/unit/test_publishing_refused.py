"""What may not be shown is refused or hidden, and readers keep the generation they had."""

from dataclasses import replace

import duckdb
import pytest

from pipelines.contracts.model import load_contracts
from pipelines.errors import PublishError
from pipelines.publishing.generation import current, publish, read_rows
from pipelines.publishing.privacy import refuse_person_data
from pipelines.settings import Paths
from tests.unit.publishing_town import (
    NOW,
    PRODUCTS,
    add_delivery,
    change,
    product,
    publish_now,
)

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
        "update intermediate.int_metrics set min_persons = 10;"
        "update intermediate.int_metric_levels set n_persons = 9",
        "mindre enn grensen",
    ),
    "the metric is not known": ("delete from intermediate.int_metrics", "mindre enn grensen"),
    "the limits are not known": ("drop table intermediate.int_metrics", "kan ikke kontrolleres"),
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


def test_a_metric_that_is_not_about_persons_has_no_limit(
    con: duckdb.DuckDBPyConnection, paths: Paths
) -> None:
    con.execute("update intermediate.int_metrics set is_about_persons = false")
    con.execute("update intermediate.int_metric_levels set n_persons = 1")
    assert publish_now(con, paths).number == 1


@pytest.mark.parametrize("found", ["01010112345", "kari.nordmann@kommune.no"])
def test_a_free_text_of_the_registers_is_screened_as_every_other_text_is(found: str) -> None:
    tables = [
        table
        for contract in load_contracts(kind="products").values()
        for table in contract.tables.values()
    ]
    free = [(t, c.name) for t in tables for c in t.columns if c.name in FREE_TEXT]
    assert {name for _, name in free} == FREE_TEXT
    for table, name in free:
        con = duckdb.connect()
        con.execute("attach ':memory:' as edition")
        columns = ", ".join(
            f'null::{c.physical_type} as "{c.name}"' for c in table.columns if c.name != name
        )
        con.execute(
            f"create table edition.main.{table.name} as select {columns}, ? as {name}",
            [f"Avklares med {found} innen fredag"],
        )
        with pytest.raises(PublishError, match=name) as told:
            refuse_person_data(con, "edition", [table])
        assert found not in str(told.value)


FREE_TEXT = {"event_text", "owner_role", "root_cause"}
"""Texts of published tables as somebody wrote them in a register of Lean or of events."""


@pytest.mark.parametrize("name", ["person_id", "pay_grade"])
def test_a_column_whose_contract_does_not_say_what_hides_it_is_refused(
    con: duckdb.DuckDBPyConnection, paths: Paths, name: str
) -> None:
    con.execute(f"create table marts.mart_people as select 'x' as {name}")
    asked = product("mart_people", {name: "varchar"}, (name,))
    table = asked.tables["mart_people"]
    silent = replace(table, columns=tuple(replace(c, suppression="") for c in table.columns))
    unsaid = {"mart_people": replace(asked, tables={"mart_people": silent})}
    with pytest.raises(PublishError, match=f"mart_people: .*{name} handler om personer"):
        publish(con, paths, {**PRODUCTS, **unsaid}, "run-1", "f1", NOW)
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
