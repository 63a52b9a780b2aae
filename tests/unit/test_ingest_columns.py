"""What a feed's columns make of single cells: shares, grades, hidden cells, texts, months."""

from datetime import date
from decimal import Decimal

import pytest

from pipelines.errors import DeliveryRejectedError
from tests.unit.sample_exports import LEDGER, POSITIONS, SPELL, SPELL_HEADER, SPELLS, take_in


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (["0,8", "1"], [80, 100]),
        (["80", "80,00", "1"], [80, 80, 1]),
        (["80,00 %", "100 %"], [80, 100]),
    ],
)
def test_a_percentage_column_is_fractions_throughout_or_not_at_all(cells, values):
    lines = "".join(f"{i};7174;{cell};01.08.2010;;Fast\n" for i, cell in enumerate(cells, start=1))
    found = take_in("hr", "positions", POSITIONS, f"Ans.nr;Stilling;St.pros;Fra;Til;Form\n{lines}")
    assert [float(value) for value in found.valid["position_pct"]] == values


def test_a_percentage_column_of_both_kinds_is_refused_with_both_readings():
    text = "Ans.nr;Stilling;St.pros;Fra;Til;Form\n" + "".join(
        f"{i};7174;{cell};01.08.2010;;Fast\n" for i, cell in enumerate(["80", "80,00", "0,5"])
    )
    with pytest.raises(DeliveryRejectedError, match=r"prosent \(0,8 %\) eller andel \(80 %\)"):
        take_in("hr", "positions", POSITIONS, text)


def test_a_configured_scale_wins_over_what_the_column_looks_like():
    columns = POSITIONS | {
        "position_pct": {"column": "St.pros", "scale": 1},
    }
    text = "Ans.nr;Stilling;St.pros;Fra;Til;Form\n1;7174;0,8;01.08.2010;;Fast\n"
    assert take_in("hr", "positions", columns, text).valid["position_pct"][0] == Decimal("0.80")


@pytest.mark.parametrize("grade", ["0", "150", "19,9", "abc", ""])
def test_an_impossible_grade_is_set_aside(grade):
    text = SPELL_HEADER + SPELL + SPELL.replace(";100;", f";{grade};").replace("1234", "99")
    found = take_in("sick_leave", "spells", SPELLS, text)
    assert (found.valid.height, found.n_quarantined) == (1, 1)


def test_negative_days_and_hidden_cells_are_set_aside_and_zero_is_not():
    columns = {
        "unit_id": {"column": "Enhet", "unit_code": "ansvar"},
        "month": {"column": "Måned"},
        "definition": {"constant": "HR_INTERN"},
        "sick_days": {"column": "Sykedager"},
        "agreed_days": {"column": "Avtalt"},
    }
    lines = "3120;2017-01;-5;100\n3120;2017-02;:;100\n3120;2017-03;0;100\n3120;2017-04;..;100\n"
    found = take_in("sick_leave", "unit_months", columns, f"Enhet;Måned;Sykedager;Avtalt\n{lines}")
    assert found.valid["sick_days"].to_list() == [0.0]
    assert found.problems["rule_id"].to_list() == [
        "range_sick_days", "not_null_sick_days", "not_null_sick_days",
    ]  # fmt: skip


def test_overlapping_spells_are_loaded_and_left_to_the_calculation():
    text = SPELL_HEADER + SPELL + SPELL.replace("03.01.2012", "05.01.2012").replace("EGENM", "SM")
    assert take_in("sick_leave", "spells", SPELLS, text).valid.height == 2


def test_a_future_date_is_loaded_since_plans_have_them():
    text = SPELL_HEADER + SPELL.replace("10.01.2012", "10.01.2032")
    assert take_in("sick_leave", "spells", SPELLS, text).valid["end_date"].to_list() == [
        date(2032, 1, 10)
    ]


@pytest.mark.parametrize(
    ("mapping", "cell", "value"),
    [
        ({"strip_leading_zeros": True}, "00123", "123"),
        ({"pad": 3}, "20", "020"),
        ({"split": {"separator": "-", "part": 2}}, "312001 - 25300", "25300"),
        ({"split": {"separator": "-", "part": -1}}, "1-2-3", "3"),
        ({"pattern": r"^(\d+)"}, "0101 Halden", "0101"),
        ({"missing": ["ukjent", "-"]}, "UKJENT", None),
        ({"missing": ["-"]}, "-", None),
        ({"default": "9"}, "", "9"),
        ({"values": {"Kjøkken": "K"}}, " KJOKKEN ", "K"),
        ({"values": {"Kjøkken": "K"}}, "Kantine", "Kantine"),
    ],
)
def test_a_text_column_is_refined_as_the_feed_says(mapping, cell, value):
    columns = LEDGER | {
        "amount_type": {"constant": "accounts"},
        "amount_nok": {"column": "Beløp"},
        "project": {"column": "Prosjekt", **mapping},
    }
    text = f"Konto(T);Ansvar;Tjeneste;Periode;Beløp;Prosjekt\n10201;312001;25300;201203;1;{cell}\n"
    found = take_in("ledger", "entries", columns, text, period={"source": "year_period"})
    assert found.valid["project"].to_list() == [value]


def test_the_month_can_come_from_the_file_name_when_the_file_has_none():
    columns = {key: value for key, value in LEDGER.items() if key not in {"year", "period"}} | {
        "amount_type": {"constant": "accounts"},
        "amount_nok": {"column": "Beløp"},
    }
    period = {"source": "file_name", "pattern": r"_(?P<month>[a-z]+)(?P<year>\d\d)"}
    text = "Konto(T);Ansvar;Tjeneste;Beløp\n10201;312001;25300;1\n"
    found = take_in("ledger", "entries", columns, text, name="regnskap_mars12.csv", period=period)
    assert found.valid.select("year", "period", "period_ym").rows() == [(2012, 3, "2012-03")]
    with pytest.raises(DeliveryRejectedError, match="Filnavnet sier ikke hvilken periode"):
        take_in("ledger", "entries", columns, text, name="regnskap.csv", period=period)
