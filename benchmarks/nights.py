"""Nights measured by size: everything recomputed, a new month, a corrected month, nothing new.

The constructed municipality in homes of their own, made anew. What is new arrives as files that
were held back from the inbox.
"""

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.measured import REPO, Measured, pukk, python

MUNICIPALITY = "vestre_toten"
_NEW_MONTH = "*2018_12*"
_CORRECTION = "*korrigert*"


@dataclass(frozen=True)
class Night:
    """One measured night.

    Attributes:
        name: What it had to do.
        used: The whole process.
        stages: ``stage, cpu_s, wall_s``, as the run told them.
    """

    name: str
    used: Measured
    stages: list[dict[str, Any]]


@dataclass(frozen=True)
class Town:
    """All nights of one size, and the floor under the full one.

    Attributes:
        size: How many times the example.
        n_rows: Rows loaded.
        nights: In the order they ran.
        floor: Stage -> ``cpu_s, wall_s`` with DuckDB alone.
        charts_cpu_s: The SQL of the charts alone.
    """

    size: int
    n_rows: int
    nights: list[Night]
    floor: dict[str, dict[str, float]]
    charts_cpu_s: float


def measure_town(size: int, folder: Path, say: Callable[[str], None]) -> Town:
    """Build a municipality of one size and measure its nights.

    Args:
        size: How many times the example; 1 is the example itself.
        folder: Where the home is made; whatever is there is deleted.
        say: Told what is being done.
    """
    home = folder / f"size-{size}"
    shutil.rmtree(home, ignore_errors=True)
    say(f"size {size}: constructing the deliveries")
    pukk("example", *(("--size", str(size)) if size > 1 else ()), home=home)
    inbox, aside = home / MUNICIPALITY / "inbox", folder / "held-back"
    nights = []
    held_back = [_hold_back(inbox, aside / name, name) for name in (_CORRECTION, _NEW_MONTH)]
    for name, arriving in (
        ("first run", None),
        ("one corrected month", held_back[0]),
        ("one new month", held_back[1]),
        ("nothing new", None),
        ("everything recomputed", None),
    ):
        if arriving is not None:
            _arrive(arriving, inbox)
        say(f"size {size}: {name}")
        nights.append(_night(name, home, is_forced=name == "everything recomputed"))
    say(f"size {size}: the floor")
    floor = _floor(home, folder)
    return Town(size, _rows(home), nights, floor["stages"], floor["models"]["charts"])


def _hold_back(inbox: Path, aside: Path, pattern: str) -> Path:
    shutil.rmtree(aside, ignore_errors=True)
    for file in inbox.rglob(pattern):
        to = aside / file.relative_to(inbox)
        to.parent.mkdir(parents=True, exist_ok=True)
        file.rename(to)
    return aside


def _arrive(aside: Path, inbox: Path) -> None:
    for file in sorted(aside.rglob("*.*")):
        file.rename(inbox / file.relative_to(aside))


def _night(name: str, home: Path, *, is_forced: bool) -> Night:
    answer = home / "stages.json"
    used = python(
        "-m", "benchmarks.staged", answer, *(("--force",) if is_forced else ()),
        env={"PUKK_HOME": str(home), "PUKK_MUNICIPALITY": MUNICIPALITY},
    )  # fmt: skip
    return Night(name, used, json.loads(answer.read_text(encoding="utf-8"))["stages"])


def _rows(home: Path) -> int:
    with duckdb.connect(str(home / MUNICIPALITY / "warehouse.duckdb"), read_only=True) as con:
        ((n,),) = con.execute("select sum(rows_loaded) from ops.deliveries").fetchall()
    return int(n)


def _floor(home: Path, folder: Path) -> dict[str, Any]:
    town, answer = home / MUNICIPALITY, folder / "floor.json"
    target = folder / "compiled"
    python(
        "-m", "dbt.cli.main", "compile", "--quiet", "--project-dir", REPO / "dbt_project",
        "--profiles-dir", REPO / "dbt_project", "--target-path", target,
        env={"PUKK_WAREHOUSE": str(town / "warehouse.duckdb"), "DO_NOT_TRACK": "1"},
    )  # fmt: skip
    python("-m", "benchmarks.floor", town, target / "manifest.json", answer)
    found: dict[str, Any] = json.loads(answer.read_text(encoding="utf-8"))
    for made in (answer.with_suffix(".duckdb"), answer.with_suffix(".published.duckdb")):
        made.unlink()
    return found
