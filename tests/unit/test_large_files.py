"""What a large file costs: rows are copied in parts, and not at all where nothing is left out."""

from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from pipelines.ingest.landing import file_of, write_landing
from pipelines.ingest.versions import comparable, laid_over
from pipelines.settings import Paths
from pipelines.warehouse import load

LEDGER = "ledger.entries"


class Watched:
    """A connection that notes how many rows are handed to it at a time."""

    def __init__(self) -> None:
        self.con = duckdb.connect()
        self.handed: list[int] = []

    def register(self, name: str, rows: Any) -> None:
        self.handed.append(len(rows))
        self.con.register(name, rows)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.con, name)


def test_rows_are_handed_to_the_warehouse_a_part_at_a_time_in_their_order(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(load, "_ROWS_AT_ONCE", 3)
    watched: Any = Watched()
    watched.execute("create schema hr")
    watched.execute("create table hr.rows (unit_id varchar, n int, note varchar)")
    rows = pl.DataFrame({"n": range(7), "unit_id": ["E1", None, "E2", "E3", "E1", "E2", None]})
    load.insert_frame(watched, "hr.rows", rows)
    assert watched.handed == [3, 3, 1]
    kept = watched.execute("select n, unit_id, note from hr.rows").fetchall()
    assert kept == [(*row, None) for row in rows.iter_rows()]


def test_landing_keeps_each_periods_rows_in_their_order(tmp_path: Path) -> None:
    paths = Paths(tmp_path).create()
    rows = pl.DataFrame({"n": range(6), "period_ym": ["b", "a", "b", "c", "a", "b"]})
    landed = write_landing(paths, "hr", "rows", "D000001", rows, "{}")
    assert [(file.period_ym, file.row_count) for file in landed] == [("b", 3), ("a", 2), ("c", 1)]
    for period, wanted in {"a": [1, 4], "b": [0, 2, 5], "c": [3]}.items():
        kept = pl.read_parquet(
            file_of(paths, "hr", "rows", "D000001", period), hive_partitioning=False
        )
        assert kept["n"].to_list() == wanted


def test_what_is_laid_over_and_what_has_no_kind_is_not_compared() -> None:
    kinds = ["accounts", "revised_budget", None, "budget"]
    rows = pl.LazyFrame({"amount_type": kinds, "n": [1, 2, 3, 4]})
    assert comparable(rows, LEDGER).collect()["n"].to_list() == [1, 4]
    assert laid_over(rows, LEDGER).collect()["n"].to_list() == [2]
    assert comparable(rows, "hr.positions") is rows
    assert laid_over(rows, "hr.positions").collect().is_empty()
