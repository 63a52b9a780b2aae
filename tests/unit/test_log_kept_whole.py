"""What the log's head, noted in other files, shows that the chain alone does not."""

import json
import re
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipelines.desk.access_log import FILE_NAME, HEAD_FILE, Entry, append, entries, head, verify
from pipelines.desk.events import acting_as, log_configuration, log_event, log_run
from pipelines.desk.log_chain import NO_HEAD, Mark, entry_hash, length_of
from pipelines.desk.log_shortening import shorten
from pipelines.desk.logged import Reader
from pipelines.publishing.log_marks import log_marks
from pipelines.settings import Paths
from pipelines.warehouse import records
from tests.unit.cli_home import Home
from tests.unit.test_desk_access_log import ENTRY, fill, tamper

WHO = Reader("drift", "terminal")
LONG_AGO = datetime.now(UTC) - timedelta(days=800)


def recompute(state: Path, change: str) -> None:
    """Change the log as somebody would who knows how the chain is made."""
    with sqlite3.connect(state / FILE_NAME) as con:
        con.row_factory = sqlite3.Row
        con.execute("drop trigger if exists entries_are_never_changed")
        con.execute("drop trigger if exists entries_are_never_deleted")
        con.execute(change)
        previous = "0" * 64
        for number, row in enumerate(con.execute("select * from entries order by seq").fetchall()):
            kept = dict(row) | {"seq": number + 1, "previous_hash": previous}
            previous = entry_hash(kept)
            con.execute(
                "update entries set seq = ?, previous_hash = ?, entry_hash = ? where seq = ?",
                [number + 1, kept["previous_hash"], previous, row["seq"]],
            )
    con.close()


def dated(state: Path, *days: int) -> None:
    """Write entries as they would have been written so many days ago."""
    fill(state, len(days))
    with sqlite3.connect(state / FILE_NAME) as con:
        con.execute("drop trigger if exists entries_are_never_changed")
        for seq, ago in enumerate(days, 1):
            at = (datetime.now(UTC) - timedelta(days=ago)).isoformat(timespec="milliseconds")
            con.execute("update entries set at = ? where seq = ?", [at, seq])
    con.close()
    recompute(state, "update entries set actor = actor where 1 = 0")


@pytest.fixture
def house(tmp_path: Path) -> Paths:
    """Folders in which an edition, a report and the store noted the log at entries 3, 5 and 6."""
    paths = Paths(tmp_path / "hus").create()
    fill(paths.state, 3)
    told = {
        "generation": 1,
        "published_at": datetime.now(UTC).isoformat(),
        "log_head": head(paths.state),
    }
    (paths.published / "generation-000001.json").write_text(json.dumps(told))
    fill(paths.state, 2)
    html = f'<p><code class="hash small" id="log-head">{head(paths.state)}</code></p>'
    (paths.reports / "quality-1.html").write_text(html)
    fill(paths.state, 1)
    entry = records.make(1, "decision", records.NOTHING, {}, head(paths.state))
    records.write(paths, entry)
    fill(paths.state, 2)
    return paths


def found_in(paths: Paths, *, with_own_head: bool = True):
    if not with_own_head:
        (paths.state / HEAD_FILE).unlink(missing_ok=True)
    return verify(paths.state, marks=log_marks(paths).found)


def test_a_log_nobody_touched_holds_against_every_head_that_was_noted(house: Paths) -> None:
    marks = log_marks(house)
    assert sorted(length_of(mark.head) for mark in marks.found) == [3, 5, 6, 8]
    assert marks.unreadable == ()
    assert found_in(house).broken_at is None
    assert found_in(house).n_entries == 8


@pytest.mark.parametrize(
    ("change", "broken_at", "where"),
    [
        ("update entries set actor = 'ola' where seq = 2", 1, "generation-000001.json"),
        ("delete from entries where seq = 2", 1, "generation-000001.json"),
        ("update entries set outcome = 'refused' where seq = 4", 4, "quality-1.html"),
        ("update entries set subject = 'annet' where seq = 6", 6, "00000001-decision.json"),
    ],
)
def test_a_chain_that_was_computed_anew_is_found_by_the_first_head_it_does_not_meet(
    house: Paths, change: str, broken_at: int, where: str
) -> None:
    recompute(house.state, change)
    assert verify(house.state).broken_at is None  # the chain alone says nothing
    found = found_in(house, with_own_head=False)
    assert (found.broken_at, found.reason) == (broken_at, "recomputed")
    assert where in found.where


