"""The process that has the libraries imported, and becomes a new one for each command asked of it.

It has one thread when it does, and has imported nothing with threads of its own (Polars has). What
a new process would begin with is given to it: environment, folder, streams, umask, path of modules.
"""

import gc
import json
import os
import runpy
import selectors
import signal
import socket
import sys
import tempfile
import time
import warnings
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any, TextIO

LIBRARIES = (
    "duckdb",
    "dagster",
    "dbt.adapters.duckdb",
    "dbt.cli.main",
    "scipy.optimize",
    "great_expectations.expectations",
    "sqlalchemy.dialects.sqlite",
    "typer",
    "rich.console",
)
Lines = dict[int, socket.socket]


def main() -> None:
    """Serve, and in each new process run what was asked for."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"  # as the product tells it
    with socket.socket(socket.AF_UNIX) as listener:
        # listens from the start: who asks waits until the libraries are there
        made = Path(f"{sys.argv[1]}.made")
        listener.bind(str(made))
        listener.listen()
        made.rename(sys.argv[1])
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            for library in LIBRARIES:
                import_module(library)
        gc.collect()
        gc.freeze()
        asked = _serve(listener)
    if asked is None:
        os._exit(0)  # to be taken apart takes seconds, and there is nothing to write
    runpy.run_module(asked["module"], run_name="__main__", alter_sys=True)


def _serve(listener: socket.socket) -> dict[str, Any] | None:
    """Return what was asked for, in the new process; None where the tests have ended."""
    heard, hear = socket.socketpair()
    hear.setblocking(False)
    before = signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(hear.fileno())
    lines: Lines = {}
    with selectors.DefaultSelector() as wanted, heard, hear:
        for source in (sys.stdin, listener, heard):
            wanted.register(source, selectors.EVENT_READ)
        while True:
            ready = [key.fileobj for key, _ in wanted.select()]
            if sys.stdin in ready:
                for child in lines:
                    os.kill(child, signal.SIGKILL)
                return None
            if heard in ready:
                heard.recv(4096)
                _tell_ended(lines, wanted)
            for line in ready:
                _stop(lines, wanted, line)
            if listener in ready:
                asked = _begin(listener, lines, wanted)
                if asked is not None:
                    signal.set_wakeup_fd(-1)
                    signal.signal(signal.SIGCHLD, before)
                    return asked


def _begin(
    listener: socket.socket, lines: Lines, wanted: selectors.BaseSelector
) -> dict[str, Any] | None:
    """Make the new process that was asked for; returns in it what it is to be."""
    line, _ = listener.accept()
    asked, streams = _read(line)
    if asked is None:
        line.close()
        return None
    child = os.fork()
    if child:
        for fd in streams:
            os.close(fd)
        lines[child] = line
        wanted.register(line, selectors.EVENT_READ)
        return None
    for other in (line, *lines.values()):
        other.close()
    _become(asked, streams)
    return asked


def _read(line: socket.socket) -> tuple[dict[str, Any] | None, list[int]]:
    """Return what is asked for, with its streams; None from one that was killed as it asked."""
    length, streams, _, _ = socket.recv_fds(line, 4, 3)
    with line.makefile("rb") as text:
        wanted = text.read(int.from_bytes(length, "big"))
    if not wanted or len(wanted) < int.from_bytes(length, "big"):
        for fd in streams:
            os.close(fd)
        return None, []
    asked: dict[str, Any] = json.loads(wanted)
    return asked, streams


def _tell_ended(lines: Lines, wanted: selectors.BaseSelector) -> None:
    while lines:
        child, status = os.waitpid(-1, os.WNOHANG)
        if not child:
            return
        line = lines.pop(child)
        if line in wanted.get_map():
            wanted.unregister(line)
        # who asked may have been killed
        with line, suppress(BrokenPipeError):
            line.send(status.to_bytes(4, "big"))


def _stop(lines: Lines, wanted: selectors.BaseSelector, source: object) -> None:
    """Pass a signal on; who is asked for by nobody any more is killed."""
    for child, line in lines.items():
        if line is source:
            told = line.recv(1)
            if not told:
                wanted.unregister(line)
            os.kill(child, told[0] if told else signal.SIGKILL)


def _become(asked: dict[str, Any], streams: list[int]) -> None:
    """Be as a process that was just started."""
    for own, fd in enumerate(streams):
        os.dup2(fd, own)
        os.close(fd)
    if asked["leads"]:
        os.setsid()
    os.umask(asked["umask"])
    os.chdir(asked["cwd"])
    os.environ.clear()
    os.environ.update(asked["env"])
    time.tzset()
    tempfile.tempdir = None
    for name, fd in (("stdin", 0), ("stdout", 1), ("stderr", 2)):
        stream = _stream(fd)
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)
    sys.executable = asked["program"]
    sys.argv = [asked["module"], *asked["args"]]
    sys.dont_write_bytecode = "-B" in asked["flags"]
    told = asked["env"].get("PYTHONPATH", "").split(os.pathsep)
    first = [] if "-P" in asked["flags"] else [asked["cwd"]]
    sys.path[:] = [*first, *filter(None, told), *sys.path[1:]]


def _stream(fd: int) -> TextIO:
    errors = "backslashreplace" if fd == 2 else "strict"
    return open(fd, "w" if fd else "r", errors=errors, closefd=False, encoding=sys.stdout.encoding)


if __name__ == "__main__":
    main()
