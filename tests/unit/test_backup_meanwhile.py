"""A backup is whole also when somebody signs, reads, writes or fetches files while it is taken.

What happens meanwhile is made to happen before each file that is copied, so that nothing depends on
how fast the machine is.
"""

import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipelines.defs.context import read_context
from pipelines.desk import access_log
from pipelines.desk.access_log import FILE_NAME, HEAD_FILE, head
from pipelines.desk.log_breaks import accept_break, accepted_breaks
from pipelines.desk.log_chain import Mark, length_of
from pipelines.desk.logged import Reader, log_seen, log_signed
from pipelines.desk.private_files import closed_to_others
from pipelines.desk.signed import SignedReport, as_signed, check_signed
from pipelines.errors import DamagedError
from pipelines.settings import Paths, Settings
from pipelines.upkeep import backup as backup_module
from pipelines.upkeep.backup import Made, make_backup
from pipelines.upkeep.drill import drill, left_by_drills
from pipelines.upkeep.manifest import FILE, write_manifest
from pipelines.upkeep.to_keep import kept_files
from tests.unit.cli_home import linked_home

READER = Reader("kari", "revisor")
EDITION = Path("generation-1.duckdb")


@pytest.fixture
def paths(nhs_home: Path, tmp_path: Path) -> Paths:
    return linked_home(nhs_home, tmp_path / "home")


@dataclass(frozen=True)
class Section:
    text: str


def sign(paths: Paths, n: int) -> None:
    content = as_signed(SignedReport("generation-1.duckdb", "a" * 64, "", [Section(f"{n}")]))
    log_signed(paths.state, READER, EDITION, "quality", "", f"Lest {n}.", content)


def taken(paths: Paths, target: Path) -> Made:
    ctx = read_context(Settings(municipality="nhs_england", home=paths.root.parent))
    with closed_to_others():
        return make_backup(ctx, target, with_inbox=True, wait_s=0, keep=None)


def before_each_copy(patch: pytest.MonkeyPatch, happens: Callable[[Path, int], None]) -> list[Path]:
    """Let something happen before each file that is copied; returns the files, as they come."""
    copy, seen = backup_module.copy_of, list[Path]()

    def copied(place: str, source: Path, target: Path) -> object:
        happens(source, len(seen))
        seen.append(source)
        return copy(place, source, target)

    patch.setattr(backup_module, "copy_of", copied)
    return seen


def drilled(paths: Paths, made: Made, tmp_path: Path) -> None:
    settings = Settings(municipality="nhs_england", home=paths.root.parent)
    with closed_to_others(), drill(settings, made.folder, None, tmp_path / "ovelse") as (done, _):
        signed = check_signed(done.root / "state")
        assert signed.faults == ()
        assert signed.n_kept > 0


