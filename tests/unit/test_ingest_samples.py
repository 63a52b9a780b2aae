"""Ten kinds of export as municipal systems write them, made up, from bytes to contract rows."""

from datetime import date
from decimal import Decimal

import polars as pl
import pytest

from pipelines.errors import DeliveryRejectedError
from tests.unit.sample_exports import LEDGER, P1234, POSITIONS, SPELL, SPELL_HEADER, SPELLS, take_in


def test_sample_1_visma_sick_leave():
    found = take_in("sick_leave", "spells", SPELLS, SPELL_HEADER + SPELL)
    columns = ["person_id", "unit_id", "start_date", "end_date", "absence_type", "grade_pct"]
    assert found.valid.select(columns).rows() == [
        (P1234, "E1", date(2012, 1, 3), date(2012, 1, 10), "self_certified", 100.0)
    ]


def test_sample_1_with_a_real_name_is_refused():
    with pytest.raises(DeliveryRejectedError) as refused:
        take_in("sick_leave", "spells", SPELLS, SPELL_HEADER + SPELL.replace("***", "Kari"))
    assert refused.value.code == "personal_data"


def test_sample_2_group_and_sum_rows():
    text = (
        "Sykefravær 2012;;;;;;;\nAnsattnr;Fra dato;Til dato;Fraværskode;Grad;Dager;;\n"
        "Ansvar: 3120 Gimle avd 1;;;;;;;\n001234;03.01.2012;10.01.2012;EGENM;100;8;;\n"
        "1235;03.02.2012;12.03.2012;SM;50;38;;\nSum ansvar 3120;;;;;46;;\n"
    )
    found = take_in(
        "sick_leave",
        "spells",
        SPELLS,
        text,
        layout={"group_row": {"pattern": r"^Ansvar: (?P<g>.+)", "column": "Enhet"}},
        ignore_columns=["Dager"],
    )
    assert found.valid.select("unit_id", "source_row").rows() == [("E1", 4), ("E1", 5)]


def test_sample_3_unit4_period_file():
    text = (
        "Konto(T)\tAnsvar\tTjeneste\tPeriode\tRev. budsjett\tRegnskap\tAvvik\n"
        "10201 Sykevikar\t312001\t25300\t201203\t1 250 000,00\t1 431 220,50\t181 220,50-\n"
    )
    found = take_in(
        "ledger",
        "entries",
        LEDGER,
        text.encode("cp1252"),
        period={"source": "year_period"},
        identical_rows="keep",
        ignore_columns=["Avvik"],
        melt={
            "value": "amount_nok",
            "columns": {
                "Rev. budsjett": {"amount_type": "revised_budget"},
                "Regnskap": {"amount_type": "accounts"},
            },
        },
    )
    columns = ["unit_id", "account", "account_class", "art", "function", "year", "period"]
    columns += ["amount_type", "amount_nok", "period_ym", "source_row"]
    line = ("E1", "10201", "1", "020", "253", 2012, 3)
    assert found.valid.select(columns).rows() == [
        (*line, "revised_budget", Decimal("1250000.00"), "2012-03", 2),
        (*line, "accounts", Decimal("1431220.50"), "2012-03", 2),
    ]
    assert found.n_in == 2


@pytest.mark.parametrize("amount", ["(412 300,00)", "412 300,00-", "-412.300,00", "\u2212412 300"])
def test_sample_4_agresso_minus(amount):
    header = "Konto(T);Ansvar;Tjeneste;Periode;Budsjett;Regnskap\n"
    text = f"{header}17101;312001;25300;201203;0,00;{amount}\n"
    columns = LEDGER | {
        "amount_type": {"constant": "accounts"},
        "amount_nok": {"column": "Regnskap"},
    }
    found = take_in("ledger", "entries", columns, text, period={"source": "year_period"})
    assert found.valid.select("art", "amount_nok").rows() == [("710", Decimal("-412300.00"))]


@pytest.mark.parametrize(
    "line",
    [
        "1234;7174;75,00;01.08.2010;31.12.9999;Fast",  # sample 5
        "1234;7174;0,75;2010-08-01;;fast",  # sample 6, the month after
        "01234;7174;75;20100801;00.00.0000; FAST ",
        "1234;7174;75 %;40391;;Fast",
    ],
)
def test_samples_5_and_6_the_same_position_however_the_month_wrote_it(line):
    found = take_in("hr", "positions", POSITIONS, f"Ans.nr;Stilling;St.pros;Fra;Til;Form\n{line}\n")
    row = found.valid.row(0, named=True)
    assert row["person_id"] == row["position_id"] == P1234
    assert row["position_pct"] == Decimal("75.00")
    assert row["employment_type"] == "permanent"
    assert (row["start_date"], row["end_date"]) == (date(2010, 8, 1), None)


def test_sample_7_turnus():
    text = (
        '"Ansattnr","Dato","Avdeling","Vakt","Timer","Fraværsårsak"\n'
        '"1234","02/01-12","Gimle 5","D1","7,5","SM50"\n'
    )
    columns = {
        "person_id": SPELLS["person_id"],
        "unit_id": {"column": "Avdeling", "unit_code": "navn"},
        "start_date": {"column": "Dato"},
        "end_date": {"column": "Dato"},
        "absence_type": {"column": "Fraværsårsak", "values": {"SM50": "certified"}},
        "grade_pct": {"column": "Fraværsårsak", "pattern": r"(\d+)$"},
    }
    found = take_in("sick_leave", "spells", columns, text, ignore_columns=["Vakt", "Timer"])
    assert found.valid.select("unit_id", "start_date", "end_date", "grade_pct").rows() == [
        ("E1", date(2012, 1, 2), date(2012, 1, 2), 50.0)
    ]


