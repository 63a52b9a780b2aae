"""Quarantine says what stood there, but never a personal value, and how much is held back."""

import pytest

from tests.fault.refusals import GOOD, whole_ledger
from tests.ingest_fixture import JANUARY, SOURCES, position
from tests.ops_tables import list_deliveries, list_quarantine

ACCOUNTS = "Ansvar;Konto;Periode;Regnskap\n3120;10100;201201;5\n"


def found(house):
    return [
        (row["rule_id"], row["found_nb"])
        for row in list_quarantine(house.con).iter_rows(named=True)
    ]


def ledger(house, **columns):
    mapped = {**SOURCES["ledger"][0]["columns"], **columns}
    house.change_feed("ledger", 0, columns=mapped)


@pytest.mark.parametrize("unit", ["9999", "Nedlagt sykehjem", "12345678", "Bjørk/Furu avd. 3"])
def test_an_unknown_unit_is_told_by_code_or_name(house, unit):
    house.take("regnskap.csv", f"{ACCOUNTS}{unit};10100;201201;1000\n")
    assert found(house) == [("unknown_unit", f"«{unit}»")]


def test_an_unknown_unit_of_a_person_is_told_too(house):
    house.take(JANUARY, GOOD + position("3", unit="9999 Nedlagt"))
    assert found(house) == [("unknown_unit", "«9999»")]


@pytest.mark.parametrize(
    "unit",
    [
        "Nordmann, Kari", "Kari Nordmann", "Kari", "Kari Nordmann 2", "kari@kommune.no",
        "412 34 567", "91 23 45 67", "x" * 80,
    ],
)  # fmt: skip
def test_what_looks_like_a_person_in_a_unit_column_is_not_told(house, unit):
    house.take("regnskap.csv", f"{ACCOUNTS}{unit};10100;201201;1000\n")
    assert found(house) == [("unknown_unit", None)]
    assert unit not in whole_ledger(house)


def test_an_illegal_account_class_is_told(house):
    ledger(house, account_class={"column": "Konto", "pattern": r"^(\d)"})
    house.take("regnskap.csv", f"{ACCOUNTS}3120;90100;201201;1000\n")
    assert found(house) == [("enum_account_class", "«9»")]


@pytest.mark.parametrize("cell", ["Kari Nordmann", "Kari", "Nordmann, Kari", "k@l.no"])
def test_a_person_in_a_column_of_codes_is_not_told(house, cell):
    ledger(house, account_class={"column": "Klasse"})
    text = (
        f"Ansvar;Konto;Periode;Regnskap;Klasse\n3120;10100;201201;5;1\n3120;10100;201201;5;{cell}\n"
    )
    house.take("regnskap.csv", text)
    assert found(house) == [("enum_account_class", None)]
    assert cell not in whole_ledger(house)


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"unit": "77777"}, "unknown_unit"),
        ({"unit": "77777 Kari Nordmann"}, "unknown_unit"),
        ({"start": "7 777"}, "start_date|type"),
        ({"pct": "77777"}, "position_pct|type"),
        ({"pct": "77-777"}, "position_pct|type"),
    ],
)
def test_an_employee_number_in_another_column_is_not_told(house, change, rule):
    house.take(JANUARY, GOOD + position("77777") + position("77778", **change))
    assert found(house) == [(rule, None)]
    assert "77777" not in whole_ledger(house)


def test_an_expired_function_is_told_with_its_year(house):
    ledger(house, function={"column": "Tjeneste"})
    text = (
        "Ansvar;Konto;Periode;Regnskap;Tjeneste\n3120;10100;202001;5;254\n3120;10100;202001;5;255\n"
    )
    house.take("regnskap.csv", text)
    assert [text for _, text in found(house)] == ["Funksjon «255», År «2020»"]


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ("12,5,6", "«12,5,6»"),
        ("#N/A", "«#N/A»"),
        ("#VERDI!", "«#VERDI!»"),
        ("12 dager", "«12 dager»"),
        ("hemmelig", None),
        ("Kari Nordmann", None),
        ("5 Kari", None),
        ("se Ola", None),
        ("mainord", None),
    ],
)
def test_only_what_reads_like_a_figure_is_told_from_a_column_of_figures(house, cell, told):
    house.take("regnskap.csv", f"{ACCOUNTS}3120;10100;201201;{cell}\n")
    assert found(house) == [("amount_nok|type", told)]
    if told is None:
        assert cell not in whole_ledger(house)


