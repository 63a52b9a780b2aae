"""What Dagster loads: one lineage from delivery to publication, checks, one job, one schedule."""

import os
from datetime import datetime
from itertools import takewhile
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def definitions(example_home: Path):
    os.environ["PUKK_HOME"] = str(example_home)
    os.environ["PUKK_MUNICIPALITY"] = "vestre_toten"
    from pipelines.defs.assemble import build_definitions
    from pipelines.defs.context import load_context

    yield build_definitions(load_context())
    del os.environ["PUKK_HOME"], os.environ["PUKK_MUNICIPALITY"]


def test_every_mart_goes_back_to_the_inbox(definitions) -> None:
    graph = definitions.resolve_asset_graph()
    keys = {key.to_user_string(): key for key in graph.get_all_asset_keys()}
    inbox = keys["inbox"]
    marts = [key for name, key in keys.items() if "mart_before_after" in name]
    assert len(marts) == 1
    seen, todo = set(), [marts[0]]
    while todo:
        key = todo.pop()
        if key not in seen:
            seen.add(key)
            todo += list(graph.get(key).parent_keys)
    assert inbox in seen
    assert keys["sick_leave/spells"] in seen
    assert keys["lean/cycles"] in seen
    generation = graph.get(keys["published/generation"])
    assert marts[0] in generation.parent_keys


def test_every_asset_has_an_owner_and_the_pages_stand_after_the_generation(definitions) -> None:
    graph = definitions.resolve_asset_graph()
    ownerless = [
        node.key.to_user_string()
        for node in graph.asset_nodes
        if node.is_materializable and not node.owners
    ]
    assert ownerless == []
    keys = {key.path[-1]: key for key in graph.get_all_asset_keys()}
    pages = graph.get(keys["result_pages"])
    assert pages.parent_keys == {keys["generation"]}
    assert not pages.is_materializable
    assert {key.name for key in graph.asset_check_keys} >= {"feeds_are_on_time"}


def test_every_asset_says_what_it_is(definitions) -> None:
    graph = definitions.resolve_asset_graph()
    silent = [
        node.key.to_user_string()
        for node in graph.asset_nodes
        if node.is_materializable and not (node.description or "").strip()
    ]
    assert silent == []


def test_both_gates_block_and_so_does_what_is_promised_of_the_models(definitions) -> None:
    graph = definitions.resolve_asset_graph()
    names = {key.name for key in graph.asset_check_keys}
    assert {"gate_1_inbound", "gate_2_outbound"} <= names
    gates = [k for k in graph.asset_check_keys if k.name.startswith("gate_")]
    waits = {key for key in gates if graph.get_check_spec(key).blocking}
    # what the second dbt step reads cannot wait for gate 2, which then fails as a step
    assert {key.asset_key.path[-1] for key in set(gates) - waits} >= {"mart_effects", "dim_units"}
    assert {k.asset_key.path[-1] for k in waits} >= {"mart_headlines", "mart_before_after"}
    early = {k for k in graph.asset_check_keys if k.name == "model_promises"}
    assert all(graph.get_check_spec(key).blocking for key in early)
    assert {k.asset_key.path[-1] for k in early} >= {"int_baselines", "int_metric_months"}
    # what the effects and the models after them read is held before they run
    assert "dim_units" in {k.asset_key.path[-1] for k in early}
    late = {k.asset_key.path[-1] for k in graph.asset_check_keys if k.name.endswith("_effects")}
    assert late
    assert not late & {k.asset_key.path[-1] for k in early}


def test_no_step_is_cut_in_pieces_by_a_gate_that_waits_for_it(definitions) -> None:
    # where a gate and a step wait for each other, Dagster cuts both, and a part runs ungated
    nodes = [node.name for node in definitions.resolve_job_def("nightly").nodes]
    assert {"dbt_project", "dbt_after_effects", "effects", "gate_2_outbound"} <= set(nodes)
    assert [name for name in nodes if name.rpartition("_")[2].isdigit()] == []


def test_headlines_come_after_the_effects_and_before_the_generation(definitions) -> None:
    graph = definitions.resolve_asset_graph()
    keys = {key.path[-1]: key for key in graph.get_all_asset_keys()}
    assert keys["mart_effects"] in graph.get(keys["stg_effects__units"]).parent_keys
    assert keys["mart_headlines"] in graph.get(keys["generation"]).parent_keys
    assert keys["mart_headlines"] in graph.get(keys["mart_overview"]).parent_keys
    steps = {
        name: definitions.resolve_assets_def(keys[name]).node_def.name
        for name in ("mart_before_after", "mart_headlines", "mart_effects")
    }
    assert steps == {
        "mart_before_after": "dbt_project",
        "mart_headlines": "dbt_after_effects",
        "mart_effects": "effects",
    }


def test_a_gate_that_does_not_hold_stops_what_comes_after_it_even_where_it_cannot_block(
    definitions, monkeypatch: pytest.MonkeyPatch
) -> None:
    import dagster as dg

    from pipelines.defs import quality
    from pipelines.defs.context import RUN_CONTEXT
    from pipelines.quality.results import CheckResult, GateResult

    words = ("outbound", "c", "1.0.0", "judged", "r", "e", None, "error", "Lovet.", "Brutt.")
    found = CheckResult(*words, n_rows=1, n_failed=1, success=False)
    broken = GateResult(success=False, results=(found,))
    # only what the gate finds is made up; how Dagster takes it is what is tested
    monkeypatch.setattr(quality, "_run", lambda *_: broken)
    done = []

    @dg.asset
    def judged() -> None:
        done.append("judged")

    @dg.asset(deps=[judged])
    def late() -> None:
        done.append("late")

    @dg.asset(deps=[judged, late])
    def published() -> None:
        done.append("published")

    gate = quality._gate(
        "outbound", "gate_2_outbound", "Løftet.", [["judged"], ["late"]], {("judged",)}
    )
    job = dg.Definitions(
        assets=[judged, late, published],
        asset_checks=[gate],
        jobs=[dg.define_asset_job("all", dg.AssetSelection.all())],
        executor=dg.in_process_executor,
        resources={RUN_CONTEXT: dg.ResourceDefinition.hardcoded_resource(None)},
    ).resolve_job_def("all")
    result = job.execute_in_process(raise_on_error=False)
    assert not result.success
    assert done == ["judged", "late"]


def test_the_job_runs_at_quarter_past_one_once_every_local_night(definitions) -> None:
    from dagster._utils.schedules import cron_string_iterator

    schedule = definitions.resolve_schedule_def("nightly_0115")
    assert schedule.execution_timezone == "Europe/Oslo"
    oslo = ZoneInfo("Europe/Oslo")
    for start, end in [
        (datetime(2026, 10, 24, 12, tzinfo=oslo), datetime(2026, 10, 26, 12, tzinfo=oslo)),
        (datetime(2027, 3, 27, 12, tzinfo=oslo), datetime(2027, 3, 29, 12, tzinfo=oslo)),
    ]:
        ticks = list(
            takewhile(
                lambda tick, end=end: tick < end,
                cron_string_iterator(
                    start.timestamp(), schedule.cron_schedule, schedule.execution_timezone
                ),
            )
        )
        assert [(t.hour, t.minute) for t in ticks] == [(1, 15), (1, 15)]
