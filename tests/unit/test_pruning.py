"""What every night adds and nobody is promised goes; what is promised, and the newest, stays."""

import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest

from pipelines.contracts.retention import own_rules
from pipelines.defs import pruning
from pipelines.defs.context import RunContext, read_context
from pipelines.defs.dagster_home import dagster_home
from pipelines.defs.pruning import prune, prune_after_night
from pipelines.desk.events import log_event
from pipelines.settings import Paths, Settings
from tests.unit.cli_home import command

LONG_AGO = datetime.now(UTC) - timedelta(days=900)


@dg.op
def says() -> str:
    return "x" * 200_000


@dg.job(executor_def=dg.in_process_executor)
def night() -> None:
    says()


@pytest.fixture
def ctx(tmp_path: Path) -> RunContext:
    found = read_context(Settings(municipality="nhs_england", home=tmp_path / "home"))
    found.paths.create()
    return found


@pytest.fixture
def runs(ctx: RunContext) -> Iterator[list[str]]:
    """Twelve runs of long ago and one of today, oldest first."""
    with instance_of(ctx.paths) as instance:
        made = [night.execute_in_process(instance=instance).run_id for _ in range(13)]
    with closing(sqlite3.connect(ctx.paths.state / "dagster" / "history" / "runs.db")) as con:
        for n, run_id in enumerate(made[:-1]):
            at = (LONG_AGO + timedelta(days=n)).replace(tzinfo=None).isoformat(" ")
            con.execute("update runs set create_timestamp = ? where run_id = ?", [at, run_id])
        con.commit()
    return made


def instance_of(paths: Paths) -> dg.DagsterInstance:
    return dg.DagsterInstance.from_config(str(dagster_home(paths)))


def left(paths: Paths) -> set[str]:
    with instance_of(paths) as instance:
        return {run.run_id for run in instance.get_runs()}


def test_old_runs_go_with_their_events_and_the_newest_stay(
    ctx: RunContext, runs: list[str]
) -> None:
    keep = own_rules()["dagster_runs"].keep_newest
    screen = ctx.paths.state / "dagster" / "storage" / runs[0]
    screen.mkdir(parents=True, exist_ok=True)
    (screen / "out").write_text("noe")
    log_event(ctx.paths.state, "run", "nightly")
    before = {f: f.read_bytes() for f in ctx.paths.state.glob("access_log*")}
    told = prune(ctx, dry_run=True)
    assert [each.name for each in told] == runs[: 13 - keep]
    assert left(ctx.paths) == set(runs)
    assert screen.is_dir()
    assert prune(ctx, dry_run=False) != []
    assert left(ctx.paths) == set(runs[13 - keep :])
    assert not screen.exists()
    with instance_of(ctx.paths) as instance:
        assert instance.all_logs(runs[0]) == []
        assert instance.all_logs(runs[-1]) != []
    assert prune(ctx, dry_run=False) == []
    assert {f: f.read_bytes() for f in ctx.paths.state.glob("access_log*")} == before


def test_the_disk_gets_back_what_old_runs_took(
    ctx: RunContext, runs: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert len(runs) == 13
    log = ctx.paths.state / "dagster" / "event_log" / "event_log.db"
    with closing(sqlite3.connect(log)) as con:
        # a year of nights in one run that goes
        filler = "x" * 1_000_000
        con.execute("update event_logs set event = event || ? where run_id = ?", [filler, runs[0]])
        con.commit()
    before = log.stat().st_size
    prune(ctx, dry_run=False)
    assert log.stat().st_size < before / 2


def test_a_night_ends_well_whatever_stops_the_pruning(
    ctx: RunContext, runs: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with instance_of(ctx.paths) as instance:

        def held(_: str) -> None:
            raise RuntimeError("held")

        monkeypatch.setattr(instance, "delete_run", held)
        prune_after_night(ctx, instance)
    assert left(ctx.paths) == set(runs)


def test_many_old_runs_are_done_over_some_nights(
    ctx: RunContext, runs: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pruning, "_AT_MOST", 2)
    prune(ctx, dry_run=False)
    assert left(ctx.paths) == set(runs[2:])


def test_files_laid_out_long_ago_go_but_for_the_newest_two(ctx: RunContext) -> None:
    recipient = ctx.paths.outbox / "ola"
    for n in range(1, 5):
        folder = recipient / f"generation-{n:06d}"
        folder.mkdir(parents=True)
        (folder / "rapport.pdf").write_text("x")
        os.utime(folder, (LONG_AGO.timestamp(), LONG_AGO.timestamp()))
    assert [each.name for each in prune(ctx, dry_run=False)] == [
        "outbox/ola/generation-000001", "outbox/ola/generation-000002",
    ]  # fmt: skip
    assert next(f.name for f in sorted(recipient.iterdir())) == "generation-000003"


def test_the_command_says_what_goes(
    ctx: RunContext,
    runs: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("PUKK_MUNICIPALITY", "nhs_england")
    home = ctx.paths.root.parent
    assert command(monkeypatch, home, "prune", "--dry-run") == 0
    assert "Ingenting er slettet" in capsys.readouterr().out
    assert command(monkeypatch, home, "prune", "--json") == 0
    said = json.loads(capsys.readouterr().out)
    assert [each["name"] for each in said["found"]] == runs[:3]
    assert command(monkeypatch, home, "prune") == 0
    assert "eldre enn det trenger" in capsys.readouterr().out