def test_sample_8_kostra_record():
    columns = {
        "account_class": {"column": "kontoklasse"},
        "function": {"column": "funksjon"},
        "art": {"column": "art"},
        "year": {"column": "aar"},
        "amount_type": {"constant": "accounts"},
        "amount_nok": {"column": "belop", "scale": 1000},
    }
    places = {"skjema": (1, 2), "aar": (3, 4), "region": (8, 6), "kontoklasse": (32, 1)}
    places |= {"funksjon": (33, 4), "art": (37, 3), "belop": (40, 9)}
    record = f"0A2012 052900{'':18}1253 020     5412"
    assert len(record) == 48
    found = take_in(
        "ledger",
        "entries",
        columns,
        f"{record}\r\n".encode("cp865"),
        period={"source": "year_period"},
        format="fixed_width",
        record_length=48,
        fixed_width=[{"name": n, "start": s, "length": k} for n, (s, k) in places.items()],
    )
    columns = ["account_class", "function", "art", "year", "period", "amount_nok", "period_ym"]
    assert found.valid.select(columns).rows() == [
        ("1", "253", "020", 2012, None, Decimal("5412000.00"), "2012-00")
    ]


GAINS = {
    "gain_id": {"concat": ["Enhet", "Gevinst"]},
    "unit_id": {"column": "Enhet", "unit_code": "navn"},
    "title": {"column": "Gevinst"},
    "tool": {"constant": "ukjent"},
    "identified_fte": {"column": "Årsverk (ident.)"},
    "identified_date": {"constant": "2012-01-01"},
    **{
        f"share_{kind}": {"column": "Type", "values": {own: "1", **dict.fromkeys(others, "0")}}
        for kind, own, others in (
            ("quality", "Kvalitet", ("Kvantitet", "Besparelse")),
            ("quantity", "Kvantitet", ("Kvalitet", "Besparelse")),
            ("saving", "Besparelse", ("Kvalitet", "Kvantitet")),
        )
    },
}


def test_sample_9_two_gain_types_in_one_cell_go_back_to_the_analyst():
    text = (
        "Enhet | Gevinst | Årsverk (ident.) | Realisert | Type\n"
        "Fysio/ergo | Ny timebok | 0,4 | 0,3 | Kvalitet/kvantitet\n"
        "Fysio/ergo | Venteliste | 0,2 | 0,1 | Kvalitet\n"
    )
    found = take_in("lean", "gains", GAINS, text, ignore_columns=["Realisert"])
    assert found.valid.select("unit_id", "title", "identified_fte", "share_quality").rows() == [
        ("E4", "Venteliste", Decimal("0.20"), 1.0)
    ]
    assert found.problems["source_row"].unique().to_list() == [2]
    assert "Rad 2, kolonne «Type»: forventet et tall." in found.problems["reason_nb"].to_list()


def test_sample_10_budget_in_wide_months():
    months = ["jan", "feb", "mar", "apr", "mai", "jun", "jul", "aug", "sep", "okt", "nov", "des"]
    amounts = ['"4 210 115"', '"4 198 000"', "-", *["1"] * 8, ""]
    text = f"Tjeneste;Tekst;{';'.join(months)};Sum\n25300;Sykehjem;{';'.join(amounts)};51 002 330\n"
    columns = {
        "unit_id": {"column": "Tjeneste", "unit_code": "ansvar"},
        "function": {"column": "Tjeneste", "pattern": r"^(\d{3})"},
        "line_text": {"column": "Tekst"},
        "year": {"constant": 2012},
        "amount_type": {"constant": "revised_budget"},
    }
    melt = {
        "value": "amount_nok",
        "columns": {name: {"period": i} for i, name in enumerate(months, start=1)},
    }
    settings = {"period": {"source": "year_period"}, "melt": melt, "ignore_columns": ["Sum"]}
    found = take_in("ledger", "entries", columns, text, identical_rows="keep", **settings)
    rows = found.valid.select("period", "amount_nok", "period_ym").rows()
    assert rows[:2] == [
        (1, Decimal("4210115.00"), "2012-01"),
        (2, Decimal("4198000.00"), "2012-02"),
    ]
    assert [row[0] for row in rows] == [1, 2, 4, 5, 6, 7, 8, 9, 10, 11]
    columns["amount_nok"] = {"number": {"dash": "zero"}}
    zeros = take_in("ledger", "entries", columns, text, identical_rows="keep", **settings)
    assert zeros.valid.filter(pl.col("period") == 3)["amount_nok"].to_list() == [Decimal("0.00")]


def test_sample_11_months_beside_each_other_and_a_column_of_years():
    text = "Enhet;Årstall;Januar;Februar\n3120;2022;1,5;2\n3120;2023;;4\n3120;i alt;9;9\n"
    columns = {
        "unit_id": {"column": "Enhet", "unit_code": "ansvar"},
        "measure_id": {"constant": "falls"},
    }
    melt = {
        "value": "value",
        "year_column": "årstall",
        "columns": {"Januar": {"month": "januar"}, "Februar": {"month": "feb"}},
    }
    period = {"source": "column", "column": "month"}
    found = take_in("unit_metrics", "values", columns, text, melt=melt, period=period)
    assert found.valid.select("month", "value").rows() == [
        (date(2022, 1, 1), 1.5),
        (date(2022, 2, 1), 2.0),
        (date(2023, 2, 1), 4.0),
    ]
    # what is of no year is set aside, and told of
    assert found.problems["source_row"].unique().to_list() == [4]
    lacking = text.replace("Årstall", "Kvartal")
    with pytest.raises(DeliveryRejectedError, match=r"melt\.year_column"):
        take_in("unit_metrics", "values", columns, lacking, melt=melt, period=period)
