"""One delivery: which files are taken in, by which feed, and what is loaded, landed and told."""

import polars as pl
import pytest

from pipelines.errors import ConfigError
from pipelines.ingest.inbox import is_temporary
from pipelines.ingest.landing import read_delivery
from tests.ingest_fixture import CONTRACTS, JANUARY, SOURCES, position, positions
from tests.ops_tables import list_deliveries


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
    assert recorded["contract_version"] == CONTRACTS["hr"].version


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


def test_totals_that_differ_from_the_rows_are_a_warning(house):
    house.change_feed("ledger", 0, reconcile=[{"column": "Regnskap", "tolerance": 0.5}])
    header = "Ansvar;Konto;Periode;Regnskap\n"
    line = "3120;10100;201201;1 000,00\n"
    house.take("regnskap_1.csv", f"{header}{line}Sum;;;1 000,40\n")
    assert house.warnings() == {}
    house.take("regnskap_2.csv", f"{header}{line}Sum;;;1 100,00\n")
    told = "Sumraden sier 1\u00a0100 i kolonnen «Regnskap», men radene summerer til 1\u00a0000."
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


@pytest.mark.parametrize("pct", ["1000", "54329", "999,999", "-1000"])
def test_a_figure_with_more_digits_than_the_contract_holds_is_set_aside(house, pct):
    done = house.take(JANUARY, positions(position("1"), position("2", pct=pct), position("3")))
    assert (done.status, done.rows_loaded, done.rows_quarantined) == ("loaded", 2, 1)


@pytest.mark.parametrize("amount", ["10000000000000000", "1E+17", "-99999999999999999999"])
def test_so_is_an_amount(house, amount):
    text = f"Ansvar;Konto;Periode;Regnskap\n3120;10100;201201;5\n3120;10100;201201;{amount}\n"
    done = house.take("regnskap.csv", text)
    assert (done.status, done.rows_loaded, done.rows_quarantined) == ("loaded", 1, 1)


@pytest.mark.parametrize("number", ["-", "—", " . ", "***"])
def test_a_mark_is_no_employee(house, number):
    done = house.take(JANUARY, positions(position("1"), position("2"), position(number)))
    assert (done.status, done.rows_loaded, done.rows_quarantined) == ("loaded", 2, 1)
    assert house.quarantine()[0][1] == "not_null_person_id"


def test_accounts_in_which_the_unit_stands_once_are_told_of(house):
    header = "Ansvar;Konto;Periode;Regnskap\n"
    done = house.take(
        "regnskap.csv",
        f"{header}3120;10100;201201;5\n;10200;201201;6\n0450;10100;201201;7\n;10200;201201;8\n",
    )
    assert (done.status, done.rows_loaded) == ("loaded", 4)
    assert (
        "2 av 4 rader har ingen enhet i kolonnen «Ansvar», til sammen 14 kr"
        in (house.warnings()["blank_units"])
    )


def test_a_few_lines_of_no_unit_are_ordinary(house):
    lines = "".join(f"3120;10{i}00;201201;{i}\n" for i in range(1, 9))
    house.take("regnskap.csv", f"Ansvar;Konto;Periode;Regnskap\n{lines};10100;201201;5\n")
    assert "blank_units" not in house.warnings()


def test_an_empty_unit_where_no_kroner_are_at_stake_is_the_whole_municipality(house):
    feed = {
        "id": "hendelser",
        "table": "events",
        "files": ["hendelser*"],
        "period": {"source": "all"},
        "columns": {
            "event_id": {"column": "Nr"},
            "unit_id": {"column": "Enhet", "unit_code": "cost_centre"},
            "event_date": {"column": "Dato"},
            "event_type": {"column": "Type"},
            "description": {"column": "Tekst"},
        },
    }
    house.configure({"organisation": SOURCES["organisation"], "lean": [feed]})
    text = "1;3120;01.02.2012;external;Ny lov\n2;;01.03.2012;external;Ny avtale\n"
    assert house.take("hendelser.csv", f"Nr;Enhet;Dato;Type;Tekst\n{text}").rows_loaded == 2
    assert "blank_units" not in house.warnings()
