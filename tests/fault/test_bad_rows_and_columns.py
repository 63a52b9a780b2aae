"""What a user is told when columns or rows are broken: row, column, what was expected, way out."""

import pytest

from tests.fault.refusals import GOOD, HR_PLACE, refused, whole_ledger
from tests.ingest_fixture import CONTRACTS, JANUARY, SOURCES, position

pytestmark = pytest.mark.fault


def test_a_missing_column_is_named_with_what_the_file_has_and_where_to_map_it(house):
    text = "\n".join(";".join(line.split(";")[:6]) for line in GOOD.split("\n"))
    assert refused(house, text) == (
        "missing_column",
        "stillinger_2012-01.csv, overskriften: Kolonnen «Fra» (start_date) finnes ikke i filen. "
        "Filen har: «Ans.nr», «Løpenr», «Ansvar», «Stilling», «St.pros», «Form». Rett eksporten, "
        "eller legg til navnet under columns.start_date.column for leveransen «positions» "
        + HR_PLACE,
    )


def test_a_renamed_column_is_recognised_as_likely_and_never_guessed(house):
    code, reason = refused(house, GOOD.replace("St.pros", "St.prosent nå"))
    assert code == "missing_column"
    assert (
        "Kolonnen «St.pros» (position_pct) finnes ikke i filen. Mente du «St.prosent nå»?" in reason
    )


def test_a_renamed_column_that_may_be_empty_is_not_read_as_empty(house):
    code, reason = refused(house, GOOD.replace(";Til\n", ";Til og med\n"))
    assert code == "missing_column"
    assert "Kolonnen «Til» (end_date) finnes ikke i filen. Mente du «Til og med»?" in reason


def test_a_column_that_may_be_empty_may_be_left_out_with_a_warning(house):
    text = "\n".join(";".join(line.split(";")[:7]) for line in GOOD.split("\n"))
    assert house.take(JANUARY, text).status == "loaded"
    assert house.warnings() == {"missing_column": "Filen har ikke kolonnen «Til»; end_date er tom."}


def test_text_in_a_number_column_sets_the_row_aside(house):
    house.take(JANUARY, GOOD + position("3", pct="hemmelig"))
    assert house.quarantine() == [
        (4, "position_pct|type", "Rad 4, kolonne «St.pros»: forventet et tall.")
    ]
    assert "hemmelig" not in whole_ledger(house)


def test_a_column_in_which_nothing_is_a_number_refuses_the_file(house):
    code, reason = refused(house, GOOD.replace("80,00", "full"))
    assert code == "wrong_type"
    assert "Ingen verdi i kolonnen «St.pros» er et tall." in reason
    assert reason.endswith(f"columns.position_pct for leveransen «positions» {HR_PLACE}")


def test_a_date_that_does_not_exist_sets_the_row_aside(house):
    house.take(JANUARY, GOOD + position("3", start="31.02.2012"))
    assert house.quarantine() == [
        (4, "start_date|type", "Rad 4, kolonne «Fra»: forventet en dato.")
    ]


def test_numbers_that_can_be_read_in_two_ways_refuse_the_file_with_the_key_to_set(house):
    text = "Ansvar;Konto;Periode;Regnskap\n3120;10100;201201;13.400\n"
    done = house.take("regnskap.csv", text)
    assert done.reason_code == "ambiguous_number"
    assert done.reason_nb is not None
    assert "Tallene i kolonnen «Regnskap» kan leses på to måter" in done.reason_nb
    assert "Sett columns.amount_nok.number for leveransen «accounts» i sources/ledger.yml" in (
        done.reason_nb
    )


def test_an_unknown_unit_sets_the_row_aside_and_names_the_code(house):
    house.take(JANUARY, GOOD + position("3", unit="9999 Nedlagt"))
    assert house.quarantine() == [
        (
            4,
            "unknown_unit",
            "Rad 4: Enhetskoden «9999» finnes ikke i kodesystemet cost_centre for denne datoen.",
        )
    ]


def test_an_unmapped_value_sets_the_row_aside_with_the_values_allowed(house):
    house.take(JANUARY, GOOD + position("3", form="Konsulent"))
    assert house.quarantine() == [
        (
            4,
            "enum_employment_type",
            "Rad 4: «Ansettelsesform» skal være en av: permanent, substitute, temporary, hourly, "
            "apprentice.",
        )
    ]
    assert "Konsulent" not in whole_ledger(house)


def test_an_end_before_the_start_sets_the_row_aside(house):
    house.take(JANUARY, GOOD + position("3", start="01.02.2012", end="31.01.2012"))
    assert house.quarantine() == [
        (4, "period_in_order", "Rad 4: Til dato skal ikke være før fra dato.")
    ]


def test_two_rows_with_one_key_are_both_set_aside(house):
    house.take(JANUARY, GOOD + position("2", pct="50"))
    assert [(row, rule) for row, rule, _ in house.quarantine()] == [
        (3, "unique_key"), (4, "unique_key"),
    ]  # fmt: skip


