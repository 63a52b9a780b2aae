"""Most memory a process and its children have held at once, asked while they run.

What the kernel tells when a process has ended counts from before it became another program: started
by a large process, it is said to have been large. The mark in ``/proc`` is the program's own.
"""

import threading
from pathlib import Path

_KB_PER_MB = 1024
_EVERY_S = 0.05
_PROC = Path("/proc")


class HighWater(threading.Thread):
    """Asks until it is told to stop; the largest answer of any of the processes counts."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._pid = pid
        self._ended = threading.Event()
        self.peak_mb = 0.0

    def run(self) -> None:
        """Ask, and ask again."""
        while not self._ended.wait(_EVERY_S):
            for pid in family(self._pid):
                self.peak_mb = max(self.peak_mb, _mark_mb(pid))

    def stop(self) -> float:
        """Stop asking and return the most megabytes one of the processes held; 0 if none told."""
        self._ended.set()
        self.join()
        return self.peak_mb


def family(pid: int) -> list[int]:
    """Return a process and those it has started, and they again, that have not ended.

    Args:
        pid: The process.
    """
    found = [pid]
    for each in found:
        for task in (_PROC / str(each) / "task").glob("*/children"):
            found += [int(child) for child in _text(task).split()]
    return found


def _mark_mb(pid: int) -> float:
    for line in _text(_PROC / str(pid) / "status").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / _KB_PER_MB
    return 0.0


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="ascii", errors="replace")
    except OSError:
        # it has ended since it was named
        return ""
