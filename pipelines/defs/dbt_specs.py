"""What Dagster's catalogue says of each of dbt's models and seeds, read from dbt's manifest.

Key, what it reads, description with its SQL, columns, group. How they are run is in ``transform``;
no part of dbt is imported: it computes in a process of its own (``dbt_beside``).
"""

from collections.abc import Iterable, Mapping
from typing import Any

import dagster as dg

Manifest = Mapping[str, Any]
Node = Mapping[str, Any]


def asset_key(node: Node) -> dg.AssetKey:
    """Return the key of a model, seed or source: its schema and its name, or the one it states.

    Args:
        node: What the manifest says of it.
    """
    stated = node["config"].get("meta", {}).get("dagster", {}).get("asset_key")
    if stated:
        return dg.AssetKey(stated)
    if node["resource_type"] == "source":
        return dg.AssetKey([node["source_name"], node["name"]])
    return dg.AssetKey([node["config"]["schema"], node["name"]])


def asset_specs(manifest: Manifest, chosen: Iterable[str]) -> list[dg.AssetSpec]:
    """Return the assets of some nodes.

    Args:
        manifest: dbt's manifest.
        chosen: dbt's ids of models and seeds.
    """
    nodes = {**manifest["nodes"], **manifest["sources"]}
    return [_spec(nodes[unique_id], nodes) for unique_id in chosen]


def _spec(node: Node, nodes: Mapping[str, Node]) -> dg.AssetSpec:
    reads = node["depends_on"].get("nodes", ())
    return dg.AssetSpec(
        asset_key(node),
        deps=list(dict.fromkeys(asset_key(nodes[i]) for i in reads if i in nodes)),
        description=_description(node),
        metadata={
            "dagster/table_name": f"{node['database']}.{node['schema']}.{node['alias']}",
            "dagster/column_schema": _columns(node),
            "materialized": node["config"]["materialized"],
        },
        group_name=node["meta"]["dagster"]["group"],
        code_version=node["checksum"]["checksum"],
        kinds={"dbt", "duckdb"},
        tags=dict.fromkeys(node["tags"], ""),
    )


def _description(node: Node) -> str:
    said = node.get("description") or f"dbt {node['resource_type']} {node['name']}"
    sql = node.get("raw_code", "")
    return f"{said}\n\n#### Raw SQL:\n```sql\n{sql}\n```" if sql else said


def _columns(node: Node) -> dg.TableSchema:
    return dg.TableSchema(
        [
            dg.TableColumn(name, column.get("data_type") or "?", column.get("description"))
            for name, column in node.get("columns", {}).items()
        ]
    )
