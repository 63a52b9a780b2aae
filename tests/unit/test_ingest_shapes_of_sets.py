"""One unit in thousands, quarters as periods, per cent among kroner, a unit gone from its list."""

import io

import pytest
import xlsxwriter

from tests.ingest_fixture import UNITS

HEADER = "Ansvar;Konto;Periode;Regnskap\n"
CENTRES = ("3120", "0450", "3130")


def months(year, wanted, scale=None, size=100_000):
    """Return ledger lines of three units; ``scale`` is (unit, month) -> times."""
    times = scale or {}
    return "".join(
        f"{unit};10100;{year}{month:02d};{size * (i + 1) * times.get((unit, month), 1):.2f}\n"
        for month in wanted
        for i, unit in enumerate(CENTRES)
    ).replace(".", ",")


def test_one_unit_in_thousands_is_held_with_both_readings(house):
    house.take("regnskap_1.csv", HEADER + months(2017, range(1, 13)))
    done = house.take("regnskap_2.csv", HEADER + months(2018, [1], {("0450", 1): 0.001}))
    assert (done.status, done.reason_code) == ("held", "unit_level")
    for words in ("2018-01", "enhet E2", "1/1\u00a0000", "tusen kroner og kroner"):
        assert words in (done.reason_nb or "")


@pytest.mark.parametrize("times", [0.2, 0.01, 5, 300])
def test_a_unit_that_spends_less_or_more_is_no_doubt(house, times):
    house.take("regnskap_1.csv", HEADER + months(2017, range(1, 13)))
    done = house.take("regnskap_2.csv", HEADER + months(2018, [1], {("0450", 1): times}))
    assert done.status == "loaded"


def test_periods_one_to_four_over_a_year_are_held_with_both_readings(house):
    done = house.take("regnskap_1.csv", HEADER + months(2012, (1, 2, 3, 4)))
    assert (done.status, done.reason_code) == ("held", "quarters")
    for words in ("2012", "kvartal", "januar"):
        assert words in (done.reason_nb or "")


def test_quarters_that_come_one_by_one_are_held_when_the_year_has_four(house):
    statuses = [
        house.take(f"regnskap_{n}.csv", HEADER + months(2012, [n])).status for n in (1, 2, 3, 4)
    ]
    assert statuses == ["loaded", "loaded", "loaded", "held"]


def test_a_correction_of_four_months_in_a_feed_of_months_is_no_quarters(house):
    house.take("regnskap_1.csv", HEADER + months(2012, range(1, 13)))
    assert house.take("regnskap_2.csv", HEADER + months(2012, (1, 2, 3, 4))).status == "loaded"


def ledger(cells):
    """Return a workbook of accounts; a figure below one is shown as per cent."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    sheet, percent = book.add_worksheet(), book.add_format({"num_format": "0.0%"})
    for j, name in enumerate(HEADER.strip().split(";")):
        sheet.write(0, j, name)
    for i, figure in enumerate(cells, start=1):
        for j, text in enumerate(("3120", "10100", f"2012{i:02d}")):
            sheet.write(i, j, text)
        sheet.write(i, 3, figure, percent if figure < 1 else None)
    book.close()
    return target.getvalue()


def test_a_cell_shown_as_per_cent_among_kroner_is_set_aside_with_both_readings(house):
    done = house.take("regnskap_1.xlsx", ledger([1000.5, 2000, 0.053, 3000]))
    assert (done.rows_loaded, done.rows_quarantined) == (3, 1)
    ((row, rule, reason),) = house.quarantine()
    assert (row, rule) == (4, "amount_nok|type")
    assert "%" in reason
    assert "kroner" in reason


def test_figures_that_are_all_shown_as_per_cent_are_read_as_they_stand(house):
    done = house.take("regnskap_1.xlsx", ledger([0.5, 0.25, 0.75, 0.1]))
    assert (done.rows_loaded, done.rows_quarantined) == (4, 0)


def test_a_unit_gone_from_the_new_list_is_told_when_it_is_read(house):
    without = "".join(line for line in UNITS.splitlines(keepends=True) if "E3" not in line)
    house.take("enheter_ny.csv", without)
    told = house.warnings()["units_gone"]
    assert "E3 Ås skole" in told
    assert "E1" not in told
    house.con.execute("delete from ops.warnings")
    house.take("enheter_nyest.csv", f"{without}E9;Ny barnehage;Oppvekst;kindergarten\n")
    assert "units_gone" not in house.warnings()
