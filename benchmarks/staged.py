"""One night in this process, told stage by stage as JSON in a file.

A stage is what the run itself tells about (``tell``), from one line to the next. The home and the
municipality are the environment's.
"""

import json
import os
import resource
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.high_water import family
from benchmarks.imports import IN_THE_RUN
from pipelines.cli.ending import end
from pipelines.defs.context import load_context
from pipelines.defs.run import run_nightly

_KB_PER_MB = 1024


@dataclass
class Stages:
    """What has been told so far, each with what was used when it was told."""

    told: list[tuple[str, float, float]]

    def tell(self, message: str) -> None:
        """Note that a stage begins."""
        self.told.append((_name(message), _cpu_s(), time.perf_counter()))

    def table(self) -> list[dict[str, str | float]]:
        """Return processor and clock seconds per stage; the same name twice is one."""
        found: dict[str, list[float]] = {}
        for (name, cpu, wall), (_, cpu_after, wall_after) in zip(
            self.told, self.told[1:], strict=False
        ):
            used = found.setdefault(name, [0.0, 0.0])
            used[0] += cpu_after - cpu
            used[1] += wall_after - wall
        return [
            {"stage": name, "cpu_s": cpu, "wall_s": wall} for name, (cpu, wall) in found.items()
        ]


def main() -> None:
    """Run, and print the stages and the most memory as one line of JSON."""
    stages = Stages([("imports and configuration", 0.0, time.perf_counter())])
    outcome = run_nightly(load_context(), force="--force" in sys.argv, on_progress=stages.tell)
    stages.tell("end")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _KB_PER_MB
    line = json.dumps(
        {"stages": stages.table(), "peak_mb": peak, "is_new": outcome.is_new,
         "generation": outcome.generation.number,
         "libraries": sorted(set(IN_THE_RUN) & set(sys.modules))}
    )  # fmt: skip
    Path(sys.argv[1]).write_text(line, encoding="utf-8")


def _name(message: str) -> str:
    return message.partition("(")[0].partition(":")[0].strip()


def _cpu_s() -> float:
    own, children = (
        resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    ended = own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime
    return ended + sum(_so_far_s(pid) for pid in family(os.getpid())[1:])


def _so_far_s(pid: int) -> float:
    # of a process beside the run that has not ended: what the run used while it waited is there
    try:
        told = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return 0.0
    used = told.rpartition(")")[2].split()
    return sum(int(ticks) for ticks in used[11:13]) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
    end(0)  # as `pukk run` ends
