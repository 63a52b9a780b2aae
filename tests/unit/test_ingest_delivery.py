"""Deliveries over time: again, corrected, changed configuration, half copied, several feeds."""

import subprocess
import sys

import polars as pl
import pytest

from pipelines.errors import ConfigError
from pipelines.ingest.landing import read_delivery, sweep
from pipelines.ingest.run import ingest_contract, is_temporary
from pipelines.settings import REPO_ROOT
from pipelines.warehouse.deliveries import list_deliveries
from tests.ingest_fixture import POSITIONS_HEADER, SOURCES, UNITS, House, position

JANUARY = "stillinger_2012-01.csv"


@pytest.fixture
def house(tmp_path):
    made = House.build(tmp_path)
    yield made
    made.con.close()


def positions(*lines):
    return POSITIONS_HEADER + "".join(lines)


def test_a_delivery_is_loaded_with_its_technical_columns_and_recorded(house):
    done = house.take(JANUARY, positions(position("1"), position("2", unit="3130 X")))
    rows = house.table("hr.positions").sort("source_row")
    assert rows.select("unit_id", "delivery_id", "feed_id", "source_row", "period_ym").rows() == [
        ("E1", "D000003", "positions", 2, "2012-01"),
        ("E2", "D000003", "positions", 3, "2012-01"),
    ]
    assert (done.status, done.periods, done.encoding) == ("loaded", "2012-01", "utf-8")
    assert (done.lines_total, done.layout_rows, done.rows_in, done.rows_loaded) == (3, 1, 2, 2)
    recorded = list_deliveries(house.con).row(-1, named=True)
    assert recorded["file_sha256"] == done.file_sha256
    assert recorded["contract_version"] == "1.0.0"


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
    assert again.rows_in == 0
    assert house.ingest() == []
    assert house.table("hr.positions").height == 1


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


def test_unfinished_copies_are_left_alone(house):
    for name in (
        "~$stillinger_2012-01.xlsx",
        "stillinger_2012-01.csv.part",
        ".stillinger_2012-01.csv",
    ):
        house.drop(name, "halv")
    assert house.ingest() == []
    assert is_temporary("mappe/.skjult/a.csv")
    assert is_temporary("a.CRDOWNLOAD")
    assert not is_temporary("a.tmp.csv")


def test_a_file_no_feed_knows_is_told_once_with_the_patterns(house):
    told = house.take("budsjett.csv", "a;b\n1;2\n")
    assert (told.status, told.reason_code, told.contract_id) == ("rejected", "no_feed", None)
    assert told.reason_nb == (
        "budsjett.csv: Ingen leveranse passer med filnavnet. Mønstrene er: enheter*.csv, "
        "koder*.csv, regnskap*, stillinger*. Gi filen et navn som passer, eller legg til et "
        "mønster under files i sources/."
    )
    assert house.ingest() == []


def test_files_in_folders_and_with_capitals_are_found(house):
    done = house.take(
        "2012/Januar/STILLINGER_2012-01.csv".replace("STILLINGER", "Stillinger"),
        positions(position("1")),
    )
    assert done.reason_code == "period"
    done = house.take("2012/stillinger_2012-01.CSV", positions(position("2")))
    assert done.status == "loaded"


def test_one_file_can_feed_two_tables(house):
    sources = {**SOURCES, "organisation": [*SOURCES["organisation"]]}
    extra = {
        "id": "names",
        "table": "unit_codes",
        "files": ["enheter*.csv"],
        "period": {"source": "all"},
        "columns": {
            "code_system": {"constant": "name"},
            "code": {"column": "Enhetsnavn"},
            "unit_id": {"column": "Enhetsnr"},
        },
        "ignore_columns": ["Område", "Type"],
    }
    sources["organisation"].append(extra)
    house.configure(sources)
    results = house.ingest()
    assert [(r.feed_id, r.file_name, r.rows_loaded) for r in results] == [
        ("names", "enheter.csv", 3)
    ]
    assert house.table("organisation.unit_codes").height == 8


