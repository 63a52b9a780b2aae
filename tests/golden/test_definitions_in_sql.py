"""The definitions, worked out by hand and compared with what the models give.

One small municipality is built once; each test reads the figures of its own units and persons.
"""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from tests.dbt_fixture import build_warehouse, fetch, municipality, run_dbt

UNITS = {
    "graded": "nursing_home",
    "before": "nursing_home",
    "after": "nursing_home",
    "islands": "home_care",
    "lengths": "home_care",
    "double": "therapy",
    "hourly": "therapy",
    "leavers": "school",
    "new_home": "school",
    "old_unit": "technical",
    "merged": "technical",
    "ledger": "political_admin",
    "restated": "political_admin",
    "foreign": None,
}


def _position(person: str, unit: str, start: date, end: date | None = None, **more: Any) -> dict:
    return {
        "position_id": f"pos-{person}",
        "person_id": person,
        "unit_id": unit,
        "position_pct": 100,
        "employment_type": "permanent",
        "start_date": start,
        "end_date": end,
        **more,
    }


def _spell(person: str, unit: str, start: date, end: date | None, **more: Any) -> dict:
    return {
        "person_id": person,
        "unit_id": unit,
        "start_date": start,
        "end_date": end,
        "absence_type": "certified",
        "grade_pct": 100,
        **more,
    }


def _entry(unit: str, art: str, amount: float, amount_type: str = "accounts", **more: Any) -> dict:
    return {
        "unit_id": unit,
        "account": f"1{art}0",
        "year": 2011,
        "amount_type": amount_type,
        "amount_nok": amount,
        **more,
    }


