"""The models' own SQL run over the same rows in another order: what then comes out otherwise.

DuckDB hands rows on in the order its threads finish, so a sum of doubles, or a row picked among
equals, may differ from night to night. Here the order is made as bad as it can be: every source and
every table on the way is shuffled.
"""

import json
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import duckdb

_DATABASE = re.compile(r'"[^"]+"\.("(?:staging|intermediate|marts|\w+)"\."\w+")')


@dataclass(frozen=True)
class Model:
    """One dbt model: where it lies, its compiled SQL, and whether it is kept as a table."""

    schema: str
    name: str
    sql: str
    is_table: bool

    @property
    def relation(self) -> str:
        return f'"{self.schema}"."{self.name}"'


def compiled_models(
    manifest: Path, without_tag: str | None = None, compiled: Path | None = None
) -> list[Model]:
    """Every model of a compiled project, each after what it reads.

    The manifest of a parsed project has no SQL: then `compiled` is the folder dbt left it in.
    """
    nodes = json.loads(manifest.read_text("utf-8"))["nodes"]
    models = {
        i: n
        for i, n in nodes.items()
        if n["resource_type"] == "model" and without_tag not in n["tags"]
    }
    order = TopologicalSorter({i: n["depends_on"]["nodes"] for i, n in models.items()})
    return [
        Model(
            n["schema"],
            n["name"],
            _DATABASE.sub(r"\1", _sql(n, compiled)),
            is_table=n["config"]["materialized"] == "table",
        )
        for n in (models[i] for i in order.static_order() if i in models)
    ]


def _sql(node: dict[str, Any], compiled: Path | None) -> str:
    if compiled is None:
        return str(node["compiled_code"])
    return (compiled / node["package_name"] / node["original_file_path"]).read_text("utf-8")


def upstream_of(manifest: Path, *names: str) -> set[str]:
    """Names of these models and of every model they stand on."""
    nodes = json.loads(manifest.read_text("utf-8"))["nodes"]
    waiting = [i for i, n in nodes.items() if n["name"] in names]
    found: set[str] = set()
    while waiting:
        unique_id = waiting.pop()
        if unique_id in nodes and unique_id not in found:
            found.add(unique_id)
            waiting += nodes[unique_id]["depends_on"].get("nodes", [])
    return {nodes[i]["name"] for i in found}


@contextmanager
def copy_of(built: Path, folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A copy of a warehouse, open to be made anew in, with the clock the models are run by."""
    with duckdb.connect(str(shutil.copyfile(built, folder / "copy.duckdb"))) as con:
        con.execute("set TimeZone = 'Europe/Oslo'")
        yield con


def contents(con: duckdb.DuckDBPyConnection, models: list[Model]) -> dict[str, tuple[int, int]]:
    """Rows and content of every table, whatever order its rows lie in; doubles to the last bit."""
    return {
        m.name: con.execute(
            f"select count(*), sum(cast(hash(t) as hugeint)) from {m.relation} as t"
        ).fetchall()[0]
        for m in models
        if m.is_table
    }


def rebuild(
    con: duckdb.DuckDBPyConnection, models: list[Model], *, shuffled: float | None = None
) -> None:
    """Make every table anew; with a seed, from sources and tables in a random order."""
    if shuffled is not None:
        con.execute("set threads = 1")
        con.execute(f"select setseed({shuffled})").fetchall()
        for relation in _sources(con, models):
            con.execute(
                f"create or replace table {relation} as select * from {relation} order by random()"
            )
    for model in models:
        order = " order by random()" if model.is_table and shuffled is not None else ""
        made = f"{'table' if model.is_table else 'view'} {model.relation}"
        con.execute(f"create or replace {made} as select * from ({model.sql}\n) as t{order}")


def _sources(con: duckdb.DuckDBPyConnection, models: list[Model]) -> Iterator[str]:
    made = {(m.schema, m.name) for m in models}
    rows = con.execute("select schema_name, table_name from duckdb_tables() order by all")
    for schema, name in rows.fetchall():
        if (schema, name) not in made and not name.startswith("main"):
            yield f'"{schema}"."{name}"'
