"""A home is broken in every way one can think of, and looked over: each is told, with what to do.

The home is the built one, its files linked and its state copied; what a test breaks is a file of
its own.
"""

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from pipelines.defs.context import RunContext, read_context
from pipelines.desk.logged import Reader, log_signed
from pipelines.desk.nights import note_night
from pipelines.desk.private_files import closed_to_others
from pipelines.settings import Paths, Settings
from pipelines.upkeep import machine_looked_at
from pipelines.upkeep.doctor import looked_over
from pipelines.upkeep.listening import Listener
from pipelines.upkeep.locked import Pin, other_versions, pins_of
from tests.unit.cli_home import command, linked_home


@pytest.fixture
def paths(nhs_home: Path, tmp_path: Path) -> Paths:
    return linked_home(nhs_home, tmp_path / "home")


def context(paths: Paths) -> RunContext:
    return read_context(Settings(municipality="nhs_england", home=paths.root.parent))


def faults(paths: Paths) -> dict[str, str]:
    """Return the points at which something is wrong, and all that is said there."""
    with closed_to_others():
        points = looked_over(context(paths))
    return {
        point.check: " ".join(f"{each.said} {each.way_out}" for each in point.findings)
        for point in points
        if point.level == "fault"
    }


def write_anew(file: Path, content: bytes) -> None:
    file.unlink(missing_ok=True)
    file.write_bytes(content)


def cut(file: Path) -> None:
    write_anew(file, file.read_bytes()[:-7])


def first(folder: Path, pattern: str) -> Path:
    return sorted(folder.glob(pattern))[0]


def damaged_edition(paths: Paths) -> None:
    cut(first(paths.published, "generation-*.duckdb"))


def no_pointer(paths: Paths) -> None:
    (paths.published / "current.json").unlink()


def damaged_entry(paths: Paths) -> None:
    cut(first(paths.records, "00000002-*"))


def entry_gone(paths: Paths) -> None:
    first(paths.records, "00000002-*").unlink()


def journal_gone(paths: Paths) -> None:
    shutil.rmtree(paths.records)


def warehouse_gone(paths: Paths) -> None:
    paths.warehouse.unlink()


def warehouse_damaged(paths: Paths) -> None:
    write_anew(paths.warehouse, b"x" * 50_000)


def warehouse_behind(paths: Paths) -> None:
    content = paths.warehouse.read_bytes()
    write_anew(paths.warehouse, content)
    with duckdb.connect(str(paths.warehouse)) as con:
        con.execute("delete from ops.records where number = (select max(number) from ops.records)")


def rows_damaged(paths: Paths) -> None:
    cut(first(paths.landing, "*/*/ym=*/*.parquet"))


def rows_gone(paths: Paths) -> None:
    first(paths.landing, "*/*/ym=*/*.parquet").unlink()


def open_to_others(paths: Paths) -> None:
    file = paths.reports / "apen.html"
    file.write_text("x")
    file.chmod(0o644)


def log_edited(paths: Paths) -> None:
    with closing(sqlite3.connect(paths.state / "access_log.sqlite")) as con:
        con.execute("drop trigger entries_are_never_changed")
        con.execute("update entries set subject = 'noe annet' where seq = 1")
        con.commit()


def log_deleted(paths: Paths) -> None:
    for file in paths.state.glob("access_log*"):
        file.unlink()


def log_garbage(paths: Paths) -> None:
    for file in paths.state.glob("access_log.sqlite-*"):
        file.unlink()
    (paths.state / "access_log.sqlite").write_bytes(b"dette er ingen database" * 1000)


def night_failed(paths: Paths) -> None:
    note_night(paths.state, "failed", said="Kilden lønn mangler. Lever den.")


def no_night_for_days(paths: Paths) -> None:
    long_ago = (datetime.now(UTC) - timedelta(days=3)).isoformat()
    with closing(sqlite3.connect(paths.state / "nights.sqlite")) as con:
        con.execute("update nights set ended_at = ?", [long_ago])
        con.commit()


def clock_behind(paths: Paths) -> None:
    ahead = (datetime.now(UTC) + timedelta(days=2)).isoformat()
    with closing(sqlite3.connect(paths.state / "nights.sqlite")) as con:
        con.execute("update nights set ended_at = ?", [ahead])
        con.commit()


def inbox_gone(paths: Paths) -> None:
    shutil.rmtree(paths.inbox)


def state_is_a_file(paths: Paths) -> None:
    shutil.rmtree(paths.state)
    paths.state.write_text("")


def drill_killed(paths: Paths) -> None:
    (paths.root.parent / ".drill-x y" / paths.root.name).mkdir(parents=True)


def restore_killed(paths: Paths) -> None:
    (paths.root.parent / f".restoring-{paths.root.name}").mkdir()


