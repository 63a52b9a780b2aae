"""A start order drawn by lot: kept in the journal, and when a unit counts as drawn."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb

from pipelines.ingest.drawn_starts import keep_draw
from pipelines.warehouse import records
from tests.dbt_fixture import build_warehouse, fetch, municipality, run_dbt

DAY = date(2015, 1, 5)
FIRST, SECOND, THIRD = date(2015, 3, 2), date(2015, 9, 7), date(2016, 3, 7)


def test_a_draw_stands_in_the_journal_with_its_waves(house: Any) -> None:
    keep_draw(house.con, house.paths, "a" * 64, [("E2", "E1"), ("E3",)])
    keep_draw(house.con, house.paths, "b" * 64, [("E1",)])
    rows = house.table("ops.drawn_starts").sort("entry_no")
    assert rows.select("entry_no", "unit_id", "wave_no").rows() == [
        (1, "E2", 1), (2, "E1", 1), (3, "E3", 2), (4, "E1", 1),
    ]  # fmt: skip
    *_, last = records.files(house.paths)
    assert records.read(last).kind == "draw"


def test_who_started_where_it_was_drawn_is_drawn_and_who_was_moved_is_chosen(
    tmp_path: Path,
) -> None:
    # unit -> wave it was drawn into, when it started, and what that is
    units = {
        "a": (1, FIRST, "drawn"), "b": (1, FIRST + timedelta(days=20), "drawn"),
        "kept_back": (1, THIRD + timedelta(days=40), "chosen"),
        "c": (2, SECOND, "drawn"), "d": (2, SECOND, "drawn"), "jumped": (3, FIRST, "chosen"),
        "e": (3, THIRD, "drawn"), "f": (3, THIRD, "drawn"),
        "with_the_one_before": (2, FIRST, "chosen"), "with_the_next": (1, SECOND, "chosen"),
        "g": (2, SECOND, "drawn"), "h": (1, FIRST, "drawn"), "waits": (4, None, "drawn"),
        "never": (None, SECOND, "chosen"), "late": (1, DAY, "chosen"),
    }  # fmt: skip
    cycles = [
        {"cycle_id": f"{unit}1", "unit_id": unit, "cycle_no": 1, "start_date": start}
        for unit, (_, start, _) in units.items()
    ]
    cycles.append({"cycle_id": "a2", "unit_id": "a", "cycle_no": 2, "start_date": date(2017, 3, 6)})
    drawn = [
        (number, DAY, DAY, unit, wave, "a" * 64)
        for number, (unit, (wave, _, _)) in enumerate(units.items(), 1)
        if wave
    ]
    file = build_warehouse(
        tmp_path / "town.duckdb",
        municipality(date(2012, 1, 1), date(2017, 12, 1)),
        {"lean.cycles": cycles},
    )
    with duckdb.connect(file) as con:
        con.executemany("insert into ops.drawn_starts values (?, ?, ?, ?, ?, ?)", drawn)
    wanted = (
        "stg_lean__cycles", "stg_lean__course_days", "stg_municipality__pilots",
        "stg_ops__drawn_starts", "int_lean__cycles", "int_start_orders",
    )  # fmt: skip
    run_dbt(file, "run", "--select", *wanted)
    found = dict(fetch(file, "select cycle_id, start_order from intermediate.int_start_orders"))
    assert found == {f"{unit}1": order for unit, (_, _, order) in units.items()} | {"a2": "chosen"}
