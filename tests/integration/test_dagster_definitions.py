"""What Dagster loads: one lineage from delivery to publication, checks, one job, one schedule."""

import os
from datetime import datetime
from itertools import takewhile
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

pytestmark = [pytest.mark.integration, pytest.mark.xdist_group("example")]


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


def test_every_asset_says_what_it_is(definitions) -> None:
    graph = definitions.resolve_asset_graph()
    silent = [
        node.key.to_user_string()
        for node in graph.asset_nodes
        if node.is_materializable and not (node.description or "").strip()
    ]
    assert silent == []


def test_both_gates_block_and_dbt_tests_are_checks(definitions) -> None:
    graph = definitions.resolve_asset_graph()
    names = {key.name for key in graph.asset_check_keys}
    assert {"gate_1_inbound", "gate_2_outbound"} <= names
    gates = [k for k in graph.asset_check_keys if k.name.startswith("gate_")]
    assert all(graph.get_check_spec(key).blocking for key in gates)
    assert len(names) > 5


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
