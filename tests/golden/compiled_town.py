"""A town's models made from what dbt compiled when it built `definitions_town`, and their promises.

Compiled SQL is the same for every warehouse, and dbt takes half a minute over it, most of it for
the tests. That dbt and a night find the same is tested in ``test_models_promises``.
"""

import json
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.contracts.to_dbt import AFTER_EFFECTS
from pipelines.defs.model_tests import model_tests, with_queries
from pipelines.quality.model_promises import ModelPromise, judge_models
from tests.dbt_parsed import by_its_name, parsed
from tests.golden.definitions_town import definitions_models, definitions_warehouse
from tests.order_free import Model, rebuild


class Compiled:
    """What dbt made of the project up to the effects: seeds, models, and the tests' queries."""

    def __init__(self, tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> None:
        self._built = definitions_warehouse(tmp_path_factory, worker_id)
        manifest = json.loads((parsed() / "manifest.json").read_text("utf-8"))
        self.models: list[Model] = definitions_models(tmp_path_factory, worker_id)
        self._seeds = [
            (node["schema"], node["name"])
            for node in manifest["nodes"].values()
            if node["resource_type"] == "seed" and AFTER_EFFECTS not in node["tags"]
        ]
        self._promises = _every_promise(manifest, self._built.parent / "definitions-target")

    def build(self, file: Path, *, judged: bool = True) -> None:
        """Make every model of a warehouse anew.

        Args:
            file: A warehouse with its sources.
            judged: Whether each of the models' tests is held too, as ``dbt build`` does.

        Raises:
            AssertionError: A test is broken.
        """
        with by_its_name(file) as named, duckdb.connect(str(named)) as con:
            con.execute("set TimeZone = 'Europe/Oslo'")
            con.execute(f"attach '{self._built}' as dbt_built (read_only)")
            for schema, name in self._seeds:
                con.execute(f'create schema if not exists "{schema}"')
                relation = f'"{schema}"."{name}"'
                con.execute(f"create or replace table {relation} as from dbt_built.{relation}")
            con.execute("detach dbt_built")
            for schema in {model.schema for model in self.models}:
                con.execute(f'create schema if not exists "{schema}"')
            rebuild(con, self.models)
            if judged:
                broken = [
                    f"{one.promise.name}: {one.n_failed}"
                    for one in judge_models(con, self._promises)
                    if one.stops
                ]
                assert broken == []


def _every_promise(manifest: dict[str, Any], target: Path) -> list[ModelPromise]:
    # also those that a night leaves to its gate, which is not held here; sources have no tests of
    # dbt's own to hold
    nodes = {
        key: node | {"tags": [tag for tag in node.get("tags", ()) if tag == AFTER_EFFECTS]}
        for key, node in manifest["nodes"].items()
        if node["resource_type"] != "test" or not _reads_a_source(node)
    }
    tests = model_tests(manifest | {"nodes": nodes}, {})
    promises = with_queries([test for test in tests if not test.is_late], target / "compiled")
    assert len(promises) > 500
    return promises


def _reads_a_source(node: dict[str, Any]) -> bool:
    return any(read.startswith("source.") for read in node["depends_on"]["nodes"])
