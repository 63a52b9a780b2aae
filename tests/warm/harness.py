"""Processes of ours that find their libraries imported: a test's night spends a third of its
processor on importing the same ones again, in three processes.

`parent` is the process that has the libraries and becomes a new one for each command, `program` is
what is started in place of Python. Nothing of Pukk is imported before the command: every process
reads its own code anew. The example's first night, runs that are stopped, runs with an environment
of their own and whatever measures a start are started by Python alone, and not from here.

Two parents take turns: the order of a set is another in every process, and what two nights in a row
publish must not hang on it, while processes from the same parent have the same order. Where
PUKK_TEST_COLD is set Python starts every command: what fails only without it is the tests' fault.
"""

import atexit
import itertools
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests import costs

_FOLDER = Path(__file__).resolve().parent
_NEEDS = frozenset({"run", "rebuild", "publish"})
_OF_RUNS = ("PUKK_", "DAGSTER_", "DBT_")
_PLACES = 'PYTHON, ASKED_AT, ITSELF = "", "", ""\n'

_programs: list[str] = []
_turn = itertools.count()


def python_for(command: str) -> str:
    """Return what runs a command line: a program that stands in for Python, or Python itself.

    Args:
        command: The command's first word. One that needs few libraries has nothing started for it.
    """
    if (
        sys.platform != "linux"
        or "PUKK_TEST_COLD" in os.environ
        or (command not in _NEEDS and not _programs)
    ):
        return sys.executable
    if command in _NEEDS and len(_programs) < 2:
        _programs.append(_start())
    return _programs[next(_turn) % len(_programs)]


def _start() -> str:
    folder = Path(tempfile.mkdtemp(prefix="warm-"))
    asked_at, program = folder / "asked", folder / "python"
    text = (_FOLDER / "program.py").read_text(encoding="utf-8")
    assert _PLACES in text
    places = f"PYTHON, ASKED_AT, ITSELF = {sys.executable!r}, {str(asked_at)!r}, {str(program)!r}\n"
    program.write_text(f"#!{sys.executable} -IS\n" + text.replace(_PLACES, places), "utf-8")
    program.chmod(0o700)
    parent = subprocess.Popen(
        [sys.executable, "-m", "tests.warm.parent", str(asked_at)],
        cwd=_FOLDER.parent.parent,
        env={key: value for key, value in os.environ.items() if not key.startswith(_OF_RUNS)},
        stdin=subprocess.PIPE,
        start_new_session=True,
    )
    costs.others.append(parent.pid)

    def end() -> None:
        parent.communicate()
        shutil.rmtree(folder, ignore_errors=True)

    atexit.register(end)
    # asked before it listens, a program would have nobody to ask
    while not asked_at.exists() and parent.poll() is None:
        time.sleep(0.01)
    return str(program)
