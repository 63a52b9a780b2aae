"""``docs/performance.md`` from what was measured: tables only, and how to read them."""

import os
import platform
from datetime import UTC, datetime
from itertools import pairwise
from math import log
from typing import Any

from benchmarks.measured import REPO, Measured
from benchmarks.nights import Town

FILE = REPO / "docs" / "performance.md"
_HEAD = """\
# What it costs

Written by `make benchmark` ({when}, {machine}). Processor time of whole processes, children
included. A machine's speed varies from hour to hour, so believe the ratios: all figures are of one
session. *Imports* is a process that imports the libraries of a night and does nothing:
{imports:.1f} CPU-s and {imports_mb:.0f} MB here.
"""
_NIGHTS = """
## Nights
What one run of the job costs on the constructed municipality, by size. A corrected month is a file
that corrects one month of sick leave; a new month is every file of December.

| size | rows | night | CPU, s | times the imports | wall, s | peak, MB |
| ---: | ---: | --- | ---: | ---: | ---: | ---: |
"""
_STAGES = """
## Stages of the night in which everything is recomputed, size {size}
The floor is DuckDB alone on the same machine in the same session: reading and counting the landed
rows, the models' SQL, a scan and a copy of the published tables. It checks nothing and cannot be
stopped half-way.

| stage | CPU, s | wall, s | floor |
| --- | ---: | ---: | --- |
"""
_GROWTH = """
## Growth
| from | to | what | CPU | exponent |
| ---: | ---: | --- | ---: | ---: |
"""
_PEERS = """
## Beside others
Limits and estimates differ by design; what is compared is what one costs.

| what | figure |
| --- | ---: |
"""
_ANSWERS = """
## Answers
| command, whole process | CPU, s | wall, s |
| --- | ---: | ---: |
"""
_PAGES = """
| page, one reader | first page, s | next, median s |
| --- | ---: | ---: |
"""
_FULL = "everything recomputed"


def write(
    imports: Measured,
    towns: list[Town],
    peers: dict[str, Any] | None,
    answers: list[tuple[str, Measured]],
    pages: dict[str, tuple[float, float]],
) -> str:
    """Write the document and return its text.

    Args:
        imports: The libraries imported.
        towns: By size, smallest first.
        peers: What ``benchmarks.peers`` answered; None when it was not run.
        answers: From ``answers.command_line``.
        pages: From ``answers.pages``.
    """
    machine = f"{os.cpu_count()} cores, Python {platform.python_version()}"
    parts = [
        _HEAD.format(
            when=datetime.now(UTC).date(), machine=machine, imports=imports.cpu_s,
            imports_mb=imports.peak_mb,
        ),
        _NIGHTS, *(_nights(town, imports) for town in towns), *map(_stages, towns),
        _growth(towns), _peers(peers), _ANSWERS,
        *(f"| `{name}` | {used.cpu_s:.2f} | {used.wall_s:.2f} |\n"
          for name, used in answers),
        _PAGES,
        *(f"| {name} | {first:.2f} | {after:.3f} |\n" for name, (first, after) in pages.items()),
    ]  # fmt: skip
    text = "".join(parts)
    FILE.write_text(text, encoding="utf-8")
    return text


def _nights(town: Town, imports: Measured) -> str:
    return "".join(
        f"| {town.size} | {town.n_rows} | {night.name} | {night.used.cpu_s:.1f} |"
        f" {night.used.cpu_s / imports.cpu_s:.1f} | {night.used.wall_s:.1f} |"
        f" {night.used.peak_mb:.0f} |\n"
        for night in town.nights
    )


def _stages(town: Town) -> str:
    full = next(night for night in town.nights if night.name == _FULL)
    rows = [f"| {s['stage']} | {s['cpu_s']:.1f} | {s['wall_s']:.1f} | |\n" for s in full.stages]
    rows += [
        f"| *floor: {name}* | | | {used['cpu_s']:.2f} CPU-s |\n"
        for name, used in town.floor.items()
    ]
    return _STAGES.format(size=town.size) + "".join(rows)


def _growth(towns: list[Town]) -> str:
    rows = []
    for small, large in pairwise(towns):
        for before, after in zip(small.nights, large.nights, strict=True):
            grown = after.used.cpu_s / before.used.cpu_s
            exponent = log(grown) / log(large.n_rows / small.n_rows)
            sizes = f"| {small.size} | {large.size} | {before.name} |"
            rows.append(f"{sizes} × {grown:.1f} | {exponent:.2f} |\n")
    return _GROWTH + "".join(rows) if rows else ""


def _peers(peers: dict[str, Any] | None) -> str:
    if peers is None:
        return ""
    charts = peers["charts"]
    rows = [
        f"| charts with phases, verdicts and points, this project ({charts['n_series']} series) |"
        f" {charts['own_per_s']:.0f} a CPU-s |\n",
        f"| limits alone, controlchartspy | {charts['controlchartspy_per_s']:.0f} a CPU-s |\n",
    ]
    rows += [
        f"| effect on one panel, {name} | {cpu:.2f} CPU-s |\n"
        for name, cpu in peers["effects"].items()
    ]
    return _PEERS + "".join(rows)