D = date
POSITIONS = [
    _position("eighty", "graded", D(2010, 1, 1), position_pct=80),
    _position("may17", "graded", D(2010, 1, 1)),
    # one position, two units: moved at New Year
    _position("mover", "before", D(2010, 1, 1), D(2012, 12, 31), position_id="pos-transfer"),
    _position("mover", "after", D(2013, 1, 1), position_id="pos-transfer"),
    _position("island", "islands", D(2010, 1, 1)),
    *(_position(f"len{n}", "lengths", D(2010, 1, 1)) for n in (16, 17, 56, 57)),
    # two jobs in two units, and spells that overlap
    _position("two", "double", D(2010, 1, 1), position_pct=60),
    _position("two", "graded", D(2010, 1, 1), position_id="pos-two-b", position_pct=40),
    _position("overlap", "double", D(2010, 1, 1)),
    _position("hour", "hourly", D(2010, 1, 1), employment_type="hourly"),
    # turnover in March 2012: out, moved, stays with a new position; reorganised in June 2012
    _position("out", "leavers", D(2010, 1, 1), D(2012, 3, 31)),
    _position("moved", "leavers", D(2010, 1, 1), D(2012, 3, 31)),
    _position("moved", "new_home", D(2012, 4, 1), position_id="pos-moved-2"),
    _position("stays", "leavers", D(2010, 1, 1), D(2012, 3, 31)),
    _position("stays", "leavers", D(2012, 4, 1), position_id="pos-stays-2"),
    _position("temp", "leavers", D(2010, 1, 1), D(2012, 3, 31), employment_type="temporary"),
    _position("reorg", "old_unit", D(2010, 1, 1), D(2012, 6, 30)),
    _position("reorg", "merged", D(2012, 7, 1), position_id="pos-reorg-2"),
    # the same key in two deliveries: the later says 50 %
    _position("restated", "restated", D(2010, 1, 1), position_pct=100, delivery_id="D1"),
    _position("restated", "restated", D(2010, 1, 1), position_pct=50, delivery_id="D2"),
]
LENGTH_START = D(2012, 1, 2)
SPELLS = [
    _spell("eighty", "graded", D(2012, 1, 9), D(2012, 1, 20), grade_pct=50),
    _spell("may17", "graded", D(2012, 5, 16), D(2012, 5, 18)),
    _spell("mover", "before", D(2012, 12, 27), D(2013, 1, 4)),
    # Friday, then Monday-Tuesday: one case. Friday, then Tuesday: two
    _spell("island", "islands", D(2013, 3, 8), D(2013, 3, 8), absence_type="self_certified"),
    _spell("island", "islands", D(2013, 3, 11), D(2013, 3, 12)),
    _spell("island", "islands", D(2013, 5, 3), D(2013, 5, 3), absence_type="self_certified"),
    _spell("island", "islands", D(2013, 5, 7), D(2013, 5, 7), absence_type="self_certified"),
    *(
        _spell(f"len{n}", "lengths", LENGTH_START, D.fromordinal(LENGTH_START.toordinal() + n - 1))
        for n in (16, 17, 56, 57)
    ),
    _spell("two", "double", D(2012, 2, 6), D(2012, 2, 10), position_id="pos-two"),
    _spell("overlap", "double", D(2012, 2, 6), D(2012, 2, 10), grade_pct=50),
    _spell("overlap", "graded", D(2012, 2, 8), D(2012, 2, 9), absence_type="self_certified"),
    _spell("overlap", "double", D(2012, 2, 13), D(2012, 2, 17), absence_type="child_sick"),
    _spell("hour", "hourly", D(2012, 2, 6), D(2012, 2, 10)),
    _spell("may17", "graded", D(2014, 12, 29), None),
    _spell("may17", "graded", D(2011, 1, 3), D(2011, 1, 3), absence_type="holiday"),
]
LEDGER = [
    *(_entry("ledger", "010", 100_000, period=p) for p in (1, 2)),
    _entry("ledger", "020", 30_000, period=1),
    _entry("ledger", "710", -12_000, period=1),
    _entry("ledger", "040", 5_000, period=1),
    _entry("ledger", "099", 14_000, period=1),
    _entry("ledger", "010", 7_000, period=13),
    _entry("ledger", "010", 900, period=1, account="21000"),
    _entry("ledger", "010", 150_000, "revised_budget", period=1),
    _entry("ledger", "020", 400_000, "original_budget"),
    # year figures like a nynorsk neighbour's: refunds are never budgeted
    _entry("restated", "020", 25_759_892),
    _entry("restated", "710", -12_645_997),
    _entry("restated", "020", 15_654_774, "revised_budget"),
    _entry("restated", "020", 1, "revised_budget", decided_date=D(2010, 6, 1), budget_version="1"),
    _entry("restated", "710", 0, "revised_budget"),
]
LEDGER[-3:] = [
    {**LEDGER[-3], "decided_date": D(2010, 12, 1), "budget_version": "2"},
    LEDGER[-2],
    {**LEDGER[-1], "decided_date": D(2010, 12, 1), "budget_version": "2"},
]
FOREIGN = [
    {"unit_id": "foreign", "month": D(2012, 4, 1), "definition": "NHS_ESR",
     "sick_days": 12.0, "agreed_days": 205.0},
    {"unit_id": "foreign", "month": D(2012, 5, 1), "definition": "NHS_ESR",
     "sick_days": 10.0, "agreed_days": 200.0, "n_persons": 11},
    {"unit_id": "foreign", "month": D(2012, 5, 1), "definition": "SSB_NAV",
     "sick_days": 99.0, "agreed_days": 200.0, "n_persons": 11},
]  # fmt: skip
VALUES = [
    {"unit_id": "graded", "month": D(2012, 1, 1), "measure_id": m, "value": v}
    for m, v in (("falls", 3.0), ("bed_days", 0.0), ("residents", 40.0))
]


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    base = tmp_path_factory.getbasetemp()
    shared = base if worker_id == "master" else base.parent
    file = shared / "definitions.duckdb"
    with FileLock(shared / "definitions.lock"):
        if not file.exists():
            units = [
                {"unit_id": unit, "unit_name": unit, "sector": "s", "service_type": service}
                for unit, service in UNITS.items()
            ]
            rows = {
                "organisation.units": units,
                "organisation.unit_changes": [
                    {"change_date": D(2012, 7, 1), "from_unit_id": "old_unit",
                     "to_unit_id": "merged", "share": 1.0, "change_type": "merge"},
                ],
                "hr.positions": POSITIONS,
                "sick_leave.spells": SPELLS,
                "sick_leave.unit_months": FOREIGN,
                "ledger.entries": LEDGER,
                "unit_metrics.values": VALUES,
            }  # fmt: skip
            building = shared / "building.duckdb"
            build_warehouse(building, municipality(D(2011, 1, 1), D(2015, 1, 1)), rows)
            run_dbt(
                building, "build", "--exclude", "source:*", target=shared / "definitions-target"
            )
            building.rename(file)
    return file


def _measure(file: Path, unit: str, month: date, measure: str) -> float | None:
    rows = fetch(
        file,
        "select value from intermediate.int_measures_unioned where unit_id = "
        f"'{unit}' and month = date '{month}' and measure_id = '{measure}'",
    )
    return rows[0][0] if rows else None


def _metric(file: Path, unit: str, month: date, metric: str) -> tuple[Any, ...]:
    (row,) = fetch(
        file,
        "select numerator, denominator, value, has_data from intermediate.int_metric_months where "
        f"unit_id = '{unit}' and month = date '{month}' and metric_id = '{metric}'",
    )
    return row


def test_eighty_per_cent_position_half_graded_for_ten_working_days_is_four_days(
    warehouse: Path,
) -> None:
    assert _measure(warehouse, "graded", D(2012, 1, 1), "sick_days") == pytest.approx(4.0)
    assert _measure(warehouse, "graded", D(2012, 1, 1), "sick_days_graded") == pytest.approx(4.0)


