"""The two steps of dbt, before and after the effects: what each holds, and how a night runs it.

Which of its nodes are run is decided in ``to_compute``; Dagster's side is in ``transform``. A model
that reads the effects lies in a folder tagged ``after_effects`` (``dbt_project.yml``).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from graphlib import TopologicalSorter
from operator import itemgetter
from typing import Any

import duckdb

from pipelines.contracts.to_dbt import AFTER_EFFECTS
from pipelines.defs.dbt_here import MEMORY
from pipelines.defs.lock import warehouse
from pipelines.defs.manifest import invoke_dbt, project_fingerprint
from pipelines.defs.to_compute import Lineage, lineage_of, nodes_to_run
from pipelines.settings import Paths
from pipelines.warehouse.computed import confirm_computed
from pipelines.warehouse.connection import held_in, memory_limit
from pipelines.words.messages import say

_IS_LATE = f"tag:{AFTER_EFFECTS}"
# the manifest is written when the project is parsed; writing it again costs half a second
_AS_PARSED = ("--no-write-json",)
# models alone are run: to build, dbt puts every test of the project in its graph, and out again
_RUN, _BUILD = "run", "build"
_TESTS = "resource_type:test"
_EVERY_TABLE = "config.materialized:table"
_ENGINE = f"duckdb {duckdb.__version__}"


@dataclass(frozen=True)
class Step:
    """One of dbt's steps of a night.

    Attributes:
        name: The step's name in Dagster.
        told: What is told as it begins, in bokmål.
        select: What of the project it holds, as dbt selects it.
        exclude: What of that it does not hold.
    """

    name: str
    told: str
    select: str
    exclude: str

    @property
    def is_late(self) -> bool:
        """Whether it comes after the effects."""
        return self.select == _IS_LATE

    def nodes(self, manifest: Mapping[str, Any]) -> dict[str, str]:
        """Return the models and seeds of the step: name -> dbt's id."""
        return {
            node["name"]: unique_id
            for unique_id, node in manifest["nodes"].items()
            if node["resource_type"] in {"model", "seed"}
            and (AFTER_EFFECTS in node.get("tags", ())) == self.is_late
        }


STEPS = (
    Step("dbt_project", say("defs.dbt_steps.computing"), "fqn:*", f"{_TESTS} {_IS_LATE}"),
    Step("dbt_after_effects", "Feller dommene (dbt)", _IS_LATE, _TESTS),
)


def run_step(
    paths: Paths,
    manifest: Mapping[str, Any],
    step: Step,
    chosen: Sequence[str] | None = None,
) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """Have dbt compute what is due in a step, or what was chosen, and keep what that was made from.

    Args:
        paths: The municipality's folders.
        manifest: dbt's manifest.
        step: The step.
        chosen: dbt's names of what to run, whatever is due; ``None`` for the step as a whole.

    Returns:
        dbt's events, and what was left standing without asking dbt: name -> dbt's id.

    Raises:
        BusyError: Somebody reads the warehouse.
        PukkError: dbt raised, or a node failed before any could run.
    """
    lineage, nodes = lineage_of(manifest), step.nodes(manifest)
    project = f"{project_fingerprint()} {_ENGINE}"
    with warehouse(paths) as con:
        due = nodes_to_run(con, lineage, nodes.keys(), project)
        memory = memory_limit(held_in(con))
    if chosen is None:
        arguments, how = _arguments(step, lineage, nodes, due.names), due.how
        stands = {name: nodes[name] for name in sorted(nodes.keys() - due.names)}
    else:
        arguments, how = ["--indirect-selection", "empty", "--select", *chosen], "all"
        stands = {}
    if not due.names and chosen is None:
        return [], stands
    told = {"PUKK_COMPUTE": how, "PUKK_ENGINE": _ENGINE, MEMORY: memory}
    has_seeds = chosen is not None or any(lineage.kinds[name] == "seed" for name in due.names)
    events = invoke_dbt(paths, [_BUILD if has_seeds else _RUN, *_AS_PARSED, *arguments], told)
    with warehouse(paths) as con:
        confirm_computed(con, _succeeded(events), project)
    return events, stands


def in_order(
    events: Sequence[dict[str, Any]], stands: Mapping[str, str], manifest: Mapping[str, Any]
) -> list[dict[str, Any] | str]:
    """Return dbt's events, and the names of what stands, each after what it reads.

    Args:
        events: dbt's events.
        stands: What was left standing: name -> dbt's id.
        manifest: dbt's manifest.
    """
    reads = {i: n["depends_on"].get("nodes", ()) for i, n in manifest["nodes"].items()}
    place = {i: number for number, i in enumerate(TopologicalSorter(reads).static_order())}
    placed: list[tuple[int, dict[str, Any] | str]] = [
        (place.get(event["data"].get("node_info", {}).get("unique_id"), -1), event)
        for event in events
    ]
    placed += [(place[unique_id], name) for name, unique_id in stands.items()]
    return [found for _, found in sorted(placed, key=itemgetter(0))]


def _arguments(
    step: Step, lineage: Lineage, nodes: Collection[str], due: Collection[str]
) -> list[str]:
    """Return what dbt is to select: the nodes that are due."""
    tables = {name for name in nodes if lineage.kinds[name] == "table"}
    rest = sorted(set(due) - tables)
    # dbt looks each name up among all nodes: where all tables are due, it is told so in one word
    every = f"{_EVERY_TABLE},{_IS_LATE}" if step.is_late else _EVERY_TABLE
    named = [every, *rest] if tables <= set(due) else sorted(due)
    return ["--select", *named, "--exclude", *step.exclude.split()]


def _succeeded(events: Iterable[dict[str, Any]]) -> list[str]:
    found = (e["data"]["node_info"] for e in events if e["info"]["name"] == "NodeFinished")
    return [node["node_name"] for node in found if node["node_status"] == "success"]
