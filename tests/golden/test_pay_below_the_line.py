"""Fixed pay below the line of what is net of refunds: groups whose hidden units it would tell.

Units of five and more persons, of whom the models are told which are hidden.
"""

from datetime import date
from pathlib import Path

import duckdb
import pytest

from tests.dbt_fixture import build_warehouse, compiled, municipality, run_dbt
from tests.suppression_cells import stage_protection

MODEL = "int_suppression__pay_rests"
MONTH = date(2012, 3, 1)
Units = list[tuple[str, str, float]]
"""Unit, sector and fixed pay."""


@pytest.fixture(scope="module")
def sql(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("below")
    file: Path = build_warehouse(folder / "w.duckdb", municipality(MONTH), {})
    run_dbt(file, "compile", "--select", MODEL, target=folder / "target")
    return compiled(MODEL, folder / "target")


def told(sql: str, units: Units, hidden: list[str]) -> list[tuple[str, str]]:
    """The groups whose month is named; every sector of the units is one that hides its pay."""
    con = duckdb.connect()
    con.execute("create schema staging; create schema intermediate")
    con.execute(
        "create table intermediate.int_metrics as select 'overtime_pct' as metric_id,"
        " 'pay' as family_id, true as is_denominator_pay, 5 as min_persons"
    )
    con.execute(
        "create table intermediate.int_metric_levels (level varchar, group_id varchar,"
        " sector varchar, metric_id varchar, month date, denominator double, has_data boolean,"
        " n_persons_once integer)"
    )
    con.execute(
        "create table intermediate.int_suppression__totals (level varchar, group_id varchar,"
        " family_id varchar, month date)"
    )
    stage_protection(con)
    for unit, sector, pay in units:
        con.execute(
            "insert into intermediate.int_metric_levels values"
            " ('unit', ?, ?, 'overtime_pct', ?, ?, true, 4)",
            [unit, sector, MONTH, pay],
        )
    groups = [("unit", unit) for unit in hidden]
    groups += [("sector", sector) for sector in {sector for _, sector, _ in units}]
    for level, group in groups:
        con.execute(
            "insert into intermediate.int_suppression__totals values (?, ?, 'pay', ?)",
            [level, group, MONTH],
        )
    return sorted((level, group) for level, group, _ in con.execute(sql).fetchall())


@pytest.mark.parametrize(
    ("units", "hidden", "groups"),
    [
        pytest.param(
            [("u1", "a", 90.0), ("u2", "a", 80.0)], ["u1"], ["a", "all"], id="one unit"
        ),
        pytest.param([("u1", "a", 90.0), ("u2", "a", 80.0)], ["u1", "u2"], [], id="two"),
        pytest.param(
            [("u1", "a", 90.0), ("u2", "a", 8.0)], ["u1", "u2"], ["a", "all"], id="nearly all"
        ),
        pytest.param(
            [("u1", "a", 90.0), ("u2", "b", 80.0)], ["u1", "u2"], ["a", "b"], id="two sectors"
        ),
        pytest.param(
            [("u1", "a", 90.0), ("u2", "b", 80.0), ("u3", "b", 80.0)], ["u1", "u2", "u3"],
            ["a", "all"], id="a sector that tells its own is taken out",
        ),
    ],
)  # fmt: skip
def test_a_group_tells_no_fixed_pay_of_units_that_do_not_hide_each_other(
    sql: str, units: Units, hidden: list[str], groups: list[str]
) -> None:
    assert [group for _, group in told(sql, units, hidden)] == sorted(groups, key=_as_told)


def _as_told(group: str) -> tuple[bool, str]:
    return group != "all", group
