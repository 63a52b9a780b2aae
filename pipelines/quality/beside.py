"""Great Expectations beside a run, in a process of its own, for as long as the run lasts.

A run asks it when a gate is to judge; by then it has what it needs. Without it, or when it has
fallen, the same is done in this process. It gets no key and no row: promises and counts.
"""

import json
import subprocess
from collections.abc import Sequence
from contextlib import AbstractContextManager
from contextvars import ContextVar

from pipelines.contracts.to_expectations import ExpectationSpec
from pipelines.desk.beside import Running, beside, end_beside
from pipelines.desk.programs import JUDGING
from pipelines.quality.engine import Outcome, judge_here
from pipelines.quality.scan import Counted

_running: Running = ContextVar("running", default=None)


def judging_beside() -> AbstractContextManager[None]:
    """Have Great Expectations made ready beside what the block does, and gone when it ends."""
    return beside(JUDGING, _running)


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


def let_go() -> None:
    """End what is beside the run, if it is there: what comes later is judged in this process."""
    end_beside(_running)


def _ask(child: subprocess.Popen[str], line: str) -> str:
    if child.stdin is None or child.stdout is None or child.returncode is not None:
        return ""
    try:
        child.stdin.write(line + "\n")
        child.stdin.flush()
    except OSError:
        return ""
    # empty when it has fallen
    return child.stdout.readline()
