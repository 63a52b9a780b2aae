"""dbt in a process of its own: it answers, tells what stopped it, and is gone when it should be."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from threading import Timer

import pytest

from pipelines.defs import dbt_beside
from pipelines.errors import PukkError
from pipelines.settings import Paths
from tests.conftest import REPO

KILLED_WITH_DBT = """
import os, signal
from pipelines.defs import dbt_beside
with dbt_beside.computing_beside():
    print(dbt_beside._running.get().pid, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_without_a_run_nothing_is_beside_and_whoever_asks_does_it(tmp_path: Path) -> None:
    assert dbt_beside.run_beside(Paths(tmp_path), ["parse"]) is None


def test_what_stops_dbt_is_told_and_one_that_has_ended_is_no_answer(tmp_path: Path) -> None:
    paths = Paths(tmp_path).create()
    with dbt_beside.computing_beside():
        child = dbt_beside._running.get()
        assert child is not None
        with pytest.raises(PukkError, match=r"dbt stoppet: .*no_such_option"):
            dbt_beside.run_beside(paths, ["parse", "--no_such_option"])
        # what failed holds nothing open: it has ended, and whoever asks next does it
        assert child.wait(30) == 0
        assert dbt_beside.run_beside(paths, ["parse"]) is None
    with dbt_beside.computing_beside():
        child = dbt_beside._running.get()
        assert child is not None
        # killed while somebody waits for its answer
        child.send_signal(signal.SIGSTOP)
        soon = Timer(2.0, child.send_signal, [signal.SIGKILL])
        soon.start()
        with pytest.raises(PukkError, match="er borte"):
            dbt_beside.run_beside(paths, ["parse"])
        soon.join()
        dbt_beside.let_go()
        assert dbt_beside.run_beside(paths, ["parse"]) is None
    assert dbt_beside._running.get() is None


def test_it_ends_with_a_run_that_is_killed() -> None:
    killed = subprocess.run(
        [sys.executable, "-c", KILLED_WITH_DBT],
        cwd=REPO,
        env={**os.environ, "PYTHONPATH": str(REPO)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    pid, deadline = int(killed.stdout), time.monotonic() + 60
    while _lives(pid) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not _lives(pid)


def _lives(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"
