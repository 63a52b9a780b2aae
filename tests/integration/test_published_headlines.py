"""What was planted in the example comes out through the headline, and nothing else does.

The truths are in ``example.yml``; the headlines are read from the published file.
"""

from pathlib import Path

import pytest

from tests.conftest import pukk
from tests.published import planted_effects, published, warehouse

pytestmark = pytest.mark.integration

TABLES = {"mart_headlines", "mart_overview"}


def headline(home: Path, unit_id: str, metric_id: str, columns: str) -> tuple[object, ...]:
    (row,) = published(
        home,
        f"select {columns} from mart_headlines"
        f" where unit_id = '{unit_id}' and metric_id = '{metric_id}' and cycle_no = 1",
    )
    return row


@pytest.mark.parametrize(
    ("unit", "metric", "code", "basis"),
    [
        # lasting, in a metric all units have
        ("u0312", "overtime_pct", "improved_lasting", "comparison"),
        ("u0322", "overtime_pct", "improved_lasting", "comparison"),
        ("u0342", "overtime_pct", "improved_lasting", "comparison"),
        ("u0411", "overtime_pct", "improved_lasting", "comparison"),
        # fading after fourteen months
        ("u0330", "overtime_pct", "improved_then_lost", "comparison"),
        ("u0330", "direct_time_pct", "improved_then_lost", "comparison"),
        ("u0330", "missed_visits_per_1000", "improved_then_lost", "comparison"),
        # lasting, in a service that nine units have
        ("u0312", "falls_per_1000", "improved_lasting", "comparison"),
        # in services of three or four units: the chart alone
        ("u0410", "waiting_days_mean", "association_improved", "chart"),
        ("u0420", "investigations_within_3_months_pct", "association_improved", "chart"),
        # planted, and within what so few units do by themselves: no more than a sign
        ("u0420", "reports_within_7_days_pct", "association_sign", "chart"),
        # cuts that nobody registered: a large one voids what is linked to costs
        ("u0213", "overtime_pct", "not_interpretable", "none"),
        ("u0215", "overtime_pct", "not_interpretable", "none"),
        # chosen after a bad year
        ("u0316", "sick_leave_pct", "cannot_tell", "comparison"),
        ("u0316", "falls_per_1000", "cannot_tell", "comparison"),
        ("u0316", "overtime_pct", "practically_unchanged", "comparison"),
        # a budget cut at the same time
        ("u0620", "overtime_pct", "not_interpretable", "none"),
        ("u0620", "substitute_pct", "not_interpretable", "none"),
        # four persons
        ("u0110", "sick_leave_pct", "suppressed", "none"),
        ("u0110", "sick_leave_short_pct", "suppressed", "none"),
    ],
)
def test_a_planted_truth_is_the_headline(
    example_home: Path, unit: str, metric: str, code: str, basis: str
) -> None:
    assert headline(example_home, unit, metric, "headline, basis") == (code, basis)


def test_the_found_effects_passed_the_gates_and_contain_what_was_planted(
    example_home: Path,
) -> None:
    for unit, change in (("u0312", -0.4), ("u0322", -0.4), ("u0342", -0.4), ("u0411", -0.5)):
        q, low, high, before = headline(
            example_home, unit, "overtime_pct", "q, estimate_lo, estimate_hi, value_before"
        )
        assert q <= 0.1
        assert low <= change * before <= high


def test_the_bad_year_that_corrected_itself_is_exposed_in_figures(example_home: Path) -> None:
    lowered, before, after, anyway = headline(
        example_home, "u0316", "sick_leave_pct", "lowered_by, value_before, value_after, anyway"
    )
    delta = after - before
    ((sentence,),) = published(
        example_home,
        "select said.text from mart_sentences as said inner join mart_headlines as h"
        " on said.row_key = concat_ws('/', h.cycle_id, h.metric_id)"
        " where said.table_name = 'mart_headlines' and said.sentence = 'sentence'"
        " and said.language = 'nb' and h.unit_id = 'u0316' and h.metric_id = 'sick_leave_pct'"
        " and h.cycle_no = 1",
    )
    assert delta < -1
    assert anyway == pytest.approx(delta, abs=1)
    assert lowered == "bad_start_year"
    assert (
        "ville trolig kommet uansett, fordi enheten startet etter et uvanlig dårlig år" in sentence
    )


