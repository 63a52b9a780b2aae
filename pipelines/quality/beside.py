"""Great Expectations beside a run, in a process of its own, for as long as the run lasts.

A run asks it when a gate is to judge; by then it has what it needs. Without it, or when it has
fallen, the same is done in this process. It gets no key and no row: promises and counts.
"""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

from pipelines.contracts.to_expectations import ExpectationSpec
from pipelines.desk.child_environment import for_computing
from pipelines.desk.programs import JUDGING
from pipelines.quality.engine import Outcome, judge_here
from pipelines.quality.scan import Counted
from pipelines.settings import REPO_ROOT

_WAIT_S = 10.0
_running: ContextVar[subprocess.Popen[str] | None] = ContextVar("running", default=None)


@contextmanager
def judging_beside() -> Iterator[None]:
    """Have Great Expectations made ready beside what the block does, and gone when it ends."""
    child = subprocess.Popen(  # noqa: S603 - our own program, what is asked goes by stdin
        [sys.executable, "-B", "-P", "-s", "-m", JUDGING.module],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=for_computing({"PYTHONPATH": str(REPO_ROOT)}),
        cwd="/",
        encoding="utf-8",
        start_new_session=True,
    )
    token = _running.set(child)
    try:
        yield
    finally:
        _running.reset(token)
        _end(child)


def judge(promises: Sequence[tuple[ExpectationSpec, Counted]]) -> list[Outcome]:
    """Let Great Expectations judge promises by what was counted, beside the run where it is ready.

    Args:
        promises: What is promised, and what was found.

    Returns:
        One outcome per promise, in their order.
    """
    if not promises:
        return []
    asked = [
        {
            "kind": spec.type,
            "kwargs": dict(spec.kwargs),
            "meta": dict(spec.meta),
            "counted": [counted.n_rows, counted.n_failed],
        }
        for spec, counted in promises
    ]
    child = _running.get()
    answer = _ask(child, json.dumps(asked)) if child is not None else ""
    if not answer:
        return judge_here(promises)
    return [Outcome(**outcome) for outcome in json.loads(answer)]


def _ask(child: subprocess.Popen[str], line: str) -> str:
    if child.stdin is None or child.stdout is None:
        return ""
    try:
        child.stdin.write(line + "\n")
        child.stdin.flush()
    except OSError:
        return ""
    # empty when it has fallen
    return child.stdout.readline()


def _end(child: subprocess.Popen[str]) -> None:
    try:
        # waited for, so that what it took is counted with the run
        child.communicate(timeout=_WAIT_S)
    except (OSError, subprocess.TimeoutExpired):
        child.kill()
        child.wait()
