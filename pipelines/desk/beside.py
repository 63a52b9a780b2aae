"""A program of ours that stands ready beside a run, in a process of its own, and ends with it.

What it is asked and what it answers is its asker's. One that answers once is in ``children``.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

from pipelines.desk.child_environment import for_computing
from pipelines.desk.programs import Program

_ROOT = Path(__file__).resolve().parents[2]
_WAIT_S = 10.0
Running = ContextVar[subprocess.Popen[str] | None]


@contextmanager
def beside(program: Program, running: Running) -> Iterator[None]:
    """Have a program made ready beside what the block does, and gone when it ends.

    Args:
        program: Which.
        running: Where its process is found while the block lasts.
    """
    child = subprocess.Popen(  # noqa: S603 - our own program, what is asked goes by stdin
        [sys.executable, "-B", "-P", "-s", "-m", program.module],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=for_computing({"PYTHONPATH": str(_ROOT)}),
        cwd="/",
        encoding="utf-8",
        start_new_session=True,
    )
    token = running.set(child)
    try:
        yield
    finally:
        running.reset(token)
        _end(child)


def end_beside(running: Running) -> None:
    """End the program before the block does, if it is there."""
    child = running.get()
    if child is not None:
        _end(child)


def _end(child: subprocess.Popen[str]) -> None:
    if child.stdout is None or child.stdout.closed:
        return
    # taking itself apart it would only free what the system frees at once
    child.terminate()
    try:
        # waited for, so that what it took is counted with the run, and what it held is free
        child.communicate(timeout=_WAIT_S)
    except (OSError, subprocess.TimeoutExpired):
        child.kill()
        child.wait()
