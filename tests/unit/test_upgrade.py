"""A home from before its tables were numbered is brought up, and one from later is left alone.

``tests/upgrade/version_0`` is such a home, written by the program as it was then: two deliveries,
what was frozen, locked, drawn and published, the access log and the leader group's list.
"""

import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.desk.access_log import verify
from pipelines.desk.follow_up import topics
from pipelines.errors import DamagedError, NewerStoreError
from pipelines.ingest.rebuild import make_sound, rebuild
from pipelines.settings import Paths
from pipelines.warehouse import migrations
from pipelines.warehouse.connection import open_warehouse
from pipelines.warehouse.migrations import FILE, Migration, noted_version, version_of
from tests.ingest_fixture import CONTRACTS

BEFORE = Path(__file__).resolve().parents[1] / "upgrade" / "version_0"
KEPT = ("frozen_baselines", "frozen_months", "accepted_rebases", "target_locks", "drawn_starts",
        "deliveries", "landing_files", "publications", "records")  # fmt: skip
SECOND = Migration(
    2,
    "A column has another name.",
    (
        "alter table ops.drawn_starts rename column wave_no to wave_number",
        "update ops.drawn_starts set wave_number = wave_number * 10",
    ),
)


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    made = Paths(tmp_path / "hjem").create()
    for folder in ("landing", "records", "state"):
        shutil.copytree(BEFORE / folder, made.root / folder, dirs_exist_ok=True)
    for dump in made.state.glob("*.sql.txt"):
        with closing(sqlite3.connect(made.state / f"{dump.name.partition('.')[0]}.sqlite")) as con:
            con.executescript(dump.read_text(encoding="utf-8"))
        dump.unlink()
    here = str(BEFORE / "warehouse")
    with duckdb.connect(str(made.warehouse)) as con:
        con.execute((BEFORE / "warehouse" / "schema.sql.txt").read_text(encoding="utf-8"))
        load = (BEFORE / "warehouse" / "load.sql.txt").read_text(encoding="utf-8")
        con.execute(load.replace("{here}", here))
    return made


def kept(paths: Paths) -> dict[str, list[Any]]:
    """Return what is kept for good, table by table."""
    with duckdb.connect(str(paths.warehouse), read_only=True) as con:
        found = {}
        for name in KEPT:
            # what it had: a column that has come since is empty in these rows
            rows = (BEFORE / "warehouse" / f"ops_{name}.csv").read_text(encoding="utf-8")
            columns = rows.partition("\n")[0]
            found[name] = con.execute(f"select {columns} from ops.{name} order by all").fetchall()
            assert found[name], name
        return found


def version(paths: Paths) -> int:
    with duckdb.connect(str(paths.warehouse), read_only=True) as con:
        return version_of(con)


@pytest.fixture
def second(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The program as it may be one change later."""
    with monkeypatch.context() as later:
        later.setattr(migrations, "MIGRATIONS", (*migrations.MIGRATIONS, SECOND))
        yield


def test_the_changes_are_numbered_without_a_gap() -> None:
    numbers = [each.number for each in migrations.MIGRATIONS]
    assert numbers == list(range(1, len(numbers) + 1))


def test_a_home_from_before_keeps_all_it_had(paths: Paths) -> None:
    before = kept(paths)
    assert version(paths) == noted_version(paths) == 0
    assert make_sound(paths, CONTRACTS, thorough=True) == ()
    assert kept(paths) == before
    assert version(paths) == noted_version(paths) == migrations.newest()
    assert verify(paths.state).broken_at is None
    assert verify(paths.state).n_entries == 3
    assert [topic.title for topic in topics(paths.state, ["E1"])] == ["Se på overtiden"]
    # once more changes nothing
    assert make_sound(paths, CONTRACTS, thorough=True) == ()
    assert kept(paths) == before


def test_a_home_from_before_whose_warehouse_is_lost_keeps_it_too(paths: Paths) -> None:
    before = kept(paths)
    paths.warehouse.unlink()
    make_sound(paths, CONTRACTS, thorough=True)
    assert kept(paths) == before
    assert version(paths) == migrations.newest()


@pytest.mark.usefixtures("second")
def test_a_change_is_made_once(paths: Paths) -> None:
    with duckdb.connect(str(paths.warehouse), read_only=True) as con:
        ((before,),) = con.execute("select wave_no from ops.drawn_starts").fetchall()
    for _ in range(2):
        with open_warehouse(paths.warehouse, CONTRACTS) as con:
            ((now,),) = con.execute("select wave_number from ops.drawn_starts").fetchall()
            assert now == before * 10
            done = con.execute("select number from ops.store_versions order by 1").fetchall()
            assert done == [(1,), (2,)]


def test_a_new_warehouse_is_made_as_the_newest_has_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = Migration(2, "Would fail if it were run.", ("select * from nowhere",))
    monkeypatch.setattr(migrations, "MIGRATIONS", (*migrations.MIGRATIONS, broken))
    with open_warehouse(tmp_path / "w.duckdb", CONTRACTS) as con:
        assert version_of(con) == 2


def test_a_change_that_fails_half_way_changes_nothing(
    paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = kept(paths)
    half = Migration(2, "Fails.", (SECOND.statements[0], "select * from nowhere"))
    monkeypatch.setattr(migrations, "MIGRATIONS", (*migrations.MIGRATIONS, half))
    with pytest.raises(duckdb.Error):
        open_warehouse(paths.warehouse, CONTRACTS)
    assert version(paths) == 0
    assert kept(paths) == before


def test_an_older_program_leaves_a_newer_home_as_it_is(
    paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as later:
        later.setattr(migrations, "MIGRATIONS", (*migrations.MIGRATIONS, SECOND))
        make_sound(paths, CONTRACTS, thorough=True)
    assert noted_version(paths) == 2
    files = {f: f.read_bytes() for f in paths.root.rglob("*") if f.is_file()}
    for refused in (
        lambda: make_sound(paths, CONTRACTS, thorough=True),
        lambda: rebuild(paths, CONTRACTS),
        lambda: open_warehouse(paths.warehouse, CONTRACTS),
    ):
        with pytest.raises(NewerStoreError) as error:
            refused()
        assert not isinstance(error.value, DamagedError)
        assert "lager 2; denne versjonen kan 1" in error.value.text
        assert "pukk restore" in error.value.text
    # the warehouse alone is newer: the journal's note was lost
    (paths.records / FILE).unlink()
    del files[paths.records / FILE]
    with pytest.raises(NewerStoreError):
        make_sound(paths, CONTRACTS, thorough=True)
    assert {f: f.read_bytes() for f in paths.root.rglob("*") if f.is_file()} == files


def test_a_note_that_cannot_be_read_is_written_anew(paths: Paths) -> None:
    (paths.records / FILE).write_text("{")
    make_sound(paths, CONTRACTS, thorough=True)
    assert json.loads((paths.records / FILE).read_text())["version"] == migrations.newest()
