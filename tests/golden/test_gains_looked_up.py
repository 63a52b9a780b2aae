"""Gains in a small town worked out by hand: held against paid FTE, budgets, positions and costs."""

import pytest

from tests.dbt_fixture import fetch
from tests.golden.gains_town import UNITS, gains_warehouse
from tests.statistics.method_tables import text_of


@pytest.fixture(scope="module")
def town(tmp_path_factory, worker_id):
    return gains_warehouse(tmp_path_factory, worker_id)


def check(town, unit, columns="status"):
    (row,) = fetch(
        town, f"select {columns} from marts.mart_gain_checks where scope_id = 'c-{unit}'"
    )
    return row


def gain(town, gain_id, columns):
    (row,) = fetch(town, f"select {columns} from marts.mart_gains where gain_id = '{gain_id}'")
    return row


@pytest.mark.parametrize(
    ("unit", "status"),
    [
        ("confirmed", "confirmed"),
        ("more", "more_than_reported"),
        ("partly", "partly"),
        ("not_seen", "not_seen"),
        ("increased", "increased"),
        ("cannot_tell", "cannot_tell"),
        ("cut", "not_interpretable"),
        ("small", "no_measurement"),
        ("bare", "without_evidence"),
        ("twice", "double_counted"),
        ("nothing", "nothing_realised"),
        ("office", "no_measurement"),
    ],
)
def test_each_unit_has_the_status_its_interval_and_its_evidence_give(town, unit, status):
    assert check(town, unit) == (status,)


def test_a_percentage_is_told_in_fte_of_what_would_have_been_paid(town):
    measured, low, high = check(town, "confirmed", "measured_fte, measured_lo, measured_hi")
    assert measured == pytest.approx(10 - 10 / 0.91)
    assert low == pytest.approx(10 - 10 / 0.86)
    assert high == pytest.approx(10 - 10 / 0.97)


def test_the_sum_is_judged_over_the_units_and_months_that_were_measured(town):
    (row,) = fetch(
        town,
        "select n_units_measured, identified_fte, realised_fte, realised_counted_fte,"
        " realised_compared_fte, measured_fte, status from marts.mart_gain_checks"
        " where scope_type = 'municipality'",
    )
    # realised: 8 of one unit each, first, twice, bare, 4 savings, .8 + .8 and 2 of 3 in the office;
    # held against: 6 units whose interval is known, first, and the 4 savings
    assert row[:5] == pytest.approx((11, 20.0, 18.6, 16.6, 11.0))
    assert row[5] == pytest.approx(110 - 110 / 0.93)
    assert row[6] == "confirmed"


def test_a_group_without_a_pooled_effect_is_not_measured(town):
    found = fetch(town, "select status from marts.mart_gain_checks where scope_type = 'wave'")
    assert found == [("no_measurement",)]


def test_lower_sick_leave_is_capacity_beside_and_in_no_sum(town):
    capacity, realised = check(town, "confirmed", "sick_leave_capacity_fte, realised_fte")
    assert capacity == pytest.approx(0.2)
    assert realised == 1.0


def test_the_same_position_in_two_gains_is_an_error_with_both_and_the_later_is_not_counted(town):
    assert fetch(
        town,
        "select gain_id, other_gain_id from marts.mart_gain_issues where issue = 'double_counted'"
        " and severity = 'error'",
    ) == [("g-twice", "g-first")]
    columns = "realised_fte, realised_counted_fte, is_double_counted, check_status"
    assert gain(town, "g-twice", columns) == (1.0, 0.0, True, "double_counted")
    assert gain(town, "g-first", columns) == (1.0, 1.0, False, "confirmed")


def test_claims_without_evidence_use_kind_or_a_gain_are_told(town):
    found = fetch(
        town,
        "select issue, string_agg(gain_id, ' ' order by gain_id) from marts.mart_gain_issues"
        " group by issue order by issue",
    )
    assert found == [
        ("above_identified", "g-above"),
        ("double_counted", "g-twice"),
        ("saving_not_found", "s-missing"),
        ("unknown_gain", "unknown"),
        ("without_evidence", "g-bare"),
        ("without_kind", "g-noted"),
        ("without_use", "g-noted"),
    ]


def test_a_dropped_gain_is_not_identified_and_has_no_status(town):
    assert gain(town, "g-dropped", "is_dropped, check_status") == (True, None)
    assert check(town, "nothing", "identified_fte, n_gains") == (1.0, 2)


@pytest.mark.parametrize(
    ("gain_id", "expected"),
    [
        ("s-found", ("found", 2011, 2013, 100_000.0)),
        ("s-partly", ("partly", 2011, 2013, 40_000.0)),
        ("s-missing", ("not_found", 2011, 2013, -10_000.0)),
        ("s-unseen", ("cannot_see", 2011, 2013, None)),
    ],
)
def test_a_saving_is_looked_up_in_its_budget_line(town, gain_id, expected):
    assert fetch(
        town,
        "select saving_status, year_before, year_after, reduction_nok"
        f" from marts.mart_gain_savings where gain_id = '{gain_id}'",
    ) == [expected]


