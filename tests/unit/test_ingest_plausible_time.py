"""A row's time against its delivery and the municipality's first month, per contract."""

from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest

from pipelines.contracts.model import load_contract, load_contracts
from pipelines.contracts.times import CALENDAR_FIRST, CALENDAR_LAST, TIME_KINDS, months_after
from pipelines.errors import ContractError
from pipelines.ingest.assemble import PROBLEM_SCHEMA
from pipelines.ingest.plausible_time import Clock, set_aside_implausible
from pipelines.ingest.split import Split
from pipelines.municipality.feeds import Feed
from pipelines.settings import DBT_DIR
from tests.days import today
from tests.ingest_fixture import CONTRACTS, SOURCES, House, position, positions

LATER = f"{datetime.now(UTC).year + 16}"
METRICS = {
    "id": "tall",
    "table": "values",
    "files": ["tall*.csv"],
    "period": {"source": "column", "column": "month"},
    "max_quarantined_pct": 60,
    "columns": {
        "unit_id": {"column": "Enhet"},
        "month": {"column": "Måned"},
        "measure_id": {"column": "Måling"},
        "value": {"column": "Verdi"},
    },
}
ABSENCES = {
    "id": "fravar",
    "table": "spells",
    "files": ["fravar*.csv"],
    "period": {"source": "all"},
    "max_quarantined_pct": 60,
    "columns": {
        "person_id": {"column": "Ansatt", "pseudonymise": True},
        "unit_id": {"column": "Enhet"},
        "start_date": {"column": "Fra"},
        "end_date": {"column": "Til"},
        "absence_type": {"column": "Type"},
        "grade_pct": {"constant": 100},
    },
}


@pytest.fixture
def house(tmp_path) -> House:
    """The municipality, whose first month is 2010-01, with feeds for figures and absence."""
    made = House.build(tmp_path)
    made.configure(SOURCES | {"unit_metrics": [METRICS], "sick_leave": [ABSENCES]})
    return made


def figures(*rows: str) -> str:
    return "Enhet;Måned;Måling;Verdi\n" + "".join(f"{row}\n" for row in rows)


def test_a_month_after_the_delivery_is_set_aside_with_what_was_found(house):
    began = today()
    taken = house.take("tall.csv", figures("E1;2012-01;bed_days;10", f"E1;{LATER}-01;bed_days;11"))
    assert (taken.status, taken.rows_loaded, taken.rows_quarantined) == ("loaded", 1, 1)
    assert taken.periods == "2012-01"
    ((row, rule, reason),) = house.quarantine()
    assert (row, rule) == (3, "month|time")
    assert reason.startswith(f"Rad 3, kolonne «Måned»: 01.01.{LATER} er etter leveransen, som ble")
    # the day it was taken in, also when a session goes past midnight
    assert {f"{day:%d.%m.%Y}" in reason for day in (began, today())} >= {True}


def test_the_month_we_are_in_and_the_history_before_the_first_month_are_ordinary(house):
    rows = (f"E1;{today():%Y-%m};bed_days;10", "E1;2007-03;bed_days;11")
    taken = house.take("tall.csv", figures(*rows))
    assert (taken.rows_loaded, taken.rows_quarantined) == (2, 0)


@pytest.mark.parametrize("month", ["1924-01", "2002-01", "2004-12"])
def test_a_month_long_before_the_first_month_is_set_aside(house, month):
    taken = house.take("tall.csv", figures("E1;2012-01;bed_days;10", f"E1;{month};bed_days;11"))
    assert taken.rows_quarantined == 1
    reason = house.quarantine()[0][2]
    assert "mer enn 5 år før kommunens første måned (2010-01)" in reason
    assert "first_month" in reason


def test_accounts_are_judged_by_year_and_period_and_budgets_may_lie_ahead(house):
    accounts = (
        "Ansvar;Konto;Periode;Regnskap\n3120;10100;201201;1\n3120;10100;201213;1\n"
        f"3120;10100;{LATER}01;2\n3120;10100;{today().year + 1}13;3\n"
    )
    taken = house.take("regnskap.csv", accounts)
    assert (taken.rows_loaded, taken.rows_quarantined) == (2, 2)
    assert f"{LATER}-01 er etter leveransen" in house.quarantine()[0][2]
    assert f"{today().year + 1}-13 er etter leveransen" in house.quarantine()[1][2]

    plan = [{**SOURCES["ledger"][0], "id": "plan", "files": ["plan*"]}]
    plan[0]["columns"] = plan[0]["columns"] | {"amount_type": {"constant": "original_budget"}}
    house.configure(SOURCES | {"ledger": [*SOURCES["ledger"], *plan]})
    rows = "".join(f"3120;10100;{today().year + n}01;{n}\n" for n in (0, 1, 4))
    taken = house.take("plan.csv", f"Ansvar;Konto;Periode;Regnskap\n{rows}3120;10100;{LATER}01;9\n")
    assert (taken.rows_loaded, taken.rows_quarantined) == (3, 1)


def test_a_position_agreed_for_the_coming_months_is_ordinary_and_its_end_is_never_judged(house):
    soon = today() + timedelta(days=90)
    lines = (
        position("1", start="01.08.1971", end=f"31.12.{LATER}"),
        position("2", start=f"{soon:%d.%m.%Y}"),
        position("3", start="01.01.2011", end="31.12.2099"),
        position("4", start=f"01.01.{LATER}"),
    )
    taken = house.take("stillinger_2012-01.csv", positions(*lines))
    assert (taken.rows_loaded, taken.rows_quarantined) == (3, 1)
    assert "mer enn 12 måneder etter leveransen" in house.quarantine()[0][2]
    ends = dict(
        house.con.execute(
            "select source_row, cast(end_date as varchar) from hr.positions"
        ).fetchall()
    )
    assert ends == {2: f"{LATER}-12-31", 3: None, 4: None}


