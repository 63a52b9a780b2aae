"""A small warehouse for tests of the dbt project: source tables made by hand, dbt in this process.

Rows are plain dictionaries per `contract.table`; columns not given are NULL. Real deliveries and
the ingest are tested elsewhere.
"""

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from pipelines.contracts.model import TECHNICAL_COLUMNS, load_contracts
from pipelines.contracts.yaml_file import read_yaml
from pipelines.errors import ConfigError
from pipelines.municipality.metrics import Metric, StandardMetrics
from pipelines.municipality.model import Fact, Municipality, Pilot, Privacy
from pipelines.municipality.tables import config_tables
from pipelines.settings import CONTRACTS_DIR, DBT_DIR
from pipelines.warehouse.kept_tables import KEPT_TABLES
from pipelines.warehouse.replaced import replace_tables
from pipelines.warehouse.schema import OPS_TABLES
from tests.dbt_parsed import by_its_name, manifest

Rows = Mapping[str, Sequence[Mapping[str, Any]]]

_DELIVERIES = """
    create table ops.deliveries (
        delivery_id varchar, seq integer, contract_id varchar, table_name varchar,
        feed_id varchar, file_sha256 varchar, status varchar, periods varchar,
        register_date date, received_at timestamp, content_id varchar
    )
"""
_TARGET = DBT_DIR.parent / ".pytest_cache" / "dbt"
# for what is only compiled: dbt reads the whole project anew whenever the file has another name
NO_FILE = Path(":memory:")
# no raw source is checked here, and nothing has estimated effects
FIRST_STEP = ("--exclude", "source:*", "tag:after_effects")


def standard_metrics() -> tuple[Metric, ...]:
    """The metrics every municipality may use."""
    path = CONTRACTS_DIR / "metrics" / "standard.yml"
    return StandardMetrics(**read_yaml(path, ConfigError)).metrics


def municipality(
    first_month: date,
    last_month: date | None = None,
    *,
    metrics: tuple[Metric, ...] | None = None,
    pilots: tuple[Pilot, ...] = (),
    facts: tuple[Fact, ...] = (),
    privacy: Privacy | None = None,
    calendar: str = "norway",
) -> Municipality:
    """A municipality with all standard metrics and no feeds."""
    return Municipality.model_validate(
        {
            "id": "testkommune",
            "name": "Testkommune",
            "first_month": first_month,
            "last_month": last_month,
            "working_calendar": calendar,
            "privacy": privacy or Privacy(),
            "facts": facts,
            "pilots": pilots,
            "metrics": standard_metrics() if metrics is None else metrics,
            "feeds": (),
            "folder": CONTRACTS_DIR,
        }
    )


def build_warehouse(path: Path, config: Municipality, rows: Rows) -> Path:
    """Create the source schemas in a new DuckDB file and fill them.

    A delivery is recorded for every delivery_id met (`D1` where a row gives none), in the order of
    the ids; `_periods` in a row of `ops.deliveries` may be set by giving that table itself.
    """
    con = duckdb.connect(str(path))
    try:
        con.execute("create schema if not exists ops")
        con.execute(_DELIVERIES)
        for name in (*KEPT_TABLES, "records"):
            columns = OPS_TABLES[name].columns
            body = ", ".join(f'"{column}" {kind}' for column, (kind, _) in columns.items())
            con.execute(f"create table ops.{name} ({body})")
        for contract in load_contracts().values():
            con.execute(f"create schema {contract.id}")
            for table in contract.tables.values():
                columns = {column.name: column.physical_type for column in table.columns}
                columns |= TECHNICAL_COLUMNS
                body = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
                con.execute(f'create table {contract.id}."{table.name}" ({body})')
        deliveries = {}
        for name, table_rows in rows.items():
            if name == "ops.deliveries":
                _insert(con, name, table_rows)
                continue
            filled = [_technical(row, number) for number, row in enumerate(table_rows, start=1)]
            _insert(con, name, filled)
            contract_id, table_name = name.split(".")
            for row in filled:
                deliveries[row["delivery_id"], contract_id, table_name] = row["period_ym"]
        if "ops.deliveries" not in rows:
            _insert(con, "ops.deliveries", _deliveries(deliveries))
        replace_tables(con, "municipality", config_tables(config))
    finally:
        con.close()
    return path


