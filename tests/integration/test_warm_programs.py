"""What stands in for Python in the tests' nights behaves as Python does."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import REPO, pukk
from tests.warm.harness import python_for
from tests.warm.program import SERVED

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or "PUKK_TEST_COLD" in os.environ,
    reason="Python itself runs every command",
)
COMPUTING = "pipelines.defs.computing"


@pytest.fixture
def python() -> str:
    return python_for("run")


def started(python: str, folder: Path) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [python, "-B", "-P", "-s", "-m", COMPUTING],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"PYTHONPATH": str(REPO), "HOME": str(folder)},
        cwd="/",
        start_new_session=True,
    )


@pytest.mark.parametrize("args", [("status",), ("sql", "select 1 as one"), ("nothing_such",)])
def test_it_says_what_python_says_and_ends_as_it_ends(
    python: str, tmp_path: Path, args: tuple[str, ...]
) -> None:
    assert python != sys.executable
    shown = [pukk(*args, home=tmp_path / "a", check=False, alone=alone) for alone in (False, True)]
    assert shown[0].args[0] != shown[1].args[0] == sys.executable
    told, alone = ((done.returncode, done.stdout, done.stderr) for done in shown)
    assert told == alone


def test_two_in_a_row_come_from_different_parents(python: str) -> None:
    others = [python_for("run"), python_for("run")]
    assert others[0] != others[1]
    assert python in others


def test_what_is_not_ours_python_runs(python: str) -> None:
    program = [python, "-c", "import sys; print(sys.executable)"]
    assert subprocess.check_output(program, text=True).strip() == sys.executable
    assert "json" not in SERVED
    module = [python, "-m", "json.tool"]
    assert json.loads(subprocess.check_output(module, input=b'{"a": 1}')) == {"a": 1}


def test_it_ends_when_nobody_asks_any_more(python: str, tmp_path: Path) -> None:
    with started(python, tmp_path) as child:
        out, _ = child.communicate()
        assert (out, child.returncode) == (b"", 0)


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGKILL])
def test_a_signal_ends_what_it_became(python: str, tmp_path: Path, stop: signal.Signals) -> None:
    with started(python, tmp_path) as child:
        assert child.stdout is not None
        # its ends of the streams are another's: it has asked for its process
        own = Path("/proc") / str(child.pid) / "fd" / "0"
        until = time.monotonic() + 120
        while own.exists():
            assert time.monotonic() < until
            time.sleep(0.01)
        child.send_signal(stop)
        # the other end of its streams is gone
        assert child.stdout.read() == b""
        assert child.wait(60) == -stop
