"""The access log: append-only, chained, safe with many writers; it shows where it was touched."""

import hashlib
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from pipelines.desk.access_log import FILE_NAME, Entry, append, entries, verify
from pipelines.desk.logged import Reader, take
from tests.conftest import REPO

ENTRY = Entry("kari@kommune.no", "analytiker", "download", "piloter", unit="u0312", n_rows=7)


def fill(state: Path, n: int = 5) -> None:
    for _ in range(n):
        append(state, ENTRY)


def tamper(state: Path, *statements: str) -> None:
    with sqlite3.connect(state / FILE_NAME) as con:
        con.execute("drop trigger entries_are_never_changed")
        con.execute("drop trigger entries_are_never_deleted")
        for statement in statements:
            con.execute(statement)
    con.close()


def test_entries_are_numbered_and_the_untouched_chain_holds(tmp_path: Path) -> None:
    fill(tmp_path)
    found = verify(tmp_path)
    assert (found.n_entries, found.broken_at) == (5, None)
    assert [row["seq"] for row in entries(tmp_path)] == [5, 4, 3, 2, 1]
    assert entries(tmp_path, limit=1)[0]["actor"] == "kari@kommune.no"
    assert found.head.startswith("5:")


def test_an_empty_log_is_whole(tmp_path: Path) -> None:
    assert verify(tmp_path).n_entries == 0
    assert entries(tmp_path) == []


@pytest.mark.parametrize("statement", ["update entries set actor = 'x'", "delete from entries"])
def test_the_database_itself_refuses_to_change_or_delete(tmp_path: Path, statement: str) -> None:
    fill(tmp_path)
    with (
        sqlite3.connect(tmp_path / FILE_NAME) as con,
        pytest.raises(sqlite3.IntegrityError, match="append-only"),
    ):
        con.execute(statement)
    con.close()


@pytest.mark.parametrize(
    ("statement", "broken_at", "reason"),
    [
        ("update entries set actor = 'ola' where seq = 3", 3, "changed"),
        ("update entries set n_rows = null where seq = 1", 1, "changed"),
        ("delete from entries where seq = 2", 2, "missing"),
        ("update entries set previous_hash = 'x' where seq = 4", 4, "missing"),
    ],
)
def test_the_chain_shows_from_where_it_was_touched(
    tmp_path: Path, statement: str, broken_at: int, reason: str
) -> None:
    fill(tmp_path)
    tamper(tmp_path, statement)
    found = verify(tmp_path)
    assert (found.broken_at, found.reason) == (broken_at, reason)


def test_a_cut_tail_shows_against_a_head_that_was_noted(tmp_path: Path) -> None:
    fill(tmp_path)
    noted = verify(tmp_path).head
    tamper(tmp_path, "delete from entries where seq > 3")
    assert verify(tmp_path).broken_at is None
    found = verify(tmp_path, noted)
    assert (found.broken_at, found.reason) == (4, "cut")
    assert verify(tmp_path, "2:" + "0" * 64).reason == "changed"


def test_a_noted_head_still_holds_after_more_entries(tmp_path: Path) -> None:
    fill(tmp_path)
    noted = verify(tmp_path).head
    fill(tmp_path, 2)
    assert verify(tmp_path, noted).broken_at is None


def test_entries_from_before_files_had_a_fingerprint_still_hold_with_new_ones_after(
    tmp_path: Path,
) -> None:
    # written by the edition before: the kind of file alone, and its chain as it was then
    old = {
        "seq": 1, "at": "2026-01-02T03:04:05.678+00:00", "actor": "kari@kommune.no",
        "role": "analytiker", "action": "download", "subject": "piloter", "unit": "", "period": "",
        "generation": "generation-000001.duckdb", "n_rows": 41, "is_export": 1, "outcome": "ok",
        "detail": "csv", "previous_hash": "0" * 64,
        "entry_hash": "3373dae71129a49deacfbf0e17f064fba8956c211c0b218ed2d5d39c9991b1a9",
    }  # fmt: skip
    append(tmp_path, ENTRY)
    tamper(tmp_path, "delete from entries")
    with sqlite3.connect(tmp_path / FILE_NAME) as con:
        con.execute(
            f"insert into entries ({', '.join(old)}) values ({', '.join('?' * len(old))})",
            list(old.values()),
        )
    con.close()
    content = take(
        tmp_path, Reader("kari", "analytiker"), Path("g.duckdb"), "enhet", lambda: b"x", kind="pdf"
    )
    found = verify(tmp_path, f"1:{old['entry_hash']}")
    assert (found.n_entries, found.broken_at) == (2, None)
    assert entries(tmp_path)[0]["detail"].endswith(hashlib.sha256(content).hexdigest())


def test_identity_numbers_and_pseudonyms_in_a_question_are_not_kept(tmp_path: Path) -> None:
    sql = "select 1 where a = '01017012345' or b = '010170 12345' or c = 'p_0123456789abcdef'"
    append(tmp_path, Entry("kari", "analytiker", "sql", "sql", detail=sql))
    kept = entries(tmp_path)[0]["detail"]
    assert kept == "select 1 where a = '[skjult]' or b = '[skjult]' or c = '[skjult]'"


def test_many_processes_write_at_once_and_every_entry_is_in_the_chain(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path\n"
        "from pipelines.desk.access_log import Entry, append\n"
        "for i in range(20): append(Path(sys.argv[1]), Entry(sys.argv[2], 'r', 'view', str(i)))"
    )
    writers = [
        subprocess.Popen([sys.executable, "-c", code, str(tmp_path), f"w{n}"], cwd=REPO)
        for n in range(4)
    ]
    assert [writer.wait(timeout=60) for writer in writers] == [0] * 4
    found = verify(tmp_path)
    assert (found.n_entries, found.broken_at) == (80, None)


def test_a_writer_killed_at_any_moment_leaves_every_acknowledged_entry(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path\n"
        "from pipelines.desk.access_log import Entry, append\n"
        "while True: print(append(Path(sys.argv[1]), Entry('w', 'r', 'view', 'x')), flush=True)"
    )
    for _ in range(3):
        writer = subprocess.Popen(
            [sys.executable, "-c", code, str(tmp_path)], cwd=REPO, stdout=subprocess.PIPE, text=True
        )
        assert writer.stdout
        acknowledged = [int(writer.stdout.readline()) for _ in range(15)][-1]
        writer.kill()
        writer.wait()
        writer.stdout.close()
        found = verify(tmp_path)
        assert found.broken_at is None
        assert found.n_entries >= acknowledged


def test_the_log_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    fill(tmp_path, 1)
    assert (tmp_path / FILE_NAME).stat().st_mode & 0o077 == 0
