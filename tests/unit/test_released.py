"""Letting something count in spite of a doubt: by a named person, with a reason, until a day."""

from datetime import UTC, date, datetime, timedelta

import duckdb
import pytest

from pipelines.desk import accounts
from pipelines.errors import PukkError
from pipelines.ingest import lapses, set_checks
from pipelines.ingest.catch_up import catch_up
from pipelines.ingest.decisions import decide_delivery
from pipelines.ingest.set_checks import Hold
from pipelines.publishing.released import released_now
from pipelines.quality.gates import run_gate
from pipelines.quality.releases import release_check, revoke_check
from pipelines.settings import Paths
from pipelines.warehouse.connection import open_warehouse
from pipelines.warehouse.deliveries import list_held, reason_code_of
from pipelines.warehouse.records import decisions_fingerprint
from pipelines.warehouse.releases import Release, checked_expiry
from tests.ingest_fixture import CONTRACTS, JANUARY, position, positions
from tests.ops_tables import list_deliveries
from tests.unit.quality_town import CONTRACTS as TOWN
from tests.unit.quality_town import by_rule, deliver, fill, open_town

TODAY = date(2026, 11, 30)
LAST = date(2026, 12, 31)
AFTER = date(2027, 1, 1)
CORRECTED = "stillinger_2012-01_rettet.csv"
REJECTED = "ops.deliveries.no_rejected_in_inbox"
NOTHING = {"rows_in": 0, "rows_loaded": 0, "rows_quarantined": 0, "rows_duplicate": 0}


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    for room in ("ingest.decisions", "quality.releases", "warehouse.releases"):
        monkeypatch.setattr(f"pipelines.{room}.today_in_norway", lambda: TODAY)


@pytest.fixture
def held(house, monkeypatch):
    """A correction of a single row is held, beside a whole file that counts."""

    def judge(delivered):
        if delivered.feed.id == "positions" and delivered.split.valid.height == 1:
            return (Hold("one_row", "Filen har 1 rad.", "Be om hele filen."),)
        return ()

    monkeypatch.setattr(set_checks, "_JUDGES", (judge,))
    house.take(JANUARY, positions(position("1"), position("2")))
    return house.take(CORRECTED, positions(position("1"))).delivery_id


def accept(house, delivery_id, by="kari", **more):
    return decide_delivery(house.con, house.paths, "accept", delivery_id, "Sett på.", by, **more)


def statuses(house):
    return dict(list_deliveries(house.con).select("delivery_id", "status").iter_rows())


def persons(house):
    return house.table("hr.positions").group_by("period_ym").len().rows()


def released(house):
    return [(each.kind, each.by, each.reason, each.expires_on) for each in released_now(house.con)]


def test_a_delivery_counts_until_its_last_day_and_is_held_again_after_it(house, held):
    accept(house, held, expires_on=LAST)
    assert persons(house) == [("2012-01", 1)]
    assert released(house) == [("delivery", "kari", "Sett på.", LAST)]
    before = decisions_fingerprint(house.paths, LAST)
    assert lapses.hold_expired(house.con, house.paths, LAST) == ()
    (told,) = lapses.hold_expired(house.con, house.paths, AFTER)
    assert told == f"{held} er holdt tilbake igjen: fristen 31.12.2026 er ute."
    assert statuses(house)[held] == "held"
    assert persons(house) == [("2012-01", 2)]
    assert [row[0] for row in list_held(house.con)] == [held]
    assert released(house) == []
    # the file lies in the inbox still: the same doubt holds it, and no night repeats the lapse
    house.ingest()
    assert lapses.hold_expired(house.con, house.paths, AFTER) == ()
    assert statuses(house)[held] == "held"
    assert decisions_fingerprint(house.paths, LAST) != before


def test_a_last_day_is_over_for_every_reading_of_the_content(house, held, monkeypatch):
    def judge(delivered):
        if delivered.feed.id == "positions" and delivered.split.valid.height == 1:
            return (Hold("one_row", "Filen har 1 rad.", "Be."), Hold("odd", "Rar.", "Be."))
        return ()

    accept(house, held, expires_on=LAST)
    monkeypatch.setattr(set_checks, "_JUDGES", (judge,))
    monkeypatch.setattr("pipelines.ingest.known._READER_VERSION", 3)
    house.ingest()  # read anew: only the other doubt is new
    ((again, _, _),) = list_held(house.con)
    accept(house, again)
    assert {each[3] for each in released(house)} == {LAST}
    (told,) = lapses.hold_expired(house.con, house.paths, AFTER)
    assert told.startswith(f"{held} er holdt tilbake igjen")
    assert {statuses(house)[each] for each in (held, again)} == {"held"}
    assert persons(house) == [("2012-01", 2)]
    assert lapses.hold_expired(house.con, house.paths, AFTER) == ()
    house.ingest()
    ((newest, _, _),) = list_held(house.con)
    assert "odd" not in (reason_code_of(house.con, newest) or "").split(",")


