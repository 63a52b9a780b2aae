"""The comparison-based effects of the example, from the exports to the published tables.

What was planted in one unit's own services cannot be compared: there are three to twelve such
units, and eight that have not started are needed. The honest answer there is too little data.
"""

from pathlib import Path

import pytest

from tests.conftest import pukk
from tests.published import planted_effects, published, warehouse

pytestmark = pytest.mark.integration

TABLES = (
    "mart_effects",
    "mart_effects_pooled",
    "mart_effect_checks",
    "mart_effect_diagnostics",
)


def verdict(home: Path, unit_id: str, metric_id: str) -> tuple[str, str | None]:
    (row,) = published(
        home,
        "select verdict, reason from mart_effects"
        f" where unit_id = '{unit_id}' and metric_id = '{metric_id}'",
    )
    return row


@pytest.mark.parametrize(
    ("unit", "metric"),
    [
        ("u0410", "waiting_days_mean"),
        ("u0420", "reports_within_7_days_pct"),
        ("u0620", "reports_within_5_days_pct"),
    ],
)
def test_a_service_that_few_units_have_is_not_judged(
    example_home: Path, unit: str, metric: str
) -> None:
    (n_others,) = published(
        example_home,
        "select count(distinct group_id) - 1 from fct_metric_months where level = 'unit'"
        f" and metric_id = '{metric}' and value is not null",
    )[0]
    assert n_others < 5
    assert verdict(example_home, unit, metric) == ("too_little_data", "few_untreated")


@pytest.mark.parametrize(
    ("unit", "found"), [("u0312", "improved"), ("u0316", "no_detectable_change")]
)
def test_a_service_that_nine_units_have_is_judged_with_as_many_df_as_wait(
    example_home: Path, unit: str, found: str
) -> None:
    assert verdict(example_home, unit, "falls_per_1000")[0] == found
    rows = published(
        example_home, "select distinct df from mart_effects where metric_id = 'falls_per_1000'"
    )
    assert {df for (df,) in rows if df is not None} <= set(range(3, 9))


def test_a_pay_figure_after_a_budget_cut_is_not_interpreted(example_home: Path) -> None:
    assert verdict(example_home, "u0620", "substitute_pct") == ("not_interpretable", "budget_cut")
    assert verdict(example_home, "u0620", "overtime_pct") == ("not_interpretable", "budget_cut")


def test_no_unit_gets_a_better_result_where_nothing_was_planted(example_home: Path) -> None:
    improved = set(
        published(
            example_home, "select unit_id, metric_id from mart_effects where verdict = 'improved'"
        )
    )
    assert improved <= planted_effects(example_home)


def test_most_units_are_judged_on_total_sick_leave_and_all_of_them_together_show_no_effect(
    example_home: Path,
) -> None:
    rows = published(
        example_home,
        "select n_units, lo, hi from mart_effects_pooled where metric_id = 'sick_leave_pct'"
        " and group_type = 'all' and kind = 'window' and first_month_after = 0"
        " and last_month_after = 23",
    )
    ((n_units, low, high),) = rows
    assert n_units >= 25
    assert low < 0 < high
    assert high - low < 4


def test_a_row_that_is_not_judged_has_no_effect_and_a_hidden_row_has_no_figure_at_all(
    example_home: Path,
) -> None:
    counted = published(
        example_home,
        "select count(*) filter (verdict = 'suppressed'),"
        " count(*) filter (verdict = 'suppressed' and coalesce(n_before, mean_before, mean_after,"
        " naive_delta, cf_delta, months_after) is not null),"
        " count(*) filter (verdict = 'too_little_data' and coalesce(cf_delta, q) is not null),"
        " count(*) filter (verdict in ('improved', 'worsened', 'no_detectable_change')"
        " and (cf_delta is null or (q is null) <> (basis = 'registered')))"
        " from mart_effects",
    )
    ((n_hidden, *broken),) = counted
    assert n_hidden > 0
    assert broken == [0, 0, 0]


def test_no_figure_comes_from_more_months_than_anyone_may_see(example_home: Path) -> None:
    assert not published(
        example_home,
        "with seen as (select group_id as unit_id, metric_id, month from fct_metric_months"
        " where level = 'unit' and value is not null)"
        " select e.unit_id, e.metric_id from mart_effects as e left join seen using (unit_id,"
        " metric_id) group by e.unit_id, e.metric_id having max(e.n_before) >"
        " count(*) filter (seen.month < e.lean_start) or max(e.n_after) >"
        " count(*) filter (seen.month >= e.lean_start)",
    )


def test_every_metric_says_whether_its_model_holds(example_home: Path) -> None:
    checks = dict(published(example_home, "select metric_id, failures from mart_effect_checks"))
    assert checks["sick_leave_pct"] == ""
    assert "n_units" in checks["waiting_days_mean"]
    # months of parts are fitted on the restricted side, and only all units' mean of a window leaves
    assert checks["sick_leave_short_pct"] == ""
    (measured,) = published(
        example_home, "select * from mart_effect_checks where metric_id = 'sick_leave_short_pct'"
    )
    assert not any(isinstance(value, float) for value in measured)
    judged = {m for (m,) in published(example_home, "select metric_id from mart_effects_pooled")}
    assert judged
    assert all(checks[metric] == "" for metric in judged)
    assert published(
        example_home,
        "select distinct group_type, kind, first_month_after, last_month_after, n_units >= 5"
        " from mart_effects_pooled where metric_id = 'sick_leave_short_pct'",
    ) == [("all", "window", 0, 23, True)]
    assert "attendance_pct" not in checks


def test_the_second_gate_looked_at_every_table(example_home: Path) -> None:
    checked = warehouse(
        example_home,
        "select distinct table_name from ops.quality_results"
        " where gate = 'outbound' and contract_id = 'effects' and success",
    )
    assert {name for (name,) in checked} == set(TABLES)


def test_the_result_tells_the_pooled_comparison(example_home: Path) -> None:
    pilots = pukk("result", home=example_home).stdout
    assert "Mot enheter som ikke har startet, alle enheter samlet" in pilots
    assert "- Lean-enhetene samlet: sykefravær" in pilots


def test_where_no_unit_has_started_the_tables_are_published_empty(nhs_home: Path) -> None:
    for table in TABLES:
        assert published(nhs_home, f"select count(*) from {table}", "nhs_england") == [(0,)]