def _technical(row: Mapping[str, Any], number: int) -> dict[str, Any]:
    return {
        "delivery_id": "D1", "feed_id": "feed", "source_row": number, "period_ym": "all", **row
    }  # fmt: skip


def _deliveries(found: Mapping[tuple[str, str, str], str]) -> list[dict[str, Any]]:
    return [
        {
            "delivery_id": delivery_id,
            "seq": seq,
            "contract_id": contract_id,
            "table_name": table_name,
            "feed_id": "feed",
            "file_sha256": delivery_id,
            "status": "loaded",
            "periods": periods,
        }
        for seq, ((delivery_id, contract_id, table_name), periods) in enumerate(
            sorted(found.items()), start=1
        )
    ]


def _insert(con: duckdb.DuckDBPyConnection, name: str, rows: Sequence[Mapping[str, Any]]) -> None:
    schema, table = name.split(".")
    for row in rows:
        columns = ", ".join(f'"{column}"' for column in row)
        marks = ", ".join("?" for _ in row)
        con.execute(
            f'insert into {schema}."{table}" ({columns}) values ({marks})', list(row.values())
        )


@contextmanager
def _environment(values: Mapping[str, str]) -> Iterator[None]:
    before = {key: os.environ.get(key) for key in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for key, value in before.items():
            if value is None:
                os.environ.pop(key, None)
            else:
                os.environ[key] = value


def run_dbt(path: Path, *arguments: str, target: Path = _TARGET, may_fail: bool = False) -> Any:
    """Run one dbt command on a warehouse file; returns dbt's result.

    Raises when a node failed, unless that is what is looked at.
    """
    if path == NO_FILE:
        done = _invoke(str(path), arguments, target)
    else:
        with by_its_name(path) as named:
            done = _invoke(str(named), arguments, target, manifest())
    if not done.success and not may_fail:
        failed = [
            f"{node.node.name}: {node.status} {node.message}"
            for node in getattr(done.result, "results", [])
            if node.status not in {"success", "pass", "skipped", "warn"}
        ]
        raise AssertionError("dbt failed: " + "; ".join(failed))
    return done.result


def _invoke(
    warehouse: str, arguments: Sequence[str], target: Path, parsed: Any | None = None
) -> Any:
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    wanted = {
        "PUKK_WAREHOUSE": warehouse,
        "DBT_TARGET_PATH": str(target),
        "DBT_LOG_PATH": str(target / "logs"),
        "DBT_PROFILES_DIR": str(DBT_DIR),
        "DBT_PROJECT_DIR": str(DBT_DIR),
        "DO_NOT_TRACK": "1",
    }
    with _environment(wanted):
        # dbt keeps its log file open when the next run logs elsewhere: write none
        quiet = ("--quiet", "--no-use-colors", "--log-level-file", "none")
        result = dbtRunner(manifest=parsed).invoke([*arguments, *quiet])
        DuckDBConnectionManager.close_all_connections()
    if result.exception is not None:
        raise result.exception
    return result


def fetch(path: Path, sql: str) -> list[tuple[Any, ...]]:
    """The rows of one query on a built warehouse."""
    con = duckdb.connect(str(path), read_only=True)
    try:
        return con.execute(sql).fetchall()
    finally:
        con.close()


def compiled(name: str, target: Path = _TARGET) -> str:
    """One model's SQL as dbt compiled it last, without the database's name."""
    (found,) = (target / "compiled").rglob(f"{name}.sql")
    return re.sub(r'"[^"]+"\.("[^"]+"\."[^"]+")', r"\1", found.read_text("utf-8"))