def test_what_came_after_the_last_edition_is_held_against_the_head_beside_the_log(
    house: Paths,
) -> None:
    recompute(house.state, "update entries set actor = 'ola' where seq = 8")
    assert found_in(house).reason == "recomputed"


@pytest.mark.parametrize(("kept", "broken_at"), [(7, 8), (4, 5), (0, 1)])
def test_a_cut_tail_is_found(house: Paths, kept: int, broken_at: int) -> None:
    tamper(house.state, f"delete from entries where seq > {kept}")
    found = found_in(house)
    assert found.broken_at == broken_at
    assert found.reason == ("cut" if kept else "gone")


def test_a_deleted_log_is_found_also_when_a_new_one_has_begun(house: Paths) -> None:
    for file in house.state.glob(f"{FILE_NAME}*"):
        file.unlink()
    assert (found_in(house, with_own_head=False).reason, found_in(house).broken_at) == ("gone", 1)
    fill(house.state, 2)
    assert found_in(house).reason == "cut"
    fill(house.state, 10)
    assert found_in(house).reason == "recomputed"


def test_a_head_that_was_changed_to_fit_no_longer_fits_the_log(house: Paths) -> None:
    for text in ("3:" + "0" * 64, "tull", "999999:" + "0" * 64):
        assert verify(house.state, marks=[Mark(text, "utgaven")]).broken_at is not None


@pytest.mark.parametrize("kept", [0, 1, 2, 3])
def test_a_process_killed_before_the_head_was_noted_raises_no_alarm(
    house: Paths, kept: int
) -> None:
    # the log is ahead of every note, and of its own head; never the other way round
    old = (house.state / HEAD_FILE).read_text()
    fill(house.state, kept)
    (house.state / HEAD_FILE).write_text(old)
    assert found_in(house).broken_at is None


def test_the_command_says_what_was_done_and_what_shows_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    home = Home(tmp_path, monkeypatch)
    fill(home.paths.create().state, 4)
    assert home.pukk("log", "verify") == 0
    assert "Loggen er hel: 4 innføringer, holdt mot 1 hoder" in capsys.readouterr().out
    recompute(home.paths.state, "update entries set actor = 'ola' where seq = 4")
    assert home.pukk("log", "verify") == 1
    said = " ".join(capsys.readouterr().err.split())
    assert "endret og kjeden regnet ut på nytt" in said
    assert "hodet i state" in said
    (home.paths.state / FILE_NAME).write_bytes(b"ikke en logg " * 100)
    assert home.pukk("log", "verify") == 1
    assert "filen er skadet" in " ".join(capsys.readouterr().err.split())
    (home.paths.state / FILE_NAME).unlink()
    assert home.pukk("log", "verify") == 1
    assert "loggen er slettet" in " ".join(capsys.readouterr().err.split())


def test_a_loss_that_is_explained_is_told_of_and_hides_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    home = Home(tmp_path, monkeypatch)
    state = home.paths.create().state
    fill(state, 6)
    noted = f'<p id="log-head">{head(state)}</p>'
    (home.paths.reports / "quality-1.html").write_text(noted)
    assert home.pukk("log", "accept-loss", "--reason", "Ny disk.") == 0
    assert "Ingenting er tapt" in capsys.readouterr().out
    # the copy that was brought back is from before the report
    tamper(state, "delete from entries where seq > 4")
    assert home.pukk("log", "verify") == 1
    assert "pukk log accept-loss" in " ".join(capsys.readouterr().err.split())
    assert home.pukk("log", "accept-loss", "--reason", "Disken røk, kopi fra søndag.") == 0
    assert home.pukk("log", "verify") == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "hoder passer ikke. Tapet ble godtatt" in said
    assert "kopi fra søndag." in said
    fill(state, 3)
    (home.paths.reports / "quality-2.html").write_text(f'<p id="log-head">{head(state)}</p>')
    assert home.pukk("log", "verify") == 0
    for change in ("actor = 'ola' where seq = 6", "actor = 'ola' where action = 'break'"):
        recompute(state, f"update entries set {change}")
        assert home.pukk("log", "verify") == 1
    # a list of heads that no entry vouches for excuses nothing
    with (state / "access_log.breaks").open("a") as file:
        file.write(
            re.search(r"log-head\">(.*)<", (home.paths.reports / "quality-2.html").read_text())[1]
        )
    assert home.pukk("log", "verify") == 1


