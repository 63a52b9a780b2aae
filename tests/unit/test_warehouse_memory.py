"""DuckDB has a ceiling of memory; what has no room goes to a closed folder, and is not left."""

import stat
from pathlib import Path

import pytest

from pipelines.defs.lock import run_lock
from pipelines.settings import Paths
from pipelines.warehouse.connection import memory_limit, open_warehouse, spill_dir


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
    assert memory_limit(paths.warehouse) == "224MB"
    with open_warehouse(paths.warehouse) as con:
        shown = con.execute("select current_setting('memory_limit')").fetchone()
    assert shown == ("213.6 MiB",)
    for size_mb, given in ((140, "224MB"), (400, "600MB"), (1000, "1500MB"), (9000, "1536MB")):
        with paths.warehouse.open("r+b") as file:
            file.truncate(size_mb * 1_000_000)
        assert memory_limit(paths.warehouse) == given
