"""One command as a whole process: its processor time, memory and clock, children included."""

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.high_water import HighWater

REPO = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Measured:
    """What one run of a command used.

    Attributes:
        cpu_s: Processor seconds, user and system, of the process and its children.
        wall_s: Seconds of the clock.
        peak_mb: Most memory at once, of the largest process.
        out: What it wrote to standard output.
    """

    cpu_s: float
    wall_s: float
    peak_mb: float
    out: str


class CommandFailedError(Exception):
    """A measured command ended with an error; its figures would say nothing."""


def measure(command: Sequence[str | Path], env: Mapping[str, str] | None = None) -> Measured:
    """Run a command and return what it used.

    Args:
        command: Program and arguments.
        env: Added to the environment.

    Raises:
        CommandFailedError: It ended with another code than 0.
    """
    started = time.perf_counter()
    process = subprocess.Popen(  # noqa: S603 - our own commands
        [str(word) for word in command],
        cwd=REPO,
        env={**os.environ, **(env or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    watch = HighWater(process.pid)
    watch.start()
    out = ""
    if process.stdout is not None:
        with process.stdout:
            out = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    peak_mb = watch.stop()
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise CommandFailedError(f"{command} ended with {process.returncode}:\n{out[-2000:]}")
    return Measured(used.ru_utime + used.ru_stime, wall, peak_mb, out)


def python(*words: str | Path, env: Mapping[str, str] | None = None) -> Measured:
    """Run this Python with arguments; see ``measure``."""
    return measure([sys.executable, *words], env)


def pukk(*words: str | Path, home: Path) -> Measured:
    """Run the command line on a home; see ``measure``."""
    return measure([Path(sys.executable).with_name("pukk"), *words], {"PUKK_HOME": str(home)})
