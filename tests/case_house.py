"""The small municipality of the ingest tests with the feeds in ``tests/cases/_feeds``.

Units are known by name as well as by cost centre: Gimle is E1, Fagerlund E2 and Sør-Ås E3.
"""

from pathlib import Path
from typing import Any

import polars as pl
import yaml

from tests.ingest_fixture import CODES, SOURCES, House

CASES = Path(__file__).resolve().parent / "cases"
NAMES = "name;Gimle;E1;;\nname;Fagerlund;E2;;\nname;Sør-Ås;E3;;\n"


def case_feed(name: str, **changes: Any) -> tuple[str, dict[str, Any]]:
    """Return the contract and the YAML of one of the feeds, with some keys changed."""
    content = yaml.safe_load((CASES / "_feeds" / f"{name}.yml").read_text(encoding="utf-8"))
    return content["contract"], {**content["feeds"][0], **changes}


def case_house(root: Path, name: str, **changes: Any) -> House:
    """Return a house with its organisation and one of the feeds."""
    house = House.build(root)
    contract, feed = case_feed(name, **changes)
    house.configure({"organisation": SOURCES["organisation"], contract: [feed]})
    house.take("koder.csv", CODES + NAMES)
    return house


def case_file(case: str, file: str) -> bytes:
    """Return one of the cases' files."""
    return (CASES / case / file).read_bytes()


def values(house: House, table: str, *columns: str) -> list[tuple[Any, ...]]:
    """Return some columns of a table's rows, in the file's order."""
    rows: pl.DataFrame = house.table(table).sort("source_row", maintain_order=True)
    return rows.select(columns).rows()
