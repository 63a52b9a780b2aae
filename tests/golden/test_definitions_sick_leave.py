"""The definitions of sick leave, worked out by hand and compared with what the models give."""

from pathlib import Path

import pytest

from tests.dbt_fixture import fetch
from tests.golden.definitions_town import D, definitions_warehouse, measure, metric


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    return definitions_warehouse(tmp_path_factory, worker_id)


def test_eighty_per_cent_position_half_graded_for_ten_working_days_is_four_days(
    warehouse: Path,
) -> None:
    assert measure(warehouse, "graded", D(2012, 1, 1), "sick_days") == pytest.approx(4.0)
    assert measure(warehouse, "graded", D(2012, 1, 1), "sick_days_graded") == pytest.approx(4.0)


def test_seventeenth_of_may_2012_is_one_holiday_although_also_ascension_day(
    warehouse: Path,
) -> None:
    assert measure(warehouse, "graded", D(2012, 5, 1), "sick_days") == pytest.approx(2.0)
    assert measure(warehouse, "graded", D(2012, 5, 1), "agreed_days") == pytest.approx(20 * 2.2)


def test_spell_over_new_year_follows_the_position_to_its_new_unit(warehouse: Path) -> None:
    assert measure(warehouse, "before", D(2012, 12, 1), "sick_days") == pytest.approx(3.0)
    assert measure(warehouse, "after", D(2013, 1, 1), "sick_days") == pytest.approx(3.0)
    assert measure(warehouse, "before", D(2012, 12, 1), "sick_cases") == 1
    assert measure(warehouse, "after", D(2013, 1, 1), "sick_cases") == 0
    lengths = fetch(
        warehouse,
        "select distinct case_days from intermediate.int_sick_leave__case_days"
        " where person_id = 'mover'",
    )
    assert lengths == [(9,)]


def test_periods_separated_by_a_weekend_are_one_case_but_a_free_monday_makes_two(
    warehouse: Path,
) -> None:
    assert measure(warehouse, "islands", D(2013, 3, 1), "sick_cases") == 1
    assert measure(warehouse, "islands", D(2013, 3, 1), "sick_days") == pytest.approx(3.0)
    assert measure(warehouse, "islands", D(2013, 5, 1), "sick_cases") == 2
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
        group: measure(warehouse, "lengths", D(2012, 1, 1), f"sick_days_{group}")
        for group in ("short", "medium", "long")
    }
    # 2-17 January is 12 working days; the two medium cases 13 and 22, the long one 22
    assert january == {"short": 12.0, "medium": 35.0, "long": 22.0}


def test_a_spell_with_its_position_named_counts_in_that_job_alone(warehouse: Path) -> None:
    # two: 5 days x 60 %; overlap: 3 days at half and 2 days at full grade, never both
    assert measure(warehouse, "double", D(2012, 2, 1), "sick_days") == pytest.approx(3.0 + 3.5)
    assert measure(warehouse, "graded", D(2012, 2, 1), "sick_days") == 0.0


def test_only_self_certified_and_certified_absence_is_sickness(warehouse: Path) -> None:
    assert measure(warehouse, "double", D(2012, 2, 1), "sick_days_self_certified") == 2.0
    assert measure(warehouse, "graded", D(2011, 1, 1), "sick_days") == 0.0


def test_open_spell_runs_to_the_last_month_of_data(warehouse: Path) -> None:
    # January 2015: 21 working days, but no delivery covers that month, so it is missing
    assert measure(warehouse, "graded", D(2014, 12, 1), "sick_days") == 3.0
    assert measure(warehouse, "graded", D(2015, 1, 1), "sick_days") is None


def test_month_without_spells_is_zero_where_covered_and_missing_where_not(
    warehouse: Path,
) -> None:
    assert metric(warehouse, "islands", D(2012, 8, 1), "sick_leave_pct")[2] == 0.0
    assert metric(warehouse, "islands", D(2015, 1, 1), "sick_leave_pct")[2:] == (None, False)


def test_attendance_is_what_sick_leave_leaves(warehouse: Path) -> None:
    sick = metric(warehouse, "graded", D(2012, 1, 1), "sick_leave_pct")[2]
    attendance = metric(warehouse, "graded", D(2012, 1, 1), "attendance_pct")[2]
    assert sick + attendance == pytest.approx(100.0)


def test_ready_sums_keep_to_one_definition_and_bound_the_persons(warehouse: Path) -> None:
    rows = fetch(
        warehouse,
        "select month, value, n_persons from intermediate.int_measures_unioned"
        " where unit_id = 'foreign' and measure_id = 'sick_days' order by month",
    )
    # April 2012 has 18 working days: 205 agreed days need at least 11 persons
    assert rows == [(D(2012, 4, 1), 12.0, 11), (D(2012, 5, 1), 10.0, 11)]
