"""Units and codes that leave their lists, move and come back: the rows that name them."""

from tests.ingest_fixture import JANUARY, UNITS, House, position, positions
from tests.ops_tables import list_deliveries

HEAD = "System;Kode;Enhet;Fra;Til\n"
LEDGER = "Ansvar;Konto;Periode;Regnskap\n"


def _units(house: House) -> list[tuple[str, str]]:
    return list(
        house.con.sql("select period_ym, unit_id from ledger.entries order by all").fetchall()
    )


def test_a_unit_that_is_gone_from_the_register_is_still_known(house: House) -> None:
    house.drop("enheter_nye.csv", UNITS.replace("E1;Gimle sykehjem;Omsorg;nursing_home\n", ""))
    assert [r.status for r in house.ingest()] == ["loaded"]
    done = house.take(JANUARY, positions(position("1")))
    assert (done.rows_loaded, done.rows_quarantined) == (1, 0)
    found = house.con.sql("select count(distinct unit_id) from organisation.units").fetchall()
    assert found == [(3,)]
    status = list_deliveries(house.con).filter(table_name="units")["status"].to_list()
    assert status == ["loaded", "loaded"]


def test_a_code_that_is_gone_from_the_list_still_means_its_unit(house: House) -> None:
    house.drop("koder_nye.csv", f"{HEAD}cost_centre;0450;E2;;\n")
    house.ingest()
    done = house.take("regnskap_1.csv", f"{LEDGER}3120;10100;201201;10,5\n")
    assert (done.rows_loaded, done.rows_quarantined) == (1, 0)
    assert _units(house) == [("2012-01", "E1")]


def test_a_code_that_goes_to_another_unit_is_the_old_ones_until_then(house: House) -> None:
    rows = f"{LEDGER}3120;10100;201206;10\n3120;10100;201207;20\n"
    house.take("regnskap_1.csv", rows)
    assert _units(house) == [("2012-06", "E1"), ("2012-07", "E1")]
    house.drop("koder_nye.csv", f"{HEAD}cost_centre;3120;E3;01.07.2012;\n")
    again = house.ingest()
    assert [(r.feed_id, r.status) for r in again] == [("codes", "loaded"), ("accounts", "loaded")]
    assert _units(house) == [("2012-06", "E1"), ("2012-07", "E3")]
    assert house.ingest() == []


def test_a_code_that_is_corrected_without_a_date_was_always_the_new_units(house: House) -> None:
    house.take("regnskap_1.csv", f"{LEDGER}3120;10100;201206;10\n")
    house.drop("koder_nye.csv", f"{HEAD}cost_centre;3120;E3;;\n")
    house.ingest()
    assert _units(house) == [("2012-06", "E3")]


def test_a_change_of_codes_reads_no_file_that_does_not_have_them(house: House) -> None:
    house.take("regnskap_1.csv", f"{LEDGER}0450;10100;201206;10\n")
    house.drop("koder_nye.csv", f"{HEAD}cost_centre;3120;E3;;\n")
    assert [r.feed_id for r in house.ingest()] == ["codes"]


def test_rows_and_codes_come_out_the_same_in_either_order(house: House, tmp_path) -> None:
    other = House.build(tmp_path / "other")
    rows = f"{LEDGER}3120;10100;201206;10\n3120;10100;201207;20\n"
    codes = f"{HEAD}cost_centre;3120;E1;;30.06.2012\ncost_centre;3120;E3;01.07.2012;\n"
    for where, files in (
        (house, [("regnskap_1.csv", rows), ("koder_nye.csv", codes)]),
        (other, [("koder_nye.csv", codes), ("regnskap_1.csv", rows)]),
    ):
        for name, content in files:
            where.drop(name, content)
            where.ingest()
    assert _units(house) == _units(other) == [("2012-06", "E1"), ("2012-07", "E3")]
    other.con.close()


def test_no_code_of_a_file_is_kept_as_it_stands(house: House) -> None:
    house.take(JANUARY, positions(position("1"), position("2", unit="7777 Kari Nordmann")))
    kept = house.con.sql("select codes from ops.codes_read").fetchall()
    assert kept
    assert not any("3120" in codes or "7777" in codes for (codes,) in kept)