def test_agreed_days_are_working_days_times_share_and_include_sick_leave(warehouse: Path) -> None:
    # January 2012: 22 working days less New Year's Day, which was a Sunday = 22
    assert _measure(warehouse, "graded", D(2012, 1, 1), "agreed_days") == pytest.approx(22 * 2.2)


def test_seventeenth_of_may_2012_is_one_holiday_although_also_ascension_day(
    warehouse: Path,
) -> None:
    assert _measure(warehouse, "graded", D(2012, 5, 1), "sick_days") == pytest.approx(2.0)
    assert _measure(warehouse, "graded", D(2012, 5, 1), "agreed_days") == pytest.approx(20 * 2.2)


def test_spell_over_new_year_follows_the_position_to_its_new_unit(warehouse: Path) -> None:
    assert _measure(warehouse, "before", D(2012, 12, 1), "sick_days") == pytest.approx(3.0)
    assert _measure(warehouse, "after", D(2013, 1, 1), "sick_days") == pytest.approx(3.0)
    assert _measure(warehouse, "before", D(2012, 12, 1), "sick_cases") == 1
    assert _measure(warehouse, "after", D(2013, 1, 1), "sick_cases") == 0
    lengths = fetch(
        warehouse,
        "select distinct case_days from intermediate.int_sick_leave__case_days"
        " where person_id = 'mover'",
    )
    assert lengths == [(9,)]


def test_periods_separated_by_a_weekend_are_one_case_but_a_free_monday_makes_two(
    warehouse: Path,
) -> None:
    assert _measure(warehouse, "islands", D(2013, 3, 1), "sick_cases") == 1
    assert _measure(warehouse, "islands", D(2013, 3, 1), "sick_days") == pytest.approx(3.0)
    assert _measure(warehouse, "islands", D(2013, 5, 1), "sick_cases") == 2
    lengths = fetch(
        warehouse,
        "select distinct case_days from intermediate.int_sick_leave__case_days"
        " where person_id = 'island' and month = date '2013-03-01'",
    )
    assert lengths == [(5,)]


@pytest.mark.parametrize(
    ("days", "group"), [(16, "short"), (17, "medium"), (56, "medium"), (57, "long")]
)
def test_duration_group_counts_calendar_days_of_the_whole_case(
    warehouse: Path, days: int, group: str
) -> None:
    found = fetch(
        warehouse,
        "select distinct case_days, duration_group from intermediate.int_sick_leave__case_days"
        f" where person_id = 'len{days}'",
    )
    assert found == [(days, group)]


def test_every_sick_day_of_a_case_goes_to_the_case_group(warehouse: Path) -> None:
    january = {
        measure: _measure(warehouse, "lengths", D(2012, 1, 1), f"sick_days_{measure}")
        for measure in ("short", "medium", "long")
    }
    # 2-17 January is 12 working days; the two medium cases 13 and 22, the long one 22
    assert january == {"short": 12.0, "medium": 35.0, "long": 22.0}


def test_a_spell_with_its_position_named_counts_in_that_job_alone(warehouse: Path) -> None:
    # two: 5 days x 60 %; overlap: 3 days at half and 2 days at full grade, never both
    assert _measure(warehouse, "double", D(2012, 2, 1), "sick_days") == pytest.approx(3.0 + 3.5)
    assert _measure(warehouse, "graded", D(2012, 2, 1), "sick_days") == 0.0


def test_only_self_certified_and_certified_absence_is_sickness(warehouse: Path) -> None:
    assert _measure(warehouse, "double", D(2012, 2, 1), "sick_days_self_certified") == 2.0
    assert _measure(warehouse, "graded", D(2011, 1, 1), "sick_days") == 0.0


def test_open_spell_runs_to_the_last_month_of_data(warehouse: Path) -> None:
    # January 2015: 21 working days, but no delivery covers that month, so it is missing
    assert _measure(warehouse, "graded", D(2014, 12, 1), "sick_days") == 3.0
    assert _measure(warehouse, "graded", D(2015, 1, 1), "sick_days") is None


def test_month_without_spells_is_zero_where_covered_and_missing_where_not(
    warehouse: Path,
) -> None:
    assert _metric(warehouse, "islands", D(2012, 8, 1), "sick_leave_pct")[2] == 0.0
    assert _metric(warehouse, "islands", D(2015, 1, 1), "sick_leave_pct")[2:] == (None, False)


