"""A program of ours started for one answer, and stopped when its time is up.

What it may use of memory and files it limits itself (``child_limits``); what it is told of our
environment is nothing.
"""

import os
import signal
import subprocess
import sys
from pathlib import Path

from pipelines.desk.child_environment import for_query
from pipelines.desk.programs import Program

_ROOT = Path(__file__).resolve().parents[1]


def answer_of(program: Program, request: bytes, timeout_s: float) -> tuple[bytes, int]:
    """Start a program, give it a request by stdin, and return what it wrote and how it ended.

    Args:
        program: Which.
        request: All it is told.
        timeout_s: Seconds of wall clock; then it is killed, and has said nothing.
    """
    child = subprocess.Popen(  # noqa: S603 - our own program, the request goes by stdin
        [sys.executable, "-B", "-P", "-s", "-m", program.module],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=for_query(_ROOT),
        cwd="/",
        start_new_session=True,
    )
    with child:
        try:
            out, _ = child.communicate(request, timeout=timeout_s)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.communicate()
            return b"", -signal.SIGKILL
    return out, child.returncode
