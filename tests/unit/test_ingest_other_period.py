"""A file whose name says one period and whose rows tell of another."""

import pytest

from tests.case_house import case_house

BY_NAME = {"source": "file_name", "pattern": r"(?P<year>\d{4})(?:-(?P<month>\d{2}))?"}
HEADER = "Ansattnr;Enhet;Fra;Til;Type;Grad\n"


def absences(*spans):
    return HEADER + "".join(
        f"{number};Gimle;{first};{last};Egenmelding;\n"
        for number, (first, last) in enumerate(spans, start=101)
    )


AUGUST = ("03.08.2023", "04.08.2023")


@pytest.fixture
def by_month(tmp_path):
    made = case_house(tmp_path, "sick_leave", period=BY_NAME)
    yield made
    made.con.close()


def test_last_years_absences_under_this_years_name_are_held(by_month):
    before = by_month.take("fravar_2023-08.csv", absences(AUGUST, AUGUST, AUGUST))
    copied = by_month.take("fravar_2024-08.csv", absences(AUGUST, AUGUST, AUGUST))
    assert before.status == "loaded"
    assert (copied.status, copied.reason_code) == ("held", "other_period")
    for words in ("2024-08", "3 av 3 rader gjelder 2023-08", "sick_leave.spells"):
        assert words in copied.reason_nb
    assert by_month.table("sick_leave.spells")["period_ym"].unique().to_list() == ["2023-08"]


@pytest.mark.parametrize(
    "spans",
    [
        # long absences go on into the month, one of them without an end
        [("01.02.2024", "20.08.2024"), ("01.02.2024", ""), ("03.02.2024", "05.02.2024")],
        # reported late, from several months
        [("03.05.2024", "04.05.2024"), ("03.06.2024", "04.06.2024"), ("03.07.2024", "04.07.2024")],
        # everything so far this year
        [(f"03.{m:02d}.2024", f"04.{m:02d}.2024") for m in range(1, 9)],
        # too few to tell
        [AUGUST, AUGUST],
    ],
)
def test_absences_reported_late_or_going_on_are_no_doubt(by_month, spans):
    by_month.take("fravar_2024-07.csv", absences(("03.07.2024", "04.07.2024")))
    assert by_month.take("fravar_2024-08.csv", absences(*spans)).status == "loaded"


def test_a_year_in_the_name_is_held_against_the_year(by_month):
    spans = [(f"03.{m:02d}.2023", f"04.{m:02d}.2023") for m in range(1, 9)]
    assert by_month.take("fravar_2023.csv", absences(*spans)).status == "loaded"
    late = by_month.take("fravar_2024.csv", absences(*spans, AUGUST))
    assert (late.status, late.reason_code) == ("held", "other_period")
    assert "2024, men 9 av 9 rader gjelder 2023" in late.reason_nb


def test_rows_that_state_another_month_are_held_and_not_counted_twice(tmp_path):
    house = case_house(tmp_path, "unit_metrics", period=BY_NAME)
    january = "Gimle;2024-01;1;2\n"
    header = "Enhet;Måned;Avvik;Timer\n"
    assert house.take("tall_2024-01.csv", header + january).status == "loaded"
    both = house.take("tall_2024-02.csv", f"{header}{january}Gimle;2024-02;3;4\n")
    assert (both.status, both.reason_code) == ("held", "other_period")
    assert "2 av 4 rader gjelder 2024-01" in both.reason_nb
    assert "period for leveransen «um» i sources/unit_metrics.yml" in both.reason_nb
    assert house.table("unit_metrics.values").height == 2
    house.con.close()


def test_accounts_that_state_another_month_are_held_and_what_closes_the_year_is_decembers(tmp_path):
    house = case_house(tmp_path, "ledger", period=BY_NAME)
    header = "Ansvar;Konto;År;Periode;Tekst;Beløp\n"
    december = "3120;10100;2023;12;Lønn;10\n3120;10100;2023;13;Avslutning;5\n"
    assert house.take("regnskap_2023-12.csv", header + december).status == "loaded"
    wrong = house.take("regnskap_2024-01.csv", header + december)
    assert (wrong.status, wrong.reason_code) == ("held", "other_period")
    assert "2 av 2 rader gjelder 2023-12" in wrong.reason_nb
    house.con.close()
