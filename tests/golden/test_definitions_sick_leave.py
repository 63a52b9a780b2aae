"""The definitions of sick leave, worked out by hand and compared with what the models give."""

from pathlib import Path

import duckdb
import pytest

from tests.dbt_fixture import compiled, fetch
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


def test_absences_that_meet_no_position_make_the_figure_missing_never_zero(
    warehouse: Path,
) -> None:
    june = D(2013, 6, 1)
    assert metric(warehouse, "strangers", june, "sick_leave_pct")[2:] == (None, False)
    for part in ("attendance_pct", "sick_leave_short_pct", "self_certified_pct"):
        assert metric(warehouse, "strangers", june, part)[2:] == (None, False)
    assert metric(warehouse, "strangers", D(2013, 7, 1), "sick_leave_pct")[2] == 0.0
    assert metric(warehouse, "strangers", D(2013, 8, 1), "sick_leave_pct")[0] == 5.0
    reasons = fetch(
        warehouse,
        "select distinct missing_reason from marts.fct_metric_months where group_id = 'strangers'"
        " and month = date '2013-06-01' and metric_id in ('sick_leave_pct', 'attendance_pct')",
    )
    assert reasons == [("unmatched_absences",)]


def test_one_absence_in_twenty_two_that_meets_no_position_leaves_the_figure(
    warehouse: Path,
) -> None:
    # 4 x 5 days meet a position, 2 days of an hourly paid do not: 9 per cent of what was reported
    numerator, denominator, *_ = metric(warehouse, "most_meet", D(2013, 6, 1), "sick_leave_pct")
    assert (numerator, denominator) == (20.0, 120.0)
    assert metric(warehouse, "most_meet", D(2013, 9, 1), "sick_leave_pct")[2:] == (None, False)


def test_a_total_leaves_out_the_whole_unit_whose_sick_days_are_unknown(warehouse: Path) -> None:
    (total,) = fetch(
        warehouse,
        "select denominator from intermediate.int_metric_levels where level = 'municipality'"
        " and metric_id = 'sick_leave_pct' and month = date '2013-06-01'",
    )
    (units,) = fetch(
        warehouse,
        "select sum(value) from intermediate.int_measures_unioned where measure_id = 'agreed_days'"
        " and month = date '2013-06-01' and unit_id <> 'strangers'",
    )
    assert total[0] == pytest.approx(units[0])


def test_every_spell_says_whether_and_why_it_met_no_position(warehouse: Path) -> None:
    found = fetch(
        warehouse,
        "select person_id, match_result from intermediate.int_sick_leave__matches"
        " where person_id in ('nobody', 'met1') or (person_id = 'hour' and unit_id = 'most_meet')"
        " order by person_id",
    )
    assert found == [("hour", "hourly_paid"), ("met1", "matched"), ("nobody", "unknown_person")]


def test_a_month_is_settled_when_no_case_in_it_can_change_group_any_more(warehouse: Path) -> None:
    # delivered to the end of December 2014: a case of 31 October is long on Friday the 26th, a
    # holiday, so it is known on Monday the 29th; one of 30 November is known on 26 January
    settled = dict(
        fetch(
            warehouse,
            "select month, is_settled from intermediate.int_months"
            " where month >= date '2014-09-01'",
        )
    )
    assert settled == {
        D(2014, 9, 1): True,
        D(2014, 10, 1): True,
        D(2014, 11, 1): False,
        D(2014, 12, 1): False,
        D(2015, 1, 1): False,
    }
    waiting = fetch(
        warehouse,
        "select metric_id from intermediate.int_metrics where is_by_duration order by metric_id",
    )
    assert [metric for (metric,) in waiting] == [
        "pay_net_per_fte_nok",
        "sick_leave_long_pct",
        "sick_leave_medium_pct",
        "sick_leave_short_pct",
        "substitute_net_pct",
    ]


def test_before_the_register_begins_nothing_waits_for_it(warehouse: Path) -> None:
    # what is shown with a part by duration has months of its own, as the accounts of earlier years
    sql = compiled("int_months", warehouse.parent / "definitions-target")
    register = '"intermediate"."int_sick_leave__months_delivered"'
    with duckdb.connect(str(warehouse), read_only=True) as con:
        for begins, waiting in (("2014-06-01", True), ("9999-01-01", False)):
            told = f"(select month from {register} where month >= date '{begins}')"
            settled = dict(
                con.execute(
                    f"select month, is_settled from ({sql.replace(register, told)})"
                ).fetchall()
            )
            assert {each for month, each in settled.items() if month < D(2014, 6, 1)} == {True}
            # the months before it in the warehouse may come yet, and make its first cases longer
            assert settled[D(2014, 6, 1)] is settled[D(2014, 7, 1)] is not waiting
            assert settled[D(2014, 8, 1)]
            assert settled[D(2014, 12, 1)] is not waiting


@pytest.mark.parametrize(
    ("begins", "lacking", "waiting"),
    [
        ("2012-12-01", "2013-03-01", []),
        ("2013-03-01", "2013-05-01", [6, 7]),
        ("2013-05-01", "2013-04-01", []),
        ("2013-06-01", "2013-05-01", []),
        ("2013-07-01", "2013-05-01", [7, 8]),
    ],
)
def test_a_warehouse_that_begins_inside_the_register_waits_for_the_months_before_it(
    warehouse: Path, begins: str, lacking: str, waiting: list[int]
) -> None:
    # the warehouse begins in June 2013 and the register in another month, with or without a gap
    sql = compiled("int_months", warehouse.parent / "definitions-target")
    register = '"intermediate"."int_sick_leave__months_delivered"'
    ranged = '"intermediate"."int_data_range"'
    told = (
        f"(select distinct month from intermediate.int_days where month >= date '{begins}'"
        f" and month <= date '2014-12-01' and month <> date '{lacking}')"
    )
    short = f"(select * replace (date '2013-06-01' as first_month) from {ranged})"
    sql = sql.replace(register, told).replace(ranged, short)
    with duckdb.connect(str(warehouse), read_only=True) as con:
        settled = con.execute(
            f"select month, is_settled from ({sql}) where month < date '2014-06-01' order by month"
        ).fetchall()
    assert settled[0][0] == D(2013, 6, 1)
    assert [month.month for month, is_settled in settled if not is_settled] == waiting


def test_a_month_delivered_late_would_make_the_cases_after_it_longer(warehouse: Path) -> None:
    sql = compiled("int_months", warehouse.parent / "definitions-target")
    register = '"intermediate"."int_sick_leave__months_delivered"'
    told = f"(select month from {register} where month <> date '2014-05-01')"
    with duckdb.connect(str(warehouse), read_only=True) as con:
        settled = dict(
            con.execute(
                f"select month(month), is_settled from ({sql.replace(register, told)})"
                " where year(month) = 2014"
            ).fetchall()
        )
    assert [month for month, is_settled in sorted(settled.items()) if not is_settled] == [
        *(3, 4, 5, 6, 7),
        *(11, 12),
    ]
