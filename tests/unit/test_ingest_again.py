"""Deliveries over time: again, corrected, configured anew, after a failure or a kill."""

import subprocess
import sys

import pytest

from pipelines.ingest.decisions import decide_delivery
from pipelines.ingest.inbox import present_sha256
from pipelines.ingest.landing import read_delivery, sweep
from pipelines.ingest.registers import codes_over_time
from pipelines.ingest.run import ingest_contract
from pipelines.settings import REPO_ROOT
from pipelines.warehouse.deliveries import list_rejected
from tests.ingest_fixture import CODES, JANUARY, SOURCES, UNITS, House, position, positions
from tests.ops_tables import list_deliveries


def test_taking_in_again_changes_nothing(house):
    house.take(JANUARY, positions(position("1")))
    before = list_deliveries(house.con)
    assert house.ingest() == []
    assert list_deliveries(house.con).equals(before)


def test_the_same_content_under_a_new_name_is_recorded_once_as_a_duplicate(house):
    content = positions(position("1"))
    first = house.take(JANUARY, content)
    again = house.take("kopi/stillinger_2012-01.csv", content)
    assert (again.status, again.duplicate_of) == ("duplicate", first.delivery_id)
    assert "allerede lest inn med leveranse D000003" in (again.reason_nb or "")
    assert (again.rows_in, again.rows_duplicate) == (1, 1)
    assert house.ingest() == []
    assert house.table("hr.positions").height == 1


def test_a_month_with_the_bytes_of_another_is_a_month_of_its_own(house):
    content = positions(position("1"))
    months = [f"2012-{month:02d}" for month in (1, 2, 3)]
    done = [house.take(f"stillinger_{month}.csv", content) for month in months]
    assert [(each.status, each.periods) for each in done] == [("loaded", m) for m in months]
    assert house.table("hr.positions")["period_ym"].sort().to_list() == months
    decide_delivery(house.con, house.paths, "withdraw", done[1].delivery_id, "Feil.", "kari")
    assert house.table("hr.positions")["period_ym"].sort().to_list() == ["2012-01", "2012-03"]
    assert house.ingest() == []


def test_a_register_that_is_as_it_once_was_is_the_newest_again(house):
    there, moved = CODES, CODES.replace("3120;E1", "3120;E2")
    for month, content in (("01", there), ("02", moved), ("03", there)):
        assert house.take(f"koder_2012-{month}.csv", content).status == "loaded"
    now = codes_over_time(house.con).filter(code="3120").sort("valid_from", "valid_to")
    assert now["unit_id"].unique().to_list() == ["E1"]


def test_a_file_refused_for_its_name_is_read_when_it_has_a_better_one(house):
    wrong = house.take("stillinger_jan.csv", positions(position("1")))
    assert (wrong.status, wrong.reason_code) == ("rejected", "period")
    (house.paths.inbox / "stillinger_jan.csv").rename(house.paths.inbox / JANUARY)
    assert [(r.file_name, r.status) for r in house.ingest()] == [(JANUARY, "loaded")]
    assert list_rejected(house.con, present_sha256(house.paths)) == []


def test_a_copy_of_a_refused_file_does_not_make_it_less_refused(house):
    content = positions(position("1")).replace("St.pros", "Pst")
    first = house.take(JANUARY, content)
    copy = house.take(f"kopi/{JANUARY}", content)
    assert copy.status == "duplicate"
    assert f"avvist før, med leveranse {first.delivery_id}" in (copy.reason_nb or "")
    refused = list_rejected(house.con, present_sha256(house.paths))
    assert [name for name, _ in refused] == [JANUARY]


