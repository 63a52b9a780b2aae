"""A promise broken at gate 1, between the gates or at gate 2: nothing is published or frozen."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.case_town import MUNICIPALITY, Town

pytestmark = [
    pytest.mark.integration,
    # dbt forgets its log file open when it is run more than once in a process
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

Change = Callable[[pytest.MonkeyPatch], None]


def one_more(gate: str, contract: str, table: str, column: str) -> Change:
    """One more promise to a gate, that no table with rows can keep."""

    def change(patch: pytest.MonkeyPatch) -> None:
        from pipelines.contracts.shapes import Rule
        from pipelines.defs import quality

        hold = quality._run
        rule = Rule("no_rows", "enum", (column,), {"values": ("x",)}, "error", "Ingen har rader.")

        def held(ctx: Any, name: str, contracts: dict[str, Any], run_id: str) -> Any:
            if name == gate:
                own = contracts[contract].tables[table]
                own = replace(own, rules=(*own.rules, rule))
                tables = {**contracts[contract].tables, table: own}
                contracts = {**contracts, contract: replace(contracts[contract], tables=tables)}
            return hold(ctx, name, contracts, run_id)

        patch.setattr(quality, "_run", held)

    return change


def one_test_more(patch: pytest.MonkeyPatch) -> None:
    """One more test of a model, that finds rows where there are units."""
    from pipelines.defs import models_judged
    from pipelines.quality.model_promises import ModelPromise

    with_queries = models_judged.with_queries
    sql = "select unit_id from intermediate.int_unit_months"
    more = ModelPromise("no_units", "int_unit_months", "Ingen enhet.", sql, "count(*)", False)
    patch.setattr(models_judged, "with_queries", lambda *a: [*with_queries(*a), more])


# what is changed, the gate that finds it, and the gates held until then
STOPPED = (
    (one_more("inbound", "hr", "positions", "unit_id"), "inbound", "no_rows", {"inbound"}),
    (one_test_more, "models", "no_units", {"inbound", "models"}),
    (
        one_more("outbound", "fct_metric_months", "fct_metric_months", "group_id"),
        "outbound",
        "no_rows",
        {"inbound", "outbound"},
    ),
)


def test_what_is_broken_at_a_gate_is_neither_published_nor_frozen(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    town = Town.build(tmp_path_factory.mktemp("town"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PUKK_HOME", str(town.home))
        patch.setenv("PUKK_MUNICIPALITY", str(town.config))
        for change, gate, rule_id, judged in STOPPED:
            stop(town, change, gate, rule_id, judged)
        run(force=False)
    assert pointer(town).exists()
    assert town.warehouse("select count(*) from ops.frozen_baselines") != [(0,)]


def stop(town: Town, change: Change, gate: str, rule_id: str, judged: set[str]) -> None:
    from pipelines.errors import GateError

    with pytest.MonkeyPatch.context() as patch:
        change(patch)
        with pytest.raises(GateError, match="det som var publisert, står urørt"):
            run(force=True)
    run_id = "(select run_id from ops.quality_results order by run_at desc limit 1)"
    found = town.warehouse(
        "select gate, rule_id, success or severity <> 'error' from ops.quality_results"
        f" where run_id = {run_id}"
    )
    assert {name for name, _, _ in found} == judged
    assert [(name, rule) for name, rule, ok in found if not ok] == [(gate, rule_id)]
    assert not pointer(town).exists()
    assert town.warehouse("select count(*) from ops.publications") == [(0,)]
    assert town.warehouse("select count(*) from ops.frozen_baselines") == [(0,)]


def run(*, force: bool) -> None:
    from pipelines.defs.context import load_context
    from pipelines.defs.run import run_nightly

    run_nightly(load_context(), force=force)


def pointer(town: Town) -> Path:
    return town.home / MUNICIPALITY / "published" / "current.json"