def test_a_file_that_should_have_told_and_cannot_be_read_is_no_whole_check(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    home = Home(tmp_path, monkeypatch)
    fill(home.paths.create().state, 1)
    (home.paths.published / "generation-000001.json").write_text("{")
    assert home.pukk("log", "verify") == 1
    assert "kan ikke leses" in " ".join(capsys.readouterr().err.split())


def test_what_is_too_old_is_deleted_and_the_rest_still_proves_itself(tmp_path: Path) -> None:
    dated(tmp_path, 900, 850, 100, 3)
    old = Mark(verify(tmp_path).head, "utgaven", at=datetime.now(UTC))
    first = Mark("1:" + "a" * 64, "en gammel utgave", at=datetime.now(UTC) - timedelta(days=899))
    assert shorten(tmp_path, LONG_AGO, WHO) == 2
    assert [row["seq"] for row in entries(tmp_path)] == [5, 4, 3]
    assert entries(tmp_path)[0]["action"] == "shorten"
    found = verify(tmp_path, marks=[old, first])
    assert (found.broken_at, found.n_entries) == (None, 3)
    assert found.shortened is not None
    assert (found.shortened["n_rows"], found.shortened["actor"]) == (2, "drift")
    fill(tmp_path, 1)
    assert verify(tmp_path).broken_at is None
    assert shorten(tmp_path, LONG_AGO, WHO) == 0
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        sqlite3.connect(tmp_path / FILE_NAME).execute("delete from entries")


def test_a_front_cut_without_saying_so_or_too_early_is_found(tmp_path: Path) -> None:
    dated(tmp_path, 900, 850, 100, 3)
    with pytest.raises(ValueError, match="365"):
        shorten(tmp_path, datetime.now(UTC) - timedelta(days=10), WHO)
    shorten(tmp_path, LONG_AGO, WHO)
    # an edition from fifty days ago knew an entry that was then said to be two years old
    young = Mark("1:" + "a" * 64, "utgaven", at=datetime.now(UTC) - timedelta(days=50))
    assert verify(tmp_path, marks=[young]).reason == "shortened_early"
    tamper(tmp_path, "delete from entries where seq = 3")
    assert (verify(tmp_path).broken_at, verify(tmp_path).reason) == (1, "missing")


def test_an_event_is_somebodys_doing_and_names_nobody_else(tmp_path: Path) -> None:
    with acting_as(WHO):
        log_run(tmp_path, "forced")
        log_event(tmp_path, "withdraw", "D000012", detail="gjelder 01017012345")
    newest, run = entries(tmp_path)
    assert (run["actor"], run["role"], run["action"]) == ("drift", "terminal", "run")
    assert "uid=" in run["detail"]
    assert (newest["subject"], newest["detail"]) == ("D000012", "gjelder [skjult]")


@pytest.mark.parametrize("field", ["actor", "subject", "unit", "period", "detail"])
def test_no_field_keeps_an_identity_number(tmp_path: Path, field: str) -> None:
    kept = {"actor": "kari", "role": "r", "action": "view", "subject": "enhet"}
    append(tmp_path, Entry(**(kept | {field: "01017012345"})))  # type: ignore[arg-type] # one of the texts
    assert "01017012345" not in json.dumps(entries(tmp_path))


def test_the_set_up_is_logged_when_it_is_another(tmp_path: Path) -> None:
    told = [log_configuration(tmp_path, "municipality", text) for text in ("a", "a", "b", "b", "a")]
    assert told == [True, False, True, False, True]
    details = [row["detail"] for row in reversed(entries(tmp_path))]
    assert details == ["sha256:a first", "sha256:b before sha256:a", "sha256:a before sha256:b"]


def test_an_empty_log_has_a_head_too(tmp_path: Path) -> None:
    assert head(tmp_path) == NO_HEAD
    assert verify(tmp_path, marks=[Mark(NO_HEAD, "utgaven")]).broken_at is None
    append(tmp_path, ENTRY)
    assert verify(tmp_path, marks=[Mark(NO_HEAD, "utgaven")]).broken_at is None
