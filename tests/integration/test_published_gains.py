"""The published example tells identified, realised and measured gains apart."""

import pytest

from tests.conftest import pukk
from tests.published import published

pytestmark = pytest.mark.integration


def test_identified_and_realised_are_the_registers_own_sums(example_home):
    rows = published(
        example_home,
        "select round(identified_fte, 6), round(realised_fte, 6) from mart_gain_checks"
        " where scope_type = 'municipality'",
    )
    assert rows == [(49.4, 36.3)]


def test_the_cycles_add_up_to_the_municipality_in_each_column(example_home):
    for column in ("identified_fte", "realised_fte", "realised_counted_fte"):
        ((cycles, all_units),) = published(
            example_home,
            f"select sum({column}) filter (scope_type = 'cycle'),"
            f" sum({column}) filter (scope_type = 'municipality') from mart_gain_checks",
        )
        assert cycles == pytest.approx(all_units)


def test_the_model_of_paid_fte_passes_its_checks_on_log_scale(example_home):
    assert published(
        example_home,
        "select scale, coalesce(failures, '') from mart_effect_checks where metric_id = 'paid_fte'",
    ) == [("log", "")]


def test_the_sum_is_measured_with_an_interval_and_judged(example_home):
    ((low, estimate, high, n_units, status),) = published(
        example_home,
        "select measured_lo, measured_fte, measured_hi, n_units_measured, status"
        " from mart_gain_checks where scope_type = 'municipality'",
    )
    assert low < estimate < high
    assert n_units >= 30
    assert status not in {"no_measurement", "nothing_realised"}


def test_a_unit_whose_budget_was_cut_near_the_start_is_not_interpreted(example_home):
    assert published(
        example_home,
        "select status, measured_fte, reason from mart_gain_checks where scope_id = 'S-0620-1'",
    ) == [("not_interpretable", None, "budget_cut")]


def test_the_planted_double_claim_is_an_error_that_stopped_nothing(example_home):
    ((gain_id, other),) = published(
        example_home,
        "select gain_id, other_gain_id from mart_gain_issues where severity = 'error'",
    )
    assert gain_id != other
    assert published(
        example_home, f"select realised_counted_fte from mart_gains where gain_id = '{gain_id}'"
    ) == [(0.0,)]
    assert published(
        example_home,
        "select severity, success from mart_data_quality where rule_id = 'no_gain_counted_twice'",
    ) == [("warning", False)]


def test_no_reference_to_a_position_is_published(example_home):
    columns = published(
        example_home,
        "select table_name, column_name from duckdb_columns() where column_name like '%_ref'"
        " or column_name = 'reference'",
    )
    assert columns == []


def test_the_cost_of_lean_stands_beside_what_was_realised(example_home):
    ((set_aside, cost, realised, per_fte),) = published(
        example_home,
        "select set_aside_nok, cost_so_far_nok, realised_so_far_fte,"
        " cost_per_realised_fte_so_far_nok from mart_lean_costs where year = 2013",
    )
    assert set_aside == 2_500_000
    assert per_fte == pytest.approx(cost / realised)


def test_pukk_gains_shows_three_columns_and_the_status_in_words(example_home):
    shown = pukk("gains", home=example_home).stdout
    for word in ("Identifisert", "Realisert", "Målt", "Hele kommunen", "aldri legges sammen"):
        assert word in shown
