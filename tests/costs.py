"""What each test file costs: written where PUKK_TEST_COSTS names a file, read by this module.

    PUKK_TEST_COSTS=/tmp/costs.tsv make test
    python -m tests.costs /tmp/costs.tsv

Processor time is the worker's and that of the programs it started and has seen end; what a
session-wide server takes is in no file. A file that builds what later ones share pays for them.
"""

import os
import resource
import sys
import time
from collections import defaultdict
from pathlib import Path

FLAG = "PUKK_TEST_COSTS"

others: list[int] = []
"""Processes whose ended children are ours to count: they start programs in our place."""


def spent_s() -> tuple[float, float]:
    """Return processor time so far, of this process and its ended children, and the clock."""
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    own_s = sum(use.ru_utime + use.ru_stime for use in used)
    return own_s + sum(map(_of_children_s, others)), time.monotonic()


def _of_children_s(pid: int) -> float:
    told = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    # the third of them is the first here: 16 and 17 are the children's
    return sum(int(told[n - 3]) for n in (16, 17)) / os.sysconf("SC_CLK_TCK")


def note(written: str, file: str, before: tuple[float, float]) -> None:
    """Add what one test took since a moment, with all that was set up and ended for it.

    Args:
        written: The file of costs; several workers add to it.
        file: The test file.
        before: What `spent_s` gave before it.
    """
    cpu_s, wall_s = (now - then for now, then in zip(spent_s(), before, strict=True))
    with Path(written).open("a", encoding="utf-8") as costs:
        costs.write(f"{file}\t{cpu_s:.3f}\t{wall_s:.3f}\n")


def main() -> None:
    """Print files by their cost, dearest first, and the whole."""
    sums: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
    for line in Path(sys.argv[1]).read_text(encoding="utf-8").splitlines():
        file, cpu_s, wall_s = line.split("\t")
        for place in (file, "all"):
            one = (float(cpu_s), float(wall_s), 1)
            sums[place] = [a + b for a, b in zip(sums[place], one, strict=True)]
    sys.stdout.write("  CPU, s  clock, s  tests\n")
    for file, (cpu_s, wall_s, n) in sorted(sums.items(), key=lambda one: -one[1][0]):
        sys.stdout.write(f"{cpu_s:8.1f}  {wall_s:8.1f}  {n:5.0f}  {file}\n")


if __name__ == "__main__":
    main()