def test_what_is_signed_meanwhile_is_in_it_with_its_content(
    paths: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = before_each_copy(monkeypatch, lambda _, n: sign(paths, n))
    made = taken(paths, tmp_path / "kopier")
    state = made.folder / "data" / "state"
    assert len(seen) == len(made.manifest.files)
    assert length_of((state / HEAD_FILE).read_text()) <= length_of(head(state))
    assert made.manifest.log_head == head(state)
    assert length_of(made.manifest.log_head) < length_of(head(paths.state))
    drilled(paths, made, tmp_path)


def test_the_log_comes_after_all_that_notes_its_head(
    paths: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost = Mark(f"9999:{'0' * 64}", "en utgave")

    def accept(_: Path, n: int) -> None:
        accept_break(paths.state, [lost, Mark(f"{10_000 + n}:{'0' * 64}", "x")], READER, "Avtalt.")

    before_each_copy(monkeypatch, accept)
    made = taken(paths, tmp_path / "kopier")
    accepted = accepted_breaks(made.folder / "data" / "state")
    assert lost.head in accepted.heads
    assert accepted.entry is not None


def test_what_is_gone_before_it_is_copied_was_never_to_be_kept(
    paths: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrived = paths.inbox / "hentet_av_noen.csv"
    arrived.write_text("x\n")
    half = paths.state / f"{HEAD_FILE}.halvferdig.tmp"
    half.write_text("")
    before_each_copy(monkeypatch, lambda *_: arrived.unlink(missing_ok=True))
    made = taken(paths, tmp_path / "kopier")
    assert f"data/inbox/{arrived.name}" not in made.manifest.files
    assert not [name for name in made.manifest.files if name.endswith(".tmp")]
    assert any(name.startswith("data/inbox/") for name in made.manifest.files)


def test_what_may_never_go_is_missed(
    paths: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = sorted(paths.landing.rglob("*.parquet"))[-1]
    before_each_copy(monkeypatch, lambda *_: rows.unlink(missing_ok=True))
    with pytest.raises(FileNotFoundError):
        taken(paths, tmp_path / "kopier")


def test_a_folder_that_cannot_be_read_is_no_empty_folder(
    paths: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(_: object) -> object:
        raise PermissionError(13, "Permission denied", str(paths.landing))

    monkeypatch.setattr("os.scandir", refused)
    with pytest.raises(PermissionError):
        list(kept_files(read_context(
            Settings(municipality="nhs_england", home=paths.root.parent)
        ), with_inbox=True))  # fmt: skip
    assert not (tmp_path / "kopier").exists()


def test_a_file_somebody_delivers_is_copied_as_it_is_whatever_it_is_called(
    paths: Paths, tmp_path: Path
) -> None:
    (paths.inbox / "levert.sqlite").write_bytes(b"ingen database")
    made = taken(paths, tmp_path / "kopier")
    copy = made.folder / "data" / "inbox" / "levert.sqlite"
    assert copy.read_bytes() == b"ingen database"


def test_a_database_is_known_by_what_it_holds_and_its_copy_is_one_file(
    paths: Paths, tmp_path: Path
) -> None:
    file = paths.state / "fra en senere versjon.db"
    with closing(sqlite3.connect(file)) as con:
        con.execute("pragma journal_mode = wal")
        con.execute("create table noted (n integer)")
        con.execute("insert into noted values (7)")
        con.commit()
        made = taken(paths, tmp_path / "kopier")
    assert not [name for name in made.manifest.files if name.endswith(("-wal", "-shm"))]
    copy = made.folder / "data" / "state" / file.name
    with closing(sqlite3.connect(f"file:{copy}?mode=ro&immutable=1", uri=True)) as con:
        assert con.execute("select n from noted").fetchall() == [(7,)]
        assert con.execute("pragma journal_mode").fetchall() == [("delete",)]


def test_a_log_cut_after_its_head_was_told_is_found_by_the_drill(
    paths: Paths, tmp_path: Path
) -> None:
    sign(paths, 0)
    made = taken(paths, tmp_path / "kopier")
    number = length_of(made.manifest.log_head) + 5
    told = vars(made.manifest) | {"log_head": f"{number}:{'0' * 64}"}
    write_manifest(made.folder, type(made.manifest)(**told))
    with pytest.raises(DamagedError):
        drilled(paths, made, tmp_path)


def test_signed_content_that_is_gone_is_found_by_the_drill(paths: Paths, tmp_path: Path) -> None:
    sign(paths, 0)
    made = taken(paths, tmp_path / "kopier")
    (name,) = [n for n in made.manifest.files if n.startswith("data/state/signed/")]
    del made.manifest.files[name]
    (made.folder / name).unlink()
    (made.folder / FILE).unlink()
    write_manifest(made.folder, made.manifest)
    with pytest.raises(DamagedError, match="attesterer"):
        drilled(paths, made, tmp_path)


def test_backups_taken_while_many_write_are_all_whole(paths: Paths, tmp_path: Path) -> None:
    done = threading.Event()

    def work(who: int) -> None:
        n = 0
        while not done.is_set():
            sign(paths, 1000 * who + n)
            log_seen(paths.state, READER, EDITION, "oversikt")
            n += 1

    writing = [threading.Thread(target=work, args=(who,)) for who in range(3)]
    for each in writing:
        each.start()
    try:
        copies = [taken(paths, tmp_path / f"kopier {n}") for n in range(4)]
    finally:
        done.set()
        for each in writing:
            each.join()
    for made in copies:
        state = made.folder / "data" / "state"
        assert access_log.verify(state, made.manifest.log_head).broken_at is None
        assert check_signed(state).faults == ()
        assert (state / FILE_NAME).is_file()


def test_a_drill_that_goes_on_is_not_one_that_was_killed(paths: Paths, tmp_path: Path) -> None:
    sign(paths, 0)
    made = taken(paths, tmp_path / "kopier")
    settings = Settings(municipality="nhs_england", home=paths.root.parent)
    place = tmp_path / "ovelse"
    with closed_to_others(), drill(settings, made.folder, None, place):
        assert left_by_drills(place) == []
        (killed := place / ".drill-drept").mkdir()
        assert left_by_drills(place) == [killed]
    assert left_by_drills(place) == [killed]
