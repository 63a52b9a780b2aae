"""Kills and damaged files: readers always see one whole generation."""

import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from pipelines.contracts.model import Column, Contract, Table
from pipelines.errors import PublishError
from pipelines.publishing import files
from pipelines.publishing.generation import (
    Generation,
    current,
    list_generations,
    publish,
    read_rows,
    rollback,
)
from pipelines.settings import REPO_ROOT, Paths
from pipelines.warehouse.schema import create_tables

pytestmark = pytest.mark.fault

NOW = datetime(2026, 11, 22, 1, 15, tzinfo=UTC)
ROWS = 20_000
COLUMNS = (
    Column("edition", "integer", "integer", required=True, suppression="none"),
    Column("row_no", "integer", "bigint", required=True, suppression="none"),
)
PRODUCTS = {
    name: Contract(name, "1.0.0", name, "", {name: Table(name, "", COLUMNS, (), ("row_no",))})
    for name in ("mart_one", "mart_two")
}


def create_warehouse(paths: Paths) -> None:
    with duckdb.connect(paths.create().warehouse) as con:
        create_tables(con, {})


def prepare_edition(con: duckdb.DuckDBPyConnection, edition: int) -> None:
    con.execute("create schema if not exists marts")
    for name in PRODUCTS:
        con.execute(
            f"create or replace table marts.{name} as select cast({edition} as integer) as edition,"
            f" range as row_no from range({ROWS})"
        )
    con.execute("checkpoint")
    con.complete()


def publish_edition(con: duckdb.DuckDBPyConnection, paths: Paths, edition: int) -> Generation:
    prepare_edition(con, edition)
    return publish(con, paths, PRODUCTS, f"run-{edition}", f"f{edition}", NOW)


def publish_for_ever(paths: Paths) -> None:
    with duckdb.connect(paths.warehouse) as con:
        edition = 1_000 * os.getpid()
        while True:
            edition += 1
            publish_edition(con, paths, edition)


def start_publishers(root: str) -> None:
    """Start one publisher per line on stdin and tell its id; imports are paid for once."""
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            publish_for_ever(Paths(Path(root)))
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()
        os.waitpid(child, 0)
        sys.stdout.write("ended\n")
        sys.stdout.flush()


def edition_seen(paths: Paths) -> int | None:
    """Read as a reader would: every row of every table must be of one edition."""
    now = current(paths)
    if now is None:
        return None
    seen = read_rows(
        paths,
        now,
        "select min(edition) as low, max(edition) as high, count(*) as n"
        " from (from mart_one union all from mart_two)",
    )[0]
    assert seen["low"] == seen["high"]
    assert seen["n"] == 2 * ROWS
    assert files.is_whole(paths, now, verify=True)
    return int(seen["low"])


def wait_for(paths: Paths, happened: Callable[[], bool]) -> None:
    """Read over and over until something has happened."""
    deadline = time.monotonic() + 300
    while not happened():
        edition_seen(paths)
        assert time.monotonic() < deadline


MOMENTS = ["started", "building", "named", "pointed", "random", "random", "building", "named"]