def signed_gone(paths: Paths) -> None:
    reader = Reader("kari", "revisor")
    log_signed(paths.state, reader, Path("generation-1.duckdb"), "quality", "", "Lest.", b"{}")
    first(paths.state / "signed", "*.json").unlink()


def test_a_sound_home_has_nothing_wrong(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    assert faults(paths) == {}
    points = {point.check: point for point in looked_over(context(paths))}
    assert len(points) == 14
    assert all(f.way_out for point in points.values() for f in point.findings if f.level != "ok")
    monkeypatch.setenv("PUKK_MUNICIPALITY", "nhs_england")
    assert command(monkeypatch, paths.root.parent, "doctor", "--quiet") == 0


@pytest.mark.parametrize(
    ("broken", "check", "words"),
    [
        (damaged_edition, "edition", "hent|tilbake|--force"),
        (no_pointer, "edition", "pukk run --force"),
        (damaged_entry, "journal", "00000002"),
        (entry_gone, "journal", "00000002"),
        (journal_gone, "journal", "records"),
        (warehouse_gone, "warehouse", "bygges på nytt"),
        (warehouse_damaged, "warehouse", "skadet"),
        (warehouse_behind, "warehouse", "journalen ved"),
        (rows_damaged, "warehouse", "ikke slik de ble skrevet"),
        (rows_gone, "warehouse", "Filen er borte"),
        (open_to_others, "rights", "chmod -R go-rwx"),
        (log_edited, "log", "innføring 1"),
        (log_deleted, "log", "loggen er slettet"),
        (log_garbage, "log", "kan ikke leses"),
        (signed_gone, "log", "er borte"),
        (drill_killed, "leftovers", "rm -rf '"),
        (restore_killed, "leftovers", "pukk restore"),
        (night_failed, "night", "Kilden lønn mangler"),
        (no_night_for_days, "night", "på 30 timer"),
        (clock_behind, "clock", "timedatectl"),
        (inbox_gone, "queue", "PUKK_INBOX"),
        (state_is_a_file, "log", "loggen er slettet"),
    ],
)
def test_what_is_broken_is_told_where_it_is(
    paths: Paths, broken: Callable[[Paths], None], check: str, words: str
) -> None:
    broken(paths)
    found = faults(paths)
    assert check in found, found
    assert any(word in found[check] for word in words.split("|")), found[check]


def test_a_script_gets_every_point_and_the_exit_code(
    paths: Paths, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    rows_gone(paths)
    monkeypatch.setenv("PUKK_MUNICIPALITY", "nhs_england")
    assert command(monkeypatch, paths.root.parent, "doctor", "--json") == 1
    said = json.loads(capsys.readouterr().out)
    assert said["is_well"] is False
    levels = {point["check"]: point["level"] for point in said["points"]}
    assert levels["warehouse"] == "fault"
    assert levels["edition"] == "ok"


def test_looking_changes_nothing(paths: Paths) -> None:
    def files() -> dict[Path, int]:
        # SQLite makes files of its own to read; the contracts as read are kept for the next command
        found = (f for f in paths.root.rglob("*") if f.is_file())
        own = ("sqlite", "contracts-")
        return {f: f.stat().st_mtime_ns for f in found if not any(name in f.name for name in own)}

    before = files()
    assert faults(paths) == {}
    assert len(before) > 50
    assert files() == before


def test_a_home_with_nothing_yet_is_no_fault(tmp_path: Path) -> None:
    paths = Paths(tmp_path / "home" / "nhs_england")
    assert faults(paths) == {}
    assert not paths.root.parent.exists()
    paths.create()
    assert faults(paths) == {}


def test_too_little_room_is_told(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(paths.root)
    monkeypatch.setattr(
        machine_looked_at.shutil, "disk_usage", lambda _: usage._replace(free=50_000_000)
    )
    assert "Bare 50 MB ledig" in faults(paths)["disk"]


def test_dagster_open_to_others_is_a_fault(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    def as_told(_root: Path) -> list[Listener]:
        return [Listener(7, "10.0.0.4", 3000, False, True)]

    monkeypatch.setattr(machine_looked_at, "listeners", as_told)
    assert "10.0.0.4, port 3000" in faults(paths)["exposure"]


def test_another_version_than_the_locked_is_found() -> None:
    locked = {pin.name: pin for pin in pins_of()}
    assert other_versions(list(locked.values()) + pins_of()) == []
    duck = locked["duckdb"]
    assert other_versions([Pin("duckdb", "0.1", duck.sha256s)])[0].startswith("duckdb ")
    assert other_versions([Pin("finnes-ikke", "1.0", ("a",))]) == ["finnes-ikke – (1.0)"]
    assert other_versions([Pin("finnes-ikke", "1.0", ("a",), "sys_platform == 'win32'")]) == []