def test_too_many_broken_rows_refuse_the_whole_delivery(house):
    house.change_feed("hr", 0, max_quarantined_pct=5)
    done = house.take(JANUARY, GOOD + position("3", pct="x") + position("4"))
    assert (done.status, done.reason_code) == ("rejected", "too_many_quarantined")
    assert done.reason_nb == (
        "stillinger_2012-01.csv: 1 av 4 rader (25,0 %) bryter kontrakten; grensen er 5 %. "
        "Ingen rader er lastet. Se karantenelisten for hver rad og årsak."
    )
    assert (done.rows_in, done.rows_quarantined, done.rows_loaded) == (4, 4, 0)
    assert house.table("hr.positions").is_empty()
    assert len(house.quarantine()) == 1


def test_the_same_file_twice_counts_once(house):
    first = house.take(JANUARY, GOOD)
    again = house.take("stillinger_2012-01 (1).csv", GOOD)
    assert again.reason_nb == f"Innholdet er allerede lest inn med leveranse {first.delivery_id}."
    assert house.table("hr.positions").height == 2


def test_a_file_that_holds_its_content_twice_counts_once(house):
    done = house.take(JANUARY, GOOD + GOOD)
    assert (done.rows_in, done.rows_loaded, done.rows_duplicate) == (4, 2, 2)


def test_a_ledger_that_holds_its_content_twice_counts_once_although_equal_lines_are_real(house):
    header = "Ansvar;Konto;Periode;Regnskap\n"
    lines = "3120;10100;201201;5\n3120;10100;201201;5\n3120;10200;201201;7\n"
    done = house.take("regnskap.csv", header + lines + header + lines)
    assert (done.rows_in, done.rows_loaded, done.rows_duplicate) == (6, 3, 3)


def kostra_sources():
    places = {"aar": (3, 4), "kontoklasse": (32, 1), "funksjon": (33, 4), "art": (37, 3)}
    places |= {"belop": (40, 9)}
    feed = {
        "id": "kostra",
        "table": "entries",
        "files": ["kostra*"],
        "format": "fixed_width",
        "record_length": 48,
        "fixed_width": [{"name": n, "start": s, "length": k} for n, (s, k) in places.items()],
        "period": {"source": "year_period"},
        "max_quarantined_pct": 60,
        "columns": {
            "account_class": {"column": "kontoklasse"},
            "function": {"column": "funksjon"},
            "art": {"column": "art"},
            "year": {"column": "aar"},
            "amount_type": {"constant": "accounts"},
            "amount_nok": {"column": "belop", "scale": 1000},
        },
    }
    return {**SOURCES, "ledger": [feed]}


def kostra(function="253", art="020", year="2012"):
    return f"0A{year} 052900{'':18}1{function} {art}     5412\n"


def test_a_kostra_record_of_wrong_length_sets_the_row_aside(house):
    house.configure(kostra_sources())
    done = house.take("kostra.dat", kostra() + kostra()[:-4] + "\n" + kostra(art="010"))
    assert (done.rows_loaded, done.rows_quarantined) == (2, 1)
    assert house.quarantine() == [
        (2, "record_length", "Rad 2: posten har 45 tegn, den skal ha 48.")
    ]


def test_a_kostra_code_that_was_not_valid_in_the_year_is_set_aside(house):
    house.configure(kostra_sources())
    new = kostra(function="257", year="2025")
    house.take("kostra.dat", kostra() + kostra(function="257") + new)
    rules = CONTRACTS["ledger"].tables["entries"].rules
    rule = next(rule for rule in rules if rule.id == "function_valid_in_year")
    assert house.quarantine() == [(2, rule.id, f"Rad 2: {rule.description_nb}")]


def test_two_columns_with_one_name_refuse_the_file(house):
    code, reason = refused(house, GOOD.replace(";Stilling;", ";FORM;"))
    assert code == "duplicate_header"
    assert "rad 1: To kolonner har samme overskrift: «FORM», «Form»." in reason


def test_a_row_with_too_few_fields_is_set_aside(house):
    house.take(JANUARY, GOOD + "3;1;3120 Gimle\n" + position("4"))
    assert house.quarantine() == [(4, "ragged_row", "Rad 4: raden har 3 felt, overskriften har 8.")]


def test_dates_without_the_year_they_need_are_set_aside_per_row(house):
    columns = {**SOURCES["ledger"][0]["columns"], "decided_date": {"column": "Vedtak"}}
    period = {"source": "column", "column": "decided_date"}
    house.change_feed("ledger", 0, columns=columns, period=period)
    header = "Ansvar;Konto;Periode;Regnskap;Vedtak\n"
    house.take("regnskap.csv", f"{header}3120;10100;201201;5;01.12.2011\n3120;10100;201201;6;\n")
    assert house.quarantine() == [
        (3, "period", "Rad 3: raden mangler datoen som sier hvilken periode den gjelder.")
    ]