def test_a_reader_sees_a_whole_generation_however_often_the_publisher_is_killed(
    tmp_path: Path,
) -> None:
    paths = Paths(tmp_path / "kommunen")
    create_warehouse(paths)
    chance = random.Random(20261122)  # noqa: S311 - moments to kill at
    leftovers = 0
    with subprocess.Popen(
        [sys.executable, "-B", __file__, str(paths.root)],
        env={**os.environ, "PYTHONPATH": str(REPO_ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as starter:
        assert starter.stdin is not None
        assert starter.stdout is not None
        for moment in MOMENTS:
            starter.stdin.write("start\n")
            starter.stdin.flush()
            publisher = int(starter.stdout.readline())
            wait_for_moment(paths, moment)
            time.sleep(chance.uniform(0, 0.03))
            os.kill(publisher, signal.SIGKILL)
            assert starter.stdout.readline() == "ended\n"
            leftovers += len(list(paths.published.glob("*.tmp*")))
            edition_seen(paths)
    assert leftovers > 0

    with duckdb.connect(paths.warehouse) as con:
        made = publish_edition(con, paths, 1)
        logged = con.execute("select distinct generation from ops.publications").fetchall()
    assert edition_seen(paths) == 1
    assert list(paths.published.glob("*.tmp*")) == []
    assert made.number in {number for (number,) in logged}


def wait_for_moment(paths: Paths, moment: str) -> None:
    def named() -> str:
        return max((f.name for f in paths.published.glob("generation-*.duckdb")), default="")

    if moment == "started":
        return
    before, newest = files.pointed_to(paths), named()
    if moment == "named":
        wait_for(paths, lambda: named() > newest)
        return
    wait_for(paths, lambda: files.pointed_to(paths) != before)
    if moment == "building":
        wait_for(paths, lambda: any(paths.published.glob("*.duckdb.tmp")))
    elif moment == "random":
        time.sleep(0.1)


@pytest.fixture(scope="module")
def three_generations(tmp_path_factory: pytest.TempPathFactory) -> Path:
    paths = Paths(tmp_path_factory.mktemp("tre"))
    create_warehouse(paths)
    with duckdb.connect(paths.warehouse) as con:
        for edition in (1, 2, 3):
            publish_edition(con, paths, edition)
    return paths.root


@pytest.fixture
def paths(three_generations: Path, tmp_path: Path) -> Paths:
    return Paths(Path(shutil.copytree(three_generations, tmp_path / "kommunen")))


def damage(file: Path, how: str) -> None:
    content = bytearray(file.read_bytes())
    if how == "truncated":
        del content[len(content) // 2 :]
    elif how == "one bit flipped":
        content[len(content) // 2] ^= 1
    file.unlink() if how == "deleted" else file.write_bytes(content)


@pytest.mark.parametrize("how", ["truncated", "deleted"])
def test_a_shortened_or_missing_file_sends_readers_to_the_previous_generation(
    paths: Paths, how: str
) -> None:
    damage(paths.published / files.name_of(3), how)
    assert edition_seen(paths) == 2
    damage(paths.published / files.name_of(2), how)
    assert edition_seen(paths) == 1
    damage(paths.published / files.name_of(1), how)
    assert current(paths) is None


def test_a_flipped_bit_is_found_when_the_hash_is_checked(paths: Paths) -> None:
    damage(paths.published / files.name_of(3), "one bit flipped")
    now = current(paths, verify=True)
    assert now is not None
    assert now.number == 2


def test_a_fallback_never_lands_on_another_damaged_file(paths: Paths) -> None:
    damage(paths.published / files.name_of(3), "deleted")
    damage(paths.published / files.name_of(2), "one bit flipped")
    assert edition_seen(paths) == 1


@pytest.mark.parametrize("content", ["", "{", "[]", '{"generation": 3}', '{"generation": "x"}'])
def test_a_damaged_pointer_sends_readers_to_the_newest_whole_generation(
    paths: Paths, content: str
) -> None:
    (paths.published / "current.json").write_text(content)
    assert edition_seen(paths) == 3


def test_a_rollback_to_a_damaged_file_is_refused_and_readers_stay(paths: Paths) -> None:
    damage(paths.published / files.name_of(1), "one bit flipped")
    with duckdb.connect(paths.warehouse) as con, pytest.raises(PublishError, match="skadet"):
        rollback(paths, con, 1)
    assert edition_seen(paths) == 3


def test_the_next_publication_repairs_what_was_damaged(paths: Paths) -> None:
    damage(paths.published / files.name_of(3), "one bit flipped")
    with duckdb.connect(paths.warehouse) as con:
        made = publish_edition(con, paths, 3)
    assert made.number == 4
    assert edition_seen(paths) == 3


def test_leftovers_of_a_killed_run_are_swept_and_never_listed(paths: Paths) -> None:
    for name in ("generation-000004.duckdb.tmp", "generation-000004.duckdb.tmp.wal"):
        (paths.published / name).write_bytes(b"half")
    (paths.published / "generation-000004.json").write_text("{}")
    assert [g.number for g in list_generations(paths)] == [1, 2, 3]
    with duckdb.connect(paths.warehouse) as con:
        publish_edition(con, paths, 4)
    assert sorted(f.name for f in paths.published.glob("*.tmp*")) == []
    assert edition_seen(paths) == 4


@pytest.mark.parametrize("room_bytes", [0, 4_096, 20_000])
def test_a_full_disk_gives_a_sentence_and_leaves_readers_where_they_were(
    paths: Paths, room_bytes: int
) -> None:
    with duckdb.connect(paths.warehouse) as con:
        prepare_edition(con, 4)
        _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (room_bytes, hard))
        try:
            with pytest.raises(PublishError, match="plass"):
                publish(con, paths, PRODUCTS, "run-4", "f4", NOW)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
        assert edition_seen(paths) == 3
        assert list(paths.published.glob("*.tmp*")) == []
        publish(con, paths, PRODUCTS, "run-4", "f4", NOW)
    assert edition_seen(paths) == 4


def test_a_reader_with_an_open_connection_finishes_on_what_it_opened(paths: Paths) -> None:
    now = current(paths)
    assert now is not None
    with duckdb.connect(files.file_of(paths, now), read_only=True) as reader:
        with duckdb.connect(paths.warehouse) as con:
            publish_edition(con, paths, 4)
        assert reader.sql("select max(edition) from mart_one").fetchall() == [(3,)]
    assert edition_seen(paths) == 4


if __name__ == "__main__":
    start_publishers(sys.argv[1])
