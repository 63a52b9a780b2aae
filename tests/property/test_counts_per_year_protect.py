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
create table intermediate.int_metrics as select metric_id, 'left' as family_id,
    true as is_count, true as is_about_persons, 'month' as unit_grain, 5 as min_persons
    from (values ('left'), ('moved'), ('left_or_moved')) as metrics(metric_id);
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


def _hidden(
    con: duckdb.DuckDBPyConnection, units: Sequence[Unit], metric_id: str = "left"
) -> set[str]:
    con.execute("delete from intermediate.int_metric_levels")
    con.execute("delete from intermediate.int_suppression__totals")
    for month in range(1, 13):
        con.executemany(
            "insert into intermediate.int_suppression__totals"
            " select 'unit', ?, 'left', make_date(2012, ?, 1) where ? < 5",
            [(f"u{number}", month, persons) for number, (_, persons, _) in enumerate(units)],
        )
    _deliver(con, metric_id, units)
    return _years_hidden(con, metric_id)


def _deliver(con: duckdb.DuckDBPyConnection, metric_id: str, units: Sequence[Unit]) -> None:
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
        for (level, group, sector), (persons, amount) in groups.items():
            con.execute(
                "insert into intermediate.int_metric_levels values"
                " (?, ?, ?, ?, make_date(2012, ?, 1), ?, ?, ?, true)",
                [level, group, sector, metric_id, month, amount, persons, persons],
            )


def _years_hidden(con: duckdb.DuckDBPyConnection, metric_id: str) -> set[str]:
    rows = con.execute(
        "select group_id from intermediate.int_suppression__count_years"
        " where reason is not null and metric_id = ?",
        [metric_id],
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


@pytest.mark.parametrize(
    ("left", "moved", "hidden"),
    [
        # all three could stand, and do
        ((1, 2), (1, 1), set()),
        # who left and moved, less who left, is who moved: one unit's, or nobody
        ((1, 2), (0, 1), {"A", "all"}),
        ((1, 2), (0, 0), {"A", "all"}),
        # by each of the two nothing could stand, by their sum it could
        ((0, 2), (1, 0), {"A", "all"}),
    ],
)
def test_what_is_left_of_one_count_less_another_is_hidden_with_them(
    con: duckdb.DuckDBPyConnection,
    left: tuple[int, int],
    moved: tuple[int, int],
    hidden: set[str],
) -> None:
    def units(first: float, second: float) -> list[Unit]:
        return [("A", 3, first), ("A", 4, second), ("A", 9, 5), ("B", 9, 0)]

    _hidden(con, units(*left))
    _deliver(con, "moved", units(*moved))
    _deliver(con, "left_or_moved", units(left[0] + moved[0], left[1] + moved[1]))
    for metric_id in ("left", "moved", "left_or_moved"):
        assert _years_hidden(con, metric_id) == hidden, metric_id
