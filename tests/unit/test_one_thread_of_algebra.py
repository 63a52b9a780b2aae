"""A night's linear algebra runs in one thread, whatever the machine has and whoever starts it."""

import subprocess
import sys
from pathlib import Path

import pytest

from pipelines.settings import REPO_ROOT

BY_COMMAND = """
import sys
from pipelines.defs.context import load_context
from pipelines.defs.run import run_nightly
from pipelines.errors import PukkError
# what is told of threads is told before who looks for it is there
assert "numpy" not in sys.modules
try:
    run_nightly(load_context())
except PukkError:
    pass
"""
BY_DAGSTER = "import pipelines.definitions"
# threads are counted by the system: what a library says of itself is not what it has started
COUNTED = """
import os
before = len(os.listdir("/proc/self/task"))
import scipy.linalg
print(len(os.listdir("/proc/self/task")) - before)
"""


@pytest.mark.parametrize("entry", [BY_COMMAND, BY_DAGSTER])
def test_what_runs_a_night_computes_in_one_thread(tmp_path: Path, entry: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", entry + COUNTED],
        cwd=REPO_ROOT,
        # nothing is said from above, as the suite says it
        env={
            "PATH": "/usr/bin:/bin",
            "PUKK_HOME": str(tmp_path),
            "PUKK_MUNICIPALITY": "nhs_england",
        },
        capture_output=True,
        text=True,
        check=True,
    )
    assert int(done.stdout.split()[-1]) == 0
