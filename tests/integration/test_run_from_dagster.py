"""Runs that Dagster starts itself: under the same lock, none when nothing is new, and in parts."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from tests.case_town import MUNICIPALITY, Town
from tests.conftest import REPO

pytestmark = pytest.mark.integration

QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
Run = Callable[..., Any]


@pytest.fixture(scope="module")
def town(built_town: Town, tmp_path_factory: pytest.TempPathFactory) -> Town:
    return built_town.copied_to(tmp_path_factory.mktemp("leveranser") / "Småby i Øst")


@pytest.fixture(scope="module")
def env(town: Town) -> Iterator[dict[str, str]]:
    from pipelines.defs.context import load_context
    from pipelines.defs.dagster_home import dagster_home

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PUKK_HOME", str(town.home))
        patch.setenv("PUKK_MUNICIPALITY", str(town.config))
        patch.setenv("DAGSTER_HOME", str(dagster_home(load_context().paths)))
        yield dict(os.environ)


@pytest.fixture(scope="module")
def definitions(env: dict[str, str]):
    from pipelines.defs.assemble import build_definitions
    from pipelines.defs.context import load_context

    return build_definitions(load_context())


@pytest.fixture
def run(definitions) -> Run:
    """Runs a part of the job: some assets, or some checks."""
    import dagster as dg

    def made(selection: Any) -> Any:
        part = dg.Definitions.merge(
            definitions, dg.Definitions(jobs=[dg.define_asset_job("part", selection)])
        )
        with dg.DagsterInstance.get() as instance:
            return part.resolve_job_def("part").execute_in_process(
                instance=instance, raise_on_error=False, run_config=QUIET
            )

    return made


def pointer(town: Town) -> dict[str, Any]:
    file = town.home / MUNICIPALITY / "published" / "current.json"
    return dict(json.loads(file.read_text(encoding="utf-8")))


def nightly(env: dict[str, str], *options: str) -> subprocess.CompletedProcess[str]:
    """Start the whole job in a process of its own, as Dagster's page and daemon do."""
    return subprocess.run(
        [
            *(str(Path(sys.executable).parent / "dagster"), "job", "execute"),
            *("-m", "pipelines.definitions", "-j", "nightly", *options),
        ],
        cwd=REPO,
        env=env,
        capture_output=True,
        text=True,
        timeout=1800,
        check=False,
    )


def test_the_job_does_nothing_when_nothing_is_new(town: Town, env: dict[str, str]) -> None:
    before = pointer(town)
    # an unfinished copy is no news
    (town.inbox / "stillinger.csv.part").write_text("halv", encoding="utf-8")
    done = nightly(env)
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    assert "Ingenting nytt siden generasjon 1" in said
    assert "STEP_START" not in said
    assert pointer(town) == before


def test_the_schedule_says_why_it_skips(definitions) -> None:
    import dagster as dg

    with dg.DagsterInstance.get() as instance, dg.build_schedule_context(instance) as context:
        data = definitions.resolve_schedule_def("nightly_0115").evaluate_tick(context)
    assert data.run_requests == []
    assert "Ingenting nytt siden generasjon 1" in data.skip_message


def test_a_run_in_dagster_waits_for_nobody_who_holds_the_lock(
    town: Town, env: dict[str, str]
) -> None:
    with FileLock(town.home / MUNICIPALITY / "state" / "run.lock"):
        done = nightly(env)
    assert done.returncode != 0
    assert "En annen kjøring holder på med denne kommunen" in done.stdout + done.stderr


PARTS = [
    "inbox", "municipality/profile", "sick_leave/spells", "ops/deliveries",
    "marts/mart_before_after", "marts/mart_headlines", "published/quality_report",
]  # fmt: skip


@pytest.mark.parametrize("name", PARTS)
def test_any_asset_can_be_materialised_alone(run: Run, name: str) -> None:
    import dagster as dg

    result = run(dg.AssetSelection.assets(dg.AssetKey(name.split("/"))).without_checks())
    assert result.success
    made = {e.asset_key.to_user_string() for e in result.get_asset_materialization_events()}
    assert made == {name}


@pytest.mark.parametrize(
    ("name", "asset"),
    [
        ("gate_1_inbound", "sick_leave/spells"),
        ("gate_2_outbound", "marts/mart_effects"),
        ("model_promises", "intermediate/int_baselines"),
        ("model_promises_after_effects", "intermediate/int_headline_verdicts"),
    ],
)
def test_any_check_can_be_made_alone(run: Run, name: str, asset: str) -> None:
    import dagster as dg

    result = run(dg.AssetSelection.checks(dg.AssetCheckKey(dg.AssetKey(asset.split("/")), name)))
    assert result.success
    made = {
        (e.check_name, e.asset_key.to_user_string()) for e in result.get_asset_check_evaluations()
    }
    assert made == {(name, asset)}


def test_the_generation_alone_is_judged_first_and_claims_no_inputs(town: Town, run: Run) -> None:
    import dagster as dg

    before = pointer(town)
    alone = dg.AssetSelection.assets(dg.AssetKey(["published", "generation"])).without_checks()
    result = run(alone)
    assert result.success
    judged = town.warehouse(
        "select count(*) from ops.quality_results"
        f" where run_id = '{result.run_id}' and gate = 'outbound'"
    )
    assert judged[0][0] > 0
    # the marts are as they were: the same generation, made from the same inputs
    assert pointer(town) == before


def test_a_file_where_the_reports_should_be_is_said_before_anything_is_done(town: Town) -> None:
    reports = town.home / MUNICIPALITY / "reports"
    kept = reports.rename(reports.with_name("rapporter"))
    reports.write_text("en fil")
    try:
        done = town.pukk("run", "--force", check=False)
    finally:
        reports.unlink()
        kept.rename(reports)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Her ligger en fil der det skal være en mappe" in done.stderr
    assert "reports" in done.stderr