def test_a_cut_budget_lowers_what_it_does_not_void(example_home: Path) -> None:
    code, lowered = headline(
        example_home, "u0620", "reports_within_5_days_pct", "headline, lowered_by"
    )
    assert code == "association_improved"
    assert "budget_cut" in lowered


def test_a_small_cut_that_nobody_registered_stands_beside_the_verdict(example_home: Path) -> None:
    code, lowered = headline(example_home, "u0411", "overtime_pct", "headline, lowered_by")
    assert code == "improved_lasting"
    assert "budget_cut" in lowered
    assert not published(
        example_home,
        "select 1 from mart_events where unit_id = 'u0411' and event_type = 'budget_cut'",
    )


def test_a_planted_cut_that_nobody_registered_is_found_and_voids_what_is_linked_to_costs(
    example_home: Path,
) -> None:
    unit = "u0420"
    assert not published(example_home, f"select 1 from mart_events where unit_id = '{unit}'")
    ((found,),) = published(
        example_home,
        f"select value from mart_pitfalls where scope_id = '{unit}' and signal_id = 'budget_cut'"
        " and status = 'signal'",
    )
    # eight per cent less from 2012, in fixed prices
    assert found == pytest.approx(8, abs=2)
    service = headline(
        example_home, unit, "investigations_within_3_months_pct", "headline, lowered_by"
    )
    assert service == ("association_improved", "budget_cut")
    assert headline(example_home, unit, "overtime_pct", "headline, reason_code") == (
        "not_interpretable", "budget_cut",
    )  # fmt: skip


def test_no_judged_headline_of_a_unit_that_was_found_cut_stands_clean(example_home: Path) -> None:
    ((judged, clean, flagged),) = published(
        example_home,
        "select count(*), count(*) filter (coalesce(lowered_by, '') not like '%budget_cut%'),"
        " count(*) filter (effects.flag_budget_cut) from mart_headlines as heads"
        " left join mart_effects as effects using (unit_id, metric_id)"
        " where heads.cycle_no = 1 and heads.basis <> 'none' and unit_id in (select scope_id"
        " from mart_pitfalls where signal_id in ('budget_cut', 'fte_cut') and status = 'signal')",
    )
    assert judged > flagged > 0
    assert clean == 0


def test_new_cases_are_compared_and_told_over_the_window_alone(example_home: Path) -> None:
    about = "metric_id = 'sick_cases_per_100'"
    ((compared, months),) = published(
        example_home,
        "select count(*) filter (basis = 'comparison'), (select count(*) from fct_metric_months"
        f" where {about} and level = 'unit' and value is not null)"
        f" from mart_headlines where {about}",
    )
    assert compared >= 20
    assert months == 0
    rows = published(
        example_home,
        "select group_type, kind, first_month_after, last_month_after, n_units, bump"
        f" from mart_effects_pooled where {about}",
    )
    assert [(*row[:4], row[5]) for row in rows] == [("all", "window", 0, 23, None)]


def test_no_unit_is_better_than_expected_where_nothing_was_planted(example_home: Path) -> None:
    improved = published(
        example_home,
        "select unit_id, metric_id from mart_headlines"
        " where basis = 'comparison' and headline like 'improved%'",
    )
    assert improved
    assert set(improved) <= planted_effects(example_home)


def test_hidden_rows_carry_no_figure_and_no_sentence_with_one(example_home: Path) -> None:
    ((hidden, broken),) = published(
        example_home,
        "select count(*), count(*) filter (coalesce(estimate, estimate_lo, estimate_hi, q,"
        " shrunken_estimate, p_better, mde80, anyway, naive_delta, seasonal_delta, value_before,"
        " value_after, n_before, n_after) is not null"
        " or regexp_matches(said.text, '[0-9]'))"
        " from mart_headlines inner join mart_sentences as said"
        " on said.table_name = 'mart_headlines' and said.sentence = 'sentence'"
        " and said.row_key = concat_ws('/', cycle_id, mart_headlines.metric_id)"
        " where headline_group = 'suppressed'",
    )
    assert hidden > 0
    assert broken == 0


def test_every_judged_cycle_and_metric_has_one_headline(example_home: Path) -> None:
    assert published(
        example_home,
        "select count(*), count(*) filter (b.cycle_id is null or h.cycle_id is null)"
        " from mart_headlines as h full join mart_before_after as b using (cycle_id, metric_id)",
    ) == published(example_home, "select count(*), 0 from mart_before_after")


