"""Programs that run side by side until one ends or somebody stops them: none outlives the others.

Each has a process group of its own, so what it starts itself (Dagster's daemon and code server)
ends with it. Which programs, and with what settings, is in ``serve``.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from pipelines.errors import ConfigError, PukkError
from pipelines.settings import REPO_ROOT
from pipelines.words.messages import say

_LOOK_EVERY_S = 0.2
_GRACE_S = 15.0
_STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_ENDED_STATES = ("Z", "X")


@dataclass(frozen=True)
class Service:
    """A program that serves.

    Attributes:
        name: What it is called in a message.
        command: Program and arguments.
        host: The address it listens on.
        port: Its port.
        option: The option that chooses another port.
        env: What this one alone is told, besides what all are.
    """

    name: str
    command: Sequence[str]
    host: str
    port: int
    option: str
    env: Mapping[str, str] = field(default_factory=dict)


def check_ports(services: Sequence[Service]) -> None:
    """Make sure that every port is free, before anything is started.

    Raises:
        ConfigError: Another program listens on one of them, or it may not be used.
    """
    for service in services:
        family = socket.AF_INET6 if ":" in service.host else socket.AF_INET
        with closing(socket.socket(family, socket.SOCK_STREAM)) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((service.host, service.port))
            except (OSError, OverflowError) as error:
                raise ConfigError(
                    say(
                        "cli.services.port_in_use",
                        name=service.name,
                        host=service.host,
                        port=service.port,
                    ),
                    way_out=say("cli.services.choose_another_port", option=service.option),
                ) from error


def keep_running(services: Sequence[Service], env: Mapping[str, str]) -> None:
    """Run the services until somebody stops us; then they have ended when this returns.

    Args:
        services: What to run.
        env: What they are all told.

    Raises:
        PukkError: One of them ended by itself; the others have been ended too.
    """
    running: dict[str, subprocess.Popen[bytes]] = {}
    try:
        for service in services:
            running[service.name] = subprocess.Popen(  # noqa: S603 - our own
                service.command, cwd=REPO_ROOT, env={**env, **service.env}, start_new_session=True
            )
        while not (ended := {n: p.returncode for n, p in running.items() if p.poll() is not None}):
            time.sleep(_LOOK_EVERY_S)
    except KeyboardInterrupt:
        return
    finally:
        _end(list(running.values()))
    name, code = next(iter(ended.items()))
    raise PukkError(
        say("cli.services.stopped_by_itself", name=name, code=code),
        way_out=say("cli.services.see_above_and_start_again"),
    )


def _end(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    # a second Ctrl+C must not leave half of them behind
    before = {stop: signal.signal(stop, signal.SIG_IGN) for stop in _STOPS}
    try:
        for process in processes:
            _signal(process.pid, signal.SIGTERM)
        _wait_for(processes)
        for process in processes:
            _signal(process.pid, signal.SIGKILL)
            process.wait()
        _wait_for(processes)  # what they started is killed too, but not at the same instant
    finally:
        for stop, handler in before.items():
            signal.signal(stop, handler)


def _wait_for(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    deadline = time.monotonic() + _GRACE_S
    while any(_is_alive(p) for p in processes) and time.monotonic() < deadline:
        time.sleep(_LOOK_EVERY_S)


def _signal(group: int, number: signal.Signals) -> None:
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):
        return


def _is_alive(process: subprocess.Popen[bytes]) -> bool:
    process.poll()
    try:
        os.killpg(process.pid, 0)
    except (ProcessLookupError, PermissionError):
        return False
    if not sys.platform.startswith("linux"):
        return True
    # what has ended and waits for somebody to notice still counts as a member of its group
    return any(_state(folder, process.pid) for folder in Path("/proc").glob("[0-9]*"))


def _state(folder: Path, group: int) -> bool:
    try:
        # the name in parentheses may hold anything
        fields = (folder / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2]
    except OSError:
        return False
    state, _parent, its_group = fields.split()[:3]
    return int(its_group) == group and state not in _ENDED_STATES