def test_hourly_paid_have_no_agreed_days_and_no_sick_days(warehouse: Path) -> None:
    assert _metric(warehouse, "hourly", D(2012, 2, 1), "sick_leave_pct") == (
        None,
        None,
        None,
        False,
    )
    assert _measure(warehouse, "hourly", D(2012, 2, 1), "n_employees") == 1
    assert _measure(warehouse, "hourly", D(2012, 2, 1), "agreed_fte") == 0.0


def test_zero_denominator_gives_no_value_and_says_so(warehouse: Path) -> None:
    assert _metric(warehouse, "graded", D(2012, 1, 1), "falls_per_1000") == (3.0, 0.0, None, True)
    reasons = fetch(
        warehouse,
        "select distinct missing_reason from marts.fct_metric_months where group_id = 'graded'"
        " and metric_id = 'falls_per_1000' and month = date '2012-01-01'",
    )
    assert reasons == [("zero_denominator",)]


def test_attendance_is_what_sick_leave_leaves(warehouse: Path) -> None:
    sick = _metric(warehouse, "graded", D(2012, 1, 1), "sick_leave_pct")[2]
    attendance = _metric(warehouse, "graded", D(2012, 1, 1), "attendance_pct")[2]
    assert sick + attendance == pytest.approx(100.0)


def test_leavers_movers_and_stayers_are_told_apart(warehouse: Path) -> None:
    assert _measure(warehouse, "leavers", D(2012, 3, 1), "leavers") == 1
    assert _measure(warehouse, "leavers", D(2012, 3, 1), "movers") == 1
    assert _measure(warehouse, "leavers", D(2012, 3, 1), "permanent_staff") == 3


def test_reorganisation_is_not_turnover(warehouse: Path) -> None:
    assert _measure(warehouse, "old_unit", D(2012, 6, 1), "leavers") == 0
    assert _measure(warehouse, "old_unit", D(2012, 6, 1), "movers") == 0


def test_latest_delivery_of_a_key_wins(warehouse: Path) -> None:
    assert _measure(warehouse, "restated", D(2012, 3, 1), "agreed_fte") == pytest.approx(0.5)


def test_months_hold_periods_one_to_twelve_of_operating_accounts_only(warehouse: Path) -> None:
    assert _measure(warehouse, "ledger", D(2011, 1, 1), "fixed_pay_nok") == 100_000
    assert _measure(warehouse, "ledger", D(2011, 2, 1), "overtime_nok") == 0
    assert _measure(warehouse, "ledger", D(2011, 2, 1), "revised_budget_nok") is None
    assert _measure(warehouse, "ledger", D(2011, 3, 1), "accounts_nok") is None


def test_pay_is_gross_or_net_of_the_refund(warehouse: Path) -> None:
    assert _measure(warehouse, "ledger", D(2011, 1, 1), "pay_gross_nok") == 149_000
    assert _measure(warehouse, "ledger", D(2011, 1, 1), "pay_net_nok") == 137_000
    assert _metric(warehouse, "ledger", D(2011, 1, 1), "substitute_pct")[2] == pytest.approx(30)
    assert _metric(warehouse, "ledger", D(2011, 1, 1), "substitute_net_pct")[2] == pytest.approx(18)


def test_budget_deviation_is_positive_when_less_is_spent(warehouse: Path) -> None:
    deviation = _metric(warehouse, "ledger", D(2011, 1, 1), "budget_deviation_pct")[2]
    assert deviation == pytest.approx(100 * (150_000 - 137_000) / 150_000)


def test_closing_entries_count_in_the_year(warehouse: Path) -> None:
    rows = fetch(
        warehouse,
        "select art_group, accounts_nok, original_budget_nok from marts.mart_economy"
        " where unit_id = 'ledger' and art_group in ('base_pay', 'substitute') order by 1",
    )
    assert rows == [("base_pay", 207_000.0, None), ("substitute", 30_000.0, 400_000.0)]


def test_substitutes_and_refund_stand_in_the_same_row(warehouse: Path) -> None:
    rows = fetch(
        warehouse,
        "select accounts_nok, revised_budget_nok, substitute_nok, sick_pay_refund_nok,"
        " substitute_net_nok from marts.mart_economy"
        " where unit_id = 'restated' and art_group = 'substitute'",
    )
    assert rows == [(25_759_892.0, 15_654_774.0, 25_759_892.0, -12_645_997.0, 13_113_895.0)]


def test_ready_sums_keep_to_one_definition_and_bound_the_persons(warehouse: Path) -> None:
    rows = fetch(
        warehouse,
        "select month, value, n_persons from intermediate.int_measures_unioned"
        " where unit_id = 'foreign' and measure_id = 'sick_days' order by month",
    )
    # April 2012 has 18 working days: 205 agreed days need at least 11 persons
    assert rows == [(D(2012, 4, 1), 12.0, 11), (D(2012, 5, 1), 10.0, 11)]