def test_a_correction_replaces_its_period_and_the_old_rows_can_still_be_read(house):
    first = house.take(JANUARY, positions(position("1"), position("2")))
    other = house.take("stillinger_2012-02.csv", positions(position("1")))
    second = house.take("stillinger_2012-01_rettet.csv", positions(position("1", pct="50")))
    rows = house.table("hr.positions").select("delivery_id", "period_ym").sort("period_ym")
    assert rows.rows() == [(second.delivery_id, "2012-01"), (other.delivery_id, "2012-02")]
    status = dict(list_deliveries(house.con).select("delivery_id", "status").iter_rows())
    assert status[first.delivery_id] == "superseded"
    assert status[other.delivery_id] == "loaded"
    assert read_delivery(house.paths, first.delivery_id).height == 2
    assert house.ingest() == []


def test_a_correction_of_one_of_two_periods_leaves_the_first_delivery_loaded(house):
    house.change_feed("ledger", 0, max_quarantined_pct=5)
    header = "Ansvar;Konto;Periode;Regnskap\n"
    first = house.take("regnskap_1.csv", f"{header}3120;10100;201201;10,5\n3120;10100;201202;20\n")
    house.take("regnskap_2.csv", f"{header}3120;10100;201202;30\n3120;10100;201213;1\n")
    rows = house.table("ledger.entries").select("period_ym", "amount_nok").sort("period_ym")
    assert [(period, float(nok)) for period, nok in rows.rows()] == [
        ("2012-01", 10.5), ("2012-02", 30.0), ("2012-13", 1.0),
    ]  # fmt: skip
    status = dict(list_deliveries(house.con).select("delivery_id", "status").iter_rows())
    assert status[first.delivery_id] == "loaded"


def test_a_correction_nobody_can_read_leaves_what_was_loaded(house):
    house.take(JANUARY, positions(position("1")))
    broken = house.take("stillinger_2012-01_ny.csv", positions(position("1", pct="åtti")))
    assert broken.status == "rejected"
    assert house.table("hr.positions").height == 1


def test_rows_set_aside_for_an_unknown_unit_load_when_the_organisation_knows_it(house):
    done = house.take(JANUARY, positions(position("1"), position("2", unit="7777 Ny")))
    assert (done.rows_loaded, done.rows_quarantined) == (1, 1)
    house.drop(
        "koder_nye.csv", "System;Kode;Enhet;Fra;Til\ncost_centre;3120;E1;;\ncost_centre;7777;E3;;\n"
    )
    results = house.ingest()
    assert [(r.feed_id, r.status) for r in results] == [
        ("codes", "loaded"),
        ("positions", "loaded"),
    ]
    assert house.table("hr.positions")["unit_id"].sort().to_list() == ["E1", "E3"]
    assert house.ingest() == []


def test_a_clean_delivery_is_not_read_again_for_a_new_unit(house):
    house.take(JANUARY, positions(position("1")))
    house.drop("enheter_nye.csv", UNITS + "E9;Ny enhet;Omsorg;\n")
    assert [r.feed_id for r in house.ingest()] == ["units"]


def test_a_rejected_file_is_read_again_when_its_mapping_is_corrected(house):
    changed = positions(position("1")).replace("St.pros", "Pst")
    assert house.take(JANUARY, changed).reason_code == "missing_column"
    assert house.ingest() == []
    columns = {**SOURCES["hr"][0]["columns"], "position_pct": {"column": ["St.pros", "Pst"]}}
    house.change_feed("hr", 0, columns=columns)
    assert [(r.file_name, r.status) for r in house.ingest()] == [(JANUARY, "loaded")]


def test_an_old_file_read_again_never_replaces_a_later_correction(house):
    old = house.take(JANUARY, positions(position("1"), position("2", unit="7777 Ny")))
    new = house.take(
        "stillinger_2012-01_rettet.csv", positions(position("3"), position("2", unit="7777 Ny"))
    )
    columns = {**SOURCES["hr"][0]["columns"], "job_code": {"column": "Stilling"}}
    house.change_feed("hr", 0, columns=columns, ignore_columns=[])
    again = house.ingest()
    assert [r.file_name for r in again] == [new.file_name]
    house.drop("koder_nye.csv", "System;Kode;Enhet;Fra;Til\ncost_centre;3120;E1;;\n")
    house.ingest()
    rows = house.table("hr.positions")
    assert rows["job_code"].to_list() == ["7174"]
    assert old.delivery_id not in rows["delivery_id"].to_list()


