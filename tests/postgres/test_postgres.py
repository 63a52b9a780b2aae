"""Dagster's history in PostgreSQL: a night, one with nothing new, and pruning, on a real server."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml

from pipelines.contracts.retention import own_rules
from pipelines.desk.child_environment import (
    for_computing,
    for_dagster,
    for_notice,
    for_pages,
    for_report,
)
from tests.case_town import MUNICIPALITY, Town
from tests.e2e.served import free_port

if TYPE_CHECKING:
    from subprocess import CompletedProcess

pytestmark = [pytest.mark.postgres, pytest.mark.integration]

ADDRESS = "DAGSTER_POSTGRES_URL"
SERVER = "postgres"
"""The account the server runs as where the test runs as root, which the server refuses to."""


OLD_RUNS = """
insert into runs (run_id, snapshot_id, pipeline_name, status, run_body, create_timestamp)
select olds.old_id, snapshot_id, pipeline_name, status, replace(run_body, run_id, olds.old_id),
    create_timestamp - interval '5 years'
from runs cross join (select 'old-' || n as old_id from generate_series(1, 45) as n) as olds
"""


class Server:
    """A cluster of one's own, on the machine's own address alone."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()

    def do(self, program: str, *args: str) -> "CompletedProcess[str]":
        as_other = ["runuser", "-u", SERVER, "--"] if os.geteuid() == 0 else []
        return subprocess.run(
            [*as_other, _program(program), "-D", str(self.folder / "cluster"), *args],
            check=True, capture_output=True, text=True, cwd=self.folder, timeout=120,
        )  # fmt: skip

    def ask(self, sql: str) -> list[tuple[int | str, ...]]:
        done = subprocess.run(
            [_program("psql"), "-qAtXF|", "-v", "ON_ERROR_STOP=1", "-c", sql, self.address],
            check=True, capture_output=True, text=True, timeout=120,
        )  # fmt: skip
        lines = (line.split("|") for line in done.stdout.splitlines())
        return [tuple(int(v) if v.isdigit() else v for v in line) for line in lines]

    @property
    def told(self) -> dict[str, str]:
        return {ADDRESS: self.address.replace("://", "+psycopg2://")}

    @property
    def address(self) -> str:
        return f"postgresql://{SERVER}@127.0.0.1:{self.port}/postgres"


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        pytest.fail(f"{name} er ikke på maskinen: installer PostgreSQL, og prøv igjen")
    return found


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    folder = Path(tempfile.mkdtemp(prefix="pukk-postgres-"))
    if os.geteuid() == 0:
        shutil.chown(folder, SERVER)
    found = Server(folder)
    found.do("initdb", "--auth=trust", f"--username={SERVER}", "--no-sync", "--locale=C.UTF-8")
    options = f"-c listen_addresses=127.0.0.1 -p {found.port} -k {folder}"
    found.do("pg_ctl", "start", "--wait", "--log", str(folder / "log"), "-o", options)
    yield found
    found.do("pg_ctl", "stop", "--wait", "--mode=immediate")
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def town(server: Server, built_town: Town, tmp_path_factory: pytest.TempPathFactory) -> Town:
    """The town after a night that was logged in Dagster's own files, told of the server since."""
    found = built_town.copied_to(tmp_path_factory.mktemp("postgres") / "town")
    file = found.home / MUNICIPALITY / "state" / "dagster" / "dagster.yaml"
    settings = yaml.safe_load(file.read_text(encoding="utf-8"))
    del settings["event_log_storage"]
    settings["storage"] = {"postgres": {"postgres_url": {"env": ADDRESS}}}
    file.write_text(yaml.safe_dump(settings), encoding="utf-8")
    return found


def test_a_night_is_logged_there_and_publishes_as_before(server: Server, town: Town) -> None:
    before = _generation(town)
    town.pukk("run", "--force", told=server.told)
    assert _generation(town) == before
    assert server.ask("select status, count(*) from runs group by status") == [("SUCCESS", 1)]
    ((n_events, n_steps),) = server.ask("select count(*), count(distinct step_key) from event_logs")
    assert n_events > n_steps > 10


def test_with_nothing_new_it_says_so_and_logs_nothing(server: Server, town: Town) -> None:
    assert "Ingenting nytt" in town.pukk("run", told=server.told).stdout
    assert server.ask("select count(*) from runs") == [(1,)]


def test_what_is_older_than_the_rules_say_is_pruned_there_too(server: Server, town: Town) -> None:
    server.ask(OLD_RUNS)
    n_before = server.ask("select count(*) from runs")
    told = town.pukk("prune", "--dry-run", told=server.told).stdout
    assert server.ask("select count(*) from runs") == n_before, told
    town.pukk("prune", told=server.told)
    # the newest by their number stay, however old; and the night of today
    kept = own_rules()["dagster_runs"].keep_newest
    left = server.ask("select count(*) filter (where run_id like 'old-%'), count(*) from runs")
    assert left == [(kept, kept + 1)]


def test_a_server_that_is_gone_is_told_of_and_what_is_published_stands(
    server: Server, town: Town
) -> None:
    before = _generation(town)
    nowhere = {ADDRESS: server.told[ADDRESS].replace(str(server.port), "1")}
    done = town.pukk("run", "--force", check=False, told=nowhere)
    assert done.returncode != 0
    assert "Traceback" not in done.stdout + done.stderr
    assert _generation(town) == before


def _generation(town: Town) -> str:
    return (town.home / MUNICIPALITY / "published" / "current.json").read_text(encoding="utf-8")


def test_the_address_reaches_dagster_and_neither_pages_nor_reports(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ADDRESS, server.address)
    assert for_dagster({})[ADDRESS] == server.address
    assert ADDRESS not in for_pages({}) | for_report(Path()) | for_computing({}) | for_notice()
