"""Runs killed, or met by a full disk, in every later part of the job, one after the other.

Each begins where the one before left things. What readers see stands all the way, and the run that
nothing stops publishes what was there: nothing acknowledged is lost and nothing half done counts.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.case_town import MUNICIPALITY, Town
from tests.conftest import REPO
from tests.published import pointer

pytestmark = pytest.mark.integration

SIZE = "size=320m"
"""Room for the town's warehouse and two editions, and little enough to be filled quickly."""

# what the run says it does when it is stopped, in the order of the job
STOPS = (
    ("Leser Regnskap", "killed"),
    ("Regner ut målene", "killed"),
    ("Regner ut målene", "full"),
    ("Sammenligner med enheter", "killed"),
    ("Port 2", "full"),
    ("Publiserer", "killed"),
    ("Publiserer", "full"),
    ("Skriver kvalitetsrapporten", "full"),
)


@dataclass(frozen=True)
class Disk:
    """A town on a disk of its own that can be filled.

    Attributes:
        town: The town, after one whole run.
        is_small: Whether the disk is its own; only the system's owner may make one.
    """

    town: Town
    is_small: bool

    @property
    def ballast(self) -> Path:
        """The file that fills the disk."""
        return self.town.root / "ballast"

    def fill(self) -> None:
        """Leave no room."""
        with self.ballast.open("wb", buffering=0) as file:
            try:
                while True:
                    file.write(bytes(1 << 16))
            except OSError:
                return

    def records(self) -> dict[str, bytes]:
        """Return what was acknowledged: every entry of the store by name."""
        folder = self.town.home / MUNICIPALITY / "records"
        return {file.name: file.read_bytes() for file in folder.glob("*.json")}


@pytest.fixture(scope="module")
def disk(built_town: Town, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Disk]:
    root = tmp_path_factory.mktemp("disk")
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", SIZE, "tmpfs", str(root)], check=False, capture_output=True
    )
    try:
        yield Disk(built_town.copied_to(root / "town"), is_small=mounted.returncode == 0)
    finally:
        if mounted.returncode == 0:
            subprocess.run(["umount", "--lazy", str(root)], check=False)


def stopped_at(disk: Disk, moment: str, how: str) -> tuple[int, str]:
    """Start a forced run and stop it when it says where it is; returns its code and its words."""
    env = {k: v for k, v in os.environ.items() if not k.startswith(("PUKK_", "DAGSTER_", "DBT_"))}
    env |= {
        "PUKK_HOME": str(disk.town.home),
        "PUKK_MUNICIPALITY": str(disk.town.config),
        "COLUMNS": "160",
        "PYTHONUNBUFFERED": "1",
    }
    with subprocess.Popen(
        [sys.executable, "-m", "pipelines.cli.app", "run", "--force"],
        cwd=REPO,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        assert process.stdout is not None
        told = next((line for line in process.stdout if moment in line), None)
        assert told is not None, process.communicate()[1]
        if how == "killed":
            os.killpg(process.pid, signal.SIGKILL)
        else:
            disk.fill()
        _, said = process.communicate(timeout=300)
        return process.returncode, said


@pytest.mark.parametrize(("moment", "how"), STOPS)
def test_a_stopped_run_leaves_readers_where_they_were(disk: Disk, moment: str, how: str) -> None:
    if how == "full" and not disk.is_small:
        pytest.skip("a small disk can only be mounted by the system's owner")
    town = disk.town
    before, acknowledged = pointer(town.home, MUNICIPALITY), disk.records()
    figures = town.published("select count(*), sum(hash(f)) from fct_metric_months as f")
    try:
        code, said = stopped_at(disk, moment, how)
    finally:
        disk.ballast.unlink(missing_ok=True)
    now = pointer(town.home, MUNICIPALITY)
    assert [now[k] for k in ("generation", "sha256")] == [
        before[k] for k in ("generation", "sha256")
    ]
    assert town.published("select count(*), sum(hash(f)) from fct_metric_months as f") == figures
    assert acknowledged.items() <= disk.records().items()
    if how == "killed":
        assert code == -signal.SIGKILL
        return
    assert code in {1, 3, 4}
    assert "Traceback" not in said
    assert "Disken er full" in said
    assert "Frigjør plass" in said


def test_the_run_that_nothing_stops_publishes_what_was_there(disk: Disk) -> None:
    before = pointer(disk.town.home, MUNICIPALITY)
    done = disk.town.pukk("run", "--force")
    assert "resultatet er uendret" in done.stdout
    after = pointer(disk.town.home, MUNICIPALITY)
    assert after["content_sha256"] == before["content_sha256"]
    assert after["generation"] == 1
    left = [file.name for file in (disk.town.home / MUNICIPALITY).rglob("*.tmp*")]
    assert left == []
