"""Which metrics the models hide together, when a municipality adds its own to the standard's."""

from datetime import date
from pathlib import Path

import duckdb
import pytest

from pipelines.municipality.load import load_standard_metrics
from tests.dbt_fixture import build_warehouse, compiled, municipality, run_dbt
from tests.unit.test_metric_families import named
from tests.unit.test_shown_per_year import OF_TOTAL

_STAGED = ("metrics", "metric_measures", "profile")
_OWN = (
    named("days_per_fte", "sick_days", denominator="agreed_fte"),
    named("leavers_pct", "leavers", denominator="permanent_staff"),
    named("short_per_fte", "sick_days_short", denominator="agreed_fte", **OF_TOTAL),
    named("self_per_fte", "sick_days_self_certified", denominator="agreed_fte",
          **(OF_TOTAL | {"split_group": "certification"})),
)  # fmt: skip


@pytest.fixture(scope="module")
def con(tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    folder = tmp_path_factory.mktemp("families")
    town = municipality(date(2012, 1, 1), metrics=(*load_standard_metrics(), *_OWN))
    file: Path = build_warehouse(folder / "w.duckdb", town, {})
    target = folder / "target"
    run_dbt(file, "compile", "--select", "int_metrics", "int_metric_steps", target=target)
    con = duckdb.connect(str(file))
    con.execute("create schema if not exists staging; create schema if not exists intermediate")
    for name in _STAGED:
        con.execute(
            f"create table staging.stg_municipality__{name} as select * from municipality.{name}"
        )
    con.execute("create table intermediate.int_hr__unit_months as select 1 as n")
    for name in ("int_metrics", "int_metric_steps"):
        con.execute(f"create table intermediate.{name} as {compiled(name, target)}")
    return con


def test_totals_on_one_measure_are_one_family_and_all_its_figures_are_judged(
    con: duckdb.DuckDBPyConnection,
) -> None:
    rows = con.execute(
        "select metric_id, family_id, parent_family_id, is_judged from intermediate.int_metrics"
    ).fetchall()
    found = {metric: rest for metric, *rest in rows}
    sick = "sick_leave_pct"
    assert found[sick] == found["days_per_fte"] == [sick, None, True]
    assert found["attendance_pct"] == [sick, None, False]
    assert found["leavers_pct"] == found["turnover_pct"] == ["turnover_pct", None, True]
    assert found["short_per_fte"] == [f"{sick}/duration", sick, True]
    assert found["overtime_pct"] == found["substitute_pct"] == ["pay", None, False]


def test_two_metrics_of_one_part_are_one_part_and_every_metric_has_one_step(
    con: duckdb.DuckDBPyConnection,
) -> None:
    rows = con.execute(
        "select metric_id, step_no, parent_metric_id from intermediate.int_metric_steps"
    ).fetchall()
    steps = {metric: rest for metric, *rest in rows}
    assert len(steps) == len(rows)
    short = "sick_leave_short_pct"
    assert steps[short] == steps["short_per_fte"] == [1, None]
    assert steps["sick_leave_long_pct"] == steps["sick_leave_medium_pct"] == [2, short]
    # two parts, of which one in two ways: never the one without the other
    for name in ("self_certified_pct", "certified_pct", "self_per_fte"):
        assert steps[name] == [1, None]
    assert steps["graded_share_pct"] == [3, "certified_pct"]