def test_planned_leave_may_lie_ahead_and_sickness_not(house):
    soon = today() + timedelta(days=90)
    rows = (
        f"1;E1;{soon:%d.%m.%Y};;holiday\n2;E1;{soon:%d.%m.%Y};;certified\n"
        "3;E1;05.03.2012;09.03.2012;self_certified\n"
    )
    taken = house.take("fravar.csv", f"Ansatt;Enhet;Fra;Til;Type\n{rows}")
    assert (taken.rows_loaded, taken.rows_quarantined) == (2, 1)
    reason = house.quarantine()[0][2]
    assert f"{soon.year} er etter leveransen" in reason
    assert f"{soon:%d.%m.%Y}" not in reason  # a person's own date is told by its year alone


@pytest.mark.parametrize("month", [f"{LATER}-01", "1912-01"])
def test_a_register_named_for_a_month_that_cannot_be_is_refused(house, month):
    taken = house.take(f"stillinger_{month}.csv", positions(position()))
    assert (taken.status, taken.reason_code) == ("rejected", "period")
    assert month in taken.reason_nb


def test_a_file_of_wrong_months_alone_is_held_and_stops_nothing(house):
    house.configure(SOURCES | {"unit_metrics": [METRICS | {"max_quarantined_pct": 5}]})
    taken = house.take("tall.csv", figures("E1;2012-01;bed_days;10", f"E1;{LATER}-01;bed_days;1"))
    assert (taken.status, taken.reason_code) == ("held", "implausible_time")
    assert (taken.rows_loaded, taken.rows_quarantined) == (1, 1)
    assert "1 av 2 rader kan ikke ha skjedd da. Rad 3, kolonne «Måned»" in taken.reason_nb
    assert house.table("unit_metrics.values").is_empty()


def test_a_register_of_the_coming_month_is_ordinary(house):
    coming = months_after(today().replace(day=1), 1)
    assert house.take(f"stillinger_{coming:%Y-%m}.csv", positions(position())).status == "loaded"


def test_content_read_again_is_judged_by_the_day_it_came(house):
    taken = house.take("tall.csv", figures("E1;2012-01;bed_days;1", "E1;2015-01;bed_days;2"))
    assert taken.rows_quarantined == 0
    house.con.execute("update ops.deliveries set received_at = '2014-06-01' where feed_id = 'tall'")
    house.configure(SOURCES | {"unit_metrics": [METRICS | {"description": "Lest på nytt."}]})
    (again,) = house.ingest()
    assert (again.rows_loaded, again.rows_quarantined) == (1, 1)
    assert "som ble mottatt 01.06.2014" in house.quarantine()[0][2]


def test_the_new_month_begins_in_norway_before_it_begins_in_utc():
    clock = Clock(date(2024, 1, 31), date(2022, 1, 1))
    assert clock.latest(TIME_KINDS["measured"]) == date(2024, 2, 1)


def test_the_calendar_is_the_one_days_are_counted_in():
    model = (DBT_DIR / "models" / "intermediate" / "calendar" / "int_days.sql").read_text("utf-8")
    assert f"day_spine('{CALENDAR_FIRST}', '{CALENDAR_LAST}')" in model


def test_figures_after_the_end_of_the_calendar_are_told_and_not_cut_in_silence():
    table = CONTRACTS["unit_metrics"].tables["values"]
    rows = pl.DataFrame(
        {
            "unit_id": ["E1", "E1"],
            "month": [date(2035, 12, 1), date(2036, 1, 1)],
            "source_row": [2, 3],
        },
        schema_overrides={"source_row": pl.Int32},
    )
    whole = Split(rows, pl.DataFrame(schema=PROBLEM_SCHEMA), 2, 0, 0, (), rows.clear())
    feed = Feed(contract="unit_metrics", **METRICS)
    clock = Clock(date(2036, 2, 3), date(2022, 1, 1))
    judged = set_aside_implausible(whole, feed, table, clock)
    assert (judged.valid.height, judged.n_quarantined) == (1, 1)
    assert judged.aside.height == 1
    assert "etter kalenderens siste dag, 31.12.2035" in judged.problems["reason_nb"][0]


def test_every_column_of_time_in_a_source_states_its_kind(tmp_path):
    text = (
        "apiVersion: v3.1.0\nkind: DataContract\nid: new\nversion: 1.0.0\nstatus: active\n"
        "schema:\n- name: rows\n  properties:\n"
        "  - {name: seen_on, logicalType: date, physicalType: dateMORE}\n"
    )
    folder = tmp_path / "sources"
    folder.mkdir()
    file = folder / "new.odcs.yaml"
    file.write_text(text.replace("MORE", ""), encoding="utf-8")
    with pytest.raises(ContractError, match=r"rows\.seen_on: Kolonnen sier ikke hva slags tid"):
        load_contracts(tmp_path)
    stated = ", customProperties: [{property: time, value: measured}]"
    file.write_text(text.replace("MORE", stated), encoding="utf-8")
    assert load_contract(file).tables["rows"].column("seen_on").time == "measured"
    file.write_text(text.replace("MORE", stated.replace("measured", "someday")), encoding="utf-8")
    with pytest.raises(
        ContractError, match="time skal være en av: measured, agreed, planned, open"
    ):
        load_contract(file)
