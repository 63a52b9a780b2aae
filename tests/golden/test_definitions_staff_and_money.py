"""The definitions of staff and money, worked out by hand and compared with what the models give."""

from pathlib import Path
from typing import Any

import pytest

from tests.dbt_fixture import fetch
from tests.golden.definitions_town import D, definitions_warehouse, measure, metric


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    return definitions_warehouse(tmp_path_factory, worker_id)


def test_agreed_days_are_working_days_times_share_and_include_sick_leave(warehouse: Path) -> None:
    # January 2012: 22 working days less New Year's Day, which was a Sunday = 22
    assert measure(warehouse, "graded", D(2012, 1, 1), "agreed_days") == pytest.approx(22 * 2.2)


def test_hourly_paid_have_no_agreed_days_and_no_sick_days(warehouse: Path) -> None:
    assert metric(warehouse, "hourly", D(2012, 2, 1), "sick_leave_pct") == (
        None,
        None,
        None,
        False,
    )
    assert measure(warehouse, "hourly", D(2012, 2, 1), "n_employees") == 1
    assert measure(warehouse, "hourly", D(2012, 2, 1), "agreed_fte") == 0.0


def test_zero_denominator_gives_no_value_and_says_so(warehouse: Path) -> None:
    assert metric(warehouse, "graded", D(2012, 1, 1), "falls_per_1000") == (3.0, 0.0, None, True)
    reasons = fetch(
        warehouse,
        "select distinct missing_reason from marts.fct_metric_months where group_id = 'graded'"
        " and metric_id = 'falls_per_1000' and month = date '2012-01-01'",
    )
    assert reasons == [("zero_denominator",)]


def _published(warehouse: Path, group: str, metric_id: str, month: D) -> tuple[Any, ...]:
    (row,) = fetch(
        warehouse,
        "select numerator, denominator, value, missing_reason, missing.label_nb is not null"
        " from marts.fct_metric_months as months left join marts.dim_labels as missing"
        " on missing.domain = 'absent_figure' and missing.code = months.missing_reason"
        f" where group_id = '{group}' and metric_id = '{metric_id}' and month = date '{month}'",
    )
    return row


def test_negative_pay_makes_the_month_missing_and_counts_in_its_sums(warehouse: Path) -> None:
    for metric_id in ("overtime_pct", "substitute_pct"):
        assert _published(warehouse, "reversal", metric_id, D(2011, 2, 1)) == (
            None, None, None, "negative_denominator", True
        )  # fmt: skip
    # the sector in February: the unit "ledger" has paid 100 000 and no overtime
    assert _published(warehouse, "s", "overtime_pct", D(2011, 2, 1)) == (
        5_000, 50_000, 10, None, False
    )  # fmt: skip
    year = fetch(
        warehouse,
        "select overtime_nok from intermediate.int_ledger__year_totals"
        " where scope_id = 'reversal' and year = 2011 and art_group = 'all'",
    )
    assert year == [(5_000 + 5_000 + 2e15,)]


def test_a_figure_beyond_what_the_metric_can_be_is_missing_and_in_no_total(
    warehouse: Path,
) -> None:
    gone = (None, None, None, "impossible_value", True)
    # 50 reviews among 40 residents, and amounts no sum can hold
    assert _published(warehouse, "graded", "medication_review_pct", D(2012, 1, 1)) == gone
    assert _published(warehouse, "reversal", "overtime_pct", D(2011, 3, 1)) == gone
    # nobody known to stand behind what is left of the sector: it is hidden, and not said why
    hidden = (*gone[:3], None, False)
    assert _published(warehouse, "s", "overtime_pct", D(2011, 3, 1)) == hidden


def test_a_denominator_whose_numerator_is_not_delivered_is_not_shown(warehouse: Path) -> None:
    alone = fetch(
        warehouse,
        "select count(*) from marts.fct_metric_months where missing_reason = 'no_data'"
        " and (value is not null or numerator is not null or denominator is not null)",
    )
    known = fetch(
        warehouse,
        "select count(*) > 0 from intermediate.int_metric_levels"
        " where missing_reason = 'no_data' and denominator is not null",
    )
    assert (alone, known) == ([(0,)], [(True,)])


def test_leavers_movers_and_stayers_are_told_apart(warehouse: Path) -> None:
    assert measure(warehouse, "leavers", D(2012, 3, 1), "leavers") == 1
    assert measure(warehouse, "leavers", D(2012, 3, 1), "movers") == 1
    assert measure(warehouse, "leavers", D(2012, 3, 1), "permanent_staff") == 3


def test_reorganisation_is_not_turnover(warehouse: Path) -> None:
    assert measure(warehouse, "old_unit", D(2012, 6, 1), "leavers") == 0
    assert measure(warehouse, "old_unit", D(2012, 6, 1), "movers") == 0


