"""The limits a program of ours sets on itself before it opens what somebody else decides.

They are the operating system's and cannot be raised again. Which program has which is its own to
say; how it is started and stopped from outside is in ``children``.
"""

import math
import resource
import signal

MIB = 1024 * 1024


def limit_process(
    seconds: float, *, address_space_mb: int, open_files: int, may_write: bool = False
) -> None:
    """Set limits for memory, time, files and core dumps; they cannot be raised again.

    Args:
        seconds: Time by the clock and of the processor; then the process ends in the middle of
            anything, also when nobody waits for it any more.
        address_space_mb: Memory at most, as addresses.
        open_files: Files open at the same time.
        may_write: Whether a file may grow at all.
    """
    limits = [
        (resource.RLIMIT_AS, address_space_mb * MIB),
        (resource.RLIMIT_CPU, math.ceil(seconds) + 1),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, open_files),
    ]
    if not may_write:
        limits.append((resource.RLIMIT_FSIZE, 0))
    for what, value in limits:
        resource.setrlimit(what, (value, value))
    signal.setitimer(signal.ITIMER_REAL, seconds)