def test_the_overview_counts_every_headline_once_and_says_what_chance_gives(
    example_home: Path,
) -> None:
    kinds = (
        "n_improved + n_association + n_worsened + n_association_worsened + n_changed"
        " + n_association_changed + n_no_change + n_cannot_tell + n_too_little_data"
        " + n_not_interpretable + n_suppressed"
    )
    rows = published(
        example_home,
        f"select mart_overview.scope_type, n_series, {kinds}, n_by_comparison, n_by_chart,"
        " expected_by_chance,"
        " said.text, mart_overview.scope_id from mart_overview inner join mart_sentences as said"
        " on said.table_name = 'mart_overview' and said.language = 'nb'"
        " and said.row_key = concat_ws('/', mart_overview.scope_type, mart_overview.scope_id)",
    )
    assert {row[0] for row in rows} == {
        *("municipality", "shown", "pilots", "wave", "sector", "metric", "unit")
    }
    by_metric = dict(
        published(
            example_home,
            "select metric_id, sum(case when basis = 'chart' then 0.025"
            " when basis <> 'comparison' then 0 when tested_as = 'registered' then 0.025"
            " when effect_verdict in ('improved', 'worsened') then 0.1 else 0 end)"
            " from mart_headlines inner join dim_metrics using (metric_id)"
            " where direction in ('lower', 'higher') and not is_twin group by all",
        )
    )
    for scope, n_series, counted, n_compared, n_charted, expected, sentence, about in rows:
        assert counted == n_series
        if scope == "metric":
            assert expected == pytest.approx(float(by_metric.get(about, 0)))
        assert str(n_compared + n_charted) in sentence or sentence == "Ingen måling er vurdert."
    (whole,) = [row for row in rows if row[0] == "municipality"]
    once = "select count(*) from mart_headlines where not is_twin"
    assert published(example_home, once) == [(whole[1],)]
    # what the pages show is each unit's newest round, by what is no part of another metric, and
    # what a round agreed on beforehand
    (seen,) = [row for row in rows if row[0] == "shown"]
    shown = (
        "select count(*) from mart_headlines inner join dim_metrics using (metric_id)"
        " where not is_twin and cycle_no = (select max(cycle_no) from mart_headlines as newest"
        " where newest.unit_id = mart_headlines.unit_id)"
        " and (case when is_core then split_of is null else is_headline end"
        " or tested_as = 'registered')"
    )
    assert published(example_home, shown) == [(seen[1],)]
    assert 0 < seen[5] <= whole[5]
    # and the units' own rows are the same set, unit by unit: a reader of some units adds those
    units = [row for row in rows if row[0] == "unit"]
    assert sum(row[1] for row in units) == seen[1]
    assert sum(row[5] for row in units) == pytest.approx(seen[5], abs=1e-4)


def test_the_second_gate_looked_at_the_headlines(example_home: Path) -> None:
    checked = warehouse(
        example_home,
        "select distinct table_name from ops.quality_results where gate = 'outbound' and success",
    )
    assert {name for (name,) in checked} >= TABLES


def test_the_result_leads_with_the_headline(example_home: Path) -> None:
    pilots = pukk("result", home=example_home).stdout
    assert "Bedre, sammenlignet" in pilots
    assert "Mest å snakke om" in pilots
    assert "ved ren tilfeldighet" in pilots
    unit = pukk("result", "u0620", home=example_home).stdout
    assert "Kan ikke tolkes: enheten fikk kutt i budsjett eller årsverk" in unit
    assert "andre måltall er ikke vurdert: for lite data, eller skjult." in unit


def test_where_no_unit_has_started_there_are_no_headlines(nhs_home: Path) -> None:
    for table in TABLES:
        assert published(nhs_home, f"select count(*) from {table}", "nhs_england") == [(0,)]
    assert (
        "ikke noe før og etter" in pukk("result", home=nhs_home, municipality="nhs_england").stdout
    )


def test_the_command_counts_the_set_that_the_pages_count(example_home: Path) -> None:
    ((judged, every),) = published(
        example_home,
        "select max(n_by_comparison + n_by_chart) filter (scope_type = 'shown'),"
        " max(n_by_comparison + n_by_chart) filter (scope_type = 'municipality')"
        " from mart_overview",
    )
    assert 0 < judged < every
    said = " ".join(pukk("result", home=example_home).stdout.split())
    assert f"Av {judged} vurderte" in said
    assert "nyeste runde" in said
