"""The process ends with the exit code of the command, when all that was to be done is done."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipelines.settings import REPO_ROOT

BEFORE = """
import atexit, sys, tempfile, threading, time
from pathlib import Path
from pipelines.cli.ending import code_of, end
"""


def run(code: str, **options) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", BEFORE + code],
        cwd=REPO_ROOT,
        capture_output=True,
        text=True,
        check=False,
        **options,
    )


@pytest.mark.parametrize(("given", "code"), [("0", 0), ("3", 3), ("None", 0), ("True", 1)])
def test_the_exit_code_is_the_commands(given: str, code: int) -> None:
    assert run(f"end(code_of(SystemExit({given})))").returncode == code


def test_a_text_is_told_and_is_a_failure() -> None:
    done = run("end(code_of(SystemExit('gikk ikke')))")
    assert (done.returncode, done.stderr) == (1, "gikk ikke\n")


def test_what_was_to_be_done_at_the_end_is_done(tmp_path: Path) -> None:
    done = run(
        f"""
folder = tempfile.TemporaryDirectory(dir={str(tmp_path)!r})
Path(folder.name, "inside").touch()
atexit.register(print, "registered")
threading.Thread(target=lambda: (time.sleep(0.3), print("waited for"))).start()
sys.stdout.write("not written out yet")
end(0)
"""
    )
    assert done.returncode == 0
    assert all(text in done.stdout for text in ("registered", "waited for", "not written out yet"))
    assert list(tmp_path.iterdir()) == []


def test_what_could_not_be_shown_is_a_failure() -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-c", BEFORE + "sys.stdout.write('lost'); end(0)"],
            cwd=REPO_ROOT,
            env={**os.environ, "PYTHONUNBUFFERED": ""},
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert done.returncode == 120