def test_the_melted_cell_that_could_not_be_read_is_told(house):
    columns = {k: v for k, v in SOURCES["ledger"][0]["columns"].items() if k != "amount_type"}
    melt = {
        "value": "amount_nok",
        "columns": {
            "Regnskap": {"amount_type": "accounts"},
            "Budsjett": {"amount_type": "original_budget"},
        },
    }
    house.change_feed("ledger", 0, columns={**columns, "amount_nok": {}}, melt=melt)
    text = (
        "Ansvar;Konto;Periode;Regnskap;Budsjett\n3120;10100;201201;5;6\n3120;10100;201201;7;1-2-3\n"
    )
    house.take("regnskap.csv", text)
    assert found(house) == [("amount_nok|type", "«1-2-3»")]


@pytest.mark.parametrize(
    ("change", "rule", "told"),
    [
        ({"start": "31.02.2012"}, "start_date|type", "«31.02.2012»"),
        ({"start": "12345"}, "start_date|type", None),
        ({"start": "01/31/2012"}, "start_date|type", None),
        ({"pct": "80,0,0"}, "position_pct|type", "«80,0,0»"),
        ({"pct": "hemmelig"}, "position_pct|type", None),
        ({"pct": "150"}, "range_position_pct", None),
        ({"form": "Konsulent"}, "enum_employment_type", None),
        ({"form": "Kari"}, "enum_employment_type", None),
        ({"start": "01.02.2012", "end": "31.01.2012"}, "period_in_order", None),
    ],
)
def test_of_a_persons_row_only_units_codes_and_what_cannot_be_read_are_told(
    house, change, rule, told
):
    house.take(JANUARY, GOOD + position("3", **change))
    assert found(house) == [(rule, told)]


def test_kroner_held_back_stand_beside_the_count_of_rows(house):
    house.take(
        "regnskap.csv",
        f"{ACCOUNTS}9999;10100;201201;1 000,50\n8888;10100;201201;-200\n0450;10500;201201;1\n",
    )
    (row,) = (
        list_deliveries(house.con)
        .filter(list_deliveries(house.con)["contract_id"] == "ledger")
        .to_dicts()
    )
    assert (row["rows_quarantined"], row["quarantined_nok"]) == (2, 800.5)
    assert (row["quarantined_days"], row["quarantined_persons"]) == (None, None)


def test_a_refused_file_holds_everything_back(house):
    house.change_feed("ledger", 0, max_quarantined_pct=0)
    done = house.take("regnskap.csv", f"{ACCOUNTS}9999;10100;201201;1000\n")
    assert (done.status, done.rows_quarantined, done.quarantined_nok) == ("rejected", 2, 1005.0)


def test_of_persons_only_their_number_is_kept(house):
    text = (
        GOOD
        + position("3", unit="9999")
        + position("3", unit="9999", pct="20")
        + position("4", unit="8")
    )
    done = house.take(JANUARY, text)
    assert (done.rows_quarantined, done.quarantined_persons) == (3, 2)
    assert (done.quarantined_nok, done.quarantined_days) == (None, None)


def test_nothing_is_held_back_from_a_good_file(house):
    done = house.take("regnskap.csv", ACCOUNTS)
    assert (done.rows_quarantined, done.quarantined_nok) == (0, None)


def test_a_total_that_is_no_sum_is_told_with_its_figure(house):
    house.take("regnskap.csv", f"{ACCOUNTS}0450;10100;201201;7\nSum;;;13\n")
    assert found(house) == [("total_differs", "Regnskap 13")]


def test_a_wrong_total_alone_never_refuses_a_file(house):
    house.change_feed("ledger", 0, max_quarantined_pct=0)
    done = house.take("regnskap.csv", f"{ACCOUNTS}0450;10100;201201;7\nSum;;;13\n")
    assert (done.status, done.rows_loaded, done.rows_quarantined) == ("loaded", 2, 1)


def test_dropped_rows_are_in_the_ledger(house):
    house.take("regnskap.csv", f"Regnskap 2012\n{ACCOUNTS}0450;10100;201201;7\nSum;;;12\n")
    rows = house.con.sql(
        "select source_row, kind, word, column_name, amount from ops.dropped_rows"
        " join ops.deliveries using (delivery_id) where contract_id = 'ledger' order by all"
    ).fetchall()
    assert rows == [
        (1, "title", None, None, None),
        (2, "header", None, None, None),
        (5, "total", "Sum", "Regnskap", 12.0),
    ]


def test_a_wide_line_without_any_value_is_listed(house):
    columns = {k: v for k, v in SOURCES["ledger"][0]["columns"].items() if k != "amount_type"}
    melt = {"value": "amount_nok", "columns": {"Regnskap": {"amount_type": "accounts"}}}
    house.change_feed("ledger", 0, columns={**columns, "amount_nok": {}}, melt=melt)
    done = house.take("regnskap.csv", f"{ACCOUNTS}3120;10200;201201;\n")
    assert done.rows_in == 1
    rows = house.con.sql(
        "select source_row from ops.dropped_rows where kind = 'no_value'"
    ).fetchall()
    assert rows == [(3,)]