def test_a_rejected_old_file_that_becomes_readable_does_not_replace_the_correction(house):
    assert (
        house.take(JANUARY, positions(position("1")).replace("St.pros", "Pst")).status == "rejected"
    )
    house.take("stillinger_2012-01_rettet.csv", positions(position("2"), position("3")))
    columns = {**SOURCES["hr"][0]["columns"], "position_pct": {"column": ["St.pros", "Pst"]}}
    house.change_feed("hr", 0, columns=columns)
    results = {r.file_name: r for r in house.ingest()}
    assert results[JANUARY].status == "superseded"
    assert read_delivery(house.paths, results[JANUARY].delivery_id).height == 1
    assert house.table("hr.positions").height == 2


def test_only_what_a_killed_run_named_as_its_own_is_swept(house):
    done = house.take(JANUARY, positions(position("1")))
    folder = house.paths.landing / "hr" / "positions" / "ym=2012-01"
    assert [file.name for file in folder.iterdir()] == [f"{done.delivery_id}.parquet"]
    for name in ("D000099.parquet", "D000098.parquet", "D000098.tmp"):
        (folder / name).write_bytes(b"x")
    (house.paths.landing / ".unfinished" / "D000098").touch()
    ingest_contract(house.context(), "hr")
    left = sorted(file.name for file in folder.iterdir())
    assert left == [f"{done.delivery_id}.parquet", "D000099.parquet"]
    assert sweep(house.paths, set()) == 0


def test_a_failure_while_loading_leaves_no_trace_in_the_warehouse(house, monkeypatch):
    def fail(*_args, **_kwargs):
        raise OSError("disken er full")

    house.drop(JANUARY, positions(position("1")))
    before = list_deliveries(house.con)
    with monkeypatch.context() as patch:
        patch.setattr("pipelines.ingest.delivery.record_delivery", fail)
        with pytest.raises(OSError, match="disken er full"):
            house.ingest()
    assert list_deliveries(house.con).equals(before)
    assert house.table("hr.positions").is_empty()
    assert [r.status for r in house.ingest()] == ["loaded"]


KILLED = """
import os, sys
from pathlib import Path
from tests.ingest_fixture import House
import pipelines.ingest.delivery as delivery
import pipelines.warehouse.replay as replay

house = House(Path(sys.argv[1]))
module = {"delivery": delivery, "replay": replay}[sys.argv[2]]
setattr(module, sys.argv[3], lambda *_, **__: os._exit(9))
house.ingest()
"""


@pytest.mark.parametrize(
    ("module", "step", "read_again"),
    [
        ("delivery", "record_delivery", ["loaded"]),  # landed, and nowhere else
        ("replay", "write", ["loaded"]),
        ("replay", "_insert", []),  # in the store, which commits it
        ("delivery", "refresh", []),
        ("delivery", "finish", []),  # in the warehouse too
    ],
)
def test_a_process_killed_while_loading_loses_nothing_and_leaves_nothing(
    house, module, step, read_again
):
    house.drop(JANUARY, positions(position("1")))
    house.con.close()
    root = house.folder.parent
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, str(root), module, step], cwd=REPO_ROOT, check=False
    )
    assert killed.returncode == 9
    again = House(root)
    assert [r.status for r in again.ingest()] == read_again
    assert again.ingest() == []
    assert again.table("hr.positions").height == 1
    ledger = list_deliveries(again.con)
    assert ledger["delivery_id"].to_list() == ["D000001", "D000002", "D000003"]
    assert ledger["status"].to_list() == ["loaded"] * 3
    left = [file.name for file in again.paths.landing.glob("hr/*/*/*")]
    assert left == ["D000003.parquet"]
    assert list((again.paths.landing / ".unfinished").iterdir()) == []
    again.con.close()
