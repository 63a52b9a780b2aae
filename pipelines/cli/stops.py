"""Being stopped: Ctrl+C, a service manager, a closed terminal; all end a command the same way.

Each becomes ``KeyboardInterrupt``, which every library in the house cleans up after. Which
signal it was is read afterwards: Dagster puts its own handlers in place while a step runs.
"""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from pipelines.cli.output import warn
from pipelines.words.messages import say

INTERRUPTED = 130
"""Exit code of a command that was stopped with Ctrl+C, as shells have it: 128 and the signal."""
_STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def noted() -> Iterator[Callable[[], signal.Signals | None]]:
    """Turn every stop into ``KeyboardInterrupt``; yields what tells which came last, if any."""
    reader, writer = os.pipe()
    for end in (reader, writer):
        os.set_blocking(end, False)
    before = signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
    handlers = {stop: signal.getsignal(stop) for stop in _STOPS}
    for stop in _STOPS:
        # what the one who started us wants ignored (nohup) stays ignored
        if signal.getsignal(stop) is not signal.SIG_IGN:
            signal.signal(stop, _interrupt)
    try:
        yield lambda: _last(reader)
    finally:
        signal.set_wakeup_fd(before)
        for stop, handler in handlers.items():
            signal.signal(stop, handler)
        os.close(reader)
        os.close(writer)


def tell(stop: signal.Signals | None) -> int:
    """Say that the command was stopped and return its exit code."""
    stop = stop or signal.SIGINT
    warn(say("cli.stops.interrupted", name=stop.name))
    return 128 + stop


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _last(reader: int) -> signal.Signals | None:
    try:
        seen = os.read(reader, 4096)
    except BlockingIOError:
        seen = b""
    stops = [number for number in seen if number in _STOPS]
    return signal.Signals(stops[-1]) if stops else None