def test_a_day_that_has_passed_is_work_to_do(house, held):
    accept(house, held, expires_on=LAST)
    fingerprint = decisions_fingerprint(house.paths, TODAY)
    assert decisions_fingerprint(house.paths, LAST) == fingerprint
    assert decisions_fingerprint(house.paths, AFTER) != fingerprint


def test_what_lapsed_is_the_same_in_a_warehouse_built_of_the_journal(house, held, tmp_path):
    accept(house, held, expires_on=LAST)
    lapses.hold_expired(house.con, house.paths, AFTER)
    accept(house, held, "ola", expires_on=AFTER)
    kept = statuses(house), persons(house), released(house)
    with open_warehouse(tmp_path / "ny.duckdb", CONTRACTS) as con:
        catch_up(con, house.paths)
        rows = con.execute("select delivery_id, status from ops.deliveries").fetchall()
        n = con.execute("select period_ym, count(*) from hr.positions group by all").fetchall()
        again = [(e.kind, e.by, e.reason, e.expires_on) for e in released_now(con)]
    assert (dict(rows), n, again) == kept


def test_four_eyes_are_two_persons(house, held):
    first = accept(house, held, expires_on=AFTER, four_eyes=True)
    assert (first.status, first.is_proposed) == ("held", True)
    assert released(house) == []
    with pytest.raises(PukkError, match="kari har allerede bedt om det"):
        accept(house, held, four_eyes=True)
    done = accept(house, held, "ola", expires_on=LAST, four_eyes=True)
    assert (done.status, done.is_proposed) == ("loaded", False)
    # the second's words, the earlier last day, and both names
    assert released(house) == [("delivery", "kari, ola", "Sett på.", LAST)]


def test_what_was_asked_for_and_withdrawn_needs_two_anew(house, held):
    accept(house, held, four_eyes=True)
    decide_delivery(house.con, house.paths, "withdraw", held, "Feil.", "kari", four_eyes=True)
    assert accept(house, held, "ola", four_eyes=True).is_proposed
    assert statuses(house)[held] == "withdrawn"
    assert accept(house, held, "kari", four_eyes=True).status == "loaded"


def test_a_withdrawn_delivery_has_no_last_day(house, held):
    decide_delivery(house.con, house.paths, "withdraw", held, "Feil.", "kari")
    with pytest.raises(PukkError, match="Frist gjelder bare"):
        accept(house, held, expires_on=LAST)


@pytest.mark.parametrize("text", ["2026-11-29", "2027-12-31", "snart", "31.02.2027", "1.1"])
def test_a_last_day_is_a_day_within_a_year(text):
    with pytest.raises(PukkError, match=f"«{text}» er ingen dag"):
        checked_expiry(text, TODAY)


def test_a_last_day_is_read_as_people_write_it():
    assert checked_expiry(" 31.12.2026", TODAY) == checked_expiry("2026-12-31", TODAY) == LAST
    assert checked_expiry("2026-11-30", TODAY) == TODAY
    assert checked_expiry(None, TODAY) is None


@pytest.fixture
def con():
    with open_town() as con:
        fill(con)
        deliver(con, 1, status="rejected", reason_nb="Kolonnen mangler.", periods="", **NOTHING)
        yield con


@pytest.fixture
def paths(tmp_path):
    return Paths(tmp_path / "k").create()


def gate(con: duckdb.DuckDBPyConnection, run: str, day: date, *present: str):
    at = datetime.combine(day, datetime.min.time(), tzinfo=UTC) + timedelta(
        hours=12, minutes=int(run)
    )
    return run_gate(con, "inbound", TOWN, run, at, frozenset(present))


def release(con, paths, by="kari", until=LAST, name=REJECTED, **more):
    return release_check(con, paths, name, Release(by, "Avtalt med lønn.", until), **more)


