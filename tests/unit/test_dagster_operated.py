"""Dagster as operators expect: on by configuration, waiting for files, settings left alone."""

from datetime import UTC, datetime
from pathlib import Path

import dagster as dg
import pytest
import yaml

from pipelines.defs.automation import (
    build_job,
    build_retention_job,
    build_retention_schedule,
    build_schedule,
    is_on,
    night_tags,
    sensor_status,
)
from pipelines.defs.context import RunContext, load_context
from pipelines.defs.dagster_home import dagster_home
from pipelines.defs.freshness import build_freshness_check, build_freshness_job
from pipelines.defs.inbox_sensor import FILES, STARTED_BY, build_inbox_sensor
from pipelines.errors import ConfigError
from pipelines.settings import Paths, Settings


def context(home: Path, *automation: str) -> RunContext:
    return load_context(Settings(municipality="loten", home=home, automation=automation))


def test_what_runs_by_itself_is_named_and_nothing_else_does(tmp_path: Path) -> None:
    on, job = context(tmp_path, "nightly", "inbox"), build_job()
    running, stopped = dg.DefaultScheduleStatus.RUNNING, dg.DefaultScheduleStatus.STOPPED
    assert build_schedule(on, job).default_status == running
    assert build_schedule(context(tmp_path), job).default_status == stopped
    assert build_retention_schedule(on, build_retention_job()).default_status == stopped
    assert sensor_status(on, "inbox") == dg.DefaultSensorStatus.RUNNING
    with pytest.raises(ConfigError, match="nattlig"):
        is_on(context(tmp_path, "nattlig"), "nightly")


def test_a_night_is_tagged_with_its_local_day_and_the_month_before() -> None:
    # a quarter past one in Oslo on the first of March is the day before in UTC in no season
    assert night_tags(datetime(2027, 3, 1, 0, 15, tzinfo=UTC)) == {
        "pukk/night": "2027-03-01",
        "pukk/period": "2027-02",
    }
    assert night_tags(datetime(2027, 3, 31, 23, 15, tzinfo=UTC))["pukk/night"] == "2027-04-01"


def test_the_sensor_waits_until_two_looks_have_seen_the_same(tmp_path: Path) -> None:
    ctx = context(tmp_path)
    ctx.paths.create()
    sensor = build_inbox_sensor(ctx, build_job(), dg.DefaultSensorStatus.STOPPED)
    cursor = ""

    def look() -> list[dg.RunRequest]:
        nonlocal cursor
        with dg.DagsterInstance.ephemeral() as instance:
            tick = sensor(dg.build_sensor_context(instance=instance, cursor=cursor))
        assert isinstance(tick, dg.SensorResult)
        cursor = tick.cursor or ""
        return list(tick.run_requests or [])

    assert look() == []
    file = ctx.paths.inbox / "loten_2015_enheter.csv"
    file.write_text("halv")
    assert look() == []  # it has only just come
    file.write_text("halv og mer")
    assert look() == []  # it grew
    (ctx.paths.inbox / "ny.csv.part").write_text("uferdig")
    (request,) = look()
    assert request.tags == {STARTED_BY: "inbox", FILES: "1"}
    (again,) = look()
    assert again.run_key == request.run_key  # which Dagster starts once


def test_settings_that_somebody_has_changed_are_never_written_over(tmp_path: Path) -> None:
    paths = Paths(tmp_path / "hjem")
    file = dagster_home(paths) / "dagster.yaml"
    made = file.read_text()
    told = yaml.safe_load(made)
    assert told["telemetry"] == {"enabled": False}
    # a crash is tried again, what failed for its data is not
    assert told["run_retries"]["enabled"]
    assert told["run_retries"]["retry_on_asset_or_op_failure"] is False
    file.write_text(made + "python_logs: {python_log_level: INFO}\n")
    dagster_home(paths)
    assert "python_logs" in file.read_text()
    file.write_text(made.replace("max_runtime_seconds: 7200", "max_runtime_seconds: 100"))
    dagster_home(paths)
    assert "max_runtime_seconds: 100" in file.read_text()


def test_settings_nobody_has_changed_follow_the_product_and_the_folder(tmp_path: Path) -> None:
    paths = Paths(tmp_path / "hjem")
    file = dagster_home(paths) / "dagster.yaml"
    made = file.read_text()
    moved = tmp_path / "flyttet"
    (tmp_path / "hjem").rename(moved)
    now = dagster_home(Paths(moved)) / "dagster.yaml"
    assert now.read_text() == made.replace(str(tmp_path / "hjem"), str(moved))
    earlier = (
        "event_log_storage:\n  module: pipelines.defs.event_log\n  class: OneFileEventLog\n"
        '  config: {base_dir: "/gammelt"}\ntelemetry: {enabled: false}\nnux: {enabled: false}\n'
        "concurrency: {runs: {max_concurrent_runs: 1}}\n"
        "run_monitoring: {enabled: true, max_runtime_seconds: 7200}\n"
        "retention: {schedule: {purge_after_days: 90}, sensor: {purge_after_days: 7}}\n"
    )
    now.write_text(earlier)
    dagster_home(Paths(moved))
    assert "run_retries" in now.read_text()


def test_the_settings_are_an_instance_dagster_takes(tmp_path: Path) -> None:
    with dg.DagsterInstance.from_config(str(dagster_home(Paths(tmp_path / "hjem")))) as instance:
        assert instance.run_retries_enabled
        assert instance.run_monitoring_enabled


def test_every_source_with_a_feed_is_held_against_its_rhythm(tmp_path: Path) -> None:
    ctx = context(tmp_path)
    check = build_freshness_check(ctx)
    assert check is not None
    sources = {(feed.contract, feed.table) for feed in ctx.municipality.feeds}
    assert {tuple(spec.asset_key.path) for spec in check.check_specs} == sources
    assert not any(spec.blocking for spec in check.check_specs)
    assert build_freshness_job(check).name == "freshness"
