"""A delivery a person must look at: read and landed, not counted, released by a decision."""

import pytest

from pipelines.errors import PukkError
from pipelines.ingest import set_checks
from pipelines.ingest.decisions import decide_delivery
from pipelines.ingest.landing import read_delivery
from pipelines.ingest.set_checks import Hold
from pipelines.warehouse.deliveries import list_held
from tests.ingest_fixture import JANUARY, SOURCES, position, positions
from tests.ops_tables import list_deliveries

FEBRUARY = "stillinger_2012-02.csv"
CORRECTED = "stillinger_2012-01_rettet.csv"


@pytest.fixture
def doubted(monkeypatch):
    """Hold every positions file of a single row."""

    def judge(delivered):
        if delivered.feed.id == "positions" and delivered.split.valid.height == 1:
            return (Hold("one_row", "Filen har 1 rad.", "Be om hele filen."),)
        return ()

    monkeypatch.setattr(set_checks, "_JUDGES", (judge,))


def accept(house, delivery_id, reason="Sett på."):
    return decide_delivery(house.con, house.paths, "accept", delivery_id, reason, "kari")


def statuses(house):
    return dict(list_deliveries(house.con).select("delivery_id", "status").iter_rows())


def persons_of(house):
    return house.table("hr.positions").group_by("period_ym").len().sort("period_ym").rows()


@pytest.mark.usefixtures("doubted")
def test_a_held_delivery_is_landed_and_not_counted(house):
    first = house.take(JANUARY, positions(position("1"), position("2")))
    held = house.take(CORRECTED, positions(position("1")))
    assert (held.status, held.rows_in, held.rows_loaded) == ("held", 1, 1)
    assert held.reason_code == "one_row"
    for words in ("Filen har 1 rad. Be om hele filen.", f"pukk deliveries show {held.delivery_id}",
                  f"pukk deliveries accept {held.delivery_id} --reason"):  # fmt: skip
        assert words in (held.reason_nb or "")
    assert read_delivery(house.paths, held.delivery_id).height == 1
    assert persons_of(house) == [("2012-01", 2)]
    assert statuses(house)[first.delivery_id] == "loaded"
    assert [row[0] for row in list_held(house.con)] == [held.delivery_id]
    assert house.ingest() == []


@pytest.mark.usefixtures("doubted")
def test_an_accepted_delivery_counts_and_is_not_doubted_for_the_same_again(house):
    first = house.take(JANUARY, positions(position("1"), position("2")))
    held = house.take(CORRECTED, positions(position("1")))
    done = accept(house, held.delivery_id)
    assert (done.status, done.changed_periods) == ("loaded", ["2012-01"])
    assert persons_of(house) == [("2012-01", 1)]
    assert statuses(house)[first.delivery_id] == "superseded"
    columns = {**SOURCES["hr"][0]["columns"], "job_code": {"column": "Stilling"}}
    house.change_feed("hr", 0, columns=columns, ignore_columns=[])
    assert [result.status for result in house.ingest()] == ["loaded"]
    assert list_held(house.con) == []


@pytest.mark.usefixtures("doubted")
def test_accepting_late_does_not_undo_what_came_later(house):
    held = house.take(JANUARY, positions(position("1")))
    later = house.take(CORRECTED, positions(position("1"), position("2")))
    done = accept(house, held.delivery_id)
    assert (done.status, done.changed_periods) == ("superseded", [])
    assert statuses(house)[later.delivery_id] == "loaded"


def test_a_held_file_read_without_doubt_later_is_loaded(house, monkeypatch):
    doubt = Hold("never", "Tvil.", "Se.")
    with monkeypatch.context() as patch:
        patch.setattr(set_checks, "_JUDGES", (lambda _: (doubt,),))
        held = house.take(JANUARY, positions(position("1")))
    columns = {**SOURCES["hr"][0]["columns"], "job_code": {"column": "Stilling"}}
    house.change_feed("hr", 0, columns=columns, ignore_columns=[])
    again = house.ingest()
    assert [result.status for result in again] == ["loaded"]
    assert statuses(house)[held.delivery_id] == "superseded"
    assert list_held(house.con) == []


def test_what_is_held_is_judged_again_when_what_it_was_judged_by_has_come(house, monkeypatch):
    def judge(delivered):
        n_lines = delivered.con.execute("select count(*) from ledger.entries").fetchall()[0][0]
        is_judged = delivered.feed.id == "positions" and not n_lines
        return (Hold("alone", "Regnskapet mangler.", "Lever det."),) if is_judged else ()

    monkeypatch.setattr(set_checks, "_JUDGES", (judge,))
    held = house.take(JANUARY, positions(position("1")))
    assert held.status == "held"
    assert house.ingest() == []
    house.drop("regnskap.csv", "Ansvar;Konto;Periode;Regnskap\n3120;10100;201201;10\n")
    assert [r.feed_id for r in house.ingest()] == ["accounts"]
    assert [(r.feed_id, r.status) for r in house.ingest()] == [("positions", "loaded")]
    assert persons_of(house) == [("2012-01", 1)]
    assert list_held(house.con) == []
    assert house.ingest() == []


@pytest.mark.usefixtures("doubted")
@pytest.mark.parametrize(
    ("reason", "says"),
    [
        ("  ", "Begrunnelsen er tom"),
        ("gjelder 010190 12345", "fødselsnummer"),
        ("f. 410190–12345", "fødselsnummer"),
        ("01 01 90 - 123 45", "fødselsnummer"),
        ("gjelder ０１０１９０12345", "fødselsnummer"),
        ("utbetalt til konto NO93 8601 1117 947", "bankkontonummer"),
        ("gjelder p_0123456789abcdef", "pseudonym"),
        ("avtalt med kari.nordmann@kommune.no", "e-postadressen"),
        ("avtalt med knordmann@kommune.no", "e-postadressen"),
    ],
)
def test_a_decision_needs_a_reason_without_personal_data(house, reason, says):
    held = house.take(JANUARY, positions(position("1")))
    with pytest.raises(PukkError, match=says):
        accept(house, held.delivery_id, reason)
    assert statuses(house)[held.delivery_id] == "held"


@pytest.mark.usefixtures("doubted")
def test_numbers_that_are_nobodys_may_stand_in_a_reason(house):
    held = house.take(JANUARY, positions(position("1")))
    numbers = "Konto 1234.56.78901, 1 234 567,50 kr, bilag 20240131-12345, avtalt 31.01.2024."
    reason = f"Spurt post@kommune.no. {numbers}"
    assert accept(house, held.delivery_id, reason).status == "loaded"


def test_only_what_is_held_can_be_accepted(house):
    done = house.take(FEBRUARY, positions(position("1")))
    with pytest.raises(PukkError, match=r"er lastet\. Bare en leveranse som er holdt tilbake"):
        accept(house, done.delivery_id)
    with pytest.raises(PukkError, match=r"D999999: Det finnes ingen slik leveranse"):
        accept(house, "D999999")
