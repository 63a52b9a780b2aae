"""Cells of one month straight into the model that hides neighbours; everything before is left out.

A unit is its sector, its persons, its figure and whether it is hidden for its own sake.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from pipelines.municipality.protection import PROTECTION
from tests.dbt_fixture import build_warehouse, compiled, municipality, run_dbt

MONTH = date(2012, 1, 1)
LIMIT = 5
_FAMILY = "sick"
_MODEL = "int_suppression__totals"
# what it is made of, each after what it reads
_MODELS = ("int_suppression__total_cells", "int_suppression__sector_choice", _MODEL)


@dataclass(frozen=True)
class Unit:
    """One unit's cell; ``amounts`` has one figure per side of the family.

    ``room`` is what the first figure lacks to all it could be, where that is known.
    """

    sector: str
    persons: int
    amounts: tuple[float, ...]
    is_own: bool = False
    room: float | None = None


def compile_totals(folder: Path) -> duckdb.DuckDBPyConnection:
    """Return a database with the models as views over two empty tables."""
    file = build_warehouse(folder / "empty.duckdb", municipality(MONTH), {})
    target = folder / "target"
    run_dbt(file, "compile", "--select", *_MODELS, target=target)
    con = duckdb.connect()
    con.execute("create schema intermediate")
    stage_protection(con)
    con.execute(
        "create table intermediate.int_counted_unit_months"
        " (unit_id varchar, sector varchar, metric_id varchar, total_id varchar, month date,"
        " n_persons_once integer, has_data boolean, is_counted boolean, was_shown boolean)"
    )
    con.execute(
        "create table intermediate.int_metrics"
        " (metric_id varchar, min_persons integer, is_count boolean, unit_grain varchar)"
    )
    con.execute(
        "create table intermediate.int_suppression__families (level varchar, group_id varchar,"
        " sector varchar, family_id varchar, month date,"
        " min_persons integer, is_count boolean, n_persons_once integer, reason varchar,"
        " size_order double)"
    )
    con.execute(
        "create table intermediate.int_suppression__figures (group_id varchar,"
        " family_id varchar, month date, side varchar, amount double, share_of double)"
    )
    for name in _MODELS:
        con.execute(f"create view intermediate.{name} as {compiled(name, target)}")
    return con


def stage_protection(con: duckdb.DuckDBPyConnection) -> None:
    """Create the staging tables the models read: the protection level, and nothing kept."""
    con.execute("create schema if not exists staging")
    con.execute(
        "create table staging.stg_municipality__profile as"
        " select ? as protection_least, ? as protection_pct",
        [PROTECTION.least, PROTECTION.pct],
    )
    con.execute(
        "create table staging.stg_ops__hidden_cells"
        " (level varchar, group_id varchar, family_id varchar, period varchar)"
    )


def hidden(
    con: duckdb.DuckDBPyConnection,
    units: Sequence[Unit],
    *,
    is_count: bool = False,
    groups: Sequence[str] = (),
) -> set[str]:
    """Return the ids of all hidden cells: ``u00`` and so on, sectors, and ``all``.

    Args:
        con: What ``compile_totals`` gave.
        units: The units, in the order of their ids.
        is_count: Whether the family counts persons or events.
        groups: Sectors, or ``all``, hidden for their own sake.
    """
    con.execute("delete from intermediate.int_suppression__families")
    con.execute("delete from intermediate.int_suppression__figures")
    cells = [
        ("unit", f"u{number:02}", unit.sector, unit.persons, unit.is_own)
        for number, unit in enumerate(units)
    ]
    for sector in sorted({unit.sector for unit in units}):
        cells.append(("sector", sector, sector, 99, sector in groups))
    cells.append(("municipality", "all", "all", 99, "all" in groups))
    for level, group, sector, persons, is_own in cells:
        con.execute(
            "insert into intermediate.int_suppression__families values"
            " (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                level, group, sector, _FAMILY, MONTH, LIMIT, is_count, persons,
                "few_persons" if is_own else None, float(persons),
            ],
        )  # fmt: skip
    for number, unit in enumerate(units):
        sides = [(f"side{side}", amount, amount) for side, amount in enumerate(unit.amounts)]
        if unit.room is not None:
            sides.append(("room", unit.room, unit.amounts[0]))
        for side in sides:
            con.execute(
                "insert into intermediate.int_suppression__figures values (?, ?, ?, ?, ?, ?)",
                [f"u{number:02}", _FAMILY, MONTH, *side],
            )
    rows = con.execute(f"select group_id from intermediate.{_MODEL}").fetchall()
    assert len(rows) == len(set(rows)), "no cell is hidden twice"
    return {group for (group,) in rows}
