"""dbt's own tests of the models as promises: which a night measures, and dbt's query for each.

dbt compiles the queries, once for each version of the project; ``pipelines.quality`` counts what
they find. dbt itself runs them, and those the gates promise too, for who runs dbt by hand.
"""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.contracts.model import Contract
from pipelines.contracts.to_dbt import AFTER_EFFECTS, MEASURED_BY_GATES
from pipelines.defs.dbt_here import target_dir
from pipelines.defs.manifest import TESTS_STAMP, ensure_manifest, invoke_dbt
from pipelines.quality.model_promises import ModelPromise
from pipelines.settings import Paths
from pipelines.words.messages import say

_COMPILE = (
    "compile", "--no-write-json", "--no-introspect", "--no-populate-cache", "--select",
    "resource_type:test", "--exclude", f"tag:{MEASURED_BY_GATES}",
)  # fmt: skip


@dataclass(frozen=True)
class ModelTest:
    """One of dbt's tests.

    Attributes:
        name: dbt's name of it.
        table: The model it is about.
        asset: The first model that stands as a table or view of its own, of it and what reads it.
        promised_nb: What should hold.
        counts: The expression that counts what its query finds.
        is_warning: Whether it is only shown.
        is_late: Whether it reads what is computed after the effects.
        file: Where dbt leaves its query, below the folder of compiled files.
    """

    name: str
    table: str
    asset: str
    promised_nb: str
    counts: str
    is_warning: bool
    is_late: bool
    file: Path


def model_tests(manifest: Mapping[str, Any], products: Mapping[str, Contract]) -> list[ModelTest]:
    """Return the tests that a night measures, in order of name.

    Left to gate 2 is what a contract promises of a published table that no later step reads: it
    measures the same before anything is published. What a later step reads is measured before it.

    Args:
        manifest: dbt's manifest.
        products: Contracts of the published tables.
    """
    nodes = manifest["nodes"]
    late = {i for i, node in nodes.items() if AFTER_EFFECTS in node.get("tags", ())}
    read_later = {i for i in late for i in nodes[i]["depends_on"]["nodes"]} - late
    promised = {
        f"{table.name}__{rule.id}"
        for contract in products.values()
        for table in contract.tables.values()
        for rule in table.rules
    }
    found = []
    for node in nodes.values():
        if node["resource_type"] != "test" or MEASURED_BY_GATES in node["tags"]:
            continue
        about = _about(nodes, node)
        if node["name"] not in promised or about in read_later:
            found.append(_test(manifest, node, about, late))
    return sorted(found, key=lambda test: test.name)


def with_queries(tests: Iterable[ModelTest], compiled: Path) -> list[ModelPromise]:
    """Return the tests with the queries dbt makes of them.

    Args:
        tests: Some of dbt's tests.
        compiled: The folder of the files dbt has compiled.
    """
    return [
        ModelPromise(
            name=test.name,
            table=test.table,
            promised_nb=test.promised_nb,
            sql=(compiled / test.file).read_text(encoding="utf-8"),
            counts=test.counts,
            is_warning=test.is_warning,
        )
        for test in tests
    ]


def compiled_tests(paths: Paths) -> Path:
    """Let dbt compile its tests unless it has since the project changed; return the folder.

    Args:
        paths: The municipality's folders; the warehouse is not open.

    Raises:
        BusyError: Somebody reads the warehouse, and the queries must be made.
        PukkError: dbt cannot compile them.
    """
    ensure_manifest(paths)
    target = target_dir(paths)
    project = (target / "manifest.sha256").read_text(encoding="utf-8")
    stamp = target / TESTS_STAMP
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != project:
        stamp.unlink(missing_ok=True)
        invoke_dbt(paths, list(_COMPILE))
        stamp.write_text(project, encoding="utf-8")
    return target / "compiled"


def _about(nodes: Mapping[str, Any], node: Mapping[str, Any]) -> str:
    read: list[str] = node["depends_on"]["nodes"]
    told = node["config"].get("meta", {}).get("dagster", {}).get("ref", {}).get("name")
    named = [i for i in read if nodes.get(i, {}).get("name") == told]
    return str(node.get("attached_node") or (named or read)[0])


def _test(
    manifest: Mapping[str, Any], node: Mapping[str, Any], about: str, late: Set[str]
) -> ModelTest:
    standing = _standing(manifest, about, late)
    return ModelTest(
        name=node["name"],
        table=about.rsplit(".", 1)[-1],
        asset=standing.rsplit(".", 1)[-1],
        promised_nb=node.get("description")
        or say("defs.model_tests.finds_no_rows", name=node["name"]),
        counts=node["config"]["fail_calc"],
        is_warning=node["config"]["severity"].lower() == "warn",
        is_late=not late.isdisjoint([*node["depends_on"]["nodes"], standing]),
        file=_file(node),
    )


def _file(node: Mapping[str, Any]) -> Path:
    # a test that a YAML file asks for lies below that file's name
    defined, own = Path(node["original_file_path"]), Path(node["path"])
    return Path(node["package_name"]) / (defined if own.name == defined.name else defined / own)


def _standing(manifest: Mapping[str, Any], about: str, late: Set[str]) -> str:
    nodes, seen = manifest["nodes"], [about]
    for unique_id in seen:
        if nodes[unique_id]["config"]["materialized"] != "ephemeral":
            return unique_id
        readers = [i for i in manifest["child_map"][unique_id] if i.startswith("model.")]
        seen += sorted(readers, key=lambda i: (i in late, i))
    return about
