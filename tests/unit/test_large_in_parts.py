"""A file read in parts gives what it gives read whole, and a larger one costs no more memory."""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipelines.ingest import delivery
from pipelines.ingest.landing_files import files_by_delivery
from pipelines.ingest.large import parts
from pipelines.ingest.large.landing import write_spooled
from tests.ingest_fixture import JANUARY, House, position, positions

ACCOUNTS = "Ansvar;Konto;Periode;Regnskap\n"
_OWN = {"received_at", "delivery_id", "seq"}


def accounts(*amounts: str, unit: str = "3120") -> str:
    lines = (f"{unit};1{i % 90:03d}0;2012{1 + i % 12:02d};{a}\n" for i, a in enumerate(amounts))
    return ACCOUNTS + "".join(lines)


def many(n: int = 60) -> list[str]:
    return [f"{i + 1},{i % 100:02d}" for i in range(n)]


def persons(n: int = 40, **last: str) -> list[str]:
    lines = [position(str(5000 + i), start=f"{1 + i % 28:02d}.08.2010") for i in range(n)]
    return [*lines, position("9999", **last)]


PLAIN = {
    "accounts": ("regnskap.csv", accounts(*many())),
    "positions": (JANUARY, positions(*persons())),
    "blank lines": ("regnskap.csv", accounts(*many()).replace("\n3120;10300", "\n\n3120;10300")),
    "windows": (JANUARY, positions(*persons()).replace("7174", "På kjøkken").encode("cp1252")),
    "quoted": ("regnskap.csv", accounts(*(f'"{a}"' for a in many()))),
    "no last line break": ("regnskap.csv", accounts(*many()).rstrip("\n")),
    "a title": ("regnskap.csv", "Regnskap 2012\n\n" + accounts(*many())),
    "equal rows that are real": ("regnskap.csv", accounts(*["5,00"] * 12, *many())),
}  # fmt: skip
DOUBTFUL = {
    "a row that is set aside": ("regnskap.csv", accounts(*many(), "tusen")),
    "an unknown unit": ("regnskap.csv", accounts(*many()) + "9999;10100;201201;5\n"),
    "a sum at the end": ("regnskap.csv", accounts(*many()) + "Sum;;;1830,00\n"),
    "two decimal marks": ("regnskap.csv", accounts(*many(), "7.25")),
    "a short row": ("regnskap.csv", accounts(*many()) + "3120;10100\n"),
    "per cent among shares": (JANUARY, positions(*persons(pct="0,5"))),
    "American days in one part": (JANUARY, positions(*persons(start="12/31/2010"))),
    "a repeated row": (JANUARY, positions(*persons(), position("5000", start="01.08.2010"))),
    "a key that comes twice": (JANUARY, positions(*persons(), position("5000", pct="20"))),
    "all of it twice": ("regnskap.csv", ACCOUNTS + 2 * accounts(*many()).removeprefix(ACCOUNTS)),
    "a DOS mark inside": ("regnskap.csv", accounts(*many()).replace("\n", "\x1a\n", 30)),
}  # fmt: skip


@pytest.fixture
def in_parts(monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[str]]:
    """Read every file in parts of a few lines, and tell which were landed so."""
    landed: list[str] = []

    def told(*args: Any) -> Any:
        landed.append(args[3])
        return write_spooled(*args)

    def begin() -> list[str]:
        monkeypatch.setattr(parts, "LARGE_BYTES", 1)
        monkeypatch.setattr(parts, "PART_BYTES", 300)
        monkeypatch.setattr(delivery, "write_spooled", told)
        return landed

    return begin


def outcome(house: House, name: str, content: str | bytes) -> dict[str, Any]:
    result = house.take(name, content)
    table = "hr.positions" if name == JANUARY else "ledger.entries"
    files = files_by_delivery(house.paths).get(result.delivery_id, [])
    return {
        "result": {k: v for k, v in asdict(result).items() if k not in _OWN},
        "rows": house.table(table).rows(),
        "quarantine": house.quarantine(),
        "warnings": house.warnings(),
        "landing": {
            str(f.relative_to(house.paths.landing)): pl.read_parquet(f, hive_partitioning=False)
            for f in files
        },
    }


def both(
    tmp_path: Path, begin: Callable[[], list[str]], name: str, content: str | bytes
) -> list[str]:
    whole = outcome(House.build(tmp_path / "whole"), name, content)
    landed = begin()
    in_parts = outcome(House.build(tmp_path / "parts"), name, content)
    lain, parted = whole.pop("landing"), in_parts.pop("landing")
    assert in_parts == whole
    assert parted.keys() == lain.keys()
    for file, rows in lain.items():
        assert parted[file].schema == rows.schema
        assert parted[file].equals(rows)
    assert not (House.build(tmp_path / "parts").paths.landing / ".spool").exists()
    return landed


@pytest.mark.parametrize("case", PLAIN)
def test_a_plain_file_is_read_in_parts_as_if_it_were_read_whole(tmp_path, in_parts, case):
    assert both(tmp_path, in_parts, *PLAIN[case])


@pytest.mark.parametrize("case", DOUBTFUL)
def test_what_only_the_whole_file_can_tell_is_asked_of_the_whole_file(tmp_path, in_parts, case):
    assert not both(tmp_path, in_parts, *DOUBTFUL[case])


_CHILD = """
import resource, sys
from pathlib import Path
from tests.ingest_fixture import House
house = House.build(Path(sys.argv[1]))
with (house.paths.inbox / "regnskap.csv").open("w", encoding="utf-8") as file:
    file.write("Ansvar;Konto;Periode;Regnskap\\n")
    for i in range(int(sys.argv[2])):
        month = f"{2012 + i % 5}{1 + i // 5 % 12:02d}"
        file.write(f"3120;1{i % 90:03d}0;{month};{i % 9973},{i % 100:02d}\\n")
(result,) = house.ingest()
assert (result.status, result.rows_loaded) == ("loaded", int(sys.argv[2])), result
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def peak_mb(folder: Path, n_rows: int) -> float:
    told = subprocess.run(
        [sys.executable, "-c", _CHILD, str(folder), str(n_rows)],
        capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": "."},
    )  # fmt: skip
    return float(told.stdout.split()[-1])


def test_four_times_the_rows_take_hardly_more_memory(tmp_path):
    few, many_rows = (peak_mb(tmp_path / str(n), n) for n in (160_000, 480_000))
    # read whole, 320 000 rows more are 180 MB more
    assert many_rows - few < 100