def test_left_over_landing_files_of_a_killed_run_are_swept(house):
    done = house.take(JANUARY, positions(position("1")))
    folder = house.paths.landing / "hr" / "positions" / "ym=2012-01"
    assert [file.name for file in folder.iterdir()] == [f"{done.delivery_id}.parquet"]
    (folder / "D000099.parquet").write_bytes(b"x")
    (folder / "D000098.tmp").write_bytes(b"x")
    ingest_contract(house.context(), "hr")
    assert [file.name for file in folder.iterdir()] == [f"{done.delivery_id}.parquet"]
    assert sweep(house.paths, {done.delivery_id}) > 0  # the organisation's own, now unknown


def test_landing_is_sorted_by_unit_then_date(house):
    done = house.take(
        JANUARY,
        positions(
            position("1", unit="0450", start="01.01.2012"),
            position("2", start="01.01.2012"),
            position("3", start="01.01.2011"),
        ),
    )
    rows = read_delivery(house.paths, done.delivery_id)
    assert rows["source_row"].to_list() == [4, 3, 2]
    assert rows.schema["position_pct"] == pl.Decimal(5, 2)


def test_rows_of_a_delivery_that_never_was_is_a_clear_error(house):
    with pytest.raises(ConfigError, match="D999999: Leveransen har ingen lagrede rader"):
        read_delivery(house.paths, "D999999")


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

house = House(Path(sys.argv[1]))
delivery.mark_superseded = lambda *_: os._exit(9)  # after the rows, before the record
house.ingest()
"""


def test_a_process_killed_while_loading_loses_nothing_and_leaves_nothing(house):
    house.drop(JANUARY, positions(position("1")))
    house.con.close()
    root = house.folder.parent
    killed = subprocess.run([sys.executable, "-c", KILLED, str(root)], cwd=REPO_ROOT, check=False)
    assert killed.returncode == 9
    again = House(root)
    assert again.table("hr.positions").is_empty()
    assert list_deliveries(again.con).height == 2
    left = list(again.paths.landing.glob("hr/*/*/*.parquet"))
    assert len(left) == 1
    assert [r.status for r in again.ingest()] == ["loaded"]
    assert again.table("hr.positions").height == 1
    again.con.close()


def test_totals_that_differ_from_the_rows_are_a_warning(house):
    house.change_feed("ledger", 0, reconcile=[{"column": "Regnskap", "tolerance": 0.5}])
    header = "Ansvar;Konto;Periode;Regnskap\n"
    line = "3120;10100;201201;1 000,00\n"
    house.take("regnskap_1.csv", f"{header}{line}Sum;;;1 000,40\n")
    assert house.warnings() == {}
    house.take("regnskap_2.csv", f"{header}{line}Sum;;;1 100,00\n")
    told = "Sumraden sier 1 100 i kolonnen «Regnskap», men radene summerer til 1 000."
    assert house.warnings() == {"reconciliation": told}


def test_equal_lines_are_real_in_a_ledger_and_duplicates_elsewhere(house):
    header = "Ansvar;Konto;Periode;Regnskap\n"
    lines = "3120;10100;201201;5\n3120;10100;201201;5\n3120;10100;201201;6\n"
    done = house.take("regnskap.csv", header + lines)
    assert (done.rows_loaded, done.rows_duplicate) == (3, 0)
    done = house.take(JANUARY, positions(position("1"), position("1")))
    assert (done.rows_loaded, done.rows_duplicate) == (1, 1)


def test_extra_columns_are_accepted_and_named(house):
    text = (
        positions(position("1")).replace("Til\n", "Til;Merknad;\n").replace("9999\n", "9999;x;\n")
    )
    assert house.take(JANUARY, text).status == "loaded"
    assert house.warnings() == {"extra_columns": "Kolonner i filen som ikke brukes: «Merknad»."}


def test_columns_in_another_order_give_the_same_rows(house):
    house.take(JANUARY, positions(position("1")))
    before = house.table("hr.positions").drop("delivery_id")
    turned = "\n".join(
        ";".join(reversed(line.split(";"))) for line in positions(position("1")).split("\n")
    )
    assert house.take("stillinger_2012-01_b.csv", turned).status == "loaded"
    assert house.table("hr.positions").drop("delivery_id").equals(before)
