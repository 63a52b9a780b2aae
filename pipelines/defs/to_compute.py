"""Which of dbt's nodes a night runs: what may come out as something else than what stands.

A table is run when its SQL may be another, or what it reads holds something else than it was
computed from, and so are the tables after it; dbt's materialization then leaves standing what would
come out the same after all (``macros/materializations``). A view and a seed hold what their files
say, and are made when those have changed or they are not there. What is kept of each, and how, is
in ``pipelines.warehouse.computed``; dbt's own run is in ``transform``.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import duckdb

from pipelines.defs.lock import warehouse
from pipelines.settings import Paths
from pipelines.warehouse.computed import (
    Computed,
    forget_computed,
    forget_names,
    kept_computed,
    note_inputs,
)

Manifest = Mapping[str, Any]
LAYERS = ["staging", "intermediate", "marts"]
"""The schemas of what dbt makes."""


@dataclass(frozen=True)
class Lineage:
    """What the project's manifest says of who reads whom; sources are ``schema.table``.

    Attributes:
        kinds: Name of every model and seed -> table, view or seed.
        seed_codes: Seed -> fingerprint of its file and types.
        sources: Source -> the table, quoted.
        source_views: View that reads sources -> the view, quoted.
        reads: Name -> what it reads; through a view also what that reads, unless it reads sources.
    """

    kinds: Mapping[str, str]
    seed_codes: Mapping[str, str]
    sources: Mapping[str, str]
    source_views: Mapping[str, str]
    reads: Mapping[str, frozenset[str]]


def compute_everything(paths: Paths) -> None:
    """Have the run that begins compute every table, whatever stands.

    Args:
        paths: The municipality's folders, with the run's lock held.
    """
    with warehouse(paths) as con:
        forget_computed(con)


def lineage_of(manifest: Manifest) -> Lineage:
    """Return who reads whom.

    Args:
        manifest: dbt's manifest.
    """
    nodes = {i: n for i, n in manifest["nodes"].items() if n["resource_type"] in {"model", "seed"}}
    sources = {i: f"{s['schema']}.{s['identifier']}" for i, s in manifest["sources"].items()}
    names = sources | {i: n["name"] for i, n in nodes.items()}
    parents = {i: n["depends_on"].get("nodes", []) for i, n in nodes.items()}
    views = {i for i, n in nodes.items() if n["config"]["materialized"] == "view"}
    over_sources = {i for i in views if any(parent in sources for parent in parents[i])}

    @cache
    def reads(node: str) -> frozenset[str]:
        through = [p for p in parents[node] if p in views - over_sources]
        return frozenset(names[p] for p in parents[node]).union(*map(reads, through))

    return Lineage(
        kinds={n["name"]: n["config"]["materialized"] for n in nodes.values()},
        seed_codes={
            n["name"]: _seed_code(n) for n in nodes.values() if n["resource_type"] == "seed"
        },
        sources={
            name: _quoted(manifest["sources"][i]["schema"], manifest["sources"][i]["identifier"])
            for i, name in sources.items()
        },
        source_views={
            names[i]: _quoted(nodes[i]["schema"], nodes[i]["alias"]) for i in over_sources
        },
        reads={names[i]: reads(i) for i in nodes},
    )


@dataclass(frozen=True)
class Due:
    """What dbt is to run.

    Attributes:
        names: Models and seeds.
        how: ``all`` when none of the tables may be left standing, else ``changed``.
    """

    names: frozenset[str]
    how: str


def nodes_to_run(
    con: duckdb.DuckDBPyConnection, lineage: Lineage, step: Collection[str], project: str
) -> Due:
    """Note what the sources hold now, and return what in a step dbt is to run.

    Args:
        con: The working warehouse.
        lineage: Who reads whom.
        step: The names in the step.
        project: Fingerprint of the dbt project and of the engine.
    """
    note_inputs(con, lineage.reads, lineage.sources, lineage.source_views)
    _forget_what_is_not_as_kept(con, lineage, step)
    kept = kept_computed(con)
    begun = {n for n in step if n not in kept or _is_due(n, kept[n], lineage, project)}
    due = frozenset(begun | _tables_after(begun, lineage, step))
    may_stand = any(kept[name].is_known for name in due & kept.keys())
    return Due(due, "changed" if may_stand else "all")


def _is_due(name: str, kept: Computed, lineage: Lineage, project: str) -> bool:
    kind = lineage.kinds[name]
    if kind == "seed":
        return kept.code != lineage.seed_codes[name]
    if kind == "view":
        return kept.project != project
    return kept.project != project or not kept.is_of_now


def _tables_after(begun: set[str], lineage: Lineage, step: Collection[str]) -> set[str]:
    found, grown = set[str](), True
    while grown:
        more = {
            name
            for name in step
            if lineage.kinds[name] == "table" and not lineage.reads[name].isdisjoint(begun | found)
        }
        grown = not more <= found
        found |= more
    return found


def _forget_what_is_not_as_kept(
    con: duckdb.DuckDBPyConnection, lineage: Lineage, step: Collection[str]
) -> None:
    # what is gone, and a table that somebody has written in by hand. DuckDB keeps each table's
    # size in its catalogue, so nothing is scanned; of a seed it counts emptied rows too
    sizes: dict[str, int] = dict(
        con.execute(
            "select table_name, estimated_size from duckdb_tables()"
            " where list_contains($layers, schema_name)"
            " union all select view_name, 0 from duckdb_views()"
            " where list_contains($layers, schema_name)",
            {"layers": LAYERS},
        ).fetchall()
    )
    kept = kept_computed(con)
    forget_names(
        con,
        [
            name
            for name in step
            if name in kept
            and (
                name not in sizes
                or (lineage.kinds[name] == "table" and sizes[name] != kept[name].n_rows)
            )
        ],
    )


def _seed_code(node: Mapping[str, Any]) -> str:
    types = sorted((node["config"].get("column_types") or {}).items())
    return ",".join([node["checksum"]["checksum"], *(f"{name} {kind}" for name, kind in types)])


def _quoted(schema: str, name: str) -> str:
    return f'"{schema}"."{name}"'
