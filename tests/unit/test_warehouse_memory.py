"""DuckDB has a ceiling of memory; what has no room goes to a closed folder, and is not left."""

import stat
from pathlib import Path

import pytest

from pipelines.defs.lock import run_lock
from pipelines.settings import Paths
from pipelines.warehouse.connection import (
    file_mb,
    held_in,
    memory_limit,
    open_warehouse,
    spill_dir,
)


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths(tmp_path / "home" / "testkommune").create()


def test_what_memory_has_no_room_for_is_spilled_beside_the_state_and_closed(paths: Paths) -> None:
    with run_lock(paths):
        con = open_warehouse(paths.warehouse)
        con.execute("set memory_limit = '40MB'")
        con.execute("set threads = 1")
        con.execute(
            "create temp table sorted as select i, hash(i) as h, repeat('x', 60) as text"
            " from range(2_000_000) as t(i) order by h"
        )
        spill = spill_dir(paths.warehouse)
        assert spill == paths.state / "spill"
        assert any(spill.iterdir())
        made = [spill, *spill.iterdir()]
        assert [path for path in made if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)] == []
        con.close()


def test_what_a_killed_run_spilled_is_removed_by_the_next(paths: Paths) -> None:
    left = spill_dir(paths.warehouse) / "duckdb_temp_storage_DEFAULT-0.tmp"
    left.parent.mkdir(0o700)
    left.write_bytes(b"rows of persons")
    with run_lock(paths):
        assert not left.exists()


def test_a_larger_warehouse_is_given_more_memory_up_to_a_limit(paths: Paths) -> None:
    assert memory_limit(file_mb(paths.warehouse)) == "320MB"
    with open_warehouse(paths.warehouse) as con:
        shown = con.execute("select current_setting('memory_limit')").fetchone()
    assert shown == ("305.1 MiB",)
    for held_mb, given in ((140, "320MB"), (400, "600MB"), (1000, "1500MB"), (9000, "1536MB")):
        assert memory_limit(held_mb) == given


def test_blocks_that_are_free_for_the_next_night_are_no_reason_for_more_memory(
    paths: Paths,
) -> None:
    with open_warehouse(paths.warehouse) as con:
        con.execute("create table large as select hash(i) as h from range(3_000_000) as t(i)")
        con.execute("create table kept as select 1 as one")
        con.execute("checkpoint")
        full = held_in(con)
        con.execute("drop table large")
        con.execute("checkpoint")
        emptied = held_in(con)
    assert emptied < 20 < full <= file_mb(paths.warehouse) + 1
