"""A command of ours run for municipalities, each in a process that is given its settings alone.

Several run side by side; that one fails or is killed stops no other. What a command says goes to a
file of the municipality's own.
"""

import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from pipelines.desk.child_environment import for_computing
from pipelines.desk.programs import COMMAND
from pipelines.errors import PukkError
from pipelines.fleet.members import Member
from pipelines.settings import REPO_ROOT
from pipelines.words.messages import say

_KEPT_LOGS = 60
_FAULT_LINES = 3


@dataclass(frozen=True)
class Done:
    """What became of a command for one municipality.

    Attributes:
        name: Which.
        code: The exit code; negative when it was killed by a signal.
        seconds: How long it took.
        said: What it answered as JSON; empty when it answered none.
        fault: The first lines of what went wrong.
        log: Where all it said is.
    """

    name: str
    code: int
    seconds: float
    said: Any
    fault: str
    log: Path

    @property
    def is_well(self) -> bool:
        """Whether it succeeded."""
        return self.code == 0


def run_for(
    members: Sequence[Member],
    command: Sequence[str],
    workers: int,
    on_done: Callable[[Done], None] = lambda _: None,
) -> list[Done]:
    """Run a command for each municipality; the order and number of workers change nothing.

    Args:
        members: Which.
        command: Words after ``pukk``.
        workers: How many at once.
        on_done: Told of each as it ends.

    Returns:
        One for each, in the order given.
    """
    found: dict[str, Done] = {}
    children = _Children()
    with ThreadPoolExecutor(max(workers, 1)) as pool:
        waiting = [pool.submit(_run_one, member, command, children) for member in members]
        try:
            for future in as_completed(waiting):
                done = future.result()
                found[done.name] = done
                on_done(done)
        except BaseException:
            # whoever stops us stops those that run, as Ctrl+C would; none that waits is begun
            pool.shutdown(wait=False, cancel_futures=True)
            children.stop()
            raise
    return [found[member.name] for member in members]


class _Children:
    """The processes that run now."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: list[subprocess.Popen[bytes]] = []
        self._is_stopped = False

    def run(
        self, command: Sequence[str], own: dict[str, str], told: IO[bytes]
    ) -> tuple[int, bytes]:
        """Start our program and wait for it; returns its exit code and what it answered."""
        with self._lock:
            if self._is_stopped:
                return -signal.SIGTERM, b""
            child = subprocess.Popen(  # noqa: S603 - our own program, with words of our own
                [sys.executable, "-m", COMMAND.module, *command],
                cwd=REPO_ROOT,
                env=own,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=told,
            )
            self._running.append(child)
        said, _ = child.communicate()
        with self._lock:
            self._running.remove(child)
        return child.returncode, said

    def stop(self) -> None:
        """Stop them all as a service manager would, and let no more begin."""
        with self._lock:
            self._is_stopped = True
            for child in self._running:
                child.terminate()


def _run_one(member: Member, command: Sequence[str], children: _Children) -> Done:
    log = member.logs / f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}-{command[0]}.log"
    try:
        return _run_logged(member, command, children, log)
    except OSError as error:
        # its own folder cannot be used: that is its own fault, and nobody else's
        fault = say("fleet.work.cannot_be_used", path=error.filename, strerror=error.strerror)
        return Done(member.name, 1, 0.0, "", fault, log)


def _run_logged(member: Member, command: Sequence[str], children: _Children, log: Path) -> Done:
    began = time.monotonic()
    member.logs.mkdir(0o700, exist_ok=True)
    try:
        own = for_computing(member.environment())
    except PukkError as error:
        log.write_text(f"{error}\n", encoding="utf-8")
        return Done(member.name, 1, 0.0, "", error.text, log)
    with log.open("wb") as told:
        code, said = children.run(command, own, told)
    seconds = time.monotonic() - began
    fault = _fault(log, code) if code else ""
    with log.open("ab") as told:
        told.write(said)
    for old in sorted(member.logs.glob("*.log"))[:-_KEPT_LOGS]:
        old.unlink()
    return Done(member.name, code, seconds, _json(said), fault, log)


def _fault(log: Path, code: int) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").split("\n")
    at = next((i for i, line in enumerate(lines) if line.startswith("Feil")), None)
    if at is None and code < 0:
        return ""  # what it said of its own end is of no help
    at = at or 0
    return " ".join(" ".join(lines[at : at + _FAULT_LINES]).split())


def _json(said: bytes) -> Any:  # noqa: ANN401 - whatever the command answers
    try:
        return json.loads(said)
    except ValueError:
        return ""