def test_latest_delivery_of_a_key_wins(warehouse: Path) -> None:
    assert measure(warehouse, "restated", D(2012, 3, 1), "agreed_fte") == pytest.approx(0.5)


def test_months_hold_periods_one_to_twelve_of_operating_accounts_only(warehouse: Path) -> None:
    assert measure(warehouse, "ledger", D(2011, 1, 1), "fixed_pay_nok") == 100_000
    assert measure(warehouse, "ledger", D(2011, 2, 1), "overtime_nok") == 0
    assert measure(warehouse, "ledger", D(2011, 2, 1), "revised_budget_nok") is None
    assert measure(warehouse, "ledger", D(2011, 3, 1), "accounts_nok") is None


def test_pay_is_gross_or_net_of_the_refund(warehouse: Path) -> None:
    assert measure(warehouse, "ledger", D(2011, 1, 1), "pay_gross_nok") == 149_000
    assert measure(warehouse, "ledger", D(2011, 1, 1), "pay_net_nok") == 137_000
    assert metric(warehouse, "ledger", D(2011, 1, 1), "substitute_pct")[2] == pytest.approx(30)
    assert metric(warehouse, "ledger", D(2011, 1, 1), "substitute_net_pct")[2] == pytest.approx(18)


def test_budget_deviation_is_positive_when_less_is_spent(warehouse: Path) -> None:
    deviation = metric(warehouse, "ledger", D(2011, 1, 1), "budget_deviation_pct")[2]
    assert deviation == pytest.approx(100 * (150_000 - 137_000) / 150_000)


def test_closing_entries_count_in_the_year(warehouse: Path) -> None:
    rows = fetch(
        warehouse,
        "select art_group, accounts_nok, original_budget_nok"
        " from intermediate.int_ledger__year_totals where scope_id = 'ledger'"
        " and art_group in ('base_pay', 'substitute') order by 1",
    )
    assert rows == [("base_pay", 207_000.0, None), ("substitute", 30_000.0, 400_000.0)]


def test_substitutes_and_refund_stand_in_the_same_row(warehouse: Path) -> None:
    rows = fetch(
        warehouse,
        "select accounts_nok, revised_budget_nok, substitute_nok, sick_pay_refund_nok,"
        " substitute_net_nok from intermediate.int_ledger__year_totals"
        " where scope_id = 'restated' and art_group = 'substitute'",
    )
    assert rows == [(25_759_892.0, 15_654_774.0, 25_759_892.0, -12_645_997.0, 13_113_895.0)]


def test_a_sum_has_its_deviation_in_words_and_the_groups_have_names(
    warehouse: Path,
) -> None:
    rows = fetch(
        warehouse,
        "select deviation_nok = revised_budget_nok - accounts_nok, deviation_nb, art_group_en"
        " from marts.mart_economy_totals where scope_type = 'municipality' and year = 2011"
        " and art_group = 'base_pay'",
    )
    assert rows == [(True, "merforbruk", "Fixed pay")]
    names = fetch(warehouse, "select art_group, art_group_nb, art_group_en from marts.mart_economy")
    assert all(nb and en for _, nb, en in names)
    assert ("sick_pay_refund", "Sykelønnsrefusjon", "Sick-pay refund") in names


def test_pay_of_one_person_is_in_no_row_and_pay_of_fourteen_is(warehouse: Path) -> None:
    shown = "select unit_id, accounts_nok is not null, overtime_nok is not null, suppression_reason"
    rows = fetch(
        warehouse,
        f"{shown} from marts.mart_economy_totals where unit_id in"
        " ('ledger', 'restated', 'reversal')"
        " and art_group = 'all' and year = 2011 order by 1",
    )
    # of the fourteen the refund is hidden, and there is nothing but pay beside it: with the total
    # shown it would be what is left
    assert rows == [
        ("ledger", False, False, "secondary"),
        ("restated", False, False, "few_persons"),
        ("reversal", False, False, "secondary"),
    ]
    lines = fetch(
        warehouse,
        "select count(*) from marts.mart_economy where unit_id = 'restated' and ("
        "accounts_nok is not null or deviation_nok is not null or substitute_nok is not null"
        " or sick_pay_refund_nok is not null or substitute_net_nok is not null)",
    )
    assert lines == [(0,)]


def test_all_units_together_are_the_sum_of_the_units(warehouse: Path) -> None:
    (apart,) = fetch(
        warehouse,
        "select sum(accounts_nok) from intermediate.int_ledger__year_totals"
        " where scope_type = 'unit' and art_group not in ('all', 'operations')",
    )
    (together,) = fetch(
        warehouse,
        "select sum(accounts_nok) from marts.mart_economy_totals"
        " where scope_type = 'municipality' and art_group = 'all'",
    )
    assert together == pytest.approx(apart)
