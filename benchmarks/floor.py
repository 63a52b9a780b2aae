"""The bare floor: the same files and the same SQL with DuckDB alone.

No checks, no log, no suppression of anything that can go wrong: what the work itself costs. Stages:
reading every landed row and counting its values; the models' compiled SQL in the order of the
graph; one scan of every published table; a copy of the published tables.
"""

import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb

_CHARTS = "chart"


def main() -> None:
    """Measure every stage of one home: arguments the home's folder, dbt's manifest, the answer."""
    home, manifest, answer = (Path(word) for word in sys.argv[1:4])
    scratch = answer.with_suffix(".duckdb")
    by_folder: dict[str, float] = {}
    stages: dict[str, Callable[[], None]] = {
        "reading": lambda: _read(home / "landing"),
        "models": lambda: _models(home / "warehouse.duckdb", manifest, scratch, by_folder),
        "checks": lambda: _scan(scratch),
        "publishing": lambda: _copy(scratch, answer.with_suffix(".published.duckdb")),
    }
    found = {}
    for name, work in stages.items():
        cpu, wall = _cpu_s(), time.perf_counter()
        work()
        found[name] = {"cpu_s": _cpu_s() - cpu, "wall_s": time.perf_counter() - wall}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    answer.write_text(
        json.dumps({"stages": found, "models": by_folder, "peak_mb": peak}), encoding="utf-8"
    )


def _cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _read(landing: Path) -> None:
    con = duckdb.connect(config={"threads": 1})
    for table in sorted({file.parents[1] for file in landing.rglob("*.parquet")}):
        files = [str(file) for file in sorted(table.rglob("*.parquet"))]
        con.execute(
            "select count(*), count(distinct columns(*)) from read_parquet(?, union_by_name=true)",
            [files],
        ).fetchall()


def _models(warehouse: Path, manifest: Path, scratch: Path, cpu_s: dict[str, float]) -> None:
    nodes: dict[str, Any] = json.loads(manifest.read_text(encoding="utf-8"))["nodes"]
    scratch.unlink(missing_ok=True)
    con = duckdb.connect(str(scratch), config={"threads": 1})
    con.execute(f"attach '{warehouse}' as warehouse (read_only)")
    con.execute("use warehouse")
    kept = {
        (schema, name)
        for schema, name in con.execute(
            "select table_schema, table_name from information_schema.tables"
            " where table_catalog = 'warehouse'"
        ).fetchall()
    }
    for node in _in_order(nodes):
        schema, name = node["schema"], node["alias"]
        if (schema, name) not in kept:
            continue
        con.execute(f"create schema if not exists {scratch.stem}.{schema}")
        before = _cpu_s()
        con.execute(f'create table {scratch.stem}.{schema}."{name}" as {node["compiled_code"]}')
        folder = "charts" if _CHARTS in node["path"] else "others"
        cpu_s[folder] = cpu_s.get(folder, 0.0) + _cpu_s() - before
    con.close()


def _in_order(nodes: dict[str, Any]) -> list[dict[str, Any]]:
    """Tables of the project that are computed, each after what it reads."""
    done: dict[str, None] = {}

    def visit(key: str) -> None:
        if key in done or key not in nodes:
            return
        for before in nodes[key]["depends_on"].get("nodes", ()):
            visit(before)
        done[key] = None

    for key in sorted(nodes):
        visit(key)
    return [
        nodes[key]
        for key in done
        if nodes[key]["resource_type"] == "model"
        and nodes[key]["config"]["materialized"] == "table"
    ]


def _scan(scratch: Path) -> None:
    with duckdb.connect(str(scratch), config={"threads": 1}) as con:
        for schema, name, columns in _tables(con):
            counts = ", ".join(
                f'count("{column}"), count(distinct "{column}")' for column in columns
            )
            con.execute(f'select {counts} from {schema}."{name}"').fetchall()


def _copy(scratch: Path, published: Path) -> None:
    published.unlink(missing_ok=True)
    with duckdb.connect(str(published), config={"threads": 1}) as con:
        con.execute(f"attach '{scratch}' as made (read_only)")
        for schema, name, _ in _tables(con, "made"):
            con.execute(f'create table "{name}" as from made.{schema}."{name}"')


def _tables(
    con: duckdb.DuckDBPyConnection, catalog: str | None = None
) -> list[tuple[str, str, list[str]]]:
    return con.execute(
        "select table_schema, table_name, list(column_name) from information_schema.columns"
        " where table_schema = 'marts' and table_catalog = coalesce(?, current_catalog())"
        " group by all order by all",
        [catalog],
    ).fetchall()


if __name__ == "__main__":
    main()
