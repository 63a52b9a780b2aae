"""Dagster's page as ``pukk serve`` serves it: its owner uses it, another account gets nothing."""

import json
import os
import re
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Subprotocol

from pipelines.desk.access_log import entries
from pipelines.desk.accounts import account
from tests.case_town import MUNICIPALITY, Town
from tests.conftest import REPO
from tests.e2e.served import free_port
from tests.integration.test_second_account import as_another

pytestmark = pytest.mark.integration

PATIENCE_S = 600
LAUNCH = """
mutation($p: ExecutionParams!) { launchRun(executionParams: $p) {
    __typename ... on LaunchRunSuccess { run { runId } } ... on PythonError { message }
} }
"""
STATUS = "query($id: ID!) { runOrError(runId: $id) { ... on Run { status } } }"
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")


@dataclass(frozen=True)
class Served:
    """A page that is served, and what was said as it started."""

    town: Town
    port: int
    temporary: Path
    told: Path

    @property
    def file(self) -> Path:
        """Where the address with the key lies."""
        return self.town.home / MUNICIPALITY / "state" / "dagster" / "page_address"

    @property
    def key(self) -> str:
        """The key of this start."""
        return self.file.read_text(encoding="utf-8").partition("key=")[2]

    def url(self, path: str = "/", scheme: str = "http") -> str:
        """Return the address of a page, without the key."""
        return f"{scheme}://127.0.0.1:{self.port}{path}"

    def asked(self, query: str, headers: dict[str, str], **variables: Any) -> Any:
        """Return what GraphQL answers."""
        body = {"query": query, "variables": variables}
        answer = httpx.post(self.url("/graphql"), json=body, headers=headers, timeout=120)
        return answer.raise_for_status().json()["data"]


def until(is_so: Callable[[], object], told: Callable[[], str]) -> None:
    ends = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < ends, told()
        time.sleep(0.5)


@pytest.fixture(scope="module")
def served(built_town: Town, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    root = tmp_path_factory.mktemp("served")
    # another account comes as far as to the sockets
    temporary = Path(tempfile.mkdtemp(prefix="pukk-dagster-page-"))
    temporary.chmod(0o755)
    town = built_town.copied_to(root / "town")
    port = free_port()
    found = Served(town, port, temporary, root / "told.txt")
    env = os.environ | {
        "PUKK_HOME": str(town.home),
        "PUKK_MUNICIPALITY": str(town.config),
        "TMPDIR": str(temporary),
    }
    command = [str(Path(sys.executable).parent / "pukk"), "serve"]
    ports = ["--port", str(free_port()), "--dagster-port", str(port)]
    with found.told.open("w") as told:
        process = subprocess.Popen(
            [*command, *ports], cwd=REPO, env=env, stdout=told, stderr=told, umask=0
        )
    try:
        until(lambda: process.poll() is not None or _answers(found.url()), found.told.read_text)
        assert process.poll() is None, found.told.read_text()
        yield found
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=120)
        shutil.rmtree(temporary)
    assert process.returncode == 0, found.told.read_text()
    assert not found.file.exists()


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=5).status_code == 401
    except httpx.TransportError:
        return False


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer gjettet"}, {"Cookie": "x=y"}])
def test_nothing_is_answered_without_the_key(served: Served, headers: dict[str, str]) -> None:
    asked = httpx.post(
        served.url("/graphql"), json={"query": "{version}"}, headers=headers, timeout=60
    )
    assert asked.status_code == 401
    for path in ("/", "/overview", "/graphql?query={version}", "/server_info", "/?key=gjettet"):
        assert httpx.get(served.url(path), headers=headers, timeout=60).status_code == 401
    with pytest.raises(InvalidStatus, match="403"):
        connect(
            served.url("/graphql", "ws"),
            additional_headers=headers,
            subprotocols=[Subprotocol("graphql-ws")],
        )


@as_root
def test_another_account_reads_no_event_and_starts_no_job(served: Served) -> None:
    curl = ("curl", "-s", "-m", "60", "-w", " %{http_code}")
    body = ("-H", "Content-Type: application/json", "-d", '{"query": "{version}"}')
    for asked in (served.url(), served.url("/graphql")):
        said = as_another(*curl, *body, asked).stdout
        assert said.endswith(" 401"), said
        assert "version" not in said
    assert as_another("cat", str(served.file)).returncode != 0
    # the key is in no argument, which every account sees
    assert served.key not in as_another("ps", "-eo", "args", "-ww").stdout
    # what has loaded the jobs answers on sockets of its own
    sockets = [p for p in served.temporary.iterdir() if stat.S_ISSOCK(p.lstat().st_mode)]
    assert sockets
    for each in sockets:
        assert stat.S_IMODE(each.lstat().st_mode) & 0o077 == 0
        there = as_another("ls", str(each))
        assert there.returncode == 0, there.stderr
        reached = as_another("curl", "-s", "-m", "20", "--unix-socket", str(each), "http://x/")
        assert reached.returncode == 7


def test_the_owner_opens_the_address_once_and_is_known(served: Served) -> None:
    with httpx.Client(follow_redirects=True, timeout=120) as browser:
        answer = browser.get(f"{served.url()}?key={served.key}")
        assert answer.status_code == 200
        # the key does not stay in the address
        assert str(answer.url) == served.url()
        assert "Dagster" in answer.text
        (kept,) = browser.cookies.items()
    (visit,) = answer.history
    assert visit.headers["set-cookie"].split("; ")[1:] == ["HttpOnly", "Path=/", "SameSite=strict"]
    headers = {"Cookie": "=".join(kept)}
    assert re.fullmatch(r"\d+\.\d+\.\d+", served.asked("{version}", headers)["version"])
    with connect(
        served.url("/graphql", "ws"),
        additional_headers=headers,
        subprotocols=[Subprotocol("graphql-ws")],
    ) as socket:
        socket.send(json.dumps({"type": "connection_init"}))
        assert json.loads(socket.recv(timeout=120)) == {"type": "connection_ack"}


def test_what_is_no_terminal_is_told_where_the_address_is(served: Served) -> None:
    told = served.told.read_text(encoding="utf-8")
    assert "page_address" in told
    assert served.key not in told
    assert "alle kontoer på denne maskinen ser alt" in told
    assert stat.S_IMODE(served.file.stat().st_mode) == 0o600


def test_a_deletion_that_is_asked_for_is_in_the_log_also_where_nothing_is_old(
    served: Served,
) -> None:
    headers = {"Authorization": f"Bearer {served.key}"}
    job = {
        "repositoryName": "__repository__",
        "repositoryLocationName": "pipelines.definitions",
        "pipelineName": "retention",
    }
    asked = {"selector": job, "mode": "default", "runConfigData": {}}
    launched = served.asked(LAUNCH, headers, p=asked)["launchRun"]
    assert launched["__typename"] == "LaunchRunSuccess", launched
    number = launched["run"]["runId"]

    def status() -> str:
        return str(served.asked(STATUS, headers, id=number)["runOrError"]["status"])

    until(lambda: status() in {"SUCCESS", "FAILURE"}, served.told.read_text)
    assert status() == "SUCCESS"
    state = served.town.home / MUNICIPALITY / "state"
    (entry,) = [e for e in entries(state, 1000) if e["subject"] == "retention"]
    assert (entry["action"], entry["outcome"]) == ("run", "started")
    assert (entry["actor"], entry["role"]) == (account(), "dagster")
    assert entry["detail"] == f"uid={os.getuid()} run={number} by hand"
