"""Groups show the year of a count (turnover) only where every hidden unit has others behind it.

Cells go straight into the models that decide; what hides the units' months is left out.
"""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import duckdb
import pytest

from pipelines.municipality.protection import PROTECTION
from tests.dbt_fixture import build_warehouse, compiled, municipality, run_dbt

_MODELS = ("int_suppression__count_rests", "int_suppression__count_years")
_TABLES = """
create schema intermediate; create schema staging;
create table intermediate.int_metrics as select 'left' as metric_id, 'left' as family_id,
    true as is_count, true as is_about_persons, 'month' as unit_grain, 5 as min_persons;
create table intermediate.int_months as
    select make_date(2012, m, 1) as month, 2012 as year from range(1, 13) as r(m);
create table intermediate.int_metric_levels (level varchar, group_id varchar, sector varchar,
    metric_id varchar, month date, numerator double, n_persons integer, n_persons_once integer,
    has_data boolean);
create table intermediate.int_suppression__totals (level varchar, group_id varchar,
    family_id varchar, month date);
"""
Unit = tuple[str, int, float]
"""Sector, persons, and leavers in May; a unit of fewer than five is hidden every month."""


@pytest.fixture(scope="module")
def con(tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    folder: Path = tmp_path_factory.mktemp("counts")
    file = build_warehouse(folder / "empty.duckdb", municipality(date(2012, 1, 1)), {})
    run_dbt(file, "compile", "--select", *_MODELS, target=folder / "target")
    con = duckdb.connect()
    con.execute(_TABLES)
    con.execute(
        "create table staging.stg_municipality__profile as"
        " select ? as protection_least, ? as protection_pct",
        [PROTECTION.least, PROTECTION.pct],
    )
    for name in _MODELS:
        con.execute(f"create view intermediate.{name} as {compiled(name, folder / 'target')}")
    return con


def _hidden(con: duckdb.DuckDBPyConnection, units: Sequence[Unit]) -> set[str]:
    con.execute("delete from intermediate.int_metric_levels")
    con.execute("delete from intermediate.int_suppression__totals")
    for month in range(1, 13):
        groups: dict[tuple[str, str, str], tuple[int, float]] = {}
        for number, (sector, persons, leavers) in enumerate(units):
            amount = leavers if month == 5 else 0.0
            for key in (
                ("unit", f"u{number}", sector), ("sector", sector, sector),
                ("municipality", "all", "all"),
            ):  # fmt: skip
                before = groups.get(key, (0, 0.0))
                groups[key] = (before[0] + persons, before[1] + amount)
            if persons < 5:
                con.execute(
                    "insert into intermediate.int_suppression__totals values"
                    " ('unit', ?, 'left', make_date(2012, ?, 1))",
                    [f"u{number}", month],
                )
        for (level, group, sector), (persons, amount) in groups.items():
            con.execute(
                "insert into intermediate.int_metric_levels values"
                " (?, ?, ?, 'left', make_date(2012, ?, 1), ?, ?, ?, true)",
                [level, group, sector, month, amount, persons, persons],
            )
    rows = con.execute(
        "select group_id from intermediate.int_suppression__count_years where reason is not null"
    ).fetchall()
    return {group for (group,) in rows}


@pytest.mark.parametrize(
    ("units", "hidden"),
    [
        # nobody hidden: nothing to protect
        ([("A", 9, 0), ("A", 9, 0), ("B", 9, 1)], set()),
        # two hidden units that both lost somebody hide each other
        ([("A", 3, 1), ("A", 4, 2), ("A", 9, 0)], set()),
        # where one of them lost nobody the year is the other's, and of the whole as well
        ([("A", 3, 1), ("A", 4, 0), ("A", 9, 5), ("B", 9, 0)], {"A", "all"}),
        # a year without leavers says that nobody left: not of two small units
        ([("A", 3, 0), ("A", 4, 0), ("A", 9, 0), ("B", 9, 3)], {"A", "all"}),
        # two sectors that cannot show theirs hide each other in the whole
        ([("A", 3, 1), ("A", 9, 0), ("B", 4, 1), ("B", 9, 0)], {"A", "B"}),
    ],
)
def test_a_year_is_hidden_where_what_it_hides_could_be_one_units(
    con: duckdb.DuckDBPyConnection, units: list[Unit], hidden: set[str]
) -> None:
    assert _hidden(con, units) == hidden