def test_a_released_check_stops_nothing_until_its_last_day_is_over(con, paths):
    assert not gate(con, "1", TODAY, "sha1").success
    assert release(con, paths)
    found = gate(con, "2", TODAY, "sha1")
    assert found.success
    told = by_rule(found)["no_rejected_in_inbox"]
    assert (told.success, told.severity, told.released_by) == (False, "error", "kari")
    assert (told.release_reason, told.release_expires_on) == ("Avtalt med lønn.", LAST)
    assert [(e.kind, e.name, e.by) for e in released_now(con)] == [("check", REJECTED, "kari")]
    assert gate(con, "3", LAST, "sha1").success
    assert not gate(con, "4", AFTER, "sha1").success


def test_a_release_is_of_what_was_found_and_no_more(con, paths):
    gate(con, "1", TODAY, "sha1")
    release(con, paths)
    deliver(con, 2, status="rejected", reason_nb="Arket mangler.", periods="", **NOTHING)
    assert not gate(con, "2", TODAY, "sha1", "sha2").success
    # as many as then, but another file
    assert not gate(con, "3", TODAY, "sha2").success
    assert gate(con, "4", TODAY, "sha1").success


def test_a_rule_whose_rows_are_only_counted_is_released_for_as_many(con, paths):
    bad = "insert into hr.positions (position_id, kind, pct, start_date) values (?, 'permanent',"
    con.execute(f"{bad} 50, date '2020-01-01')", ["Q1"])
    assert not gate(con, "1", TODAY).success
    assert release(con, paths, name="hr.positions.not_null_unit_id")
    assert gate(con, "2", TODAY).success
    con.execute(f"{bad} 50, date '2020-01-01')", ["Q2"])
    assert not gate(con, "3", TODAY).success


def test_a_release_is_taken_back(con, paths):
    gate(con, "1", TODAY, "sha1")
    release(con, paths)
    revoke_check(con, paths, REJECTED, Release("ola", "Ble for lenge."))
    assert not gate(con, "2", TODAY, "sha1").success
    with pytest.raises(PukkError, match="ikke frigitt"):
        revoke_check(con, paths, REJECTED, Release("ola", "Igjen."))


def test_two_must_have_seen_the_same(con, paths):
    gate(con, "1", TODAY, "sha1")
    assert not release(con, paths, four_eyes=True)
    assert not gate(con, "2", TODAY, "sha1").success
    with pytest.raises(PukkError, match="kari har allerede"):
        release(con, paths, four_eyes=True)
    deliver(con, 2, status="rejected", reason_nb="Arket mangler.", periods="", **NOTHING)
    gate(con, "3", TODAY, "sha1", "sha2")
    # more is found than the first person saw: the second is the first for it
    assert not release(con, paths, "ola", four_eyes=True)
    assert release(con, paths, "kari", four_eyes=True)
    (told,) = [r for r in gate(con, "4", TODAY, "sha1", "sha2").results if r.released_by]
    assert told.released_by == "ola, kari"


@pytest.mark.parametrize(
    ("name", "until", "says"),
    [
        ("ops.deliveries.counts_reconcile", LAST, "kan ikke frigis"),
        ("hr.positions.order_start_date_end_date", LAST, "stopper ikke noe"),
        ("hr.positions.finnes_ikke", LAST, "ingen slik kontroll"),
        (REJECTED, None, "bare til en dag"),
    ],
)
def test_what_may_not_be_released_is_refused(con, paths, name, until, says):
    gate(con, "1", TODAY, "sha1")
    with pytest.raises(PukkError, match=says):
        release(con, paths, name=name, until=until)
    assert con.execute("select count(*) from ops.check_releases").fetchall() == [(0,)]


def test_nobody_releases_what_guards_people_or_the_calculation(con, paths):
    con.execute("create table marts.fct_metric_months as select 'm' as metric_id, 'u' as group_id,"
                " date '2020-01-01' as month, 'unit' as level, 1.0 as value, 1.0 as numerator,"
                " 1.0 as denominator, 'few_persons' as suppression_reason")  # fmt: skip
    found = run_gate(con, "outbound", {}, "1", datetime(2026, 11, 30, 12, tzinfo=UTC))
    assert by_rule(found)["hidden_is_empty"].n_failed == 1
    with pytest.raises(PukkError, match="vokter personvernet"):
        release(con, paths, name="ops.fct_metric_months.hidden_is_empty")


def test_the_one_who_decides_is_the_one_who_logged_in(tmp_path, monkeypatch):
    login = tmp_path / "loginuid"
    monkeypatch.setattr(accounts, "_LOGIN", login)
    assert accounts.person() == accounts.account()
    login.write_text("4294967295")
    assert accounts.person() == accounts.account()
    login.write_text("4242")
    assert accounts.person() == "uid 4242"