@pytest.mark.parametrize(
    ("gain_id", "expected"),
    [
        ("g-first", ("still_there", 1.0, "still_there", 1.0)),
        ("l-filled", ("still_there", 1.0, "gone", 0.0)),
        ("l-lost", ("gone", 0.0, "gone", 0.0)),
        ("l-better", ("still_there", 1.0, "gone", 0.0)),
        ("s-found", ("still_there", 1.0, "cannot_see", None)),
        ("g-confirmed", ("cannot_see", None, "cannot_see", None)),
        ("g-twice", (None, None, None, None)),
    ],
)
def test_a_gain_counts_in_later_years_while_what_it_refers_to_is_still_gone(
    town, gain_id, expected
):
    columns = "lasting_year_1, realised_fte_year_1, lasting_year_2, realised_fte_year_2"
    assert gain(town, gain_id, columns) == expected


def test_whom_to_contact_about_accessibility_is_published_as_configured(town):
    found = fetch(town, "select accessibility_contact from marts.mart_municipality")
    assert found == [("Servicetorget, post@test.no",)]


def test_costs_are_course_hours_and_the_development_unit_beside_what_was_realised(town):
    rows = fetch(
        town,
        "select year, n_course_days_uncounted, course_nok, development_unit_nok, set_aside_nok,"
        " cost_nok, realised_fte, cost_per_realised_fte_nok, cost_per_realised_fte_so_far_nok"
        " from marts.mart_lean_costs where year between 2012 and 2013 order by year",
    )
    course = 20 * 5 * 700_000 / 1750
    assert rows[0] == pytest.approx((2012, 1, course, None, None, course, 19.6, course / 19.6,
                                     course / 19.6))  # fmt: skip
    assert rows[1] == pytest.approx((2013, None, None, 2e6, 5e5, 2e6, -1.0, None,
                                     (course + 2e6) / 18.6))  # fmt: skip


EXAMPLES = {
    "A": "confirmed", "B": "partly", "C": "not_seen", "D": "cannot_tell", "E": "bare", "F": "first",
    "G": "twice", "H": "cut",
}  # fmt: skip


@pytest.mark.parametrize(("name", "unit"), EXAMPLES.items())
def test_the_worked_example_of_the_documentation_has_this_status(town, name, unit):
    shown = text_of("gains").split("## Worked example")[1]
    (row,) = [line for line in shown.splitlines() if line.startswith(f"| {name} |")]
    columns = "status, measured_fte, measured_lo, measured_hi, paid_fte_after"
    status, fte, low, high, paid = check(town, unit, columns)
    assert f"`{status}`" in row
    if unit == "cut":
        assert fte is None
        return
    assert paid == 10
    signed = ["0.00" if round(value, 2) == 0 else f"{value:+.2f}" for value in (fte, low, high)]
    assert f"| {signed[0]} ({signed[1]} to {signed[2]}) |" in row
    effect = UNITS[unit]
    assert f"| {effect[0]:.0f} % ({effect[1]:.0f} to {effect[2]:+.0f}) |" in row


def test_the_worked_examples_of_sums_savings_and_costs_are_what_the_marts_give(town):
    shown = text_of("gains").split("## Worked example")[1]
    units = ", ".join(f"'c-{unit}'" for name, unit in EXAMPLES.items() if name != "H")
    (sums,) = fetch(
        town,
        "select sum(realised_fte), sum(realised_counted_fte) from marts.mart_gain_checks"
        f" where scope_id in ({units})",
    )
    assert f"Of A to G, {sums[0]:.0f} FTE are reported and {sums[1]:.0f} counted" in shown
    savings = dict(
        fetch(town, "select gain_id, saving_status from marts.mart_gain_savings"),
    )
    assert f"900 000 in 2013, so it is `{savings['s-found']}`" in shown
    assert f"500 000 and 460 000 it is `{savings['s-partly']}` found (40 000)" in shown
    assert f"300 000 and 310 000 `{savings['s-missing']}`" in shown
    lasting = gain(town, "l-filled", "realised_fte_year_1, lasting_year_2, realised_fte_year_2")
    assert (
        f"one year on ({lasting[0]:.0f} FTE) and is `{lasting[1]}` two years on"
        f" ({lasting[2]:.0f} FTE)" in shown
    )
    (cost,) = fetch(town, "select course_nok from marts.mart_lean_costs where year = 2012")
    assert f"= {cost[0]:,.0f} kroner".replace(",", " ") in shown
