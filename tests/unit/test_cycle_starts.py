"""A unit's starts in order, and what counts as another figure than the frozen one: small models."""

from datetime import date
from pathlib import Path

import duckdb
import jinja2
import pytest

from pipelines.settings import DBT_DIR
from tests.dbt_fixture import build_warehouse, fetch, municipality, run_dbt

D = date


def test_starts_are_counted_by_date_and_a_cycle_that_has_not_started_has_no_number(
    tmp_path: Path,
) -> None:
    cycles = [
        ("late", "a", 1, D(2014, 3, 3), D(2014, 6, 16)),
        ("early", "a", 2, D(2012, 3, 5), D(2012, 6, 18)),
        ("planned", "a", 3, None, None),
        ("ended", "b", 1, None, D(2013, 6, 17)),
        ("from_days", "b", 2, None, None),
        ("same_day", "b", 3, D(2013, 6, 17), None),
    ]
    names = ("cycle_id", "unit_id", "cycle_no", "start_date", "introduction_end_date")
    file = build_warehouse(
        tmp_path / "town.duckdb",
        municipality(D(2012, 1, 1), D(2014, 12, 1)),
        {
            "lean.cycles": [dict(zip(names, row, strict=True)) for row in cycles],
            "lean.course_days": [
                {"unit_id": "b", "cycle_id": "from_days", "day_no": 1, "course_date": D(2013, 1, 7)}
            ],
        },
    )
    wanted = ("stg_lean__cycles", "stg_lean__course_days", "stg_municipality__pilots")
    run_dbt(file, "run", "--select", *wanted, "int_lean__cycles")
    found = fetch(file, "select cycle_id, start_no from intermediate.int_lean__cycles")
    assert dict(found) == {
        "late": 2, "early": 1, "planned": None, "ended": 2, "from_days": 1, "same_day": 3,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("kept", "now", "is_another"),
    [("41.0", "41.0", False), ("41.0", "41.000001", False), ("0.1 + 0.2", "0.3", False),
     ("41.0", "41.00002", True), ("41.0", "null", True), ("null", "41.0", True),
     ("null", "null", False)],
)  # fmt: skip
def test_a_rounding_is_not_another_figure(kept: str, now: str, *, is_another: bool) -> None:
    macro = (DBT_DIR / "macros" / "is_another_figure.sql").read_text("utf-8")
    text = jinja2.Environment(autoescape=False).from_string(macro).module  # noqa: S701 - SQL
    sql = text.is_another_figure(f"cast({kept} as double)", f"cast({now} as double)")
    assert duckdb.sql(f"select {sql}").fetchall() == [(is_another,)]
