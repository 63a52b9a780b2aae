"""A small warehouse ready to publish, the contracts that ask for it, and changes made to it."""

import shutil
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from pipelines.contracts.model import Column, Contract, Table
from pipelines.contracts.shapes import RowScope
from pipelines.contracts.stated_privacy import hidden_rules
from pipelines.publishing.generation import Generation, publish
from pipelines.settings import Paths
from pipelines.warehouse.deliveries import DeliveryResult
from pipelines.warehouse.schema import create_tables

NOW = datetime(2026, 11, 22, 1, 15, tzinfo=UTC)


SUPPRESSIONS = {
    "numerator": "metric",
    "denominator": "metric",
    "value": "metric",
    "value_before": "derived",
}
HIDDEN_WHEN = {"suppression_reason": ("filled",), "verdict": ("suppressed",)}


def column(name: str, physical: str = "varchar") -> Column:
    about, about_nb = f"About {name}; 'quoted'.", f"Om {name}; 'sitat'."
    return Column(
        name,
        "string",
        physical,
        required=False,
        description=about,
        description_nb=about_nb,
        suppression=SUPPRESSIONS.get(name, "marker" if name in HIDDEN_WHEN else "none"),
        hidden_when=HIDDEN_WHEN.get(name, ()),
    )


def product(name: str, columns: dict[str, str], key: tuple[str, ...]) -> Contract:
    made = tuple(column(*c) for c in columns.items())
    scope = RowScope("open")
    if "level" in columns:
        scope = RowScope("group", level="level", group="group_id")
    rules = tuple(hidden_rules(made))
    table = Table(name, f"Tabellen {name}.", made, rules, key, scope=scope)
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
        {
            "run_id": "varchar",
            "table_name": "varchar",
            "rule_id": "varchar",
            "n_rows": "integer",
            "success": "boolean",
        },
        ("run_id", "rule_id"),
    ),
}


def open_town(tmp_path_factory: pytest.TempPathFactory, paths: Paths) -> duckdb.DuckDBPyConnection:
    """Open a copy of the warehouse, which is built once and copied after that."""
    template = tmp_path_factory.getbasetemp() / "publishing-town.duckdb"
    if not template.exists():
        building = template.with_name("publishing-town-building.duckdb")
        _build(building)
        building.rename(template)
    shutil.copy(template, paths.warehouse)
    return duckdb.connect(paths.warehouse)


def _build(file: Path) -> None:
    with duckdb.connect(file) as con:
        for schema in ("marts", "intermediate"):
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
            "create table intermediate.int_metrics as select 'sick_leave_pct' as metric_id,"
            " true as is_about_persons, 5 as min_persons"
        )


def add_delivery(con: duckdb.DuckDBPyConnection, delivery_id: str, file: str = "a.csv") -> None:
    row = asdict(
        DeliveryResult(
            delivery_id, 1, "hr", "positions", "f", file, "a" * 64, 9, NOW, "1.0.0", "x", "loaded"
        )
    )
    places = ", ".join("?" for _ in row)
    con.execute(
        f"insert into ops.deliveries ({', '.join(row)}) values ({places})", list(row.values())
    )
    con.complete()


def publish_now(
    con: duckdb.DuckDBPyConnection, paths: Paths, fingerprint: str = "f1", run_id: str = "run-1"
) -> Generation:
    return publish(con, paths, PRODUCTS, run_id, fingerprint, NOW)


def change(con: duckdb.DuckDBPyConnection, name: str) -> None:
    con.execute("update marts.dim_units set unit_name = ? where unit_id = 'E1'", [name])
    con.complete()
